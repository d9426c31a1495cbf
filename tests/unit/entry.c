/* entry: what is wanted of the kernel against what it holds, sets that are
 * shared, and all that happens at the same time. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* ---- names ---- */

struct name_row {
	const char *title;
	const char *base;
	unsigned family;
	const char *expected;
};

static const struct name_row name_rows[] = {
	{"a set of IPv4", "saslban", ADDRESS_V4, "saslban4"},
	{"a set of IPv6", "saslban", ADDRESS_V6, "saslban6"},
	{"the longest name", "abcdefghijklmnopqrstuvwxyz", ADDRESS_V4,
	 "abcdefghijklmnopqrstuvwxyz4"},
	{"a name that is too long is cut", "abcdefghijklmnopqrstuvwxyz1",
	 ADDRESS_V6, "abcdefghijklmnopqrstuvwxyz6"},
};

static void name_test(void **state)
{
	const struct name_row *r = *state;
	char out[ENTRY_SET];

	assert_string_equal(entry_set(r->base, r->family, out), r->expected);
}

/* ---- one ban: what is due? ---- */

struct due_row {
	const char *title;
	int64_t until;
	int64_t held;
	bool lifted, observed;
	int64_t horizon; /* behind NOW */
	const char *excess, *shortly, *absent;
};

static const struct due_row due_rows[] = {
	{"a new ban", NOW + 90, 0, 0, 0, 0, "", "", "192.0.2.1 +90/-"},
	{"a ban that the kernel holds", NOW + 90, NOW + 90, 0, 0, 0, "", "",
	 ""},
	{"a ban that ran out before it was added", NOW, 0, 0, 0, 0, "", "", ""},
	{"a ban in its last second", NOW + 1, 0, 0, 0, 0, "", "",
	 "192.0.2.1 +1/-"},
	{"a ban that is only observed", NOW + 90, 0, 0, 1, 0, "", "", ""},
	{"a ban for ever", FOREVER, 0, 0, 0, 0, "", "", "192.0.2.1 forever/-"},
	{"a long ban, held in part", NOW + 900, NOW + 90, 0, 0, 0, "", "", ""},
	{"a long ban that has to be renewed", NOW + 900, NOW + 90, 0, 0, 91, "",
	 "192.0.2.1 +900/+90", ""},
	{"a long ban that has to be renewed in a second", NOW + 900, NOW + 90,
	 0, 0, 90, "", "", ""},
	{"a long ban that was not renewed in time", NOW + 900, NOW - 1, 0, 0,
	 91, "", "", "192.0.2.1 +900/-1"},
	{"a long ban that has run out in this second", NOW + 900, NOW, 0, 0, 91,
	 "", "", "192.0.2.1 +900/+0"},
	{"a ban for ever, held in part", FOREVER, NOW + 90, 0, 0, 99, "",
	 "192.0.2.1 forever/+90", ""},
	{"a short ban is not renewed", NOW + 90, NOW + 90, 0, 0, 99, "", "",
	 ""},
	{"a ban that is held too long", NOW + 90, NOW + 91, 0, 0, 99,
	 "192.0.2.1 +90/+91", "", ""},
	{"a ban that is held for good", NOW + 90, FOREVER, 0, 0, 99,
	 "192.0.2.1 +90/forever", "", ""},
	{"a ban for ever that is held for good", FOREVER, FOREVER, 0, 0, 99, "",
	 "", ""},
	{"a ban that ran out and is held", NOW, NOW + 1, 0, 0, 99,
	 "192.0.2.1 +0/+1", "", ""},
	{"a ban that ran out and is held no longer", NOW - 1, NOW, 0, 0, 99, "",
	 "", ""},
	{"a lifted ban that is held", NOW + 90, NOW + 90, 1, 0, 99,
	 "192.0.2.1 -/+90", "", ""},
	{"a lifted ban that is held for longer", NOW + 90, NOW + 900, 1, 0, 99,
	 "192.0.2.1 -/+900", "", ""},
	{"a lifted ban that nobody has noted may be held all the same",
	 NOW + 90, 0, 1, 0, 99, "192.0.2.1 -/+90", "", ""},
	{"so may one that was being renewed", NOW + 900, NOW + 90, 1, 0, 99,
	 "192.0.2.1 -/+900", "", ""},
	{"and a lifted ban for ever", FOREVER, NOW + 90, 1, 0, 99,
	 "192.0.2.1 -/forever", "", ""},
	{"a lifted ban that was only observed", NOW + 90, 0, 1, 1, 99, "", "",
	 ""},
};

