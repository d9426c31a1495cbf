/*
 * store: thousands of bans, lifts, ends and deaths in any order, of jails that
 * share sets, against a model of the kernel.
 *
 * Whatever has happened: what is wanted is what the bans say, nothing of ours
 * is in a set without a row, and when the work is done the sets hold what is
 * wanted, for as long as it is wanted, and nothing else.
 */
#include "storekit.h"
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/offense.h"
#include "store/query.h"

enum {
	ROUNDS = 60,
	STEPS = 120,
	JAILS = 3,
	ADDRESSES = 4,
	SETS = 2,
	LONGEST = 500, /* the kernel takes no longer timeout */
	HORIZON = 250
};

static const char *const base[SETS] = {"one", "two"};
static const char *const set_name[SETS] = {"one4", "two4"};
static const char *const address[ADDRESSES] = {"192.0.2.1", "192.0.2.2",
					       "192.0.2.3", "192.0.2.4"};

struct world {
	struct store *s;
	int64_t jail[JAILS];
	int64_t kernel[SETS][ADDRESSES]; /* until; 0: not there */
	int64_t now;
	uint64_t seed;
	int round;
};

static uint64_t draw(struct world *w, uint64_t limit)
{
	return random_below(&w->seed, limit);
}

static size_t index_of(const struct address *a)
{
	return a->bytes[3] - 1u;
}

/* ---- what people and lines do ---- */

static void ban(struct world *w, int64_t jail, const char *who)
{
	bool forever = draw(w, 8) == 0;
	struct offense o = {
		.jail = jail,
		.address = kit_address(who),
		.strike = 1 + (unsigned)draw(w, 4),
		.at = w->now,
		.until = forever ? FOREVER : w->now + 1 + (int64_t)draw(w, 900),
		.observed = draw(w, 6) == 0};

	WRITE(w->s, offense_add(w->s, &o, &write_why));
}

static void expire(struct world *w)
{
	for (size_t i = 0; i < JAILS; i++)
		WRITE(w->s, offense_expire(w->s, w->jail[i], w->now, 9, NULL,
					   NULL, &write_why));
}

static void change_set(struct world *w, size_t jail)
{
	char name[8];

	snprintf(name, sizeof(name), "jail%zu", jail);
	kit_jail(w->s, name, base[draw(w, SETS)]);
}

/* ---- what an engine does ---- */

/* It looks at the set, as after a start. */
static void compare(struct world *w, size_t set)
{
	for (size_t i = 0; i < ADDRESSES; i++) {
		struct address a = kit_address(address[i]);
		int64_t until = w->kernel[set][i];
		struct entry e;
		bool found;

		assert_int_equal(
			entry_get(w->s, set_name[set], &a, &e, &found, NULL),
			0);
		if (until <= w->now)
			until = 0;
		if (found)
			kit_held(w->s, set_name[set], address[i], until);
	}
}

/* One entry that is due; dies: before it could note that. False when nothing
 * was due. */
static bool work(struct world *w, size_t set, enum entry_due which, bool dies)
{
	struct entry e;
	int64_t *kernel;
	size_t n = 9;

	assert_int_equal(store_begin(w->s, NULL), 0);
	assert_int_equal(entry_due(w->s, set_name[set], which, w->now,
				   w->now + HORIZON, NULL, &e, 1, &n, NULL),
			 0);
	if (n == 0) {
		store_rollback(w->s);
		return false;
	}
	kernel = &w->kernel[set][index_of(&e.address)];
	*kernel = 0;
	if (e.wanted > w->now)
		*kernel = duration_left(e.wanted, w->now) < LONGEST
				  ? e.wanted
				  : w->now + LONGEST;
	if (dies) {
		store_rollback(w->s);
		compare(w, set);
		return true;
	}
	assert_int_equal(
		entry_held(w->s, set_name[set], &e.address, *kernel, NULL), 0);
	assert_int_equal(store_commit(w->s, NULL), 0);
	return true;
}

static void prune(struct world *w)
{
	size_t n;

	for (size_t set = 0; set < SETS; set++)
		WRITE(w->s, entry_prune(w->s, set_name[set], w->now, 9, &n,
					&write_why));
}

/* ---- what has to be true ---- */

/* What the bans say, asked for in another way than the store does. */
static int64_t wanted_by_bans(struct world *w, size_t set, size_t who)
{
	static const struct query q = {
		"look into", false,
		"SELECT max(ifnull(until, 9223372036854775807)) FROM offense"
		" JOIN setting ON setting.jail = offense.jail"
		" WHERE setting.name = 'set' AND setting.value = ?1"
		" AND address = ?2 AND ended IS NULL AND lifted IS NULL"
		" AND observed = 0"};
	int64_t wanted;

	assert_int_equal(
		query_number(w->s, &q, NULL, &wanted,
			     VALUES(TEXT(base[set]), TEXT(address[who]))),
		0);
	return wanted;
}

