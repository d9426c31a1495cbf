/*
 * show: all that is known of an address, or of a user (show_user.h).
 *
 * A single host is shown as what it stands for (subject.h): the strikes of an
 * IPv6 host are those of its /64.
 */
#include "verb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bantext.h"
#include "geography.h"
#include "json.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/offense.h"
#include "session.h"
#include "show_user.h"
#include "stance.h"
#include "subject.h"
#include "table.h"

struct story {
	const struct cli *cli;
	struct session session;
	struct subject subject;
	const struct jail *only; /* NULL: all jails */
	struct stance *stance;   /* of each jail that is wanted */
	size_t stances;
	struct address about; /* the widest that it stands for in them */
	bool matters;         /* there is something to say */
	struct table *table;  /* for people: the one that is filled */
	struct json *json;    /* for programs */
};

static bool wanted(const struct story *s, int64_t jail)
{
	return s->only == NULL || s->only->id == jail;
}

static int take_stances(struct story *s, struct fault *why)
{
	const struct session *session = &s->session;
	struct inquiry q;
	int result;

	s->about = s->subject.given;
	s->stance = calloc(session->jails + 1, sizeof(*s->stance));
	if (s->stance == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < session->jails; i++) {
		struct stance *stance = &s->stance[s->stances];

		if (!wanted(s, session->jail[i].id))
			continue;
		if (inquiry_open(&q, session, &session->jail[i], why) < 0)
			return -1;
		result = stance_take(stance, &q, &s->subject, why);
		inquiry_close(&q);
		if (result < 0)
			return -1;
		s->stances++;
		if (stance->offender.prefix < s->about.prefix)
			s->about = stance->offender;
		if (stance_matters(stance))
			s->matters = true;
	}
	return 0;
}

/* ---- for people ---- */

/* Of a ban that runs the kernel was asked just now. */
static const struct offense *of_now(const struct story *s,
				    const struct offense *o)
{
	for (size_t i = 0; i < s->stances; i++)
		if (s->stance[i].banned && s->stance[i].ban.id == o->id)
			return &s->stance[i].ban;
	return o;
}

static int ban_row(void *context, const struct offense *o)
{
	struct story *s = context;

	s->matters = true;
	bantext_row(s->table, of_now(s, o), s->cli->now);
	return 0;
}

static const struct column failure_columns[] = {
	{.heading = "TIME", .kind = COLUMN_TIME},
	{.heading = "HOST"},
	{.heading = "JAIL", .spare = 5},
	{.heading = "USER", .min = 12},
	{.heading = "SERVICE", .min = 8, .spare = 3},
	{.heading = "MECH", .spare = 2},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 4},
	{.heading = "VERDICT"},
	{.heading = "RULE", .min = 8, .spare = 1},
	{.heading = NULL},
};

static int failure_row(void *context, const struct failure *f)
{
	struct story *s = context;
	const struct jail *jail = session_jail(&s->session, f->jail);
	enum style style = verdict_counts(f->verdict) ? PLAIN : FAINT;
	char host[ADDRESS_TEXT];
	char at[OUTPUT_TIME];

	if (!wanted(s, f->jail))
		return 0;
	s->matters = true;
	table_cell(s->table, style, "%s", output_time(f->at, at));
	table_cell(s->table, style, "%s", address_print(&f->host, host));
	table_cell(s->table, style, "%s",
		   jail == NULL ? "-" : jail->settings.name);
	table_cell(s->table, style, "%s", f->user);
	table_cell(s->table, style, "%s", f->service);
	table_cell(s->table, style, "%s", f->mech);
	table_cell(s->table, style, "%u", f->count);
	table_cell(s->table, style, "%s", verdict_word(f->verdict));
	table_cell(s->table, style, "%s", f->rule);
	return 0;
}

static int fill_tables(struct story *s, struct table *bans,
		       struct table *failures, struct fault *why)
{
	struct offense_query q = {.jail = s->only == NULL ? 0 : s->only->id,
				  .at = &s->about,
				  .now = s->cli->now};

	s->table = bans;
	if (offense_each(s->session.store, &q, ban_row, s, why) < 0)
		return -1;
	s->table = failures;
	return failure_each(s->session.store, &s->about, 0, failure_row, s,
			    why);
}

static int print_table(const struct output *o, const struct table *t,
		       const char *heading)
{
	if (t != NULL && table_rows(t) == 0)
		return 0;
	fputc('\n', o->file);
	output_print(o, STRONG, "%s", heading);
	fputc('\n', o->file);
	return table_print(t, 2, true);
}

static void print_heading(const struct story *s)
{
	const struct output *o = &s->cli->out;
	char given[ADDRESS_TEXT];
	char about[ADDRESS_TEXT];

	address_print(&s->subject.given, given);
	output_print(o, STRONG, "%s", given);
	if (!address_equal(&s->subject.given, &s->about))
		fprintf(o->file, ", judged as %s",
			address_print(&s->about, about));
	fputc('\n', o->file);
	geography_print(o, s->session.geo, &s->subject.given);
}

