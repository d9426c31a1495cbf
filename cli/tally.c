/* tally: see tally.h. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "keymap.h"
#include "saslban/offense.h"
#include "saslban/secret.h"

struct figure_row {
	const char *key;
	const char *title;
	bool always; /* even when it is 0 */
};

static const struct figure_row figures[FIGURES] = {
	[FIGURE_FAILURES] = {"failures", "failures", true},
	[FIGURE_SUCCESSES] = {"successes", "logins", true},
	[FIGURE_TROUBLE] = {"trouble", "lines of trouble", false},
	[FIGURE_BANS] = {"bans", "bans", true},
	[FIGURE_COUNT] = {"by_count", "  for failures", false},
	[FIGURE_ACCOUNT] = {"by_account", "  for an account under attack",
			    false},
	[FIGURE_TRAP] = {"by_trap", "  for a trap user", false},
	[FIGURE_NETWORK] = {"by_network", "  of networks", false},
	[FIGURE_BREACH] = {"by_breach", "  for a guess that hit", false},
	[FIGURE_LIFTED] = {"lifted", "  lifted again", false},
	[FIGURE_ADDRESSES] = {"addresses", "addresses", true},
	[FIGURE_NETWORKS] = {"networks", "networks", false},
	[FIGURE_KEPT_OUT] = {"kept_out", "failures kept out", true},
	[FIGURE_LOCKOUTS] = {"lockouts", "customers' logins kept out", true},
	[FIGURE_LOCKOUT_USERS] = {"lockout_users", "  of users", false},
	[FIGURE_LOCKOUT_ADDRESSES] = {"lockout_addresses", "  from addresses",
				      false},
	[FIGURE_BREACHES] = {"breaches", "breaches", true},
	[FIGURE_OUTAGES] = {"outages", "outages", false},
};

static const enum figure grounds[GROUNDS] = {
	[GROUND_COUNT] = FIGURE_COUNT,   [GROUND_ACCOUNT] = FIGURE_ACCOUNT,
	[GROUND_TRAP] = FIGURE_TRAP,     [GROUND_NETWORK] = FIGURE_NETWORK,
	[GROUND_BREACH] = FIGURE_BREACH,
};

const char *tally_key(enum figure figure)
{
	return figures[figure].key;
}

const char *tally_title(enum figure figure, bool *always)
{
	*always = figures[figure].always;
	return figures[figure].title;
}

/* ---- taking it ---- */

struct taking {
	struct tally *tally;
	const struct trial *trial;
	struct fault *why;
	struct keymap seen; /* addresses and networks */
};

/* Room for one more, of that size, at the end of an array; NULL: none. */
static void *one_more(void *array, size_t n, size_t size)
{
	if (n > 0 && (n & (n - 1)) != 0)
		return array;
	return reallocarray(array, n == 0 ? 1 : 2 * n, size);
}

static int no_memory(const struct taking *t)
{
	return fault_set(t->why, FAULT_MEMORY, "out of memory");
}

static int64_t end_of(const struct offense *o)
{
	int64_t until = o->until;

	if (o->lifted != 0 && o->lifted < until)
		until = o->lifted;
	if (o->ended != 0 && o->ended < until)
		until = o->ended;
	return until;
}

static int count(struct taking *t, const struct tally_ban *b)
{
	uint64_t *figure = t->tally->figure;
	uint64_t key = siphash(&t->tally->key, &b->address, sizeof(b->address));
	size_t unused;

	figure[FIGURE_BANS]++;
	figure[FIGURE_LIFTED] += b->lifted;
	if (grounds[b->ground] != 0)
		figure[grounds[b->ground]]++;
	if (keymap_get(&t->seen, key, &unused))
		return 0;
	figure[b->ground == GROUND_NETWORK ? FIGURE_NETWORKS
					   : FIGURE_ADDRESSES]++;
	return keymap_put(&t->seen, key, 0);
}

