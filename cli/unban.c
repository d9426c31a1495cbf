/*
 * unban: a person lifts bans of an address.
 *
 * Lifted are running bans of exactly this address, and of what a single host
 * stands for in the jail (the /64 of an IPv6 host), because that is how the
 * module bans it. A wider ban was meant for more than this address: it is
 * named, not lifted.
 */
#include "verb.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bantext.h"
#include "json.h"
#include "kernel.h"
#include "person.h"
#include "saslban/offense.h"
#include "session.h"
#include "subject.h"

struct pardon {
	const struct cli *cli;
	struct session session;
	struct subject subject;
	const struct jail *jail; /* NULL: all */
	struct offense *ban;     /* to be lifted */
	size_t bans;
	struct offense wider; /* one that covers the address and stays */
	size_t widers;
	struct offense inside; /* one of a part of the address */
	size_t insides;
	bool failed;
};

/* ---- which ---- */

static int keep(struct pardon *p, const struct offense *o)
{
	struct offense *more = reallocarray(p->ban, p->bans + 1, sizeof(*more));

	if (more == NULL) {
		p->failed = true;
		return 1;
	}
	p->ban = more;
	p->ban[p->bans++] = *o;
	return 0;
}

static int sort_out(void *context, const struct offense *o)
{
	struct pardon *p = context;
	const struct jail *jail = session_jail(&p->session, o->jail);
	struct address unit = p->subject.given;

	if (jail != NULL)
		unit = subject_unit(&p->subject, &jail->settings);
	if (address_equal(&o->address, &p->subject.given) ||
	    address_equal(&o->address, &unit))
		return keep(p, o);
	if (address_contains(&o->address, &p->subject.given)) {
		if (o->observed)
			return 0; /* nobody is kept out by it */
		p->wider = *o;
		p->widers++;
	} else if (address_contains(&p->subject.given, &o->address)) {
		p->inside = *o;
		p->insides++;
	}
	return 0;
}

static enum status find_bans(struct pardon *p)
{
	struct offense_query q = {
		.jail = p->jail == NULL ? 0 : p->jail->id,
		.at = &p->subject.given,
		.running = true,
		.now = p->cli->now,
	};
	struct fault why;

	if (offense_each(p->session.store, &q, sort_out, p, &why) < 0)
		return edge_fail(&why);
	if (p->failed)
		return edge_memory();
	return STATUS_OK;
}

/* What is left after the lifting, or instead of it. */
static enum status still_banned(const struct pardon *p)
{
	char given[ADDRESS_TEXT];
	char wider[ADDRESS_TEXT];

	return edge_end(STATUS_FAILED,
			"'%s' is still banned, as part of '%s' in jail '%s'; "
			"to lift that: saslbanctl unban %s",
			address_print(&p->subject.given, given),
			address_print(&p->wider.address, wider),
			p->wider.jail_name, wider);
}

static enum status none_found(const struct pardon *p)
{
	char given[ADDRESS_TEXT];
	char other[ADDRESS_TEXT];

	address_print(&p->subject.given, given);
	address_print(&p->inside.address, other);
	if (p->widers > 0)
		return still_banned(p);
	if (p->insides == 1)
		return edge_end(
			STATUS_NOTHING,
			"'%s' is not banned; but '%s' in it is, in jail "
			"'%s'",
			given, other, p->inside.jail_name);
	if (p->insides > 1)
		return edge_end(STATUS_NOTHING,
				"'%s' is not banned; but %zu addresses in it "
				"are: saslbanctl show %s",
				given, p->insides, given);
	return edge_end(STATUS_NOTHING, "'%s' is not banned%s%s%s", given,
			p->jail == NULL ? "" : " in jail '",
			p->jail == NULL ? "" : p->jail->settings.name,
			p->jail == NULL ? "" : "'");
}

/* ---- lift ---- */

static int lift_all(struct pardon *p, struct fault *why)
{
	const char *reason = p->cli->reason == NULL ? "" : p->cli->reason;
	char who[STORE_WHO];
	size_t n;

	person_name(who, sizeof(who));
	if (store_begin(p->session.store, why) < 0)
		return -1;
	for (size_t i = 0; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];

		if (offense_lift(p->session.store, o->jail, &o->address,
				 p->cli->now, who, reason, &n, why) < 0)
			goto undo;
	}
	if (store_commit(p->session.store, why) == 0)
		return 0;
undo:
	store_rollback(p->session.store);
	return -1;
}

static enum status settle_all(const struct pardon *p)
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
		if (kernel_pending(jail, p->cli->now, &why) != STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}

/* ---- the answer ---- */

static void tell(const struct pardon *p)
{
	char address[ADDRESS_TEXT];
	char left[DURATION_TEXT];

	for (size_t i = 0; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];

		fprintf(p->cli->out.file,
			"lifted the ban of %s in jail '%s' (strike %u, %s "
			"left)\n",
			address_print(&o->address, address), o->jail_name,
			o->strike, output_left(o->until, p->cli->now, left));
	}
}

struct objects {
	const struct pardon *pardon;
	struct json *json;
};

static int add_lifted(void *context, const struct offense *o)
{
	const struct objects *x = context;

	for (size_t i = 0; i < x->pardon->bans; i++)
		if (x->pardon->ban[i].id == o->id)
			bantext_json(x->json, NULL, o, x->pardon->cli->now);
	return 0;
}

/* The rows as they are in the store now. */
static enum status tell_json(const struct pardon *p)
{
	struct offense_query q = {.at = &p->subject.given, .now = p->cli->now};
	struct objects x = {p, json_begin(p->cli->out.file)};
	enum status status = STATUS_OK;
	struct fault why;

	json_number(x.json, "now", p->cli->now);
	json_array(x.json, "lifted");
	if (offense_each(p->session.store, &q, add_lifted, &x, &why) < 0)
		status = edge_fail(&why);
	if (json_finish(x.json) < 0)
		status = edge_memory();
	return status;
}

/* ---- the verb ---- */

static enum status carry_out(struct pardon *p)
{
	enum status status = find_bans(p);
	enum status told = STATUS_OK;
	struct fault why;

	if (status != STATUS_OK)
		return status;
	if (p->bans == 0)
		return none_found(p);
	if (lift_all(p, &why) < 0)
		return edge_fail(&why);
	status = settle_all(p);
	if (p->cli->json)
		told = tell_json(p);
	else
		tell(p);
	if (p->widers > 0)
		status = still_banned(p);
	return told != STATUS_OK ? told : status;
}

enum status verb_unban(const struct cli *c)
{
	struct pardon p = {.cli = c};
	enum status status = subject_parse(&p.subject, c);

	if (status == STATUS_OK)
		status = session_open(&p.session, c, STORE_WRITE);
	if (status != STATUS_OK)
		return status;
	status = session_wanted(&p.session, c, &p.jail);
	if (status == STATUS_OK)
		status = carry_out(&p);
	free(p.ban);
	session_close(&p.session);
	return status;
}