static void due_test(void **state)
{
	const struct due_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "other");
	char text[KIT_TEXT];

	(r->observed ? kit_observed : kit_ban)(s, jail, "192.0.2.1", NOW - 10,
					       r->until);
	if (r->held != 0)
		kit_held(s, "saslban4", "192.0.2.1", r->held);
	/* Another set is nobody's business. */
	kit_ban(s, other, "192.0.2.1", NOW, FOREVER);
	kit_held(s, "other4", "192.0.2.1", NOW + 5);
	if (r->lifted)
		kit_lift(s, jail, "192.0.2.1", NOW - 1);
	assert_string_equal(
		kit_due(s, "saslban4", ENTRY_EXCESS, NOW + r->horizon, text),
		r->excess);
	assert_string_equal(
		kit_due(s, "saslban4", ENTRY_SHORT, NOW + r->horizon, text),
		r->shortly);
	assert_string_equal(
		kit_due(s, "saslban4", ENTRY_ABSENT, NOW + r->horizon, text),
		r->absent);
	store_close(s);
}

/* ---- order, and pages of it ---- */

static void ban(struct store *s, int64_t jail, const char *address,
		unsigned strike, int64_t at, int64_t until)
{
	struct offense o = {.jail = jail,
			    .address = kit_address(address),
			    .strike = strike,
			    .at = at,
			    .until = until};

	WRITE(s, offense_add(s, &o, &write_why));
}

/* The addresses of what is due, read `page` at a time. */
static const char *pages(struct store *s, enum entry_due which, size_t page,
			 char out[KIT_TEXT])
{
	struct entry due[16], last;
	const struct entry *after = NULL;
	char address[ADDRESS_TEXT];
	size_t n, end = 0;

	out[0] = '\0';
	do {
		assert_int_equal(entry_due(s, "saslban4", which, NOW, NOW + 99,
					   after, due, page, &n, NULL),
				 0);
		assert_in_range(n, 0, page);
		for (size_t i = 0; i < n; i++)
			end += (size_t)snprintf(
				out + end, KIT_TEXT - end, "%s%s",
				end == 0 ? "" : " ",
				address_print(&due[i].address, address));
		if (n > 0) {
			last = due[n - 1];
			after = &last;
		}
	} while (n > 0);
	return out;
}

static void assert_pages(struct store *s, enum entry_due which,
			 const char *expected)
{
	char text[KIT_TEXT];

	for (size_t page = 1; page <= 8; page++)
		assert_string_equal(pages(s, which, page, text), expected);
}

static void by_held_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	for (int i = 1; i <= 9; i++) {
		char address[ADDRESS_TEXT];

		snprintf(address, sizeof(address), "192.0.2.%d", i);
		kit_ban(s, jail, address, NOW, NOW + 900);
	}
	kit_held(s, "saslban4", "192.0.2.3", NOW + 9);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 8);
	kit_held(s, "saslban4", "192.0.2.2", NOW + 9);
	kit_held(s, "saslban4", "192.0.2.4", NOW + 7);
	kit_held(s, "saslban4", "192.0.2.9", NOW + 99);
	assert_pages(s, ENTRY_SHORT, "192.0.2.4 192.0.2.1 192.0.2.2 192.0.2.3");
	kit_held(s, "saslban4", "192.0.2.5", NOW + 903);
	kit_held(s, "saslban4", "192.0.2.6", FOREVER);
	kit_held(s, "saslban4", "192.0.2.7", NOW + 902);
	kit_held(s, "saslban4", "192.0.2.8", FOREVER);
	kit_held(s, "saslban4", "192.0.2.77", NOW + 3);
	assert_pages(s, ENTRY_EXCESS,
		     "192.0.2.77 192.0.2.7 192.0.2.5 192.0.2.6 192.0.2.8");
	store_close(s);
}

