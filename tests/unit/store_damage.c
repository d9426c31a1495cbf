/* store: files that are damaged, disks that are full. */
#include "storekit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

#define PATH (KIT_DIR + 32)

static int see_jail(void *context, const struct jail *jail)
{
	(void)context;
	(void)jail;
	return 0;
}

enum { DAMAGES = 120, FAILURES = 400 };

static int see_failure(void *context, const struct failure *f)
{
	(void)context;
	(void)f;
	return 0;
}

/* Whatever happens: a fault or an answer. */
static void use(struct store *s, struct fault *why)
{
	struct address a = kit_address("192.0.2.7"), net;
	struct offense_query query = {.at = &net, .now = NOW};
	struct offense o = {.jail = 1,
			    .address = a,
			    .strike = 1,
			    .at = NOW,
			    .until = NOW + 9};
	struct kit_seen seen = {"", 0, 0};
	struct jail_totals t;
	struct history h;
	struct entry e[4];
	size_t n;

	net = address_mask(&a, 8);
	offense_history(s, 1, &a, false, NOW, &h, why);
	jail_totals(s, 0, NOW, 0, &t, why);
	offense_each(s, &query, kit_see_offense, &seen, why);
	failure_each(s, &net, 0, see_failure, NULL, why);
	jail_each(s, see_jail, NULL, why);
	for (int which = ENTRY_EXCESS; which <= ENTRY_ABSENT; which++)
		entry_due(s, "saslban4", which, NOW, NOW + 9, NULL, e, 4, &n,
			  why);
	if (store_begin(s, why) == 0 && offense_add(s, &o, why) == 0 &&
	    failure_prune(s, 1, NOW, 50, &n, why) == 0)
		store_commit(s, why);
	store_rollback(s);
}

static void damage(const char *path, unsigned seed, bool truncated)
{
	FILE *f = fopen(path, "r+b");
	uint32_t x = seed * 2654435761u + 1;
	struct stat st;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	x = x * 1664525u + 1013904223u;
	if (truncated)
		assert_int_equal(ftruncate(fileno(f), x % st.st_size), 0);
	for (int i = 0; i < 200 && !truncated; i++) {
		x = x * 1664525u + 1013904223u;
		fseek(f, 100 + (long)((x >> 8) % (uint32_t)(st.st_size - 100)),
		      SEEK_SET);
		fputc((int)(x >> 3 & 0xff), f);
	}
	fclose(f);
}

static void damage_test(void **state)
{
	size_t refused = 0;

	(void)state;
	for (unsigned i = 0; i < DAMAGES; i++) {
		struct fault why = {FAULT_NONE, ""};
		char dir[KIT_DIR], path[PATH], host[32];
		struct store *s;

		snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
		s = kit_open(path, STORE_CREATE);
		kit_jail(s, "sasl", "saslban");
		assert_int_equal(store_begin(s, NULL), 0);
		for (int k = 0; k < FAILURES; k++) {
			struct failure f = {.jail = 1,
					    .at = NOW - k,
					    .count = 1,
					    .user = "bob"};

			snprintf(host, sizeof(host), "192.0.2.%d", k % 256);
			f.host = f.address = kit_address(host);
			assert_int_equal(failure_add(s, &f, NULL), 0);
		}
		assert_int_equal(store_commit(s, NULL), 0);
		store_close(s);
		damage(path, i, i % 2 == 0);
		s = NULL;
		if (store_open(&s, path, STORE_CREATE, &why) == 0)
			use(s, &why);
		refused += why.kind != FAULT_NONE;
		store_close(s);
		kit_remove(dir);
	}
	/* Nearly all of it is noticed; a few cuts hit what nobody reads. */
	assert_true(refused > DAMAGES * 3 / 4);
}

/* A file that may not grow: what was written is there, the rest refused. */
static void fill(const char *path)
{
	const struct rlimit small = {256 << 10, 256 << 10};
	struct address a = kit_address("192.0.2.7");
	struct failure f = {
		.jail = 1, .host = a, .address = a, .at = NOW, .count = 1};
	struct fault why = {FAULT_NONE, ""};
	int64_t sum = 0, rows = 0;
	struct store *s = NULL;
	bool fine;

	signal(SIGXFSZ, SIG_IGN);
	fine = setrlimit(RLIMIT_FSIZE, &small) == 0 &&
	       store_open(&s, path, STORE_WRITE, &why) == 0;
	for (int i = 0; fine && i < 100000; i++, rows++) {
		if (store_begin(s, &why) < 0 || failure_add(s, &f, &why) < 0 ||
		    store_commit(s, &why) < 0)
			break;
	}
	fine = fine && why.kind == FAULT_STORE;
	if (!fine)
		fprintf(stderr, "# %lld rows: %s\n", (long long)rows, why.text);
	store_rollback(s);
	fine = fine && failure_sum(s, 1, &a, 0, &sum, &why) == 0 &&
	       sum == rows && rows > 10;
	store_close(s);
	kit_child_exit(fine);
}

static void full_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct store *s;
	pid_t pid;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	kit_jail(s, "sasl", "saslban");
	store_close(s);
	pid = fork();
	if (pid == 0)
		fill(path);
	assert_true(kit_child_fine(pid));
	kit_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_test),
		cmocka_unit_test(full_test),
	};

	return cmocka_run_group_tests_name("store_damage", tests, NULL, NULL);
}
