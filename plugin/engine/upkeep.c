/* upkeep: see upkeep.h. */
#include "upkeep.h"

#include "saslban/allow.h"
#include "saslban/breach.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/login.h"
#include "saslban/outage.h"
#include "saslban/offense.h"
#include "saslban/policy.h"

/* Logins go after so many seconds where nothing else does. */
enum { LOGINS_KEPT = 400 * POLICY_DAY };

struct expiry {
	struct report *report;
	int64_t boot;
};

static int see_expired(void *context, const struct offense *o)
{
	const struct expiry *x = context;
	char address[ADDRESS_TEXT], length[DURATION_TEXT];
	char dropped[DROPPED_TEXT] = "";

	if (o->observed)
		return 0;
	if (o->dropped.packets > 0)
		dropped_print(&o->dropped, dropped);
	report_ban(x->report, x->boot,
		   "the ban of %s ended after %s (strike %u)%s%s",
		   address_print(&o->address, address),
		   duration_print(duration_left(o->until, o->at), length),
		   o->strike, dropped[0] == '\0' ? "" : "; dropped ", dropped);
	return 0;
}

int upkeep_expire(struct store *s, int64_t jail, struct report *report,
		  struct moment now, int64_t *next, struct fault *why)
{
	struct expiry x = {report, now.boot};

	if (offense_next_end(s, jail, next, why) < 0)
		return -1;
	if (*next > now.wall)
		return 0;
	if (store_begin(s, why) < 0 ||
	    store_end(s,
		      offense_expire(s, jail, now.wall, UPKEEP_STEP,
				     see_expired, &x, why),
		      why) < 0)
		return -1;
	return offense_next_end(s, jail, next, why);
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
	return store_end(s, result, why);
}