/* The highest strike first, of these who was at it last; whether it was never
 * added, or has run out. */
static void absent_order_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct address a = kit_address("192.0.2.1");

	(void)state;
	ban(s, jail, "192.0.2.1", 1, NOW - 50, NOW + 900);
	ban(s, jail, "192.0.2.2", 3, NOW - 70, NOW + 900);
	ban(s, jail, "192.0.2.3", 1, NOW - 40, NOW + 900);
	ban(s, jail, "192.0.2.4", 1, NOW - 60, FOREVER);
	ban(s, jail, "192.0.2.5", 3, NOW - 80, NOW + 900);
	ban(s, jail, "192.0.2.6", 2, NOW - 10, NOW + 900);
	ban(s, jail, "192.0.2.7", 9, NOW - 10, NOW);
	ban(s, jail, "192.0.2.8", 9, NOW - 10, NOW + 900);
	kit_held(s, "saslban4", "192.0.2.5", NOW - 1);
	kit_held(s, "saslban4", "192.0.2.3", NOW - 1);
	kit_held(s, "saslban4", "192.0.2.8", NOW + 1);
	assert_pages(s, ENTRY_ABSENT,
		     "192.0.2.2 192.0.2.5 192.0.2.6 192.0.2.3 192.0.2.1 "
		     "192.0.2.4");
	/* He goes on: he is next, but not before a worse one. */
	WRITE(s, entry_at_large(s, jail, &a, NOW, &write_why));
	assert_pages(s, ENTRY_ABSENT,
		     "192.0.2.2 192.0.2.5 192.0.2.6 192.0.2.1 192.0.2.3 "
		     "192.0.2.4");
	store_close(s);
}

/* Who yields when the set is full: the reverse, of those that are held. */
static void weakest_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	static const char *const held[] = {"192.0.2.1", "192.0.2.2",
					   "192.0.2.3", "192.0.2.4",
					   "192.0.2.5", "192.0.2.7"};
	struct entry out[8];
	size_t n = 99;

	(void)state;
	ban(s, jail, "192.0.2.1", 2, NOW - 90, NOW + 900);
	ban(s, jail, "192.0.2.2", 1, NOW - 50, NOW + 900);
	ban(s, jail, "192.0.2.3", 1, NOW - 60, NOW + 5000);
	ban(s, jail, "192.0.2.4", 1, NOW - 99, NOW + 900);
	ban(s, jail, "192.0.2.5", 1, NOW - 99, NOW);
	ban(s, jail, "192.0.2.6", 1, NOW - 99, NOW + 900); /* not held */
	for (size_t i = 0; i < 6; i++)
		kit_held(s, "saslban4", held[i], NOW + 900);
	kit_held(s, "saslban4", "192.0.2.4", NOW); /* no more */
	assert_int_equal(entry_weakest(s, "saslban4", NOW, out, 8, &n, NULL),
			 0);
	assert_int_equal(n, 3);
	assert_int_equal(out[0].address.bytes[3], 3);
	assert_int_equal(out[1].address.bytes[3], 2);
	assert_int_equal(out[2].address.bytes[3], 1);
	assert_int_equal(out[0].strike, 1);
	assert_int_equal(out[0].since, NOW - 60);
	assert_int_equal(out[0].wanted, NOW + 5000);
	assert_int_equal(out[0].held, NOW + 900);
	assert_int_equal(out[2].strike, 2);
	assert_int_equal(entry_weakest(s, "saslban4", NOW, out, 1, &n, NULL),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(out[0].address.bytes[3], 3);
	store_close(s);
}

