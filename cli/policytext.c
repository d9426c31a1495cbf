/* policytext: see policytext.h. What is neither a number nor a duration, and
 * the ladder with what belongs to it, are written by hand; the rest is a row
 * each. */
#include "policytext.h"

#include <string.h>

#include "flow.h"
#include "saslban/duration.h"
#include "saslban/notice.h"
#include "saslban/plural.h"
#include "saslban/schedule.h"

enum kind { NUMBER, LENGTH };

struct row {
	const char *group; /* the heading */
	const char *name;  /* behind it: with it the parameter's */
	const char *key;
	enum kind kind;
	size_t offset;
};

#define FIELD(member) offsetof(struct settings, member)

static const struct row rows[] = {
	{"known", "maxretry", "known_maxretry", NUMBER,
	 FIELD(policy.known_maxretry)},
	{"known", "bantime", "known_bantime", LENGTH,
	 FIELD(policy.known_bantime)},
	{"known", "window", "known_window", LENGTH, FIELD(policy.known_window)},
	{"account", "hosts", "account_hosts", NUMBER,
	 FIELD(policy.account_hosts)},
	{"account", "window", "account_window", LENGTH,
	 FIELD(policy.account_window)},
	{"account", "grace", "account_grace", LENGTH,
	 FIELD(policy.account_grace)},
	{"account", "trap.hosts", "trap_hosts", NUMBER,
	 FIELD(policy.trap_hosts)},
	{"network", "hosts", "network_hosts", NUMBER,
	 FIELD(policy.network_hosts)},
	{"network", "window", "network_window", LENGTH,
	 FIELD(policy.network_window)},
	{"network", "v4", "network_v4", NUMBER, FIELD(policy.network4)},
	{"network", "v6", "network_v6", NUMBER, FIELD(policy.network6)},
	{"network", "v6.wide", "network_v6_wide", NUMBER,
	 FIELD(policy.network6_wide)},
	{"prefix", "v4", "prefix_v4", NUMBER, FIELD(prefix4)},
	{"prefix", "v6", "prefix_v6", NUMBER, FIELD(prefix6)},
	{"others", "repeat.window", "repeat_window", LENGTH,
	 FIELD(policy.repeat_window)},
	{"others", "breaker", "breaker", NUMBER, FIELD(policy.breaker)},
	{"others", "retain", "retain", LENGTH, FIELD(retain)},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static unsigned number_of(const struct settings *s, const struct row *r)
{
	unsigned number;

	memcpy(&number, (const char *)s + r->offset, sizeof(number));
	return number;
}

static int64_t length_of(const struct settings *s, const struct row *r)
{
	int64_t length;

	memcpy(&length, (const char *)s + r->offset, sizeof(length));
	return length;
}

static const char *breach_of(const struct settings *s)
{
	return s->policy.breach_ban ? "ban" : "report";
}

/* ---- for people ---- */

static void print_ladder(struct flow *f, const struct policy *p)
{
	char text[DURATION_TEXT];

	flow_put(f, PLAIN, "maxretry %u, findtime %s, bantime", p->maxretry,
		 duration_print(p->findtime, text));
	for (size_t i = 0; i < p->steps; i++)
		flow_put(f, PLAIN, "%s %s", i == 0 ? "" : ",",
			 duration_print(p->ladder[i], text));
	if (p->factor > 1)
		flow_put(f, PLAIN, ", then times %u", p->factor);
	if (p->factor > 1 && p->longest != DURATION_FOREVER)
		flow_put(f, PLAIN, " up to %s",
			 duration_print(p->longest, text));
	flow_put(f, PLAIN, ", forget %s", duration_print(p->forget, text));
}

static void put_row(struct flow *f, const struct settings *s,
		    const struct row *r)
{
	char text[DURATION_TEXT];

	if (r->kind == NUMBER)
		flow_put(f, PLAIN, "%s %u", r->name, number_of(s, r));
	else
		flow_put(f, PLAIN, "%s %s", r->name,
			 duration_print(length_of(s, r), text));
}

/* Those of one heading follow each other. */
static void print_rows(const struct settings *s, const struct output *o,
		       size_t indent, int width)
{
	struct flow f;

	for (size_t i = 0; i < ROWS; i++) {
		bool first =
			i == 0 || strcmp(rows[i].group, rows[i - 1].group) != 0;

		if (first && i > 0)
			flow_end(&f);
		if (first)
			flow_heading(&f, o, indent, width, rows[i].group);
		else
			flow_put(&f, PLAIN, ", ");
		put_row(&f, s, &rows[i]);
	}
	flow_put(&f, PLAIN, ", breach %s", breach_of(s));
	if (s->traps > 0)
		flow_put(&f, PLAIN, ", trap %zu user%s", s->traps,
			 plural(s->traps));
	flow_end(&f);
}

struct origin {
	const char *name;
	const char *key;
	size_t offset;
};

static const struct origin origins[] = {
	{"uid", "origin_uid", FIELD(origin_uid)},
	{"unit", "origin_unit", FIELD(origin_unit)},
	{"from", "origin_from", FIELD(origin_from)},
};

enum { ORIGINS = sizeof(origins) / sizeof(origins[0]) };

static const struct settings_list *list_of(const struct settings *s,
					   const struct origin *o)
{
	return (const void *)((const char *)s + o->offset);
}

/* Nothing, where anybody may write lines. */
static void print_origins(const struct settings *s, const struct output *o,
			  size_t indent, int width)
{
	size_t n = 0;
	struct flow f;

	for (size_t i = 0; i < ORIGINS; i++) {
		const struct settings_list *l = list_of(s, &origins[i]);

		if (l->entries > 0 && n++ == 0)
			flow_heading(&f, o, indent, width, "origin");
		else if (l->entries > 0)
			flow_put(&f, PLAIN, "; ");
		for (size_t k = 0; k < l->entries; k++)
			flow_put(&f, PLAIN, "%s%s %s", k == 0 ? "" : ",",
				 k == 0 ? origins[i].name : "", l->entry[k]);
	}
	if (n > 0)
		flow_end(&f);
}

/* Nothing, where no mail and no event goes out. */
static void print_outlets(const struct settings *s, const struct output *o,
			  size_t indent, int width)
{
	char wait[DURATION_TEXT];
	char at[SCHEDULE_TEXT];
	struct flow f;

	if (s->notify_mode != NOTIFY_NONE) {
		flow_heading(&f, o, indent, width, "notify");
		flow_put(&f, PLAIN, "%s, wait %s, at %s, max %u, ruleset %s",
			 notify_word(s->notify_mode),
			 duration_print(s->notify_wait, wait),
			 schedule_print(&s->notify_at, at), s->notify_max,
			 s->notify);
		flow_end(&f);
	}
	if (s->events[0] != '\0') {
		flow_heading(&f, o, indent, width, "events");
		flow_put(&f, PLAIN, "ruleset %s", s->events);
		flow_end(&f);
	}
}

void policytext_print(const struct settings *s, const struct output *o,
		      size_t indent, int width)
{
	struct flow f;

	flow_heading(&f, o, indent, width, "policy");
	print_ladder(&f, &s->policy);
	flow_end(&f);
	print_rows(s, o, indent, width);
	print_origins(s, o, indent, width);
	print_outlets(s, o, indent, width);
}

/* ---- for programs ---- */

static void ladder_json(const struct policy *p, struct json *j)
{
	json_number(j, "maxretry", p->maxretry);
	json_duration(j, "findtime", p->findtime);
	json_array(j, "bantime");
	for (size_t i = 0; i < p->steps; i++)
		json_duration(j, NULL, p->ladder[i]);
	json_end(j);
	json_number(j, "bantime_factor", p->factor);
	json_duration(j, "bantime_max", p->longest);
	json_duration(j, "forget", p->forget);
}

void policytext_json(const struct settings *s, struct json *j)
{
	ladder_json(&s->policy, j);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].kind == NUMBER)
			json_number(j, rows[i].key, number_of(s, &rows[i]));
		else
			json_duration(j, rows[i].key, length_of(s, &rows[i]));
	json_text(j, "breach", breach_of(s));
	json_array(j, "trap");
	for (size_t i = 0; i < s->traps; i++)
		json_text(j, NULL, s->trap[i]);
	json_end(j);
	for (size_t i = 0; i < ORIGINS; i++) {
		const struct settings_list *l = list_of(s, &origins[i]);

		json_array(j, origins[i].key);
		for (size_t k = 0; k < l->entries; k++)
			json_text(j, NULL, l->entry[k]);
		json_end(j);
	}
}
