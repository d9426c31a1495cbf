/* upkeep: see upkeep.h. */
#include "upkeep.h"

#include <stdio.h>
#include <stdlib.h>

#include "saslban/allow.h"
#include "saslban/breach.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/login.h"
#include "saslban/outage.h"
#include "saslban/outbox.h"
#include "saslban/offense.h"
#include "saslban/policy.h"

/* Logins go after so many seconds where nothing else does; and what was told,
 * everywhere. */
enum { LOGINS_KEPT = 400 * POLICY_DAY, TOLD_KEPT = 7 * POLICY_DAY };

struct expired {
	struct offense offense[UPKEEP_STEP];
	size_t n;
};

static int see_expired(void *context, const struct offense *o)
{
	struct expired *x = context;

	x->offense[x->n++] = *o;
	return 0;
}

/* An observed one kept nobody out, and is no line's worth. */
static void tell(const struct offense *o, struct events *ev, struct moment now)
{
	char address[ADDRESS_TEXT], length[DURATION_TEXT];
	char dropped[DROPPED_TEXT] = "", sentence[FAULT_TEXT];
	struct event e;

	if (o->dropped.packets > 0)
		dropped_print(&o->dropped, dropped);
	snprintf(sentence, sizeof(sentence),
		 "the ban of %s ended after %s (strike %u)%s%s",
		 address_print(&o->address, address),
		 duration_length(duration_left(o->until, o->at), length),
		 o->strike, dropped[0] == '\0' ? "" : "; dropped ", dropped);
	event_of(&e, EVENT_EXPIRE, o);
	if (o->observed)
		events_pass(ev, REPORT_INFO, &e, now, sentence);
	else
		events_ban(ev, &e, now, "%s", sentence);
}

static int expire(struct expired *x, struct store *s, int64_t jail,
		  struct events *ev, struct moment now, struct fault *why)
{
	if (store_begin(s, why) < 0 ||
	    store_end(s,
		      offense_expire(s, jail, now.wall, UPKEEP_STEP,
				     see_expired, x, why),
		      why) < 0)
		return -1;
	for (size_t i = 0; i < x->n; i++)
		tell(&x->offense[i], ev, now);
	return 0;
}

int upkeep_expire(struct store *s, int64_t jail, struct events *ev,
		  struct moment now, int64_t *next, struct fault *why)
{
	struct expired *x;
	int result;

	if (offense_next_end(s, jail, next, why) < 0)
		return -1;
	if (*next > now.wall)
		return 0;
	x = calloc(1, sizeof(*x));
	if (x == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	result = expire(x, s, jail, ev, now, why);
	free(x);
	return result < 0 ? -1 : offense_next_end(s, jail, next, why);
}

/* Offenses are the strikes: they go when those have faded, too. */
static int prune_history(struct store *s, int64_t jail,
			 const struct settings *settings, int64_t now,
			 bool *more, struct fault *why)
{
	int64_t retain = settings->retain;
	int64_t forget = settings->policy.forget;
	size_t failures = 0, offenses = 0;

	if (retain == DURATION_FOREVER)
		return 0;
	if (failure_prune(s, jail, now - retain, UPKEEP_STEP, &failures, why) <
	    0)
		return -1;
	if (forget != 0 && forget != DURATION_FOREVER &&
	    offense_prune(s, jail, now - (forget > retain ? forget : retain),
			  UPKEEP_STEP, &offenses, why) < 0)
		return -1;
	*more = failures == UPKEEP_STEP || offenses == UPKEEP_STEP;
	return 0;
}

static int prune_entries(struct store *s, const struct enforcer *e, int64_t now,
			 bool *more, struct fault *why)
{
	size_t n;

	for (enum enforcer_set set = 0; e != NULL && set < ENFORCER_SETS;
	     set++) {
		if (entry_prune(s, e->ops->name(e, set), now, UPKEEP_STEP, &n,
				why) < 0)
			return -1;
		*more = *more || n == UPKEEP_STEP;
	}
	return 0;
}

/* Those of all jails: the first one to come does it. */
static int prune_allowed(struct store *s, int64_t now, bool *more,
			 struct fault *why)
{
	size_t n;

	if (allow_prune(s, now, UPKEEP_STEP, &n, why) < 0)
		return -1;
	*more = *more || n == UPKEEP_STEP;
	return 0;
}

/* Logins of a jail that forgets sooner stay for the others as long as rows of
 * any kind do, but not for ever. */
static int prune_logins(struct store *s, const struct settings *settings,
			int64_t now, bool *more, struct fault *why)
{
	int64_t keep = settings->retain == DURATION_FOREVER ? LOGINS_KEPT
							    : settings->retain;
	size_t n;

	if (settings->policy.known_window > keep)
		keep = settings->policy.known_window;
	if (login_prune(s, now - keep, UPKEEP_STEP, &n, why) < 0)
		return -1;
	*more = *more || n == UPKEEP_STEP;
	return 0;
}

static int prune_events(struct store *s, int64_t jail,
			const struct settings *settings, int64_t now,
			struct fault *why)
{
	int64_t retain = settings->retain;

	if (retain == DURATION_FOREVER)
		return 0;
	if (breach_prune(s, jail, now - retain, why) < 0 ||
	    outage_prune(s, jail, now - retain, why) < 0)
		return -1;
	return 0;
}

static int prune_outbox(struct store *s, int64_t jail, int64_t now, bool *more,
			struct fault *why)
{
	size_t n;

	if (outbox_prune(s, jail, now - TOLD_KEPT, UPKEEP_STEP, &n, why) < 0)
		return -1;
	*more = *more || n >= UPKEEP_STEP;
	return 0;
}

int upkeep_prune(struct store *s, int64_t jail, const struct settings *settings,
		 const struct enforcer *e, int64_t now, bool *more,
		 struct fault *why)
{
	int result;

	*more = false;
	if (store_begin(s, why) < 0)
		return -1;
	result = prune_history(s, jail, settings, now, more, why);
	if (result == 0)
		result = prune_logins(s, settings, now, more, why);
	if (result == 0)
		result = prune_events(s, jail, settings, now, why);
	if (result == 0)
		result = prune_entries(s, e, now, more, why);
	if (result == 0)
		result = prune_allowed(s, now, more, why);
	if (result == 0)
		result = prune_outbox(s, jail, now, more, why);
	return store_end(s, result, why);
}
