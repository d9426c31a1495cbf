/* shift: the clock was set, see saslban/store.h. */
#include "saslban/store.h"

#include "entry_want.h"
#include "jail_set.h"
#include "query.h"
#include "sql.h"

/* clang-format off */

/* ?1 is the jail, ?2 how far the clock went, ?3 the time it shows. */
#define SQL_SHIFT(column) column " = " SQL_SHIFTED(column, "?2")
#define SQL_NOT_AFTER_NOW(column) column " = min(" column ", ?3)"

/*
 * Back, two kinds of rows know the old clock. Bans that run: all their times
 * go back, so that what is left of them is the same. And what lies in the
 * future of the new clock though it has happened: a failure or the end of a
 * ban there would, for as long as the clock needs to get there again, make
 * every new failure look older than it is.
 */
static const struct query back[] = {
	{"shift bans in", true,
	 "UPDATE offense SET " SQL_SHIFT("at") ", " SQL_SHIFT("until") ","
	 " " SQL_SHIFT("ended") ", " SQL_SHIFT("lifted")
	 " WHERE jail = ?1 AND ((" SQL_OPEN("") ")"
	 " OR at > ?3 OR ended > ?3 OR lifted > ?3)"},
	{"shift failures in", true,
	 "UPDATE failure SET at = min(" SQL_SHIFTED("at", "?2") ", ?3)"
	 " WHERE jail = ?1 AND at > ?3"},
	{"shift an outage in", true,
	 "UPDATE outage SET " SQL_SHIFT("since") ", " SQL_SHIFT("opened") ","
	 " " SQL_SHIFT("closed")
	 " WHERE jail = ?1 AND (opened > ?3 OR closed > ?3)"},
	{"shift logins in", true,
	 "UPDATE login SET " SQL_NOT_AFTER_NOW("first") ","
	 " " SQL_NOT_AFTER_NOW("last") " WHERE last > ?3"},
	{"shift what was noted last in", true,
	 "UPDATE jail SET " SQL_NOT_AFTER_NOW("trouble") ","
	 " logged_in = iif(logged_in > ?3, " SQL_SHIFTED("logged_in", "?2") ","
	 "  logged_in) WHERE id = ?1"},
	{"shift what filters saw in", true,
	 "UPDATE filter SET " SQL_NOT_AFTER_NOW("first") ","
	 " " SQL_NOT_AFTER_NOW("last") ", " SQL_NOT_AFTER_NOW("matched") ","
	 " " SQL_NOT_AFTER_NOW("warned")
	 " WHERE jail = ?1 AND last > ?3"},
	{"shift what rules saw in", true,
	 "UPDATE rule SET " SQL_NOT_AFTER_NOW("first") ","
	 " " SQL_NOT_AFTER_NOW("last")
	 " WHERE jail = ?1 AND last > ?3"},
	{"shift notices in", true,
	 "UPDATE outbox SET " SQL_NOT_AFTER_NOW("at") ", " SQL_SHIFT("due")
	 " WHERE jail = ?1 AND sent IS NULL AND kind <> 'digest'"},
	{"shift mails in", true,
	 "UPDATE outbox SET " SQL_SHIFT("sent")
	 " WHERE jail = ?1 AND sent > ?3"},
	{"shift foreign lines in", true,
	 "UPDATE jail SET " SQL_NOT_AFTER_NOW("foreign_last")
	 " WHERE id = ?1 AND foreign_last > ?3"},
};

/* Forward: bans that ran by the old clock run on, and the time for which no
 * rule has matched is what it was. */
static const struct query forward[] = {
	{"shift bans in", true,
	 "UPDATE offense SET " SQL_SHIFT("at") ", " SQL_SHIFT("until")
	 " WHERE jail = ?1 AND " SQL_RUNS("", "?3 - ?2")},
	{"shift an outage in", true,
	 "UPDATE outage SET " SQL_SHIFT("opened")
	 " WHERE jail = ?1 AND closed IS NULL"},
	{"shift notices in", true,
	 "UPDATE outbox SET " SQL_SHIFT("due")
	 " WHERE jail = ?1 AND sent IS NULL AND kind <> 'digest'"},
	{"shift what filters saw in", true,
	 "UPDATE filter SET " SQL_SHIFT("first") ", " SQL_SHIFT("last") ","
	 " " SQL_SHIFT("matched") ", " SQL_SHIFT("warned")
	 " WHERE jail = ?1"},
};

/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int store_shift(struct store *s, int64_t jail, int64_t now, int64_t step,
		struct fault *why)
{
	const struct query *queries = step < 0 ? back : forward;
	size_t n = step < 0 ? COUNT(back) : COUNT(forward);
	char set[SETTINGS_SET];

	if (step == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (query_run(s, &queries[i], why,
			      VALUES(INT(jail), INT(step), INT(now))) < 0)
			return -1;
	if (jail_set(s, jail, set, NULL, why) < 0)
		return -1;
	return set[0] == '\0' ? 0 : entry_want_all(s, set, jail, true, why);
}
