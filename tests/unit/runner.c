/*
 * runner: several workers offer at once, the engine's thread takes. Built
 * with ThreadSanitizer as well (selftest). Observes, so that it needs no
 * kernel.
 *
 * Where seconds are promised, the clock is the test's: it stands still, or goes
 * on by being looked at. Then it does not matter how fast the machine is; what
 * waits for longer than promised is seen, or waits until the alarm.
 */
#include "row.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/runner.h"
#include "saslban/store.h"

enum { WORKERS = 4, EACH = 1000, HANG = 300 };

/* ---- the clock ---- */

enum { LOOKS = 20 }; /* make a second */

static atomic_llong looks;    /* what the clock shows; 0: the real time */
static atomic_llong per_look; /* 0: it stands still */

/* In the place of the C library's, for the program and all that is linked
 * with it. What waits for the monotonic clock really waits. */
int clock_gettime(clockid_t clock, struct timespec *out)
{
	if (atomic_load(&looks) == 0 || clock == CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, out);
	*out = (struct timespec){
		.tv_sec = (time_t)(atomic_fetch_add(&looks,
						    atomic_load(&per_look)) /
				   LOOKS)};
	return 0;
}

static void take_clock(bool goes)
{
	atomic_store(&per_look, goes);
	atomic_store(&looks, (long long)time(NULL) * LOOKS);
}

static void pass(int seconds)
{
	atomic_fetch_add(&looks, seconds * LOOKS);
}

static time_t seen(void)
{
	return (time_t)(atomic_load(&looks) / LOOKS);
}

/* ---- the world ---- */

struct world {
	char path[64];
	struct settings settings;
	struct reporter reporter;
	struct runner *runner;
	pthread_mutex_t lock;
	char said[4096];
};

/* Called on the threads of the engines; read after runner_stop. */
static void hear(void *context, enum report_level level, const char *text)
{
	struct world *w = context;
	size_t used;

	(void)level;
	pthread_mutex_lock(&w->lock);
	used = strlen(w->said);
	if (strstr(text, ": started: ") == NULL)
		snprintf(w->said + used, sizeof(w->said) - used, "%s\n", text);
	pthread_mutex_unlock(&w->lock);
}

static void set(struct world *w, const char *name, const char *value)
{
	struct fault why;

	assert_int_equal(settings_set(&w->settings, name, value, &why), 0);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct fault why;
	int fd;

	snprintf(w->path, sizeof(w->path), "/tmp/runner-test.XXXXXX");
	fd = mkstemp(w->path);
	close(fd);
	unlink(w->path);
	pthread_mutex_init(&w->lock, NULL);
	settings_init(&w->settings);
	set(w, "database", w->path);
	set(w, "enforce", "off");
	set(w, "maxretry", "1000000");
	set(w, "network.hosts", "0");
	set(w, "account.hosts", "0");
	assert_int_equal(settings_check(&w->settings, &why), 0);
	w->reporter = (struct reporter){.write = hear, .context = w};
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-engines"};
	struct world *w = *state;
	char path[80];

	atomic_store(&looks, 0);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", w->path, tails[i]);
		unlink(path);
	}
	free(w);
	return 0;
}

static void start(struct world *w)
{
	const struct engine_parts parts = {.settings = &w->settings,
					   .reporter = &w->reporter};
	struct fault why;

	assert_int_equal(runner_start(&w->runner, &parts, &why), 0);
}

static void *offer(void *context)
{
	struct world *w = context;
	struct sighting s = {.kind = SIGHTING_FAILURE, .count = 1};
	uintptr_t accepted = 0;

	s.arrived = s.reported = time(NULL);
	(void)address_parse_host("198.51.100.1", 12, &s.address);
	for (int i = 0; i < EACH; i++) {
		s.address.bytes[3] = (uint8_t)i;
		accepted += runner_offer(w->runner, &s);
	}
	return (void *)accepted;
}

static uint64_t count_failures(const struct world *w)
{
	struct jail_totals totals;
	struct store *store;
	struct fault why;

	assert_int_equal(store_open(&store, w->path, STORE_READ, &why), 0);
	assert_int_equal(jail_totals(store, 0, time(NULL), 0, &totals, &why),
			 0);
	store_close(store);
	return (uint64_t)totals.failures;
}

