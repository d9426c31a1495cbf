/* breaching: see breaching.h. */
#include "breaching.h"

#include <stdio.h>
#include <string.h>

#include "pasts.h"
#include "saslban/breach.h"
#include "saslban/login.h"
#include "saslban/plain.h"

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
	docket_say(d, REPORT_ERROR, "BREACH: '%s' logged in from %s: %s",
		   plain_copy(user, sizeof(user), login->user),
		   address_print(login->host, address), row.why);
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
	struct entrance e = {0};
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
	login.at = now;
	if (disown(d, offender, l.user, why) < 0)
		return -1;
	return breaching_record(d, &login, BREACH_HINDSIGHT, &e, now, why);
}
