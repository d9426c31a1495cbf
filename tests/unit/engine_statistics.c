/*
 * engine_statistics: what filters and rules have seen, kept from start to
 * start; and what is said of a rule that runs away and of a filter that is
 * blind.
 *
 * A real filter, a real store, a recorded kernel; time is what the test says.
 */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recorder.h"
#include "saslban/engine.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"
#include "saslban/store.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, START = 1800000000 };

#define RUNAWAY "^ ?(([a-z])+.)+[A-Z]([a-z])+$"

static const char rules[] = "[Definition]\n"
			    "daemon = d\n"
			    "failregex = ^bad <ADDR>$\n"
			    "            " RUNAWAY "|^<ADDR>y\n"
			    "okregex = ^good <ADDR>$\n";

struct world {
	char path[64], file[64];
	struct settings settings;
	struct recorder kernel;
	struct reporter reporter;
	struct editions *editions;
	struct edition_worker *worker;
	struct engine *engine;
	struct moment now;
	char said[8192];
};

static void hear(void *context, enum report_level level, const char *text)
{
	struct world *w = context;
	size_t used = strlen(w->said);

	(void)level;
	if (strstr(text, ": started: ") == NULL)
		snprintf(w->said + used, sizeof(w->said) - used, "%s\n", text);
}

static void set(struct world *w, const char *name, const char *value)
{
	struct fault why;

	assert_int_equal(settings_set(&w->settings, name, value, &why), 0);
}

static void put_file(const struct world *w, const char *text)
{
	FILE *f = fopen(w->file, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void start(struct world *w)
{
	const char *spec = w->file;
	struct engine_parts parts = {.settings = &w->settings,
				     .reporter = &w->reporter};
	struct fault why = {.text = ""};

	if (editions_open(&w->editions, &spec, 1, NULL, 0, &why) < 0)
		fail_msg("%s", why.text);
	w->worker = edition_worker_open(w->editions);
	parts.editions = w->editions;
	assert_int_equal(
		engine_open(&w->engine, &parts, &w->kernel.enforcer, &why), 0);
}

static void stop(struct world *w)
{
	struct fault why = {.text = ""};

	assert_int_equal(engine_keep_last(w->engine, w->now, &why), 0);
	engine_close(w->engine);
	edition_worker_close(w->worker);
	editions_close(w->editions);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct fault why;
	int fd;

	snprintf(w->path, sizeof(w->path), "/tmp/statistics-test.XXXXXX");
	fd = mkstemp(w->path);
	close(fd);
	unlink(w->path);
	snprintf(w->file, sizeof(w->file), "%s.conf", w->path);
	put_file(w, rules);
	settings_init(&w->settings);
	set(w, "database", w->path);
	set(w, "filter", w->file);
	set(w, "enforce", "off");
	assert_int_equal(settings_check(&w->settings, &why), 0);
	w->reporter = (struct reporter){.write = hear, .context = w};
	w->now = (struct moment){.wall = START, .boot = 1000};
	recorder_init(&w->kernel, START);
	start(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-engines",
					    ".conf"};
	struct world *w = *state;
	char path[80];

	stop(w);
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", w->path, tails[i]);
		unlink(path);
	}
	free(w);
	return 0;
}

/* A round after so many seconds. */
static void turn(struct world *w, int64_t seconds)
{
	struct fault why = {.text = ""};
	size_t n = 0;

	w->now.wall += seconds;
	w->now.boot += seconds;
	if (engine_round(w->engine, NULL, &n, w->now, &why) != 0)
		fail_msg("a round failed: %s", why.text);
}

/* The line, so many times, as workers see it. */
static void see(struct world *w, const char *text, unsigned times)
{
	struct logline line = {.arrived = w->now.wall, .reported = w->now.wall};
	struct sighting s;

	logline_cut(&line, text, strlen(text));
	for (unsigned i = 0; i < times; i++)
		(void)edition_worker_match(w->worker, &line, &s);
}

static unsigned said(const struct world *w, const char *what)
{
	const char *at = w->said;
	unsigned n = 0;

	while ((at = strstr(at, what)) != NULL) {
		at++;
		n++;
	}
	return n;
}

/* ---- what the store has ---- */

struct found {
	struct filter_stats filter;
	struct rule_stats rule[4];
	size_t filters, rules;
};

static int see_filter(void *context, const struct filter_stats *s)
{
	struct found *f = context;

	f->filter = *s;
	f->filters++;
	return 0;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	struct found *f = context;

	f->rule[f->rules++] = *r;
	return f->rules == 4;
}

static struct found kept(const struct world *w)
{
	struct found f = {.filters = 0};
	struct store *s;

	assert_int_equal(store_open(&s, w->path, STORE_READ, NULL), 0);
	assert_int_equal(stats_filter_each(s, 0, see_filter, &f, NULL), 0);
	assert_int_equal(stats_rule_each(s, 0, see_rule, &f, NULL), 0);
	store_close(s);
	assert_int_equal(f.filters, 1);
	return f;
}

/* ---- tests ---- */

static void rows_test(void **state)
{
	struct world *w = *state;
	struct found f;

	turn(w, 0);
	f = kept(w);
	assert_string_equal(f.filter.filter, w->file);
	assert_int_equal(f.filter.lines, 0);
	assert_int_equal(f.rules, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(f.rule[i].hits, 0);
		assert_int_equal(f.rule[i].first, 0);
	}
	assert_non_null(strstr(f.rule[0].name, ":1"));
	assert_non_null(strstr(f.rule[2].name, ":ok:1"));
	assert_string_equal(w->said, "");
}

static void minute_test(void **state)
{
	struct world *w = *state;
	struct found f;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 3);
	see(w, "d: good 192.0.2.1", 1);
	see(w, "d: hello", 5);
	turn(w, 30);
	assert_int_equal(kept(w).filter.lines, 0); /* not yet */
	turn(w, 30);
	f = kept(w);
	assert_int_equal(f.filter.lines, 9);
	assert_int_equal(f.filter.matched, START + 60);
	assert_int_equal(f.filter.first, START + 60);
	assert_int_equal(f.rule[0].hits, 3);
	assert_int_equal(f.rule[1].hits, 0);
	assert_int_equal(f.rule[2].hits, 1);
	see(w, "d: bad 192.0.2.1", 1);
	turn(w, 60);
	f = kept(w);
	assert_int_equal(f.rule[0].hits, 4);
	assert_int_equal(f.rule[0].first, START + 60);
	assert_int_equal(f.rule[0].last, START + 120);
	assert_int_equal(f.rule[2].last, START + 60);
	turn(w, 60);
	assert_int_equal(kept(w).rule[0].last, START + 120);
}