static enum status nothing(const struct story *s)
{
	char given[ADDRESS_TEXT];

	return edge_end(STATUS_NOTHING,
			"no ban and no failure of '%s' is known%s%s%s",
			address_print(&s->subject.given, given),
			s->only == NULL ? "" : " in jail '",
			s->only == NULL ? "" : s->only->settings.name,
			s->only == NULL ? "" : "'");
}

static enum status print_story(struct story *s)
{
	const struct output *o = &s->cli->out;
	struct table *bans = table_open(bantext_columns, o);
	struct table *failures = table_open(failure_columns, o);
	enum status status = STATUS_OK;
	struct fault why;

	if (fill_tables(s, bans, failures, &why) < 0) {
		status = edge_fail(&why);
	} else if (!s->matters) {
		status = nothing(s);
	} else {
		print_heading(s);
		for (size_t i = 0; i < s->stances; i++)
			stance_print(o, &s->stance[i], s->cli->now);
		if (print_table(o, bans, "bans") < 0 ||
		    print_table(o, failures, "failures") < 0)
			status = edge_memory();
	}
	table_close(bans);
	table_close(failures);
	return status;
}

/* ---- for programs ---- */

static int ban_object(void *context, const struct offense *o)
{
	struct story *s = context;

	s->matters = true;
	bantext_json(s->json, NULL, of_now(s, o), s->cli->now);
	return 0;
}

static int failure_object(void *context, const struct failure *f)
{
	struct story *s = context;
	const struct jail *jail = session_jail(&s->session, f->jail);
	char host[ADDRESS_TEXT];

	if (!wanted(s, f->jail))
		return 0;
	s->matters = true;
	json_object(s->json, NULL);
	json_number(s->json, "at", f->at);
	json_text(s->json, "host", address_print(&f->host, host));
	json_text(s->json, "jail", jail == NULL ? "" : jail->settings.name);
	json_text(s->json, "user", f->user);
	json_text(s->json, "service", f->service);
	json_text(s->json, "mech", f->mech);
	json_number(s->json, "count", f->count);
	json_bool(s->json, "late", f->verdict == VERDICT_LATE);
	json_text(s->json, "verdict", verdict_word(f->verdict));
	json_text(s->json, "rule", f->rule);
	json_end(s->json);
	return 0;
}

static int fill_json(struct story *s, struct fault *why)
{
	struct offense_query q = {.jail = s->only == NULL ? 0 : s->only->id,
				  .at = &s->about,
				  .now = s->cli->now};

	json_array(s->json, "jails");
	for (size_t i = 0; i < s->stances; i++) {
		json_object(s->json, NULL);
		stance_json(s->json, &s->stance[i], s->cli->now);
		json_end(s->json);
	}
	json_end(s->json);
	json_array(s->json, "bans");
	if (offense_each(s->session.store, &q, ban_object, s, why) < 0)
		return -1;
	json_end(s->json);
	json_array(s->json, "failures");
	return failure_each(s->session.store, &s->about, 0, failure_object, s,
			    why);
}

static enum status story_json(struct story *s)
{
	enum status status = STATUS_OK;
	char text[ADDRESS_TEXT];
	struct fault why;

	s->json = json_begin(s->cli->out.file);
	json_number(s->json, "now", s->cli->now);
	json_text(s->json, "address", address_print(&s->subject.given, text));
	json_text(s->json, "about", address_print(&s->about, text));
	geography_json(s->json, s->session.geo, &s->subject.given);
	if (fill_json(s, &why) < 0)
		status = edge_fail(&why);
	else if (!s->matters)
		status = nothing(s);
	if (json_finish(s->json) < 0)
		status = edge_memory();
	return status;
}

static enum status show_address(struct story *s)
{
	enum status status = STATUS_OK;
	struct fault why;

	if (take_stances(s, &why) < 0)
		status = edge_fail(&why);
	if (status == STATUS_OK)
		status = s->cli->json ? story_json(s) : print_story(s);
	free(s->stance);
	return status;
}

/* What is no address is a user; but `192.0.2.1/99` was meant to be one. */
static bool is_user(const char *word)
{
	struct address unused;

	return address_parse(word, strlen(word), &unused) < 0 &&
	       strchr(word, '/') == NULL;
}

enum status verb_show(const struct cli *c)
{
	struct story s = {.cli = c};
	bool user = is_user(c->word[1]);
	enum status status = user ? STATUS_OK : subject_parse(&s.subject, c);

	if (status == STATUS_OK)
		status = session_open(&s.session, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	geography_open(&s.session);
	status = session_wanted(&s.session, c, &s.only);
	if (status == STATUS_OK)
		status = user ? show_user(&s.session, c, s.only)
			      : show_address(&s);
	session_close(&s.session);
	return status;
}
