/* offense: history is what it should be, and bans begin and end. */
#include "storekit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/offense.h"

/* ---- history: what a row of offenses makes of an address ---- */

struct past {
	int64_t at, until, ended, lifted;
	unsigned strike; /* 0 = 1 */
	bool observed;
};

struct history_row {
	const char *title;
	struct past past[3];
	struct history expected;
};

#define PAST(s, b, f, end)                                     \
	{                                                      \
		.strikes = (s), .banned = (b), .forever = (f), \
		.last_end = (end)                              \
	}

static const struct history_row history_rows[] = {
	{"nothing is known of a stranger", {{0}}, PAST(0, false, false, 0)},
	{"a ban that runs",
	 {{.at = NOW - 10, .until = NOW + 90}},
	 PAST(1, true, false, NOW + 90)},
	{"a ban that never ends",
	 {{.at = NOW - 10, .until = FOREVER}},
	 PAST(1, true, true, FOREVER)},
	{"a ban that ran out and was marked",
	 {{.at = NOW - 100, .until = NOW - 50, .ended = NOW - 50}},
	 PAST(1, false, false, NOW - 50)},
	{"a ban that ran out and was not marked yet",
	 {{.at = NOW - 100, .until = NOW - 50}},
	 PAST(1, false, false, NOW - 50)},
	{"a ban runs up to its last second and not in it",
	 {{.at = NOW - 100, .until = NOW}},
	 PAST(1, false, false, NOW)},
	{"a lifted ban is no strike, and the past up to its lift is paid for",
	 {{.at = NOW - 100, .until = NOW + 900, .lifted = NOW - 20}},
	 PAST(0, false, false, NOW - 19)},
	{"a lifted ban for ever has ended",
	 {{.at = NOW - 100, .until = FOREVER, .lifted = NOW - 20}},
	 PAST(0, false, false, NOW - 19)},
	{"strikes add up, lifted ones left out",
	 {{.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800},
	  {.at = NOW - 700,
	   .until = NOW + 800,
	   .lifted = NOW - 600,
	   .strike = 2},
	  {.at = NOW - 500,
	   .until = NOW - 400,
	   .ended = NOW - 400,
	   .strike = 2}},
	 PAST(2, false, false, NOW - 400)},
	{"strikes that had faded do not come back",
	 {{.at = NOW - 9000000,
	   .until = NOW - 8000000,
	   .ended = NOW - 8000000,
	   .strike = 7},
	  {.at = NOW - 700, .until = NOW - 600, .ended = NOW - 600}},
	 PAST(1, false, false, NOW - 600)},
	{"nor with a pardon",
	 {{.at = NOW - 9000000,
	   .until = NOW - 8000000,
	   .ended = NOW - 8000000,
	   .strike = 7},
	  {.at = NOW - 700, .until = NOW + 800, .lifted = NOW - 600}},
	 PAST(0, false, false, NOW - 599)},
	{"the latest one counts, in whatever order they were written",
	 {{.at = NOW - 500,
	   .until = NOW - 400,
	   .ended = NOW - 400,
	   .strike = 2},
	  {.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800}},
	 PAST(2, false, false, NOW - 400)},
	{"a lift later than the last end is the last end",
	 {{.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800},
	  {.at = NOW - 700,
	   .until = NOW + 800,
	   .lifted = NOW - 600,
	   .strike = 2}},
	 PAST(1, false, false, NOW - 599)},
};

/* What was only observed, to a jail that enforces and to one that observes. */
struct observed_row {
	const char *title;
	struct past past[3];
	struct history enforcing, observing;
};