/* Counters begin at 0 with each start; the store goes on. */
static void restart_test(void **state)
{
	struct world *w = *state;
	struct found f;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 3);
	stop(w);
	assert_int_equal(kept(w).rule[0].hits, 3);
	start(w);
	turn(w, 5);
	see(w, "d: bad 192.0.2.1", 2);
	turn(w, 60);
	f = kept(w);
	assert_int_equal(f.rules, 3);
	assert_int_equal(f.rule[0].hits, 5);
	assert_int_equal(f.filter.lines, 5);
	/* The file has another rule 1 now. */
	stop(w);
	put_file(w, "[Definition]\ndaemon = d\nfailregex = ^no <ADDR>$\n");
	start(w);
	turn(w, 5);
	f = kept(w);
	assert_int_equal(f.rules, 1);
	assert_int_equal(f.rule[0].hits, 0);
	assert_int_equal(f.filter.lines, 5);
}

static void refused_test(void **state)
{
	struct world *w = *state;
	struct store *s;
	struct fault why;
	struct found f;
	size_t n = 0;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 3);
	see(w, "d: login failed for hunter2", 2);
	assert_int_equal(store_open(&s, w->path, STORE_WRITE, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	w->now.wall += 60;
	w->now.boot += 60;
	assert_int_equal(engine_round(w->engine, NULL, &n, w->now, &why), -1);
	store_rollback(s);
	store_close(s);
	turn(w, 1);
	f = kept(w);
	assert_int_equal(f.rule[0].hits, 3);
	assert_int_equal(f.filter.unmatched, 2);
	assert_string_equal(f.filter.example + strlen(f.filter.example) - 18,
			    "login failed for *");
}

/* Somebody removes the database: the next one has every row, too. */
static void removed_test(void **state)
{
	struct world *w = *state;
	struct found f;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 3);
	turn(w, 60);
	assert_int_equal(unlink(w->path), 0);
	see(w, "d: bad 192.0.2.1", 1);
	turn(w, 5);
	f = kept(w);
	assert_int_equal(f.rules, 3);
	assert_int_equal(f.rule[0].hits, 1);
	assert_int_equal(f.filter.lines, 1);
}

static void limit_test(void **state)
{
	struct world *w = *state;
	char text[1100] = "d: ";

	memset(text + 3, 'a', 1000);
	strcpy(text + 1003, "xybPA,!!");
	turn(w, 0);
	see(w, text, 1);
	turn(w, 60);
	assert_int_equal(said(w, "ran into its limits, 1 time so far"), 1);
	assert_int_equal(kept(w).rule[1].overruns, 1);
	see(w, text, 2);
	turn(w, 60);
	assert_int_equal(said(w, "ran into its limits"), 1); /* once */
	assert_int_equal(kept(w).rule[1].overruns, 3);
	stop(w);
	start(w);
	see(w, text, 1);
	turn(w, 60);
	assert_int_equal(said(w, "ran into its limits"), 2);
}

