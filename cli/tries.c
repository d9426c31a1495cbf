/* tries: see tries.h. */
#include "tries.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "table.h"

/* What is true of a failure today: its verdict, or what has become of one that
 * counted. */
enum standing { PAID = VERDICT_KINDS, PAST, STANDINGS };

struct note {
	const char *word;
	const char *text;
};

static const struct note notes[STANDINGS] = {
	[VERDICT_COUNT] = {"counted", "it counts"},
	[VERDICT_BAN] = {"counted", "it counts"},
	[VERDICT_LATE] = {"late", "a ban ran at that time: for the record"},
	[VERDICT_OLD] = {"old", "it was told of too late: for the record"},
	[VERDICT_ECHO] = {"echo", "another line had told of this attempt"},
	[VERDICT_REPEAT] = {"repeat", "the same wrong password again, as a "
				      "program tries it"},
	[VERDICT_OUTAGE] = {"outage", "nobody could log in at that time"},
	[VERDICT_DOUBT] = {"doubtful", "it may have been our own trouble"},
	[VERDICT_GRACE] =
		{"grace",
		 "it counts, and brings a ban a little later unless the "
		 "user logs in from there"},
	[VERDICT_FORGIVEN] = {"forgiven", "the user has logged in from there "
					  "since"},
	[PAID] = {"paid", "it counted, and there was a ban since"},
	[PAST] = {"past", "it counted, and is too long ago by now"},
};

void tries_begin(struct tries *t, int64_t counting, bool paid)
{
	memset(t, 0, sizeof(*t));
	t->counting = counting;
	t->paid = paid;
}

/* It did when it came, and nothing has excused it. */
static bool counted(const struct failure *f)
{
	return f->verdict == VERDICT_COUNT || f->verdict == VERDICT_GRACE;
}

static bool counts(const struct tries *t, const struct failure *f)
{
	return counted(f) && f->at >= t->counting;
}

static int standing(const struct tries *t, const struct failure *f)
{
	if (!counted(f) || f->at >= t->counting)
		return (int)f->verdict;
	return t->paid ? (int)PAID : (int)PAST;
}

static void note_user(struct tries *t, const char *user)
{
	for (size_t i = 0; i < t->users; i++)
		if (strcmp(t->user[i], user) == 0)
			return;
	if (t->users < TRIES_USERS && user[0] != '\0')
		snprintf(t->user[t->users++], sizeof(t->user[0]), "%s", user);
}

void tries_add(struct tries *t, const struct failure *f)
{
	struct failure *place = &t->row[0];

	t->n++;
	if (counts(t, f) && (t->oldest == 0 || f->at < t->oldest))
		t->oldest = f->at;
	note_user(t, f->user);
	if (t->rows < TRIES_SHOWN) {
		t->row[t->rows++] = *f;
		return;
	}
	for (size_t i = 1; i < t->rows; i++)
		if (t->row[i].at < place->at)
			place = &t->row[i];
	if (f->at > place->at)
		*place = *f;
}

/* The latest first. */
static int compare(const void *a, const void *b)
{
	const struct failure *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

static void sort(struct tries *t)
{
	qsort(t->row, t->rows, sizeof(t->row[0]), compare);
}

/* ---- for people ---- */

static const struct column of_many[] = {
	{.heading = "TIME", .kind = COLUMN_TIME},
	{.heading = "HOST"},
	{.heading = "USER", .min = 10},
	{.heading = "SERVICE", .min = 8, .spare = 1},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 2},
	{.heading = "VERDICT"},
	{.heading = NULL},
};

static const struct column of_host[] = {
	{.heading = "TIME", .kind = COLUMN_TIME},
	{.heading = "USER", .min = 10},
	{.heading = "SERVICE", .min = 8, .spare = 1},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 2},
	{.heading = "VERDICT"},
	{.heading = NULL},
};

static const struct column of_user[] = {
	{.heading = "TIME", .kind = COLUMN_TIME},
	{.heading = "HOST"},
	{.heading = "SERVICE", .min = 8, .spare = 1},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 2},
	{.heading = "VERDICT"},
	{.heading = NULL},
};

static const struct column *const columns[] = {
	[TRIES_OF_MANY] = of_many,
	[TRIES_OF_HOST] = of_host,
	[TRIES_OF_USER] = of_user,
};

static void fill(const struct tries *t, struct table *table, enum tries_of of)
{
	char at[OUTPUT_TIME], host[ADDRESS_TEXT];

	for (size_t i = 0; i < t->rows; i++) {
		const struct failure *f = &t->row[i];
		enum style style = counts(t, f) ? PLAIN : FAINT;

		table_cell(table, style, "%s", output_time(f->at, at));
		if (of != TRIES_OF_HOST)
			table_cell(table, style, "%s",
				   address_print(&f->host, host));
		if (of != TRIES_OF_USER)
			table_cell(table, style, "%s", f->user);
		table_cell(table, style, "%s", f->service);
		table_cell(table, style, "%u", f->count);
		table_cell(table, style, "%s", notes[standing(t, f)].word);
	}
}

/* What the words mean; the first one goes without saying. */
static void print_notes(const struct tries *t, const struct output *o)
{
	bool seen[STANDINGS] = {false};
	char word[16];
	struct flow f;

	for (size_t i = 0; i < t->rows; i++)
		seen[standing(t, &t->row[i])] = true;
	for (int i = VERDICT_LATE; i < STANDINGS; i++) {
		if (!seen[i])
			continue;
		snprintf(word, sizeof(word), "%-9s ", notes[i].word);
		flow_begin(&f, o, 4, word);
		flow_put(&f, FAINT, "%s", notes[i].text);
		flow_end(&f);
	}
}

bool tries_are_of(const struct tries *t, const struct address *host)
{
	for (size_t i = 0; i < t->rows; i++)
		if (!address_equal(&t->row[i].host, host))
			return false;
	return true;
}

int tries_print(struct tries *t, const struct output *o, enum tries_of of)
{
	struct table *table;
	int result;

	if (t->n == 0)
		return 0;
	sort(t);
	fputs("    failures", o->file);
	if (t->n > t->rows)
		fprintf(o->file, ", the latest %zu of %zu", t->rows, t->n);
	fputc('\n', o->file);
	table = table_open(columns[of], o);
	fill(t, table, of);
	result = table_print(table, 6, true);
	table_close(table);
	print_notes(t, o);
	return result;
}

/* ---- for programs ---- */

void tries_json(struct tries *t, struct json *j, const char *key)
{
	char host[ADDRESS_TEXT];

	sort(t);
	json_array(j, key);
	for (size_t i = 0; i < t->rows; i++) {
		const struct failure *f = &t->row[i];

		json_object(j, NULL);
		json_number(j, "at", f->at);
		json_text(j, "host", address_print(&f->host, host));
		json_text(j, "user", f->user);
		json_text(j, "service", f->service);
		json_number(j, "count", f->count);
		json_text(j, "verdict", notes[standing(t, f)].word);
		json_end(j);
	}
	json_end(j);
}
