/*
 * ipset_state: what is read back, and what others do to the sets meanwhile.
 */
#include "ipset_kernel.h"

/* ---- what others do meanwhile ---- */

static int never(void *context, const struct entry_seen *seen)
{
	(void)context;
	(void)seen;
	return 0;
}

static void gone(void **state)
{
	static struct entry entries[400];
	struct enforcer *e = ensured();
	struct enforcer_state st;
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		entries[i] = entry_number(i);
	assert_int_equal(shell("ipset destroy t && ipset destroy t4"), 0);
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "cannot add to set 't4': there is no such set");
	assert_int_equal(e->ops->lift(e, entries, 2, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->ban(e, entries, 400, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(count_done(entries, 400), 200);
	assert_int_equal(e->ops->each(e, never, NULL, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->state(e, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(e->ops->ban(e, entries, 400, &why), 0);
	assert_int_equal(count_done(entries, 400), 400);
	e->ops->close(e);
}

/* A set that is gone matters more than an entry that is refused before. */
static void gone_outranks(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[] = {entry_of("0.0.0.0/0", 9, true),
			     entry_of("2001:db8::1", 9, true),
			     entry_of("192.0.2.1", 9, true)};

	(void)state;
	assert_int_equal(shell("ipset destroy t && ipset destroy t6"), 0);
	assert_int_equal(e->ops->ban(e, in, 3, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_false(in[0].done);
	assert_false(in[1].done);
	assert_true(in[2].done);
	e->ops->close(e);
}

static void member_gone(void **state)
{
	struct enforcer *e = ensured();
	struct enforcer_state st;
	struct fault why;

	(void)state;
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	assert_int_equal(shell("ipset del t t6"), 0);
	assert_int_equal(e->ops->state(e, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "set 't6' is not in the list 't' any more");
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	e->ops->close(e);
}

static void swapped_for_worse(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	assert_int_equal(shell("ipset create x hash:net && ipset swap x t4"),
			 0);
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_ptr_equal(strstr(why.text, "set 't4' has no timeout, needed:"),
			 why.text);
	e->ops->close(e);
}

static void foreign(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};

	(void)state;
	shell("ipset create x hash:ip && ipset add x 203.0.113.1");
	shell("ipset add t4 198.51.100.7 timeout 0");
	shell("ipset add t4 198.51.100.9 nomatch");
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
	/* the exception is no ban */
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 2);
	e->ops->close(e);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
}

/* ---- each and state ---- */

static void each_reads(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};
	char text[ADDRESS_TEXT];

	(void)state;
	shell("ipset add t4 192.0.2.128/25 timeout 50 packets 3 bytes 180");
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 1);
	assert_string_equal(address_print(&t.last.address, text),
			    "192.0.2.128/25");
	assert_in_range(t.last.left, 1, 50);
	assert_int_equal(t.last.packets, 3);
	assert_int_equal(t.last.bytes, 180);
	shell("ipset flush t4; ipset add t6 2001:db8::1 timeout 0");
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_string_equal(address_print(&t.last.address, text),
			    "2001:db8::1");
	assert_int_equal(t.last.left, 0);
	e->ops->close(e);
}

static void each_stops(void **state)
{
	static struct entry entries[5000];
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		entries[i] = entry_number(i);
	assert_int_equal(e->ops->ban(e, entries, 5000, &why), 0);
	for (int round = 0; round < 3; round++) {
		t.n = 0;
		t.stop_at = 3;
		assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
		assert_int_equal(t.n, 3);
	}
	t.n = 0;
	t.stop_at = 0;
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 5000);
	e->ops->close(e);
}

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
	struct enforcer_state st;
	struct fault why;

	assert_int_equal(shell(r->before), 0);
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	assert_int_equal(st.set[0].references, r->four);
	assert_int_equal(st.set[1].references, r->six);
	e->ops->close(e);
}

static void state_tells(void **state)
{
	struct enforcer *e = ensured();
	struct enforcer_state a;
	struct enforcer_state b;
	struct fault why;
	char out[256];

	(void)state;
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	assert_int_equal(e->ops->state(e, &a, &why), 0);
	assert_int_equal(a.set[0].elements, 1);
	assert_int_equal(a.set[1].elements, 0);
	assert_int_equal(a.set[0].maxelem, MAXELEM);
	ask("ipset list -t t4 | sed -n 's/.*initval //p'", out);
	assert_int_equal(a.set[0].identity, strtoul(out, NULL, 0));
	shell("ipset create x hash:net timeout 9 counters maxelem 77; "
	      "ipset swap x t4");
	assert_int_equal(e->ops->state(e, &b, &why), 0);
	assert_int_not_equal(b.set[0].identity, a.set[0].identity);
	assert_int_equal(b.set[1].identity, a.set[1].identity);
	assert_int_equal(b.set[0].maxelem, 77);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(gone, "a set that is gone is told, and made again");
	ONE(gone_outranks, "a set that is gone outranks a refused entry");
	ONE(member_gone, "a set that is taken out of the list is told");
	ONE(swapped_for_worse, "a set that was swapped for a worse is told");
	ONE(foreign, "other sets and other people's entries are left alone");
	ONE(each_reads, "each reads address, time and counters");
	ONE(each_stops, "each stops when told to, and can be called again");
	EACH(reference_rows, references);
	ONE(state_tells, "state tells elements, maxelem and a swap");
	return ipset_kernel_run("ipset_state", tests, n);
}
