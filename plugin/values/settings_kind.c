/* settings_kind: see settings_kind.h. */
#include "settings_kind.h"

#include <stdio.h>
#include <string.h>

#include "saslban/address.h"
#include "saslban/duration.h"

static void *field(struct settings *s, const struct settings_row *row)
{
	return (char *)s + row->offset;
}

static const void *const_field(const struct settings *s,
			       const struct settings_row *row)
{
	return (const char *)s + row->offset;
}

/* ---- text: names, paths ---- */

static int put_text(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	size_t len = strlen(text);

	if (len < (size_t)row->min || len > (size_t)row->max)
		return -1;
	memcpy(field(s, row), text, len + 1);
	return 0;
}

static int get_text(const struct settings *s, const struct settings_row *row,
		    size_t entry, char *buf, size_t size)
{
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s", (const char *)const_field(s, row));
	return 0;
}

static int is_name(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz"
				 "0123456789_.:-")] == '\0';
}

static int put_name(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	return is_name(text) ? put_text(s, row, text) : -1;
}

static int is_path(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			return 0;
	return text[0] == '/';
}

/* What ends with a slash is a directory. */
static bool is_file(const char *text)
{
	return is_path(text) && text[strlen(text) - 1] != '/';
}

static int put_path(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	return is_file(text) ? put_text(s, row, text) : -1;
}

/* rsyslogd takes nearly anything; what is no text is a slip. */
static int put_ruleset(struct settings *s, const struct settings_row *row,
		       const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return -1;
	return put_text(s, row, text);
}

const struct settings_kind settings_name = {put_name, get_text, NULL};
const struct settings_kind settings_set_name = {put_name, get_text, NULL};
const struct settings_kind settings_path = {put_path, get_text, NULL};
const struct settings_kind settings_ruleset = {put_ruleset, get_text, NULL};

/* ---- switches, numbers, durations ---- */

static int put_switch(struct settings *s, const struct settings_row *row,
		      const char *text)
{
	bool *value = field(s, row);

	if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
		return -1;
	*value = strcmp(text, "on") == 0;
	return 0;
}

static int get_switch(const struct settings *s, const struct settings_row *row,
		      size_t entry, char *buf, size_t size)
{
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s",
		 *(const bool *)const_field(s, row) ? "on" : "off");
	return 0;
}

static int put_number(struct settings *s, const struct settings_row *row,
		      const char *text)
{
	int64_t n = 0;

	if (text[0] == '\0' || strlen(text) > 9 ||
	    text[strspn(text, "0123456789")] != '\0')
		return -1;
	for (const char *c = text; *c != '\0'; c++)
		n = n * 10 + (*c - '0');
	if (n < row->min || n > row->max)
		return -1;
	*(unsigned *)field(s, row) = (unsigned)n;
	return 0;
}

static int get_number(const struct settings *s, const struct settings_row *row,
		      size_t entry, char *buf, size_t size)
{
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%u", *(const unsigned *)const_field(s, row));
	return 0;
}

static int put_duration(struct settings *s, const struct settings_row *row,
			const char *text)
{
	int64_t duration;

	if (duration_parse(text, strlen(text), &duration) < 0 ||
	    duration < row->min || duration > row->max)
		return -1;
	*(int64_t *)field(s, row) = duration;
	return 0;
}

static int get_duration(const struct settings *s,
			const struct settings_row *row, size_t entry, char *buf,
			size_t size)
{
	char text[DURATION_TEXT];

	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s",
		 duration_print(*(const int64_t *)const_field(s, row), text));
	return 0;
}

const struct settings_kind settings_switch = {put_switch, get_switch, NULL};
const struct settings_kind settings_number = {put_number, get_number, NULL};
const struct settings_kind settings_duration = {put_duration, get_duration,
						NULL};

/* ---- lists ---- */

/* One more text in a table of them. */
static int append(char (*table)[SETTINGS_ITEM], size_t *used,
		  const struct settings_row *row, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len >= SETTINGS_ITEM || *used == (size_t)row->max)
		return -1;
	memcpy(table[(*used)++], text, len + 1);
	return 0;
}

static int entry_of(const char (*table)[SETTINGS_ITEM], size_t used,
		    size_t entry, char *buf, size_t size)
{
	if (entry >= used)
		return -1;
	snprintf(buf, size, "%s", table[entry]);
	return 0;
}

/* What is inside the brackets and whether the name exists is for the filter
 * loader; here only what cannot be a filter at all. */
static int put_filter(struct settings *s, const struct settings_row *row,
		      const char *text)
{
	if (text[0] == '[' || text[strcspn(text, "\n\r")] != '\0')
		return -1;
	return append(s->filter, &s->filters, row, text);
}

static int get_filter(const struct settings *s, const struct settings_row *row,
		      size_t entry, char *buf, size_t size)
{
	(void)row;
	return entry_of(s->filter, s->filters, entry, buf, size);
}