static void workers_test(void **state)
{
	struct world *w = *state;
	pthread_t threads[WORKERS];
	uintptr_t accepted = 0;
	void *one;

	start(w);
	runner_go(w->runner);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, offer, w),
				 0);
	for (int i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(threads[i], &one), 0);
		accepted += (uintptr_t)one;
	}
	runner_stop(w->runner);
	assert_string_equal(w->said, "");
	assert_int_equal(accepted, WORKERS * EACH);
	assert_int_equal(count_failures(w), WORKERS * EACH);
}

/* As under a start that fails later: no file is made. */
static void never_gone_test(void **state)
{
	struct world *w = *state;

	start(w);
	(void)offer(w);
	runner_stop(w->runner);
	assert_int_equal(access(w->path, F_OK), -1);
	runner_stop(NULL);
}

static void refused_test(void **state)
{
	struct world *w = *state;
	time_t before;

	set(w, "database", "/nonexistent/saslban.db");
	take_clock(true);
	start(w);
	runner_go(w->runner);
	(void)offer(w);
	before = seen();
	runner_stop(w->runner);
	/* rsyslogd gives us no longer than this. */
	assert_in_range(seen() - before, RUNNER_LAST, RUNNER_LAST + 2);
	assert_non_null(strstr(
		w->said,
		"jail sasl: cannot record; failures are being queued: "));
	assert_non_null(strstr(w->said, "stopped with 1000 failures that could "
					"not be recorded"));
}

/* Whose share it is. While the thread has not begun, hosts that are one
 * offender have half of the 12288 places for failures; hosts that are not,
 * all. */
static void holder_test(void **state)
{
	static const struct {
		const char *prefix4, *prefix6;
		const char *host; /* and 65535 others, which differ ... */
		size_t at;        /* ... in this byte and the next */
		unsigned fit;
	} rows[] = {
		{"32", "64", "10.1.0.0", 2, 12288},
		{"16", "64", "10.1.0.0", 2, 6144},
		{"32", "64", "2001:db8::", 14, 6144},
		{"32", "128", "2001:db8::", 14, 6144},
		{"32", "64", "2001:db8::", 6, 12288},
		{"32", "48", "2001:db8::", 6, 6144},
		/* IPv4 hosts behind NAT64, and a site's translator. */
		{"32", "64", "64:ff9b::", 14, 12288},
		{"16", "64", "64:ff9b::", 14, 6144},
		{"32", "64", "64:ff9b:1::", 14, 12288},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sighting s = {.kind = SIGHTING_FAILURE, .count = 1};
		unsigned fit = 0;

		set(w, "prefix.v4", rows[i].prefix4);
		set(w, "prefix.v6", rows[i].prefix6);
		assert_int_equal(address_parse_host(rows[i].host,
						    strlen(rows[i].host),
						    &s.address),
				 0);
		start(w);
		for (unsigned n = 0; n < 65536; n++) {
			s.address.bytes[rows[i].at] = (uint8_t)(n >> 8);
			s.address.bytes[rows[i].at + 1] = (uint8_t)n;
			fit += runner_offer(w->runner, &s);
		}
		runner_stop(w->runner);
		assert_int_equal(fit, rows[i].fit);
	}
}

/* More than the queue holds, while the thread has not begun. */
static void full_test(void **state)
{
	struct world *w = *state;

	start(w);
	for (int i = 0; i < RUNNER_QUEUE / EACH + 1; i++)
		(void)offer(w);
	runner_go(w->runner);
	runner_stop(w->runner);
	/* 17000 of 256 addresses in turn. */
	assert_non_null(strstr(w->said, "the queue was full, "));
	assert_non_null(
		strstr(w->said, " failures dropped, by many addresses\n"));
}

static void put_in(struct world *w, enum sighting_kind kind, const char *host,
		   unsigned times)
{
	struct sighting s = {.kind = kind, .count = 1};

	s.arrived = s.reported = time(NULL);
	assert_int_equal(address_parse_host(host, strlen(host), &s.address), 0);
	while (times-- > 0)
		(void)runner_offer(w->runner, &s);
}

/* One has half of what there is for failures, 6144 places, and then the next
 * one half of the rest, 3072; logins have what is left of all. */
