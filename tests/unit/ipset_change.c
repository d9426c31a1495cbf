/* ipset_change: entries into the sets and out of them. */
#include "ipset_kernel.h"

/* ---- add and remove ---- */

static void adds_and_removes(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct set_change in4[] = {
		change_of("192.0.2.1", 100, true),
		change_of("198.51.100.0/24", 100, true),
		change_of("192.0.2.1", 100, true),
	};
	struct set_change in6 = change_of("2001:db8:1:2::/64", 100, true);
	struct set_change out4[] = {
		change_of("192.0.2.1", 1, false),
		change_of("203.0.113.9", 1, false),
	};

	(void)state;
	assert_int_equal(e->ops->add(e, ENFORCER_V4, in4, 3, &why), 0);
	assert_int_equal(count_done(in4, 3), 3);
	assert_int_equal(e->ops->add(e, ENFORCER_V6, &in6, 1, &why), 0);
	assert_true(in6.done);
	assert_int_equal(shell("ipset test t4 192.0.2.1 && "
			       "ipset test t4 198.51.100.77 && "
			       "ipset test t6 2001:db8:1:2:3::4"),
			 0);
	assert_int_equal(e->ops->remove(e, ENFORCER_V4, out4, 2, &why), 0);
	assert_int_equal(count_done(out4, 2), 2);
	assert_int_equal(e->ops->remove(e, ENFORCER_V6, &in6, 1, &why), 0);
	assert_true(in6.done);
	assert_int_not_equal(shell("ipset test t4 192.0.2.1"), 0);
	assert_int_not_equal(shell("ipset test t6 2001:db8:1:2:3::4"), 0);
	assert_int_equal(shell("ipset test t4 198.51.100.77"), 0);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, NULL, 0, &why), 0);
	e->ops->close(e);
}

struct timeout_row {
	const char *title;
	int64_t left;
	long min;
	long max;
};

static const struct timeout_row timeout_rows[] = {
	{"48 hours", 172800, 172700, 172800},
	{"32 days are cut to the kernel's longest", 2764800, 2147383, 2147483},
	{"for ever is cut to the kernel's longest", INT64_MAX, 2147383,
	 2147483},
	{"2^32 seconds do not become a permanent entry", 4294967296, 2147383,
	 2147483},
};

static void timeouts(void **state)
{
	const struct timeout_row *r = *state;
	struct enforcer *e = ensured();
	struct fault why;
	long left;

	assert_int_equal(add_one(e, "192.0.2.1", r->left, true, &why), 0);
	left = ask_number("ipset list t4 | sed -n 's/.*192.0.2.1 timeout "
			  "\\([0-9]*\\) .*/\\1/p'");
	assert_in_range(left, r->min, r->max);
	e->ops->close(e);
}

static void nought_is_not_for_ever(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	assert_int_equal(add_one(e, "192.0.2.1", 0, true, &why), 0);
	assert_int_not_equal(shell("ipset list t4 | grep 'timeout 0'"), 0);
	e->ops->close(e);
}

static void fresh_counters(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	char out[256];

	(void)state;
	shell("ipset add t4 192.0.2.1 timeout 1 packets 77 bytes 4000");
	while (shell("ipset test t4 192.0.2.1") == 0)
		usleep(50000);
	assert_int_equal(add_one(e, "192.0.2.1", 900, true, &why), 0);
	assert_string_equal(
		ask("ipset list t4 | sed -n 's/.*packets/packets/p'", out),
		"packets 0 bytes 0");
	e->ops->close(e);
}

static void renewal_keeps_counters(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	shell("ipset add t4 192.0.2.1 timeout 50 packets 77 bytes 4000");
	assert_int_equal(add_one(e, "192.0.2.1", 900, false, &why), 0);
	assert_int_equal(shell("ipset list t4 | grep -E '192.0.2.1 timeout "
			       "(900|8[0-9][0-9]) packets 77 bytes 4000'"),
			 0);
	e->ops->close(e);
}

static long elements(enum enforcer_set set)
{
	return ask_number(set == ENFORCER_V4
				  ? "ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"
				  : "ipset list -t t6 | "
				    "sed -n 's/Number of entries: //p'");
}

