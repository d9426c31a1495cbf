/* jail: jails and their effective settings, see saslban/jail.h. */
#include "saslban/jail.h"

#include <stdlib.h>
#include <string.h>

#include "entry_want.h"
#include "jail_set.h"
#include "query.h"
#include "saslban/total.h"
#include "sql.h"

/* ---- writing ---- */

static const struct query put_query = {
	"keep a jail in", true,
	"INSERT INTO jail (name, configured) VALUES (?1, ?2)"
	" ON CONFLICT (name) DO UPDATE SET configured = ?2"};

/* Not RETURNING above: it makes SQLite look through all that could refer to a
 * new jail. */
static const struct query id_query = {"find a jail in", false,
				      "SELECT id FROM jail WHERE name = ?1"};

static const struct query observed_query = {
	"read a jail's settings in", false,
	"SELECT count(*) FROM setting s JOIN jail j ON j.id = s.jail"
	" WHERE j.name = ?1 AND s.name = 'enforce' AND s.value = 'off'"};

static const struct query forget_query = {
	"forget a jail's settings in", true,
	"DELETE FROM setting WHERE jail = ?1"};

static const struct query setting_query = {
	"keep a setting in", true,
	"INSERT INTO setting (jail, name, ordinal, value)"
	" VALUES (?1, ?2, ?3, ?4)"};

static const struct query touch_query = {
	"note the time in", true, "UPDATE jail SET seen = ?2 WHERE id = ?1"};

static const struct query seen_query = {"read the time in", false,
					"SELECT min(max(seen, 0), " SQL_LAST
					") FROM jail WHERE id = ?1"};

static const struct query foreign_query = {
	"count foreign lines in", true,
	"UPDATE jail SET foreign_lines = " SQL_COUNT(
		"foreign_lines") " + ?2,"
				 " foreign_last = ?3 WHERE id = ?1"};

struct keeping {
	struct store *s;
	int64_t jail;
	const char *name; /* of the setting before */
	int64_t ordinal;
	struct fault *why;
};

static int keep_setting(void *context, const char *name, const char *value)
{
	struct keeping *k = context;

	k->ordinal = k->name == name ? k->ordinal + 1 : 0;
	k->name = name;
	return query_run(
		k->s, &setting_query, k->why,
		VALUES(INT(k->jail), TEXT(name), INT(k->ordinal), TEXT(value)));
}

static int keep_settings(struct store *s, const struct settings *settings,
			 int64_t jail, struct fault *why)
{
	struct keeping k = {.s = s, .jail = jail, .why = why};

	if (query_run(s, &forget_query, why, VALUES(INT(jail))) < 0)
		return -1;
	return settings_each(settings, keep_setting, &k);
}

static int change_set(struct store *s, const char *from, const char *to,
		      int64_t jail, struct fault *why)
{
	if (from[0] != '\0' && entry_leave(s, from, jail, why) < 0)
		return -1;
	return entry_want_all(s, to, jail, false, why);
}

int jail_observed(struct store *s, const char *name, bool *observed,
		  struct fault *why)
{
	int64_t n;

	if (query_number(s, &observed_query, why, &n, VALUES(TEXT(name))) < 0)
		return -1;
	*observed = n > 0;
	return 0;
}

int jail_put(struct store *s, const struct settings *settings, int64_t now,
	     int64_t *id, struct fault *why)
{
	char before[SETTINGS_SET];
	int64_t jail;

	if (query_run(s, &put_query, why,
		      VALUES(TEXT(settings->name), INT(now))) < 0 ||
	    query_number(s, &id_query, why, &jail,
			 VALUES(TEXT(settings->name))) < 0 ||
	    jail_set(s, jail, before, NULL, why) < 0 ||
	    keep_settings(s, settings, jail, why) != 0)
		return -1;
	if (strcmp(before, settings->set) != 0 &&
	    change_set(s, before, settings->set, jail, why) < 0)
		return -1;
	*id = jail;
	return total_begin(s, jail, settings->enforce ? settings->set : NULL,
			   why);
}

