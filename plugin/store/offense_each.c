/* offense_each: offenses for people, see saslban/offense.h. */
#include "saslban/offense.h"

#include <string.h>

#include "key.h"
#include "offense_row.h"
#include "query.h"
#include "sql.h"

/* clang-format off */

#define SQL_THOSE                                                \
	" AND (?1 = 0 OR o.jail = ?1)"                           \
	" AND (?2 = 0 OR (" SQL_RUNS("o.", "?3") "))"            \
	" AND o.at >= ?5"                                        \
	" ORDER BY o.at DESC, o.id DESC LIMIT ?4"

/* Three ways in, one for each index that finds few rows where few are
 * wanted. */
static const struct query all_query = {
	"read offenses in", false, SQL_OFFENSE " WHERE 1" SQL_THOSE};

static const struct query running_query = {
	"read running bans in", false,
	SQL_OFFENSE " WHERE " SQL_OPEN("o.")
	" AND o.jail IN (SELECT id FROM jail)" SQL_THOSE};

/* What lies inside has a key in the range, what contains it is one of the
 * few prefixes above. */
static const struct query at_query = {
	"read offenses in", false,
	SQL_OFFENSE " WHERE (o.lo BETWEEN ?6 AND ?7"
	" OR o.address IN (SELECT value FROM json_each(?8)))" SQL_THOSE};

static const struct query grounds_query = {
	"count running bans in", false,
	"SELECT ground, count(*) FROM offense WHERE jail = ?1"
	" AND " SQL_RUNS("", "?2") " GROUP BY ground"};

/* What is over is not in the index. */
static const struct query open_query = {
	"read the banned addresses in", false,
	"SELECT address FROM offense INDEXED BY offense_open"
	" WHERE jail = ?1 AND " SQL_OPEN("") " AND address > ?2"
	" ORDER BY address LIMIT ?3"};

/* clang-format on */

int offense_open_each(struct store *s, int64_t jail,
		      const struct address *after, size_t limit,
		      int (*see)(void *context, const struct address *a),
		      void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &open_query, why,
			    VALUES(INT(jail), after ? ADDRESS(after) : TEXT(""),
				   INT((int64_t)limit)));
	struct address a;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		if (!column_address(st, 0, &a))
			continue;
		if ((answer = see(context, &a)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int offense_each(struct store *s, const struct offense_query *q,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why)
{
	const struct value jail = INT(q->jail), running = INT(q->running),
			   now = INT(q->now), since = INT(q->since),
			   limit = INT(q->limit == 0 ? -1 : (int64_t)q->limit);
	char above[KEY_ABOVE];
	struct statement *st;

	if (q->at != NULL)
		st = query_begin(s, &at_query, why,
				 VALUES(jail, running, now, limit, since,
					FIRST(q->at), LAST(q->at),
					TEXT(key_above(q->at, above))));
	else
		st = query_begin(s, q->running ? &running_query : &all_query,
				 why, VALUES(jail, running, now, limit, since));
	return offense_rows(st, see, context, why);
}

int offense_grounds(struct store *s, int64_t jail, int64_t now,
		    int64_t out[GROUNDS], struct fault *why)
{
	struct statement *st = query_begin(s, &grounds_query, why,
					   VALUES(INT(jail), INT(now)));
	enum ground ground;
	int more;

	memset(out, 0, GROUNDS * sizeof(out[0]));
	if (st == NULL)
		return -1;
	while ((more = query_next(st, why)) > 0) {
		const char *word = column_borrow(st, 0);

		if (word != NULL && ground_of(word, &ground))
			out[ground] += column_count(st, 1);
	}
	return more;
}
