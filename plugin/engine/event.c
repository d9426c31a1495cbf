/* event: see saslban/event.h. */
#include "saslban/event.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "saslban/duration.h"
#include "saslban/jsontext.h"

static const char *const words[EVENT_KINDS] = {
	[EVENT_NONE] = "none",     [EVENT_BAN] = "ban",
	[EVENT_LIFT] = "lift",     [EVENT_EXPIRE] = "expire",
	[EVENT_BREACH] = "breach", [EVENT_ACCOUNT] = "account",
	[EVENT_OUTAGE] = "outage", [EVENT_OUTAGE_OVER] = "outage-over",
};

const char *event_word(enum event_kind kind)
{
	return words[kind];
}

/* ---- how a member is written ---- */

/* False: the field says nothing. write NULL: of another field, which says it.
 */
struct form {
	bool (*known)(const void *field);
	void (*write)(struct jsontext *j, const char *name, const void *field);
};

static bool known_text(const void *field)
{
	return ((const char *)field)[0] != '\0';
}

static void write_text(struct jsontext *j, const char *name, const void *field)
{
	jsontext_string(j, name, field);
}

static bool known_word(const void *field)
{
	const char *const *of = field;

	return *of != NULL;
}

static void write_word(struct jsontext *j, const char *name, const void *field)
{
	const char *const *of = field;

	jsontext_string(j, name, *of);
}

static bool known_number(const void *field)
{
	return *(const int64_t *)field != 0;
}

static void write_number(struct jsontext *j, const char *name,
			 const void *field)
{
	int64_t n = *(const int64_t *)field;

	if (n == DURATION_FOREVER)
		jsontext_null(j, name);
	else
		jsontext_number(j, name, n);
}

static bool known_count(const void *field)
{
	return *(const unsigned *)field != 0;
}

static void write_count(struct jsontext *j, const char *name, const void *field)
{
	jsontext_number(j, name, *(const unsigned *)field);
}

