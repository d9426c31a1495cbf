/*
 * ipset_read: what is in a set, in one call and in slices, while others and we
 * ourselves change it.
 */
#include "ipset_kernel.h"

/* ---- in one call ---- */

static void each_reads(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};
	char text[ADDRESS_TEXT];

	(void)state;
	shell("ipset add t4 192.0.2.128/25 timeout 50 packets 3 bytes 180");
	assert_int_equal(e->ops->each(e, ENFORCER_V4, tally, &t, &why), 0);
	assert_int_equal(t.n, 1);
	assert_string_equal(address_print(&t.last.address, text),
			    "192.0.2.128/25");
	assert_in_range(t.last.left, 1, 50);
	assert_int_equal(t.last.packets, 3);
	assert_int_equal(t.last.bytes, 180);
	assert_int_equal(e->ops->each(e, ENFORCER_V6, tally, &t, &why), 0);
	assert_int_equal(t.n, 1);
	shell("ipset flush t4; ipset add t6 2001:db8::1 timeout 0");
	assert_int_equal(e->ops->each(e, ENFORCER_V6, tally, &t, &why), 0);
	assert_string_equal(address_print(&t.last.address, text),
			    "2001:db8::1");
	assert_int_equal(t.last.left, 0);
	e->ops->close(e);
}

/* So many entries, number first and those behind it. */
static void fill(struct enforcer *e, enum enforcer_set set, unsigned first,
		 unsigned n)
{
	static struct set_change changes[MANY];
	struct fault why = {.text = ""};

	assert_true(n <= MANY);
	number_changes(changes, set, first, n);
	if (e->ops->add(e, set, changes, n, &why) < 0)
		fail_msg("%s", why.text);
}

static void empty(struct enforcer *e, enum enforcer_set set, unsigned first,
		  unsigned n)
{
	static struct set_change changes[MANY];
	struct fault why = {.text = ""};

	assert_true(n <= MANY);
	number_changes(changes, set, first, n);
	if (e->ops->remove(e, set, changes, n, &why) < 0)
		fail_msg("%s", why.text);
}

/* ---- in slices ---- */

enum {
	SLICE_MAX = 1500,   /* entries that no call may exceed */
	READING_MAX = 10000 /* slices; a reading that has more never ends */
};

/* One slice; false when there is no more. */
static bool slice(struct enforcer *e, struct tally *t)
{
	struct fault why = {.text = ""};
	size_t before = t->n;
	bool more = true;

	if (e->ops->read_more(e, tally, t, &more, &why) < 0)
		fail_msg("%s", why.text);
	assert_true(t->n - before <= SLICE_MAX);
	return more;
}

static void begin(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.text = ""};

	if (e->ops->read_begin(e, set, &why) < 0)
		fail_msg("%s", why.text);
}

/* The rest of a reading; how many slices it had. */
static unsigned drain(struct enforcer *e, struct tally *t)
{
	unsigned slices = 1;

	while (slice(e, t))
		assert_true(++slices < READING_MAX);
	return slices;
}

static void assert_seen_once(const struct tally *t, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++)
		assert_int_equal(t->seen[i], 1);
}

struct set_row {
	const char *title;
	enum enforcer_set set;
};

static const struct set_row whole_rows[] = {
	{"20 000 IPv4 entries in slices", ENFORCER_V4},
	{"20 000 IPv6 entries in slices", ENFORCER_V6},
};

static void whole(void **state)
{
	const struct set_row *r = *state;
	static struct tally t;
	struct enforcer *e = ensured();

	memset(&t, 0, sizeof(t));
	fill(e, r->set, 0, MANY);
	begin(e, r->set);
	assert_true(drain(e, &t) > MANY / SLICE_MAX);
	assert_int_equal(t.n, MANY);
	assert_seen_once(&t, 0, MANY);
	/* It is over, and stays so. */
	assert_false(slice(e, &t));
	assert_int_equal(t.n, MANY);
	e->ops->close(e);
}

