/*
 * ipset_change: entries into the sets and out of them, where ipset has its own
 * way or words; the rest is in contract.c.
 */
#include "ipset_kernel.h"

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

static long elements(enum enforcer_set set)
{
	return ask_number(set == ENFORCER_V4
				  ? "ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"
				  : "ipset list -t t6 | "
				    "sed -n 's/Number of entries: //p'");
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
	EACH(timeout_rows, timeouts);
	ONE(fresh_counters, "a new entry starts at zero in an expired slot");
	EACH(middle_rows, middle);
	EACH(stranger_rows, stranger);
	return ipset_kernel_run("ipset_change", tests, n);
}
