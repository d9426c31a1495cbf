/* offense: offenses from their first to their last second, see
 * saslban/offense.h. */
#include "saslban/offense.h"

#include "offense_row.h"
#include "query.h"
#include "saslban/entry.h"
#include "saslban/total.h"
#include "sql.h"

/* clang-format off */

/* ---- history ---- */

/* Those of address ?1 in jail ?2. ?4: what was only observed counts, too. */
#define SQL_PAST " FROM offense WHERE address = ?1 AND jail = ?2"
#define SQL_COUNTS "(?4 OR observed = 0)"

/* The strikes are not counted: those that have faded do not come back with
 * the next one. What a lifted offense would have been, the next one is. */
#define SQL_STRIKES \
	"SELECT strike - (lifted IS NOT NULL)" SQL_PAST " AND " SQL_COUNTS \
	" ORDER BY at DESC, id DESC LIMIT 1"

/* A pardon holds, also of what was only observed, and for the whole of its
 * second. */
#define SQL_END \
	"coalesce(lifted + 1, iif(" SQL_COUNTS "," \
	" coalesce(ended, until, " SQL_FOREVER "), 0))"

static const struct query history_query = {
	"read the history in", false,
	"SELECT coalesce((" SQL_STRIKES "), 0),"
	" coalesce(max(" SQL_COUNTS " AND " SQL_RUNS("", "?3") "), 0),"
	" coalesce(max(" SQL_COUNTS " AND " SQL_RUNS("", "?3")
	"  AND until IS NULL), 0),"
	" coalesce(max(" SQL_END "), 0)" SQL_PAST};

/* ---- begin ---- */

static const struct query supersede_query = {
	"supersede a ban in", true,
	"UPDATE offense SET ended = min(coalesce(until, ?3), max(at, ?3)),"
	" told = 2"
	" WHERE address = ?1 AND jail = ?2 AND " SQL_OPEN("")};

static const struct query add_query = {
	"add an offense in", true,
	"INSERT INTO offense (jail, address, strike, at, until, failures, late,"
	" why, observed, told, ended, lifted, lifted_by, lifted_why, lo, hi,"
	" ground)"
	" VALUES (?1, ?2, ?3, ?4, nullif(?5, " SQL_FOREVER "), ?6, ?7,"
	" ?8, ?9, ?10, nullif(?11, 0), nullif(?12, 0), ?13, ?14, ?15, ?16,"
	" ?17)"};

static const struct query late_query = {
	"count a late failure in", true,
	"UPDATE offense SET late = " SQL_COUNT("late") " + ?3"
	" WHERE address = ?1 AND jail = ?2 AND " SQL_OPEN("")};

/* ---- end ---- */

static const struct query next_end_query = {
	"look for the next end in", false,
	"SELECT coalesce(min(until), " SQL_FOREVER ") FROM offense"
	" WHERE jail = ?1 AND " SQL_OPEN("") " AND until IS NOT NULL"};

static const struct query expired_query = {
	"look for bans that ran out in", false,
	SQL_OFFENSE " WHERE o.jail = ?1 AND " SQL_OPEN("o.")
	" AND o.until <= ?2 ORDER BY o.until LIMIT 1"};

static const struct query end_query = {
	"end a ban in", true,
	"UPDATE offense SET ended = until, told = 2 WHERE id = ?1"};

static const struct query running_query = {
	"look for bans to be lifted in", false,
	SQL_OFFENSE " WHERE o.address = ?1 AND (?2 = 0 OR o.jail = ?2)"
	" AND " SQL_RUNS("o.", "?3") " LIMIT 1"};

static const struct query lift_query = {
	"lift a ban in", true,
	"UPDATE offense SET lifted = ?2, lifted_by = ?3, lifted_why = ?4,"
	" told = iif(?5, 2, told) WHERE id = ?1"};

static const struct query unobserve_query = {
	"end observed bans in", true,
	"UPDATE offense SET ended = min(coalesce(until, ?2), ?2), told = 2"
	" WHERE jail = ?1 AND observed = 1 AND " SQL_OPEN("")};

static const struct query prune_query = {
	"forget offenses in", true,
	"DELETE FROM offense WHERE id IN"
	" (SELECT id FROM offense WHERE jail = ?1 AND at < ?2"
	"  AND coalesce(lifted, ended) < ?2 ORDER BY at LIMIT ?3)"};

/* ---- what was reported: 0 nothing, 1 its begin, 2 its end, too ---- */

static const struct query untold_query = {
	"look for what is to be reported in", false,
	SQL_OFFENSE " WHERE o.jail = ?1 AND " SQL_UNTOLD("o.")
	" ORDER BY o.id LIMIT ?2"};

static const struct query told_query = {
	"note what was reported in", true,
	"UPDATE offense SET told = iif(" SQL_OPEN("") ", 1, 2) WHERE id = ?1"};

/* clang-format on */

int offense_history(struct store *s, int64_t jail, const struct address *a,
		    bool observing, int64_t now, struct history *out,
		    struct fault *why)
{
	struct statement *st = query_begin(
		s, &history_query, why,
		VALUES(ADDRESS(a), INT(jail), INT(now), INT(observing)));

	if (st == NULL || query_next(st, why) < 0)
		return -1;
	*out = (struct history){
		.strikes = column_strike(st, 0),
		.banned = column_bool(st, 1),
		.forever = column_bool(st, 2),
		.last_end = column_end(st, 3),
	};
	query_end(st);
	return 0;
}

/* ---- begin ---- */

static int insert(struct store *s, const struct offense *o, bool open,
		  struct fault *why)
{
	int64_t told = open ? 1 : 2;

