/* stance: see stance.h. */
#include "stance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "saslban/duration.h"
#include "saslban/plural.h"
#include "strike.h"

enum { INDENT = 4 };

struct search {
	struct stance *stance;
	const struct address *address;
};

/* The ban that holds longest; one that is only observed gives way. */
static int weigh(void *context, const struct offense *o)
{
	const struct search *x = context;
	struct stance *s = x->stance;

	if (!address_contains(&o->address, x->address)) {
		s->inside++;
		return 0;
	}
	if (s->banned &&
	    (o->observed > s->ban.observed ||
	     (o->observed == s->ban.observed && o->until <= s->ban.until)))
		return 0;
	s->banned = true;
	s->ban = *o;
	return 0;
}

static int find_ban(struct stance *s, struct store *store,
		    const struct address *a, int64_t now, struct fault *why)
{
	struct search x = {s, a};
	struct offense_query q = {
		.jail = s->jail->id, .at = a, .running = true, .now = now};

	return offense_each(store, &q, weigh, &x, why);
}

/* Past and future: what is remembered, and what the next offense brings. */
static int look_back(struct stance *s, const struct inquiry *q,
		     struct fault *why)
{
	const struct policy *p = inquiry_policy(q);
	const struct history *h = &s->prospect.history;

	if (inquiry_ask(q, &s->offender, "", &s->prospect, why) < 0)
		return -1;
	s->failures = h->failures;
	s->strikes = h->strikes;
	s->patience = policy_patience(p, h);
	s->span = inquiry_span(p, h, q->now);
	s->next = policy_next(p, h, q->now).offense;
	return 0;
}

/* What it points to goes with the exempt. */
static void keep_reason(struct stance *s)
{
	struct exempt_reason *r = &s->reason;
	char address[ADDRESS_TEXT];

	exempt_print(r, s->exempt_text);
	snprintf(s->exempt_entry, sizeof(s->exempt_entry), "%s",
		 r->allow == NULL ? r->entry
				  : address_print(&r->address, address));
	if (r->allow != NULL)
		s->allowed = *r->allow;
	r->entry = NULL;
	r->file = NULL;
	r->allow = NULL;
}

/* Is the address exempt, and what does it stand for? */
static void look_up(struct stance *s, const struct exempt *x,
		    const struct subject *subject)
{
	s->offender = subject_offender(subject, &s->jail->settings, x);
	s->exempt = exempt_find(x, &subject->given, &s->reason);
	if (s->exempt)
		keep_reason(s);
}

static void ask_kernel(struct stance *s, const struct session *session,
		       const struct address *a, int64_t now)
{
	struct kernel_entry found[KERNEL_NESTED];
	size_t n;

	s->asked = s->jail->settings.enforce;
	if (!s->asked ||
	    kernel_find(session, s->jail, a, now, found, &n, &s->why) < 0)
		return;
	s->answered = true;
	s->found = n > 0;
	if (!s->found)
		return;
	s->entry = found[0];
	s->met = dropped_seen(&s->entry.seen);
	if (!s->banned || s->ban.observed ||
	    !address_equal(&s->ban.address, &s->entry.seen.address))
		return;
	/* What the store has of the ban, and what has come since. */
	dropped_add(&s->ban.dropped, &s->entry.since);
	s->met = s->ban.dropped;
}

int stance_take(struct stance *out, const struct inquiry *q,
		const struct subject *subject, struct fault *why)
{
	memset(out, 0, sizeof(*out));
	out->jail = q->jail;
	look_up(out, q->exempt, subject);
	if (find_ban(out, q->session->store, &subject->given, q->now, why) <
		    0 ||
	    (out->banned && strike_look(q, &out->ban, &out->jumps, why) < 0) ||
	    look_back(out, q, why) < 0)
		return -1;
	ask_kernel(out, q->session, &subject->given, q->now);
	return 0;
}

bool stance_matters(const struct stance *s)
{
	return s->exempt || s->found;
}

/* ---- for people ---- */

void stance_print_ban(const struct output *o, const struct stance *s,
		      int64_t now)
{
	const struct offense *ban = &s->ban;
	char text[ADDRESS_TEXT], until[OUTPUT_TIME], left[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, "now      ");
	if (!s->banned) {
		flow_put(&f, PLAIN, "not banned");
		flow_end(&f);
		return;
	}
	flow_put(&f, STRONG, ban->observed ? "would be banned" : "banned");
	if (!address_equal(&ban->address, &s->offender))
		flow_put(&f, PLAIN, " as %s",
			 address_print(&ban->address, text));
	if (ban->until == DURATION_FOREVER)
		flow_put(&f, PLAIN, " forever");
	else
		flow_put(&f, PLAIN, " until %s (%s left)",
			 output_time(ban->until, until),
			 output_left(ban->until, now, left));
	flow_put(&f, PLAIN, ", ");
	strike_put(&f, ban->strike, s->jumps);
	flow_end(&f);
}

void stance_print_inside(const struct output *o, const struct stance *s)
{
	struct flow f;

	if (s->inside == 0)
		return;
	flow_begin(&f, o, INDENT, "inside   ");
	flow_put(&f, PLAIN, "%zu ban%s of a part of it run%s", s->inside,
		 plural(s->inside), s->inside == 1 ? "s" : "");
	flow_end(&f);
}

/* What follows an entry that no ban wants. */
static const char *const causes[] = {
	[KERNEL_BAN] = "",
	[KERNEL_LEAVING] = ", but its ban is over: the engine is to remove it",
	[KERNEL_FOREIGN] = (", but no ban in the database put it there; unban "
			    "removes it"),
};

