/* failing: see failing.h. */
#include "failing.h"

#include <stdio.h>
#include <string.h>

#include "breaching.h"
#include "pasts.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"

/* One failure on its way through the rules. */
struct failing {
	const struct sighting *sighting;
	struct failure row;
	struct trace trace;
	struct history history;
	struct verdict verdict;
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
	f->sighting = s;
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

static void explain(const struct docket *d, const struct failing *f,
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
static void suspect(struct docket *d, struct failing *f, int64_t now)
{
	if (f->verdict.kind == VERDICT_GRACE && suspects_full(d->suspects))
		f->verdict = policy_certain(&d->settings->policy, &f->history,
					    GROUND_ACCOUNT, now);
}

static int record(struct docket *d, struct failing *f, int64_t now,
		  struct fault *why)
{
	struct memory_rows repeats;

	f->row.verdict = f->verdict.kind;
	f->row.wide = f->trace.wide =
		memory_is_wide(&f->trace, &f->history, f->verdict.kind);
	if (failure_add(d->store, &f->row, why) < 0)
		return -1;
	f->trace.row = f->row.id;
	if (f->verdict.kind == VERDICT_GRACE)
		suspects_add(d->suspects, &f->row);
	if (memory_note(d->memory, &f->trace, f->verdict.kind, now, &repeats,
			why) < 0 ||
	    failure_settle(d->store, repeats.id, repeats.n, VERDICT_REPEAT,
			   why) < 0)
		return -1;
	memory_ban_put(d->memory, &f->row.address, false, &f->history);
	if (f->verdict.kind == VERDICT_LATE && f->history.banned)
		return record_late(d, &f->row, now, why);
	return 0;
}

/* A network that has earned it is banned instead of the address. */
static int judge_networks(struct docket *d, const struct failing *f,
			  int64_t now, bool *banned, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(p, &f->row.address, network);
	char text[POLICY_WHY];

	*banned = false;
	for (size_t i = n; i-- > 0 && !*banned;) {
		struct history h;
		struct verdict v;

		if (pasts_get(d, &network[i], now, &h, why) < 0)
			return -1;
		memory_recall_network(d->memory, &network[i], now, &h);
		v = policy_network(p, &h, now);
		if (v.kind != VERDICT_BAN ||
		    (d->exempt != NULL &&
		     exempt_find(d->exempt, &network[i], NULL)))
			continue;
		explain(d, f, &h, v.ground, h.hosts, text);
		if (docket_offense(d, &network[i], &v, h.hosts, text, why) < 0)
			return -1;
		*banned = true;
	}
	return 0;
}

/* One line when an account comes under attack: by one address more than
 * before. */
static void tell_attack(struct docket *d, const struct failing *f,
			unsigned before, int64_t now)
{
	const struct policy *p = &d->settings->policy;
	char user[POLICY_USER], span[DURATION_TEXT];
	unsigned hosts = memory_account_hosts(d->memory, f->row.user, now);

	if (p->account_hosts == 0 || before >= p->account_hosts ||
	    hosts < p->account_hosts)
		return;
	docket_say(d, REPORT_WARNING,
		   "account '%s' is under attack: %u addresses failed for it "
		   "within %s",
		   policy_user(f->row.user, user), hosts,
		   duration_print(p->account_window, span));
}

int failing_judge(struct docket *d, const struct sighting *s, int64_t now,
		  struct fault *why)
{
	struct failing f = {.sighting = s};
	struct address offender;
	char text[POLICY_WHY];
	bool network = false;
	unsigned before;
	int64_t failures;

	if (d->exempt == NULL)
		offender = settings_offender(d->settings, &s->address);
	else if (!exempt_offender(d->exempt, &s->address, &offender, NULL))
		return 0;
	if (docket_write(d, why) < 0)
		return -1;
	describe(d, s, &offender, &f);
	if (pasts_with_networks(d, &offender, now, &f.history, why) < 0)
		return -1;
	memory_recall(d->memory, &f.trace, now, &f.history);
	f.verdict = policy_decide(&d->settings->policy, &f.history, s->count,
				  f.row.at, now);
	suspect(d, &f, now);
	before = memory_account_hosts(d->memory, f.row.user, now);
	if (record(d, &f, now, why) < 0)
		return -1;
	tell_attack(d, &f, before, now);
	if (f.verdict.kind == VERDICT_OUTAGE)
		return judge_networks(d, &f, now, &network, why);
	if (f.verdict.kind != VERDICT_COUNT &&
	    f.verdict.kind != VERDICT_GRACE && f.verdict.kind != VERDICT_BAN)
		return 0;
	if (s->sort != SIGHTING_DOUBTFUL &&
	    judge_networks(d, &f, now, &network, why) < 0)
		return -1;
	if (breaching_look_back(d, &offender, &f.history,
				f.verdict.kind == VERDICT_BAN, now, why) < 0)
		return -1;
	if (network || f.verdict.kind != VERDICT_BAN)
		return 0;
	failures = s->count - f.history.echoed +
		   (f.history.outage ? f.history.excused : f.history.failures);
	explain(d, &f, &f.history, f.verdict.ground, failures, text);
	return docket_offense(d, &offender, &f.verdict, failures, text, why);
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
