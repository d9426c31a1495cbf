/*
 * ban: an address is banned by hand.
 *
 * An offense like any other: the address's next strike, for as long as the
 * jail's ladder says, unless --for says otherwise. Recorded first, then put
 * into the kernel.
 */
#include "verb.h"

#include <string.h>

#include "bantext.h"
#include "flow.h"
#include "json.h"
#include "kernel.h"
#include "options.h"
#include "person.h"
#include "saslban/duration.h"
#include "saslban/offense.h"
#include "saslban/policy.h"
#include "session.h"
#include "subject.h"

enum { WAITED = 30 }; /* seconds that the database may be waited for */
enum { NAME = 2 * ADDRESS_TEXT + 32 }; /* bytes of an address in a message */

struct order {
	const struct cli *cli;
	struct session session;
	const struct jail *jail;
	struct address given;
	struct address address; /* what it stands for in the jail */
	int64_t duration;       /* 0: what the ladder says */
};

/* ---- what is refused ---- */

/* No shorter prefix than an offender of a jail may have: a slip of the
 * finger must not ban a continent. */
static enum status check_prefix(const struct address *a)
{
	bool four = a->family == ADDRESS_V4;
	const struct settings_row *row =
		settings_find(four ? "prefix.v4" : "prefix.v6");
	char text[ADDRESS_TEXT];

	if (a->prefix >= row->min)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"'%s' is too wide to ban; allowed: %s for IPv%d",
			address_print(a, text), row->allowed, four ? 4 : 6);
}

/* `'2001:db8::1'`, or `'2001:db8::1' (with all of '2001:db8::/64')`. */
static char *name_address(const struct order *o, char name[NAME])
{
	char given[ADDRESS_TEXT];
	char offender[ADDRESS_TEXT];

	address_print(&o->given, given);
	address_print(&o->address, offender);
	if (address_equal(&o->given, &o->address))
		snprintf(name, NAME, "'%s'", given);
	else
		snprintf(name, NAME, "'%s' (with all of '%s')", given,
			 offender);
	return name;
}

/* Who is exempt is not banned, unless that is what a person insists on; what
 * is nobody's is never banned. */
static enum status check_exempt(const struct order *o, const struct exempt *x)
{
	const struct settings *s = &o->jail->settings;
	struct exempt_reason reason;
	char text[EXEMPT_TEXT];
	char name[NAME];
	bool special;

	if (!exempt_find(x, &o->address, &reason))
		return STATUS_OK;
	special = reason.kind == EXEMPT_SPECIAL;
	if (o->cli->force && !special)
		return STATUS_OK;
	return edge_end(STATUS_FAILED, "cannot ban %s in jail '%s': %s%s",
			name_address(o, name), s->name,
			exempt_print(&reason, text),
			special ? "" : "; --force bans it nevertheless");
}

/* Sets the address that the order is about. */
static enum status check_order(struct order *o, const struct subject *subject)
{
	const struct settings *s = &o->jail->settings;
	enum status status;
	struct exempt *x;
	struct fault why;

	if (session_exempt(&o->session, o->jail, &x, &why) < 0)
		return edge_fail(&why);
	if (exempt_look(x, &why) < 0 && !o->cli->force) {
		exempt_close(x);
		return edge_fail(&why);
	}
	o->given = subject->given;
	o->address = subject_offender(subject, s, x);
	status = check_prefix(&o->address);
	if (status == STATUS_OK)
		status = check_exempt(o, x);
	exempt_close(x);
	if (status == STATUS_OK && !s->enforce)
		status = edge_end(STATUS_FAILED,
				  "jail '%s' only observes (enforce is off): "
				  "it bans nobody",
				  s->name);
	return status;
}

/* ---- the record ---- */

static void describe(const struct cli *c, char why[STORE_WHY])
{
	char who[STORE_WHO];

	person_name(who, sizeof(who));
	snprintf(why, STORE_WHY, "by %s%s%s", who,
		 c->reason == NULL ? "" : ": ",
		 c->reason == NULL ? "" : c->reason);
}

/* When the ban begins: now. But the clock was read before the database was
 * waited for, and a ban may have ended meanwhile: never before that end. */
static int64_t begin(const struct order *o, const struct history *h)
{
	int64_t now = o->cli->now;
	bool meanwhile = h->last_end > now && h->last_end <= now + WAITED;

	return meanwhile ? h->last_end : now;
}

/* The ban that it is to be, as the policy has it. */
static void sentence(const struct order *o, const struct history *h,
		     struct offense *out)
{
	const struct policy *p = &o->jail->settings.policy;
	int64_t now = begin(o, h);
	struct verdict v = policy_next(p, h, now).offense;

	memset(out, 0, sizeof(*out));
	out->jail = o->jail->id;
	out->address = o->address;
	out->strike = v.strike;
	out->ground = GROUND_PERSON;
	out->at = now;
	out->until =
		o->duration == 0 ? v.until : duration_after(now, o->duration);
	describe(o->cli, out->why);
}

