/* pardon: see pardon.h. */
#include "pardon.h"

#include <stdio.h>
#include <stdlib.h>

#include "bantext.h"
#include "flow.h"
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

	if (p->all ||
	    is_meant(p, session_jail(&p->session, o->jail), &o->address))
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

int pardon_record(const struct pardon *p, size_t from, struct fault *why)
{
	char who[STORE_WHO];
	size_t n;

	person_name(who, sizeof(who));
	for (size_t i = from; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];

		if (offense_lift(p->session.store, o->jail, &o->address,
				 p->cli->now, who, p->reason, false, &n,
				 why) < 0)
			return -1;
	}
	return 0;
}

int pardon_lift(const struct pardon *p, struct fault *why)
{
	if (store_begin(p->session.store, why) < 0)
		return -1;
	return store_end(p->session.store, pardon_record(p, 0, why), why);
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

enum status pardon_settle(const struct pardon *p)
{
	enum status status = STATUS_OK;
	struct fault why;

	for (size_t i = 0; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];
		const struct jail *jail = session_jail(&p->session, o->jail);

		if (jail == NULL ||
		    kernel_settle(&p->session, jail, &o->address, p->cli->now,
				  &why) == 0)
			continue;
		if (kernel_pending(&p->session, jail, p->cli->now, &why) !=
		    STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}

void pardon_release(struct pardon *p)
{
	free(p->ban);
	free(p->removed);
}

/* ---- the answer ---- */

enum status pardon_wider(const struct address *given,
			 const struct offense *wider)
{
	char inner[ADDRESS_TEXT];
	char outer[ADDRESS_TEXT];

	return edge_end(STATUS_FAILED,
			"'%s' is still banned, as part of '%s' in jail '%s'; "
			"to lift that: saslbanctl unban %s",
			address_print(given, inner),
			address_print(&wider->address, outer), wider->jail_name,
			outer);
}

enum status pardon_held(const struct pardon *p)
{
	char given[ADDRESS_TEXT];
	char wider[ADDRESS_TEXT];

	return edge_end(STATUS_FAILED,
			"'%s' is still in set '%s', as part of '%s', of which "
			"no ban is known; to remove that: saslbanctl unban %s",
			address_print(&p->subject.given, given), p->around.set,
			address_print(&p->around.seen.address, wider), wider);
}

void pardon_print_ban(const struct pardon *p, const struct offense *o,
		      const char *tail)
{
	char address[ADDRESS_TEXT];
	char left[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, &p->cli->out, 0, "");
	flow_put(&f, PLAIN,
		 "lifted the ban of %s in jail '%s' (strike %u, %s left)%s",
		 address_print(&o->address, address), o->jail_name, o->strike,
		 output_left(o->until, p->cli->now, left), tail);
	flow_end(&f);
}

void pardon_print_removed(const struct pardon *p)
{
	char address[ADDRESS_TEXT];
	char left[DURATION_TEXT];
	struct flow f;

	for (size_t i = 0; i < p->removals; i++) {
		const struct kernel_entry *e = &p->removed[i];

		flow_begin(&f, &p->cli->out, 0, "");
		flow_put(&f, PLAIN,
			 "removed %s from set '%s' (%s left), of which no ban "
			 "is known",
			 address_print(&e->seen.address, address), e->set,
			 output_left(kernel_left(e), 0, left));
		flow_end(&f);
	}
}

struct rewriting {
	const struct pardon *pardon;
	struct json *json;
	int64_t id;
};

static int add_lifted(void *context, const struct offense *o)
{
	const struct rewriting *r = context;

	if (o->id != r->id)
		return 0;
	bantext_json(r->json, NULL, o, r->pardon->cli->now);
	return 1;
}

static void removed_json(struct json *j, const struct pardon *p)
{
	char address[ADDRESS_TEXT];

	json_array(j, "removed");
	for (size_t i = 0; i < p->removals; i++) {
		const struct kernel_entry *e = &p->removed[i];

		json_object(j, NULL);
		json_text(j, "set", e->set);
		json_text(j, "address",
			  address_print(&e->seen.address, address));
		json_duration(j, "left", kernel_left(e));
		json_end(j);
	}
	json_end(j);
}

enum status pardon_json(const struct pardon *p, struct json *j)
{
	struct rewriting r = {p, j, 0};
	struct offense_query q = {.now = p->cli->now};
	enum status status = STATUS_OK;
	struct fault why;

	json_array(j, "lifted");
	for (size_t i = 0; i < p->bans && status == STATUS_OK; i++) {
		r.id = p->ban[i].id;
		q.jail = p->ban[i].jail;
		q.at = &p->ban[i].address;
		if (offense_each(p->session.store, &q, add_lifted, &r, &why) <
		    0)
			status = edge_fail(&why);
	}
	json_end(j);
	removed_json(j, p);
	return status;
}