static void next_short_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t when = 0;

	(void)state;
	assert_int_equal(entry_next_short(s, "saslban4", NOW, &when, NULL), 0);
	assert_true(when == FOREVER);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 9);
	kit_held(s, "saslban4", "192.0.2.2", NOW + 9);
	kit_held(s, "saslban4", "192.0.2.8", NOW + 2);
	assert_int_equal(entry_next_short(s, "saslban4", NOW, &when, NULL), 0);
	assert_true(when == FOREVER);
	kit_ban(s, jail, "192.0.2.3", NOW, FOREVER);
	kit_held(s, "saslban4", "192.0.2.3", NOW + 80);
	kit_ban(s, jail, "192.0.2.4", NOW, NOW + 900);
	kit_held(s, "saslban4", "192.0.2.4", NOW + 70);
	/* One that has run out is no longer to be renewed, but to be added. */
	kit_ban(s, jail, "192.0.2.5", NOW, NOW + 900);
	kit_held(s, "saslban4", "192.0.2.5", NOW);
	assert_int_equal(entry_next_short(s, "saslban4", NOW, &when, NULL), 0);
	assert_int_equal(when, NOW + 70);
	kit_lift(s, jail, "192.0.2.4", NOW);
	assert_int_equal(entry_next_short(s, "saslban4", NOW, &when, NULL), 0);
	assert_int_equal(when, NOW + 80);
	store_close(s);
}

/* ---- rows ---- */

static struct entry get(struct store *s, const char *address)
{
	struct address a = kit_address(address);
	struct entry e;
	bool found = false;

	assert_int_equal(entry_get(s, "saslban4", &a, &e, &found, NULL), 0);
	assert_true(found);
	return e;
}

static void at_large_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	static const char *const address[] = {"192.0.2.1", "192.0.2.2",
					      "192.0.2.3", "192.0.2.4",
					      "2001:db8::/64"};

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 90);
	kit_ban(s, jail, "192.0.2.2", NOW - 9, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.2", NOW + 1);
	kit_ban(s, jail, "192.0.2.3", NOW - 9, NOW);
	kit_ban(s, jail, "192.0.2.4", NOW - 9, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.4", NOW);
	kit_ban(s, jail, "2001:db8::/64", NOW - 9, NOW + 90);
	for (size_t i = 0; i < 5; i++) {
		struct address a = kit_address(address[i]);

		WRITE(s, entry_at_large(s, jail, &a, NOW, &write_why));
	}
	assert_int_equal(get(s, "192.0.2.1").since, NOW);
	assert_int_equal(get(s, "192.0.2.2").since, NOW - 9); /* held */
	assert_int_equal(get(s, "192.0.2.3").since, NOW - 9); /* over */
	assert_int_equal(get(s, "192.0.2.4").since, NOW);
	ENTRY(s, "saslban6", "2001:db8::/64", "+90/-");
	/* A stranger gets no row. */
	WRITE(s, entry_at_large(s, jail, &(struct address){ADDRESS_V4, 32, {9}},
				NOW, &write_why));
	ENTRY(s, "saslban4", "9.0.0.0", "none");
	store_close(s);
}

/* The highest strike, and the latest beginning, of the bans that want it. */
static void strike_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "saslban");
	int64_t rbl = kit_jail(s, "rbl", "saslban");
	struct address a = kit_address("192.0.2.1");

	(void)state;
	ban(s, sasl, "192.0.2.1", 3, NOW - 90, NOW + 90);
	ban(s, rbl, "192.0.2.1", 1, NOW - 10, NOW + 50);
	assert_int_equal(get(s, "192.0.2.1").strike, 3);
	assert_int_equal(get(s, "192.0.2.1").since, NOW - 10);
	WRITE(s, entry_at_large(s, rbl, &a, NOW - 5, &write_why));
	kit_lift(s, sasl, "192.0.2.1", NOW);
	assert_int_equal(get(s, "192.0.2.1").strike, 1);
	assert_int_equal(get(s, "192.0.2.1").since, NOW - 5);
	kit_lift(s, rbl, "192.0.2.1", NOW);
	assert_int_equal(get(s, "192.0.2.1").strike, 0);
	assert_int_equal(get(s, "192.0.2.1").since, 0);
	/* Nothing is left of what was before. */
	ban(s, sasl, "192.0.2.1", 2, NOW - 40, NOW + 90);
	assert_int_equal(get(s, "192.0.2.1").strike, 2);
	assert_int_equal(get(s, "192.0.2.1").since, NOW - 40);
	store_close(s);
}