static int see_ban(void *context, const struct offense *o)
{
	struct taking *t = context;
	struct tally *y = t->tally;
	struct tally_ban *b = one_more(y->ban, y->bans, sizeof(*y->ban));

	if (b == NULL)
		return no_memory(t);
	y->ban = b;
	b += y->bans;
	*b = (struct tally_ban){.id = o->id,
				.address = o->address,
				.at = o->at,
				.until = end_of(o),
				.strike = o->strike,
				.ground = o->ground,
				.lifted = o->lifted != 0,
				.failures = (uint64_t)o->failures,
				.kept_out = trial_kept_out(t->trial, o->id),
				.why = strdup(o->why)};
	if (b->why == NULL)
		return no_memory(t);
	y->bans++;
	return count(t, b) < 0 ? no_memory(t) : 0;
}

static int see_breach(void *context, const struct breach_row *b)
{
	struct taking *t = context;
	struct tally *y = t->tally;
	struct breach_row *row =
		one_more(y->breach, y->breaches, sizeof(*y->breach));

	if (row == NULL)
		return no_memory(t);
	y->breach = row;
	row[y->breaches++] = *b;
	return 0;
}

static int see_outage(void *context, const struct outage_row *o)
{
	struct taking *t = context;
	struct tally *y = t->tally;
	struct outage_row *row =
		one_more(y->outage, y->outages, sizeof(*y->outage));

	if (row == NULL)
		return no_memory(t);
	y->outage = row;
	row[y->outages++] = *o;
	return 0;
}

/* By the time, and those of one second in the order in which they came. */
static int order(int64_t at, int64_t other_at, int64_t id, int64_t other_id)
{
	if (at != other_at)
		return at < other_at ? -1 : 1;
	return (id > other_id) - (id < other_id);
}

static int compare_bans(const void *a, const void *b)
{
	const struct tally_ban *x = a, *y = b;

	return order(x->at, y->at, x->id, y->id);
}

static int compare_breaches(const void *a, const void *b)
{
	const struct breach_row *x = a, *y = b;

	return order(x->at, y->at, x->id, y->id);
}

static int compare_outages(const void *a, const void *b)
{
	const struct outage_row *x = a, *y = b;

	return order(x->since, y->since, x->opened, y->opened);
}

static void sort(struct tally *y)
{
	if (y->bans > 1)
		qsort(y->ban, y->bans, sizeof(*y->ban), compare_bans);
	if (y->breaches > 1)
		qsort(y->breach, y->breaches, sizeof(*y->breach),
		      compare_breaches);
	if (y->outages > 1)
		qsort(y->outage, y->outages, sizeof(*y->outage),
		      compare_outages);
}

static void take_counts(struct tally *y, const struct trial_counts *c)
{
	y->figure[FIGURE_FAILURES] = c->failures;
	y->figure[FIGURE_SUCCESSES] = c->successes;
	y->figure[FIGURE_TROUBLE] = c->trouble;
	y->figure[FIGURE_KEPT_OUT] = c->kept_out;
	y->figure[FIGURE_LOCKOUTS] = c->lockouts.logins;
	y->figure[FIGURE_LOCKOUT_USERS] = c->lockouts.users.n;
	y->figure[FIGURE_LOCKOUT_ADDRESSES] = c->lockouts.hosts.n;
	y->figure[FIGURE_BREACHES] = y->breaches;
	y->figure[FIGURE_OUTAGES] = y->outages;
}

int tally_take(struct tally *t, const struct trial *trial, struct fault *why)
{
	struct taking take = {.tally = t, .trial = trial, .why = why};
	struct store *store = trial_store(trial);
	struct offense_query q = {.jail = 0};
	int result;

	*t = (struct tally){0};
	if (secret_get(store, &t->key, why) < 0)
		return -1;
	result = offense_each(store, &q, see_ban, &take, why);
	if (result == 0)
		result = breach_each(store, 0, 0, 0, see_breach, &take, why);
	if (result == 0)
		result = outage_each(store, 0, 0, see_outage, &take, why);
	keymap_close(&take.seen);
	if (result < 0) {
		tally_release(t);
		return -1;
	}
	sort(t);
	take_counts(t, trial_counts(trial));
	return 0;
}

void tally_release(struct tally *t)
{
	for (size_t i = 0; i < t->bans; i++)
		free(t->ban[i].why);
	free(t->ban);
	free(t->breach);
	free(t->outage);
	*t = (struct tally){0};
}
