/*
 * ipset_growth: a set is replaced by a larger one, and nobody notices but by
 * its size.
 */
#include "ipset_kernel.h"

#include <signal.h>
#include <sys/wait.h>

#define T0 INT64_C(1000) /* the clock does not move: the tests are fast */

static char database[] = "/tmp/growth.XXXXXX/db";

static const struct ipset_plan small = {.name = "t",
					.database = database,
					.default_timeout = DEFAULT_TIMEOUT,
					.maxelem = 1024,
					.largest = 4096};

static void make_directory(void)
{
	char *slash = strrchr(database, '/');

	*slash = '\0';
	assert_non_null(mkdtemp(database));
	*slash = '/';
}

static void remove_directory(void)
{
	char path[sizeof(database) + 16];

	snprintf(path, sizeof(path), "%s-engines", database);
	unlink(path);
	*strrchr(database, '/') = '\0';
	rmdir(database);
}

static struct enforcer *small_sets(void)
{
	struct enforcer *e = NULL;
	struct fault why;

	assert_int_equal(ipset_open(&e, &small, &why), 0);
	must_ensure(e, ENFORCER_V4);
	must_ensure(e, ENFORCER_V6);
	return e;
}

static void must_begin(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.text = ""};

	if (e->ops->grow_begin(e, set, T0, &why) < 0)
		fail_msg("%s", why.text);
}

/* All of it; returns the number of steps. */
static unsigned must_copy(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.text = ""};
	unsigned steps = 0;
	bool more = true;

	for (; more; steps++)
		if (e->ops->grow_more(e, set, T0, &more, &why) < 0)
			fail_msg("%s", why.text);
	return steps;
}

static void must_finish(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.text = ""};

	if (e->ops->grow_finish(e, set, T0, &why) < 0)
		fail_msg("%s", why.text);
}

static void must_grow(struct enforcer *e, enum enforcer_set set)
{
	must_begin(e, set);
	must_copy(e, set);
	must_finish(e, set);
}

static void no_new_sets(void)
{
	assert_int_not_equal(shell("ipset list -n | grep new"), 0);
}

/* ---- entries are kept as they are ---- */

struct kept_row {
	const char *title;
	const char *before;
	const char *after; /* succeeds */
};

#define LISTED(set, pattern) "ipset list " set " | grep -Ex '" pattern "'"
#define ABOUT_500 "(499|500|501)"

static const struct kept_row kept_rows[] = {
	{"an empty set grows", "true",
	 "ipset list -t t4 | grep 'hashsize 1024 maxelem 2048 timeout 600'"},
	{"a host, its time and its counters",
	 "ipset add t4 192.0.2.1 timeout 500 packets 7 bytes 420",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " packets 7 bytes 420 ?")},
	{"a network", "ipset add t4 192.0.2.0/24 timeout 500 packets 1",
	 LISTED("t4",
		"192.0.2.0/24 timeout " ABOUT_500 " packets 1 bytes 0 ?")},
	{"a host within a network, with another time",
	 "ipset add t4 192.0.2.0/24 timeout 500; "
	 "ipset add t4 192.0.2.1 timeout 400 packets 3 bytes 9",
	 LISTED("t4", "192.0.2.1 timeout (399|400|401) packets 3 bytes 9 ?")},
	{"a /64",
	 "ipset add t6 2001:db8:0:1::/64 timeout 500 packets 2 bytes 8",
	 LISTED("t6",
		"2001:db8:0:1::/64 timeout " ABOUT_500 " packets 2 bytes 8 ?")},
	{"a host of IPv6", "ipset add t6 2001:db8::7 timeout 500",
	 LISTED("t6", "2001:db8::7 timeout " ABOUT_500 " packets 0 bytes 0 ?")},
	{"the longest time", "ipset add t4 192.0.2.1 timeout 2147483",
	 LISTED("t4", "192.0.2.1 timeout 214748[23] .*")},
	{"one that somebody has added for good",
	 "ipset add t4 192.0.2.1 timeout 0",
	 LISTED("t4", "192.0.2.1 timeout 0 .*")},
	{"an exception", "ipset add t4 192.0.2.9 nomatch timeout 500",
	 LISTED("t4", "192.0.2.9 timeout " ABOUT_500 " nomatch .*")},
	{"counters that need 64 bits",
	 "ipset add t4 192.0.2.1 timeout 500 packets 5000000000 "
	 "bytes 9000000000",
	 LISTED("t4", ".* packets 5000000000 bytes 9000000000 ?")},
	{"a set with comments, and made in another way",
	 "ipset create x hash:net timeout 77 counters comment "
	 "maxelem 1024; ipset add x 192.0.2.1 timeout 500 comment 'of mine'; "
	 "ipset swap x t4; ipset destroy x",
	 LISTED("t4", ".*comment \"of mine\" ?") " && ipset list -t t4 | grep "
						 "'maxelem 2048 timeout 77 "
						 "counters comment'"},
	{"rules and the list go on",
	 "ipset add t4 192.0.2.1; "
	 "iptables -A INPUT -m set --match-set t src -j DROP; "
	 "iptables -A INPUT -m set --match-set t4 src -j DROP",
	 "ipset test t4 192.0.2.1 && ipset test t t4 && "
	 "ipset list -t t4 | grep 'References: 2'"},
};

