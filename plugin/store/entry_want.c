/* entry_want: what the bans want of the kernel, see saslban/entry.h. */
#include "entry_want.h"

#include "jail_set.h"
#include "query.h"
#include "saslban/entry.h"
#include "sql.h"

/* clang-format off */

/*
 * Each of the addresses, with the bans of it that are open in the jails of the
 * set ?1: the longest is what is wanted. ?3 is 1 when bans have changed, and 0
 * when only the clock has.
 *
 * `held` is what the kernel holds at least while it is no more than what is
 * wanted, and what it holds at most while it is more:
 * - Where less is wanted than before, the kernel may hold the entry for as long
 *   as was wanted: who added it may have died before he noted that.
 * - Where more is wanted than before, and than what it holds at most, it may
 *   hold nothing at all, and is to be told.
 */
#define SQL_HELD                                                            \
	"CASE WHEN excluded.wanted < wanted"                                \
	"   THEN iif(?3, max(held, wanted), held)"                          \
	"  WHEN held > wanted AND held <= excluded.wanted THEN 0"           \
	"  ELSE held END"

#define SQL_ENTER "INSERT INTO entry (set_name, address, wanted, strike, since)"

#define SQL_UPDATE                                                          \
	" ON CONFLICT (set_name, address) DO UPDATE SET"                    \
	"  held = " SQL_HELD ", wanted = excluded.wanted,"                  \
	"  strike = excluded.strike,"                                       \
	"  since = iif(excluded.wanted = 0, 0,"                             \
	"   max(excluded.since, ?3 * since))"

#define SQL_WANT(addresses)                                                 \
	SQL_ENTER                                                           \
	" SELECT ?1 || " SQL_FAMILY("a.address") ", a.address,"             \
	"  max(iif(o.id IS NULL, 0, " SQL_UNTIL("o.") ")),"                 \
	"  coalesce(max(o.strike), 0), coalesce(max(o.at), 0)"              \
	" FROM " addresses " a LEFT JOIN offense o"                         \
	"  ON o.address = a.address AND o.observed = 0"                     \
	"  AND " SQL_OPEN("o.") " AND o.jail IN " SQL_JAILS_OF("?1")        \
	" WHERE true GROUP BY a.address" SQL_UPDATE

/* The only ban of the address that is open in the jails of the set. */
static const struct query want_one_query = {
	"enter a new ban in", true,
	SQL_ENTER " VALUES (?1 || " SQL_FAMILY("?2") ", ?2, ?4, ?5, ?6)"
	SQL_UPDATE};

static const struct query want_query = {
	"bring an entry up to date in", true,
	SQL_WANT("(SELECT ?2 AS address)")};

static const struct query want_all_query = {
	"bring entries up to date in", true,
	SQL_WANT("(SELECT address FROM offense WHERE jail = ?2"
		 " AND observed = 0 AND " SQL_OPEN("") ")")};

static const struct query tidy_query = {
	"forget an entry in", true,
	"DELETE FROM entry WHERE set_name = ?1 || " SQL_FAMILY("?2")
	" AND address = ?2 AND wanted = 0 AND held = 0"};

static const struct query tidy_all_query = {
	"forget entries in", true,
	"DELETE FROM entry WHERE set_name IN (?1 || '4', ?1 || '6')"
	" AND max(wanted, held) = 0"};

static const struct query leave_query = {
	"forget a set in", true,
	"DELETE FROM entry WHERE set_name IN (?1 || '4', ?1 || '6')"};

static const struct query users_query = {
	"read the jails of a set in", false,
	"SELECT count(*) FROM " SQL_JAILS_OF("?1")};

/* clang-format on */

/* The set of the jail, by its base name. */
static int find_set(struct store *s, int64_t jail, char base[SETTINGS_SET],
		    bool *shared, struct fault *why)
{
	if (jail_set(s, jail, base, shared, why) < 0)
		return -1;
	if (base[0] == '\0')
		return fault_set(why, FAULT_STORE,
				 "the database knows no set of jail %lld; "
				 "restart rsyslogd",
				 (long long)jail);
	return 0;
}

static int want(struct store *s, const char *base, const struct address *a,
		struct fault *why)
{
	if (query_run(s, &want_query, why,
		      VALUES(TEXT(base), ADDRESS(a), INT(1))) < 0)
		return -1;
	return query_run(s, &tidy_query, why, VALUES(TEXT(base), ADDRESS(a)));
}

int entry_want(struct store *s, int64_t jail, const struct address *a,
	       struct fault *why)
{
	char base[SETTINGS_SET];

	if (find_set(s, jail, base, NULL, why) < 0)
		return -1;
	return want(s, base, a, why);
}

int entry_want_ban(struct store *s, int64_t jail, const struct address *a,
		   const struct entry_ban *ban, struct fault *why)
{
	char base[SETTINGS_SET];
	bool shared;

	if (find_set(s, jail, base, &shared, why) < 0)
		return -1;
	if (shared)
		return want(s, base, a, why);
	return query_run(s, &want_one_query, why,
			 VALUES(TEXT(base), ADDRESS(a), INT(1), INT(ban->until),
				INT(ban->strike), INT(ban->at)));
}

int entry_want_all(struct store *s, const char *base, int64_t jail, bool clock,
		   struct fault *why)
{
	if (query_run(s, &want_all_query, why,
		      VALUES(TEXT(base), INT(jail), INT(!clock))) < 0)
		return -1;
	return query_run(s, &tidy_all_query, why, VALUES(TEXT(base)));
}

int entry_leave(struct store *s, const char *base, int64_t jail,
		struct fault *why)
{
	int64_t users;

	if (query_number(s, &users_query, why, &users, VALUES(TEXT(base))) < 0)
		return -1;
	if (users > 0)
		return entry_want_all(s, base, jail, false, why);
	return query_run(s, &leave_query, why, VALUES(TEXT(base)));
}
