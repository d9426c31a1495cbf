/*
 * ipset_fixed: with set.create "off" nothing is created, and sets of other
 * kinds are used as far as they go.
 */
#include "ipset_kernel.h"

static const struct ipset_plan fixed_plan = {.name = "t",
					     .default_timeout = DEFAULT_TIMEOUT,
					     .maxelem = 1024,
					     .largest = 0,
					     .fixed = true};

static struct enforcer *fixed(void)
{
	struct enforcer *e = NULL;
	struct fault why;

	assert_int_equal(ipset_open(&e, &fixed_plan, &why), 0);
	return e;
}

struct kind_row {
	const char *title;
	const char *before;
	enum enforcer_set set;
	const char *says; /* NULL: it is used */
};

static const struct kind_row kind_rows[] = {
	{"hash:net as we make it",
	 "ipset create t4 hash:net timeout 9 counters", ENFORCER_V4, NULL},
	{"without counters", "ipset create t4 hash:net timeout 9", ENFORCER_V4,
	 NULL},
	{"without counters, IPv6",
	 "ipset create t6 hash:net family inet6 timeout 9", ENFORCER_V6, NULL},
	{"hash:ip", "ipset create t4 hash:ip timeout 9 counters", ENFORCER_V4,
	 NULL},
	{"hash:ip without counters", "ipset create t4 hash:ip timeout 9",
	 ENFORCER_V4, NULL},
	{"hash:ip, IPv6", "ipset create t6 hash:ip family inet6 timeout 9",
	 ENFORCER_V6, NULL},
	{"with a default timeout of nought",
	 "ipset create t4 hash:ip timeout 0", ENFORCER_V4, NULL},
	{"with comments", "ipset create t4 hash:ip timeout 9 comment",
	 ENFORCER_V4, NULL},
	{"in a list",
	 "ipset create t4 hash:ip timeout 9; ipset create t list:set; "
	 "ipset add t t4",
	 ENFORCER_V4, NULL},
	{"a set that is missing", "true", ENFORCER_V4,
	 "cannot read set 't4': there is no such set; set.create 'off' leaves "
	 "it to you to create it"},
	{"without timeouts", "ipset create t4 hash:net counters", ENFORCER_V4,
	 "set 't4' is hash:net family inet without timeout, needed with "
	 "set.create 'off': hash:net or hash:ip family inet with timeout"},
	{"of the other family",
	 "ipset create t4 hash:net family inet6 timeout 9", ENFORCER_V4,
	 "set 't4' is hash:net family inet6 with timeout, needed with "
	 "set.create 'off': hash:net or hash:ip family inet with timeout"},
	{"with ports", "ipset create t6 hash:ip,port family inet6 timeout 9",
	 ENFORCER_V6,
	 "set 't6' is hash:ip,port family inet6 with timeout, needed with "
	 "set.create 'off': hash:net or hash:ip family inet6 with timeout"},
	{"with a mask", "ipset create t4 hash:ip netmask 24 timeout 9",
	 ENFORCER_V4,
	 "set 't4' is hash:ip family inet with a mask with timeout, needed "
	 "with set.create 'off': hash:net or hash:ip family inet with "
	 "timeout"},
};

#define HOST4 "192.0.2.1"
#define HOST6 "2001:db8::1"

