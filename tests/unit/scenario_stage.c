/* scenario_stage: see scenario_stage.h. */
#include "scenario_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "saslban/exempt.h"
#include "saslban/jail.h"

enum { TICK = 10 /* seconds between two looks while there is an outage */ };

/* In the place of the C library's, also for SQLite: power does not fail here,
 * and thousands of databases need not wait for a disk. */
#define FOR_ALL __attribute__((visibility("default")))

FOR_ALL int fsync(int fd)
{
	(void)fd;
	return 0;
}

FOR_ALL int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int64_t stage_wall(const struct stage *s)
{
	return START + s->shifted + s->at;
}

struct moment stage_now(const struct stage *s)
{
	return (struct moment){.wall = stage_wall(s), .boot = BOOT + s->at};
}

/* ---- open and close ---- */

static int open_judge(struct stage *s)
{
	struct judge *old = s->judge;
	int result;

	s->judge = NULL;
	result = judge_open(&s->judge, &s->settings, s->exempt, s->store,
			    s->jail, stage_now(s), &s->why);
	if (result == 0 && old != NULL)
		result = judge_inherit(s->judge, old, &s->why);
	judge_close(old);
	return result;
}

/* The clock may have been set back meanwhile. */
static int enter(struct stage *s)
{
	int64_t seen;
	int result;

	if (store_begin(s->store, &s->why) < 0)
		return -1;
	result = jail_put(s->store, &s->settings, stage_wall(s), &s->jail,
			  &s->why);
	if (result == 0 && s->settings.enforce)
		result = offense_unobserve(s->store, s->jail, stage_wall(s),
					   &s->why);
	if (result == 0)
		result = jail_seen(s->store, s->jail, &seen, &s->why);
	if (result == 0 && seen > stage_wall(s) + MOMENT_SLACK)
		result = store_shift(s->store, s->jail, stage_wall(s),
				     stage_wall(s) - seen, &s->why);
	return store_end(s->store, result, &s->why);
}

static int start(struct stage *s)
{
	if (exempt_open(&s->exempt, &s->settings, &s->why) < 0 ||
	    store_open(&s->store, s->settings.database, STORE_CREATE, &s->why) <
		    0 ||
	    enter(s) < 0)
		return -1;
	return open_judge(s);
}

static void stop(struct stage *s)
{
	judge_close(s->judge);
	store_close(s->store);
	exempt_close(s->exempt);
	s->judge = NULL;
	s->store = NULL;
	s->exempt = NULL;
}

/* ---- time passes ---- */

static int look_after(struct stage *s, bool all)
{
	static struct offense fresh[JUDGE_FRESH];
	size_t n;

	if (judge_upkeep(s->judge, stage_now(s), all, fresh, &n, &s->why) < 0)
		return -1;
	s->bans += n;
	return 0;
}

int stage_judge(struct stage *s, const struct sighting *batch, size_t n,
		size_t *fresh)
{
	static struct offense offense[BATCH + JUDGE_FRESH];

	if (judge_batch(s->judge, batch, n, stage_now(s), offense, fresh,
			&s->why) < 0)
		return -1;
	s->bans += *fresh;
	return 0;
}

/* As the engine's rounds do it, which come more often. */
int stage_pass(struct stage *s, int64_t until)
{
	while (s->at < until) {
		int64_t due = judge_due(s->judge, stage_now(s));
		int64_t next = until;

		if (memory_is_outage(judge_memory(s->judge)) &&
		    s->at + TICK < next)
			next = s->at + TICK;
		if (due != INT64_MAX && due - BOOT > s->at && due - BOOT < next)
			next = due - BOOT;
		s->at = next;
		if (look_after(s, false) < 0)
			return -1;
	}
	return 0;
}

/* ---- what does not come from a log ---- */

int stage_restart(struct stage *s, bool killed)
{
	if (!killed && look_after(s, true) < 0)
		return -1;
	stop(s);
	return start(s);
}

int stage_set_clock(struct stage *s, int64_t seconds)
{
	int result;

	s->shifted += seconds;
	if (store_begin(s->store, &s->why) < 0)
		return -1;
	result =
		store_shift(s->store, s->jail, stage_wall(s), seconds, &s->why);
	if (result == 0)
		result = jail_touch(s->store, s->jail, stage_wall(s), &s->why);
	if (store_end(s->store, result, &s->why) < 0)
		return -1;
	return open_judge(s);
}

/* As saslbanctl does it, by a connection of its own. */
int stage_by_hand(struct stage *s, const struct step *step)
{
	struct offense o = {.jail = s->jail,
			    .address = step->sighting.address,
			    .strike = 1,
			    .at = stage_wall(s),
			    .until = stage_wall(s) + step->seconds,
			    .ground = GROUND_PERSON};
	struct store *store;
	size_t n;
	int result;

	if (store_open(&store, s->settings.database, STORE_WRITE, &s->why) < 0)
		return -1;
	result = store_begin(store, &s->why);
	if (result == 0 && step->kind == STEP_BAN)
		result = offense_add(store, &o, &s->why);
	else if (result == 0)
		result = offense_lift(store, s->jail, &o.address, stage_wall(s),
				      "root", "", false, &n, &s->why);
	result = store_end(store, result, &s->why);
	store_close(store);
	if (result == 0)
		result = judge_catch_up(s->judge, stage_wall(s), &s->why);
	return result;
}

int stage_set(struct stage *s, const char *text)
{
	char name[64];
	const char *equals = strchr(text, '=');

	snprintf(name, sizeof(name), "%.*s", (int)(equals - text), text);
	if (look_after(s, true) < 0)
		return -1;
	stop(s);
	if (settings_set(&s->settings, name, equals + 1, &s->why) < 0 ||
	    settings_check(&s->settings, &s->why) < 0)
		return -1;
	return start(s);
}

/* ---- the file ---- */

static bool open_dir(struct stage *s)
{
	snprintf(s->dir, sizeof(s->dir), "/tmp/saslban-scenario-XXXXXX");
	if (mkdtemp(s->dir) == NULL)
		return false;
	snprintf(s->settings.database, sizeof(s->settings.database), "%s/db",
		 s->dir);
	return true;
}

static void remove_dir(const struct stage *s)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char path[SETTINGS_PATH + 8];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", s->settings.database,
			 tails[i]);
		unlink(path);
	}
	rmdir(s->dir);
}

int stage_open(struct stage *s, const struct settings *settings, int64_t at)
{
	memset(s, 0, sizeof(*s));
	s->settings = *settings;
	s->at = at;
	if (!open_dir(s))
		return fault_set(&s->why, FAULT_STORE, "no directory");
	return start(s);
}

void stage_close(struct stage *s)
{
	stop(s);
	remove_dir(s);
}