/* An hour less than ten days, three an hour, none of which a rule knows. */
static void blind_test(void **state)
{
	struct world *w = *state;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 1);
	turn(w, 60);
	for (int hour = 0; hour < 10 * 24 - 1; hour++) {
		see(w, "d: login failed for hunter2 from 192.0.2.1", 3);
		turn(w, HOUR);
		if (hour == 7 * 24 - 2)
			assert_string_equal(w->said, "");
		if (hour == 5 * 24) { /* the days are counted in the store */
			stop(w);
			start(w);
		}
		if (hour == 8 * 24 + 5) {
			stop(w);
			start(w);
		}
	}
	assert_int_equal(said(w, "no match for 7d"), 1);
	assert_int_equal(said(w, "no match for 8d"), 1);
	assert_int_equal(said(w, "no match for 9d"), 1);
	assert_int_equal(said(w, "seems blind"), 3);
	assert_int_equal(said(w, "example 'd: login failed for * from *'; run "
				 "'saslbanctl test'"),
			 3);
	assert_int_equal(said(w, "hunter2"), 0);
	/* They have stopped, and nothing is said. */
	for (int hour = 0; hour < 3 * 24; hour++)
		turn(w, HOUR);
	assert_int_equal(said(w, "seems blind"), 3);
	/* A match: all is well for a week. */
	see(w, "d: bad 192.0.2.1", 1);
	turn(w, HOUR);
	for (int hour = 0; hour < 6 * 24; hour++) {
		see(w, "d: login failed for hunter2 from 192.0.2.1", 3);
		turn(w, HOUR);
	}
	assert_int_equal(said(w, "seems blind"), 3);
}

/* The same without a single line that looks like a failed login, or with few
 * of them, or while the rule matches. */
static void hearing_test(void **state)
{
	struct world *w = *state;

	for (int day = 0; day < 30; day++) {
		see(w, "d: hello", 50);
		if (day < 19)
			see(w, "d: login failed for x", 1);
		turn(w, DAY);
	}
	for (int day = 0; day < 30; day++) {
		see(w, "d: login failed for x", 50);
		if (day % 6 == 0)
			see(w, "d: bad 192.0.2.1", 1);
		turn(w, DAY);
	}
	assert_string_equal(w->said, "");
}

/* What an edition has counted is kept, and its rules are loaded no more. */
static void reread_test(void **state)
{
	struct world *w = *state;
	struct found f;

	turn(w, 0);
	see(w, "d: bad 192.0.2.1", 3);
	put_file(w, "[Definition]\ndaemon = d\n"
		    "failregex = ^worse <ADDR>$\n            ^bad <ADDR>$\n");
	engine_reread(w->engine);
	assert_int_equal(said(w, "filters read again: 2 rules, new or changed: "
				 "1, gone: 2\n"),
			 1);
	turn(w, MINUTE); /* the worker has the old one yet */
	see(w, "d: bad 192.0.2.1", 2);
	see(w, "d: worse 192.0.2.1", 4);
	turn(w, MINUTE);
	f = kept(w);
	assert_int_equal(f.filter.lines, 9);
	assert_int_equal(f.rules, 2);
	assert_int_equal(f.rule[0].hits + f.rule[1].hits, 6);
	put_file(w, "nothing");
	engine_reread(w->engine);
	assert_int_equal(
		said(w, "filters not read again, the old rules stay: "), 1);
	see(w, "d: worse 192.0.2.1", 1);
	turn(w, MINUTE);
	assert_int_equal(kept(w).filter.lines, 10);
}

#define COUNT_TEST(title, function)                    \
	{                                              \
		title, function, setup, teardown, NULL \
	}

static const struct CMUnitTest tests[] = {
	COUNT_TEST("each rule has a row from the start", rows_test),
	COUNT_TEST("once a minute what was counted is kept", minute_test),
	COUNT_TEST("from start to start it is added up", restart_test),
	COUNT_TEST("what the database refuses is kept later", refused_test),
	COUNT_TEST("a new database has all rows at once", removed_test),
	COUNT_TEST("a rule that runs away is told of once", limit_test),
	COUNT_TEST("a blind filter is told of once a day", blind_test),
	COUNT_TEST("one that hears is not", hearing_test),
	COUNT_TEST("files that are read again lose no count", reread_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine_statistics", tests, NULL,
					   NULL);
}