static const struct observed_row observed_rows[] = {
	{"a ban that would have been is a strike to who observes alone",
	 {{.at = NOW - 10, .until = NOW + 90, .observed = true}},
	 PAST(0, false, false, 0),
	 PAST(1, true, false, NOW + 90)},
	{"so is one for ever",
	 {{.at = NOW - 10, .until = FOREVER, .observed = true}},
	 PAST(0, false, false, 0),
	 PAST(1, true, true, FOREVER)},
	{"and one that is over pays for nothing",
	 {{.at = NOW - 90,
	   .until = NOW - 10,
	   .ended = NOW - 10,
	   .observed = true}},
	 PAST(0, false, false, 0),
	 PAST(1, false, false, NOW - 10)},
	{"but a pardon holds, though it is no strike",
	 {{.at = NOW - 90,
	   .until = NOW + 10,
	   .lifted = NOW - 20,
	   .strike = 3,
	   .observed = true}},
	 PAST(0, false, false, NOW - 19),
	 PAST(2, false, false, NOW - 19)},
	{"real strikes go on as if nothing had been observed between them",
	 {{.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800},
	  {.at = NOW - 700,
	   .until = NOW - 600,
	   .ended = NOW - 600,
	   .strike = 5,
	   .observed = true}},
	 PAST(1, false, false, NOW - 800),
	 PAST(5, false, false, NOW - 600)},
	{"what was observed before counts for who observes",
	 {{.at = NOW - 900,
	   .until = NOW - 800,
	   .ended = NOW - 800,
	   .observed = true},
	  {.at = NOW - 700, .until = NOW + 800, .strike = 2}},
	 PAST(2, true, false, NOW + 800),
	 PAST(2, true, false, NOW + 800)},
};

static void assert_history(struct store *s, int64_t jail, bool observing,
			   const struct history *expected)
{
	struct address a = kit_address("192.0.2.1");
	struct history h;

	memset(&h, 0x55, sizeof(h));
	assert_int_equal(offense_history(s, jail, &a, observing, NOW, &h, NULL),
			 0);
	assert_int_equal(h.failures, expected->failures);
	assert_int_equal(h.strikes, expected->strikes);
	assert_int_equal(h.banned, expected->banned);
	assert_int_equal(h.forever, expected->forever);
	assert_int_equal(h.last_end, expected->last_end);
}

/* A store in which the past is that of 192.0.2.1, and other jails and addresses
 * have one that does not matter. */
static struct store *remember(const struct past past[3], int64_t *jail)
{
	struct store *s = kit_memory();
	int64_t other;

	*jail = kit_jail(s, "sasl", "saslban");
	other = kit_jail(s, "rbl", "saslban");
	for (size_t i = 0; i < 3 && past[i].at != 0; i++) {
		struct offense o = {.jail = *jail,
				    .address = kit_address("192.0.2.1"),
				    .strike = 1,
				    .at = past[i].at,
				    .until = past[i].until,
				    .ended = past[i].ended,
				    .lifted = past[i].lifted,
				    .observed = past[i].observed};

		if (past[i].strike > 0)
			o.strike = past[i].strike;
		WRITE(s, offense_add(s, &o, &write_why));
	}
	kit_ban(s, other, "192.0.2.1", NOW, FOREVER);
	kit_ban(s, *jail, "192.0.2.2", NOW, FOREVER);
	kit_ban(s, *jail, "192.0.2.0/24", NOW, FOREVER);
	return s;
}

static void history_test(void **state)
{
	const struct history_row *r = *state;
	int64_t jail;
	struct store *s = remember(r->past, &jail);

	assert_history(s, jail, false, &r->expected);
	assert_history(s, jail, true, &r->expected);
	store_close(s);
}

static void observed_test(void **state)
{
	const struct observed_row *r = *state;
	int64_t jail;
	struct store *s = remember(r->past, &jail);

	assert_history(s, jail, false, &r->enforcing);
	assert_history(s, jail, true, &r->observing);
	store_close(s);
}

/* ---- offenses ---- */

