/* breaching: see breaching.h. */
#include "breaching.h"

#include <stdio.h>
#include <string.h>

#include "pasts.h"
#include "saslban/breach.h"
#include "saslban/login.h"
#include "saslban/plain.h"

enum { EARLY_LOGINS = 8 /* of one user that are looked at again */ };

/* ---- when he logs in ---- */

/* A pardon wipes out what the address did before it. */
static int recall_bans(struct docket *d, const struct address *offender,
		       const char *user, int64_t now, struct entrance *out,
		       struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct history h;

	if (pasts_with_networks(d, offender, now, &h, why) < 0)
		return -1;
	out->banned = h.banned || (policy_remembers(p, &h, now) &&
				   h.last_end > now - POLICY_DAY);
	if (!out->banned && h.last_end > 0)
		memory_recall_login(d->memory, offender, user, h.last_end, now,
				    out);
	return 0;
}

/* Most are of users who are known there, of whom no more is asked. */
int breaching_recall(struct docket *d, const struct address *offender,
		     const char *user, int64_t now, struct entrance *out,
		     struct fault *why)
{
	memory_recall_login(d->memory, offender, user, 0, now, out);
	out->banned = false;
	return out->known ? 0 : recall_bans(d, offender, user, now, out, why);
}

static int ban(struct docket *d, const struct entry_made *login,
	       const struct entrance *e, int64_t now, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	char text[POLICY_WHY];
	struct history h;
	struct verdict v;

	if (pasts_with_networks(d, login->offender, now, &h, why) < 0)
		return -1;
	if (h.banned)
		return 0;
	v = policy_certain(p, &h, GROUND_BREACH, now);
	policy_why(p, &h, GROUND_BREACH, login->user, "", 0, text);
	return docket_offense(d, login->offender, &v, e->guesses, text, why);
}

static void tell(struct docket *d, const struct entry_made *login,
		 enum breach breach, const struct entrance *e, const char *text)
{
	struct event event = {.kind = EVENT_BREACH,
			      .at = login->at,
			      .host = *login->host,
			      .breach = breach_word(breach),
			      .failures = e->guesses};

	snprintf(event.user, sizeof(event.user), "%s", login->user);
	snprintf(event.service, sizeof(event.service), "%s", login->service);
	snprintf(event.why, sizeof(event.why), "%s", text);
	docket_event(d, &event);
}

int breaching_record(struct docket *d, const struct entry_made *login,
		     enum breach breach, const struct entrance *e, int64_t now,
		     struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct breach_row row = {
		.jail = d->jail, .at = login->at, .host = *login->offender};
	char address[ADDRESS_TEXT], user[POLICY_USER];
	bool fresh;

	snprintf(row.user, sizeof(row.user), "%s", login->user);
	snprintf(row.service, sizeof(row.service), "%s", login->service);
	snprintf(row.kind, sizeof(row.kind), "%s", breach_word(breach));
	policy_breach_why(p, e, breach, row.why);
	if (docket_write(d, why) < 0 ||
	    breach_add(d->store, &row, &fresh, why) < 0)
		return -1;
	if (!fresh)
		return 0;
	if (docket_notice(d, NOTICE_BREACH, row.id, login->offender, 0, now,
			  why) < 0)
		return -1;
	docket_say(d, REPORT_ERROR, "BREACH: '%s' logged in from %s: %s",
		   plain_copy(user, sizeof(user), login->user),
		   address_print(login->host, address), row.why);
	tell(d, login, breach, e, row.why);
	/* What is seen later is less sure, and may be a neighbour's doing. */
	if (!p->breach_ban || breach == BREACH_HINDSIGHT)
		return 0;
	return ban(d, login, e, now, why);
}

/* ---- seen later ---- */

static int take_login(void *context, const struct login *l)
{
	*(struct login *)context = *l;
	return 1;
}

struct learning {
	struct memory *memory;
	struct fault *why;
};

