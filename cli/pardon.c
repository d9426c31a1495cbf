/* pardon: see pardon.h. */
#include "pardon.h"

#include <stdlib.h>

#include "person.h"

/* What a single host stands for, whoever is exempt by now: the ban may be
 * older. */
static bool is_meant(const struct pardon *p, const struct jail *jail,
		     const struct address *a)
{
	struct address offender = p->subject.given;

	if (jail != NULL)
		offender = subject_offender(&p->subject, &jail->settings, NULL);
	return address_equal(a, &p->subject.given) ||
	       address_equal(a, &offender);
}

/* ---- bans ---- */

struct search {
	struct pardon *pardon;
	struct fault why;
};

static int keep(struct search *x, const struct offense *o)
{
	struct pardon *p = x->pardon;
	struct offense *more = reallocarray(p->ban, p->bans + 1, sizeof(*more));

	if (more == NULL) {
		fault_set(&x->why, FAULT_MEMORY, "out of memory");
		return 1;
	}
	p->ban = more;
	p->ban[p->bans++] = *o;
	return 0;
}

static int sort_out(void *context, const struct offense *o)
{
	struct search *x = context;
	struct pardon *p = x->pardon;
	const struct address *given = &p->subject.given;

	if (is_meant(p, session_jail(&p->session, o->jail), &o->address))
		return keep(x, o);
	if (address_contains(&o->address, given)) {
		if (o->observed)
			return 0; /* nobody is kept out by it */
		p->wider = *o;
		p->widers++;
	} else if (address_contains(given, &o->address)) {
		p->inside = *o;
		p->insides++;
	}
	return 0;
}

int pardon_find(struct pardon *p, struct fault *why)
{
	struct search x = {.pardon = p, .why = {.kind = FAULT_NONE}};
	struct offense_query q = {
		.jail = p->jail == NULL ? 0 : p->jail->id,
		.at = &p->subject.given,
		.running = true,
		.now = p->cli->now,
	};

	if (offense_each(p->session.store, &q, sort_out, &x, why) < 0)
		return -1;
	if (x.why.kind == FAULT_NONE)
		return 0;
	*why = x.why;
	return -1;
}

static int lift_each(const struct pardon *p, struct fault *why)
{
	const char *reason = p->cli->reason == NULL ? "" : p->cli->reason;
	char who[STORE_WHO];
	size_t n;

	person_name(who, sizeof(who));
	for (size_t i = 0; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];

		if (offense_lift(p->session.store, o->jail, &o->address,
				 p->cli->now, who, reason, false, &n, why) < 0)
			return -1;
	}
	return 0;
}

int pardon_lift(const struct pardon *p, struct fault *why)
{
	if (store_begin(p->session.store, why) < 0)
		return -1;
	return store_end(p->session.store, lift_each(p, why), why);
}

/* ---- entries that no ban wants ---- */

static int clear_entry(struct pardon *p, const struct jail *jail,
		       const struct kernel_entry *e, struct fault *why)
{
	struct kernel_entry *more;
	bool removed;

	if (e->cause == KERNEL_BAN)
		return 0;
	if (!is_meant(p, jail, &e->seen.address)) {
		if (e->cause == KERNEL_LEAVING)
			return 0; /* the engine's to remove */
		p->around = *e;
		p->arounds++;
		return 0;
	}
	more = reallocarray(p->removed, p->removals + 1, sizeof(*more));
	if (more == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	p->removed = more;
	if (kernel_remove(&p->session, jail, &e->seen.address, p->cli->now,
			  &removed, why) < 0)
		return -1;
	if (removed)
		p->removed[p->removals++] = *e;
	return 0;
}

static int clear_sets(struct pardon *p, const struct jail *jail,
		      struct fault *why)
{
	struct kernel_entry found[KERNEL_NESTED];
	size_t n;

	if (kernel_find(&p->session, jail, &p->subject.given, p->cli->now,
			found, &n, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (clear_entry(p, jail, &found[i], why) < 0)
			return -1;
	return 0;
}

void pardon_clear(struct pardon *p)
{
	const struct session *s = &p->session;

	p->unasked.kind = FAULT_NONE;
	for (size_t i = 0; i < s->jails; i++) {
		const struct jail *j = &s->jail[i];

		if (p->jail == NULL ? session_has_sets(s, j)
				    : p->jail == j && j->settings.enforce)
			(void)clear_sets(p, j, &p->unasked);
	}
}

void pardon_release(struct pardon *p)
{
	free(p->ban);
	free(p->removed);
}