static void clear_filter(struct settings *s)
{
	s->filters = 0;
}

static int put_dir(struct settings *s, const struct settings_row *row,
		   const char *text)
{
	return is_path(text) ? append(s->dir, &s->dirs, row, text) : -1;
}

static int get_dir(const struct settings *s, const struct settings_row *row,
		   size_t entry, char *buf, size_t size)
{
	(void)row;
	return entry_of(s->dir, s->dirs, entry, buf, size);
}

static void clear_dir(struct settings *s)
{
	s->dirs = 0;
}

static int put_ladder(struct settings *s, const struct settings_row *row,
		      const char *text)
{
	int64_t duration;

	if (duration_parse(text, strlen(text), &duration) < 0 || duration < 1 ||
	    s->policy.steps == (size_t)row->max)
		return -1;
	s->policy.ladder[s->policy.steps++] = duration;
	return 0;
}

static int get_ladder(const struct settings *s, const struct settings_row *row,
		      size_t entry, char *buf, size_t size)
{
	char text[DURATION_TEXT];

	(void)row;
	if (entry >= s->policy.steps)
		return -1;
	snprintf(buf, size, "%s",
		 duration_print(s->policy.ladder[entry], text));
	return 0;
}

static void clear_ladder(struct settings *s)
{
	s->policy.steps = 0;
}

/* RFC 1123, 2.1, plus the underscore that people use. A name whose last label
 * is all digits would be a mistyped address, and is no name (RFC 3696, 2). */
bool settings_is_host_name(const char *text)
{
	const char *last = text;
	size_t label = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '.') {
			if (label == 0)
				return false;
			label = 0;
			if (c[1] != '\0')
				last = c + 1;
			continue;
		}
		if (strchr("-_", *c) == NULL && !(*c >= '0' && *c <= '9') &&
		    !(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z'))
			return false;
		if (++label > 63)
			return false;
	}
	return text[0] != '\0' && strlen(text) < 254 &&
	       last[strspn(last, "0123456789.")] != '\0';
}

const char *settings_ignored_file(const char *entry)
{
	size_t len = strlen(SETTINGS_FILE);

	return strncmp(entry, SETTINGS_FILE, len) == 0 ? entry + len : NULL;
}

static bool is_ignored(const char *text)
{
	const char *path = settings_ignored_file(text);
	struct address a;

	if (path != NULL)
		return is_file(path);
	return strcmp(text, "self") == 0 ||
	       address_parse(text, strlen(text), &a) == 0 ||
	       settings_is_host_name(text);
}

static int put_ignored(struct settings *s, const struct settings_row *row,
		       const char *text)
{
	if (text[0] == '\0') /* ignoreip="": nobody, not even ourselves */
		return 0;
	if (!is_ignored(text))
		return -1;
	return append(s->ignored, &s->ignoreds, row, text);
}

static int get_ignored(const struct settings *s, const struct settings_row *row,
		       size_t entry, char *buf, size_t size)
{
	(void)row;
	if (s->ignoreds == 0 && entry == 0) {
		buf[0] = '\0';
		return 0;
	}
	return entry_of(s->ignored, s->ignoreds, entry, buf, size);
}

static void clear_ignored(struct settings *s)
{
	s->ignoreds = 0;
}

static int put_trap(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	if (text[0] == '\0')
		return 0;
	if (strlen(text) > 127)
		return -1;
	return append(s->trap, &s->traps, row, text);
}

static int get_trap(const struct settings *s, const struct settings_row *row,
		    size_t entry, char *buf, size_t size)
{
	(void)row;
	return entry_of(s->trap, s->traps, entry, buf, size);
}

static void clear_trap(struct settings *s)
{
	s->traps = 0;
}

static int put_breach(struct settings *s, const struct settings_row *row,
		      const char *text)
{
	bool ban = strcmp(text, "ban") == 0;

	if (!ban && strcmp(text, "report") != 0)
		return -1;
	memcpy((char *)s + row->offset, &ban, sizeof(ban));
	return 0;
}

static int get_breach(const struct settings *s, const struct settings_row *row,
		      size_t entry, char *buf, size_t size)
{
	bool ban;

	if (entry > 0)
		return -1;
	memcpy(&ban, (const char *)s + row->offset, sizeof(ban));
	snprintf(buf, size, "%s", ban ? "ban" : "report");
	return 0;
}

const struct settings_kind settings_trap = {put_trap, get_trap, clear_trap};
const struct settings_kind settings_breach = {put_breach, get_breach, NULL};
const struct settings_kind settings_filter = {put_filter, get_filter,
					      clear_filter};
const struct settings_kind settings_dir = {put_dir, get_dir, clear_dir};
const struct settings_kind settings_ladder = {put_ladder, get_ladder,
					      clear_ladder};
const struct settings_kind settings_ignored = {put_ignored, get_ignored,
					       clear_ignored};
