/* policy: what an address has earned, and what it has not. */
#include "row.h"

#include "random.h"
#include "saslban/duration.h"
#include "saslban/policy.h"

#define HOUR ((int64_t)3600)
#define DAY (24 * HOUR)
#define NOW ((int64_t)1700000000)
#define FOREVER DURATION_FOREVER

/* The defaults of the stanza. */
static const struct policy standard = {
	.maxretry = 3,
	.findtime = HOUR,
	.ladder = {48 * HOUR, 8 * DAY, 32 * DAY},
	.steps = 3,
	.factor = 1,
	.longest = FOREVER,
	.forget = 32 * DAY,
};

/* ---- the time that counts ---- */

struct when_row {
	const char *title;
	int64_t reported;
	int64_t arrived;
	int64_t when;
};

static const struct when_row when_rows[] = {
	{"a line that is on time", 1000, 1000, 1000},
	{"a line that took a while counts when it was written", 400, 1000, 400},
	{"an old line counts when it was written", 0, NOW, 0},
	{"a clock that is a minute ahead is believed", 1060, 1000, 1060},
	{"a clock that is further ahead is not", 1061, 1000, 1000},
	{"a line from next year", NOW + 365 * DAY, NOW, NOW},
};

static void when_test(void **state)
{
	const struct when_row *r = *state;

	assert_int_equal(policy_when(r->reported, r->arrived), r->when);
}

/* ---- the window ---- */

struct window_row {
	const char *title;
	struct history history;
	int64_t since; /* before now */
};

static const struct window_row window_rows[] = {
	{"findtime back", {.last_end = 0}, HOUR},
	{"a ban that ended long ago cuts nothing",
	 {.last_end = NOW - 2 * HOUR},
	 HOUR},
	{"a ban that ended inside findtime cuts it",
	 {.last_end = NOW - 60},
	 60},
	{"a ban that ends now leaves nothing", {.last_end = NOW}, 0},
	{"a ban that runs: nothing counts before its end",
	 {.banned = true, .last_end = NOW + 60},
	 -60},
};

static void window_test(void **state)
{
	const struct window_row *r = *state;

	assert_int_equal(policy_window(&standard, &r->history, NOW),
			 NOW - r->since);
}

/* ---- the ladder ---- */

struct sentence_row {
	const char *title;
	struct policy policy;
	int64_t expected[6]; /* for the strikes 1 to 6 */
};

#define LADDER(n, ...) .steps = (n), .ladder = {__VA_ARGS__}

static const struct sentence_row sentence_rows[] = {
	{"the last step repeats",
	 {LADDER(3, 10, 20, 30), .factor = 1, .longest = FOREVER},
	 {10, 20, 30, 30, 30, 30}},
	{"one step for all",
	 {LADDER(1, 10), .factor = 1, .longest = FOREVER},
	 {10, 10, 10, 10, 10, 10}},
	{"a factor makes the only step grow",
	 {LADDER(1, 10), .factor = 2, .longest = FOREVER},
	 {10, 20, 40, 80, 160, 320}},
	{"a factor begins where the ladder ends",
	 {LADDER(3, 10, 20, 30), .factor = 3, .longest = FOREVER},
	 {10, 20, 30, 90, 270, 810}},
	{"bantime.max stops the growth",
	 {LADDER(1, 10), .factor = 2, .longest = 50},
	 {10, 20, 40, 50, 50, 50}},
	{"bantime.max that is met exactly",
	 {LADDER(1, 10), .factor = 2, .longest = 40},
	 {10, 20, 40, 40, 40, 40}},
	{"bantime.max cuts a step, too",
	 {LADDER(2, 10, 60), .factor = 1, .longest = 50},
	 {10, 50, 50, 50, 50, 50}},
	{"forever at the end",
	 {LADDER(2, 10, FOREVER), .factor = 1, .longest = FOREVER},
	 {10, FOREVER, FOREVER, FOREVER, FOREVER, FOREVER}},
	{"forever does not overflow when it grows",
	 {LADDER(2, 10, FOREVER), .factor = 1000, .longest = FOREVER},
	 {10, FOREVER, FOREVER, FOREVER, FOREVER, FOREVER}},
	{"more than a hundred years is for ever",
	 {LADDER(1, DURATION_MAX / 4), .factor = 2, .longest = FOREVER},
	 {DURATION_MAX / 4, DURATION_MAX / 2, DURATION_MAX, FOREVER, FOREVER,
	  FOREVER}},
	{"... or bantime.max",
	 {LADDER(1, DURATION_MAX / 4), .factor = 1000, .longest = 90 * DAY},
	 {90 * DAY, 90 * DAY, 90 * DAY, 90 * DAY, 90 * DAY, 90 * DAY}},
};