static void kept(void **state)
{
	const struct kept_row *r = *state;
	struct enforcer *e = small_sets();
	uint32_t before = state_of(e, ENFORCER_V4).identity;

	assert_int_equal(shell(r->before), 0);
	must_grow(e, ENFORCER_V4);
	must_grow(e, ENFORCER_V6);
	if (shell(r->after) != 0) {
		system("ipset list");
		fail_msg("%s", r->after);
	}
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 2048);
	assert_int_equal(state_of(e, ENFORCER_V6).maxelem, 2048);
	assert_int_not_equal(state_of(e, ENFORCER_V4).identity, before);
	no_new_sets();
	e->ops->close(e);
}

/* ---- what happens while it grows ---- */

struct meanwhile_row {
	const char *title;
	const char *before;
	const char *meanwhile;
	const char *after; /* succeeds */
};

static const struct meanwhile_row meanwhile_rows[] = {
	{"added", "true", "ipset add t4 192.0.2.1 timeout 500 packets 4",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " packets 4 .*")},
	{"removed", "ipset add t4 192.0.2.1", "ipset del t4 192.0.2.1",
	 "! ipset test t4 192.0.2.1"},
	{"removed, and a network that covers it stays",
	 "ipset add t4 192.0.2.1; ipset add t4 192.0.2.0/24",
	 "ipset del t4 192.0.2.1", "! ipset list t4 | grep '^192.0.2.1 '"},
	{"renewed", "ipset add t4 192.0.2.1 timeout 60 packets 4",
	 "ipset -exist add t4 192.0.2.1 timeout 500",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " packets 4 .*")},
	{"cut short", "ipset add t4 192.0.2.1 timeout 600",
	 "ipset -exist add t4 192.0.2.1 timeout 500",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " .*")},
	{"removed and added anew", "ipset add t4 192.0.2.1 timeout 60",
	 "ipset del t4 192.0.2.1; ipset add t4 192.0.2.1 timeout 500",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " .*")},
	{"packets came", "ipset add t4 192.0.2.1 timeout 500 packets 1",
	 "ipset -exist add t4 192.0.2.1 timeout 500 packets 9 bytes 99",
	 LISTED("t4", "192.0.2.1 timeout " ABOUT_500 " packets 9 bytes 99 ?")},
	{"made permanent", "ipset add t4 192.0.2.1 timeout 500",
	 "ipset -exist add t4 192.0.2.1 timeout 0",
	 LISTED("t4", "192.0.2.1 timeout 0 .*")},
	{"flushed", "ipset add t4 192.0.2.1", "ipset flush t4",
	 "! ipset test t4 192.0.2.1"},
};

static void meanwhile(void **state)
{
	const struct meanwhile_row *r = *state;
	struct enforcer *e = small_sets();

	assert_int_equal(shell(r->before), 0);
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	assert_int_equal(shell(r->meanwhile), 0);
	must_finish(e, ENFORCER_V4);
	if (shell(r->after) != 0) {
		system("ipset list");
		fail_msg("%s", r->after);
	}
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 2048);
	no_new_sets();
	e->ops->close(e);
}

