/* settings_geoip: the files that say where an address is. */
#include "settings_kind.h"

#include <stdio.h>
#include <string.h>

/* Whether there is such a file is for who reads it to find out. */
static bool is_file(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
	return text[0] == '/' && text[strlen(text) - 1] != '/';
}

static int put(struct settings *s, const struct settings_row *row,
	       const char *text)
{
	size_t len = strlen(text);

	if (len == 0) /* geoip="": none */
		return 0;
	if (!is_file(text) || len >= SETTINGS_ITEM ||
	    s->geoips == (size_t)row->max)
		return -1;
	memcpy(s->geoip[s->geoips++], text, len + 1);
	return 0;
}

static int get(const struct settings *s, const struct settings_row *row,
	       size_t entry, char *buf, size_t size)
{
	(void)row;
	if (entry >= s->geoips)
		return -1;
	snprintf(buf, size, "%s", s->geoip[entry]);
	return 0;
}

static void clear(struct settings *s)
{
	s->geoips = 0;
}

const struct settings_kind settings_geoip = {put, get, clear};