static void offense_test(void **state)
{
	struct store *s = kit_memory();
	struct offense o = {.jail = kit_jail(s, "sasl", "saslban"),
			    .address = kit_address("2001:db8:0:1::/64"),
			    .strike = 4,
			    .at = NOW,
			    .until = FOREVER,
			    .failures = 12,
			    .late = 2,
			    .why = "12 failures within 1h",
			    .observed = true};
	struct offense back;

	(void)state;
	WRITE(s, offense_add(s, &o, &write_why));
	WRITE(s, offense_late(s, o.jail, &o.address, 3, &write_why));
	back = kit_offense(s, o.id);
	assert_int_equal(back.jail, o.jail);
	assert_string_equal(back.jail_name, "sasl");
	assert_true(address_equal(&back.address, &o.address));
	assert_int_equal(back.strike, 4);
	assert_int_equal(back.at, NOW);
	assert_true(back.until == FOREVER);
	assert_int_equal(back.failures, 12);
	assert_int_equal(back.late, 5);
	assert_string_equal(back.why, "12 failures within 1h");
	assert_true(back.observed);
	assert_int_equal(back.held, 0);
	assert_int_equal(back.ended, 0);
	assert_int_equal(back.lifted, 0);
	assert_int_equal(kit_lift(s, 0, "2001:db8:0:1::/64", NOW + 5), 1);
	back = kit_offense(s, o.id);
	assert_int_equal(back.lifted, NOW + 5);
	assert_int_equal(back.ended, 0);
	assert_string_equal(back.lifted_by, "alice");
	assert_string_equal(back.lifted_why, "a mistake");
	/* It is over: nothing is counted for it any more. */
	WRITE(s, offense_late(s, o.jail, &o.address, 3, &write_why));
	assert_int_equal(kit_offense(s, o.id).late, 5);
	store_close(s);
}

static void supersede_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t first = kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW + 90);
	int64_t over = kit_ban(s, jail, "192.0.2.2", NOW - 90, NOW - 10);
	int64_t other = kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 90);
	struct history h;
	struct address a = kit_address("192.0.2.1");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 900);
	assert_int_equal(kit_offense(s, first).ended, NOW);
	assert_int_equal(kit_offense(s, over).ended, NOW - 10);
	assert_int_equal(kit_offense(s, other).ended, 0);
	assert_int_equal(offense_history(s, jail, &a, false, NOW, &h, NULL), 0);
	assert_int_equal(h.strikes, 1); /* as it was given */
	assert_true(h.banned);
	store_close(s);
}

