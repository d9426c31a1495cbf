/* ranking: rows for sums, see saslban/ranking.h. */
#include "saslban/ranking.h"

#include <string.h>

#include "key.h"
#include "query.h"
#include "saslban/duration.h"
#include "sql.h"

/* clang-format off */

/* Both tables are in about the order of time, as rows are added at their end:
 * the first of a time is found in an index, and from there on the table is
 * read as it lies. Row by row through the index it would take five times as
 * long. */
#define SQL_ALL_JAILS " jail IN (SELECT id FROM jail) AND at >= ?2"
#define SQL_FROM(table, index)                                           \
	" FROM " table " WHERE id >= coalesce((SELECT min(id) FROM "     \
	table " INDEXED BY " index " WHERE" SQL_ALL_JAILS "), "          \
	SQL_FOREVER ") AND at >= ?2 AND (?1 = 0 OR jail = ?1)"

static const struct query failures_query = {
	"add up the failures in", false,
	"SELECT jail, at, count, verdict, lo, address, user, service, rule"
	SQL_FROM("failure", "failure_age")};

static const struct query bans_query = {
	"add up the bans in", false,
	"SELECT jail, at, strike, " SQL_UNTIL("") ", coalesce(lifted, 0),"
	" " SQL_RUNS("", "?3") ", observed, ground, packets, lo, address"
	SQL_FROM("offense", "offense_at")};

/* No GROUP BY: that sorts them all. */
static const struct query running_query = {
	"count the running bans in", false,
	"SELECT count((observed = 0 AND strike <= 1) OR NULL),"
	" count((observed = 0 AND strike = 2) OR NULL),"
	" count((observed = 0 AND strike = 3) OR NULL),"
	" count((observed = 0 AND strike > 3) OR NULL),"
	" count(observed <> 0 OR NULL) FROM offense"
	" WHERE " SQL_OPEN("") " AND jail IN (SELECT id FROM jail)"
	" AND (?1 = 0 OR jail = ?1) AND " SQL_RUNS("", "?2")};

#define SQL_FIRST_OF(table)                                              \
	"(SELECT min(first) FROM (SELECT (SELECT min(at) FROM " table    \
	" WHERE jail = j.id AND at >= ?2) AS first FROM jail j"          \
	" WHERE ?1 = 0 OR j.id = ?1))"

static const struct query begin_query = {
	"look for the first failure in", false,
	"SELECT coalesce(min(" SQL_FIRST_OF("failure") ", "
	SQL_FIRST_OF("offense") "), " SQL_FIRST_OF("failure") ", "
	SQL_FIRST_OF("offense") ", 0)"};

/* Of it and in it; what contains it is one of the few prefixes above. */
static const struct query standing_query = {
	"look for the bans of an address in", false,
	"SELECT count(at >= ?3 OR NULL), max(iif(at >= ?3, strike, 0)),"
	" count((observed = 0 AND " SQL_RUNS("", "?4") ") OR NULL),"
	" EXISTS (SELECT 1 FROM offense"
	"  WHERE observed = 0 AND " SQL_RUNS("", "?4")
	"  AND address IN (SELECT value FROM json_each(?7))"
	"  AND (?1 = 0 OR jail = ?1))"
	" FROM offense WHERE lo BETWEEN ?5 AND ?6 AND (?1 = 0 OR jail = ?1)"};

static const struct query account_query = {
	"look for the logins of a user in", false,
	"SELECT (SELECT count(*) FROM login WHERE user = ?2),"
	" (SELECT count(*) FROM breach WHERE user = ?2 AND at >= ?3"
	"  AND jail IN (SELECT id FROM jail) AND (?1 = 0 OR jail = ?1))"};

/* clang-format on */

int ranking_begin(struct store *s, int64_t jail, int64_t since, int64_t *at,
		  struct fault *why)
{
	return query_number(s, &begin_query, why, at,
			    VALUES(INT(jail), INT(since)));
}

/* Text of a row, which is NULL only when there is no memory. */
static const char *text_of(struct statement *st, int i)
{
	const char *text = column_borrow(st, i);

	return text == NULL ? "" : text;
}

