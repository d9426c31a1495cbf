/*
 * total: see saslban/total.h.
 *
 * A batch of a thousand failures has few verdicts and services. So they are
 * added up here and written once for each, in the transaction of what they
 * count.
 */
#include "total.h"

#include <string.h>

#include "connection.h"
#include "query.h"
#include "saslban/enforcer.h"
#include "saslban/policy.h"
#include "saslban/total.h"
#include "sql.h"

static const char *const kinds[] = {
	[TOTAL_FAILURES] = "failures",
	[TOTAL_SERVICES] = "services",
	[TOTAL_BANS] = "bans",
	[TOTAL_OBSERVED] = "observed",
	[TOTAL_LIFTED] = "lifted",
	[TOTAL_EXPIRED] = "expired",
	[TOTAL_BREACHES] = "breaches",
	[TOTAL_OUTAGES] = "outages",
	[TOTAL_PACKETS] = "packets",
	[TOTAL_BYTES] = "bytes",
	[TOTAL_LOGINS] = "logins",
	[TOTAL_TROUBLE] = "trouble",
	[TOTAL_LOST_FAILURES] = "lost_failures",
	[TOTAL_LOST_OTHERS] = "lost_others",
	[TOTAL_REFUSED] = "refused",
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == TOTALS, "a word for each");
_Static_assert(TOTAL_WORDS == 100, "as in add_query");

/* clang-format off */

#define SQL_SUCH "SELECT 1 FROM total WHERE jail = ?1 AND name = ?2"

static const struct query add_query = {
	"add to a total in", true,
	"INSERT INTO total (jail, name, word, strike, value) VALUES (?1, ?2,"
	" iif(EXISTS (" SQL_SUCH " AND word = ?3 AND strike = ?4)"
	"  OR (SELECT count(*) FROM (" SQL_SUCH ")) < 100, ?3, ?6), ?4, ?5)"
	" ON CONFLICT (jail, name, word, strike) DO UPDATE SET"
	"  value = " SQL_COUNT("value") " + ?5"};

static const struct query each_query = {
	"read the totals in", false,
	"SELECT jail, name, word, strike, value FROM total ORDER BY jail,"
	" name, word, strike"};

/* clang-format on */

/* ---- counting ---- */

static int write_one(struct store *s, const struct total *t, struct fault *why)
{
	return query_run(s, &add_query, why,
			 VALUES(INT(t->jail), TEXT(kinds[t->kind]),
				TEXT(t->word), INT(t->strike), INT(t->value),
				TEXT(TOTAL_OTHER)));
}

int total_write(struct store *s, struct fault *why)
{
	struct counted *c = &s->counted;

	for (size_t i = 0; i < c->n; i++)
		if (write_one(s, &c->row[i], why) < 0)
			return -1;
	c->n = 0;
	return 0;
}

void total_commit(struct store *s)
{
	struct counted *c = &s->counted;

	for (int i = 0; i < TOTALS; i++)
		c->committed[i] += c->open[i];
	total_forget(s);
}

void total_forget(struct store *s)
{
	memset(s->counted.open, 0, sizeof(s->counted.open));
	s->counted.n = 0;
}

static bool is_same(const struct total *t, int64_t jail, enum total_kind kind,
		    const char *word, unsigned strike)
{
	return t->kind == kind && t->jail == jail && t->strike == strike &&
	       strncmp(t->word, word, sizeof(t->word) - 1) == 0;
}

int total_add(struct store *s, int64_t jail, enum total_kind kind,
	      const char *word, unsigned strike, uint64_t n, struct fault *why)
{
	struct counted *c = &s->counted;
	unsigned shown = strike < TOTAL_STRIKE ? strike : TOTAL_STRIKE;
	int64_t more = n < COLUMN_COUNT / 2 ? (int64_t)n : COLUMN_COUNT / 2;
	size_t i = 0;

	while (i < c->n && !is_same(&c->row[i], jail, kind, word, shown))
		i++;
	if (i == COUNTED_ROWS) {
		if (total_write(s, why) < 0)
			return -1;
		i = 0;
	}
	if (i == c->n) {
		c->row[i] = (struct total){
			.jail = jail, .kind = kind, .strike = shown};
		memccpy(c->row[i].word, word, '\0', SIGHTING_WORD - 1);
		c->n++;
	}
	if (c->row[i].value < COLUMN_COUNT / 2)
		c->row[i].value += more;
	c->open[kind] += (uint64_t)more;
	return 0;
}

