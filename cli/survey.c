/* survey: see survey.h. */
#include "survey.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "calendar.h"
#include "spans.h"
#include "saslban/sighting.h"
#include "saslban/siphash.h"

enum { DAY = 86400 };

/* While it is taken. */
struct taking {
	struct survey *out;
	struct siphash_key key;
	struct calendar calendar;
	struct hashset seen;       /* addresses, where they are no groups */
	struct hashset pairs;      /* address and account */
	struct hashset by_day;     /* day and address, see is_first */
	struct hashset by_service; /* service and address, and account */
	struct hashset by_rule;
	const struct jail *jail; /* of the last failure */
	int64_t jail_id;
	bool failed; /* out of memory */
};

size_t survey_strike(unsigned strike)
{
	if (strike == 0)
		return 0;
	return strike < SURVEY_STRIKES ? strike - 1 : SURVEY_STRIKES - 1;
}

bool survey_is_attempt(enum verdict_kind verdict)
{
	return verdict_counts(verdict) || verdict == VERDICT_LATE ||
	       verdict == VERDICT_OLD;
}

/* ---- keys ---- */

static uint64_t hash_text(const struct taking *t, const char *text)
{
	return siphash(&t->key, text, strlen(text));
}

static uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return a ^ (b * UINT64_C(0x9e3779b97f4a7c15) + 1);
}

/* Capital and small letters are the same in names. */
static void lower(const char *user, char out[SIGHTING_USER])
{
	size_t n = 0;

	for (; user[n] != '\0' && n + 1 < SIGHTING_USER; n++)
		out[n] = (char)tolower((unsigned char)user[n]);
	out[n] = '\0';
}

/* True when it is new. */
static bool is_new(struct taking *t, struct hashset *s, uint64_t hash)
{
	int answer = hashset_add(s, hash);

	t->failed |= answer < 0;
	return answer > 0;
}

static struct group *group_of(struct taking *t, struct groups *g, uint64_t hash,
			      const char *name)
{
	struct group *out = groups_of(g, hash, name);

	t->failed |= out == NULL;
	return out;
}

/* One attempt, taken apart. */
struct who {
	const struct ranking_failure *failure;
	int64_t at;
	uint64_t address;
	uint64_t account;         /* 0: no name */
	struct group *by_address; /* NULL where these are no groups */
	struct group *by_account;
	char user[SIGHTING_USER];
};

/* The first time that the group of that hash meets the one of that number and
 * hash? Of each group's first 64 it is known where the group is, which was just
 * looked up; a look into a table of millions is a wait for the memory. */
static bool is_first(struct taking *t, struct group *g, uint64_t hash,
		     enum group_met met, uint64_t number, uint64_t other,
		     struct hashset *pairs)
{
	uint64_t before;

	if (g == NULL || number > 63)
		return is_new(t, pairs, hash_pair(hash, other));
	before = g->met[met];
	g->met[met] |= UINT64_C(1) << number;
	return g->met[met] != before;
}

/* ---- when ---- */

static void note_time(struct taking *t, const struct who *w)
{
	struct survey *s = t->out;
	const struct calendar_cell *cell = calendar_of(&t->calendar, w->at);
	struct survey_span *hour = spans_hour(s, cell->from);
	struct survey_span *day = spans_day(s, cell->day);
	int64_t attempts = w->failure->count;

	if (day == NULL)
		return;
	day->attempts += attempts;
	day->addresses += is_first(t, w->by_address, w->address, GROUP_DAYS,
				   (uint64_t)(cell->day - s->first_day),
				   (uint64_t)cell->day, &t->by_day);
	if (hour != NULL)
		hour->attempts += attempts;
	s->heat[cell->weekday][cell->hour] += attempts;
}

/* 0: the last day, 1: the day before, 2: earlier. */
static size_t lately(const struct survey *s, int64_t at)
{
	if (at > s->now - DAY)
		return 0;
	return at > s->now - 2 * DAY ? 1 : 2;
}

/* ---- who ---- */

static const struct policy *policy_of(struct taking *t, int64_t jail)
{
	if (t->jail == NULL || t->jail_id != jail) {
		t->jail = session_jail(t->out->session, jail);
		t->jail_id = jail;
	}
	return t->jail == NULL ? NULL : &t->jail->settings.policy;
}

