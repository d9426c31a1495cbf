/* failing: see failing.h. */
#include "failing.h"

#include <stdio.h>
#include <string.h>

#include "breaching.h"
#include "deciding.h"
#include "pasts.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/plain.h"
#include "saslban/plural.h"

/* One failure on its way through the rules. */
struct failing {
	struct failure row;
	struct trace trace;
	struct prospect prospect; /* what comes of it */
};

static uint64_t guess_of(const struct docket *d, const struct sighting *s)
{
	return s->guess[0] == '\0'
		       ? 0
		       : siphash(d->secret, s->guess, strlen(s->guess));
}

static void describe(const struct docket *d, const struct sighting *s,
		     const struct address *offender, struct failing *f)
{
	struct failure *row = &f->row;

	row->jail = d->jail;
	row->host = s->address;
	row->address = *offender;
	row->at = policy_when(s->reported, s->arrived);
	row->count = s->count;
	row->sort = s->sort;
	row->guess = guess_of(d, s);
	memcpy(row->user, s->user, sizeof(row->user));
	memcpy(row->service, s->service, sizeof(row->service));
	memcpy(row->mech, s->mech, sizeof(row->mech));
	memcpy(row->rule, s->rule, sizeof(row->rule));
	memcpy(row->session, s->session, sizeof(row->session));
	f->trace = (struct trace){
		.address = *offender,
		.user = row->user,
		.service = row->service,
		.session = row->session,
		.guess = row->guess,
		.count = row->count,
		.doubtful = s->sort == SIGHTING_DOUBTFUL,
		.summary = s->sort == SIGHTING_SUMMARY,
		.trap = settings_is_trap(d->settings, s->user),
		.at = row->at,
	};
}

enum { BY = 2 * SIGHTING_WORD + 4 };

static void put_why(const struct docket *d, const struct failing *f,
		    const struct history *h, enum ground ground,
		    int64_t failures, char out[POLICY_WHY])
{
	char by[BY];

	snprintf(by, sizeof(by), "%s (%s)", f->row.service, f->row.rule);
	policy_why(&d->settings->policy, h, ground, f->row.user, by, failures,
		   out);
}

/* The address is banned and goes on: a line that was on its way, or the
 * kernel does not hold the ban. Then it is due before others. */
static int record_late(struct docket *d, const struct failure *row, int64_t now,
		       struct fault *why)
{
	if (offense_late(d->store, d->jail, &row->address, row->count, why) < 0)
		return -1;
	return entry_at_large(d->store, d->jail, &row->address, now, why);
}

/* Where the list of suspects is full, they have no grace. */
static void suspect(struct docket *d, struct prospect *x, int64_t now)
{
	if (x->verdict.kind == VERDICT_GRACE && suspects_full(d->suspects))
		x->verdict = policy_certain(&d->settings->policy, &x->history,
					    GROUND_ACCOUNT, now);
}

static int record(struct docket *d, struct failing *f, int64_t now,
		  struct fault *why)
{
	const struct prospect *x = &f->prospect;
	struct memory_rows repeats;

	f->row.verdict = x->verdict.kind;
	f->row.wide = f->trace.wide;
	if (failure_add(d->store, &f->row, why) < 0)
		return -1;
	f->trace.row = f->row.id;
	if (x->verdict.kind == VERDICT_GRACE)
		suspects_add(d->suspects, &f->row);
	if (memory_note(d->memory, &f->trace, x->verdict.kind, now, &repeats,
			why) < 0 ||
	    failure_settle(d->store, repeats.id, repeats.n, VERDICT_REPEAT,
			   why) < 0)
		return -1;
	memory_ban_put(d->memory, &f->row.address, false, &x->history);
	if (x->verdict.kind == VERDICT_LATE && x->history.banned)
		return record_late(d, &f->row, now, why);
	return 0;
}

/* One line when an account comes under attack: by one address more than
 * before. */
