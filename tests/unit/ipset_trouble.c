/*
 * ipset_trouble: what is wrong with one set keeps the other from nothing.
 * Every kind of trouble, with each of the two sets in it.
 */
#include "ipset_kernel.h"

#define NONE FAULT_NONE

/* In the commands %1$s is the set in trouble (t4, t6), %2$s its family and
 * %3$s the other family. NONE: the verb succeeds. */
struct trouble_row {
	const char *title;
	const char *before; /* the sets are ensured */
	const char *after;  /* ... and then this happens */
	enum fault_kind ensure, add, remove, each, state;
};

static const struct trouble_row trouble_rows[] = {
	{"nothing is wrong", "true", "true", NONE, NONE, NONE, NONE, NONE},
	{"the set is of another type",
	 "ipset create %1$s hash:ip family %2$s timeout 9 comment", "true",
	 FAULT_ENFORCE, FAULT_ENFORCE, NONE, NONE, FAULT_ENFORCE},
	{"the set is of a type with ports",
	 "ipset create %1$s hash:ip,port family %2$s timeout 9 counters",
	 "true", FAULT_ENFORCE, FAULT_ENFORCE, FAULT_ENFORCE, NONE,
	 FAULT_ENFORCE},
	{"the set is of the other family",
	 "ipset create %1$s hash:net family %3$s timeout 9 counters", "true",
	 FAULT_ENFORCE, FAULT_ENFORCE, FAULT_ENFORCE, NONE, FAULT_ENFORCE},
	{"the set has no timeouts",
	 "ipset create %1$s hash:net family %2$s counters", "true",
	 FAULT_ENFORCE, FAULT_ENFORCE, NONE, NONE, FAULT_ENFORCE},
	{"the set is full",
	 "ipset create %1$s hash:net family %2$s timeout 9 counters "
	 "hashsize 64 maxelem 1",
	 "ipset add %1$s $full", NONE, FAULT_SET_FULL, NONE, NONE, NONE},
	{"the set is destroyed", "true",
	 "ipset del t %1$s && ipset destroy %1$s", NONE, FAULT_SET_GONE,
	 FAULT_SET_GONE, FAULT_SET_GONE, FAULT_SET_GONE},
	{"the set is taken out of the list", "true", "ipset del t %1$s", NONE,
	 NONE, NONE, NONE, FAULT_SET_GONE},
	{"the set is swapped for one without counters", "true",
	 "ipset create x hash:net family %2$s timeout 9 && "
	 "ipset swap x %1$s",
	 FAULT_ENFORCE, FAULT_ENFORCE, NONE, NONE, FAULT_ENFORCE},
};

static int run(const char *format, enum enforcer_set bad)
{
	static const char *const name[] = {"t4", "t6"};
	static const char *const family[] = {"inet", "inet6"};
	char command[512];
	char all[640];

/* The format is one of the table's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(command, sizeof(command), format, name[bad], family[bad],
		 family[!bad]);
#pragma GCC diagnostic pop
	snprintf(all, sizeof(all), "full=%s; %s",
		 bad == ENFORCER_V4 ? "203.0.113.1" : "2001:db8:ffff::1",
		 command);
	return shell(all);
}

static enum fault_kind kind_of(int result, const struct fault *why)
{
	assert_true((result < 0) == (why->kind != FAULT_NONE));
	return why->kind;
}

static int pass(void *context, const struct set_entry *entry)
{
	(void)context;
	(void)entry;
	return 0;
}

static enum fault_kind read_slices(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.kind = FAULT_NONE};
	bool more = true;
	int result = e->ops->read_begin(e, set, &why);

	while (result == 0 && more)
		result = e->ops->read_more(e, pass, NULL, &more, &why);
	return kind_of(result, &why);
}

/* Every verb of one set, with 2 and with 300 entries; each is done, or none.
 * ensure comes last, as it may put things right. */
static void check(struct enforcer *e, enum enforcer_set set,
		  const struct trouble_row *r)
{
	static const size_t sizes[] = {2, 300};
	static struct set_change changes[300];
	struct fault why = {.kind = FAULT_NONE};
	struct set_state st;

	for (int i = 0; i < 2; i++) {
		size_t n = sizes[i];

		number_hosts(changes, set,
			     300); /* a hash:ip takes them as well */
		why.kind = FAULT_NONE;
		assert_int_equal(
			kind_of(e->ops->add(e, set, changes, n, &why), &why),
			r->add);
		assert_int_equal(count_done(changes, n) == n, r->add == NONE);
		if (r->add != FAULT_SET_FULL && r->add != NONE)
			assert_int_equal(count_done(changes, n), 0);
		why.kind = FAULT_NONE;
		assert_int_equal(
			kind_of(e->ops->remove(e, set, changes, n, &why), &why),
			r->remove);
		assert_int_equal(count_done(changes, n),
				 r->remove == NONE ? n : 0);
	}
	why.kind = FAULT_NONE;
	assert_int_equal(kind_of(e->ops->each(e, set, pass, NULL, &why), &why),
			 r->each);
	assert_int_equal(read_slices(e, set), r->each);
	why.kind = FAULT_NONE;
	assert_int_equal(kind_of(e->ops->state(e, set, &st, &why), &why),
			 r->state);
	/* nobody need ask why */
	assert_int_equal(e->ops->state(e, set, &st, NULL) < 0,
			 r->state != NONE);
	assert_int_equal(e->ops->add(e, set, changes, 2, NULL) < 0,
			 r->add != NONE);
	assert_int_equal(e->ops->remove(e, set, changes, 2, NULL) < 0,
			 r->remove != NONE);
	why.kind = FAULT_NONE;
	assert_int_equal(kind_of(e->ops->ensure(e, set, &why), &why),
			 r->ensure);
}

static void trouble(void **state)
{
	const struct trouble_row *r = *state;

	for (int bad = ENFORCER_V4; bad < ENFORCER_SETS; bad++) {
		struct enforcer *e = opened();
		struct fault why;

		remove_all(NULL);
		assert_int_equal(run(r->before, bad), 0);
		(void)e->ops->ensure(e, bad, &why);
		must_ensure(e, !bad);
		assert_int_equal(run(r->after, bad), 0);
		/* the good one before, and after the bad one was tried */
		check(e, !bad, &trouble_rows[0]);
		check(e, bad, r);
		check(e, !bad, &trouble_rows[0]);
		/* what ensure can put right is right again */
		if (r->ensure == NONE && r->add != FAULT_SET_FULL)
			check(e, bad, &trouble_rows[0]);
		e->ops->close(e);
	}
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	EACH(trouble_rows, trouble);
	return ipset_kernel_run("ipset_trouble", tests, n);
}