int jail_touch(struct store *s, int64_t jail, int64_t now, struct fault *why)
{
	return query_run(s, &touch_query, why, VALUES(INT(jail), INT(now)));
}

int jail_seen(struct store *s, int64_t jail, int64_t *seen, struct fault *why)
{
	return query_number(s, &seen_query, why, seen, VALUES(INT(jail)));
}

static const struct query logged_in_query = {
	"note the last login in", true,
	"UPDATE jail SET logged_in = max(logged_in, ?2) WHERE id = ?1"};

static const struct query last_login_query = {
	"read the last login in", false,
	"SELECT logged_in FROM jail WHERE id = ?1"};

int jail_logged_in(struct store *s, int64_t jail, int64_t at, struct fault *why)
{
	return query_run(s, &logged_in_query, why, VALUES(INT(jail), INT(at)));
}

int jail_last_login(struct store *s, int64_t jail, int64_t *at,
		    struct fault *why)
{
	return query_number(s, &last_login_query, why, at, VALUES(INT(jail)));
}

int jail_add_foreign(struct store *s, int64_t jail, int64_t lines, int64_t now,
		     struct fault *why)
{
	return query_run(s, &foreign_query, why,
			 VALUES(INT(jail), INT(lines), INT(now)));
}

static const struct query in_trouble_query = {
	"note the last trouble in", true,
	"UPDATE jail SET trouble = max(trouble, ?2) WHERE id = ?1"};

static const struct query last_trouble_query = {
	"read the last trouble in", false,
	"SELECT trouble FROM jail WHERE id = ?1"};

int jail_in_trouble(struct store *s, int64_t jail, int64_t at,
		    struct fault *why)
{
	return query_run(s, &in_trouble_query, why, VALUES(INT(jail), INT(at)));
}

int jail_last_trouble(struct store *s, int64_t jail, int64_t *at,
		      struct fault *why)
{
	return query_number(s, &last_trouble_query, why, at, VALUES(INT(jail)));
}

static const struct query rulesets_query = {
	"note what rulesets get in", true,
	"UPDATE jail SET events_why = ?2, notify_why = ?3 WHERE id = ?1"};

int jail_rulesets(struct store *s, int64_t jail, const char *events_why,
		  const char *notify_why, struct fault *why)
{
	return query_run(s, &rulesets_query, why,
			 VALUES(INT(jail), TEXT(events_why), TEXT(notify_why)));
}

static const struct query note_copied_query = {"note a backup in", true,
					       "UPDATE jail SET copied = 1"};

static const struct query copied_query = {
	"look for a backup in", false, "SELECT copied FROM jail WHERE id = ?1"};

static const struct query seen_copied_query = {
	"note a backup in", true, "UPDATE jail SET copied = 0 WHERE id = ?1"};

int jail_note_copied(struct store *s, struct fault *why)
{
	return query_run(s, &note_copied_query, why, NO_VALUES);
}

int jail_copied(struct store *s, int64_t jail, bool *copied, struct fault *why)
{
	int64_t n;

	if (query_number(s, &copied_query, why, &n, VALUES(INT(jail))) < 0)
		return -1;
	*copied = n != 0;
	return 0;
}

int jail_seen_copied(struct store *s, int64_t jail, struct fault *why)
{
	return query_run(s, &seen_copied_query, why, VALUES(INT(jail)));
}

/* ---- reading ---- */

static const struct query each_query = {
	"read the jails in", false,
	"SELECT id, seen, foreign_lines, coalesce(foreign_last, 0),"
	" events_why, notify_why"
	" FROM jail ORDER BY name"};

static const struct query settings_query = {
	"read a jail's settings in", false,
	"SELECT name, value FROM setting WHERE jail = ?1"
	" ORDER BY name, ordinal"};

/* A parameter that this program does not know was written by a later one of
 * the same schema; one that is not there has its default. */
