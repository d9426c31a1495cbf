/*
 * forget: see saslban/forget.h.
 *
 * Not every question that can be put here has an index, and each that had one
 * would make every failure dearer. So the tables are gone through by their ids,
 * a window at a time: nobody waits for longer than that.
 */
#include "saslban/forget.h"

#include <stdio.h>
#include <string.h>

#include "connection.h"
#include "query.h"
#include "saslban/breach.h"
#include "saslban/plain.h"
#include "saslban/policy.h"

enum { WINDOW = 20000, LOGINS = 2000, PICKED = 200 };

/* ?1 and ?2 are the window, ?3 the end of the time, ?4 to ?5 an address if ?6,
 * and ?7 a user if ?8. */
#define SQL_WINDOW " WHERE id > ?1 AND id <= ?2"
#define SQL_WHO " AND (NOT ?6 OR lo BETWEEN ?4 AND ?5)"
#define SQL_FAILURE                                       \
	" FROM failure" SQL_WINDOW " AND at < ?3" SQL_WHO \
	" AND (NOT ?8 OR user = ?7)"
#define SQL_OFFENSE                                                    \
	" FROM offense" SQL_WINDOW " AND coalesce(lifted, ended) < ?3" \
	" AND (NOT ?6 OR (lo >= ?4 AND hi <= ?5)) AND NOT ?8"

static const struct query count_failures_query = {
	"count failures in", false, "SELECT count(*)" SQL_FAILURE};
static const struct query failures_query = {"forget failures in", true,
					    "DELETE" SQL_FAILURE};
static const struct query count_bans_query = {"count bans in", false,
					      "SELECT count(*)" SQL_OFFENSE};
static const struct query bans_query = {"forget bans in", true,
					"DELETE" SQL_OFFENSE};

static const struct query count_names_query = {
	"look for a name in", false,
	"SELECT count(*) FROM offense" SQL_WINDOW
	" AND ?8 AND at < ?3 AND instr(why, ?7) > 0"};
static const struct query names_query = {
	"forget a name in", true,
	"UPDATE offense SET why = ''" SQL_WINDOW
	" AND ?8 AND at < ?3 AND instr(why, ?7) > 0"};

static const struct query last_failure_query = {
	"read the last failure in", false, "SELECT max(id) FROM failure"};
static const struct query last_offense_query = {"read the last ban in", false,
						"SELECT max(id) FROM offense"};

#define SQL_LOGIN                                                          \
	" FROM login WHERE last < ?1 AND (NOT ?4 OR lo BETWEEN ?2 AND ?3)" \
	" AND (NOT ?6 OR user = ?5)"

static const struct query count_logins_query = {"count logins in", false,
						"SELECT count(*)" SQL_LOGIN};
static const struct query logins_query = {
	"forget logins in", true,
	"DELETE FROM login WHERE (address, user) IN"
	" (SELECT address, user" SQL_LOGIN " LIMIT ?7)"};

static const struct query breach_query = {"forget a breach in", true,
					  "DELETE FROM breach WHERE id = ?1"};

#define SQL_OUTAGE " WHERE ?1 AND since < ?2 AND login = ?3"

static const struct query count_outages_query = {
	"look for a name in", false, "SELECT count(*) FROM outage" SQL_OUTAGE};
static const struct query outages_query = {
	"forget a name in", true, "UPDATE outage SET login = ''" SQL_OUTAGE};

static const struct address everything = {.family = ADDRESS_V4};

static const struct address *at_of(const struct forget *f)
{
	return f->at == NULL ? &everything : f->at;
}

/* Counts, or removes and counts. */
static int run(const struct forget *f, struct store *s,
	       const struct query *count, const struct query *remove,
	       struct values values, int64_t *sum, struct fault *why)
{
	int64_t n;

	if (f->count) {
		if (query_number(s, count, why, &n, values) < 0)
			return -1;
	} else {
		if (query_run(s, remove, why, values) < 0)
			return -1;
		n = (int64_t)query_changes(s);
	}
	*sum += n;
	return 0;
}

/* ---- by windows of ids ---- */

static int window(struct forget *f, struct store *s, const struct query *count,
		  const struct query *remove, const char *user, int64_t *sum,
		  struct fault *why)
{
	const struct address *at = at_of(f);

	return run(f, s, count, remove,
		   VALUES(INT(f->done), INT(f->done + WINDOW), INT(f->before),
			  FIRST(at), LAST(at), INT(f->at != NULL), TEXT(user),
			  INT(f->user != NULL)),
		   sum, why);
}

