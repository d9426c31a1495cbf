/* dropped: what bans have dropped, kept with the bans while the kernel's
 * counters come and go. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/dropped.h"
#include "saslban/enforcer.h"
#include "saslban/jail.h"
#include "store/query.h"

/* ---- the difference of two looks ---- */

struct since_row {
	const char *title;
	struct dropped before, now, expected;
};

static const struct since_row since_rows[] = {
	{"nothing at all", {0, 0}, {0, 0}, {0, 0}},
	{"the first look", {0, 0}, {3, 180}, {3, 180}},
	{"it goes on", {3, 180}, {10, 600}, {7, 420}},
	{"it stands still", {3, 180}, {3, 180}, {0, 0}},
	{"it was added anew", {0, 0}, {2, 120}, {2, 120}},
	{"a look from before the last", {9, 540}, {2, 120}, {0, 0}},
	{"none of it", {9, 540}, {0, 0}, {0, 0}},
	{"fewer packets, and larger", {9, 360}, {2, 3000}, {0, 0}},
	{"more, and smaller", {2, 3000}, {9, 360}, {0, 0}},
};

static void since_test(void **state)
{
	const struct since_row *r = *state;
	struct dropped more = dropped_since(&r->now, &r->before);

	assert_int_equal(more.packets, r->expected.packets);
	assert_int_equal(more.bytes, r->expected.bytes);
}

/* Somebody may add an entry with any counters. */
static void most_test(void **state)
{
	const struct set_entry entry = {.packets = UINT64_MAX,
					.bytes = UINT64_MAX};
	struct dropped most = dropped_seen(&entry);

	(void)state;
	assert_true(most.packets == COLUMN_COUNT);
	assert_true(most.bytes == COLUMN_COUNT);
	dropped_add(&most, &most);
	assert_true(most.packets == COLUMN_COUNT);
	assert_true(most.bytes == COLUMN_COUNT);
}

/* ---- as text ---- */

struct text_row {
	const char *title;
	struct dropped dropped;
	const char *expected;
};

static const struct text_row text_rows[] = {
	{"none", {0, 0}, "0 packets (0 B)"},
	{"one", {1, 60}, "1 packet (60 B)"},
	{"the last byte", {20, 999}, "20 packets (999 B)"},
	{"the first kB", {20, 1000}, "20 packets (1.0 kB)"},
	{"a tenth is cut, not rounded", {20, 1999}, "20 packets (1.9 kB)"},
	{"tens have none", {1234, 98765}, "1234 packets (98 kB)"},
	{"the last kB", {9, 999999}, "9 packets (999 kB)"},
	{"MB", {9, 1000000}, "9 packets (1.0 MB)"},
	{"GB", {9, 2500000000}, "9 packets (2.5 GB)"},
	{"there is nothing above PB",
	 {COLUMN_COUNT, COLUMN_COUNT},
	 "4611686018427387903 packets (4611 PB)"},
};

static void text_test(void **state)
{
	const struct text_row *r = *state;
	char text[DROPPED_TEXT];

	assert_string_equal(dropped_print(&r->dropped, text), r->expected);
}

/* ---- whose they are ---- */

static struct dropped of(struct store *s, int64_t id)
{
	return kit_offense(s, id).dropped;
}

#define DROPPED(s, id, p, b)                            \
	do {                                            \
		assert_int_equal(of(s, id).packets, p); \
		assert_int_equal(of(s, id).bytes, b);   \
	} while (0)

static struct dropped counted(struct store *s, const char *set,
			      const char *address)
{
	struct address a = kit_address(address);
	struct entry e = {.counted = {-1, -1}};
	bool found;

	assert_int_equal(entry_get(s, set, &a, &e, &found, NULL), 0);
	return e.counted;
}

static void note(struct store *s, const char *set, const char *address,
		 int64_t packets, int64_t bytes)
{
	struct address a = kit_address(address);
	struct dropped before = counted(s, set, address);
	struct dropped now = {packets, bytes};
	struct dropped more = dropped_since(&now, &before);

	WRITE(s, dropped_note(s, set, &a, &now, &more, &write_why));
}

/* Two jails share a set, and one has another. */
static struct store *three_jails(void)
{
	struct store *s = kit_memory();

	kit_jail(s, "sasl", "saslban");
	kit_jail(s, "rbl", "saslban");
	kit_jail(s, "web", "web");
	return s;
}

static void each_ban_test(void **state)
{
	struct store *s = three_jails();
	int64_t sasl = kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90);
	int64_t rbl = kit_ban(s, 2, "192.0.2.1", NOW, NOW + 900);
	int64_t web = kit_ban(s, 3, "192.0.2.1", NOW, NOW + 90);
	int64_t other = kit_ban(s, 1, "192.0.2.2", NOW, NOW + 90);

	(void)state;
	note(s, "saslban4", "192.0.2.1", 3, 180);
	DROPPED(s, sasl, 3, 180);
	DROPPED(s, rbl, 3, 180);
	DROPPED(s, web, 0, 0);
	DROPPED(s, other, 0, 0);
	note(s, "saslban4", "192.0.2.1", 5, 300);
	note(s, "web4", "192.0.2.1", 50, 3000);
	DROPPED(s, sasl, 5, 300);
	DROPPED(s, web, 50, 3000);
	store_close(s);
}

static void ipv6_test(void **state)
{
	struct store *s = three_jails();
	int64_t id = kit_ban(s, 1, "2001:db8::/64", NOW, NOW + 90);

	(void)state;
	note(s, "saslban6", "2001:db8::/64", 4, 320);
	DROPPED(s, id, 4, 320);
	store_close(s);
}

