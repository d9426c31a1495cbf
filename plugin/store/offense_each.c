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
	" AND o.at >= ?5 AND o.strike >= ?6"                     \
	" AND (?7 = '' OR o.ground = ?7)"
#define SQL_BY_TIME " ORDER BY o.at DESC, o.id DESC"
#define SQL_NEWEST SQL_BY_TIME " LIMIT ?4"
#define SQL_BY_CHOICE                                            \
	" ORDER BY CASE ?8 WHEN 'address' THEN o.lo"             \
	" WHEN 'strike' THEN -o.strike"                          \
	" WHEN 'until' THEN " SQL_UNTIL("o.")                    \
	" WHEN 'packets' THEN -o.packets"                        \
	" WHEN 'oldest' THEN o.at END, iif(?8 = 'oldest', o.id, 0)," \
	" o.at DESC, o.id DESC"
#define SQL_SORTED SQL_BY_CHOICE " LIMIT ?4"

/* What lies inside has a key in the range, what contains it is one of the
 * few prefixes above. */
#define SQL_AT                                                   \
	"o.lo BETWEEN ?9 AND ?10"                                \
	" OR o.address IN (SELECT value FROM json_each(?11))"

#define SQL_ALL SQL_OFFENSE " WHERE 1" SQL_THOSE
#define SQL_THROUGH SQL_OFFENSE_BY("NOT INDEXED CROSS JOIN") " WHERE "
#define SQL_LOOK_THROUGH SQL_THROUGH SQL_OPEN("o.") SQL_THOSE
/* Which ones they are is found first, so that few are read as a whole and
 * sorted, and those that an index finds are read as they lie. */
#define SQL_WHICH(where, order)                                  \
	SQL_OFFENSE " WHERE o.id IN"                             \
	" (SELECT o.id FROM offense o" where SQL_THOSE order ")"
#define SQL_HAS_JAIL "o.jail IN (SELECT id FROM jail)"
#define SQL_RUNNING SQL_WHICH(" WHERE " SQL_OPEN("o.")           \
	" AND " SQL_HAS_JAIL, "")
#define SQL_FEW(those, order)                                    \
	SQL_WHICH(" NOT INDEXED WHERE " those " AND " SQL_HAS_JAIL,      \
		  order " LIMIT ?4") order
#define SQL_TOUCHING SQL_OFFENSE " WHERE (" SQL_AT ")" SQL_THOSE

/* Ways in: one for each index that finds few rows where few are wanted, and the
 * newest are the end of an index. Some of a million bans that run are found ten
 * times sooner by a look through the table than by going there from an index
 * for each. */
enum way { ALL, FEW, RUNNING, LOOK_THROUGH, FEW_RUNNING, TOUCHING };

static const struct query queries[][2] = {
	[ALL] =
	{{"read offenses in", false, SQL_ALL SQL_NEWEST},
	 {"sort all offenses in", false, SQL_THROUGH "1" SQL_THOSE SQL_SORTED}},
	[FEW] =
	{{NULL, false, NULL},
	 {"sort offenses for a few in", false, SQL_FEW("1", SQL_BY_CHOICE)}},
	[RUNNING] =
	{{"read running bans in", false, SQL_RUNNING SQL_NEWEST}},
	[LOOK_THROUGH] =
	{{"choose running bans in", false, SQL_LOOK_THROUGH SQL_NEWEST},
	 {"choose running bans in", false, SQL_LOOK_THROUGH SQL_SORTED}},
	[FEW_RUNNING] =
	{{"choose a few running bans in", false,
	  SQL_FEW(SQL_OPEN("o."), SQL_BY_TIME)},
	 {"choose a few running bans in", false,
	  SQL_FEW(SQL_OPEN("o."), SQL_BY_CHOICE)}},
	[TOUCHING] =
	{{"read offenses in", false, SQL_TOUCHING SQL_NEWEST},
	 {"sort offenses in", false, SQL_TOUCHING SQL_SORTED}},
};

/* No index has the users: each failure would have to be written into it, for a
 * question that a person asks now and then. */
static const struct query user_query = {
	"look for an account's bans in", false,
	SQL_OFFENSE " WHERE (o.address, o.jail) IN"
	" (SELECT f.address, f.jail FROM failure f"
	"  WHERE f.user = ?12 COLLATE NOCASE)"
	" AND (?11 = '[]' OR " SQL_AT ")" SQL_THOSE SQL_SORTED};

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

static const char *const sorts[OFFENSE_SORTS] = {
	[OFFENSE_NEWEST] = "newest",   [OFFENSE_ADDRESS] = "address",
	[OFFENSE_STRIKE] = "strike",   [OFFENSE_UNTIL] = "until",
	[OFFENSE_PACKETS] = "packets", [OFFENSE_OLDEST] = "oldest",
};

const char *offense_sort_word(enum offense_sort sort)
{
	return sorts[sort];
}

bool offense_sort_of(const char *word, enum offense_sort *out)
{
	for (int i = 0; i < OFFENSE_SORTS; i++) {
		if (strcmp(sorts[i], word) != 0)
			continue;
		*out = (enum offense_sort)i;
		return true;
	}
	return false;
}

static enum way way_of_running(const struct offense_query *q)
{
	if (q->limit > 0)
		return FEW_RUNNING;
	return q->strike > 0 || q->ground != NULL || q->sort != OFFENSE_NEWEST
		       ? LOOK_THROUGH
		       : RUNNING;
}

static const struct query *choose(const struct offense_query *q)
{
	bool sorted = q->sort != OFFENSE_NEWEST;
	enum way way = ALL;

	if (q->user != NULL)
		return &user_query;
	if (q->at != NULL)
		way = TOUCHING;
	else if (q->running)
		way = way_of_running(q);
	else if (q->limit > 0 && sorted)
		way = FEW; /* the newest are the end of an index */
	return &queries[way][sorted];
}

/* None is asked for: whatever stands there is enough. */
static struct value least(int64_t wanted)
{
	return INT(wanted == 0 ? INT64_MIN : wanted);
}

int offense_each(struct store *s, const struct offense_query *q,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why)
{
	const struct value none = INT(0);
	char above[KEY_ABOVE] = "[]";

	if (q->at != NULL)
		key_above(q->at, above);
	return offense_rows(
		query_begin(s, choose(q), why,
			    VALUES(INT(q->jail), INT(q->running), INT(q->now),
				   INT(q->limit == 0 ? -1 : (int64_t)q->limit),
				   least(q->since), least(q->strike),
				   TEXT(q->ground == NULL ? "" : q->ground),
				   TEXT(sorts[q->sort]),
				   q->at == NULL ? none : FIRST(q->at),
				   q->at == NULL ? none : LAST(q->at),
				   TEXT(above),
				   TEXT(q->user == NULL ? "" : q->user))),
		see, context, why);
}