uint64_t total_committed(const struct store *s, enum total_kind kind)
{
	return s->counted.committed[kind];
}

/* ---- the first row ---- */

enum { STRIKES = 3 }; /* that have a row before the first ban */

static int begin_bans(struct store *s, int64_t jail, enum total_kind kind,
		      struct fault *why)
{
	for (int i = 0; i < GROUNDS; i++)
		for (unsigned strike = 1; strike <= STRIKES; strike++)
			if (total_add(s, jail, kind,
				      ground_word((enum ground)i), strike, 0,
				      why) < 0)
				return -1;
	return 0;
}

static int begin_words(struct store *s, int64_t jail, struct fault *why)
{
	for (int i = 0; i < VERDICT_KINDS; i++)
		if (i != VERDICT_BAN && i != VERDICT_FORGIVEN &&
		    total_add(s, jail, TOTAL_FAILURES,
			      verdict_word((enum verdict_kind)i), 0, 0,
			      why) < 0)
			return -1;
	for (int i = BREACH_NONE + 1; i < BREACHES; i++)
		if (total_add(s, jail, TOTAL_BREACHES,
			      breach_word((enum breach)i), 0, 0, why) < 0)
			return -1;
	return 0;
}

static int begin_sets(struct store *s, const char *set, struct fault *why)
{
	char name[ENFORCER_NAME];

	for (int i = 0; i < ENFORCER_SETS; i++) {
		enforcer_set_name(set, (enum enforcer_set)i, name);
		if (total_add(s, 0, TOTAL_PACKETS, name, 0, 0, why) < 0 ||
		    total_add(s, 0, TOTAL_BYTES, name, 0, 0, why) < 0)
			return -1;
	}
	return 0;
}

int total_begin(struct store *s, int64_t jail, const char *set,
		struct fault *why)
{
	static const enum total_kind single[] = {
		TOTAL_LIFTED,      TOTAL_EXPIRED, TOTAL_OUTAGES,
		TOTAL_LOGINS,      TOTAL_TROUBLE, TOTAL_LOST_FAILURES,
		TOTAL_LOST_OTHERS, TOTAL_REFUSED};

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (total_add(s, jail, single[i], "", 0, 0, why) < 0)
			return -1;
	if (begin_words(s, jail, why) < 0 ||
	    begin_bans(s, jail, set == NULL ? TOTAL_OBSERVED : TOTAL_BANS,
		       why) < 0)
		return -1;
	return set == NULL ? 0 : begin_sets(s, set, why);
}

/* ---- reading ---- */

/* False when it is none of ours. */
static bool read_total(struct statement *st, struct total *t)
{
	const char *name = column_borrow(st, 1);
	int kind = 0;

	while (kind < TOTALS &&
	       (name == NULL || strcmp(name, kinds[kind]) != 0))
		kind++;
	if (kind == TOTALS)
		return false;
	t->jail = column_int(st, 0);
	t->kind = (enum total_kind)kind;
	column_text(st, 2, t->word, sizeof(t->word));
	t->strike = column_strike(st, 3);
	t->value = column_count(st, 4);
	return true;
}

int total_each(struct store *s,
	       int (*see)(void *context, const struct total *t), void *context,
	       struct fault *why)
{
	struct statement *st = query_begin(s, &each_query, why, NO_VALUES);
	struct total t;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0)
		if (read_total(st, &t) && (answer = see(context, &t)) != 0)
			break;
	query_end(st);
	return answer;
}
