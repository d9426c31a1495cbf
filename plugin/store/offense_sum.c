/* offense_sum: offenses in numbers, see saslban/offense.h. */
#include "saslban/offense.h"

#include "query.h"
#include "saslban/total.h"
#include "sql.h"

/* clang-format off */

static const struct query sum_query = {
	"count running bans in", false,
	"SELECT ground, min(strike, ?3), count(*) FROM offense"
	" WHERE jail = ?1 AND " SQL_RUNS("", "?2")
	" GROUP BY 1, 2 ORDER BY 1, 2"};

static const struct query latest_query = {
	"find the last offense in", false,
	"SELECT o.at FROM offense o WHERE o.jail = ?1"
	" ORDER BY o.at DESC LIMIT 1"};

/* clang-format on */

int offense_sum_each(struct store *s, int64_t jail, int64_t now,
		     int (*see)(void *context, const struct offense_sum *sum),
		     void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &sum_query, why,
			    VALUES(INT(jail), INT(now), INT(TOTAL_STRIKE)));
	struct offense_sum sum;
	const char *word;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		word = column_borrow(st, 0);
		if (word == NULL || !ground_of(word, &sum.ground))
			continue;
		sum.strike = column_strike(st, 1);
		sum.bans = column_count(st, 2);
		if ((answer = see(context, &sum)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int offense_latest(struct store *s, int64_t jail, int64_t *at,
		   struct fault *why)
{
	if (query_number(s, &latest_query, why, at, VALUES(INT(jail))) < 0)
		return -1;
	if (*at < 0)
		*at = 0;
	if (*at > STORE_LAST)
		*at = STORE_LAST;
	return 0;
}