static void held_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t n = 99;

	(void)state;
	/* Of nobody's ban. */
	kit_held(s, "saslban4", "192.0.2.1", 0);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	kit_held(s, "saslban4", "192.0.2.1", NOW + 5);
	ENTRY(s, "saslban4", "192.0.2.1", "-/+5");
	kit_held(s, "saslban4", "192.0.2.1", 0);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	/* Of a ban. */
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.2", NOW + 90);
	ENTRY(s, "saslban4", "192.0.2.2", "+90/+90");
	ENTRY(s, "saslban6", "192.0.2.2", "none");
	kit_held(s, "saslban4", "192.0.2.2", 0);
	ENTRY(s, "saslban4", "192.0.2.2", "+90/-");
	kit_held(s, "saslban4", "192.0.2.3", NOW);
	kit_held(s, "saslban4", "192.0.2.4", NOW + 1);
	kit_held(s, "saslban4", "192.0.2.5", FOREVER);
	kit_held(s, "other4", "192.0.2.5", FOREVER);
	assert_int_equal(entry_count(s, "saslban4", NOW, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(entry_count(s, "saslban6", NOW, &n, NULL), 0);
	assert_int_equal(n, 0);
	store_close(s);
}

static int see_entry(void *context, const struct entry *e)
{
	struct offense o = {.address = e->address};

	return kit_see_offense(context, &o);
}

struct each_row {
	const char *title;
	const char *after;
	size_t limit;
	size_t stop_after;
	int answer;
	const char *expected;
};

/* In the order of their text. */
static const struct each_row each_rows[] = {
	{"all of a set", NULL, 0, 0, 0,
	 "10.0.0.0/8 192.0.2.1 192.0.2.10 192.0.2.2 9.0.0.1"},
	{"the first two", NULL, 2, 0, 0, "10.0.0.0/8 192.0.2.1"},
	{"the next two", "192.0.2.1", 2, 0, 0, "192.0.2.10 192.0.2.2"},
	{"behind one that is not there", "192.0.2.11", 0, 0, 0,
	 "192.0.2.2 9.0.0.1"},
	{"behind the last one", "9.0.0.1", 0, 0, 0, ""},
	{"as long as it is answered 0", NULL, 0, 3, 42,
	 "10.0.0.0/8 192.0.2.1 192.0.2.10"},
};

static void each_test(void **state)
{
	static const char *const held[] = {"9.0.0.1", "192.0.2.10", "192.0.2.2",
					   "10.0.0.0/8", "192.0.2.1"};
	const struct each_row *r = *state;
	struct kit_seen seen = {"", r->stop_after, 0};
	struct store *s = kit_memory();
	struct address after;

	for (size_t i = 0; i < 5; i++)
		kit_held(s, "saslban4", held[i], NOW + 5);
	kit_held(s, "saslban6", "2001:db8::1", NOW + 5);
	kit_held(s, "other4", "192.0.2.3", NOW + 5);
	if (r->after != NULL)
		after = kit_address(r->after);
	assert_int_equal(entry_each(s, "saslban4",
				    r->after == NULL ? NULL : &after, r->limit,
				    see_entry, &seen, NULL),
			 r->answer);
	assert_string_equal(seen.text, r->expected);
	store_close(s);
}

static void prune_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	size_t n = 99;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW);
	kit_ban(s, jail, "192.0.2.2", NOW - 9, NOW + 1);
	kit_ban(s, jail, "192.0.2.3", NOW - 9, NOW);
	kit_held(s, "saslban4", "192.0.2.3", NOW + 1);
	kit_held(s, "saslban4", "192.0.2.4", NOW);
	kit_held(s, "saslban4", "192.0.2.5", NOW - 50);
	kit_held(s, "saslban4", "192.0.2.6", FOREVER);
	kit_held(s, "other4", "192.0.2.5", NOW - 50);
	WRITE(s, entry_prune(s, "saslban4", NOW, 2, &n, &write_why));
	assert_int_equal(n, 2);
	WRITE(s, entry_prune(s, "saslban4", NOW, 2, &n, &write_why));
	assert_int_equal(n, 1);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	ENTRY(s, "saslban4", "192.0.2.2", "+1/-");
	ENTRY(s, "saslban4", "192.0.2.3", "+0/+1");
	ENTRY(s, "saslban4", "192.0.2.4", "none");
	ENTRY(s, "saslban4", "192.0.2.5", "none");
	ENTRY(s, "saslban4", "192.0.2.6", "-/forever");
	ENTRY(s, "other4", "192.0.2.5", "-/-50");
	store_close(s);
}