static int forget_failures(struct forget *f, struct store *s, struct fault *why)
{
	return window(f, s, &count_failures_query, &failures_query,
		      f->user == NULL ? "" : f->user, &f->sum.failures, why);
}

/* A reason has the name in quotes, as policy_why writes it. */
static int forget_bans(struct forget *f, struct store *s, struct fault *why)
{
	char name[POLICY_USER], quoted[POLICY_USER + 2] = "";

	if (f->user != NULL)
		snprintf(quoted, sizeof(quoted), "'%s'",
			 plain_copy(name, sizeof(name), f->user));
	if (window(f, s, &count_names_query, &names_query, quoted,
		   &f->sum.names, why) < 0)
		return -1;
	return window(f, s, &count_bans_query, &bans_query, quoted,
		      &f->sum.bans, why);
}

/* ---- the small tables ---- */

/* *again: there may be more. */
static int forget_logins(struct forget *f, struct store *s, bool *again,
			 struct fault *why)
{
	const struct address *at = at_of(f);
	int64_t before = f->sum.logins;
	int result = run(f, s, &count_logins_query, &logins_query,
			 VALUES(INT(f->before), FIRST(at), LAST(at),
				INT(f->at != NULL),
				TEXT(f->user == NULL ? "" : f->user),
				INT(f->user != NULL), INT(LOGINS)),
			 &f->sum.logins, why);

	*again = !f->count && f->sum.logins - before == LOGINS;
	return result;
}

struct picking {
	const struct forget *f;
	int64_t id[PICKED];
	int64_t n;
};

static int pick_breach(void *context, const struct breach_row *b)
{
	struct picking *p = context;
	const struct forget *f = p->f;

	if (b->at >= f->before || b->last >= f->before ||
	    (f->at != NULL && !address_contains(f->at, &b->host)) ||
	    (f->user != NULL && strcmp(f->user, b->user) != 0))
		return 0;
	if (f->count) {
		p->n++;
		return 0;
	}
	p->id[p->n++] = b->id;
	return p->n == PICKED;
}

static int forget_breaches(struct forget *f, struct store *s, bool *again,
			   struct fault *why)
{
	struct picking p = {.f = f};

	if (breach_each(s, 0, 0, 0, pick_breach, &p, why) < 0)
		return -1;
	for (int64_t i = 0; i < p.n && !f->count; i++)
		if (query_run(s, &breach_query, why, VALUES(INT(p.id[i]))) < 0)
			return -1;
	f->sum.breaches += p.n;
	*again = !f->count && p.n == PICKED;
	return 0;
}

static int forget_outages(struct forget *f, struct store *s, bool *again,
			  struct fault *why)
{
	*again = false;
	return run(f, s, &count_outages_query, &outages_query,
		   VALUES(INT(f->user != NULL), INT(f->before),
			  TEXT(f->user == NULL ? "" : f->user)),
		   &f->sum.names, why);
}

/* ---- the steps ---- */

struct stage {
	/* Either by ids, up to the last; or until there is no more. */
	const struct query *last;
	int (*window)(struct forget *f, struct store *s, struct fault *why);
	int (*some)(struct forget *f, struct store *s, bool *again,
		    struct fault *why);
};

static const struct stage stages[] = {
	{&last_failure_query, forget_failures, NULL},
	{&last_offense_query, forget_bans, NULL},
	{NULL, NULL, forget_logins},
	{NULL, NULL, forget_breaches},
	{NULL, NULL, forget_outages},
};

enum { STAGES = sizeof(stages) / sizeof(stages[0]) };

static int step(struct forget *f, struct store *s, bool *again,
		struct fault *why)
{
	const struct stage *stage = &stages[f->stage];

	if (stage->some != NULL)
		return stage->some(f, s, again, why);
	if (f->done == 0 &&
	    query_number(s, stage->last, why, &f->last, NO_VALUES) < 0)
		return -1;
	if (stage->window(f, s, why) < 0)
		return -1;
	f->done += WINDOW;
	*again = f->done < f->last;
	return 0;
}

int forget_step(struct forget *f, struct store *s, bool *more,
		struct fault *why)
{
	struct forget before = *f;
	bool again = false;
	int result;

	*more = f->stage < STAGES;
	if (!*more)
		return 0;
	if (!f->count &&
	    (connection_overwrite(s, why) < 0 || store_begin(s, why) < 0))
		return -1;
	result = step(f, s, &again, why);
	if (!f->count)
		result = store_end(s, result, why);
	if (result < 0) {
		*f = before;
		return -1;
	}
	if (!again) {
		f->stage++;
		f->done = 0;
	}
	*more = f->stage < STAGES;
	return 0;
}
