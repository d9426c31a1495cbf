/* unban: a person lifts the bans of an address. */
#include "verb.h"

#include "bantext.h"
#include "json.h"
#include "pardon.h"

/* ---- what is left ---- */

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

/* The same by an entry that no ban put into the kernel. */
static enum status still_held(const struct pardon *p)
{
	char given[ADDRESS_TEXT];
	char wider[ADDRESS_TEXT];

	return edge_end(STATUS_FAILED,
			"'%s' is still in set '%s', as part of '%s', of which "
			"no ban is known; to remove that: saslbanctl unban %s",
			address_print(&p->subject.given, given), p->around.set,
			address_print(&p->around.seen.address, wider), wider);
}

/* Nothing was lifted or removed, and nothing wider stands in the way. */
static enum status none_found(const struct pardon *p)
{
	char given[ADDRESS_TEXT];
	char other[ADDRESS_TEXT];

	address_print(&p->subject.given, given);
	address_print(&p->inside.address, other);
	if (p->unasked.kind != FAULT_NONE)
		return edge_end(STATUS_FAILED,
				"no ban of '%s' is known, and the kernel "
				"cannot be asked: %s",
				given, p->unasked.text);
	if (p->insides == 1)
		return edge_end(STATUS_NOTHING,
				"'%s' is not banned; but '%s' in it is, in "
				"jail '%s'",
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

static enum status what_is_left(const struct pardon *p)
{
	if (p->widers > 0)
		return still_banned(p);
	if (p->arounds > 0)
		return still_held(p);
	if (p->bans == 0 && p->removals == 0)
		return none_found(p);
	return STATUS_OK;
}

/* ---- the answer ---- */

static void print_pardon(const struct pardon *p)
{
	char address[ADDRESS_TEXT];
	char left[DURATION_TEXT];
	FILE *file = p->cli->out.file;

	for (size_t i = 0; i < p->bans; i++) {
		const struct offense *o = &p->ban[i];

		fprintf(file,
			"lifted the ban of %s in jail '%s' (strike %u, %s "
			"left)\n",
			address_print(&o->address, address), o->jail_name,
			o->strike, output_left(o->until, p->cli->now, left));
	}
	for (size_t i = 0; i < p->removals; i++) {
		const struct kernel_entry *e = &p->removed[i];

		fprintf(file,
			"removed %s from set '%s' (%s left), of which no ban "
			"is known\n",
			address_print(&e->seen.address, address), e->set,
			output_left(kernel_left(e), 0, left));
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

/* The bans as they are in the store now. */
static enum status pardon_json(const struct pardon *p)
{
	struct offense_query q = {.at = &p->subject.given, .now = p->cli->now};
	struct objects x = {p, json_begin(p->cli->out.file)};
	enum status status = STATUS_OK;
	struct fault why;

	json_number(x.json, "now", p->cli->now);
	json_array(x.json, "lifted");
	if (p->bans > 0 &&
	    offense_each(p->session.store, &q, add_lifted, &x, &why) < 0)
		status = edge_fail(&why);
	json_end(x.json);
	removed_json(x.json, p);
	if (json_finish(x.json) < 0)
		status = edge_memory();
	return status;
}

/* ---- the verb ---- */

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
		if (kernel_pending(&p->session, jail, p->cli->now, &why) !=
		    STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}

static enum status carry_out(struct pardon *p)
{
	enum status settled;
	enum status left;
	struct fault why;

	if (pardon_find(p, &why) < 0 ||
	    (p->bans > 0 && pardon_lift(p, &why) < 0))
		return edge_fail(&why);
	settled = settle_all(p);
	pardon_clear(p);
	if (p->cli->json && p->bans + p->removals > 0) {
		if (pardon_json(p) != STATUS_OK)
			return STATUS_FAILED;
	} else {
		print_pardon(p);
	}
	left = what_is_left(p);
	return left != STATUS_OK ? left : settled;
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
	pardon_release(&p);
	session_close(&p.session);
	return status;
}
