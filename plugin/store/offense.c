/* store_offense: offenses from their first to their last second, see
 * saslban/store.h. */
#include "saslban/offense.h"

#include "saslban/duration.h"
#include "store_impl.h"

/* The strikes are not counted: those that have faded do not come back with
 * the next one. What a lifted offense would have been the next one is. */
#define SQL_STRIKES                                         \
	"SELECT strike - (lifted IS NOT NULL) FROM offense" \
	" WHERE address = ?1 AND jail = ?2"                 \
	" ORDER BY at DESC, id DESC LIMIT 1"
#define SQL_LAST_END "max(coalesce(lifted, ended, until, " SQL_FOREVER "))"

/* clang-format off */
static const struct store_query history_query = {
	SLOT_HISTORY, false, "read the history in",
	"SELECT coalesce((" SQL_STRIKES "), 0),"
	" coalesce(max(" SQL_RUNS("", "?3") "), 0),"
	" coalesce(max(" SQL_RUNS("", "?3") " AND until IS NULL), 0),"
	" coalesce(" SQL_LAST_END ", 0)"
	" FROM offense WHERE address = ?1 AND jail = ?2"};
/* clang-format on */

static const struct store_query supersede_query = {
	SLOT_OFFENSE_SUPERSEDE, true, "supersede a ban in",
	"UPDATE offense SET ended = min(coalesce(until, ?3), max(at, ?3))"
	" WHERE address = ?1 AND jail = ?2 AND " SQL_OPEN("")};

static const struct store_query add_query = {
	SLOT_OFFENSE_ADD, true, "add an offense in",
	"INSERT INTO offense (jail, address, strike, at, until, failures, late,"
	" why, observed, enforced, ended, lifted, lifted_by, lifted_why,"
	" lo, hi)"
	" VALUES (?1, ?2, ?3, ?4, nullif(?5, " SQL_FOREVER "), ?6, ?7,"
	" ?8, ?9, ?10, nullif(?11, 0), nullif(?12, 0), ?13, ?14, ?15, ?16)"};

static const struct store_query late_query = {
	SLOT_OFFENSE_LATE, true, "count a late failure in",
	"UPDATE offense SET late = late + ?3"
	" WHERE address = ?1 AND jail = ?2 AND " SQL_OPEN("")};

static const struct store_query lift_query = {
	SLOT_OFFENSE_LIFT, true, "lift a ban in",
	"UPDATE offense SET lifted = ?3, lifted_by = ?4, lifted_why = ?5"
	" WHERE address = ?1 AND (?2 = 0 OR jail = ?2)"
	" AND " SQL_RUNS("", "?3")};

static const struct store_query next_end_query = {
	SLOT_OFFENSE_NEXT_END, false, "look for the next end in",
	"SELECT coalesce(min(until), " SQL_FOREVER ") FROM offense"
	" WHERE jail = ?1 AND " SQL_OPEN("") " AND until IS NOT NULL"};

static const struct store_query expired_query = {
	SLOT_OFFENSE_EXPIRED, false, "look for bans that ran out in",
	"SELECT " SQL_OFFENSE(
		SQL_OWN_UNTIL) " FROM offense o JOIN jail j ON j.id = o.jail"
			       " WHERE o.jail = ?1 AND " SQL_OPEN(
				       "o.") " AND o.until <= ?2"
					     " ORDER BY o.until LIMIT 1"};

static const struct store_query end_query = {
	SLOT_OFFENSE_END, true, "end a ban in",
	"UPDATE offense SET ended = until WHERE id = ?1"};

bool offense_read(sqlite3_stmt *q, struct offense *o)
{
	o->id = sqlite3_column_int64(q, 0);
	o->jail = sqlite3_column_int64(q, 1);
	store_column_text(q, 2, o->jail_name, sizeof(o->jail_name));
	o->strike = (unsigned)sqlite3_column_int64(q, 4);
	o->at = sqlite3_column_int64(q, 5);
	o->until = sqlite3_column_int64(q, 6);
	o->failures = sqlite3_column_int64(q, 7);
	o->late = sqlite3_column_int64(q, 8);
	store_column_text(q, 9, o->why, sizeof(o->why));
	o->observed = sqlite3_column_int(q, 10) != 0;
	o->enforced = sqlite3_column_int64(q, 11);
	o->ended = sqlite3_column_int64(q, 12);
	o->lifted = sqlite3_column_int64(q, 13);
	store_column_text(q, 14, o->lifted_by, sizeof(o->lifted_by));
	store_column_text(q, 15, o->lifted_why, sizeof(o->lifted_why));
	return store_column_address(q, 3, &o->address);
}

int offense_history(struct store *s, int64_t jail, const struct address *a,
		    int64_t now, struct history *out, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &history_query, why);
	char address[ADDRESS_TEXT];

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, a, address);
	sqlite3_bind_int64(q, 2, jail);
	sqlite3_bind_int64(q, 3, now);
	if (store_step(s, &history_query, why) < 0)
		return -1;
	*out = (struct history){
		.strikes = (unsigned)sqlite3_column_int64(q, 0),
		.banned = sqlite3_column_int(q, 1) != 0,
		.forever = sqlite3_column_int(q, 2) != 0,
		.last_end = sqlite3_column_int64(q, 3),
	};
	store_reset(s, &history_query);
	return 0;
}

