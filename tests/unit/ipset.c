/* ipset: sets are created, verified, and left alone when they do not fit. */
#include "ipset_kernel.h"

/* ---- ensure ---- */

static void creates(void **state)
{
	struct enforcer *e = ensured();

	(void)state;
	assert_int_equal(
		shell("ipset list -t t4 | grep -E '^Header: family inet "
		      "hashsize 16384 maxelem 65536 timeout 600 counters'"),
		0);
	assert_int_equal(
		shell("ipset list -t t6 | grep -E '^Header: family inet6 "
		      "hashsize 16384 maxelem 65536 timeout 600 counters'"),
		0);
	assert_int_equal(shell("ipset list -t t4 | grep 'Type: hash:net$'"), 0);
	assert_int_equal(shell("ipset list -t t | grep 'Type: list:set$'"), 0);
	assert_int_equal(shell("ipset test t t4 && ipset test t t6"), 0);
	e->ops->close(e);
	assert_int_equal(shell("ipset list -n t4"), 0);
}

struct existing_row {
	const char *title;
	const char *before;
	const char *says[ENFORCER_SETS]; /* the fault's text begins with it;
					  * NULL: ensure succeeds */
	const char *after;               /* succeeds */
};

#define FINE               \
	{                  \
		NULL, NULL \
	}
#define BAD4(says)         \
	{                  \
		says, NULL \
	}
#define BAD6(says)         \
	{                  \
		NULL, says \
	}

static const struct existing_row existing_rows[] = {
	{"sets made by hand are taken as they are",
	 "ipset create t4 hash:net timeout 9 counters && "
	 "ipset add t4 192.0.2.1 && ipset create t6 hash:net family inet6 "
	 "timeout 9 counters",
	 FINE, "ipset test t4 192.0.2.1 && ipset test t t4"},
	{"a smaller maxelem is accepted",
	 "ipset create t4 hash:net timeout 9 counters maxelem 100", FINE,
	 "ipset list -t t4 | grep 'maxelem 100 '"},
	{"comments and forceadd are accepted",
	 "ipset create t4 hash:net timeout 9 counters comment forceadd", FINE,
	 "ipset test t t4"},
	{"a default timeout of nought is accepted: ours are explicit",
	 "ipset create t4 hash:net timeout 0 counters", FINE,
	 "ipset test t t4"},
	{"another type is refused and left alone, the other set is created",
	 "ipset create t4 hash:ip timeout 9 counters && "
	 "ipset add t4 192.0.2.1",
	 BAD4("set 't4' is hash:ip family inet, needed: hash:net family inet; "
	      "give the jail another set name with set=, or remove it with "
	      "'ipset destroy t4'; or use it as it is with "
	      "set.create=\"off\""),
	 "ipset test t4 192.0.2.1 && ipset test t t6"},
	{"another family is refused and left alone",
	 "ipset create t4 hash:net family inet6 timeout 600 counters maxelem "
	 "65536 && ipset add t4 2001:db8::1",
	 BAD4("set 't4' is hash:net family inet6, needed: hash:net family "
	      "inet;"),
	 "ipset test t4 2001:db8::1"},
	{"the other family of the other set is refused",
	 "ipset create t6 hash:net family inet timeout 600 counters",
	 BAD6("set 't6' is hash:net family inet, needed: hash:net family "
	      "inet6;"),
	 "ipset list t6 && ipset test t t4"},
	{"a set without timeouts is refused",
	 "ipset create t4 hash:net counters",
	 BAD4("set 't4' has no timeout, needed: hash:net family inet timeout "
	      "counters; put such a one in its place with 'ipset create "
	      "t4.tmp "),
	 "ipset list t4"},
	{"a set without counters is refused",
	 "ipset create t6 hash:net family inet6 timeout 600",
	 BAD6("set 't6' has no counters, needed: hash:net family inet6 timeout "
	      "counters; "),
	 "ipset list t6"},
	{"a set that does not fit is not put into the list, the other is",
	 "ipset create t4 hash:ip", BAD4("set 't4' is hash:ip family inet,"),
	 "ipset test t t6 && ! ipset test t t4"},
	{"of a set and its list that do not fit the set is named",
	 "ipset create t4 hash:net && ipset create t hash:ip",
	 {"set 't4' has no timeout,", "set 't' is hash:ip, needed: list:set;"},
	 "ipset list t6"},
	{"a list that is no list is refused, and both sets are created",
	 "ipset create t hash:ip",
	 {"set 't' is hash:ip, needed: list:set;",
	  "set 't' is hash:ip, needed: list:set;"},
	 "ipset list t && ipset list t4 && ipset list t6"},
	{"an empty list gets its members", "ipset create t list:set", FINE,
	 "ipset test t t4 && ipset test t t6"},
	{"other members of the list stay",
	 "ipset create x hash:ip && ipset create t list:set && "
	 "ipset add t x",
	 FINE, "ipset test t x && ipset test t t4 && ipset test t t6"},
	{"members of a list with timeouts are put in for good",
	 "ipset create t4 hash:net timeout 9 counters && "
	 "ipset create t list:set timeout 5 && ipset add t t4",
	 FINE,
	 "ipset list t | grep '^t4 timeout 0' && "
	 "ipset list t | grep '^t6 timeout 0'"},
};

