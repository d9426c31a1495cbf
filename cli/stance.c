/* stance: see stance.h. */
#include "stance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "saslban/duration.h"
#include "saslban/failure.h"

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

	if (!address_contains(&o->address, x->address))
		return 0;
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
static int look_back(struct stance *s, struct store *store, int64_t now,
		     struct fault *why)
{
	const struct settings *settings = &s->jail->settings;
	const struct policy *p = &settings->policy;
	struct history h;

	if (offense_history(store, s->jail->id, &s->offender,
			    !settings->enforce, now, &h, why) < 0 ||
	    failure_sum(store, s->jail->id, &s->offender,
			policy_window(p, &h, now), &h.failures, why) < 0)
		return -1;
	s->failures = h.failures;
	s->strikes = h.strikes;
	s->next = policy_next(p, &h, now).offense;
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
static int look_up(struct stance *s, const struct session *session,
		   const struct subject *subject, struct fault *why)
{
	struct exempt *x;

	if (session_exempt(session, s->jail, &x, why) < 0)
		return -1;
	/* Without the machine's own addresses it is still most of the truth. */
	(void)exempt_look(x, NULL);
	s->offender = subject_offender(subject, &s->jail->settings, x);
	s->exempt = exempt_find(x, &subject->given, &s->reason);
	if (s->exempt)
		keep_reason(s);
	exempt_close(x);
	return 0;
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
	if (s->found)
		s->entry = found[0];
}

int stance_take(struct stance *out, const struct session *s,
		const struct jail *jail, const struct subject *subject,
		int64_t now, struct fault *why)
{
	memset(out, 0, sizeof(*out));
	out->jail = jail;
	if (look_up(out, s, subject, why) < 0 ||
	    find_ban(out, s->store, &subject->given, now, why) < 0 ||
	    look_back(out, s->store, now, why) < 0)
		return -1;
	ask_kernel(out, s, &subject->given, now);
	return 0;
}

bool stance_matters(const struct stance *s)
{
	return s->exempt || s->found;
}

/* ---- for people ---- */

static void print_ban(const struct output *o, const struct stance *s,
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
	flow_put(&f, PLAIN, ", strike %u", ban->strike);
	flow_end(&f);
}

/* What follows an entry that no ban wants. */
static const char *const causes[] = {
	[KERNEL_BAN] = "",
	[KERNEL_LEAVING] = ", but its ban is over: the engine is to remove it",
	[KERNEL_FOREIGN] = (", but no ban in the database put it there; unban "
			    "removes it"),
};

static void print_entry(struct flow *f, const struct kernel_entry *e)
{
	const struct set_entry *seen = &e->seen;
	char text[ADDRESS_TEXT], left[DURATION_TEXT];

	flow_put(f, PLAIN,
		 "in set %s as %s, %s left, %" PRIu64 " packet%s met it",
		 e->set, address_print(&seen->address, text),
		 output_left(kernel_left(e), 0, left), seen->packets,
		 seen->packets == 1 ? "" : "s");
	flow_put(f, CARE, "%s", causes[e->cause]);
}

static void print_kernel(const struct output *o, const struct stance *s)
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
		print_entry(&f, &s->entry);
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

static void print_exempt(const struct output *o, const struct stance *s,
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
	const struct policy *p = &s->jail->settings.policy;
	int64_t length = duration_left(s->next.until, s->next.from);
	char findtime[DURATION_TEXT], next[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, "counts   ");
	flow_put(&f, PLAIN,
		 "failures %" PRId64 " of %u in %s, strikes %u; strike %u "
		 "would last %s",
		 s->failures, p->maxretry,
		 duration_print(p->findtime, findtime), s->strikes,
		 s->next.strike, output_length(length, next));
	flow_end(&f);
}

void stance_print(const struct output *o, const struct stance *s, int64_t now)
{
	output_print(o, STRONG, "  jail %s\n", s->jail->settings.name);
	print_ban(o, s, now);
	print_exempt(o, s, now);
	print_kernel(o, s);
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

	json_object(j, NULL);
	json_text(j, "name", s->jail->settings.name);
	json_text(j, "offender", address_print(&s->offender, offender));
	exempt_json(j, s);
	json_bool(j, "banned", banned);
	json_time(j, "until", banned ? s->ban.until : 0);
	json_duration(j, "left", banned ? duration_left(s->ban.until, now) : 0);
	json_number(j, "strikes", s->strikes);
	json_number(j, "failures", s->failures);
	json_number(j, "next_strike", s->next.strike);
	json_duration(j, "next_bantime",
		      duration_left(s->next.until, s->next.from));
	kernel_json(j, s);
	if (s->asked && !s->answered)
		json_text(j, "kernel_error", s->why.text);
	else
		json_null(j, "kernel_error");
	json_end(j);
}
