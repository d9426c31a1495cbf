/*
 * ipset_state: what others do to the sets, and what state tells of it.
 */
#include "ipset_kernel.h"

/* ---- what others do meanwhile ---- */

/* A set that is gone matters more than an entry that is refused before it. */
static void gone_outranks(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct set_change in[] = {change_of("2001:db8::1", 9, true),
				  change_of("192.0.2.1", 9, true),
				  change_of("192.0.2.2", 9, true)};

	(void)state;
	assert_int_equal(shell("ipset destroy t && ipset destroy t4"), 0);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, in, 3, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(count_done(in, 3), 0);
	e->ops->close(e);
}

static void member_gone(void **state)
{
	struct enforcer *e = ensured();
	struct set_state st;
	struct fault why;

	(void)state;
	assert_int_equal(e->ops->state(e, ENFORCER_V6, &st, &why), 0);
	assert_int_equal(shell("ipset del t t6"), 0);
	assert_int_equal(e->ops->state(e, ENFORCER_V6, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "set 't6' is not in the list 't' any more");
	assert_int_equal(e->ops->state(e, ENFORCER_V4, &st, &why), 0);
	must_ensure(e, ENFORCER_V6);
	assert_int_equal(e->ops->state(e, ENFORCER_V6, &st, &why), 0);
	e->ops->close(e);
}

/* The list is gone, the sets are there. */
static void list_gone(void **state)
{
	struct enforcer *e = ensured();
	struct set_state st;
	struct fault why;

	(void)state;
	assert_int_equal(shell("ipset destroy t"), 0);
	assert_int_equal(e->ops->state(e, ENFORCER_V4, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "cannot read set 't': there is no such set");
	assert_int_equal(add_one(e, "192.0.2.1", 9, true, &why), 0);
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(e->ops->state(e, ENFORCER_V4, &st, &why), 0);
	assert_int_equal(st.elements, 1);
	e->ops->close(e);
}

static void swapped_for_worse(void **state)
{
	struct enforcer *e = ensured();
	struct set_state st;
	struct fault why;

	(void)state;
	assert_int_equal(shell("ipset create x hash:net && ipset swap x t4"),
			 0);
	assert_int_equal(add_one(e, "192.0.2.1", 9, true, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_ptr_equal(strstr(why.text, "set 't4' has no timeout, needed:"),
			 why.text);
	assert_int_equal(e->ops->state(e, ENFORCER_V4, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_int_equal(e->ops->state(e, ENFORCER_V6, &st, &why), 0);
	e->ops->close(e);
}

/* What others have made and what others have put in is left alone. */
static void foreign(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};

	(void)state;
	shell("ipset create x hash:ip && ipset add x 203.0.113.1");
	shell("ipset add t4 198.51.100.7 timeout 0");
	shell("ipset add t4 198.51.100.9 nomatch");
	assert_int_equal(add_one(e, "192.0.2.1", 9, true, &why), 0);
	must_ensure(e, ENFORCER_V4);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
	/* the exception is no ban */
	assert_int_equal(e->ops->each(e, ENFORCER_V4, tally, &t, &why), 0);
	assert_int_equal(t.n, 2);
	e->ops->close(e);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
}

/* ---- state ---- */

struct reference_row {
	const char *title;
	const char *before;
	uint32_t four;
	uint32_t six;
};

static const struct reference_row reference_rows[] = {
	{"no rule: nothing refers to them", "true", 0, 0},
	{"a rule on the list covers both",
	 "iptables -A INPUT -m set --match-set t src -j DROP", 1, 1},
	{"two rules on the list",
	 "iptables -A INPUT -m set --match-set t src -j DROP && "
	 "ip6tables -A INPUT -m set --match-set t src -j DROP",
	 2, 2},
	{"a rule on one set covers that one",
	 "iptables -A INPUT -m set --match-set t4 src -j DROP", 1, 0},
	{"a rule on the list and one on a set",
	 "iptables -A INPUT -m set --match-set t src -j DROP && "
	 "ip6tables -A INPUT -m set --match-set t6 src -j DROP",
	 1, 2},
};

static void references(void **state)
{
	const struct reference_row *r = *state;
	struct enforcer *e = ensured();
	struct set_state st;
	struct fault why;

	assert_int_equal(shell(r->before), 0);
	assert_int_equal(e->ops->state(e, ENFORCER_V4, &st, &why), 0);
	assert_int_equal(st.references, r->four);
	assert_int_equal(e->ops->state(e, ENFORCER_V6, &st, &why), 0);
	assert_int_equal(st.references, r->six);
	e->ops->close(e);
}

static void state_tells(void **state)
{
	struct enforcer *e = ensured();
	struct set_state four, six;
	struct fault why;
	char out[256];

	(void)state;
	assert_int_equal(add_one(e, "192.0.2.1", 9, true, &why), 0);
	four = state_of(e, ENFORCER_V4);
	six = state_of(e, ENFORCER_V6);
	assert_int_equal(four.elements, 1);
	assert_int_equal(six.elements, 0);
	assert_int_equal(four.maxelem, MAXELEM);
	ask("ipset list -t t4 | sed -n 's/.*initval //p'", out);
	assert_int_equal(four.identity, strtoul(out, NULL, 0));
	shell("ipset create x hash:net timeout 9 counters maxelem 77; "
	      "ipset swap x t4");
	assert_int_not_equal(state_of(e, ENFORCER_V4).identity, four.identity);
	assert_int_equal(state_of(e, ENFORCER_V4).maxelem, 77);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, 0);
	assert_int_equal(state_of(e, ENFORCER_V6).identity, six.identity);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(gone_outranks, "a set that is gone outranks a refused entry");
	ONE(member_gone, "a set that is taken out of the list is told");
	ONE(list_gone, "a list that is gone is told, and created again");
	ONE(swapped_for_worse, "a set that was swapped for a worse is told");
	ONE(foreign, "other sets and other people's entries are left alone");
	EACH(reference_rows, references);
	ONE(state_tells, "state tells elements, maxelem and a swap");
	return ipset_kernel_run("ipset_state", tests, n);
}