static void sentence_test(void **state)
{
	const struct sentence_row *r = *state;

	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(policy_sentence(&r->policy, i + 1),
				 r->expected[i]);
}

static void a_strike_may_be_any_number(void **state)
{
	struct policy p = standard;

	(void)state;
	assert_int_equal(policy_sentence(&p, 0), 48 * HOUR);
	assert_int_equal(policy_sentence(&p, UINT32_MAX), 32 * DAY);
	p.factor = 2;
	assert_int_equal(policy_sentence(&p, UINT32_MAX), FOREVER);
	p.longest = 90 * DAY;
	assert_int_equal(policy_sentence(&p, UINT32_MAX), 90 * DAY);
}

/* ---- verdicts ---- */

struct decide_row {
	const char *title;
	struct history history;
	unsigned count;
	int64_t ago; /* when it happened, seconds before now */
	enum verdict_kind kind;
	unsigned strike;
	int64_t length;
};

static const struct decide_row decide_rows[] = {
	{"the first failure", {.failures = 0}, 1, 0, VERDICT_COUNT, 0, 0},
	{"one below the threshold", {.failures = 1}, 1, 0, VERDICT_COUNT, 0, 0},
	{"the threshold itself bans",
	 {.failures = 2},
	 1,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"above the threshold",
	 {.failures = 20},
	 1,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"a line that stands for three",
	 {.failures = 0},
	 3,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"a line that stands for two",
	 {.failures = 0},
	 2,
	 0,
	 VERDICT_COUNT,
	 0,
	 0},
	{"a line that stands for very many",
	 {.failures = INT32_MAX},
	 UINT32_MAX,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"the second strike",
	 {.failures = 2, .strikes = 1, .last_end = NOW - DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 2,
	 8 * DAY},
	{"the third strike",
	 {.failures = 2, .strikes = 2, .last_end = NOW - DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 3,
	 32 * DAY},
	{"the fourth strike is as long as the third",
	 {.failures = 2, .strikes = 3, .last_end = NOW - DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 4,
	 32 * DAY},
	{"strikes are remembered to the last second of forget",
	 {.failures = 2, .strikes = 2, .last_end = NOW - 32 * DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 3,
	 32 * DAY},
	{"... and no longer",
	 {.failures = 2, .strikes = 2, .last_end = NOW - 32 * DAY - 1},
	 1,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"strikes whose end is unknown are remembered",
	 {.failures = 2, .strikes = 2},
	 1,
	 0,
	 VERDICT_BAN,
	 3,
	 32 * DAY},
	{"a pardon is no strike, but ends what led to it",
	 {.failures = 2, .strikes = 0, .last_end = NOW - 60},
	 1,
	 0,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"while banned: late",
	 {.failures = 20, .strikes = 1, .banned = true, .last_end = NOW + DAY},
	 1,
	 0,
	 VERDICT_LATE,
	 0,
	 0},
	{"while banned for ever: late",
	 {.failures = 20,
	  .strikes = 1,
	  .banned = true,
	  .forever = true,
	  .last_end = FOREVER},
	 1,
	 0,
	 VERDICT_LATE,
	 0,
	 0},
	{"while banned, a line from before findtime: late",
	 {.banned = true, .last_end = NOW + DAY},
	 1,
	 2 * HOUR,
	 VERDICT_LATE,
	 0,
	 0},
	{"written while banned, judged after it: late",
	 {.failures = 20, .strikes = 1, .last_end = NOW - 10},
	 1,
	 11,
	 VERDICT_LATE,
	 0,
	 0},
	{"written at the very end of a ban: counts",
	 {.failures = 0, .strikes = 1, .last_end = NOW - 10},
	 1,
	 10,
	 VERDICT_COUNT,
	 0,
	 0},
	{"as old as findtime: counts",
	 {.failures = 2},
	 1,
	 HOUR,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
	{"older than findtime: old",
	 {.failures = 2},
	 1,
	 HOUR + 1,
	 VERDICT_OLD,
	 0,
	 0},
	{"a year old", {.failures = 20}, 20, 365 * DAY, VERDICT_OLD, 0, 0},
	{"a minute ahead: counts",
	 {.failures = 2},
	 1,
	 -60,
	 VERDICT_BAN,
	 1,
	 48 * HOUR},
};

static void decide_test(void **state)
{
	const struct decide_row *r = *state;
	struct verdict v = policy_decide(&standard, &r->history, r->count,
					 NOW - r->ago, NOW);

	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.strike, r->strike);
	if (r->kind == VERDICT_BAN) {
		assert_int_equal(v.from, NOW);
		assert_int_equal(v.until, NOW + r->length);
	}
}

struct forget_row {
	const char *title;
	int64_t forget;
	int64_t ended; /* seconds before now */
	unsigned strike;
};

static const struct forget_row forget_rows[] = {
	{"forget 0 is never", 0, 3650 * DAY, 6},
	{"forget forever is never, too", FOREVER, 3650 * DAY, 6},
	{"forget 1s, a second later", 1, 1, 6},
	{"forget 1s, two seconds later", 1, 2, 1},
};

static void forget_test(void **state)
{
	const struct forget_row *r = *state;
	struct history h = {
		.failures = 2, .strikes = 5, .last_end = NOW - r->ended};
	struct policy p = standard;

	p.forget = r->forget;
	assert_int_equal(policy_decide(&p, &h, 1, NOW, NOW).strike, r->strike);
}

static void forever_is_until_forever(void **state)
{
	struct history h = {.failures = 2};
	struct policy p = standard;

	(void)state;
	p.ladder[0] = FOREVER;
	assert_int_equal(policy_decide(&p, &h, 1, NOW, NOW).until, FOREVER);
}

static void maxretry_one_bans_at_once(void **state)
{
	struct history h = {.failures = 0};
	struct policy p = standard;

	(void)state;
	p.maxretry = 1;
	assert_int_equal(policy_decide(&p, &h, 1, NOW, NOW).kind, VERDICT_BAN);
}

/* ---- what lies ahead ---- */

struct next_row {
	const char *title;
	struct history history;
	enum verdict_kind failure;
	int64_t count;
	unsigned strike;
	int64_t length;
};

static const struct next_row next_rows[] = {
	{"next: an address without a history",
	 {.failures = 0},
	 VERDICT_COUNT,
	 1,
	 1,
	 48 * HOUR},
	{"next: two of three", {.failures = 1}, VERDICT_COUNT, 2, 1, 48 * HOUR},
	{"next: the third of three bans",
	 {.failures = 2},
	 VERDICT_BAN,
	 3,
	 1,
	 48 * HOUR},
	{"next: maxretry has been lowered meanwhile",
	 {.failures = 7},
	 VERDICT_BAN,
	 8,
	 1,
	 48 * HOUR},
	{"next: the second strike",
	 {.failures = 0, .strikes = 1, .last_end = NOW - DAY},
	 VERDICT_COUNT,
	 1,
	 2,
	 8 * DAY},
	{"next: beyond the ladder",
	 {.failures = 0, .strikes = 7, .last_end = NOW - DAY},
	 VERDICT_COUNT,
	 1,
	 8,
	 32 * DAY},
	{"next: strikes that have faded",
	 {.failures = 0, .strikes = 2, .last_end = NOW - 32 * DAY - 1},
	 VERDICT_COUNT,
	 1,
	 1,
	 48 * HOUR},
	{"next: while banned a failure is late, and the next ban a strike more",
	 {.strikes = 1, .banned = true, .last_end = NOW + DAY},
	 VERDICT_LATE,
	 0,
	 2,
	 8 * DAY},
	{"next: while banned for ever",
	 {.strikes = 2, .banned = true, .forever = true, .last_end = FOREVER},
	 VERDICT_LATE,
	 0,
	 3,
	 32 * DAY},
	{"next: a ban that ends now",
	 {.failures = 0, .strikes = 1, .last_end = NOW},
	 VERDICT_COUNT,
	 1,
	 2,
	 8 * DAY},
	{"next: lifted after the clock was read",
	 {.failures = 0, .strikes = 0, .last_end = NOW + 1},
	 VERDICT_LATE,
	 0,
	 1,
	 48 * HOUR},
};

static void next_test(void **state)
{
	const struct next_row *r = *state;
	struct outlook next = policy_next(&standard, &r->history, NOW);

	assert_int_equal(next.failure, r->failure);
	assert_int_equal(next.count, r->count);
	assert_int_equal(next.offense.kind, VERDICT_BAN);
	assert_int_equal(next.offense.strike, r->strike);
	assert_int_equal(next.offense.from, NOW);
	assert_int_equal(next.offense.until, NOW + r->length);
}

static void the_next_ban_may_be_for_ever(void **state)
{
	struct history h = {.strikes = 2, .last_end = NOW};
	struct policy p = standard;

	(void)state;
	p.ladder[2] = FOREVER;
	assert_int_equal(policy_next(&p, &h, NOW).offense.until, FOREVER);
}

/* ---- properties ---- */

enum { ROUNDS = 100000, CASES = 300, LINES = 400 };

/* What settings_check lets through: steps that do not get shorter. */
static struct policy any_policy(uint64_t *seed)
{
	struct policy p = {0};
	int64_t step = 1;

	p.maxretry = 1 + (unsigned)random_below(seed, 10);
	p.findtime = 1 + (int64_t)random_below(seed, 2 * DAY);
	p.steps = 1 + (size_t)random_below(seed, 5);
	for (size_t i = 0; i < p.steps; i++) {
		step += (int64_t)random_below(seed, 10 * DAY);
		p.ladder[i] = step;
	}
	if (random_below(seed, 8) == 0)
		p.ladder[p.steps - 1] = FOREVER;
	p.factor = 1 + (unsigned)random_below(seed, 4);
	p.longest = FOREVER;
	if (p.ladder[p.steps - 1] != FOREVER && random_below(seed, 2) == 0)
		p.longest = step + (int64_t)random_below(seed, 90 * DAY);
	p.forget = (int64_t)random_below(seed, 3) * 32 * DAY;
	return p;
}

static struct history any_history(uint64_t *seed)
{
	struct history h = {0};

	h.failures = (int64_t)random_below(seed, 12);
	h.strikes = (unsigned)random_below(seed, 8);
	if (h.strikes > 0)
		h.last_end = NOW - (int64_t)random_below(seed, 80 * DAY);
	return h;
}

static int64_t strength(const struct verdict *v)
{
	return v->kind == VERDICT_BAN ? v->until : 0;
}

static void more_history_is_never_a_weaker_verdict(void **state)
{
	uint64_t seed = 11;
	unsigned bans = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct policy p = any_policy(&seed);
		struct history less = any_history(&seed);
		struct history more = less;
		unsigned count = 1 + (unsigned)random_below(&seed, 4);
		unsigned extra = (unsigned)random_below(&seed, 2);
		struct verdict v, w;

		more.failures += (int64_t)random_below(&seed, 4);
		more.strikes += (unsigned)random_below(&seed, 4);
		if (less.last_end > 0) /* it ended later */
			more.last_end += (int64_t)random_below(
				&seed, (uint64_t)(NOW - less.last_end + 1));
		v = policy_decide(&p, &less, count, NOW, NOW);
		w = policy_decide(&p, &more, count + extra, NOW, NOW);
		if (strength(&w) < strength(&v) || w.strike < v.strike)
			fail_msg("round %u", round);
		bans += v.kind == VERDICT_BAN;
	}
	assert_in_range(bans, ROUNDS / 4, ROUNDS - ROUNDS / 10);
}

static void the_same_inputs_are_the_same_verdict(void **state)
{
	uint64_t seed = 12;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct policy p = any_policy(&seed), q = p;
		struct history h = any_history(&seed), g = h;
		int64_t when = NOW - (int64_t)random_below(&seed, 2 * DAY);
		struct verdict v, w;

		v = policy_decide(&p, &h, 2, when, NOW);
		w = policy_decide(&q, &g, 2, when, NOW);
		if (v.kind != w.kind || v.strike != w.strike ||
		    v.from != w.from || v.until != w.until)
			fail_msg("round %u", round);
	}
}

/* What policy_next says is what policy_decide does. */
static void what_is_announced_comes(void **state)
{
	uint64_t seed = 15;
	unsigned bans = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct policy p = any_policy(&seed);
		struct history h = any_history(&seed);
		struct outlook next = policy_next(&p, &h, NOW);
		struct verdict v = policy_decide(&p, &h, 1, NOW, NOW);
		struct verdict w = policy_decide(&p, &h, p.maxretry, NOW, NOW);

		if (v.kind != next.failure ||
		    (v.kind == VERDICT_BAN) != (next.count >= p.maxretry) ||
		    w.kind != VERDICT_BAN || w.strike != next.offense.strike ||
		    w.until != next.offense.until)
			fail_msg("round %u", round);
		bans += v.kind == VERDICT_BAN;
	}
	assert_in_range(bans, ROUNDS / 10, ROUNDS - ROUNDS / 10);
}

static void a_later_strike_is_never_shorter(void **state)
{
	uint64_t seed = 13;

	(void)state;
	for (unsigned round = 0; round < ROUNDS / 10; round++) {
		struct policy p = any_policy(&seed);
		int64_t before = 0;

		for (unsigned strike = 1; strike <= 40; strike++) {
			int64_t span = policy_sentence(&p, strike);

			if (span < before || span < 1 || span > p.longest)
				fail_msg("round %u, strike %u", round, strike);
			before = span;
		}
	}
}

/* An address as a store would remember it. */
struct memory {
	int64_t at[LINES];
	size_t n;
	unsigned strikes;
	int64_t last_end;
};

static struct history remember(const struct memory *m, const struct policy *p,
			       int64_t now)
{
	struct history h = {.strikes = m->strikes,
			    .banned = m->last_end > now,
			    .last_end = m->last_end};
	int64_t since = policy_window(p, &h, now);

	for (size_t i = 0; i < m->n; i++)
		h.failures += m->at[i] >= since;
	return h;
}

/* Lines of any age pour in; each offense needs its own maxretry failures,
 * all of them from after the last ban, and makes one strike. Returns how many
 * strikes there were. */
static unsigned attack(unsigned round, uint64_t *seed)
{
	struct policy p = any_policy(seed);
	struct memory m = {.n = 0};
	int64_t now = NOW;

	p.forget = 0;
	for (unsigned line = 0; line < LINES; line++) {
		int64_t when = now - (int64_t)random_below(seed, 1000);
		struct history h = remember(&m, &p, now);
		struct verdict v = policy_decide(&p, &h, 1, when, now);

		if (v.kind == VERDICT_COUNT || v.kind == VERDICT_BAN)
			m.at[m.n++] = when;
		if (v.kind == VERDICT_BAN) {
			if (h.banned || v.strike != m.strikes + 1 ||
			    when < m.last_end || m.n < p.maxretry)
				fail_msg("round %u, line %u", round, line);
			m.strikes = v.strike;
			m.last_end = v.until;
			m.n = 0;
		}
		if (m.last_end == FOREVER)
			break;
		/* Mostly seconds later, at times beyond the ban's end. */
		now += (int64_t)random_below(seed, 20);
		if (random_below(seed, 40) == 0 && m.last_end > now)
			now = m.last_end;
	}
	return m.strikes;
}

static void one_offense_is_one_strike(void **state)
{
	uint64_t seed = 14;
	unsigned strikes = 0;

	(void)state;
	for (unsigned round = 0; round < CASES; round++)
		strikes += attack(round, &seed);
	assert_true(strikes > CASES); /* there was something to see */
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(a_strike_may_be_any_number),
		cmocka_unit_test(forever_is_until_forever),
		cmocka_unit_test(maxretry_one_bans_at_once),
		cmocka_unit_test(more_history_is_never_a_weaker_verdict),
		cmocka_unit_test(the_next_ban_may_be_for_ever),
		cmocka_unit_test(the_same_inputs_are_the_same_verdict),
		cmocka_unit_test(what_is_announced_comes),
		cmocka_unit_test(a_later_strike_is_never_shorter),
		cmocka_unit_test(one_offense_is_one_strike),
	};
	struct CMUnitTest tests[96] = {{0}};
	size_t n = 0;

	ROWS(tests, n, when_rows, when_test);
	ROWS(tests, n, window_rows, window_test);
	ROWS(tests, n, sentence_rows, sentence_test);
	ROWS(tests, n, decide_rows, decide_test);
	ROWS(tests, n, forget_rows, forget_test);
	ROWS(tests, n, next_rows, next_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("policy", tests, n, NULL, NULL);
}