static void print_entry(struct flow *f, const struct stance *s)
{
	const struct kernel_entry *e = &s->entry;
	char text[ADDRESS_TEXT], left[DURATION_TEXT], met[DROPPED_TEXT];

	flow_put(f, PLAIN, "in set %s as %s, %s left, %s met it", e->set,
		 address_print(&e->seen.address, text),
		 output_left(kernel_left(e), 0, left),
		 dropped_print(&s->met, met));
	flow_put(f, CARE, "%s", causes[e->cause]);
}

void stance_print_kernel(const struct output *o, const struct stance *s)
{
	bool missing = s->banned && !s->ban.observed;
	char set[ENFORCER_NAME];
	struct flow f;

	if (!s->asked)
		return;
	flow_begin(&f, o, INDENT, "kernel   ");
	if (!s->answered)
		flow_put(&f, CARE, "not known: %s", s->why.text);
	else if (s->found)
		print_entry(&f, s);
	else
		flow_put(&f, missing ? BAD : PLAIN, "not in set %s",
			 enforcer_set_name(s->jail->settings.set,
					   enforcer_set_of(&s->offender), set));
	flow_end(&f);
}

/* By whom, and until when. */
static void print_allowed(struct flow *f, const struct stance *s, int64_t now)
{
	const struct allow *a = &s->allowed;
	char until[OUTPUT_TIME], left[DURATION_TEXT];

	if (a->by[0] != '\0')
		flow_put(f, PLAIN, ", by %s", a->by);
	if (a->until == DURATION_FOREVER)
		flow_put(f, PLAIN, ", forever");
	else
		flow_put(f, PLAIN, ", until %s (%s left)",
			 output_time(a->until, until),
			 output_left(a->until, now, left));
}

void stance_print_exempt(const struct output *o, const struct stance *s,
			 int64_t now)
{
	struct flow f;

	if (!s->exempt)
		return;
	flow_begin(&f, o, INDENT, "exempt   ");
	flow_put(&f, s->banned ? CARE : PLAIN, "%s", s->exempt_text);
	if (s->reason.kind == EXEMPT_ALLOW)
		print_allowed(&f, s, now);
	flow_end(&f);
}

static void print_counts(const struct output *o, const struct stance *s)
{
	int64_t length = duration_left(s->next.until, s->next.from);
	char span[DURATION_TEXT], next[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, "counts   ");
	flow_put(&f, PLAIN,
		 "failures %" PRId64 " of %u within %s, strikes %u; strike %u "
		 "would last %s",
		 s->failures, s->patience, duration_print(s->span, span),
		 s->strikes, s->next.strike, duration_length(length, next));
	flow_end(&f);
}

void stance_print(const struct output *o, const struct stance *s, int64_t now)
{
	output_print(o, STRONG, "  jail %s\n", s->jail->settings.name);
	stance_print_ban(o, s, now);
	stance_print_inside(o, s);
	stance_print_exempt(o, s, now);
	stance_print_kernel(o, s);
	print_counts(o, s);
}

/* ---- for programs ---- */

static void kernel_json(struct json *j, const struct stance *s)
{
	const struct set_entry *e = &s->entry.seen;
	char address[ADDRESS_TEXT];

	if (!s->answered) {
		json_null(j, "kernel");
		return;
	}
	json_object(j, "kernel");
	json_bool(j, "found", s->found);
	if (s->found) {
		json_text(j, "set", s->entry.set);
		json_text(j, "address", address_print(&e->address, address));
		json_duration(j, "left", kernel_left(&s->entry));
		json_number(j, "packets", (int64_t)e->packets);
		json_number(j, "bytes", (int64_t)e->bytes);
		json_bool(j, "wanted", s->entry.cause == KERNEL_BAN);
	}
	json_end(j);
}

static void exempt_json(struct json *j, const struct stance *s)
{
	char address[ADDRESS_TEXT];

	if (!s->exempt) {
		json_null(j, "exempt");
		return;
	}
	json_object(j, "exempt");
	json_text(j, "by", exempt_word(s->reason.kind));
	json_text(j, "entry", s->exempt_entry);
	json_text(j, "address", address_print(&s->reason.address, address));
	json_text(j, "text", s->exempt_text);
	if (s->reason.kind == EXEMPT_ALLOW) {
		json_text(j, "comment", s->allowed.comment);
		json_text(j, "allowed_by", s->allowed.by);
		json_time(j, "since", s->allowed.at);
		json_time(j, "until", s->allowed.until);
	}
	json_end(j);
}

void stance_json(struct json *j, const struct stance *s, int64_t now)
{
	char offender[ADDRESS_TEXT];
	bool banned = s->banned && !s->ban.observed;

	json_text(j, "name", s->jail->settings.name);
	json_text(j, "offender", address_print(&s->offender, offender));
	exempt_json(j, s);
	json_bool(j, "banned", banned);
	json_time(j, "until", banned ? s->ban.until : 0);
	json_duration(j, "left", banned ? duration_left(s->ban.until, now) : 0);
	json_number(j, "strikes", s->strikes);
	json_number(j, "failures", s->failures);
	json_number(j, "patience", s->patience);
	json_duration(j, "window", s->span);
	json_number(j, "next_strike", s->next.strike);
	json_duration(j, "next_bantime",
		      duration_left(s->next.until, s->next.from));
	kernel_json(j, s);
	if (s->asked && !s->answered)
		json_text(j, "kernel_error", s->why.text);
	else
		json_null(j, "kernel_error");
}
