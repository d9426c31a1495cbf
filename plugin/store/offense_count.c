/* offense_count: what runs, and what there was, in numbers; see
 * saslban/offense.h. */
#include "saslban/offense.h"

#include <string.h>

#include "query.h"
#include "sql.h"

/* clang-format off */

/* Row by row: that is half of what it costs SQLite to add them up. Through the
 * table: to go there from an index for each of a million bans that run takes
 * ten times as long. */
static const struct query running_query = {
	"count the bans that run in", false,
	"SELECT observed, strike, ground, packets, bytes"
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

static void count_one(struct statement *st, struct offense_running *out)
{
	unsigned strike = column_strike(st, 1);
	const struct dropped dropped = {column_count(st, 3),
					column_count(st, 4)};
	const char *word = column_borrow(st, 2);
	enum ground ground = GROUND_COUNT;

	if (word != NULL)
		(void)ground_of(word, &ground);
	if (strike < 1)
		strike = 1;
	out->all++;
	out->observed += column_bool(st, 0);
	out->strike[strike < OFFENSE_STRIKES ? strike - 1
					     : OFFENSE_STRIKES - 1]++;
	out->ground[ground]++;
	dropped_add(&out->dropped, &dropped);
}

int offense_running(struct store *s, int64_t jail, int64_t now,
		    struct offense_running *out, struct fault *why)
{
	struct statement *st = query_begin(s, &running_query, why,
					   VALUES(INT(jail), INT(now)));
	int more;

	memset(out, 0, sizeof(*out));
	if (st == NULL)
		return -1;
	while ((more = query_next(st, why)) > 0)
		count_one(st, out);
	return more;
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