static void whose_test(void **state)
{
	struct world *w = *state;

	start(w);
	put_in(w, SIGHTING_FAILURE, "2001:db8::1", 7144);
	put_in(w, SIGHTING_FAILURE, "198.51.100.1", 3082);
	put_in(w, SIGHTING_SUCCESS, "203.0.113.1", 3584 + 7);
	runner_go(w->runner);
	runner_stop(w->runner);
	assert_string_equal(
		w->said,
		"jail sasl: the queue was full, 1010 failures dropped, at "
		"least 1000 by 2001:db8::/64\n"
		"jail sasl: the queue was full, logins and signs of trouble "
		"dropped: 7\n");
	assert_int_equal(count_failures(w), 6144 + 3072);
}

/* What is dropped within the minute after the first word on it is said at
 * the end: nothing is lost without a word. */
static void dropped_last_test(void **state)
{
	struct world *w = *state;
	uint64_t offered = 0, dropped = 0;

	start(w);
	for (; offered < RUNNER_QUEUE + 2000; offered += EACH)
		(void)offer(w);
	runner_go(w->runner);
	for (; offered < 20 * RUNNER_QUEUE; offered += EACH)
		(void)offer(w);
	runner_stop(w->runner);
	for (const char *at = w->said;
	     (at = strstr(at, "the queue was full, ")) != NULL; at++)
		dropped +=
			strtoull(at + strlen("the queue was full, "), NULL, 10);
	assert_int_equal(count_failures(w) + dropped, offered);
}

/* Five jails, one locked database: they have the same two seconds. Each one
 * that began to count when it is stopped would not end. */
static void hurry_test(void **state)
{
	enum { JAILS = 5 };
	struct world *w = *state;
	struct runner *jail[JAILS];
	struct store *locker;
	struct fault why;

	assert_int_equal(store_open(&locker, w->path, STORE_CREATE, &why), 0);
	assert_int_equal(store_begin(locker, &why), 0);
	take_clock(false);
	for (int i = 0; i < JAILS; i++) {
		start(w);
		runner_go(w->runner);
		(void)offer(w);
		jail[i] = w->runner;
	}
	for (int i = 0; i < JAILS; i++)
		runner_hurry(jail[i]);
	pass(RUNNER_LAST);
	for (int i = 0; i < JAILS; i++)
		runner_stop(jail[i]);
	store_rollback(locker);
	store_close(locker);
	runner_hurry(NULL);
}

static int count_login(void *context, const struct login *l)
{
	*(int64_t *)context += strcmp(l->user, "alice") == 0;
	return 0;
}

/* A login that waits for its time when rsyslogd stops is written then. */
static void success_test(void **state)
{
	struct sighting s = {
		.kind = SIGHTING_SUCCESS, .count = 1, .user = "alice"};
	struct world *w = *state;
	struct store *store;
	struct fault why;
	int64_t n = 0;

	start(w);
	s.arrived = s.reported = time(NULL);
	(void)address_parse_host("198.51.100.1", 12, &s.address);
	for (int i = 0; i < EACH; i++)
		assert_true(runner_offer(w->runner, &s));
	runner_go(w->runner);
	runner_stop(w->runner);
	assert_string_equal(w->said, "");
	assert_int_equal(count_failures(w), 0);
	assert_int_equal(store_open(&store, w->path, STORE_READ, &why), 0);
	assert_int_equal(login_each(store, 0, 0, count_login, &n, &why), 0);
	store_close(store);
	assert_int_equal(n, 1);
}

#define RUNNER_TEST(title, function)                   \
	{                                              \
		title, function, setup, teardown, NULL \
	}

static const struct CMUnitTest tests[] = {
	RUNNER_TEST("four workers, every failure is recorded", workers_test),
	RUNNER_TEST("stopped before it began, it has touched nothing",
		    never_gone_test),
	RUNNER_TEST("a refusing database does not hold up the end",
		    refused_test),
	RUNNER_TEST("a full queue drops, and says so", full_test),
	RUNNER_TEST("whose share it is", holder_test),
	RUNNER_TEST("what was dropped, and of whom", whose_test),
	RUNNER_TEST("what is dropped last is said at the end",
		    dropped_last_test),
	RUNNER_TEST("jails that are stopped share their last chance",
		    hurry_test),
	RUNNER_TEST("who logged in last is known after the end", success_test),
};

int main(void)
{
	alarm(HANG);
	return cmocka_run_group_tests_name("runner", tests, NULL, NULL);
}
