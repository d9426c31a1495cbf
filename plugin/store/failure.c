/* failure: failed logins, see saslban/failure.h. */
#include "saslban/failure.h"

#include <limits.h>
#include <string.h>

#include "query.h"
#include "saslban/total.h"
#include "sql.h"

/* ---- adding ---- */

static const struct query add_query = {
	"add a failure in", true,
	"INSERT INTO failure (jail, host, address, user, service, mech, rule,"
	" at, count, verdict, lo, sort, session, guess, wide)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	" ?14, ?15)"};

/* What is later than what is known replaces it. */
#define SQL_LATEST(column, value) \
	column " = iif(?8 >= at, " value ", " column ")"
#define SQL_HOUR "(?8 - ?8 % 3600)"

/* clang-format off */
static const struct query fold_query = {
	"fold a late failure in", true,
	"UPDATE failure SET"
	" " SQL_LATEST("host", "?2") ", " SQL_LATEST("user", "?4") ","
	" " SQL_LATEST("service", "?5") ", " SQL_LATEST("mech", "?6") ","
	" " SQL_LATEST("rule", "?7") ", " SQL_LATEST("lo", "?11") ","
	" " SQL_LATEST("sort", "?12") ", " SQL_LATEST("session", "?13") ","
	" at = max(at, ?8), count = min(count, 4294967295) + ?9"
	" WHERE id = (SELECT id FROM failure WHERE address = ?3 AND jail = ?1"
	"  AND verdict IN ('late', 'old') AND verdict = ?10"
	"  AND at >= " SQL_HOUR " AND at < " SQL_HOUR " + 3600"
	"  ORDER BY at DESC LIMIT 1)"};
/* clang-format on */
_Static_assert(FAILURE_FOLD == 3600, "as in fold_query");

static const char *const sorts[] = {[SIGHTING_CLEAR] = "clear",
				    [SIGHTING_DOUBTFUL] = "doubtful",
				    [SIGHTING_SUMMARY] = "summary"};

static enum sighting_sort sort_of(const char *word)
{
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (word != NULL && strcmp(word, sorts[i]) == 0)
			return (enum sighting_sort)i;
	return SIGHTING_CLEAR;
}

static int write_failure(struct store *s, const struct query *q,
			 const struct failure *f, struct fault *why)
{
	enum verdict_kind verdict =
		f->verdict == VERDICT_BAN ? VERDICT_COUNT : f->verdict;

	return query_run(s, q, why,
			 VALUES(INT(f->jail), ADDRESS(&f->host),
				ADDRESS(&f->address), TEXT(f->user),
				TEXT(f->service), TEXT(f->mech), TEXT(f->rule),
				INT(f->at), INT(f->count),
				TEXT(verdict_word(verdict)), FIRST(&f->host),
				TEXT(sorts[f->sort]), TEXT(f->session),
				INT((int64_t)f->guess), INT(f->wide)));
}

static int count_failure(struct store *s, const struct failure *f,
			 struct fault *why)
{
	enum verdict_kind verdict =
		f->verdict == VERDICT_BAN ? VERDICT_COUNT : f->verdict;

	if (total_add(s, f->jail, TOTAL_FAILURES, verdict_word(verdict), 0,
		      f->count, why) < 0)
		return -1;
	return total_add(s, f->jail, TOTAL_SERVICES, f->service, 0, f->count,
			 why);
}

int failure_add(struct store *s, struct failure *f, struct fault *why)
{
	f->id = 0;
	if (count_failure(s, f, why) < 0)
		return -1;
	if (f->verdict == VERDICT_LATE || f->verdict == VERDICT_OLD) {
		if (write_failure(s, &fold_query, f, why) < 0)
			return -1;
		if (query_changes(s) > 0)
			return 0;
	}
	if (write_failure(s, &add_query, f, why) < 0)
		return -1;
	f->id = query_added(s);
	return 0;
}

/* ---- what becomes of them ---- */

static const struct query settle_query = {
	"note what became of a failure in", true,
	"UPDATE failure SET verdict = ?2 WHERE id = ?1"};

static const struct query end_grace_query = {
	"end a grace in", true,
	"UPDATE failure SET verdict = 'counted' WHERE id = ?1"
	" AND verdict = 'grace'"};

static const struct query excuse_query = {
	"excuse failures in", true,
	"UPDATE failure SET verdict = 'outage' WHERE jail = ?1 AND at >= ?2"
	" AND verdict IN ('counted', 'grace', 'repeat')"};

int failure_settle(struct store *s, const int64_t *ids, size_t n,
		   enum verdict_kind verdict, struct fault *why)
{
	for (size_t i = 0; i < n; i++)
		if (query_run(s, &settle_query, why,
			      VALUES(INT(ids[i]),
				     TEXT(verdict_word(verdict)))) < 0)
			return -1;
	return 0;
}

int failure_end_grace(struct store *s, int64_t id, struct fault *why)
{
	return query_run(s, &end_grace_query, why, VALUES(INT(id)));
}