/* ISO 8601, as RFC 3339 has it. */
static void write_utc(struct jsontext *j, const char *name, const void *field)
{
	int64_t at = *(const int64_t *)field;
	time_t t = (time_t)at;
	char buffer[40];
	struct tm tm;

	if (at == DURATION_FOREVER || gmtime_r(&t, &tm) == NULL ||
	    strftime(buffer, sizeof(buffer), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		jsontext_null(j, name);
	else
		jsontext_string(j, name, buffer);
}

static bool known_address(const void *field)
{
	const struct address *a = field;

	return a->family != ADDRESS_NONE;
}

static void write_address(struct jsontext *j, const char *name,
			  const void *field)
{
	char buffer[ADDRESS_TEXT];

	jsontext_string(j, name, address_print(field, buffer));
}

static void write_prefix(struct jsontext *j, const char *name,
			 const void *field)
{
	const struct address *a = field;

	jsontext_number(j, name, a->prefix);
}

static bool known_always(const void *field)
{
	(void)field;
	return true;
}

static void write_bool(struct jsontext *j, const char *name, const void *field)
{
	jsontext_bool(j, name, *(const bool *)field);
}

static void write_kind(struct jsontext *j, const char *name, const void *field)
{
	jsontext_string(j, name, words[*(const enum event_kind *)field]);
}

static void write_ground(struct jsontext *j, const char *name,
			 const void *field)
{
	jsontext_string(j, name, ground_word(*(const enum ground *)field));
}

static const struct form text = {known_text, write_text},
			 word = {known_word, write_word},
			 number = {known_number, write_number},
			 count = {known_count, write_count},
			 utc = {known_number, write_utc},
			 address = {known_address, write_address},
			 prefix = {known_address, write_prefix},
			 truth = {known_always, write_bool},
			 kind = {known_always, write_kind},
			 ground = {known_always, write_ground};

/* ---- the members ---- */

#define IN(k) (1U << EVENT_##k)
#define ANY ((1U << EVENT_KINDS) - 2)
#define BANS (IN(BAN) | IN(LIFT) | IN(EXPIRE))
#define OVER (IN(LIFT) | IN(EXPIRE))
#define FIELD(f) offsetof(struct event, f)

struct member {
	const char *name;
	const struct form *form;
	size_t offset;
	unsigned always; /* kinds that have it */
	unsigned known;  /* kinds that have it when it is known */
};

static const struct member members[] = {
	{"event", &kind, FIELD(kind), ANY, 0},
	{"time", &number, FIELD(at), ANY, 0},
	{"utc", &utc, FIELD(at), ANY, 0},
	{"jail", &text, FIELD(jail), ANY, 0},
	{"run", &number, FIELD(run), ANY, 0},
	{"number", &number, FIELD(number), ANY, 0},
	{"address", &address, FIELD(address), BANS, 0},
	{"prefix", &prefix, FIELD(address), BANS, 0},
	{"offense", &number, FIELD(offense), BANS, 0},
	{"strike", &count, FIELD(strike), BANS, 0},
	{"ground", &ground, FIELD(ground), BANS, 0},
	{"breach", &word, FIELD(breach), IN(BREACH), 0},
	{"host", &address, FIELD(host), IN(BREACH), IN(BAN)},
	{"country", &text, FIELD(country), 0, BANS | IN(BREACH)},
	{"asn", &number, FIELD(asn), 0, BANS | IN(BREACH)},
	{"as_name", &text, FIELD(as_name), 0, BANS | IN(BREACH)},
	{"user", &text, FIELD(user), IN(BREACH) | IN(ACCOUNT), IN(BAN)},
	{"service", &text, FIELD(service), 0, IN(BREACH) | IN(BAN)},
	{"rule", &text, FIELD(rule), 0, IN(BAN)},
	{"failures", &number, FIELD(failures), BANS | IN(BREACH), 0},
	{"late", &number, FIELD(late), OVER, 0},
	{"hosts", &count, FIELD(hosts), IN(ACCOUNT), 0},
	{"within", &number, FIELD(within), IN(ACCOUNT), 0},
	{"from", &number, FIELD(from), BANS | IN(OUTAGE), 0},
	{"from_utc", &utc, FIELD(from), BANS | IN(OUTAGE), 0},
	{"until", &number, FIELD(until), BANS, 0},
	{"until_utc", &utc, FIELD(until), BANS, 0},
	{"seconds", &number, FIELD(seconds), BANS, 0},
	{"observed", &truth, FIELD(observed), BANS, 0},
	{"enforced", &truth, FIELD(enforced), IN(BAN), 0},
	{"packets", &number, FIELD(dropped.packets), OVER, 0},
	{"bytes", &number, FIELD(dropped.bytes), OVER, 0},
	{"by", &text, FIELD(by), IN(LIFT), 0},
	{"why", &text, FIELD(why),
	 BANS | IN(BREACH) | IN(OUTAGE) | IN(OUTAGE_OVER), 0},
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

bool event_json(const struct event *e, char buf[EVENT_JSON])
{
	unsigned bit = 1U << e->kind;
	struct jsontext j;

	jsontext_begin(&j, buf, EVENT_JSON);
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &members[i];
		const void *field = (const char *)e + m->offset;

		if ((m->always & bit) != 0 ||
		    ((m->known & bit) != 0 && m->form->known(field)))
			m->form->write(&j, m->name, field);
	}
	return jsontext_end(&j);
}

const char *event_member(enum event_kind of, size_t i, bool *always)
{
	unsigned bit = 1U << of;

	for (size_t k = 0; k < MEMBERS; k++) {
		*always = (members[k].always & bit) != 0;
		if (((members[k].always | members[k].known) & bit) != 0 &&
		    i-- == 0)
			return members[k].name;
	}
	return NULL;
}

void event_of(struct event *e, enum event_kind of, const struct offense *o)
{
	*e = (struct event){
		.kind = of,
		.offense = o->id,
		.address = o->address,
		.strike = o->strike,
		.ground = o->ground,
		.from = o->at,
		.until = o->until,
		.seconds = duration_left(o->until, o->at),
		.observed = o->observed,
		.failures = o->failures,
		.late = o->late,
		.dropped = o->dropped,
	};
	snprintf(e->why, sizeof(e->why), "%s", o->why);
}

void event_lifted(struct event *e, const struct offense *o)
{
	event_of(e, EVENT_LIFT, o);
	snprintf(e->by, sizeof(e->by), "%s", o->lifted_by);
	snprintf(e->why, sizeof(e->why), "%s", o->lifted_why);
}

struct lift {
	struct event *event;
	struct address address;
	int64_t at;
};

static int see_lifted(void *context, const struct offense *o)
{
	const struct lift *x = context;

	if (o->lifted != x->at || !address_equal(&o->address, &x->address))
		return 0;
	event_lifted(x->event, o);
	return 1;
}

void event_find_lift(struct event *e, struct store *s, int64_t jail,
		     const struct address *a, int64_t at)
{
	struct offense_query q = {.jail = jail, .at = a};
	struct lift x = {e, *a, at};

	*e = (struct event){.kind = EVENT_NONE};
	/* What the store refuses to tell is not told. */
	(void)offense_each(s, &q, see_lifted, &x, NULL);
}