static void note_network(struct taking *t, const struct ranking_failure *f,
			 int64_t at, bool new_address)
{
	const struct policy *p = policy_of(t, f->jail);
	struct address network;
	char name[ADDRESS_TEXT];
	struct group *g;

	if (p == NULL || f->host.family == ADDRESS_NONE)
		return;
	network = address_mask(&f->host, f->host.family == ADDRESS_V4
						 ? p->network4
						 : p->network6);
	g = group_of(t, &t->out->network,
		     siphash(&t->key, &network, sizeof(network)),
		     address_print(&network, name));
	if (g == NULL)
		return;
	group_count(g, f->count, at);
	g->addresses += new_address;
}

static void note_word(struct taking *t, struct groups *groups,
		      enum group_met met, struct hashset *pairs,
		      const char *word, const struct who *w)
{
	uint64_t hash = hash_text(t, word);
	struct group *g = group_of(t, groups, hash, word);
	uint64_t number;

	if (g == NULL)
		return;
	number = (uint64_t)(g - groups->at);
	group_count(g, w->failure->count, w->at);
	g->addresses += is_first(t, w->by_address, w->address, met, number,
				 hash, pairs);
	if (w->account != 0) /* which may be called like an address */
		g->accounts += is_first(t, w->by_account, w->account, met,
					number, ~hash, pairs);
}

/* True when the address has not tried before. */
static bool note_address(struct taking *t, struct who *w, bool new_pair)
{
	struct groups *groups = &t->out->address;
	size_t before = groups->n;

	if ((t->out->parts & SURVEY_ADDRESSES) == 0)
		return (t->out->parts & SURVEY_NETWORKS) != 0 &&
		       is_new(t, &t->seen, w->address);
	w->by_address = group_of(t, groups, w->address, w->failure->address);
	if (w->by_address == NULL)
		return false;
	group_count(w->by_address, w->failure->count, w->at);
	w->by_address->accounts += new_pair;
	return groups->n > before;
}

static void note_account(struct taking *t, struct who *w, bool new_pair)
{
	w->by_account = group_of(t, &t->out->account, w->account, w->user);
	if (w->by_account == NULL)
		return;
	group_count(w->by_account, w->failure->count, w->at);
	w->by_account->addresses += new_pair;
}

static void note_who(struct taking *t, struct who *w)
{
	struct survey *s = t->out;
	unsigned pairs = s->parts & (SURVEY_ADDRESSES | SURVEY_ACCOUNTS);
	bool new_pair = pairs != 0 && w->account != 0 &&
			is_new(t, &t->pairs, hash_pair(w->address, w->account));
	bool new_address = note_address(t, w, new_pair);

	if ((s->parts & SURVEY_NETWORKS) != 0)
		note_network(t, w->failure, w->at, new_address);
	if ((s->parts & SURVEY_ACCOUNTS) != 0 && w->account != 0)
		note_account(t, w, new_pair);
	if ((s->parts & SURVEY_SERVICES) != 0)
		note_word(t, &s->service, GROUP_SERVICES, &t->by_service,
			  w->failure->service, w);
	if ((s->parts & SURVEY_RULES) != 0)
		note_word(t, &s->rule, GROUP_RULES, &t->by_rule,
			  w->failure->rule, w);
}

static int see_failure(void *context, const struct ranking_failure *f)
{
	struct taking *t = context;
	struct survey *s = t->out;
	struct who w = {.failure = f, .at = f->at < s->now ? f->at : s->now};
	size_t day = lately(s, w.at);

	s->verdict[f->verdict] += f->count;
	if (!survey_is_attempt(f->verdict))
		return 0;
	s->attempts += f->count;
	if (day < 2)
		s->lately[day] += f->count;
	w.address = hash_text(t, f->address);
	lower(f->user, w.user);
	if (w.user[0] != '\0')
		w.account = hash_text(t, w.user);
	note_who(t, &w);
	if ((s->parts & SURVEY_TIME) != 0)
		note_time(t, &w);
	return t->failed ? 1 : 0;
}

/* ---- bans ---- */

static void count_ban(struct survey_span *span, size_t strike, bool lifted)
{
	if (span == NULL)
		return;
	span->bans++;
	span->strike[strike]++;
	span->lifted += lifted;
}