static void observed_test(void **state)
{
	struct store *s = three_jails();
	int64_t real = kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90);
	int64_t observed = kit_observed(s, 2, "192.0.2.1", NOW, NOW + 90);

	(void)state;
	note(s, "saslban4", "192.0.2.1", 3, 180);
	DROPPED(s, real, 3, 180);
	DROPPED(s, observed, 0, 0);
	store_close(s);
}

/* A later ban has what came while it ran, and the earlier one keeps its own. */
static void superseded_test(void **state)
{
	struct store *s = three_jails();
	int64_t first = kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90), second;

	(void)state;
	note(s, "saslban4", "192.0.2.1", 3, 180);
	second = kit_ban(s, 1, "192.0.2.1", NOW + 10, NOW + 900);
	note(s, "saslban4", "192.0.2.1", 7, 420);
	DROPPED(s, first, 3, 180);
	DROPPED(s, second, 4, 240);
	store_close(s);
}

static void expired_test(void **state)
{
	struct store *s = three_jails();
	int64_t id = kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90);

	(void)state;
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	note(s, "saslban4", "192.0.2.1", 3, 180);
	WRITE(s, offense_expire(s, 1, NOW + 90, 9, NULL, NULL, &write_why));
	kit_held(s, "saslban4", "192.0.2.1", 0);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	DROPPED(s, id, 3, 180);
	/* There is nothing to note any more. */
	note(s, "saslban4", "192.0.2.1", 9, 540);
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	DROPPED(s, id, 3, 180);
	store_close(s);
}

static void lifted_test(void **state)
{
	struct store *s = three_jails();
	int64_t id = kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90);

	(void)state;
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	note(s, "saslban4", "192.0.2.1", 3, 180);
	kit_lift(s, 0, "192.0.2.1", NOW + 5);
	note(s, "saslban4", "192.0.2.1", 8, 480);
	DROPPED(s, id, 3, 180);
	assert_int_equal(counted(s, "saslban4", "192.0.2.1").packets, 8);
	store_close(s);
}

/* ---- where an entry's counters stand ---- */

enum act {
	RENEWED, /* the kernel keeps its counters */
	ADDED,   /* it begins at zero */
	REMOVED, /* and so does the next one */
	CLOCK    /* was set; the entry is what it was */
};

struct stand_row {
	const char *title;
	enum act act;
	int64_t stands; /* packets: before it was 3 */
	int64_t after;  /* of the ban, when the kernel shows 5 next */
};

static const struct stand_row stand_rows[] = {
	{"a renewal goes on", RENEWED, 3, 5},
	{"an addition begins at zero, and is believed to", ADDED, 0, 8},
	{"what was removed begins at zero", REMOVED, 0, 8},
	{"a clock that is set changes nothing", CLOCK, 3, 5},
};

static void stand_test(void **state)
{
	const struct stand_row *r = *state;
	struct address a = kit_address("192.0.2.1");
	struct store *s = three_jails();
	int64_t id = kit_ban(s, 1, "192.0.2.1", NOW, FOREVER);

	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	note(s, "saslban4", "192.0.2.1", 3, 180);
	switch (r->act) {
	case RENEWED:
		kit_held(s, "saslban4", "192.0.2.1", NOW + 900);
		break;
	case ADDED:
		WRITE(s, entry_added(s, "saslban4", &a, NOW + 900, &write_why));
		break;
	case REMOVED:
		kit_held(s, "saslban4", "192.0.2.1", 0);
		break;
	case CLOCK:
		WRITE(s, store_shift(s, 1, NOW + 99, 99, &write_why));
		break;
	}
	assert_int_equal(counted(s, "saslban4", "192.0.2.1").packets,
			 r->stands);
	note(s, "saslban4", "192.0.2.1", 5, 300);
	DROPPED(s, id, r->after, r->after * 60);
	store_close(s);
}

/* ---- the sum ---- */

static void totals_test(void **state)
{
	struct store *s = three_jails();
	struct offense_running t;

	(void)state;
	kit_ban(s, 1, "192.0.2.1", NOW - 99, NOW + 90);
	kit_ban(s, 1, "192.0.2.2", NOW - 99, NOW + 90);
	kit_ban(s, 1, "192.0.2.3", NOW - 99, NOW - 1);
	kit_ban(s, 3, "192.0.2.4", NOW - 99, NOW + 90);
	note(s, "saslban4", "192.0.2.1", 1, 60);
	note(s, "saslban4", "192.0.2.2", 2, 120);
	note(s, "saslban4", "192.0.2.3", 4, 240);
	note(s, "web4", "192.0.2.4", 8, 480);
	assert_int_equal(offense_running(s, 1, NOW, &t, NULL), 0);
	assert_int_equal(t.dropped.packets, 3);
	assert_int_equal(t.dropped.bytes, 180);
	assert_int_equal(offense_running(s, 3, NOW, &t, NULL), 0);
	assert_int_equal(t.dropped.packets, 8);
	/* More than a count can be. */
	note(s, "saslban4", "192.0.2.1", COLUMN_COUNT, 60);
	note(s, "saslban4", "192.0.2.2", COLUMN_COUNT, 120);
	assert_int_equal(offense_running(s, 1, NOW, &t, NULL), 0);
	assert_true(t.dropped.packets == COLUMN_COUNT);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest singles[] = {
		cmocka_unit_test(most_test),
		cmocka_unit_test(each_ban_test),
		cmocka_unit_test(ipv6_test),
		cmocka_unit_test(observed_test),
		cmocka_unit_test(superseded_test),
		cmocka_unit_test(expired_test),
		cmocka_unit_test(lifted_test),
		cmocka_unit_test(totals_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, since_rows, since_test);
	ROWS(tests, n, text_rows, text_test);
	ROWS(tests, n, stand_rows, stand_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("dropped", tests, n, NULL, NULL);
}
