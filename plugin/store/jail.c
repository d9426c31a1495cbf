/* store_jail: jails and their effective settings, see saslban/store.h. */
#include "saslban/jail.h"

#include <stdlib.h>

#include "saslban/offense.h"
#include "store_impl.h"

static const struct store_query put_query = {
	SLOT_JAIL_PUT, true, "keep a jail in",
	"INSERT INTO jail (name, configured) VALUES (?1, ?2)"
	" ON CONFLICT (name) DO UPDATE SET configured = ?2"};

/* Not RETURNING above: it makes SQLite look through all that could refer to a
 * new jail. */
static const struct store_query id_query = {
	SLOT_JAIL_ID, false, "find a jail in",
	"SELECT id FROM jail WHERE name = ?1"};

static const struct store_query set_query = {
	SLOT_JAIL_SET, false, "read a jail's set in",
	"SELECT value <> ?2 FROM setting WHERE jail = ?1 AND name = 'set'"};

static const struct store_query forget_query = {
	SLOT_JAIL_FORGET, true, "forget a jail's settings in",
	"DELETE FROM setting WHERE jail = ?1"};

static const struct store_query setting_query = {
	SLOT_JAIL_SETTING, true, "keep a setting in",
	"INSERT INTO setting (jail, name, ordinal, value)"
	" VALUES (?1, ?2, ?3, ?4)"};

static const struct store_query touch_query = {
	SLOT_JAIL_TOUCH, true, "note the time in",
	"UPDATE jail SET seen = ?2 WHERE id = ?1"};

static const struct store_query seen_query = {
	SLOT_JAIL_SEEN, false, "read the time in",
	"SELECT seen FROM jail WHERE id = ?1"};

static const struct store_query each_query = {
	SLOT_JAIL_EACH, false, "read the jails in",
	"SELECT id, seen FROM jail ORDER BY name"};

static const struct store_query settings_query = {
	SLOT_JAIL_SETTINGS, false, "read a jail's settings in",
	"SELECT name, value FROM setting WHERE jail = ?1"
	" ORDER BY name, ordinal"};

static const struct store_query kin_query = {
	SLOT_JAIL_KIN, false, "read the jails of a set in",
	"SELECT jail FROM " SQL_SAME_SET("?1") " UNION SELECT ?1"};

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
	sqlite3_stmt *q = store_prepare(k->s, &setting_query, k->why);

	if (q == NULL)
		return -1;
	k->ordinal = k->name == name ? k->ordinal + 1 : 0;
	k->name = name;
	sqlite3_bind_int64(q, 1, k->jail);
	store_bind_text(q, 2, name);
	sqlite3_bind_int64(q, 3, k->ordinal);
	store_bind_text(q, 4, value);
	return store_run(k->s, &setting_query, k->why);
}

/* What is in the old set is not in the new one. */
static int leave_set(struct store *s, const struct settings *settings,
		     int64_t jail, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &set_query, why);
	int more;
	bool another;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	store_bind_text(q, 2, settings->set);
	more = store_step(s, &set_query, why);
	if (more < 0)
		return -1;
	another = more > 0 && sqlite3_column_int(q, 0) != 0;
	store_reset(s, &set_query);
	return another ? store_unenforce(s, jail, why) : 0;
}

static int put_name(struct store *s, const char *name, int64_t now, int64_t *id,
		    struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &put_query, why);

	if (q == NULL)
		return -1;
	store_bind_text(q, 1, name);
	sqlite3_bind_int64(q, 2, now);
	if (store_run(s, &put_query, why) < 0)
		return -1;
	q = store_prepare(s, &id_query, why);
	if (q == NULL)
		return -1;
	store_bind_text(q, 1, name);
	if (store_step(s, &id_query, why) < 0)
		return -1;
	*id = sqlite3_column_int64(q, 0);
	store_reset(s, &id_query);
	return 0;
}

int jail_put(struct store *s, const struct settings *settings, int64_t now,
	     int64_t *id, struct fault *why)
{
	struct keeping k = {.s = s, .why = why};
	sqlite3_stmt *q;

	if (put_name(s, settings->name, now, &k.jail, why) < 0 ||
	    leave_set(s, settings, k.jail, why) < 0)
		return -1;
	q = store_prepare(s, &forget_query, why);
	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, k.jail);
	if (store_run(s, &forget_query, why) < 0 ||
	    settings_each(settings, keep_setting, &k) != 0)
		return -1;
	*id = k.jail;
	return 0;
}

int jail_touch(struct store *s, int64_t jail, int64_t now, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &touch_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, now);
	return store_run(s, &touch_query, why);
}

int jail_seen(struct store *s, int64_t jail, int64_t *seen, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &seen_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	if (store_step(s, &seen_query, why) < 0)
		return -1;
	*seen = sqlite3_column_int64(q, 0);
	store_reset(s, &seen_query);
	return 0;
}

/* A parameter that this program does not know was written by a later one of
 * the same schema; one that is not there has its default. */
static int read_settings(struct store *s, struct jail *jail, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &settings_query, why);
	int more;

	if (q == NULL)
		return -1;
	settings_init(&jail->settings);
	sqlite3_bind_int64(q, 1, jail->id);
	while ((more = store_step(s, &settings_query, why)) > 0) {
		const char *name = (const char *)sqlite3_column_text(q, 0);
		const char *value = (const char *)sqlite3_column_text(q, 1);

		if (name == NULL || value == NULL || !settings_find(name) ||
		    settings_set(&jail->settings, name, value, why) == 0)
			continue;
		store_reset(s, &settings_query);
		if (why != NULL)
			why->kind = FAULT_STORE;
		return fault_prefix(why, "cannot read a jail in '%s'", s->path);
	}
	return more;
}

int jail_each(struct store *s,
	      int (*see)(void *context, const struct jail *jail), void *context,
	      struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &each_query, why);
	struct jail *jail;
	int answer;

	if (q == NULL)
		return -1;
	/* Too large for the stack of a thread that may be a small one. */
	jail = malloc(sizeof(*jail));
	if (jail == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	while ((answer = store_step(s, &each_query, why)) > 0) {
		jail->id = sqlite3_column_int64(q, 0);
		jail->seen = sqlite3_column_int64(q, 1);
		answer = read_settings(s, jail, why);
		if (answer == 0)
			answer = see(context, jail);
		if (answer != 0)
			break;
	}
	store_reset(s, &each_query);
	free(jail);
	return answer;
}

int jail_kin(struct store *s, int64_t jail,
	     int (*see)(void *context, int64_t kin), void *context,
	     struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &kin_query, why);
	int answer;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	while ((answer = store_step(s, &kin_query, why)) > 0)
		if ((answer = see(context, sqlite3_column_int64(q, 0))) != 0)
			break;
	store_reset(s, &kin_query);
	return answer;
}