static void expire_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t when = 0;
	struct kit_seen seen = {"", 0, 0};
	int64_t first, second;

	(void)state;
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_true(when == FOREVER);
	second = kit_ban(s, jail, "192.0.2.2", NOW - 90, NOW);
	first = kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW - 1);
	kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 1);
	kit_ban(s, jail, "192.0.2.4", NOW - 90, FOREVER);
	kit_ban(s, jail, "192.0.2.5", NOW - 90, NOW + 1);
	kit_lift(s, jail, "192.0.2.5", NOW - 50);
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW - 1);
	WRITE(s, offense_expire(s, jail, NOW, 1, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1");
	WRITE(s, offense_expire(s, jail, NOW, 9, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1 192.0.2.2");
	WRITE(s, offense_expire(s, jail, NOW, 9, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1 192.0.2.2");
	assert_int_equal(kit_offense(s, first).ended, NOW - 1);
	assert_int_equal(kit_offense(s, second).ended, NOW);
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW + 1);
	store_close(s);
}

/* enforce="off" became "on". */
static void unobserve_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t real = kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 90);
	int64_t runs = kit_observed(s, jail, "192.0.2.1", NOW - 90, NOW + 90);
	int64_t over = kit_observed(s, jail, "192.0.2.2", NOW - 90, NOW - 20);

	(void)state;
	WRITE(s, offense_unobserve(s, jail, NOW, &write_why));
	assert_int_equal(kit_offense(s, runs).ended, NOW);
	/* It had ended before: what came since then is not paid for. */
	assert_int_equal(kit_offense(s, over).ended, NOW - 20);
	assert_int_equal(kit_offense(s, real).ended, 0);
	store_close(s);
}

static int see_address(void *context, const struct address *a)
{
	char text[ADDRESS_TEXT], *seen = context;

	snprintf(seen + strlen(seen), 128 - strlen(seen), "%s ",
		 address_print(a, text));
	return 0;
}

/* Of that jail, not over, in the order of their text. */
static void open_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address after = kit_address("192.0.2.10");
	char seen[128] = "";

	(void)state;
	kit_ban(s, jail, "192.0.2.9", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.100", NOW, NOW + 90);
	kit_ban(s, jail, "2001:db8::/64", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90);
	kit_lift(s, jail, "192.0.2.2", NOW);
	kit_ban(s, other, "192.0.2.3", NOW, NOW + 90);
	assert_int_equal(
		offense_open_each(s, jail, NULL, 9, see_address, seen, NULL),
		0);
	assert_string_equal(seen, "192.0.2.100 192.0.2.9 2001:db8::/64 ");
	seen[0] = '\0';
	assert_int_equal(
		offense_open_each(s, jail, &after, 2, see_address, seen, NULL),
		0);
	assert_string_equal(seen, "192.0.2.100 192.0.2.9 ");
	store_close(s);
}

static void lift_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	int64_t gone = kit_ban(s, jail, "192.0.2.9", NOW - 90, NOW - 1);

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	kit_ban(s, other, "192.0.2.1", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.0/24", NOW, NOW + 90);
	assert_int_equal(kit_lift(s, jail, "192.0.2.1", NOW), 1);
	assert_int_equal(kit_lift(s, jail, "192.0.2.1", NOW), 0);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	assert_int_equal(kit_lift(s, 0, "192.0.2.1", NOW), 2);
	assert_int_equal(kit_lift(s, 0, "192.0.2.77", NOW), 0);
	/* It ran out before the person came: a strike it stays. */
	assert_int_equal(kit_lift(s, 0, "192.0.2.9", NOW), 0);
	assert_int_equal(kit_offense(s, gone).lifted, 0);
	store_close(s);
}

/* What is left of these, in the order of their ids, by the last number. */
static void prune_offenses_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};
	size_t n = 99;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 99, NOW - 60); /* over */
	kit_ban(s, jail, "192.0.2.2", NOW - 98, NOW - 50); /* over later */
	kit_ban(s, jail, "192.0.2.3", NOW - 97, NOW + 50);
	kit_ban(s, jail, "192.0.2.4", NOW - 96, FOREVER);
	kit_ban(s, jail, "192.0.2.5", NOW - 95, FOREVER);
	kit_lift(s, jail, "192.0.2.5", NOW - 70);
	kit_ban(s, jail, "192.0.2.6", NOW - 94, NOW + 50);
	kit_lift(s, jail, "192.0.2.6", NOW - 50); /* over later */
	kit_ban(s, other, "192.0.2.7", NOW - 99, NOW - 60);
	WRITE(s, offense_expire(s, jail, NOW, 9, NULL, NULL, &write_why));
	WRITE(s, offense_expire(s, other, NOW, 9, NULL, NULL, &write_why));
	WRITE(s, offense_prune(s, jail, NOW - 50, 1, &n, &write_why));
	assert_int_equal(n, 1);
	WRITE(s, offense_prune(s, jail, NOW - 50, 9, &n, &write_why));
	assert_int_equal(n, 1);
	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, "192.0.2.6 192.0.2.4 192.0.2.3 "
				       "192.0.2.2 192.0.2.7");
	/* What the kernel holds is not forgotten with them. */
	ENTRY(s, "saslban4", "192.0.2.5", "-/forever");
	store_close(s);
}

/* ---- until when the kernel holds it ---- */

static void held_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "other");
	int64_t shared = kit_jail(s, "strict", "saslban");
	int64_t v4 = kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	int64_t v6 = kit_ban(s, jail, "2001:db8::/64", NOW, NOW + 90);
	int64_t not_held = kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90);
	int64_t not_there = kit_ban(s, other, "192.0.2.1", NOW, NOW + 90);
	int64_t with_it = kit_ban(s, shared, "192.0.2.1", NOW, NOW + 900);
	int64_t watched =
		kit_observed(s, shared, "2001:db8::/64", NOW, FOREVER);

	(void)state;
	kit_held(s, "saslban4", "192.0.2.1", NOW + 88);
	kit_held(s, "saslban6", "2001:db8::/64", NOW + 89);
	assert_int_equal(kit_offense(s, v4).held, NOW + 88);
	assert_int_equal(kit_offense(s, v6).held, NOW + 89);
	assert_int_equal(kit_offense(s, not_held).held, 0);
	assert_int_equal(kit_offense(s, not_there).held, 0);
	assert_int_equal(kit_offense(s, with_it).held, NOW + 88);
	assert_int_equal(kit_offense(s, watched).held, 0);
	store_close(s);
}

