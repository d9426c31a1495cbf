/* failure: failed logins, see saslban/failure.h. */
#include "saslban/failure.h"

#include <limits.h>

#include "query.h"
#include "sql.h"

/* ---- adding ---- */

static const struct query add_query = {
	"add a failure in", true,
	"INSERT INTO failure (jail, host, address, user, service, mech, rule,"
	" at, count, late, lo)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"};

/* ?10 is the hour. What is later than what is known replaces it. */
#define SQL_LATEST(column, value) \
	column " = iif(?8 >= at, " value ", " column ")"

/* clang-format off */
static const struct query fold_query = {
	"fold a late failure in", true,
	"UPDATE failure SET"
	" " SQL_LATEST("host", "?2") ", " SQL_LATEST("user", "?4") ","
	" " SQL_LATEST("service", "?5") ", " SQL_LATEST("mech", "?6") ","
	" " SQL_LATEST("rule", "?7") ", " SQL_LATEST("lo", "?11") ","
	" at = max(at, ?8), count = min(count, 4294967295) + ?9"
	" WHERE id = (SELECT id FROM failure WHERE address = ?3 AND jail = ?1"
	"  AND late = 1 AND at >= ?10 AND at < ?10 + 3600"
	"  ORDER BY at DESC LIMIT 1)"};
/* clang-format on */

_Static_assert(FAILURE_FOLD == 3600, "as in fold_query");

/* The last but one value is for one query `late`, for the other the hour. */
static int write_failure(struct store *s, const struct query *q,
			 const struct failure *f, int64_t value,
			 struct fault *why)
{
	return query_run(s, q, why,
			 VALUES(INT(f->jail), ADDRESS(&f->host),
				ADDRESS(&f->address), TEXT(f->user),
				TEXT(f->service), TEXT(f->mech), TEXT(f->rule),
				INT(f->at), INT(f->count), INT(value),
				FIRST(&f->host)));
}

int failure_add(struct store *s, const struct failure *f, struct fault *why)
{
	int64_t hour = f->at - f->at % FAILURE_FOLD;

	if (f->late) {
		if (write_failure(s, &fold_query, f, hour, why) < 0)
			return -1;
		if (query_changes(s) > 0)
			return 0;
	}
	return write_failure(s, &add_query, f, f->late, why);
}

/* ---- counting and reading ---- */

static const struct query sum_query = {
	"count failures in", false,
	"SELECT " SQL_FAILURES " FROM failure"
	" WHERE address = ?1 AND jail = ?2 AND at >= ?3 AND late = 0"};

static const struct query each_query = {
	"read failures in", false,
	"SELECT jail, host, address, user, service, mech, rule, at, count, late"
	" FROM failure WHERE lo BETWEEN ?1 AND ?2"
	" ORDER BY at DESC, id DESC LIMIT ?3"};

int failure_sum(struct store *s, int64_t jail, const struct address *a,
		int64_t since, int64_t *sum, struct fault *why)
{
	return query_number(s, &sum_query, why, sum,
			    VALUES(ADDRESS(a), INT(jail), INT(since)));
}

/* False when an address is none: somebody edited it. */
static bool read_failure(struct statement *st, struct failure *f)
{
	int64_t count = column_count(st, 8);

	f->jail = column_int(st, 0);
	column_text(st, 3, f->user, sizeof(f->user));
	column_text(st, 4, f->service, sizeof(f->service));
	column_text(st, 5, f->mech, sizeof(f->mech));
	column_text(st, 6, f->rule, sizeof(f->rule));
	f->at = column_time(st, 7);
	f->count = count < UINT_MAX ? (unsigned)count : UINT_MAX;
	f->late = column_bool(st, 9);
	return column_address(st, 1, &f->host) &&
	       column_address(st, 2, &f->address);
}

int failure_each(struct store *s, const struct address *a, size_t limit,
		 int (*see)(void *context, const struct failure *f),
		 void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why,
			    VALUES(FIRST(a), LAST(a),
				   INT(limit == 0 ? -1 : (int64_t)limit)));
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
