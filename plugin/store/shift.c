/* store_shift: the clock was set, see saslban/store.h. */
#include "saslban/store.h"

#include "store_impl.h"

/*
 * Back, two kinds of rows know the old clock. Bans that run: all their times
 * go back, so that what is left of them, and of their kernel entries, is the
 * same. And what lies in the future of the new clock though it has happened:
 * a failure or the end of a ban there would, for as long as the clock needs
 * to get there again, make every new failure look older than it is.
 */
static const struct store_query back[] = {
	{SLOT_OFFENSE_SHIFT, true, "shift bans in",
	 "UPDATE offense SET at = at + ?3, until = until + ?3,"
	 " enforced = max(enforced + ?3, 0),"
	 " ended = ended + ?3, lifted = lifted + ?3"
	 " WHERE jail = ?1 AND ((" SQL_OPEN(
		 "") ")"
		     " OR at > ?2 OR ended > ?2 OR lifted > ?2)"},
	{SLOT_FAILURE_SHIFT, true, "shift failures in",
	 "UPDATE failure SET at = min(at + ?3, ?2)"
	 " WHERE jail = ?1 AND at > ?2"},
	{SLOT_SOURCE_SHIFT, true, "shift what filters saw in",
	 "UPDATE source SET first = min(first, ?2), last = min(last, ?2),"
	 " matched = min(matched, ?2), warned = min(warned, ?2)"
	 " WHERE jail = ?1 AND last > ?2"},
	{SLOT_RULE_SHIFT, true, "shift what rules saw in",
	 "UPDATE rule SET first = min(first, ?2), last = min(last, ?2)"
	 " WHERE jail = ?1 AND last > ?2"},
};

/* Forward: bans that ran by the old clock run on, and what the kernel still
 * has, also of bans that were cut short, it has for as long as it had. */
static const struct store_query forward[] = {
	{SLOT_OFFENSE_FORWARD, true, "shift bans in",
	 "UPDATE offense SET at = at + ?3, until = until + ?3,"
	 " enforced = iif(enforced > 0, enforced + ?3, 0)"
	 " WHERE jail = ?1 AND " SQL_RUNS("", "?2 - ?3")},
	{SLOT_CUT_SHORT_FORWARD, true, "shift lifts in",
	 "UPDATE offense SET enforced = enforced + ?3"
	 " WHERE jail = ?1 AND enforced > ?2 - ?3 AND " SQL_CUT_SHORT("")},
	{SLOT_SOURCE_FORWARD, true, "shift what filters saw in",
	 "UPDATE source SET first = first + ?3, last = last + ?3,"
	 " matched = matched + ?3, warned = warned + ?3 WHERE jail = ?1"},
};

int store_shift(struct store *s, int64_t jail, int64_t now, int64_t step,
		struct fault *why)
{
	const struct store_query *queries = step < 0 ? back : forward;
	size_t n = step < 0 ? sizeof(back) / sizeof(back[0])
			    : sizeof(forward) / sizeof(forward[0]);

	for (size_t i = 0; step != 0 && i < n; i++) {
		sqlite3_stmt *q = store_prepare(s, &queries[i], why);

		if (q == NULL)
			return -1;
		sqlite3_bind_int64(q, 1, jail);
		sqlite3_bind_int64(q, 2, now);
		sqlite3_bind_int64(q, 3, step);
		if (store_run(s, &queries[i], why) < 0)
			return -1;
	}
	return 0;
}
