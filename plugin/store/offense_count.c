/* offense_count: what runs, and what there was, in numbers; see
 * saslban/offense.h. */
#include "saslban/offense.h"

#include <string.h>

#include "query.h"
#include "sql.h"

/* clang-format off */

#define SQL_OF(which) ", coalesce(sum(" which "), 0)"
#define SQL_GROUND(word) SQL_OF("ground = '" word "'")

/* As many as there are, their sum may be more than a count can be. */
#define SQL_TOTAL(column)                                           \
	", CAST(min(total(max(" column ", 0)), " SQL_MOST ".0) AS INTEGER)"

/* Through the table: to go there from an index for each of a million bans that
 * run takes ten times as long. */
static const struct query running_query = {
	"count the bans that run in", false,
	"SELECT count(*)" SQL_OF("observed = 1")
	SQL_OF("strike <= 1") SQL_OF("strike = 2") SQL_OF("strike = 3")
	SQL_OF("strike > 3")
	SQL_GROUND("account") SQL_GROUND("trap") SQL_GROUND("network")
	SQL_GROUND("breach") SQL_GROUND("person") SQL_GROUND("found")
	SQL_TOTAL("packets") SQL_TOTAL("bytes")
	" FROM offense NOT INDEXED WHERE jail = ?1 AND " SQL_RUNS("", "?2")};

static const struct query span_query = {
	"count offenses in", false,
	"SELECT (SELECT count(*) FROM offense WHERE jail = ?1 AND at >= ?2"
	"  AND at < ?3),"
	" (SELECT " SQL_FAILURES " FROM failure WHERE jail = ?1 AND at >= ?2"
	"  AND at < ?3),"
	" (SELECT count(*) FROM offense WHERE jail = ?1"
	"  AND lifted IS NOT NULL AND lifted >= ?2 AND lifted < ?3)"};

/* clang-format on */

_Static_assert(GROUNDS == 7, "in their order, as in running_query");

int offense_running(struct store *s, int64_t jail, int64_t now,
		    struct offense_running *out, struct fault *why)
{
	struct statement *st = query_begin(s, &running_query, why,
					   VALUES(INT(jail), INT(now)));
	int column = 2;

	memset(out, 0, sizeof(*out));
	if (st == NULL || query_next(st, why) < 0)
		return -1;
	out->all = column_count(st, 0);
	out->observed = column_count(st, 1);
	for (int i = 0; i < OFFENSE_STRIKES; i++)
		out->strike[i] = column_count(st, column++);
	out->ground[GROUND_COUNT] = out->all;
	for (int i = GROUND_COUNT + 1; i < GROUNDS; i++) {
		out->ground[i] = column_count(st, column++);
		out->ground[GROUND_COUNT] -= out->ground[i];
	}
	out->dropped.packets = column_count(st, column++);
	out->dropped.bytes = column_count(st, column);
	query_end(st);
	return 0;
}

int offense_span(struct store *s, int64_t jail, int64_t from, int64_t to,
		 struct offense_span *out, struct fault *why)
{
	struct statement *st = query_begin(
		s, &span_query, why, VALUES(INT(jail), INT(from), INT(to)));

	if (st == NULL || query_next(st, why) < 0)
		return -1;
	out->offenses = column_count(st, 0);
	out->failures = column_count(st, 1);
	out->lifted = column_count(st, 2);
	query_end(st);
	return 0;
}