/* ---- who has reported it ---- */

struct told_row {
	const char *title;
	bool told_begin; /* by who bans */
	bool lifted, told_end;
	const char *expected; /* once reported, again: nothing */
};

static const struct told_row told_rows[] = {
	{"a ban is to be reported", false, false, false, "192.0.2.1"},
	{"one that its engine reports is not", true, false, false, ""},
	{"a lift is to be reported", true, true, false, "192.0.2.1"},
	{"one that who lifts reports is not", true, true, true, ""},
	{"a ban that was lifted in between: once", false, true, false,
	 "192.0.2.1"},
	{"its end was reported: its begin is no news", false, true, true, ""},
};

static const char *untold(struct store *s, int64_t jail, struct kit_seen *seen)
{
	*seen = (struct kit_seen){"", 0, 0};
	assert_int_equal(
		offense_untold_each(s, jail, 0, kit_see_offense, seen, NULL),
		0);
	return seen->text;
}

static void told_test(void **state)
{
	const struct told_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban");
	struct offense o = {.jail = jail,
			    .address = kit_address("192.0.2.1"),
			    .strike = 1,
			    .at = NOW,
			    .until = NOW + 90,
			    .told = r->told_begin};
	struct kit_seen seen;
	size_t n;

	WRITE(s, offense_add(s, &o, &write_why));
	if (r->lifted)
		WRITE(s, offense_lift(s, jail, &o.address, NOW + 1, "alice", "",
				      r->told_end, &n, &write_why));
	assert_string_equal(untold(s, jail, &seen), r->expected);
	assert_string_equal(untold(s, other, &seen), "");
	assert_int_equal(kit_offense(s, o.id).told, r->expected[0] == '\0');
	WRITE(s, offense_told(s, o.id, &write_why));
	assert_string_equal(untold(s, jail, &seen), "");
	assert_true(kit_offense(s, o.id).told);
	store_close(s);
}

/* What was reported as begun is reported again when a person lifts it, and
 * not when it runs out: who marks that, reports it. */
static void told_again_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t first = kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	int64_t second = kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90);
	struct kit_seen seen;

	(void)state;
	assert_string_equal(untold(s, jail, &seen), "192.0.2.1 192.0.2.2");
	seen = (struct kit_seen){"", 0, 0};
	assert_int_equal(
		offense_untold_each(s, jail, 1, kit_see_offense, &seen, NULL),
		0);
	assert_string_equal(seen.text, "192.0.2.1");
	WRITE(s, offense_told(s, first, &write_why));
	WRITE(s, offense_told(s, second, &write_why));
	kit_lift(s, jail, "192.0.2.2", NOW + 9);
	assert_string_equal(untold(s, jail, &seen), "192.0.2.2");
	WRITE(s, offense_expire(s, jail, NOW + 90, 9, NULL, NULL, &write_why));
	assert_string_equal(untold(s, jail, &seen), "192.0.2.2");
	WRITE(s, offense_told(s, second, &write_why));
	assert_string_equal(untold(s, jail, &seen), "");
	store_close(s);
}

/* Nobody reports what another ban takes the place of, what ends because the
 * jail begins to enforce, and what ran out before anybody looked. */
static void not_told_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct kit_seen seen;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 90);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	kit_observed(s, jail, "192.0.2.2", NOW - 9, NOW + 90);
	kit_ban(s, jail, "192.0.2.3", NOW - 9, NOW);
	WRITE(s, offense_unobserve(s, jail, NOW, &write_why));
	WRITE(s, offense_expire(s, jail, NOW, 9, NULL, NULL, &write_why));
	assert_string_equal(untold(s, jail, &seen), "192.0.2.1");
	assert_int_equal(seen.n, 1);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, history_rows, history_test);
	ROWS(tests, n, observed_rows, observed_test);
	ROWS(tests, n, told_rows, told_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(offense_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(supersede_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(expire_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(unobserve_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(lift_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prune_offenses_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(held_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(told_again_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(not_told_test);
	return _cmocka_run_group_tests("offense", tests, n, NULL, NULL);
}
