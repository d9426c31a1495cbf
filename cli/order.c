/* order: see order.h. */
#include "order.h"

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "person.h"
#include "saslban/duration.h"
#include "saslban/policy.h"

enum { WAITED = 30 }; /* seconds that the database may be waited for */
enum { NAME = 2 * ADDRESS_TEXT + 32 }; /* bytes of an address in a message */

/* ---- what is refused ---- */

/* No shorter prefix than an offender of a jail may have: a slip of the
 * finger must not ban a continent. */
static enum status check_prefix(const struct address *a, char text[ORDER_TEXT])
{
	bool four = a->family == ADDRESS_V4;
	const struct settings_row *row =
		settings_find(four ? "prefix.v4" : "prefix.v6");
	char address[ADDRESS_TEXT];

	if (a->prefix >= row->min)
		return STATUS_OK;
	snprintf(text, ORDER_TEXT,
		 "'%s' is too wide to ban; allowed: %s for IPv%d",
		 address_print(a, address), row->allowed, four ? 4 : 6);
	return STATUS_USAGE;
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
static enum status check_exempt(const struct order *o, char text[ORDER_TEXT])
{
	struct exempt_reason reason;
	char sentence[EXEMPT_TEXT];
	char name[NAME];
	bool special;

	if (!exempt_find(o->exempt, &o->address, &reason))
		return STATUS_OK;
	special = reason.kind == EXEMPT_SPECIAL;
	if (o->cli->force && !special)
		return STATUS_OK;
	snprintf(text, ORDER_TEXT, "cannot ban %s in jail '%s': %s%s",
		 name_address(o, name), o->jail->settings.name,
		 exempt_print(&reason, sentence),
		 special ? "" : "; --force bans it nevertheless");
	return STATUS_FAILED;
}

enum status order_take(struct order *o, const struct subject *subject,
		       char text[ORDER_TEXT])
{
	const struct settings *s = &o->jail->settings;
	enum status status;

	o->given = subject->given;
	o->address = subject_offender(subject, s, o->exempt);
	status = check_prefix(&o->address, text);
	if (status == STATUS_OK)
		status = check_exempt(o, text);
	if (status != STATUS_OK || s->enforce)
		return status;
	snprintf(text, ORDER_TEXT,
		 "jail '%s' only observes (enforce is off): it bans nobody",
		 s->name);
	return STATUS_FAILED;
}

static void describe(struct order *o)
{
	const char *reason = o->cli->reason;

	person_name(o->who, sizeof(o->who));
	snprintf(o->why, sizeof(o->why), "by %s%s%s", o->who,
		 reason == NULL ? "" : ": ", reason == NULL ? "" : reason);
}

enum status order_open(struct order *o, const struct cli *c,
		       const struct session *s)
{
	enum status status;
	struct fault why;

	*o = (struct order){.cli = c, .session = s};
	status = options_duration(c, 0, &o->duration);
	if (status == STATUS_OK)
		status = session_one(s, c, &o->jail);
	if (status != STATUS_OK)
		return status;
	if (session_exempt(s, o->jail, &o->exempt, &why) < 0 ||
	    (exempt_look(o->exempt, &why) < 0 && !c->force))
		return edge_fail(&why);
	describe(o);
	return STATUS_OK;
}

void order_close(struct order *o)
{
	exempt_close(o->exempt);
}

/* ---- the record ---- */

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
	memcpy(out->why, o->why, sizeof(out->why));
}

struct reading {
	const struct order *order;
	struct offense *ban;
	bool found;
};

static int take_ban(void *context, const struct offense *o)
{
	struct reading *r = context;

	if (!address_equal(&o->address, &r->order->address))
		return 0;
	*r->ban = *o;
	r->found = true;
	return 1;
}

int order_ban(const struct order *o, struct offense *out, bool *found,
	      struct fault *why)
{
	struct reading r = {.order = o, .ban = out};
	struct offense_query q = {.jail = o->jail->id,
				  .at = &o->address,
				  .running = true,
				  .now = o->cli->now};

	*found = false;
	if (offense_each(o->session->store, &q, take_ban, &r, why) < 0)
		return -1;
	*found = r.found;
	return 0;
}

static int lift(const struct order *o, struct fault *why)
{
	size_t n;

	return offense_lift(o->session->store, o->jail->id, &o->address,
			    o->cli->now, o->who, "another ban in its place",
			    false, &n, why);
}

static int look_back(const struct order *o, struct history *out,
		     struct fault *why)
{
	return offense_history(o->session->store, o->jail->id, &o->address,
			       false, o->cli->now, out, why);
}

int order_write(struct order *o, bool *already, struct fault *why)
{
	struct history h;
	struct offense ban;

	if (look_back(o, &h, why) < 0)
		return -1;
	*already = h.banned && o->duration == 0;
	if (*already)
		return 0;
	if (h.banned && (lift(o, why) < 0 || look_back(o, &h, why) < 0))
		return -1;
	sentence(o, &h, &ban);
	return offense_add(o->session->store, &ban, why);
}
