/* entering: see entering.h. */
#include "entering.h"

#include <string.h>

#include "breaching.h"
#include "pasts.h"
#include "saslban/failure.h"
#include "saslban/outage.h"

/* ---- customers ---- */

static int keep(struct docket *d, const struct sighting *s,
		const struct address *offender, int64_t at, struct moment now,
		struct fault *why)
{
	struct logins *l = d->logins;
	struct login login = {.address = *offender, .first = at, .last = at};

	memcpy(login.user, s->user, sizeof(login.user));
	if (!logins_add(l, &login)) {
		if (docket_write(d, why) < 0 ||
		    logins_write(l, d->store, d->jail, why) < 0)
			return -1;
		logins_done(l);
		(void)logins_add(l, &login);
	}
	if (l->since == 0)
		l->since = now.boot;
	return 0;
}

enum {
	SECOND_LOOK = 64, /* bans of one network that are looked at ... */
	LIFTS = 4         /* ... and lifted for one login */
};

struct second_look {
	struct docket *docket;
	int64_t now;
	struct address address[LIFTS];
	size_t n;
};

/* Would it be banned today? */
static int look_again(void *context, const struct offense *o)
{
	struct second_look *x = context;
	const struct docket *d = x->docket;
	struct history h = {0};

	if (o->ground != GROUND_COUNT && o->ground != GROUND_ACCOUNT)
		return 0;
	h.customers = memory_customers(d->memory, &o->address, x->now);
	h.neighbours = memory_neighbours(d->memory, &o->address, x->now);
	h.movers = memory_movers(d->memory, &o->address, x->now);
	/* One who is new on the first day may be the guesser. */
	if (h.neighbours < 2 &&
	    memory_is_early(d->memory, x->now, POLICY_EARLY))
		return 0;
	if (o->failures >= policy_patience(&d->settings->policy, &h) ||
	    (o->ground == GROUND_ACCOUNT && h.customers == 0 &&
	     !policy_is_carrier(&h)))
		return 0;
	x->address[x->n++] = o->address;
	return x->n == LIFTS;
}

/* A network turns out to be one that customers use: who was banned in it for
 * less than what they are allowed is let in again. */
static int reconsider(struct docket *d, const struct address *offender,
		      int64_t now, struct fault *why)
{
	struct second_look x = {.docket = d, .now = now};
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(&d->settings->policy, offender, network);
	struct offense_query q = {.jail = d->jail,
				  .at = n == 0 ? offender : &network[n - 1],
				  .running = true,
				  .now = now,
				  .limit = SECOND_LOOK};
	char text[ADDRESS_TEXT];
	struct event e;
	size_t lifted;

	if (offense_each(d->store, &q, look_again, &x, why) < 0)
		return -1;
	for (size_t i = 0; i < x.n; i++) {
		if (docket_write(d, why) < 0 ||
		    offense_lift(d->store, d->jail, &x.address[i], now,
				 "omsaslban", "customers log in near it", true,
				 &lifted, why) < 0)
			return -1;
		d->lifted = true;
		memory_ban_forget(d->memory);
		docket_say(d, REPORT_NOTICE,
			   "lifted the ban of %s: customers log in near it",
			   address_print(&x.address[i], text));
		event_find_lift(&e, d->store, d->jail, &x.address[i], now);
		docket_event(d, &e);
	}
	return 0;
}

static int welcome(struct docket *d, const struct sighting *s,
		   const struct address *offender, int64_t at,
		   struct moment now, struct fault *why)
{
	struct login_news news;

	if (memory_note_login(d->memory, offender, s->user, at, &news, why) < 0)
		return -1;
	if (news.write && keep(d, s, offender, at, now, why) < 0)
		return -1;
	if (news.forgiven.n > 0 &&
	    (docket_write(d, why) < 0 ||
	     failure_settle(d->store, news.forgiven.id, news.forgiven.n,
			    VERDICT_FORGIVEN, why) < 0))
		return -1;
	if (!news.customer)
		return 0;
	if (breaching_look_elsewhere(d, offender, s->user, now.wall, why) < 0)
		return -1;
	return reconsider(d, offender, now.wall, why);
}

/* He has logged in in time, whatever that login is. */
static int clear(struct docket *d, const struct address *offender,
		 const char *user, struct fault *why)
{
	const struct suspect *s;

	while ((s = suspects_clear(d->suspects, offender, user)) != NULL) {
		memory_end_grace(d->memory, offender, s->row);
		if (docket_write(d, why) < 0 ||
		    failure_end_grace(d->store, s->row, why) < 0)
			return -1;
	}
	return 0;
}

int entering_judge(struct docket *d, const struct sighting *s,
		   struct moment now, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	int64_t at = policy_when(s->reported, s->arrived);
	struct address offender;
	struct entrance e;
	enum breach breach;

	/* So old that neither a customer nor forgiveness comes of it. */
	if (s->user[0] == '\0' ||
	    (at < now.wall - p->known_window && at < now.wall - memory_span(p)))
		return 0;
	if (memory_note_success(d->memory, s->user, at) &&
	    (docket_write(d, why) < 0 ||
	     outage_login(d->store, d->jail, s->user, why) < 0))
		return -1;
	if (at > d->logins->last)
		d->logins->last = at;
	if (!docket_offender(d, &s->address, &offender))
		return 0;
	if (breaching_recall(d, &offender, s->user, now.wall, &e, why) < 0)
		return -1;
	breach = policy_breach(&d->settings->policy, &e);
	if (clear(d, &offender, s->user, why) < 0)
		return -1;
	if (breach != BREACH_NONE)
		return breaching_record(
			d,
			&(struct entry_made){s->user, s->service, &s->address,
					     &offender, at},
			breach, &e, now.wall, why);
	return welcome(d, s, &offender, at, now, why);
}
