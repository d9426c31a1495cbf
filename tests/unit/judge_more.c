/*
 * judge: more failures never lead to less.
 *
 * Of the pure rules: any history, made worse by one step. Of the judge: any
 * failures of one address, and one more. Less is only what a rule by name makes
 * less: a line about the same attempt, the same wrong password, an outage,
 * doubt, a customer.
 */
#include "judgekit.h"
#include "random.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"

enum { ROUNDS = 200000, TIMES = 14 };

/* ---- the rules ---- */

/* What a verdict does to its address. */
static int weight(struct verdict v)
{
	switch (v.kind) {
	case VERDICT_BAN:
		return 2;
	case VERDICT_COUNT:
	case VERDICT_GRACE:
		return 1;
	default:
		return 0;
	}
}

static struct policy draw_policy(uint64_t *seed)
{
	struct policy p = {
		.maxretry = 1 + (unsigned)random_below(seed, 6),
		.findtime = 3600,
		.ladder = {random_below(seed, 2) ? 3600 : 172800, 691200},
		.steps = 1 + random_below(seed, 2),
		.factor = 1,
		.longest = DURATION_FOREVER,
		.forget = 2764800,
		.known_maxretry = (unsigned)random_below(seed, 12),
		.known_window = 86400,
		.known_bantime = (int64_t)random_below(seed, 2) * 3600,
		.account_hosts = (unsigned)random_below(seed, 6),
		.account_window = 86400,
		.account_grace = (int64_t)random_below(seed, 2) * 120,
		.trap_hosts = (unsigned)random_below(seed, 4),
		.network_hosts = (unsigned)random_below(seed, 6),
		.network_window = 86400,
	};

	return p;
}

static bool coin(uint64_t *seed, uint64_t of)
{
	return random_below(seed, of) == 0;
}

static struct history draw_history(uint64_t *seed, int64_t now)
{
	struct history h = {
		.failures = (int64_t)random_below(seed, 8),
		.strikes = (unsigned)random_below(seed, 3),
		.banned = coin(seed, 12),
		.last_end = coin(seed, 3) ? now - 1800 : 0,
		.customers =
			coin(seed, 2) ? 0 : (unsigned)random_below(seed, 4),
		.near = coin(seed, 4),
		.movers = coin(seed, 4),
		.echoed = coin(seed, 3) ? (unsigned)random_below(seed, 4) : 0,
		.doubtful = coin(seed, 4),
		.failed = coin(seed, 2),
		.waiting = coin(seed, 4),
		.repeated = coin(seed, 6),
		.outage = coin(seed, 6),
		.trap = coin(seed, 8),
		.others = (unsigned)random_below(seed, 3),
		.excused = (int64_t)random_below(seed, 60),
		.excused_accounts = (unsigned)random_below(seed, 4),
		.account_hosts = (unsigned)random_below(seed, 8),
		.account_known = coin(seed, 2),
		.hosts = (unsigned)random_below(seed, 8),
	};

	h.neighbours = h.customers + (coin(seed, 3) ? 1 : 0);
	return h;
}

/* One thing that is worse. */
struct step {
	const char *title;
	void (*take)(struct history *h, unsigned *count);
};

static void more_failures(struct history *h, unsigned *count)
{
	(void)count;
	h->failures++;
}

static void more_attempts(struct history *h, unsigned *count)
{
	(void)h;
	++*count;
}

static void fewer_echoes(struct history *h, unsigned *count)
{
	(void)count;
	h->echoed -= h->echoed > 0;
}

static void more_hosts(struct history *h, unsigned *count)
{
	(void)count;
	h->account_hosts++;
	h->hosts++;
}

static void other_accounts(struct history *h, unsigned *count)
{
	(void)count;
	h->others++;
}

static void is_trap(struct history *h, unsigned *count)
{
	(void)count;
	h->trap = true;
}

static void is_clear(struct history *h, unsigned *count)
{
	(void)count;
	h->doubtful = false;
}

static void has_failed(struct history *h, unsigned *count)
{
	(void)count;
	h->failed = true;
}

static void no_repeat(struct history *h, unsigned *count)
{
	(void)count;
	h->repeated = false;
}

static void no_outage(struct history *h, unsigned *count)
{
	(void)count;
	h->outage = false;
	h->excused = h->excused_accounts = 0;
}

static void swept(struct history *h, unsigned *count)
{
	(void)count;
	h->excused++;
	h->excused_accounts++;
}