/* Thousands, of both families at once, with changes between the steps. */
static void many(void **state)
{
	static struct set_change changes[MANY];
	struct ipset_plan p = {.name = "t",
			       .database = database,
			       .default_timeout = DEFAULT_TIMEOUT,
			       .maxelem = MANY + MANY / 4,
			       .largest = 4 * MANY};
	struct enforcer *e = NULL;
	struct fault why = {.text = ""};

	(void)state;
	assert_int_equal(ipset_open(&e, &p, &why), 0);
	for (int i = 0; i < ENFORCER_SETS; i++) {
		enum enforcer_set set = (enum enforcer_set)i;

		must_ensure(e, set);
		number_changes(changes, set, 0, MANY - 2000);
		assert_int_equal(
			e->ops->add(e, set, changes, MANY - 2000, &why), 0);
		must_begin(e, set);
	}
	for (int i = 0; i < ENFORCER_SETS; i++) {
		enum enforcer_set set = (enum enforcer_set)i;
		bool more;

		assert_int_equal(e->ops->grow_more(e, set, T0, &more, &why), 0);
		assert_true(more);
		number_changes(changes, set, 0, MANY);
		assert_int_equal(e->ops->remove(e, set, changes, 5000, &why),
				 0);
		assert_int_equal(
			e->ops->add(e, set, changes + MANY - 3000, 3000, &why),
			0);
		assert_true(must_copy(e, set) > 1);
	}
	for (int i = 0; i < ENFORCER_SETS; i++) {
		enum enforcer_set set = (enum enforcer_set)i;
		struct tally t = {.n = 0};

		must_finish(e, set);
		assert_int_equal(e->ops->each(e, set, tally, &t, &why), 0);
		assert_int_equal(t.n, MANY - 5000);
		for (unsigned k = 0; k < MANY; k++)
			if (t.seen[k] != (k >= 5000))
				fail_msg("entry %u: %u", k, t.seen[k]);
		assert_int_equal(state_of(e, set).maxelem, p.maxelem * 2);
	}
	no_new_sets();
	e->ops->close(e);
}

/* ---- limits, others, and the end ---- */

static void up_to_largest(void **state)
{
	struct enforcer *e = small_sets();
	struct fault why = {.text = ""};

	(void)state;
	assert_int_equal(state_of(e, ENFORCER_V4).largest, 4096);
	shell("ipset create x hash:net timeout 9 counters maxelem 3000; "
	      "ipset swap x t4; ipset destroy x");
	must_grow(e, ENFORCER_V4);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 4096);
	assert_int_equal(e->ops->grow_begin(e, ENFORCER_V4, T0, &why), -1);
	assert_string_equal(why.text,
			    "set 't4' has 4096 entries, allowed: 4096");
	e->ops->close(e);
}

static void one_at_a_time(void **state)
{
	struct enforcer *e = small_sets();
	struct enforcer *other = small_sets();
	struct fault why = {.text = ""};

	(void)state;
	shell("ipset add t4 192.0.2.1");
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	assert_int_equal(other->ops->grow_begin(other, ENFORCER_V4, T0, &why),
			 -1);
	assert_string_equal(why.text,
			    "somebody else is making set 't4' larger");
	must_ensure(other, ENFORCER_V4); /* leaves it alone */
	must_grow(other, ENFORCER_V6);
	must_finish(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test t4 192.0.2.1"), 0);
	must_grow(other, ENFORCER_V4);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 4096);
	other->ops->close(other);
	e->ops->close(e);
}

/* Who reads a set keeps it from being swapped. */
static void somebody_reads(void **state)
{
	static struct set_change changes[5000];
	struct ipset_plan p = {.name = "t",
			       .database = database,
			       .default_timeout = DEFAULT_TIMEOUT,
			       .maxelem = 5500,
			       .largest = 22000};
	struct enforcer *e = NULL, *reader = NULL;
	struct fault why = {.text = ""};
	struct tally t = {.n = 0};
	bool more;

	(void)state;
	assert_int_equal(ipset_open(&e, &p, &why), 0);
	assert_int_equal(ipset_open(&reader, &p, &why), 0);
	must_ensure(e, ENFORCER_V4);
	number_changes(changes, ENFORCER_V4, 0, 5000);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, changes, 5000, &why), 0);
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	assert_int_equal(reader->ops->read_begin(reader, ENFORCER_V4, &why), 0);
	assert_int_equal(reader->ops->read_more(reader, tally, &t, &more, &why),
			 0);
	assert_true(more);
	assert_int_equal(e->ops->grow_finish(e, ENFORCER_V4, T0, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text,
			    "cannot swap set 't4': the set is in use");
	shell("ipset del t4 10.0.0.1; ipset add t4 192.0.2.1");
	reader->ops->read_end(reader);
	must_finish(e, ENFORCER_V4);
	assert_int_equal(shell("! ipset test t4 10.0.0.1 && "
			       "ipset test t4 192.0.2.1 && "
			       "ipset test t4 10.0.0.2"),
			 0);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 11000);
	reader->ops->close(reader);
	e->ops->close(e);
}

static void given_up(void **state)
{
	struct enforcer *e = small_sets();
	uint32_t before = state_of(e, ENFORCER_V4).identity;

	(void)state;
	shell("ipset add t4 192.0.2.1");
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	e->ops->grow_end(e, ENFORCER_V4);
	no_new_sets();
	must_begin(e, ENFORCER_V4);
	e->ops->close(e);
	no_new_sets();
	e = small_sets();
	assert_int_equal(state_of(e, ENFORCER_V4).identity, before);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 1024);
	e->ops->close(e);
}

