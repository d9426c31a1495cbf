/*
 * store_due: what the kernel lacks or has too much of, see saslban/store.h.
 *
 * Jails may share a set. The kernel then has one entry for an address that
 * several of them ban, and what is true of it is the longest of their bans:
 * a shorter one never overwrites it, and the lift of one leaves it in as long
 * as another runs. `Kin` below are the bans of the same address in jails of
 * the same set.
 */
#include "saslban/offense.h"

#include "saslban/duration.h"
#include "store_impl.h"

/* Running kin of o, that the kernel should have; FROM and WHERE. */
#define SQL_KIN(o, now)                                  \
	" FROM offense k WHERE k.address = " o "address" \
	" AND k.jail IN " SQL_SAME_SET(                  \
		o "jail") " AND k.observed = 0 AND " SQL_RUNS("k.", now)

#define SQL_FROM " FROM offense o JOIN jail j ON j.id = o.jail"

/* A jail whose settings were deleted by hand is its own only kin. */
#define SQL_KIN_UNTIL                                         \
	"coalesce((SELECT max(coalesce(k.until, " SQL_FOREVER \
	"))" SQL_KIN("o.", "?2") "), o.until, " SQL_FOREVER ")"

#define SQL_BEHIND                           \
	" AND (o.enforced, o.id) > (?5, ?6)" \
	" ORDER BY o.enforced, o.id LIMIT ?4"

/* clang-format off */
static const struct store_query due_queries[] = {
	[STORE_DUE_BAN] = {
		SLOT_DUE_BAN, false, "look for bans that are due in",
		"SELECT " SQL_OFFENSE(SQL_KIN_UNTIL) SQL_FROM
		" WHERE o.jail = ?1 AND " SQL_PENDING("o.")
		" AND (o.until IS NULL OR o.until > ?2)"
		" AND o.enforced < ?3" SQL_BEHIND},
	[STORE_DUE_LIFT] = {
		SLOT_DUE_LIFT, false, "look for lifts that are due in",
		"SELECT " SQL_OFFENSE(SQL_OWN_UNTIL) SQL_FROM
		" WHERE o.jail = ?1 AND " SQL_CUT_SHORT("o.")
		" AND o.enforced > ?2"
		" AND NOT EXISTS (SELECT 1" SQL_KIN("o.", "?2") ")"
		SQL_BEHIND},
};
/* clang-format on */

/* clang-format off */
static const struct store_query cut_short_query = {
	SLOT_CUT_SHORT, false, "read lifted bans in",
	"SELECT " SQL_OFFENSE(SQL_OWN_UNTIL) SQL_FROM
	" WHERE o.jail = ?1 AND " SQL_CUT_SHORT("o.")
	" AND o.enforced <= ?2 AND o.observed = 0"
	" AND (o.until IS NULL OR o.until > ?2)"};
/* clang-format on */

static const struct store_query rearm_query = {
	SLOT_DUE_REARM, false, "look for the next re-arming in",
	"SELECT coalesce(min(enforced), " SQL_FOREVER ") FROM offense"
	" WHERE jail = ?1 AND enforced > 0 AND " SQL_PENDING("")};

/* Longer than any ban of the address now runs: the one for which it was put in
 * was lifted meanwhile. It is to be put in again, for its own time. */
/* clang-format off */
static const struct store_query enforced_query = {
	SLOT_ENFORCED, true, "note what the kernel has in",
	"UPDATE offense AS o SET enforced = iif(" SQL_OPEN("o.") " AND ?2 >"
	" (SELECT max(coalesce(k.until, " SQL_FOREVER ")) FROM offense k"
	"  WHERE k.address = o.address AND k.observed = 0"
	"  AND k.jail IN " SQL_SAME_SET("o.jail") " AND " SQL_OPEN("k.") "),"
	" 0, ?2) WHERE o.id = ?1"};
/* clang-format on */

/* The entry is out, and with it that of all kin, whatever they believed. */
static const struct store_query put_back_query = {
	SLOT_PUT_BACK, true, "put back a ban in",
	"UPDATE offense SET enforced = 0 WHERE id IN"
	" (SELECT k.id FROM offense o"
	"  JOIN offense k ON k.address = o.address AND " SQL_OPEN(
		"k.") "  AND k.observed = 0 AND k.enforced > 0"
		      "  AND k.jail IN " SQL_SAME_SET(
			      "o.jail") "  WHERE o.id = ?1)"};