static void no_customers(struct history *h, unsigned *count)
{
	(void)count;
	h->customers = h->neighbours = h->movers = 0;
	h->near = false;
}

static void unknown_account(struct history *h, unsigned *count)
{
	(void)count;
	h->account_known = false;
}

static const struct step steps[] = {
	{"one more failure", more_failures},
	{"a line of one more attempt", more_attempts},
	{"a line that fewer others have told of", fewer_echoes},
	{"one more address that fails", more_hosts},
	{"another account", other_accounts},
	{"a trap user", is_trap},
	{"a line that leaves no doubt", is_clear},
	{"a clear failure before it", has_failed},
	{"another password", no_repeat},
	{"no outage", no_outage},
	{"a sweep in an outage", swept},
	{"no customers", no_customers},
	{"an account that nobody has", unknown_account},
};

static void rule_test(void **state)
{
	const struct step *r = *state;
	const int64_t now = NOW;
	uint64_t seed = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct policy p = draw_policy(&seed);
		struct history h = draw_history(&seed, now), worse = h;
		unsigned count = 1 + (unsigned)random_below(&seed, 3);
		unsigned more = count;
		struct verdict v, w, network;

		r->take(&worse, &more);
		/* In an outage that a sweep ends it is banned: no outage is
		 * not worse. */
		v = policy_decide(&p, &h, count, now, now);
		w = policy_decide(&p, &worse, more, now, now);
		if (weight(w) < weight(v) &&
		    !(r->take == no_outage && v.kind == VERDICT_BAN))
			fail_msg("round %d: %s, then %s", i,
				 verdict_word(v.kind), verdict_word(w.kind));
		if (v.kind == VERDICT_BAN && w.kind == VERDICT_BAN &&
		    (w.strike < v.strike || w.until < v.until))
			fail_msg("round %d: a weaker ban", i);
		network = policy_network(&p, &h, now);
		if (weight(policy_network(&p, &worse, now)) < weight(network))
			fail_msg("round %d: a weaker ban of the network", i);
	}
}

/* Whatever else there is: these are set aside, and by these names. */
static void named_test(void **state)
{
	const int64_t now = NOW;
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct policy p = draw_policy(&seed);
		struct history h = draw_history(&seed, now);
		unsigned count = 1 + (unsigned)random_below(&seed, 3);
		struct verdict v = policy_decide(&p, &h, count, now, now);

		if (weight(v) > 0)
			continue;
		if (!h.banned && now >= h.last_end && !h.outage &&
		    count > h.echoed && !h.doubtful && !h.repeated)
			fail_msg("round %d: %s", i, verdict_word(v.kind));
	}
}

/* ---- the judge ---- */

/* When the address is first banned that fails at those times; 0: never. Each
 * time for another user, so that there is no rhythm and no echo. */
static int64_t first_ban(const int64_t *at, size_t n)
{
	struct trial t;
	int64_t ban = 0;
	char user[16];

	trial_open(&t, "maxretry=4;findtime=1h;bantime=1h;bantime=8d;"
		       "account.hosts=0;network.hosts=0");
	for (size_t i = 0; i < n && ban == 0; i++) {
		trial_wait(&t, NOW + at[i] - t.now.wall);
		snprintf(user, sizeof(user), "user%zu", i);
		if (trial_fail(&t, "192.0.2.1", user))
			ban = t.now.wall;
	}
	trial_close(&t);
	return ban;
}

static void insert(int64_t *at, size_t n, int64_t x)
{
	for (; n > 0 && at[n - 1] > x; n--)
		at[n] = at[n - 1];
	at[n] = x;
}

static void one_more_test(void **state)
{
	uint64_t seed = 3;
	unsigned bans = 0;

	(void)state;
	for (int round = 0; round < 40; round++) {
		int64_t at[TIMES + 1] = {0}, before, after;

		for (size_t i = 0; i < TIMES; i++)
			insert(at, i, (int64_t)random_below(&seed, 20000));
		before = first_ban(at, TIMES);
		insert(at, TIMES, (int64_t)random_below(&seed, 20000));
		after = first_ban(at, TIMES + 1);
		bans += before != 0;
		if (before != 0 && (after == 0 || after > before))
			fail_msg("round %d: banned at +%lld, then at +%lld",
				 round, (long long)(before - NOW),
				 (long long)(after - NOW));
	}
	assert_in_range(bans, 5, 40); /* it does happen */
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(named_test),
		cmocka_unit_test(one_more_test),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, steps, rule_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("judge_more", tests, n, NULL, NULL);
}