static void replaced(void **state)
{
	struct enforcer *e = small_sets();
	struct fault why = {.text = ""};

	(void)state;
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	shell("ipset create x hash:net timeout 9 counters; ipset swap x t4");
	assert_int_equal(e->ops->grow_finish(e, ENFORCER_V4, T0, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text, "set 't4' was replaced by somebody else");
	e->ops->grow_end(e, ENFORCER_V4);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 65536);
	no_new_sets();
	e->ops->close(e);
}

/* By somebody with another database, whom the lock does not keep from it. */
static void copy_replaced(void **state)
{
	struct enforcer *e = small_sets();
	struct fault why = {.text = ""};

	(void)state;
	shell("ipset add t4 192.0.2.1");
	must_begin(e, ENFORCER_V4);
	must_copy(e, ENFORCER_V4);
	shell("ipset destroy t4.new; ipset create t4.new hash:net timeout 60 "
	      "counters maxelem 2048");
	assert_int_equal(e->ops->grow_finish(e, ENFORCER_V4, T0, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "set 't4.new' was replaced by somebody else");
	assert_int_equal(shell("ipset test t4 192.0.2.1"), 0);
	e->ops->grow_end(e, ENFORCER_V4);
	must_grow(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test t4 192.0.2.1"), 0);
	e->ops->close(e);
}

/* ---- names that are taken ---- */

static void killed(void **state)
{
	struct enforcer *e = small_sets();
	pid_t child;
	int status;

	(void)state;
	shell("ipset add t4 192.0.2.1");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct enforcer *mine = small_sets();

		must_begin(mine, ENFORCER_V4);
		must_copy(mine, ENFORCER_V4);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(shell("ipset test t4.new 192.0.2.1"), 0);
	must_grow(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test t4 192.0.2.1"), 0);
	no_new_sets();
	shell("ipset create t4.new hash:net timeout 9 counters");
	must_ensure(e, ENFORCER_V4);
	no_new_sets();
	e->ops->close(e);
}

static void name_in_use(void **state)
{
	struct enforcer *e = small_sets();
	struct fault why = {.text = ""};

	(void)state;
	shell("ipset create t4.new hash:net timeout 9 counters; "
	      "ipset add t4.new 203.0.113.1; "
	      "iptables -A INPUT -m set --match-set t4.new src -j DROP");
	assert_int_equal(e->ops->grow_begin(e, ENFORCER_V4, T0, &why), -1);
	assert_string_equal(why.text,
			    "a set 't4.new' is there and in use; needed: the "
			    "name, for the larger set");
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test t4.new 203.0.113.1"), 0);
	e->ops->close(e);
	assert_int_equal(shell("ipset test t4.new 203.0.113.1"), 0);
}

static void longest_name(void **state)
{
	const struct ipset_plan p = {.name = "abcdefghijklmnopqrstuvwxyz",
				     .database = database,
				     .default_timeout = 60,
				     .maxelem = 1024,
				     .largest = 4096};
	struct enforcer *e = NULL;
	struct fault why = {.text = ""};

	(void)state;
	assert_int_equal(ipset_open(&e, &p, &why), 0);
	must_ensure(e, ENFORCER_V6);
	must_begin(e, ENFORCER_V6);
	assert_int_equal(shell("ipset list -n abcdefghijklmnopqrstuvwxyz6.new"),
			 0);
	must_copy(e, ENFORCER_V6);
	must_finish(e, ENFORCER_V6);
	assert_int_equal(state_of(e, ENFORCER_V6).maxelem, 2048);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;
	int result;

	make_directory();
	memset(tests, 0, sizeof(tests));
	EACH(kept_rows, kept);
	EACH(meanwhile_rows, meanwhile);
	ONE(many, "thousands, with changes between the steps");
	ONE(up_to_largest, "it doubles, up to the largest");
	ONE(one_at_a_time, "a set grows once at a time");
	ONE(somebody_reads, "one that somebody reads is swapped later");
	ONE(given_up, "what is given up leaves no trace");
	ONE(replaced, "one that was replaced meanwhile is left alone");
	ONE(copy_replaced, "somebody else's copy is not put in place");
	ONE(killed, "what was left by a kill is removed");
	ONE(name_in_use, "a set of the new name that is in use is left alone");
	ONE(longest_name, "the longest name leaves room for the new one");
	result = ipset_kernel_run("ipset_growth", tests, n);
	remove_directory();
	return result;
}