static const enum enforcer_set both[] = {ENFORCER_V4, ENFORCER_V6};

static void bulk(void **state)
{
	enum enforcer_set set = *(const enum enforcer_set *)*state;
	static struct set_change changes[MANY];
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	memset(&t, 0, sizeof(t));
	number_changes(changes, set, 0, MANY);
	assert_int_equal(e->ops->add(e, set, changes, MANY, &why), 0);
	assert_int_equal(count_done(changes, MANY), MANY);
	assert_int_equal(elements(set), MANY);
	assert_int_equal(elements(!set), 0);
	assert_int_equal(e->ops->each(e, set, tally, &t, &why), 0);
	assert_int_equal(t.n, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(t.seen[i], 1);
	assert_int_equal(e->ops->remove(e, set, changes, MANY, &why), 0);
	assert_int_equal(count_done(changes, MANY), MANY);
	assert_int_equal(elements(set), 0);
	e->ops->close(e);
}

struct middle_row {
	const char *title;
	size_t n;
	size_t bad; /* index of the entry that the kernel refuses */
	enum enforcer_set set;
};

static const struct middle_row middle_rows[] = {
	{"one of a few that is refused stops no other", 100, 50, ENFORCER_V4},
	{"the last of a few", 100, 99, ENFORCER_V6},
	{"the first of many", 2000, 0, ENFORCER_V4},
	{"one in the middle of many stops no other", 2000, 1001, ENFORCER_V6},
	{"the last of many", 2000, 1999, ENFORCER_V4},
	{"the last of the first message", 2000, 499, ENFORCER_V6},
	{"the first of the second message", 2000, 500, ENFORCER_V4},
};

static const char *const refused[ENFORCER_SETS] = {
	"cannot ban '0.0.0.0/0': cannot add to set 't4': the kernel does not "
	"take the prefix length; allowed: 1 to 32, or 1 to 128",
	"cannot ban '::/0': cannot add to set 't6': the kernel does not take "
	"the prefix length; allowed: 1 to 32, or 1 to 128",
};

static void middle(void **state)
{
	const struct middle_row *r = *state;
	static struct set_change changes[2000];
	struct enforcer *e = ensured();
	struct fault why = {.text = ""};

	number_changes(changes, r->set, 0, (unsigned)r->n);
	changes[r->bad] = change_of(
		r->set == ENFORCER_V4 ? "0.0.0.0/0" : "::/0", 60, true);
	assert_int_equal(e->ops->add(e, r->set, changes, r->n, &why), -1);
	assert_string_equal(why.text, refused[r->set]);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_int_equal(count_done(changes, r->n), r->n - 1);
	assert_false(changes[r->bad].done);
	assert_int_equal(elements(r->set), r->n - 1);
	e->ops->close(e);
}

/* Which entries the set holds, by their numbers. */
static int by_number(void *context, const struct set_entry *entry)
{
	struct tally *t = context;

	t->seen[number_of(&entry->address)]++;
	t->n++;
	return 0;
}

struct full_row {
	const char *title;
	unsigned n;
	enum enforcer_set set;
};

static const struct full_row full_rows[] = {
	{"a full IPv4 set, few entries", 120, ENFORCER_V4},
	{"a full IPv4 set, many entries", 3000, ENFORCER_V4},
	{"a full IPv6 set, few entries", 120, ENFORCER_V6},
	{"a full IPv6 set, many entries", 3000, ENFORCER_V6},
};

/* What is marked done is in the set, and nothing else. */
static void full(void **state)
{
	const struct full_row *r = *state;
	static struct set_change changes[3000];
	static struct tally t;
	struct enforcer *e = opened();
	struct fault why = {.text = ""};
	char says[] = "': set 't4' is full (64 entries): make room with";

	memset(&t, 0, sizeof(t));
	says[9] = r->set == ENFORCER_V4 ? '4' : '6';
	shell("ipset create t4 hash:net timeout 600 counters maxelem 64 "
	      "hashsize 64; ipset create t6 hash:net family inet6 timeout "
	      "600 counters maxelem 64 hashsize 64");
	must_ensure(e, r->set);
	number_changes(changes, r->set, 0, r->n);
	assert_int_equal(e->ops->add(e, r->set, changes, r->n, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_FULL);
	if (strstr(why.text, says) == NULL)
		fail_msg("%s", why.text);
	assert_int_equal(e->ops->each(e, r->set, by_number, &t, &why), 0);
	assert_in_range(t.n, 64, r->n - 1);
	for (unsigned i = 0; i < r->n; i++)
		assert_int_equal(t.seen[i], changes[i].done);
	/* A full set still renews, and still removes. */
	changes[0].fresh = false;
	assert_int_equal(e->ops->add(e, r->set, changes, 1, &why), 0);
	assert_int_equal(e->ops->remove(e, r->set, changes, r->n, &why), 0);
	assert_int_equal(count_done(changes, r->n), r->n);
	e->ops->close(e);
}

struct stranger_row {
	const char *title;
	size_t n;
	size_t bad;
	const char *text; /* of another family; NULL: of none */
	enum enforcer_set set;
	const char *says;
};

static const struct stranger_row stranger_rows[] = {
	{"an IPv6 address is refused by the IPv4 set", 3, 1, "2001:db8::1",
	 ENFORCER_V4, "entry 2 is not for set 't4': family '6', needed: 4"},
	{"an IPv4 address is refused by the IPv6 set", 3, 2, "192.0.2.1",
	 ENFORCER_V6, "entry 3 is not for set 't6': family '4', needed: 6"},
	{"an entry without an address is refused", 3, 0, NULL, ENFORCER_V4,
	 "entry 1 is not for set 't4': family '0', needed: 4"},
	{"and nothing else is there", 1, 0, NULL, ENFORCER_V4,
	 "entry 1 is not for set 't4': family '0', needed: 4"},
	{"among many, the first", 1200, 0, "2001:db8::1", ENFORCER_V4,
	 "entry 1 is not for set 't4': family '6', needed: 4"},
	{"among many, one in the middle", 1200, 700, "192.0.2.1", ENFORCER_V6,
	 "entry 701 is not for set 't6': family '4', needed: 6"},
	{"among many, the last", 1200, 1199, NULL, ENFORCER_V6,
	 "entry 1200 is not for set 't6': family '0', needed: 6"},
};

static void stranger(void **state)
{
	const struct stranger_row *r = *state;
	static struct set_change changes[1200];
	struct enforcer *e = ensured();
	struct fault why;

	number_changes(changes, r->set, 0, (unsigned)r->n);
	changes[r->bad] = (struct set_change){.left = 9, .done = true};
	if (r->text != NULL)
		changes[r->bad] = change_of(r->text, 9, true);
	assert_int_equal(e->ops->add(e, r->set, changes, r->n, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text, r->says);
	assert_int_equal(count_done(changes, r->n), r->n - 1);
	assert_false(changes[r->bad].done);
	assert_int_equal(elements(r->set), r->n - 1);
	assert_int_equal(elements(!r->set), 0);
	assert_int_equal(e->ops->remove(e, r->set, changes, r->n, &why), -1);
	assert_string_equal(why.text, r->says);
	assert_int_equal(elements(r->set), 0);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(adds_and_removes, "adds and removes, hosts and prefixes");
	EACH(timeout_rows, timeouts);
	ONE(nought_is_not_for_ever, "no time left is not for ever");
	ONE(fresh_counters, "a new entry starts at zero in an expired slot");
	ONE(renewal_keeps_counters, "a renewal keeps its counters");
	ONE(bulk, "20 000 IPv4 entries in, read, and out");
	tests[n - 1].initial_state = (void *)&both[0];
	ONE(bulk, "20 000 IPv6 entries in, read, and out");
	tests[n - 1].initial_state = (void *)&both[1];
	EACH(middle_rows, middle);
	EACH(full_rows, full);
	EACH(stranger_rows, stranger);
	return ipset_kernel_run("ipset_change", tests, n);
}