static const struct store_query unenforce_queries[] = {
	{SLOT_UNENFORCE_OPEN, true, "put back bans in",
	 "UPDATE offense SET enforced = 0"
	 " WHERE jail = ?1 AND enforced > 0 AND " SQL_OPEN("")},
	{SLOT_UNENFORCE_CUT, true, "forget lifts in",
	 "UPDATE offense SET enforced = 0"
	 " WHERE jail = ?1 AND enforced > 0 AND " SQL_CUT_SHORT("")},
};

/* The heirs are put in again, for as long as they run. What was cut short
 * keeps its claim until then and beyond: an heir may end before it is put in,
 * and the entry would stay for the time that is not. When no heir runs any
 * more, the lift is due. */
/* clang-format off */
static const struct store_query hand_over_query = {
	SLOT_HAND_OVER, true, "hand over an entry in",
	"UPDATE offense SET enforced = 0 WHERE id IN"
	" (SELECT k.id FROM offense o"
	"  JOIN offense k ON k.address = o.address AND " SQL_OPEN("k.")
	"  AND k.observed = 0 AND k.enforced > 0"
	"  AND k.jail IN " SQL_SAME_SET("o.jail")
	"  WHERE o.address = ?1 AND " SQL_CUT_SHORT("o.")
	"  AND o.enforced > ?2)"};
/* clang-format on */

int store_due(struct store *s, const struct due_query *due, struct offense *out,
	      size_t limit, size_t *n, struct fault *why)
{
	const struct store_query *query = &due_queries[due->which];
	sqlite3_stmt *q = store_prepare(s, query, why);
	size_t found = 0;
	int more;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, due->jail);
	sqlite3_bind_int64(q, 2, due->now);
	sqlite3_bind_int64(q, 3, due->horizon);
	sqlite3_bind_int64(q, 4, (int64_t)limit);
	sqlite3_bind_int64(q, 5, due->after ? due->after->enforced : -1);
	sqlite3_bind_int64(q, 6, due->after ? due->after->id : -1);
	while ((more = store_step(s, query, why)) > 0)
		if (offense_read(q, &out[found]))
			found++;
	if (more < 0)
		return -1;
	*n = found;
	return 0;
}

int store_cut_short_each(struct store *s, int64_t jail, int64_t now,
			 int (*see)(void *context, const struct offense *o),
			 void *context, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &cut_short_query, why);
	struct offense o;
	int answer;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, now);
	while ((answer = store_step(s, &cut_short_query, why)) > 0) {
		if (!offense_read(q, &o))
			continue;
		if ((answer = see(context, &o)) != 0)
			break;
	}
	store_reset(s, &cut_short_query);
	return answer;
}

int store_next_rearm(struct store *s, int64_t jail, int64_t *when,
		     struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &rearm_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	if (store_step(s, &rearm_query, why) < 0)
		return -1;
	*when = sqlite3_column_int64(q, 0);
	store_reset(s, &rearm_query);
	return 0;
}

int offense_enforced(struct store *s, int64_t id, int64_t until,
		     struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &enforced_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, id);
	sqlite3_bind_int64(q, 2, until);
	if (store_run(s, &enforced_query, why) < 0)
		return -1;
	if (until != 0)
		return 0;
	q = store_prepare(s, &put_back_query, why);
	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, id);
	return store_run(s, &put_back_query, why);
}

int store_unenforce(struct store *s, int64_t jail, struct fault *why)
{
	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *q = store_prepare(s, &unenforce_queries[i], why);

		if (q == NULL)
			return -1;
		sqlite3_bind_int64(q, 1, jail);
		if (store_run(s, &unenforce_queries[i], why) < 0)
			return -1;
	}
	return 0;
}

int store_hand_over(struct store *s, const struct address *a, int64_t now,
		    struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &hand_over_query, why);
	char address[ADDRESS_TEXT];

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, a, address);
	sqlite3_bind_int64(q, 2, now);
	return store_run(s, &hand_over_query, why);
}