static void read_failure(struct statement *st, struct ranking_failure *f)
{
	*f = (struct ranking_failure){
		.jail = column_int(st, 0),
		.at = column_time(st, 1),
		.count = column_count(st, 2),
		.verdict = VERDICT_COUNT,
		.address = text_of(st, 5),
		.user = text_of(st, 6),
		.service = text_of(st, 7),
		.rule = text_of(st, 8),
	};
	verdict_of(text_of(st, 3), &f->verdict);
	column_host(st, 4, &f->host);
	if (f->count > UINT32_MAX)
		f->count = UINT32_MAX;
}

int ranking_failures(struct store *s, int64_t jail, int64_t since,
		     int (*see)(void *context, const struct ranking_failure *f),
		     void *context, struct fault *why)
{
	struct statement *st = query_begin(s, &failures_query, why,
					   VALUES(INT(jail), INT(since)));
	struct ranking_failure f;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		read_failure(st, &f);
		answer = see(context, &f);
		if (answer != 0)
			break;
	}
	query_end(st);
	return answer;
}

static void read_ban(struct statement *st, struct ranking_ban *b)
{
	*b = (struct ranking_ban){
		.jail = column_int(st, 0),
		.at = column_time(st, 1),
		.strike = column_strike(st, 2),
		.until = column_end(st, 3),
		.lifted = column_time(st, 4),
		.runs = column_bool(st, 5),
		.observed = column_bool(st, 6),
		.ground = GROUND_COUNT,
		.packets = column_count(st, 8),
		.address = text_of(st, 10),
	};
	ground_of(text_of(st, 7), &b->ground);
	column_host(st, 9, &b->first);
}

int ranking_bans(struct store *s, int64_t jail, int64_t since, int64_t now,
		 int (*see)(void *context, const struct ranking_ban *b),
		 void *context, struct fault *why)
{
	struct statement *st = query_begin(
		s, &bans_query, why, VALUES(INT(jail), INT(since), INT(now)));
	struct ranking_ban b;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		read_ban(st, &b);
		answer = see(context, &b);
		if (answer != 0)
			break;
	}
	query_end(st);
	return answer;
}

int ranking_running(struct store *s, int64_t jail, int64_t now,
		    struct ranking_running *out, struct fault *why)
{
	struct statement *st = query_begin(s, &running_query, why,
					   VALUES(INT(jail), INT(now)));
	int more;

	*out = (struct ranking_running){.observed = 0};
	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more > 0) {
		for (int i = 0; i < RANKING_STRIKES; i++)
			out->strike[i] = column_count(st, i);
		out->observed = column_count(st, RANKING_STRIKES);
	}
	query_end(st);
	return more < 0 ? -1 : 0;
}

int ranking_standing(struct store *s, int64_t jail, const struct address *a,
		     int64_t since, int64_t now, struct ranking_standing *out,
		     struct fault *why)
{
	char above[KEY_ABOVE];
	struct statement *st = query_begin(s, &standing_query, why,
					   VALUES(INT(jail), INT(0), INT(since),
						  INT(now), FIRST(a), LAST(a),
						  TEXT(key_above(a, above))));
	int more;

	*out = (struct ranking_standing){0};
	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more > 0) {
		out->bans = column_count(st, 0);
		out->strike = column_strike(st, 1);
		out->inside = column_count(st, 2);
		out->covered = column_bool(st, 3);
	}
	query_end(st);
	return more < 0 ? -1 : 0;
}

int ranking_account(struct store *s, int64_t jail, const char *user,
		    int64_t since, int64_t *logins, int64_t *breaches,
		    struct fault *why)
{
	struct statement *st =
		query_begin(s, &account_query, why,
			    VALUES(INT(jail), TEXT(user), INT(since)));
	int more;

	*logins = *breaches = 0;
	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more > 0) {
		*logins = column_count(st, 0);
		*breaches = column_count(st, 1);
	}
	query_end(st);
	return more < 0 ? -1 : 0;
}