static int learn_login(void *context, const struct login *l)
{
	const struct learning *x = context;

	return memory_learn(x->memory, &l->address, l->user, l->first, l->last,
			    x->why);
}

/* He is no customer there. Where else he logs in, in the same network, too, he
 * still is one. */
static int disown(struct docket *d, const struct address *offender,
		  const char *user, struct fault *why)
{
	struct learning x = {d->memory, why};

	memory_disown(d->memory, offender, user);
	logins_drop(d->logins, offender, user);
	if (login_forget(d->store, offender, user, why) < 0)
		return -1;
	return login_of_user(d->store, user, 0, learn_login, &x, why);
}

int breaching_look_back(struct docket *d, const struct address *offender,
			const struct history *h, bool banned, int64_t now,
			struct fault *why)
{
	struct entrance e = {0}, then;
	struct login l = {.last = 0};
	struct entry_made login = {l.user, "", offender, offender, 0};

	/* A first sieve that needs no store. */
	e.others = memory_others(d->memory, offender, "", now);
	if (!policy_hindsight(h, e.others, banned))
		return 0;
	if (logins_write(d->logins, d->store, d->jail, why) < 0 ||
	    login_of_address(d->store, offender, 1, take_login, &l, why) < 0)
		return -1;
	e.others = memory_others(d->memory, offender, l.user, now);
	if (l.last == 0 || l.first < now - d->settings->policy.findtime ||
	    !policy_hindsight(h, e.others, banned))
		return 0;
	/* Whose only place it is may be new, and share it with a guesser. */
	if (memory_is_early(d->memory, now, POLICY_EARLY)) {
		memory_recall_login(d->memory, offender, l.user, 0, now, &then);
		if (then.elsewhere == 0)
			return 0;
	}
	login.at = now;
	if (disown(d, offender, l.user, why) < 0)
		return -1;
	return breaching_record(d, &login, BREACH_HINDSIGHT, &e, now, why);
}

/* ---- seen in the early days ---- */

struct logins_of {
	struct login login[EARLY_LOGINS];
	size_t n;
};

static int collect(void *context, const struct login *l)
{
	struct logins_of *x = context;

	x->login[x->n++] = *l;
	return x->n == EARLY_LOGINS;
}

/* e: as if he were not known there, which he is by now. */
static int look_again(struct docket *d, const struct login *l, int64_t now,
		      struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct entry_made login = {l->user, "", &l->address, &l->address,
				   l->first};
	struct entrance e = {0};
	enum breach breach;

	memory_recall_login(d->memory, &l->address, l->user, 0, now, &e);
	if (recall_bans(d, &l->address, l->user, now, &e, why) < 0)
		return -1;
	e.customers -= e.customers > 0;
	e.neighbours -= e.neighbours > 0;
	breach = policy_breach_late(p, &e);
	if (breach == BREACH_NONE)
		return 0;
	if (disown(d, &l->address, l->user, why) < 0)
		return -1;
	return breaching_record(d, &login, breach, &e, now, why);
}

int breaching_look_elsewhere(struct docket *d, const struct address *offender,
			     const char *user, int64_t now, struct fault *why)
{
	struct logins_of x = {.n = 0};
	struct entrance e;

	if (!memory_is_early(d->memory, now, 2 * POLICY_EARLY))
		return 0;
	memory_recall_login(d->memory, offender, user, 0, now, &e);
	if (e.elsewhere == 0)
		return 0;
	if (docket_write(d, why) < 0 ||
	    logins_write(d->logins, d->store, d->jail, why) < 0 ||
	    login_of_user(d->store, user, EARLY_LOGINS, collect, &x, why) < 0)
		return -1;
	for (size_t i = 0; i < x.n; i++)
		if (!address_equal(&x.login[i].address, offender) &&
		    x.login[i].first > now - POLICY_EARLY &&
		    look_again(d, &x.login[i], now, why) < 0)
			return -1;
	return 0;
}
