/* settings_origin: the lists of who may write a line that counts. */
#include "settings_kind.h"

#include <stdio.h>
#include <string.h>

#include "saslban/address.h"

#define WORD                         \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789_.-"

static int put(struct settings *s, const struct settings_row *row,
	       const char *text)
{
	struct settings_list *list = (void *)((char *)s + row->offset);
	size_t len = strlen(text);

	if (len == 0 || len >= SETTINGS_ITEM ||
	    list->entries == (size_t)row->max)
		return -1;
	memcpy(list->entry[list->entries++], text, len + 1);
	return 0;
}

static int get(const struct settings *s, const struct settings_row *row,
	       size_t entry, char *buf, size_t size)
{
	const struct settings_list *list =
		(const void *)((const char *)s + row->offset);

	if (entry >= list->entries)
		return -1;
	snprintf(buf, size, "%s", list->entry[entry]);
	return 0;
}

/* 4294967295 is nobody's number: for chown(2) it is none. */
static int is_number(const char *text)
{
	uint64_t n = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			return 0;
		n = n * 10 + (uint64_t)(*c - '0');
		if (n >= UINT32_MAX)
			return 0;
	}
	return 1;
}

/* Whether there is such a user is for the adapter to find out. */
static int put_uid(struct settings *s, const struct settings_row *row,
		   const char *text)
{
	bool number = text[0] >= '0' && text[0] <= '9';

	if (number ? !is_number(text)
		   : text[0] == '-' || text[strspn(text, WORD)] != '\0')
		return -1;
	return put(s, row, text);
}

/* With its suffix, which is part of the name. */
static int put_unit(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	const char *dot = strrchr(text, '.');

	if (dot == NULL || dot == text || dot[1] == '\0' ||
	    text[strspn(text, WORD ":@\\")] != '\0')
		return -1;
	return put(s, row, text);
}

static int put_from(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	struct address a;

	if (address_parse(text, strlen(text), &a) < 0)
		return -1;
	return put(s, row, text);
}

static void clear_uid(struct settings *s)
{
	s->origin_uid.entries = 0;
}

static void clear_unit(struct settings *s)
{
	s->origin_unit.entries = 0;
}

static void clear_from(struct settings *s)
{
	s->origin_from.entries = 0;
}

const struct settings_kind settings_uid = {put_uid, get, clear_uid};
const struct settings_kind settings_unit = {put_unit, get, clear_unit};
const struct settings_kind settings_from = {put_from, get, clear_from};