static void check_ensure(struct enforcer *e, enum enforcer_set set,
			 const char *says)
{
	struct fault why = {.text = ""};
	int result = e->ops->ensure(e, set, &why);

	if (says == NULL && result < 0)
		fail_msg("%s", why.text);
	if (says == NULL)
		return;
	assert_int_equal(result, -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	if (strncmp(why.text, says, strlen(says)) != 0)
		fail_msg("%s", why.text);
}

static void existing(void **state)
{
	const struct existing_row *r = *state;
	struct enforcer *e = opened();

	assert_int_equal(shell(r->before), 0);
	/* and once more, with the same answer */
	for (int round = 0; round < 2; round++) {
		check_ensure(e, ENFORCER_V4, r->says[ENFORCER_V4]);
		check_ensure(e, ENFORCER_V6, r->says[ENFORCER_V6]);
		assert_int_equal(shell(r->after), 0);
	}
	e->ops->close(e);
}

/* One set at a time, in any order. */
static void one_set(void **state)
{
	struct enforcer *e = opened();

	(void)state;
	must_ensure(e, ENFORCER_V6);
	assert_int_equal(shell("ipset test t t6 && ! ipset list t4"), 0);
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test t t6 && ipset test t t4"), 0);
	assert_string_equal(e->ops->name(e, ENFORCER_V4), "t4");
	assert_string_equal(e->ops->name(e, ENFORCER_V6), "t6");
	e->ops->close(e);
}

/* The command that the sentence gives does help. */
static void advice_helps(void **state)
{
	struct enforcer *e = opened();
	struct fault why;
	char *command;

	(void)state;
	shell("ipset create t4 hash:net");
	shell("iptables -A INPUT -m set --match-set t4 src -j DROP");
	assert_int_equal(e->ops->ensure(e, ENFORCER_V4, &why), -1);
	command = strstr(why.text, "ipset create");
	assert_non_null(command);
	command[strcspn(command, "'")] = '\0';
	assert_int_equal(shell(command), 0);
	must_ensure(e, ENFORCER_V4);
	e->ops->close(e);
}

/* The sets of the file that is shipped are those that we would create. */
static void shipped(void **state)
{
	static const char headers[] =
		"ipset list -t | sed -nE 's/initval .*//; "
		"/^(Name|Type|Revision|Header)/p' | sort | md5sum";
	const struct ipset_plan sasl = {.name = "saslban",
					.default_timeout = 172800,
					.maxelem = IPSET_MAXELEM};
	struct enforcer *e = NULL;
	struct fault why;
	char ours[256];
	char theirs[256];

	(void)state;
	assert_int_equal(ipset_open(&e, &sasl, &why), 0);
	must_ensure(e, ENFORCER_V4);
	must_ensure(e, ENFORCER_V6);
	ask(headers, ours);
	remove_all(NULL);
	assert_int_equal(shell("ipset restore -file "
			       "${srcdir:-.}/ipset/saslban.sets"),
			 0);
	ask(headers, theirs);
	assert_string_equal(theirs, ours);
	must_ensure(e, ENFORCER_V4);
	must_ensure(e, ENFORCER_V6);
	e->ops->close(e);
}

struct name_row {
	const char *title;
	const char *name;
	int result;
};

static const struct name_row name_rows[] = {
	{"an empty name is refused", "", -1},
	{"no name is refused", NULL, -1},
	{"a blank is refused", "a b", -1},
	{"a newline is refused", "a\n", -1},
	{"a semicolon is refused", "a;b", -1},
	{"26 characters are allowed", "abcdefghijklmnopqrstuvwxyz", 0},
	{"27 characters are refused", "abcdefghijklmnopqrstuvwxyz0", -1},
	{"letters, digits and _ . : - are allowed", "Az09_.:-", 0},
};

static void plan_values(void **state)
{
	struct ipset_plan p = {.name = "t", .maxelem = 1024};
	struct enforcer *e = NULL;
	struct fault why;

	(void)state;
	assert_int_equal(ipset_open(&e, &p, &why), -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_string_equal(why.text,
			    "default timeout '0' of set 't' is not allowed: it "
			    "would mean forever; allowed: 1 to 2147483 "
			    "seconds");
	p = (struct ipset_plan){.name = "t", .default_timeout = 1};
	assert_int_equal(ipset_open(&e, &p, &why), -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_string_equal(why.text, "size '0' of set 't' is not allowed; "
				      "allowed: 1 entry or more");
	assert_null(e);
}

static void names(void **state)
{
	const struct name_row *r = *state;
	const struct ipset_plan p = {
		.name = r->name, .default_timeout = 60, .maxelem = 1024};
	struct enforcer *e = NULL;
	struct fault why;

	shell("ipset create other hash:ip; ipset add other 192.0.2.9");
	assert_int_equal(ipset_open(&e, &p, &why), r->result);
	if (r->result == 0) {
		must_ensure(e, ENFORCER_V4);
		must_ensure(e, ENFORCER_V6);
		e->ops->close(e);
	} else {
		assert_null(e);
		assert_int_equal(why.kind, FAULT_SETTING);
	}
	assert_int_equal(shell("ipset test other 192.0.2.9"), 0);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(creates, "the three sets are created, and stay when it closes");
	ONE(one_set, "a set is created without the other");
	EACH(existing_rows, existing);
	ONE(advice_helps, "the command that the sentence gives does help");
	ONE(shipped, "the shipped file of sets creates the same ones");
	EACH(name_rows, names);
	ONE(plan_values, "a timeout or size of nought is refused");
	return ipset_kernel_run("ipset", tests, n);
}