struct reading {
	const struct order *order;
	struct offense ban;
	bool found;
};

static int take_ban(void *context, const struct offense *o)
{
	struct reading *r = context;

	if (!address_equal(&o->address, &r->order->address))
		return 0;
	r->ban = *o;
	r->found = true;
	return 1;
}

/* The ban of this very address that runs in the jail. */
static int read_ban(const struct order *o, struct reading *r, struct fault *why)
{
	struct offense_query q = {.jail = o->jail->id,
				  .at = &o->address,
				  .running = true,
				  .now = o->cli->now};

	*r = (struct reading){.order = o};
	return offense_each(o->session.store, &q, take_ban, r, why);
}

/* Inside a transaction. *already: a ban runs, and nothing else is wanted. A
 * running one that is to last differently is lifted, so that the one in its
 * place is the same strike and not the next. The engine reports both. */
static int write_ban(struct order *o, bool *already, struct fault *why)
{
	struct store *s = o->session.store;
	int64_t now = o->cli->now;
	struct reading r;
	struct history h;
	struct offense ban;
	char who[STORE_WHO];
	size_t lifted;
	bool runs;

	if (read_ban(o, &r, why) < 0)
		return -1;
	runs = r.found && !r.ban.observed;
	*already = runs && o->duration == 0;
	if (*already)
		return 0;
	if (runs &&
	    offense_lift(s, o->jail->id, &o->address, now,
			 person_name(who, sizeof(who)),
			 "another ban in its place", false, &lifted, why) < 0)
		return -1;
	if (offense_history(s, o->jail->id, &o->address, false, now, &h, why) <
	    0)
		return -1;
	sentence(o, &h, &ban);
	return offense_add(s, &ban, why);
}

static int record(struct order *o, bool *already, struct fault *why)
{
	struct store *s = o->session.store;

	if (store_begin(s, why) < 0)
		return -1;
	return store_end(s, write_ban(o, already, why), why);
}

/* ---- the answer ---- */

static void print_ban(const struct cli *c, const struct offense *o,
		      bool already)
{
	char address[ADDRESS_TEXT], until[OUTPUT_TIME], text[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, &c->out, 0, "");
	flow_put(&f, PLAIN, "%s %s in jail '%s' ",
		 address_print(&o->address, address),
		 already ? "is banned already" : "banned", o->jail_name);
	output_time(o->until, until);
	if (o->until == DURATION_FOREVER)
		flow_put(&f, PLAIN, "forever");
	else if (already)
		flow_put(&f, PLAIN, "until %s (%s left)", until,
			 output_left(o->until, c->now, text));
	else
		flow_put(&f, PLAIN, "for %s, until %s",
			 output_length(duration_left(o->until, o->at), text),
			 until);
	flow_put(&f, PLAIN, ", strike %u", o->strike);
	flow_end(&f);
}

static enum status answer(const struct order *o, bool already)
{
	const struct cli *c = o->cli;
	struct reading r;
	struct fault why;
	struct json *j;

	if (read_ban(o, &r, &why) < 0)
		return edge_fail(&why);
	if (!c->json) {
		if (r.found)
			print_ban(c, &r.ban, already);
		return STATUS_OK;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_bool(j, "already", already);
	json_array(j, "bans");
	if (r.found)
		bantext_json(j, NULL, &r.ban, c->now);
	if (json_finish(j) < 0)
		return edge_memory();
	return STATUS_OK;
}

/* ---- the verb ---- */

static enum status carry_out(struct order *o)
{
	enum status in_kernel = STATUS_OK;
	enum status answered;
	struct fault why;
	bool already = false;
	int settled;

	if (record(o, &already, &why) < 0)
		return edge_fail(&why);
	settled = already ? kernel_settle_seen(&o->session, o->jail,
					       &o->address, o->cli->now, &why)
			  : kernel_settle(&o->session, o->jail, &o->address,
					  o->cli->now, &why);
	if (settled < 0)
		in_kernel =
			kernel_pending(&o->session, o->jail, o->cli->now, &why);
	answered = answer(o, already);
	return answered != STATUS_OK ? answered : in_kernel;
}

enum status verb_ban(const struct cli *c)
{
	struct order o = {.cli = c};
	struct subject subject;
	enum status status = subject_parse(&subject, c);

	if (status == STATUS_OK)
		status = options_duration(c, 0, &o.duration);
	if (status == STATUS_OK)
		status = session_open(&o.session, c, STORE_WRITE);
	if (status != STATUS_OK)
		return status;
	status = session_one(&o.session, c, &o.jail);
	if (status == STATUS_OK)
		status = check_order(&o, &subject);
	if (status == STATUS_OK)
		status = carry_out(&o);
	session_close(&o.session);
	return status;
}