static void kinds(void **state)
{
	const struct kind_row *r = *state;
	const char *host = r->set == ENFORCER_V4 ? HOST4 : HOST6;
	struct enforcer *e = fixed();
	struct fault why = {.text = ""};
	struct set_change one = change_of(host, 500, true);
	struct tally t = {.n = 0};
	int result;

	assert_int_equal(shell(r->before), 0);
	result = e->ops->ensure(e, r->set, &why);
	if (r->says != NULL) {
		assert_int_equal(result, -1);
		assert_string_equal(why.text, r->says);
		assert_int_not_equal(shell("ipset list -n | grep -x t"), 0);
		e->ops->close(e);
		return;
	}
	if (result < 0)
		fail_msg("%s", why.text);
	assert_int_equal(add_one(e, host, 500, true, &why), 0);
	assert_int_equal(add_one(e, host, 500, false, &why), 0);
	assert_int_equal(e->ops->each(e, r->set, tally, &t, &why), 0);
	assert_int_equal(t.n, 1);
	assert_in_range(t.last.left, 498, 500);
	assert_int_equal(state_of(e, r->set).elements, 1);
	assert_int_equal(state_of(e, r->set).largest, 0);
	assert_int_equal(e->ops->remove(e, r->set, &one, 1, &why), 0);
	assert_int_equal(state_of(e, r->set).elements, 0);
	e->ops->close(e);
}

/* saslbanctl adds without a look at the set first. */
static void unensured(void **state)
{
	struct enforcer *e = fixed();
	struct fault why = {.text = ""};

	(void)state;
	shell("ipset create t4 hash:ip timeout 9");
	assert_int_equal(add_one(e, HOST4, 500, true, &why), 0);
	assert_int_equal(add_one(e, "192.0.2.0/24", 500, true, &why), -1);
	e->ops->close(e);
}

/* hash:ip would make 256 hosts of a /24, and refuses a /64. */
static void networks(void **state)
{
	static struct set_change many[1000];
	struct enforcer *e = fixed();
	struct fault why = {.text = ""};
	struct set_change some[] = {change_of("192.0.2.0/24", 500, true),
				    change_of(HOST4, 500, true)};

	(void)state;
	shell("ipset create t4 hash:ip timeout 9");
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, some, 2, &why), -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_string_equal(why.text,
			    "cannot ban '192.0.2.0/24': set 't4' is hash:ip, "
			    "needed for networks: hash:net");
	assert_false(some[0].done);
	assert_true(some[1].done);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, 1);
	/* Nor are hosts removed with the network that they are in. */
	assert_int_equal(e->ops->remove(e, ENFORCER_V4, some, 1, &why), 0);
	assert_true(some[0].done);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, 1);
	/* The same among many. */
	number_hosts(many, ENFORCER_V4, 1000);
	many[500].address.prefix = 24;
	assert_int_equal(e->ops->add(e, ENFORCER_V4, many, 1000, &why), -1);
	assert_int_equal(count_done(many, 1000), 999);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, 1000);
	e->ops->close(e);
}

static void references(void **state)
{
	struct enforcer *e = fixed();

	(void)state;
	shell("ipset create t4 hash:ip timeout 9");
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(state_of(e, ENFORCER_V4).references, 0);
	shell("iptables -A INPUT -m set --match-set t4 src -j DROP");
	assert_int_equal(state_of(e, ENFORCER_V4).references, 1);
	shell("ipset create t list:set; ipset add t t4");
	assert_int_equal(state_of(e, ENFORCER_V4).references, 1);
	shell("iptables -A INPUT -m set --match-set t src -j DROP");
	assert_int_equal(state_of(e, ENFORCER_V4).references, 2);
	e->ops->close(e);
}

/* Of another kind than before: found out with the next look. */
static void replaced(void **state)
{
	struct enforcer *e = fixed();
	struct fault why = {.text = ""};

	(void)state;
	shell("ipset create t4 hash:net timeout 9 counters");
	must_ensure(e, ENFORCER_V4);
	shell("ipset destroy t4; ipset create t4 hash:net timeout 9");
	assert_int_equal(add_one(e, HOST4, 500, true, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(add_one(e, HOST4, 500, true, &why), 0);
	assert_int_equal(shell("ipset list -n | grep -v '^t4$'"), 256);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	EACH(kind_rows, kinds);
	ONE(unensured, "who has not looked finds out");
	ONE(networks, "hash:ip takes no networks");
	ONE(references, "rules on the set count, and those on a list");
	ONE(replaced, "a set that was replaced is looked at again");
	return ipset_kernel_run("ipset_fixed", tests, n);
}