static void wrong(const struct world *w, size_t set, size_t who,
		  const char *what)
{
	char entry[KIT_TEXT];

	fail_msg("round %d, now %+" PRId64 ": %s in %s is %s, in the kernel "
		 "until %+" PRId64 ": %s",
		 w->round, w->now - NOW, address[who], set_name[set],
		 kit_entry(w->s, set_name[set], address[who], entry),
		 w->kernel[set][who] - NOW, what);
}

static void check(struct world *w)
{
	for (size_t set = 0; set < SETS; set++)
		for (size_t who = 0; who < ADDRESSES; who++) {
			struct address a = kit_address(address[who]);
			int64_t wanted = wanted_by_bans(w, set, who);
			struct entry e = {.wanted = 0};
			bool found;

			entry_get(w->s, set_name[set], &a, &e, &found, NULL);
			if (found && e.wanted != wanted)
				wrong(w, set, who, "another end is wanted");
			if (!found && wanted > w->now)
				wrong(w, set, who, "wanted without a row");
			if (!found && w->kernel[set][who] > w->now)
				wrong(w, set, who, "held without a row");
		}
}

static bool is_done(struct world *w, size_t set, size_t who)
{
	int64_t wanted = wanted_by_bans(w, set, who);
	int64_t held = w->kernel[set][who];

	if (wanted <= w->now)
		return held <= w->now;
	return held == wanted || (held < wanted && held >= w->now + HORIZON);
}

/* A set that no jail has any more is forgotten with all that it holds. */
static bool is_ours(struct world *w, size_t set)
{
	static const struct query q = {"look into", false,
				       "SELECT count(*) FROM setting WHERE "
				       "name = 'set' AND value = ?1"};
	int64_t n;

	assert_int_equal(
		query_number(w->s, &q, NULL, &n, VALUES(TEXT(base[set]))), 0);
	return n > 0;
}

static void finish(struct world *w)
{
	for (size_t set = 0; set < SETS; set++) {
		for (int which = ENTRY_EXCESS; which <= ENTRY_ABSENT; which++)
			while (work(w, set, which, false))
				;
		for (size_t who = 0; who < ADDRESSES; who++)
			if (!is_done(w, set, who))
				wrong(w, set, who, "not as it is wanted");
	}
}

/* ---- any order ---- */

static void step(struct world *w)
{
	size_t jail = (size_t)draw(w, JAILS), set = (size_t)draw(w, SETS);
	const char *who = address[draw(w, ADDRESSES)];

	switch (draw(w, 12)) {
	case 0:
	case 1:
	case 2:
		ban(w, w->jail[jail], who);
		break;
	case 3:
		kit_lift(w->s, w->jail[jail], who, w->now);
		break;
	case 4:
		kit_lift(w->s, 0, who, w->now);
		break;
	case 5:
		w->now += (int64_t)draw(w, 300);
		break;
	case 6:
		expire(w);
		break;
	case 7:
		prune(w);
		break;
	case 8:
		work(w, set, (enum entry_due)draw(w, 3), true);
		break;
	default:
		work(w, set, (enum entry_due)draw(w, 3), false);
		break;
	}
}

static void open_world(struct world *w, int round)
{
	char name[8];

	*w = (struct world){.s = kit_memory(),
			    .now = NOW,
			    .round = round,
			    .seed = (uint64_t)round};
	for (size_t i = 0; i < JAILS; i++) {
		snprintf(name, sizeof(name), "jail%zu", i);
		w->jail[i] = kit_jail(w->s, name, base[i % SETS]);
	}
}

static void any_order_test(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct world w;

		open_world(&w, round);
		for (int i = 0; i < STEPS; i++) {
			step(&w);
			check(&w);
		}
		finish(&w);
		store_close(w.s);
	}
}

/* Jails change their sets, too. */
static void changing_test(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct world w;

		open_world(&w, round);
		for (int i = 0; i < STEPS; i++) {
			if (draw(&w, 10) == 0)
				change_set(&w, (size_t)draw(&w, JAILS));
			step(&w);
			for (size_t set = 0; set < SETS; set++)
				if (!is_ours(&w, set))
					memset(w.kernel[set], 0,
					       sizeof(w.kernel[set]));
			check(&w);
		}
		finish(&w);
		store_close(w.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_test),
		cmocka_unit_test(changing_test),
	};

	return cmocka_run_group_tests_name("store_random", tests, NULL, NULL);
}