static void tell_attack(struct docket *d, const struct failing *f,
			unsigned before, int64_t now)
{
	const struct policy *p = &d->settings->policy;
	char user[POLICY_USER], span[DURATION_TEXT];
	struct event e = {.kind = EVENT_ACCOUNT, .within = p->account_window};
	unsigned hosts = memory_account_hosts(d->memory, f->row.user, now);

	if (p->account_hosts == 0 || before >= p->account_hosts ||
	    hosts < p->account_hosts)
		return;
	docket_say(d, REPORT_WARNING,
		   "account '%s' is under attack: %u address%s failed for it "
		   "within %s",
		   plain_copy(user, sizeof(user), f->row.user), hosts,
		   plural_es(hosts), duration_print(p->account_window, span));
	e.hosts = hosts;
	snprintf(e.user, sizeof(e.user), "%s", f->row.user);
	docket_event(d, &e);
}

/* The offense, if it is one: of the address or, in its place, of a network. */
static int punish(struct docket *d, const struct failing *f, struct fault *why)
{
	const struct prospect *x = &f->prospect;
	const struct history *wide = &x->network_history;
	char text[POLICY_WHY];

	if (x->by_network) {
		put_why(d, f, wide, x->wide.ground, wide->hosts, text);
		return docket_offense(d, &x->network, &x->wide, wide->hosts,
				      text, why);
	}
	if (x->verdict.kind != VERDICT_BAN)
		return 0;
	put_why(d, f, &x->history, x->verdict.ground, x->failures, text);
	return docket_offense(d, &f->row.address, &x->verdict, x->failures,
			      text, why);
}

int failing_judge(struct docket *d, const struct sighting *s, int64_t now,
		  struct fault *why)
{
	struct failing f = {.row = {.id = 0}};
	struct prospect *x = &f.prospect;
	struct address offender;
	unsigned before;

	if (!docket_offender(d, &s->address, &offender))
		return 0;
	if (docket_write(d, why) < 0)
		return -1;
	describe(d, s, &offender, &f);
	if (deciding_decide(d, &f.trace, now, x, why) < 0)
		return -1;
	suspect(d, x, now);
	before = memory_account_hosts(d->memory, f.row.user, now);
	if (record(d, &f, now, why) < 0)
		return -1;
	tell_attack(d, &f, before, now);
	if (verdict_counts(x->verdict.kind) &&
	    breaching_look_back(d, &offender, &x->history,
				x->verdict.kind == VERDICT_BAN, now, why) < 0)
		return -1;
	return punish(d, &f, why);
}

/* ---- the end of a grace ---- */

/* An outage that came, a pardon, a login: all of them leave no failure that
 * counts. */
static int convict(struct docket *d, const struct suspect *s, int64_t now,
		   struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	int64_t at = s->at + p->account_grace;
	char by[BY], text[POLICY_WHY];
	struct history h;
	struct verdict v;

	if (s->cleared || memory_is_outage(d->memory) ||
	    !memory_is_waiting(d->memory, &s->address, s->row))
		return 0;
	if (d->exempt != NULL && exempt_find(d->exempt, &s->address, NULL))
		return 0;
	if (pasts_with_networks(d, &s->address, now, &h, why) < 0)
		return -1;
	if (h.banned || s->at < h.last_end)
		return 0;
	h.account_hosts = memory_account_hosts(d->memory, s->user, now);
	v = policy_certain(p, &h, GROUND_ACCOUNT, at < now ? at : now);
	snprintf(by, sizeof(by), "%s (%s)", s->service, s->rule);
	policy_why(p, &h, GROUND_ACCOUNT, s->user, by, 1, text);
	return docket_offense(d, &s->address, &v, 1, text, why);
}

/* Convicted or not, it was decided, also for one who is recalled later. */
static int end_grace(struct docket *d, const struct suspect *s, int64_t now,
		     struct fault *why)
{
	if (docket_write(d, why) < 0 ||
	    failure_end_grace(d->store, s->row, why) < 0)
		return -1;
	return convict(d, s, now, why);
}

int failing_end_grace(struct docket *d, int64_t now, struct fault *why)
{
	int64_t grace = d->settings->policy.account_grace;
	const struct suspect *s;

	while (d->nfresh < d->most &&
	       (s = suspects_next(d->suspects, grace, now)) != NULL)
		if (end_grace(d, s, now, why) < 0)
			return -1;
	return 0;
}