static void keep_ban(struct survey_latest *l, const struct ranking_ban *b)
{
	size_t i = 0;

	while (i < l->n && l->ban[i].at > b->at)
		i++;
	if (i == SURVEY_LATEST)
		return;
	if (l->n < SURVEY_LATEST)
		l->n++;
	memmove(&l->ban[i + 1], &l->ban[i], (l->n - 1 - i) * sizeof(l->ban[0]));
	l->ban[i] = (struct survey_ban){
		.jail = b->jail,
		.strike = b->strike,
		.at = b->at,
		.until = b->until,
		.runs = b->runs,
		.observed = b->observed,
		.lifted = b->lifted != 0,
		.ground = b->ground,
	};
	snprintf(l->ban[i].address, sizeof(l->ban[i].address), "%s",
		 b->address);
}

static int see_ban(void *context, const struct ranking_ban *b)
{
	struct taking *t = context;
	struct survey *s = t->out;
	int64_t at = b->at < s->now ? b->at : s->now;
	const struct calendar_cell *cell = calendar_of(&t->calendar, at);
	size_t strike = survey_strike(b->strike);
	size_t day = lately(s, at);
	bool lifted = b->lifted != 0;

	s->bans++;
	s->lifted += lifted;
	s->strike[strike].bans++;
	s->strike[strike].lifted += lifted;
	s->ground[b->ground]++;
	if (s->packets < INT64_MAX - b->packets)
		s->packets += b->packets;
	if (day < 2)
		s->lately_bans[day]++;
	keep_ban(&s->latest, b);
	if (b->strike >= 3)
		keep_ban(&s->third, b);
	count_ban(spans_day(s, cell->day), strike, lifted);
	count_ban(spans_hour(s, cell->from), strike, lifted);
	return 0;
}

static int count_running(struct survey *s, int64_t jail, struct fault *why)
{
	struct ranking_running r;

	if (ranking_running(s->session->store, jail, s->now, &r, why) < 0)
		return -1;
	for (size_t i = 0; i < SURVEY_STRIKES; i++) {
		s->strike[i].running = r.strike[i];
		s->running += r.strike[i];
	}
	s->observed = r.observed;
	return 0;
}

/* ---- all of it ---- */

static int look(struct taking *t, struct fault *why)
{
	struct survey *s = t->out;
	struct store *store = s->session->store;
	int64_t jail = s->jail == NULL ? 0 : s->jail->id;
	int64_t begin = 0;

	if (ranking_begin(store, jail, 0, &begin, why) < 0)
		return -1;
	s->begin = begin > s->since || s->since == 0 ? begin : s->since;
	if (s->begin <= 0 || s->begin > s->now)
		s->begin = s->now;
	if ((s->parts & SURVEY_TIME) != 0 && spans_make(s, &t->calendar) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (ranking_failures(store, jail, s->since, see_failure, t, why) < 0)
		return -1;
	if (t->failed)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if ((s->parts & SURVEY_BANS) == 0)
		return 0;
	if (ranking_bans(store, jail, s->since, s->now, see_ban, t, why) < 0)
		return -1;
	return count_running(s, jail, why);
}

int survey_take(struct survey *s, struct fault *why)
{
	struct taking t = {.out = s};
	int result;

	/* Without it the names that were tried might be made to collide. */
	if (getrandom(&t.key, sizeof(t.key), 0) != sizeof(t.key))
		return fault_set(why, FAULT_SYSTEM,
				 "the kernel has no random numbers");
	result = look(&t, why);
	hashset_close(&t.seen);
	hashset_close(&t.pairs);
	hashset_close(&t.by_day);
	hashset_close(&t.by_service);
	hashset_close(&t.by_rule);
	groups_rank(&s->address, s->limit);
	groups_rank(&s->network, s->limit);
	groups_rank(&s->account, s->limit);
	groups_rank(&s->service, s->limit);
	groups_rank(&s->rule, s->limit);
	return result;
}

void survey_close(struct survey *s)
{
	free(s->day);
	free(s->hour);
	groups_close(&s->address);
	groups_close(&s->network);
	groups_close(&s->account);
	groups_close(&s->service);
	groups_close(&s->rule);
}
