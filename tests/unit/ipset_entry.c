/* ipset_entry: bans into the sets and out of them. */
#include "ipset_kernel.h"

/* ---- ban and lift ---- */

static void bans_and_lifts(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[] = {
		entry_of("192.0.2.1", 100, true),
		entry_of("2001:db8:1:2::/64", 100, true),
		entry_of("198.51.100.0/24", 100, true),
		entry_of("192.0.2.1", 100, true),
	};
	struct entry out[] = {
		entry_of("192.0.2.1", 1, false),
		entry_of("203.0.113.9", 1, false),
		entry_of("2001:db8:1:2::/64", 1, false),
	};

	(void)state;
	assert_int_equal(e->ops->ban(e, in, 4, &why), 0);
	assert_int_equal(count_done(in, 4), 4);
	assert_int_equal(shell("ipset test t4 192.0.2.1 && "
			       "ipset test t4 198.51.100.77 && "
			       "ipset test t6 2001:db8:1:2:3::4"),
			 0);
	assert_int_equal(e->ops->lift(e, out, 3, &why), 0);
	assert_int_equal(count_done(out, 3), 3);
	assert_int_not_equal(shell("ipset test t4 192.0.2.1"), 0);
	assert_int_not_equal(shell("ipset test t6 2001:db8:1:2:3::4"), 0);
	assert_int_equal(shell("ipset test t4 198.51.100.77"), 0);
	assert_int_equal(e->ops->ban(e, NULL, 0, &why), 0);
	e->ops->close(e);
}

struct timeout_row {
	const char *title;
	int64_t left;
	long least;
	long most;
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

	assert_int_equal(ban_one(e, "192.0.2.1", r->left, true, &why), 0);
	left = ask_number("ipset list t4 | sed -n 's/.*192.0.2.1 timeout "
			  "\\([0-9]*\\) .*/\\1/p'");
	assert_in_range(left, r->least, r->most);
	e->ops->close(e);
}

static void nought_is_not_for_ever(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	assert_int_equal(ban_one(e, "192.0.2.1", 0, true, &why), 0);
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
	assert_int_equal(ban_one(e, "192.0.2.1", 900, true, &why), 0);
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
	assert_int_equal(ban_one(e, "192.0.2.1", 900, false, &why), 0);
	assert_int_equal(shell("ipset list t4 | grep -E '192.0.2.1 timeout "
			       "(900|89[0-9]) packets 77 bytes 4000'"),
			 0);
	e->ops->close(e);
}

static void bulk(void **state)
{
	static struct entry entries[MANY];
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		entries[i] = entry_number(i);
	assert_int_equal(e->ops->ban(e, entries, MANY, &why), 0);
	assert_int_equal(count_done(entries, MANY), MANY);
	assert_int_equal(ask_number("ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"),
			 MANY / 2);
	assert_int_equal(ask_number("ipset list -t t6 | "
				    "sed -n 's/Number of entries: //p'"),
			 MANY / 2);
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(t.seen[i], 1);
	assert_int_equal(e->ops->lift(e, entries, MANY, &why), 0);
	assert_int_equal(ask_number("ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"),
			 0);
	e->ops->close(e);
}

struct middle_row {
	const char *title;
	size_t n;
	size_t bad; /* index of the entry that the kernel refuses */
};

static const struct middle_row middle_rows[] = {
	{"one of a few that is refused stops no other", 100, 50},
	{"the last of a few", 100, 99},
	{"the first of many", 2000, 0},
	{"one in the middle of many stops no other", 2000, 1001},
	{"the last of many", 2000, 1999},
	{"the last of the first message", 2000, 998},
};

static const char refused_four[] =
	"cannot ban '0.0.0.0/0': cannot add to set 't4': the kernel does not "
	"take the prefix length; allowed: 1 to 32, or 1 to 128";
static const char refused_six[] =
	"cannot ban '::/0': cannot add to set 't6': the kernel does not take "
	"the prefix length; allowed: 1 to 32, or 1 to 128";

static void middle(void **state)
{
	const struct middle_row *r = *state;
	static struct entry entries[2000];
	struct enforcer *e = ensured();
	struct fault why = {.text = ""};
	bool six = r->bad % 2 != 0;

	for (size_t i = 0; i < r->n; i++)
		entries[i] = entry_number((unsigned)i);
	entries[r->bad] = entry_of(six ? "::/0" : "0.0.0.0/0", 60, true);
	assert_int_equal(e->ops->ban(e, entries, r->n, &why), -1);
	assert_string_equal(why.text, six ? refused_six : refused_four);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_int_equal(count_done(entries, r->n), r->n - 1);
	assert_false(entries[r->bad].done);
	e->ops->close(e);
}

static int in_order(void *context, const struct entry_seen *seen)
{
	struct tally *t = context;
	unsigned i = (unsigned)(seen->address.bytes[2] << 8 |
				seen->address.bytes[3]);

	if (i < MANY)
		t->seen[i]++;
	t->n++;
	return 0;
}

/* What is marked done is in the set, and nothing else. */
static void full(void **state)
{
	size_t n = *(const size_t *)*state;
	static struct entry entries[3000];
	static struct tally t;
	struct enforcer *e = opened();
	struct fault why = {.text = ""};
	static const char says[] =
		"': set 't4' is full (64 entries): make room with";

	memset(&t, 0, sizeof(t));
	shell("ipset create t4 hash:net timeout 600 counters maxelem 64 "
	      "hashsize 64");
	assert_int_equal(e->ops->ensure(e, &why), 0);
	for (unsigned i = 0; i < n; i++)
		entries[i] = entry_number(2 * i);
	assert_int_equal(e->ops->ban(e, entries, n, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_FULL);
	if (strstr(why.text, says) == NULL)
		fail_msg("%s", why.text);
	assert_int_equal(e->ops->each(e, in_order, &t, &why), 0);
	assert_in_range(t.n, 64, n - 1);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(t.seen[2 * i], entries[i].done);
	/* A full set still renews, and still lifts. */
	assert_int_equal(ban_one(e, "10.0.0.0", 50, false, &why), 0);
	assert_int_equal(e->ops->lift(e, entries, n, &why), 0);
	assert_int_equal(count_done(entries, n), n);
	e->ops->close(e);
}

static const size_t full_few = 120;
static const size_t full_many = 3000;

static void no_address(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[3] = {
		entry_of("192.0.2.1", 9, true), {.left = 9}, {.left = 9}};

	(void)state;
	assert_int_equal(e->ops->ban(e, in, 3, &why), -1);
	assert_string_equal(why.text, "entry 2 holds no address: family '0'");
	assert_true(in[0].done);
	assert_false(in[1].done);
	assert_int_equal(e->ops->ban(e, in + 1, 2, &why), -1);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(bans_and_lifts, "bans and lifts, hosts and prefixes");
	EACH(timeout_rows, timeouts);
	ONE(nought_is_not_for_ever, "no time left is not for ever");
	ONE(fresh_counters, "a new ban starts at zero in an expired slot");
	ONE(renewal_keeps_counters, "a renewal keeps its counters");
	ONE(bulk, "20 000 entries in, read, and out");
	EACH(middle_rows, middle);
	ONE(full, "a full set, few entries");
	tests[n - 1].initial_state = (void *)&full_few;
	ONE(full, "a full set, many entries");
	tests[n - 1].initial_state = (void *)&full_many;
	ONE(no_address, "an entry without an address is refused");
	return ipset_kernel_run("ipset_entry", tests, n);
}