static int read_setting(struct statement *st, struct settings *settings,
			struct fault *why)
{
	const char *name = column_borrow(st, 0);
	const char *value = column_borrow(st, 1);

	if (name == NULL || value == NULL || settings_find(name) == NULL)
		return 0;
	return settings_set(settings, name, value, why);
}

static int read_settings(struct store *s, struct jail *jail, struct fault *why)
{
	struct statement *st =
		query_begin(s, &settings_query, why, VALUES(INT(jail->id)));
	int more;

	if (st == NULL)
		return -1;
	settings_init(&jail->settings);
	while ((more = query_next(st, why)) > 0)
		if (read_setting(st, &jail->settings, why) < 0)
			return query_senseless(st, why);
	return more;
}

int jail_each(struct store *s,
	      int (*see)(void *context, const struct jail *jail), void *context,
	      struct fault *why)
{
	struct statement *st = query_begin(s, &each_query, why, NO_VALUES);
	struct jail *jail;
	int answer;

	if (st == NULL)
		return -1;
	/* Too large for the stack of a thread that may be a small one. */
	jail = malloc(sizeof(*jail));
	if (jail == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	while ((answer = query_next(st, why)) > 0) {
		jail->id = column_int(st, 0);
		jail->seen = column_time(st, 1);
		jail->foreign_lines = column_count(st, 2);
		jail->foreign_last = column_time(st, 3);
		column_text(st, 4, jail->events_why, JAIL_WHY);
		column_text(st, 5, jail->notify_why, JAIL_WHY);
		answer = read_settings(s, jail, why);
		if (answer == 0)
			answer = see(context, jail);
		if (answer != 0)
			break;
	}
	query_end(st);
	free(jail);
	return answer;
}

/* ---- counting ---- */

/* clang-format off */

#define SQL_JAILS "(SELECT id FROM jail WHERE ?1 = 0 OR id = ?1)"
#define SQL_OFFENSES "(SELECT count(*) FROM offense WHERE jail IN " SQL_JAILS

/* The bans that want an absent entry, from the entry to its bans (CROSS JOIN):
 * few are absent, where there may be many bans. Two ways to be absent, as for
 * entry_due. */
#define SQL_PENDING(index, absent)                                       \
	"(SELECT count(*) FROM setting s"                                \
	" CROSS JOIN entry e INDEXED BY " index                          \
	"  ON e.set_name IN (s.value || '4', s.value || '6')"            \
	" CROSS JOIN offense o"                                          \
	"  ON o.address = e.address AND o.jail = s.jail"                 \
	" WHERE s.name = 'set' AND s.jail IN " SQL_JAILS                 \
	"  AND o.observed = 0 AND " SQL_RUNS("o.", "?2") " AND " absent ")"

static const struct query totals_query = {
	"count in", false,
	"SELECT (SELECT " SQL_FAILURES " FROM failure"
	"  WHERE jail IN " SQL_JAILS " AND at >= ?3),"
	" " SQL_PENDING("entry_absent", "e.held = 0 AND e.wanted <> 0") " +"
	" " SQL_PENDING("entry_short",
		"e.held <> 0 AND e.held < e.wanted AND e.held <= ?2") ","
	" " SQL_OFFENSES " AND at >= ?3),"
	" " SQL_OFFENSES " AND lifted IS NOT NULL AND lifted >= ?3)"};

/* clang-format on */

int jail_totals(struct store *s, int64_t jail, int64_t now, int64_t since,
		struct jail_totals *out, struct fault *why)
{
	struct statement *st = query_begin(
		s, &totals_query, why, VALUES(INT(jail), INT(now), INT(since)));

	if (st == NULL || query_next(st, why) < 0)
		return -1;
	*out = (struct jail_totals){
		.failures = column_count(st, 0),
		.pending = column_count(st, 1),
		.offenses = column_count(st, 2),
		.lifted = column_count(st, 3),
	};
	query_end(st);
	return 0;
}
