/* store_report: answers for people and for counters, see saslban/store.h. */
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/store.h"

#include "store_impl.h"

#define SQL_SELECT                                                             \
	"SELECT " SQL_OFFENSE(SQL_OWN_UNTIL) " FROM offense o JOIN jail j ON " \
					     "j.id = o.jail WHERE "

#define SQL_FILTER                     \
	" AND (?1 = 0 OR o.jail = ?1)" \
	" AND (?2 = 0 OR (" SQL_RUNS(  \
		"o.", "?3") "))"       \
			    " ORDER BY o.at DESC, o.id DESC LIMIT ?4"

/* Three ways in, one for each index that finds few rows where few are
 * wanted. */
static const struct store_query all_query = {
	SLOT_REPORT_ALL, false, "read offenses in", SQL_SELECT "1" SQL_FILTER};

static const struct store_query running_query = {
	SLOT_REPORT_RUNNING, false, "read running bans in",
	SQL_SELECT SQL_OPEN(
		"o.") " AND o.jail IN (SELECT id FROM jail)" SQL_FILTER};

/* What lies inside has a key in the range, what contains it is one of the
 * few prefixes above. */
static const struct store_query at_query = {
	SLOT_REPORT_AT, false, "read offenses in",
	SQL_SELECT
	"(o.lo BETWEEN ?5 AND ?6"
	" OR o.address IN (SELECT value FROM json_each(?7)))" SQL_FILTER};

#define SQL_JAILS "(SELECT id FROM jail WHERE ?1 = 0 OR id = ?1)"
#define SQL_COUNT "(SELECT count(*) FROM offense WHERE jail IN " SQL_JAILS

static const struct store_query totals_query = {
	SLOT_TOTALS, false, "count in",
	"SELECT (SELECT coalesce(sum(count), 0) FROM failure"
	"  WHERE jail IN " SQL_JAILS " AND at >= ?3), " SQL_COUNT
	" AND " SQL_RUNS(
		"", "?2") "), " SQL_COUNT
			  " AND observed = 1 AND " SQL_RUNS(
				  "",
				  "?2") "), " SQL_COUNT
					" AND " SQL_PENDING(
						"") "  AND (until IS NULL OR "
						    "until > ?2) AND enforced "
						    "<= ?2), " SQL_COUNT
						    " AND at >= ?3), " SQL_COUNT
						    " AND " SQL_CUT_SHORT(
							    "") " AND lifted "
								">= ?3)"};

static const struct store_query *way_in(const struct offense_query *query)
{
	if (query->at != NULL)
		return &at_query;
	return query->running ? &running_query : &all_query;
}

int offense_each(struct store *s, const struct offense_query *query,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why)
{
	const struct store_query *way = way_in(query);
	sqlite3_stmt *q = store_prepare(s, way, why);
	char above[STORE_ABOVE];
	struct store_key lo, hi;
	struct offense o;
	int answer;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, query->jail);
	sqlite3_bind_int(q, 2, query->running);
	sqlite3_bind_int64(q, 3, query->now);
	sqlite3_bind_int64(q, 4,
			   query->limit == 0 ? -1 : (int64_t)query->limit);
	if (query->at != NULL) {
		store_key_range(query->at, &lo, &hi);
		store_bind_key(q, 5, &lo);
		store_bind_key(q, 6, &hi);
		store_bind_text(q, 7, store_key_above(query->at, above));
	}
	while ((answer = store_step(s, way, why)) > 0) {
		if (!offense_read(q, &o))
			continue;
		if ((answer = see(context, &o)) != 0)
			break;
	}
	store_reset(s, way);
	return answer;
}

int jail_totals(struct store *s, int64_t jail, int64_t now, int64_t since,
		struct jail_totals *out, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &totals_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, now);
	sqlite3_bind_int64(q, 3, since);
	if (store_step(s, &totals_query, why) < 0)
		return -1;
	*out = (struct jail_totals){
		.failures = sqlite3_column_int64(q, 0),
		.running = sqlite3_column_int64(q, 1),
		.observed = sqlite3_column_int64(q, 2),
		.pending = sqlite3_column_int64(q, 3),
		.offenses = sqlite3_column_int64(q, 4),
		.lifted = sqlite3_column_int64(q, 5),
	};
	store_reset(s, &totals_query);
	return 0;
}