/* The bans of a jail that nobody knows go nowhere: better say so. */
static void no_set_test(void **state)
{
	struct store *s = kit_memory();
	struct address a = kit_address("192.0.2.1");
	struct fault why = {FAULT_NONE, ""};

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(entry_want(s, 7, &a, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "restart rsyslogd"));
	store_rollback(s);
	store_close(s);
}

/* ---- one jail: what happens at the same time ---- */

/* The engine adds it while a person lifts it. */
static void lifted_while_added_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	kit_lift(s, jail, "192.0.2.1", NOW);
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 -/+90");
	/* Whoever is first: the one who adds ... */
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 -/+90");
	DUE(s, "saslban4", ENTRY_ABSENT, "");
	/* ... or the one who removes: what was added then is noted as held,
	 * and so removed once more. */
	kit_held(s, "saslban4", "192.0.2.1", 0);
	DUE(s, "saslban4", ENTRY_EXCESS, "");
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 -/+90");
	kit_held(s, "saslban4", "192.0.2.1", 0);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	store_close(s);
}

/* Lifted, and banned anew before the entry was removed. */
static void banned_anew_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 900);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 900);
	kit_lift(s, jail, "192.0.2.1", NOW);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 50);
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 +50/+900");
	/* Removed by somebody who had looked before: it has to be added. */
	kit_held(s, "saslban4", "192.0.2.1", 0);
	DUE(s, "saslban4", ENTRY_EXCESS, "");
	DUE(s, "saslban4", ENTRY_ABSENT, "192.0.2.1 +50/-");
	kit_held(s, "saslban4", "192.0.2.1", NOW + 50);
	DUE(s, "saslban4", ENTRY_ABSENT, "");
	store_close(s);
}

/* The same, and the new ban is longer than what may be in the kernel: it may be
 * that nothing is. */