static void before_any(void **state)
{
	struct enforcer *e = ensured();
	struct tally t = {.n = 0};

	(void)state;
	assert_false(slice(e, &t));
	e->ops->read_end(e);
	assert_false(slice(e, &t));
	/* of an empty set nothing is seen */
	begin(e, ENFORCER_V4);
	drain(e, &t);
	assert_int_equal(t.n, 0);
	e->ops->close(e);
}

static const struct set_row change_rows[] = {
	{"IPv4 entries come and go while others are read", ENFORCER_V4},
	{"IPv6 entries come and go while others are read", ENFORCER_V6},
};

/* Of 20 000 entries 5000 are removed meanwhile, and 5000 others are added,
 * all over the slices; a tenth of those that stay is renewed. */
static void changed(void **state)
{
	const struct set_row *r = *state;
	static struct tally t;
	struct enforcer *e = ensured();
	struct set_state st;
	struct fault why;
	unsigned done = 0;
	bool more = true;

	memset(&t, 0, sizeof(t));
	fill(e, r->set, 0, MANY);
	begin(e, r->set);
	while (more) {
		more = slice(e, &t);
		if (done == 5000)
			continue;
		empty(e, r->set, 15000 + done, 500);
		fill(e, r->set, MANY + done, 500);
		fill(e, r->set, 3 * done, 150);
		fill(e, !r->set, done, 50);
		assert_int_equal(e->ops->state(e, r->set, &st, &why), 0);
		assert_int_equal(st.elements, MANY);
		done += 500;
	}
	assert_int_equal(done, 5000);
	assert_seen_once(&t, 0, 15000);
	for (unsigned i = 15000; i < 2 * MANY; i++)
		assert_true(t.seen[i] <= (i < MANY + 5000));
	/* and now it is as we have left it */
	memset(&t, 0, sizeof(t));
	begin(e, r->set);
	drain(e, &t);
	assert_int_equal(t.n, MANY);
	assert_seen_once(&t, 0, 15000);
	assert_seen_once(&t, MANY, 5000);
	e->ops->close(e);
}

/* The kernel makes a larger table for a set that grows. */
static void resized(void **state)
{
	static struct tally t;
	struct enforcer *e = opened();
	unsigned done = 0;
	bool more = true;

	(void)state;
	memset(&t, 0, sizeof(t));
	assert_int_equal(shell("ipset create t4 hash:net timeout 9 counters "
			       "hashsize 64 maxelem 65536"),
			 0);
	must_ensure(e, ENFORCER_V4);
	fill(e, ENFORCER_V4, 0, 5000);
	begin(e, ENFORCER_V4);
	while (more) {
		more = slice(e, &t);
		if (done < MANY)
			fill(e, ENFORCER_V4, 5000 + done, 5000);
		done += 5000;
	}
	assert_true(done >= MANY);
	assert_int_equal(shell("ipset list -t t4 | grep -E "
			       "'hashsize (8192|16384|32768) '"),
			 0);
	assert_seen_once(&t, 0, 5000);
	memset(&t, 0, sizeof(t));
	begin(e, ENFORCER_V4);
	drain(e, &t);
	assert_seen_once(&t, 0, 5000 + MANY);
	e->ops->close(e);
}

static int flush_it(void *context, const struct set_entry *entry)
{
	unsigned *n = context;

	(void)entry;
	if (++*n == 100)
		shell("ipset flush t4");
	return 0;
}

static void flushed(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	unsigned n = 0;
	unsigned slices = 0;
	bool more = true;

	(void)state;
	fill(e, ENFORCER_V4, 0, MANY);
	begin(e, ENFORCER_V4);
	while (more) {
		assert_int_equal(
			e->ops->read_more(e, flush_it, &n, &more, &why), 0);
		assert_true(++slices < READING_MAX);
	}
	assert_in_range(n, 100, 2 * SLICE_MAX);
	e->ops->close(e);
}

/* ---- one reading at a time ---- */

