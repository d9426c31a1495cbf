/* columns: see columns.h. */
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "stamp.h"

enum { DIGITS = 18 };

/* ---- values ---- */

enum value { ADDRESS, JAIL, STRIKE, GROUND, TIME, COUNT, FLAG, TEXT };

struct heading {
	const char *name;
	enum value value;
	size_t offset; /* in struct offense */
	size_t size;   /* of a text */
};

#define AT(member) offsetof(struct offense, member)
#define SIZE(member) sizeof(((struct offense *)0)->member)

static const struct heading headings[] = {
	{"address", ADDRESS, 0, 0},
	{"ip", ADDRESS, 0, 0},
	{"network", ADDRESS, 0, 0},
	{"jail", JAIL, 0, 0},
	{"strike", STRIKE, 0, 0},
	{"ground", GROUND, 0, 0},
	{"at", TIME, AT(at), 0},
	{"since", TIME, AT(at), 0},
	{"until", TIME, AT(until), 0},
	{"ended", TIME, AT(ended), 0},
	{"lifted", TIME, AT(lifted), 0},
	{"failures", COUNT, AT(failures), 0},
	{"late", COUNT, AT(late), 0},
	{"packets", COUNT, AT(dropped.packets), 0},
	{"bytes", COUNT, AT(dropped.bytes), 0},
	{"observed", FLAG, 0, 0},
	{"why", TEXT, AT(why), SIZE(why)},
	{"reason", TEXT, AT(why), SIZE(why)},
	{"lifted_by", TEXT, AT(lifted_by), SIZE(lifted_by)},
	{"lifted_why", TEXT, AT(lifted_why), SIZE(lifted_why)},
};

enum { HEADINGS = sizeof(headings) / sizeof(headings[0]) };

int columns_heading(const char *name)
{
	for (int i = 0; i < HEADINGS; i++)
		if (strcmp(headings[i].name, name) == 0)
			return i;
	return -1;
}

static bool put_number(const char *text, int64_t most, int64_t *out)
{
	size_t len = strlen(text);

	*out = 0;
	if (len == 0)
		return true;
	if (len > DIGITS || strspn(text, "0123456789") != len)
		return false;
	*out = strtoll(text, NULL, 10);
	return *out <= most;
}

static bool put_time(struct columns_ban *b, const char *text, int64_t *out)
{
	*out = 0;
	if (text[0] == '\0' || strcmp(text, "-") == 0)
		return true;
	switch (stamp_parse(text, out)) {
	case STAMP_GOOD:
		return true;
	case STAMP_ZONELESS:
		b->zoneless = true;
		return true;
	case STAMP_BAD:
		break;
	}
	return false;
}

static bool put_flag(const char *text, bool *out)
{
	*out = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
	return *out || text[0] == '\0' || strcmp(text, "0") == 0 ||
	       strcmp(text, "false") == 0;
}

static bool put(struct columns_ban *b, const struct heading *h,
		const char *text)
{
	struct offense *o = &b->offense;
	void *field = (char *)o + h->offset;
	int64_t n;

	switch (h->value) {
	case ADDRESS:
		return address_parse(text, strlen(text), &o->address) == 0;
	case JAIL:
		snprintf(b->jail, sizeof(b->jail), "%s", text);
		return true;
	case STRIKE:
		if (!put_number(text, STORE_STRIKES, &n))
			return false;
		o->strike = (unsigned)n;
		return true;
	case GROUND:
		b->literal = true;
		return ground_of(text, &o->ground);
	case TIME:
		return put_time(b, text, field);
	case COUNT:
		return put_number(text, INT64_MAX / 4, field);
	case FLAG:
		return put_flag(text, &o->observed);
	case TEXT:
		snprintf(field, h->size, "%s", text);
		return true;
	}
	return false;
}

bool columns_put(struct columns_ban *b, int heading, const char *text)
{
	return put(b, &headings[heading], text);
}

const char *columns_trouble(int heading)
{
	switch (headings[heading].value) {
	case ADDRESS:
		return "not an address";
	case TIME:
		return "not a time, as 2026-11-20T14:30:05Z";
	default:
		return "a cell that cannot be";
	}
}

bool columns_is_text(int heading)
{
	enum value value = headings[heading].value;

	return value == TEXT || value == JAIL;
}

/* What has to be so of the whole. */
enum columns columns_check(struct columns_ban *b, const char **why)
{
	struct offense *o = &b->offense;

