/* unban: a person lifts the bans of an address; of more than one they are in
 * unban_many.c. */
#include "unban_many.h"

#include "json.h"
#include "pardon.h"
#include "verb.h"

/* ---- what is left ---- */

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
				"are: saslbanctl unban %s --all",
				given, p->insides, given);
	return edge_end(STATUS_NOTHING, "'%s' is not banned%s%s%s", given,
			p->jail == NULL ? "" : " in jail '",
			p->jail == NULL ? "" : p->jail->settings.name,
			p->jail == NULL ? "" : "'");
}

static enum status what_is_left(const struct pardon *p)
{
	if (p->widers > 0)
		return pardon_wider(&p->subject.given, &p->wider);
	if (p->arounds > 0)
		return pardon_held(p);
	if (p->bans == 0 && p->removals == 0)
		return none_found(p);
	return STATUS_OK;
}

/* ---- the verb ---- */

static enum status answer_json(const struct pardon *p)
{
	struct json *j = json_begin(p->cli->out.file);
	enum status status;

	json_number(j, "now", p->cli->now);
	status = pardon_json(p, j);
	return json_finish(j) < 0 ? edge_memory() : status;
}

static enum status carry_out(struct pardon *p)
{
	enum status settled;
	enum status left;
	struct fault why;

	if (pardon_find(p, &why) < 0 ||
	    (p->bans > 0 && pardon_lift(p, &why) < 0))
		return edge_fail(&why);
	settled = pardon_settle(p);
	pardon_clear(p);
	if (p->cli->json && p->bans + p->removals > 0) {
		if (answer_json(p) != STATUS_OK)
			return STATUS_FAILED;
	} else {
		for (size_t i = 0; i < p->bans; i++)
			pardon_print_ban(p, &p->ban[i], "");
		pardon_print_removed(p);
	}
	left = what_is_left(p);
	return left != STATUS_OK ? left : settled;
}

static enum status unban_one(const struct cli *c)
{
	struct pardon p = {.cli = c,
			   .reason = c->reason == NULL ? "" : c->reason};
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

enum status verb_unban(const struct cli *c)
{
	enum status status = c->all && c->list == NULL
				     ? STATUS_OK
				     : subject_or_file(c, "unban");

	if (status != STATUS_OK)
		return status;
	return c->all || c->list != NULL ? unban_many(c) : unban_one(c);
}