static void again(void **state)
{
	static struct tally t;
	struct enforcer *e = ensured();

	(void)state;
	fill(e, ENFORCER_V4, 0, MANY);
	fill(e, ENFORCER_V6, 0, 3000);
	for (int round = 0; round < 20; round++) {
		memset(&t, 0, sizeof(t));
		begin(e, ENFORCER_V4);
		assert_true(slice(e, &t));
		assert_true(t.n > 0 && t.n < MANY);
	}
	/* the other set, and nothing of the one before */
	memset(&t, 0, sizeof(t));
	begin(e, ENFORCER_V6);
	drain(e, &t);
	assert_int_equal(t.n, 3000);
	assert_seen_once(&t, 0, 3000);
	assert_int_equal(t.last.address.family, ADDRESS_V6);
	e->ops->close(e);
}

static void beside_each(void **state)
{
	static struct tally slices;
	static struct tally all;
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	memset(&slices, 0, sizeof(slices));
	fill(e, ENFORCER_V4, 0, MANY);
	begin(e, ENFORCER_V4);
	while (slice(e, &slices)) {
		memset(&all, 0, sizeof(all));
		assert_int_equal(
			e->ops->each(e, ENFORCER_V4, tally, &all, &why), 0);
		assert_int_equal(all.n, MANY);
	}
	assert_int_equal(slices.n, MANY);
	assert_seen_once(&slices, 0, MANY);
	e->ops->close(e);
}

/* ---- a reading that is not read to its end ---- */

static void end_it(struct enforcer **e)
{
	(*e)->ops->read_end(*e);
}

static void begin_another(struct enforcer **e)
{
	static struct tally t;

	t.n = 0;
	begin(*e, ENFORCER_V6);
	drain(*e, &t);
	assert_int_equal(t.n, 0);
}

static void stop_it(struct enforcer **e)
{
	static struct tally t;

	memset(&t, 0, sizeof(t));
	t.stop_at = 7;
	assert_false(slice(*e, &t));
	assert_int_equal(t.n, 7);
	assert_false(slice(*e, &t));
	assert_int_equal(t.n, 7);
}

static void read_it(struct enforcer **e)
{
	static struct tally t;

	memset(&t, 0, sizeof(t));
	drain(*e, &t);
}

static void close_it(struct enforcer **e)
{
	(*e)->ops->close(*e);
	*e = opened();
}

struct end_row {
	const char *title;
	void (*end)(struct enforcer **e);
};

static const struct end_row end_rows[] = {
	{"a reading that is ended lets the set go", end_it},
	{"a reading that another one ends lets the set go", begin_another},
	{"a reading that see stops lets the set go", stop_it},
	{"a reading that is read to its end lets the set go", read_it},
	{"a closed enforcer lets the set go", close_it},
};

/* The kernel may need a moment to drop the reference. */
static bool in_time(const char *command)
{
	for (int i = 0; i < 200; i++) {
		if (shell(command) == 0)
			return true;
		usleep(50000);
	}
	return false;
}

/* While a reading runs the set cannot be swapped, but everything else can be
 * done with it. */
static void ends(void **state)
{
	const struct end_row *r = *state;
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	memset(&t, 0, sizeof(t));
	fill(e, ENFORCER_V4, 0, MANY);
	assert_int_equal(shell("ipset create x hash:net timeout 9 counters"),
			 0);
	begin(e, ENFORCER_V4);
	assert_true(slice(e, &t));
	assert_int_not_equal(shell("ipset swap x t4"), 0);
	assert_int_equal(shell("ipset add t4 192.0.2.7 && "
			       "ipset test t4 192.0.2.7 && "
			       "ipset del t4 192.0.2.7"),
			 0);
	r->end(&e);
	assert_true(in_time("ipset swap x t4"));
	/* and everything goes on */
	assert_int_equal(add_one(e, "192.0.2.1", 300, true, &why), 0);
	memset(&t, 0, sizeof(t));
	begin(e, ENFORCER_V4);
	drain(e, &t);
	assert_int_equal(t.n, 1);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(each_reads, "each reads address, time and counters");
	EACH(whole_rows, whole);
	ONE(before_any, "without a reading there is no more");
	EACH(change_rows, changed);
	ONE(resized, "a set that is resized while it is read");
	ONE(flushed, "a set that is flushed while it is read");
	ONE(again, "a reading begins anew");
	ONE(beside_each, "each does not disturb the slices");
	EACH(end_rows, ends);
	return ipset_kernel_run("ipset_read", tests, n);
}