static int supersede(struct store *s, const struct offense *o,
		     struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &supersede_query, why);
	char address[ADDRESS_TEXT];

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, &o->address, address);
	sqlite3_bind_int64(q, 2, o->jail);
	sqlite3_bind_int64(q, 3, o->at);
	return store_run(s, &supersede_query, why);
}

static int insert(struct store *s, const struct offense *o, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &add_query, why);
	char address[ADDRESS_TEXT];
	struct store_key lo, hi;

	if (q == NULL)
		return -1;
	store_key_range(&o->address, &lo, &hi);
	sqlite3_bind_int64(q, 1, o->jail);
	store_bind_address(q, 2, &o->address, address);
	sqlite3_bind_int64(q, 3, o->strike);
	sqlite3_bind_int64(q, 4, o->at);
	sqlite3_bind_int64(q, 5, o->until);
	sqlite3_bind_int64(q, 6, o->failures);
	sqlite3_bind_int64(q, 7, o->late);
	store_bind_text(q, 8, o->why);
	sqlite3_bind_int(q, 9, o->observed);
	sqlite3_bind_int64(q, 10, o->enforced);
	sqlite3_bind_int64(q, 11, o->ended);
	sqlite3_bind_int64(q, 12, o->lifted);
	store_bind_text(q, 13, o->lifted_by);
	store_bind_text(q, 14, o->lifted_why);
	store_bind_key(q, 15, &lo);
	store_bind_key(q, 16, &hi);
	return store_run(s, &add_query, why);
}

int offense_add(struct store *s, struct offense *o, struct fault *why)
{
	bool open = o->ended == 0 && o->lifted == 0;

	if (open && supersede(s, o, why) < 0)
		return -1;
	if (insert(s, o, why) < 0)
		return -1;
	o->id = sqlite3_last_insert_rowid(s->db);
	return open ? store_hand_over(s, &o->address, o->at, why) : 0;
}

int offense_late(struct store *s, int64_t jail, const struct address *a,
		 unsigned count, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &late_query, why);
	char address[ADDRESS_TEXT];

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, a, address);
	sqlite3_bind_int64(q, 2, jail);
	sqlite3_bind_int64(q, 3, count);
	return store_run(s, &late_query, why);
}

int offense_lift(struct store *s, int64_t jail, const struct address *a,
		 int64_t now, const char *who, const char *reason, size_t *n,
		 struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &lift_query, why);
	char address[ADDRESS_TEXT];
	size_t lifted;

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, a, address);
	sqlite3_bind_int64(q, 2, jail);
	sqlite3_bind_int64(q, 3, now);
	store_bind_text(q, 4, who);
	store_bind_text(q, 5, reason);
	if (store_run(s, &lift_query, why) < 0)
		return -1;
	lifted = (size_t)sqlite3_changes64(s->db);
	if (lifted > 0 && store_hand_over(s, a, now, why) < 0)
		return -1;
	*n = lifted;
	return 0;
}

int offense_next_end(struct store *s, int64_t jail, int64_t *when,
		     struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &next_end_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	if (store_step(s, &next_end_query, why) < 0)
		return -1;
	*when = sqlite3_column_int64(q, 0);
	store_reset(s, &next_end_query);
	return 0;
}

/* The ban that ran out first, and its end; 1 found, 0 none, -1 a fault. */
static int end_one(struct store *s, int64_t jail, int64_t now,
		   struct offense *o, bool *whole, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &expired_query, why);
	int found;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, now);
	found = store_step(s, &expired_query, why);
	if (found <= 0)
		return found;
	*whole = offense_read(q, o);
	store_reset(s, &expired_query);
	q = store_prepare(s, &end_query, why);
	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, o->id);
	o->ended = o->until;
	return store_run(s, &end_query, why) < 0 ? -1 : 1;
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

static const struct store_query unobserve_query = {
	SLOT_OFFENSE_UNOBSERVE, true, "end observed bans in",
	"UPDATE offense SET ended = min(coalesce(until, ?2), ?2)"
	" WHERE jail = ?1 AND observed = 1 AND " SQL_OPEN("")};

int offense_unobserve(struct store *s, int64_t jail, int64_t now,
		      struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &unobserve_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, now);
	return store_run(s, &unobserve_query, why);
}

/* One that is over and still in the kernel has to be taken out first. */
static const struct store_query prune_query = {
	SLOT_OFFENSE_PRUNE, true, "forget offenses in",
	"DELETE FROM offense WHERE id IN"
	" (SELECT id FROM offense WHERE jail = ?1 AND at < ?2"
	"  AND coalesce(lifted, ended) < ?2 AND enforced < ?2"
	"  ORDER BY at LIMIT ?3)"};

int offense_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &prune_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, before);
	sqlite3_bind_int64(q, 3, (int64_t)limit);
	if (store_run(s, &prune_query, why) < 0)
		return -1;
	*n = (size_t)sqlite3_changes64(s->db);
	return 0;
}