	*why = NULL;
	b->begun = o->at != 0;
	if (o->address.family == ADDRESS_NONE)
		*why = "it has no address";
	else if (o->at == DURATION_FOREVER || o->ended == DURATION_FOREVER ||
		 o->lifted == DURATION_FOREVER)
		*why = "a time that never comes";
	else if (b->begun && o->until == 0)
		*why = "it began, and has no end: until is missing";
	else if (b->begun && o->until < o->at)
		*why = "it ends before it began";
	else if (!b->begun && (o->ended != 0 || o->lifted != 0))
		*why = "it is over, and did not begin: at is missing";
	return *why == NULL ? COLUMNS_BAN : COLUMNS_BAD;
}

void columns_clear(struct columns_ban *b)
{
	memset(b, 0, sizeof(*b));
	b->offense.ground = GROUND_PERSON;
}

/* ---- a list ---- */

struct slice columns_trim(struct slice s)
{
	while (s.len > 0 && strchr(" \t\r", s.at[s.len - 1]) != NULL &&
	       s.at[s.len - 1] != '\0')
		s.len--;
	while (s.len > 0 && (*s.at == ' ' || *s.at == '\t')) {
		s.at++;
		s.len--;
	}
	return s;
}

enum columns columns_list(struct slice line, struct columns_ban *out,
			  const char **why)
{
	struct slice word = columns_trim(line);
	size_t n = 0;

	columns_clear(out);
	if (word.len == 0 || *word.at == '#' || *word.at == ';')
		return COLUMNS_NOTHING;
	while (n < word.len &&
	       (word.at[n] == '\0' || strchr(" \t#;,", word.at[n]) == NULL))
		n++;
	if (address_parse(word.at, n, &out->offense.address) == 0)
		return COLUMNS_BAN;
	*why = "not an address";
	return COLUMNS_BAD;
}

/* ---- saslfail's history ---- */

/* How long its bans are, by their strike. */
static const int64_t lengths[] = {0, 172800, 691200, 2764800};

/* The cells of a line; how many. Those that are too long are cut. */
static size_t split(struct slice line, char cell[][COLUMNS_CELL], size_t most)
{
	size_t n = 0;

	for (;;) {
		const char *end = memchr(line.at, '|', line.len);
		size_t len = end == NULL ? line.len : (size_t)(end - line.at);

		if (n == most)
			return most + 1;
		snprintf(cell[n++], COLUMNS_CELL, "%.*s", (int)len, line.at);
		if (end == NULL)
			return n;
		line.at += len + 1;
		line.len -= len + 1;
	}
}

static enum columns read_saslfail(char cell[][COLUMNS_CELL],
				  struct columns_ban *out, const char **why)
{
	struct offense *o = &out->offense;

	o->ground = GROUND_COUNT;
	snprintf(out->jail, sizeof(out->jail), "%s", cell[2]);
	snprintf(o->why, sizeof(o->why), "saslfail: jail %.100s", cell[2]);
	*why = "not a time, as 2026-11-20 14:30:05";
	if (!put_time(out, cell[0], &o->at) || o->at == 0 ||
	    o->at == DURATION_FOREVER)
		return COLUMNS_BAD;
	*why = "not an address";
	if (address_parse(cell[1], strlen(cell[1]), &o->address) < 0)
		return COLUMNS_BAD;
	*why = "not a strike: 1 to 3";
	if (strlen(cell[4]) != 1 || cell[4][0] < '1' || cell[4][0] > '3')
		return COLUMNS_BAD;
	o->strike = (unsigned)(cell[4][0] - '0');
	o->until = o->at + lengths[o->strike];
	return columns_check(out, why);
}

enum columns columns_saslfail(struct slice line, struct columns_ban *out,
			      const char **why)
{
	char cell[6][COLUMNS_CELL];
	struct slice bare = columns_trim(line);
	size_t n;

	columns_clear(out);
	if (bare.len == 0 || *bare.at == '#')
		return COLUMNS_NOTHING;
	n = split(bare, cell, 6);
	*why = "not 6 fields between |";
	if (n != 5 && n != 6)
		return COLUMNS_BAD;
	if (strcmp(cell[0], "timestamp") == 0)
		return COLUMNS_NOTHING;
	if (strcmp(cell[3], "restore-ban") == 0 ||
	    strcmp(cell[3], "restore-unban") == 0)
		return COLUMNS_RESTORE;
	if (strcmp(cell[3], "unban") == 0)
		return COLUMNS_END;
	*why = "neither ban, unban, restore-ban nor restore-unban";
	if (strcmp(cell[3], "ban") != 0)
		return COLUMNS_BAD;
	return read_saslfail(cell, out, why);
}