	return query_run(s, &add_query, why,
			 VALUES(INT(o->jail), ADDRESS(&o->address),
				INT(o->strike), INT(o->at), INT(o->until),
				INT(o->failures), INT(o->late), TEXT(o->why),
				INT(o->observed), INT(o->told ? told : 0),
				INT(o->ended), INT(o->lifted),
				TEXT(o->lifted_by), TEXT(o->lifted_why),
				FIRST(&o->address), LAST(&o->address),
				TEXT(ground_word(o->ground))));
}

/* What was over when it came was somebody else's. */
static int count_begin(struct store *s, const struct offense *o,
		       struct fault *why)
{
	return total_add(s, o->jail, o->observed ? TOTAL_OBSERVED : TOTAL_BANS,
			 ground_word(o->ground), o->strike, 1, why);
}

int offense_add(struct store *s, struct offense *o, struct fault *why)
{
	bool open = o->ended == 0 && o->lifted == 0;

	if (open && query_run(s, &supersede_query, why,
			      VALUES(ADDRESS(&o->address), INT(o->jail),
				     INT(o->at))) < 0)
		return -1;
	if (insert(s, o, open, why) < 0)
		return -1;
	o->id = query_added(s);
	if (open && count_begin(s, o, why) < 0)
		return -1;
	if (!open)
		return 0;
	if (o->observed)
		return entry_want(s, o->jail, &o->address, why);
	return entry_want_ban(s, o->jail, &o->address,
			      &(struct entry_ban){o->at, o->until, o->strike},
			      why);
}

int offense_late(struct store *s, int64_t jail, const struct address *a,
		 unsigned count, struct fault *why)
{
	return query_run(s, &late_query, why,
			 VALUES(ADDRESS(a), INT(jail), INT(count)));
}

/* ---- end ---- */

int offense_next_end(struct store *s, int64_t jail, int64_t *when,
		     struct fault *why)
{
	return query_number(s, &next_end_query, why, when, VALUES(INT(jail)));
}

/* The first row, if there is one: 1 found, 0 none, -1 a fault. *whole: its
 * address is one. */
static int read_first(struct statement *st, struct offense *o, bool *whole,
		      struct fault *why)
{
	int found;

	if (st == NULL)
		return -1;
	found = query_next(st, why);
	if (found <= 0)
		return found;
	*whole = offense_row(st, o);
	query_end(st);
	return 1;
}

/* The ban that ran out first ends; 1 found, 0 none, -1 a fault. */
static int end_one(struct store *s, int64_t jail, int64_t now,
		   struct offense *o, bool *whole, struct fault *why)
{
	int found = read_first(query_begin(s, &expired_query, why,
					   VALUES(INT(jail), INT(now))),
			       o, whole, why);

	if (found <= 0)
		return found;
	if (query_run(s, &end_query, why, VALUES(INT(o->id))) < 0)
		return -1;
	o->ended = o->until;
	if (!o->observed &&
	    total_add(s, o->jail, TOTAL_EXPIRED, "", 0, 1, why) < 0)
		return -1;
	if (*whole && !o->observed &&
	    entry_want(s, o->jail, &o->address, why) < 0)
		return -1;
	return 1;
}

int offense_expire(struct store *s, int64_t jail, int64_t now, size_t limit,
		   int (*see)(void *context, const struct offense *o),
		   void *context, struct fault *why)
{
	struct offense o;
	bool whole;
	int answer;

	for (size_t i = 0; i < limit; i++) {
		answer = end_one(s, jail, now, &o, &whole, why);
		if (answer <= 0)
			return answer;
		if (whole && see != NULL && (answer = see(context, &o)) != 0)
			return answer;
	}
	return 0;
}

int offense_lift(struct store *s, int64_t jail, const struct address *a,
		 int64_t now, const char *who, const char *reason, bool told,
		 size_t *n, struct fault *why)
{
	size_t lifted = 0;
	struct offense o;
	bool whole;
	int found;

	for (;; lifted++) {
		found = read_first(
			query_begin(s, &running_query, why,
				    VALUES(ADDRESS(a), INT(jail), INT(now))),
			&o, &whole, why);
		if (found <= 0)
			break;
		if (query_run(s, &lift_query, why,
			      VALUES(INT(o.id), INT(now), TEXT(who),
				     TEXT(reason), INT(told))) < 0 ||
		    total_add(s, o.jail, TOTAL_LIFTED, "", 0, 1, why) < 0 ||
		    entry_want(s, o.jail, a, why) < 0)
			return -1;
	}
	if (found == 0)
		*n = lifted;
	return found;
}

int offense_unobserve(struct store *s, int64_t jail, int64_t now,
		      struct fault *why)
{
	return query_run(s, &unobserve_query, why, VALUES(INT(jail), INT(now)));
}

int offense_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why)
{
	if (query_run(s, &prune_query, why,
		      VALUES(INT(jail), INT(before), INT((int64_t)limit))) < 0)
		return -1;
	*n = query_changes(s);
	return 0;
}

/* ---- what was reported ---- */

int offense_untold_each(struct store *s, int64_t jail, size_t limit,
			int (*see)(void *context, const struct offense *o),
			void *context, struct fault *why)
{
	return offense_rows(
		query_begin(s, &untold_query, why,
			    VALUES(INT(jail),
				   INT(limit == 0 ? -1 : (int64_t)limit))),
		see, context, why);
}

int offense_told(struct store *s, int64_t id, struct fault *why)
{
	return query_run(s, &told_query, why, VALUES(INT(id)));
}
