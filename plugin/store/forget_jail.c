/* forget_jail: a jail that nobody has any more, see saslban/forget.h. */
#include "saslban/forget.h"

#include "connection.h"
#include "entry_want.h"
#include "jail_set.h"
#include "query.h"
#include "saslban/enforcer.h"
#include "saslban/entry.h"
#include "sql.h"

enum { WINDOW = 20000, PIECE = 2000 };

/* ---- what is against it ---- */

static const struct query bans_query = {
	"count bans in", false,
	"SELECT count(*) FROM offense WHERE jail = ?1 AND observed = 0"
	" AND " SQL_RUNS("", "?2")};

static const struct query entries_query = {
	"count entries in", false,
	"SELECT count(*) FROM entry"
	" WHERE set_name IN (?1 || '4', ?1 || '6') AND held > wanted"
	" AND held > ?2"};

static const struct query configured_query = {
	"find a jail in", false, "SELECT configured FROM jail WHERE id = ?1"};

int forget_jail_hold(struct store *s, int64_t jail, int64_t now,
		     struct forget_hold *out, struct fault *why)
{
	char base[SETTINGS_SET];
	bool shared;

	out->entries = 0;
	if (query_number(s, &bans_query, why, &out->bans,
			 VALUES(INT(jail), INT(now))) < 0 ||
	    query_number(s, &configured_query, why, &out->configured,
			 VALUES(INT(jail))) < 0 ||
	    jail_set(s, jail, base, &shared, why) < 0)
		return -1;
	if (base[0] == '\0' || shared)
		return 0;
	return query_number(s, &entries_query, why, &out->entries,
			    VALUES(TEXT(base), INT(now)));
}

/* ---- how many ---- */

static const struct query count_query = {
	"count the rows of a jail in", false,
	"SELECT (SELECT count(*) FROM failure WHERE jail = ?1),"
	" (SELECT count(*) FROM offense WHERE jail = ?1),"
	" (SELECT count(*) FROM breach WHERE jail = ?1)"};

int forget_jail_count(struct store *s, int64_t jail, struct forgotten *out,
		      struct fault *why)
{
	struct statement *st =
		query_begin(s, &count_query, why, VALUES(INT(jail)));

	*out = (struct forgotten){.failures = 0};
	if (st == NULL || query_next(st, why) < 0)
		return -1;
	out->failures = column_count(st, 0);
	out->bans = column_count(st, 1);
	out->breaches = column_count(st, 2);
	query_end(st);
	return 0;
}

/* ---- large tables, by windows of ids ---- */

/* A window has rows of others between, and more of its own than one step may
 * take. */
#define LAST_OF(table)                                             \
	{                                                          \
		"read the last row of " #table " in", false,       \
			"SELECT coalesce(max(id), 0) FROM " #table \
	}
#define DELETE_OF(table)                                                       \
	{                                                                      \
		"forget rows of " #table " in", true,                          \
			"DELETE FROM " #table " WHERE id IN"                   \
			" (SELECT id FROM " #table                             \
			"  WHERE id > ?1 AND id <= ?2 AND jail = ?3 LIMIT ?4)" \
	}

static const struct {
	struct query last, remove;
} large[] = {
	{LAST_OF(failure), DELETE_OF(failure)},
	{LAST_OF(offense), DELETE_OF(offense)},
	{LAST_OF(breach), DELETE_OF(breach)},
	{LAST_OF(outbox), DELETE_OF(outbox)},
	{LAST_OF(outage), DELETE_OF(outage)},
};

enum { LARGE = sizeof(large) / sizeof(large[0]) };

static int forget_window(struct forget_jail *f, struct store *s,
			 struct fault *why)
{
	int64_t *const sums[LARGE] = {&f->sum.failures, &f->sum.bans,
				      &f->sum.breaches};
	size_t n;

	if (f->done == 0 && query_number(s, &large[f->stage].last, why,
					 &f->last, NO_VALUES) < 0)
		return -1;
	if (query_run(s, &large[f->stage].remove, why,
		      VALUES(INT(f->done), INT(f->done + WINDOW), INT(f->jail),
			     INT(PIECE))) < 0)
		return -1;
	n = query_changes(s);
	if (sums[f->stage] != NULL)
		*sums[f->stage] += (int64_t)n;
	if (n == PIECE)
		return 0;
	f->done += WINDOW;
	if (f->done >= f->last) {
		f->stage++;
		f->done = 0;
	}
	return 0;
}

/* ---- entries that nobody wants any more ---- */

static int forget_entries(struct forget_jail *f, struct store *s,
			  struct fault *why)
{
	char base[SETTINGS_SET], set[ENFORCER_NAME];
	bool shared, more = false;
	size_t n;

	if (jail_set(s, f->jail, base, &shared, why) < 0)
		return -1;
	for (int i = 0; i < ENFORCER_SETS && base[0] != '\0' && !shared; i++) {
		enforcer_set_name(base, (enum enforcer_set)i, set);
		if (entry_prune(s, set, f->now, PIECE, &n, why) < 0)
			return -1;
		more = more || n == PIECE;
	}
	if (!more)
		f->stage++;
	return 0;
}

/* ---- the rest, in one ---- */

static const struct query set_totals_query = {
	"forget totals of a set in", true,
	"DELETE FROM total WHERE jail = 0 AND word IN (?1 || '4', ?1 || '6')"};

static const struct query rest_queries[] = {
	{"forget totals in", true, "DELETE FROM total WHERE jail = ?1"},
	{"forget filters in", true, "DELETE FROM filter WHERE jail = ?1"},
	{"forget rules in", true, "DELETE FROM rule WHERE jail = ?1"},
	{"forget a jail's settings in", true,
	 "DELETE FROM setting WHERE jail = ?1"},
	{"forget a jail in", true, "DELETE FROM jail WHERE id = ?1"},
};

/* The set is left when the jail has no settings any more. */
static int forget_rest(struct forget_jail *f, struct store *s,
		       struct fault *why)
{
	char base[SETTINGS_SET];
	bool shared;

	if (jail_set(s, f->jail, base, &shared, why) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(rest_queries) / sizeof(rest_queries[0]);
	     i++)
		if (query_run(s, &rest_queries[i], why, VALUES(INT(f->jail))) <
		    0)
			return -1;
	f->stage++;
	if (base[0] == '\0' || shared)
		return 0;
	if (query_run(s, &set_totals_query, why, VALUES(TEXT(base))) < 0)
		return -1;
	return entry_leave(s, base, f->jail, why);
}

/* ---- the steps ---- */

static int step(struct forget_jail *f, struct store *s, struct fault *why)
{
	struct forget_hold hold;

	if (forget_jail_hold(s, f->jail, f->now, &hold, why) < 0)
		return -1;
	if (hold.configured != f->configured || hold.bans > 0 ||
	    hold.entries > 0)
		return fault_set(why, FAULT_SETTING,
				 "an engine or a ban of it has come meanwhile");
	if (f->stage < LARGE)
		return forget_window(f, s, why);
	return f->stage == LARGE ? forget_entries(f, s, why)
				 : forget_rest(f, s, why);
}

int forget_jail_step(struct forget_jail *f, struct store *s, bool *more,
		     struct fault *why)
{
	struct forget_jail before = *f;

	*more = f->stage <= LARGE + 1;
	if (!*more)
		return 0;
	if (connection_overwrite(s, why) < 0 || store_begin(s, why) < 0)
		return -1;
	if (store_end(s, step(f, s, why), why) < 0) {
		*f = before;
		return -1;
	}
	*more = f->stage <= LARGE + 1;
	return 0;
}
