/* scenario_result: what came of a scenario, and is it what was expected? See
 * scenario.h. */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/offense.h"
#include "saslban/outage.h"

enum { WORDS = 16 };

struct result *results_add(struct results *r, unsigned line)
{
	if (r->n == RESULTS)
		return NULL;
	r->row[r->n].line = line;
	return &r->row[r->n++];
}

/* ---- what came ---- */

struct reading {
	struct results *out;
	int64_t begin; /* of the scenario, by the clock as it is now */
	bool full;
};

static char *next_row(struct reading *r)
{
	struct result *row = results_add(r->out, 0);

	r->full = row == NULL;
	return row == NULL ? NULL : row->text;
}

static void say_lift(struct reading *r, const char *address, int64_t lifted)
{
	char *text = next_row(r), at[64];

	if (text != NULL)
		snprintf(text, RESULT, "lift %s at %s", address,
			 time_print(lifted - r->begin, at));
}

static int see_offense(void *context, const struct offense *o)
{
	struct reading *r = context;
	char address[ADDRESS_TEXT], at[64], length[64], *text;

	address_print(&o->address, address);
	if (o->lifted != 0)
		say_lift(r, address, o->lifted);
	if (o->ground == GROUND_PERSON)
		return r->full;
	text = next_row(r);
	if (text == NULL)
		return 1;
	snprintf(length, sizeof(length), "forever");
	if (o->until != DURATION_FOREVER)
		time_print(o->until - o->at, length);
	snprintf(text, RESULT,
		 "%s %s at %s for %s strike %u ground %s more %lld",
		 o->observed ? "observed" : "ban", address,
		 time_print(o->at - r->begin, at), length, o->strike,
		 ground_word(o->ground), (long long)o->late);
	return 0;
}

static int see_breach(void *context, const struct breach_row *b)
{
	struct reading *r = context;
	char address[ADDRESS_TEXT], at[64], *text = next_row(r);

	if (text != NULL)
		snprintf(text, RESULT, "breach %s %s at %s kind %s",
			 address_print(&b->host, address), b->user,
			 time_print(b->at - r->begin, at), b->kind);
	return r->full;
}

static int see_outage(void *context, const struct outage_row *o)
{
	struct reading *r = context;
	char since[64], at[64], until[64], *text = next_row(r);

	snprintf(until, sizeof(until), "end");
	if (o->closed != 0)
		time_print(o->closed - r->begin, until);
	if (text != NULL)
		snprintf(text, RESULT, "outage at %s since %s until %s",
			 time_print(o->opened - r->begin, at),
			 time_print(o->since - r->begin, since), until);
	return r->full;
}

/* ---- what is asked for ---- */

struct sum {
	enum verdict_kind verdict;
	unsigned n;
};

static int see_failure(void *context, const struct failure *f)
{
	struct sum *sum = context;

	sum->n += f->verdict == sum->verdict ? f->count : 0;
	return 0;
}

static int see_running(void *context, const struct offense *o)
{
	(void)o;
	*(bool *)context = true;
	return 1;
}

/* `counted 198.51.100.23 2`: failures that are that in the end; and `banned
 * 198.51.100.23`, or `free`. All else is no question. */
static bool answer(struct store *store, int64_t now, const char *asked,
		   struct results *out)
{
	char word[32], text[ADDRESS_TEXT];
	struct address a;
	struct sum sum = {.n = 0};
	bool state, banned = false;
	struct result *row;
	struct offense_query q = {.at = &a, .running = true, .now = now};