static void banned_longer_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 90);
	kit_lift(s, jail, "192.0.2.1", NOW);
	ENTRY(s, "saslban4", "192.0.2.1", "-/+90");
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	DUE(s, "saslban4", ENTRY_ABSENT, "192.0.2.1 +900/-");
	/* As long as the old one. */
	kit_lift(s, jail, "192.0.2.1", NOW);
	ENTRY(s, "saslban4", "192.0.2.1", "-/+900");
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	DUE(s, "saslban4", ENTRY_ABSENT, "192.0.2.1 +900/-");
	/* A second shorter: at most so much is there. */
	kit_lift(s, jail, "192.0.2.1", NOW);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 899);
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 +899/+900");
	/* And longer again, by another ban, before anybody has looked. */
	kit_ban(s, jail, "192.0.2.1", NOW, FOREVER);
	DUE(s, "saslban4", ENTRY_ABSENT, "192.0.2.1 forever/-");
	/* What is known to be there stays known. */
	kit_held(s, "saslban4", "192.0.2.1", NOW + 500);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 500);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 500);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 5000);
	ENTRY(s, "saslban4", "192.0.2.1", "+5000/+500");
	store_close(s);
}

static void superseded_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	/* A longer one: the entry is renewed in time. */
	kit_ban(s, jail, "192.0.2.1", NOW - 8, NOW + 99);
	DUE(s, "saslban4", ENTRY_EXCESS, "");
	ENTRY(s, "saslban4", "192.0.2.1", "+99/+90");
	/* A shorter one: it gets the shorter time. */
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 50);
	DUE(s, "saslban4", ENTRY_ABSENT, "");
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 +50/+99");
	kit_held(s, "saslban4", "192.0.2.1", NOW + 50);
	DUE(s, "saslban4", ENTRY_EXCESS, "");
	/* One that is only observed: the entry goes. */
	kit_observed(s, jail, "192.0.2.1", NOW, NOW + 50);
	DUE(s, "saslban4", ENTRY_ABSENT, "");
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.1 -/+50");
	store_close(s);
}

static void expire_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	size_t n;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW);
	kit_held(s, "saslban4", "192.0.2.1", NOW);
	kit_ban(s, jail, "192.0.2.2", NOW - 9, NOW);
	kit_ban(s, jail, "192.0.2.3", NOW - 9, NOW);
	kit_held(s, "saslban4", "192.0.2.3", NOW + 7);
	kit_observed(s, jail, "192.0.2.4", NOW - 9, NOW);
	WRITE(s, offense_expire(s, jail, NOW, 9, NULL, NULL, &write_why));
	ENTRY(s, "saslban4", "192.0.2.1", "-/+0");
	ENTRY(s, "saslban4", "192.0.2.2", "-/+0");
	ENTRY(s, "saslban4", "192.0.2.4", "none");
	DUE(s, "saslban4", ENTRY_EXCESS, "192.0.2.3 -/+7");
	WRITE(s, entry_prune(s, "saslban4", NOW, 9, &n, &write_why));
	assert_int_equal(n, 2);
	store_close(s);
}

/* An import of what is over asks for nothing. */
static void import_test(void **state)
{
	struct store *s = kit_memory();
	struct offense o = {.jail = kit_jail(s, "sasl", "saslban"),
			    .address = kit_address("192.0.2.1"),
			    .strike = 1,
			    .at = NOW - 90,
			    .until = NOW + 90,
			    .lifted = NOW - 9};

	(void)state;
	WRITE(s, offense_add(s, &o, &write_why));
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	store_close(s);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(by_held_test),
		cmocka_unit_test(absent_order_test),
		cmocka_unit_test(weakest_test),
		cmocka_unit_test(next_short_test),
		cmocka_unit_test(at_large_test),
		cmocka_unit_test(strike_test),
		cmocka_unit_test(held_test),
		cmocka_unit_test(prune_test),
		cmocka_unit_test(no_set_test),
		cmocka_unit_test(lifted_while_added_test),
		cmocka_unit_test(banned_anew_test),
		cmocka_unit_test(banned_longer_test),
		cmocka_unit_test(superseded_test),
		cmocka_unit_test(expire_test),
		cmocka_unit_test(import_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, name_rows, name_test);
	ROWS(tests, n, due_rows, due_test);
	ROWS(tests, n, each_rows, each_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("entry", tests, n, NULL, NULL);
}