int failure_excuse(struct store *s, int64_t jail, int64_t since,
		   struct fault *why)
{
	return query_run(s, &excuse_query, why, VALUES(INT(jail), INT(since)));
}

/* ---- counting and reading ---- */

#define SQL_FAILURE                                                         \
	"SELECT jail, host, address, user, service, mech, rule, at, count," \
	" verdict, id, sort, session, guess, wide FROM failure"

/* By lo: who is under attack has more failures of an hour than of one address.
 */
static const struct query sum_query = {
	"count failures in", false,
	"SELECT " SQL_FAILURES " FROM failure"
	" WHERE lo BETWEEN ?4 AND ?5 AND at >= ?3 AND address = ?1"
	" AND +jail = ?2 AND verdict IN ('counted', 'grace')"};

static const struct query each_query = {"read failures in", false,
					SQL_FAILURE
					" WHERE lo BETWEEN ?1 AND ?2"
					" ORDER BY at DESC, id DESC LIMIT ?3"};

/* From the end of the table, not by an index: it is in this order. */
static const struct query recent_query = {
	"read the latest failures in", false,
	SQL_FAILURE " NOT INDEXED WHERE id >"
		    " (SELECT coalesce(max(id), 0) - ?3 FROM failure)"
		    " AND jail = ?1 AND at >= ?2 ORDER BY id"};

int failure_sum(struct store *s, int64_t jail, const struct address *a,
		int64_t since, int64_t *sum, struct fault *why)
{
	return query_number(
		s, &sum_query, why, sum,
		VALUES(ADDRESS(a), INT(jail), INT(since), FIRST(a), LAST(a)));
}

/* False when an address is none: somebody edited it. */
static bool read_failure(struct statement *st, struct failure *f)
{
	int64_t count = column_count(st, 8);
	const char *verdict = column_borrow(st, 9);

	f->jail = column_int(st, 0);
	column_text(st, 3, f->user, sizeof(f->user));
	column_text(st, 4, f->service, sizeof(f->service));
	column_text(st, 5, f->mech, sizeof(f->mech));
	column_text(st, 6, f->rule, sizeof(f->rule));
	f->at = column_time(st, 7);
	f->count = count < UINT_MAX ? (unsigned)count : UINT_MAX;
	if (verdict == NULL || !verdict_of(verdict, &f->verdict))
		f->verdict = VERDICT_OLD;
	f->id = column_int(st, 10);
	f->sort = sort_of(column_borrow(st, 11));
	column_text(st, 12, f->session, sizeof(f->session));
	f->guess = (uint64_t)column_int(st, 13);
	f->wide = column_bool(st, 14);
	return column_address(st, 1, &f->host) &&
	       column_address(st, 2, &f->address);
}

static int read_failures(struct statement *st,
			 int (*see)(void *context, const struct failure *f),
			 void *context, struct fault *why)
{
	struct failure f;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		if (!read_failure(st, &f))
			continue;
		if ((answer = see(context, &f)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int failure_each(struct store *s, const struct address *a, size_t limit,
		 int (*see)(void *context, const struct failure *f),
		 void *context, struct fault *why)
{
	return read_failures(
		query_begin(s, &each_query, why,
			    VALUES(FIRST(a), LAST(a),
				   INT(limit == 0 ? -1 : (int64_t)limit))),
		see, context, why);
}

int failure_recent(struct store *s, int64_t jail, int64_t since,
		   int (*see)(void *context, const struct failure *f),
		   void *context, struct fault *why)
{
	return read_failures(
		query_begin(s, &recent_query, why,
			    VALUES(INT(jail), INT(since), INT(FAILURE_RECENT))),
		see, context, why);
}

int failure_latest(struct store *s, int64_t *at, struct fault *why)
{
	static const struct query query = {
		"find the last failure in", false,
		"SELECT max((SELECT at FROM failure WHERE jail = jail.id"
		" ORDER BY at DESC LIMIT 1)) FROM jail"};

	if (query_number(s, &query, why, at, NO_VALUES) < 0)
		return -1;
	if (*at < 0)
		*at = 0;
	if (*at > STORE_LAST)
		*at = STORE_LAST;
	return 0;
}

/* ---- forgetting ---- */

static const struct query prune_query = {
	"forget failures in", true,
	"DELETE FROM failure WHERE id IN"
	" (SELECT id FROM failure WHERE jail = ?1 AND at < ?2"
	"  ORDER BY at LIMIT ?3)"};

/* A page per step; what is left of the list comes with the next prune. */
static const struct query shrink_query = {"shrink the file in", true,
					  "PRAGMA incremental_vacuum(100)"};

int failure_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why)
{
	size_t pruned;

	if (query_run(s, &prune_query, why,
		      VALUES(INT(jail), INT(before), INT((int64_t)limit))) < 0)
		return -1;
	pruned = query_changes(s);
	if (query_run(s, &shrink_query, why, NO_VALUES) < 0)
		return -1;
	*n = pruned;
	return 0;
}
