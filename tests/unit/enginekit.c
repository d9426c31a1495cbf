/* enginekit: see enginekit.h. */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "saslban/offense.h"
#include "saslban/store.h"

static void hear(void *context, enum report_level level, const char *text)
{
	struct world *w = context;
	size_t used = strlen(w->said);

	(void)level;
	if (strstr(text, ": started: ") != NULL)
		snprintf(w->started, sizeof(w->started), "%s", text);
	else
		snprintf(w->said + used, sizeof(w->said) - used, "%s\n", text);
}

void open_engine(struct world *w)
{
	const struct engine_parts parts = {.settings = &w->settings,
					   .reporter = &w->reporter,
					   .cutter = w->cutter,
					   .host = "mx1"};
	struct fault why;

	assert_int_equal(
		engine_open(&w->engine, &parts, &w->kernel.enforcer, &why), 0);
}

void set(struct world *w, const char *name, const char *value)
{
	struct fault why;

	assert_int_equal(settings_set(&w->settings, name, value, &why), 0);
}

/* What these tests are about does not change with the defaults. That many
 * addresses of one network fail, and for one account, is what a full set and a
 * flood are made of here. */
static const struct {
	const char *name, *value;
} parameters[] = {
	{"maxretry", "3"},
	{"findtime", "1h"},
	{"bantime", "48h"},
	{"bantime", "8d"},
	{"bantime", "32d"},
	{"forget", "32d"},
	{"known.maxretry", "10"},
	{"repeat.window", "1d"},
	{"account.hosts", "0"},
	{"network.hosts", "0"},
	{"breaker", "0"},
	{"ignoreip", "192.0.2.7"},
	{"ignoreip", "2001:db8:9::7"},
};

int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct fault why;
	int fd;

	snprintf(w->path, sizeof(w->path), "/tmp/engine-test.XXXXXX");
	fd = mkstemp(w->path);
	close(fd);
	unlink(w->path);
	settings_init(&w->settings);
	set(w, "database", w->path);
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		set(w, parameters[i].name, parameters[i].value);
	assert_int_equal(settings_check(&w->settings, &why), 0);
	w->settings.given = 0; /* a test's own lists replace these */
	w->reporter = (struct reporter){.write = hear, .context = w};
	w->now = (struct moment){.wall = START, .boot = 1000};
	recorder_init(&w->kernel, START);
	open_engine(w);
	*state = w;
	return 0;
}

int teardown(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-engines"};
	struct world *w = *state;
	char path[80];

	engine_close(w->engine);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", w->path, tails[i]);
		unlink(path);
	}
	free(w);
	return 0;
}

void wait_s(struct world *w, int64_t seconds)
{
	w->now.wall += seconds;
	w->now.boot += seconds;
	w->kernel.now += seconds;
}

void turn(struct world *w)
{
	struct fault why = {.text = ""};
	size_t n = 0;

	if (engine_round(w->engine, NULL, &n, w->now, &why) != 0)
		fail_msg("a round failed: %s", why.text);
}

void finish(struct world *w)
{
	for (int i = 0; i < 100 && engine_due(w->engine) <= w->now.boot; i++)
		turn(w);
	assert_true(engine_due(w->engine) > w->now.boot);
}

struct sighting failure(struct world *w, const char *address)
{
	struct sighting s = {
		.kind = SIGHTING_FAILURE,
		.arrived = w->now.wall,
		.reported = w->now.wall,
		.count = 1,
		.user = "alice",
		.service = "postfix/smtpd",
		.rule = "postfix:1",
	};

	assert_int_equal(
		address_parse_host(address, strlen(address), &s.address), 0);
	return s;
}

void fail_times(struct world *w, const char *address, size_t n)
{
	struct sighting batch[16];
	struct fault why = {.text = ""};
	size_t rest = n;

	assert_true(n <= 16);
	for (size_t i = 0; i < n; i++)
		batch[i] = failure(w, address);
	if (engine_round(w->engine, batch, &rest, w->now, &why) != 0)
		fail_msg("a round failed: %s", why.text);
	assert_int_equal(rest, 0);
}

int64_t left(const struct world *w, const char *address)
{
	return recorder_left(&w->kernel, address);
}

unsigned added(const struct world *w)
{
	return w->kernel.set[0].added + w->kernel.set[1].added;
}

size_t holds(const struct world *w)
{
	return w->kernel.set[0].n + w->kernel.set[1].n;
}

char *address_of(unsigned number, char buf[32])
{
	snprintf(buf, 32, "198.18.%u.%u", number / 250, 1 + number % 250);
	return buf;
}

void ban_many(struct world *w, unsigned from, size_t n)
{
	static struct sighting s[ENGINE_BATCH];
	struct fault why = {.text = ""};
	char address[32];

	for (size_t i = 0; i < n; i++) {
		s[i] = failure(w, address_of(from + (unsigned)i, address));
		s[i].count = 3;
	}
	if (engine_round(w->engine, s, &n, w->now, &why) != 0)
		fail_msg("a round failed: %s", why.text);
}

static struct store *reach(const struct world *w)
{
	struct store *store;
	struct fault why;

	assert_int_equal(store_open(&store, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(store_begin(store, &why), 0);
	return store;
}

void record_ban(struct world *w, int64_t jail, const char *address,
		unsigned strike, int64_t seconds)
{
	struct store *store = reach(w);
	struct fault why = {.text = ""};
	struct offense o = {.jail = jail,
			    .strike = strike,
			    .at = w->now.wall,
			    .until = w->now.wall + seconds,
			    .why = "by root: test"};

	assert_int_equal(address_parse(address, strlen(address), &o.address),
			 0);
	if (offense_add(store, &o, &why) < 0 || store_commit(store, &why) < 0)
		fail_msg("%s", why.text);
	store_close(store);
}

void lift(struct world *w, const char *address)
{
	struct store *store = reach(w);
	struct address a;
	struct fault why;
	size_t n;

	assert_int_equal(address_parse(address, strlen(address), &a), 0);
	assert_int_equal(offense_lift(store, 0, &a, w->now.wall, "root", "test",
				      false, &n, &why),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_commit(store, &why), 0);
	store_close(store);
}

void sql(const struct world *w, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}