	if (sscanf(asked, "%31s %51s", word, text) != 2 ||
	    address_parse(text, strlen(text), &a) < 0)
		return true;
	state = strcmp(word, "banned") == 0 || strcmp(word, "free") == 0;
	if (!state &&
	    (strcmp(word, "ban") == 0 || !verdict_of(word, &sum.verdict)))
		return true;
	row = results_add(out, 0);
	if (row == NULL)
		return false;
	if (!state) {
		snprintf(row->text, RESULT, "%s %s ", word, text);
		if (failure_each(store, &a, 0, see_failure, &sum, NULL) != 0)
			return false;
		snprintf(row->text, RESULT, "%s %s %u", word, text, sum.n);
		return true;
	}
	if (offense_each(store, &q, see_running, &banned, NULL) < 0)
		return false;
	snprintf(row->text, RESULT, "%s %s", banned ? "banned" : "free", text);
	return true;
}

bool results_read(struct store *store, int64_t jail, int64_t at,
		  int64_t shifted, const struct results *expected,
		  struct results *out)
{
	struct reading r = {.out = out, .begin = START + shifted};
	struct offense_query q = {.jail = jail};
	bool fine = true;

	out->n = 0;
	if (offense_each(store, &q, see_offense, &r, NULL) != 0 ||
	    breach_each(store, jail, 0, 0, see_breach, &r, NULL) != 0 ||
	    outage_each(store, jail, 0, see_outage, &r, NULL) != 0)
		return false;
	for (size_t i = 0; i < expected->n && fine; i++)
		fine = answer(store, START + shifted + at,
			      expected->row[i].text, out);
	return fine && !r.full;
}

/* ---- is it what was expected ---- */

struct words {
	char copy[RESULT];
	char *word[WORDS];
	size_t n;
};

static void cut(const char *text, struct words *w)
{
	char *at, *word;

	w->n = 0;
	strcpy(w->copy, text);
	at = w->copy;
	while ((word = strsep(&at, " ")) != NULL && w->n < WORDS)
		if (*word != '\0')
			w->word[w->n++] = word;
}

static bool is_name(const char *word)
{
	static const char *const names[] = {"at",     "for",   "strike",
					    "ground", "since", "until",
					    "kind",   "more"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

static bool same_word(const char *a, const char *b)
{
	int64_t x, y;

	if (time_read(a, &x) && time_read(b, &y))
		return x == y;
	return strcmp(a, b) == 0;
}

static bool is_time(const char *name)
{
	return strcmp(name, "at") == 0 || strcmp(name, "since") == 0 ||
	       strcmp(name, "until") == 0;
}

/* The value of that name is the same. */
static bool has_pair(const struct words *got, const char *name,
		     const char *value)
{
	for (size_t i = 0; i + 1 < got->n; i++)
		if (is_name(got->word[i]) && strcmp(got->word[i], name) == 0)
			return same_word(got->word[i + 1], value);
	return false;
}

/* What is expected says no more than it wants to. */
static bool fits(const char *expected, const char *got, bool timeless)
{
	struct words e, g;
	size_t i;

	cut(expected, &e);
	cut(got, &g);
	for (i = 0; i < e.n && !is_name(e.word[i]); i++)
		if (i >= g.n || strcmp(e.word[i], g.word[i]) != 0)
			return false;
	for (; i + 1 < e.n; i += 2)
		if (!(timeless && is_time(e.word[i])) &&
		    !has_pair(&g, e.word[i], e.word[i + 1]))
			return false;
	return i == e.n;
}

unsigned results_compare(const struct scenario *s, const char *variant,
			 const struct results *expected,
			 const struct results *got, bool timeless)
{
	bool used[RESULTS] = {false};
	unsigned wrong = 0;

	for (size_t i = 0; i < expected->n; i++) {
		const struct result *e = &expected->row[i];
		size_t k = 0;

		while (k < got->n &&
		       (used[k] || !fits(e->text, got->row[k].text, timeless)))
			k++;
		if (k < got->n) {
			used[k] = true;
			continue;
		}
		complain(s, e->line, "%s: expected and did not come: %s",
			 variant, e->text);
		wrong++;
	}
	for (size_t k = 0; k < got->n; k++) {
		if (used[k])
			continue;
		complain(s, s->line, "%s: came: %s", variant, got->row[k].text);
		wrong++;
	}
	return wrong;
}
