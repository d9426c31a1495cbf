/* steps: see steps.h. */
#include "steps.h"

#include <string.h>

#include "text.h"

struct step_row {
	const char *word; /* for programs */
	const char *text; /* for people; what it is about follows */
};

static const struct step_row steps[] = {
	[STEP_SKIPPED] = {"skipped", "not asked: it reads "},
	[STEP_ASKED] = {"asked", "asked"},
	[STEP_LACKS] = {"lacks", "not tried: no "},
	[STEP_BEGINS] = {"begins", "not tried: does not begin with "},
	[STEP_NO_MATCH] = {"no-match", "does not match"},
	[STEP_OVERRAN] = {"overran", "ran into a limit"},
	[STEP_MATCHED] = {"matched", "matches"},
	[STEP_REFUSED] = {"refused", "refused: "},
	[STEP_NEEDLESS] = {"needless", "not needed"},
};

enum { INDENT = 2, NAMES = 24 };

/* ---- for people ---- */

struct printing {
	const struct output *output;
	struct slice msg; /* printed already */
};

static void quoted(const struct output *o, struct slice text)
{
	if (text.at == NULL)
		return;
	fputc('\'', o->file);
	text_show_bytes(o->file, text.at, text.len, o->utf8);
	fputc('\'', o->file);
}

/* What the step is about. */
static void print_text(const struct printing *p, const struct filter_step *step)
{
	const struct output *o = p->output;

	if (step->text.at == NULL) {
		if (step->kind == STEP_SKIPPED)
			fputs("no lines of ours", o->file);
		return;
	}
	if (step->kind == STEP_ASKED &&
	    (step->text.at == p->msg.at && step->text.len == p->msg.len))
		return;
	if (step->kind == STEP_ASKED)
		fputs(" about ", o->file);
	else if (step->kind == STEP_MATCHED)
		fputs(", the rest see ", o->file);
	else if (step->kind == STEP_REFUSED)
		fputs(": ", o->file);
	quoted(o, step->text);
}

static void print_step(void *context, const struct filter_step *step)
{
	const struct printing *p = context;
	const struct output *o = p->output;
	bool filter = step->filter != NULL;

	fprintf(o->file, "%*s%-*s ", filter ? 0 : INDENT, "",
		filter ? NAMES : NAMES - INDENT,
		filter ? step->filter : step->rule);
	output_style(o, step->kind == STEP_MATCHED   ? GOOD
			: step->kind == STEP_REFUSED ? CARE
						     : PLAIN);
	fputs(steps[step->kind].text, o->file);
	if (step->kind == STEP_REFUSED)
		fputs(matcher_refusal(step->refusal), o->file);
	print_text(p, step);
	output_style(o, PLAIN);
	fputc('\n', o->file);
}

static void print_field(const struct output *o, const char *name,
			struct slice value)
{
	fprintf(o->file, "%-*s ", NAMES, name);
	if (value.len == 0)
		fputc('-', o->file);
	else
		text_show_bytes(o->file, value.at, value.len, o->utf8);
	fputc('\n', o->file);
}

static struct slice text_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void print_verdict(const struct output *o, const struct judged *j)
{
	const struct sighting *s = &j->sighting;
	char ip[ADDRESS_TEXT], count[16];

	print_field(o, "verdict", text_of(judge_word(judge_outcome(s))));
	if (j->unmatched != NULL)
		print_field(o, "looks like a failure", text_of(j->unmatched));
	if (s->kind == SIGHTING_NOTHING)
		return;
	print_field(o, "by", text_of(s->rule));
	if (s->address.family != ADDRESS_NONE)
		print_field(o, "ip", text_of(address_print(&s->address, ip)));
	snprintf(count, sizeof(count), "%u", s->count);
	print_field(o, "count", text_of(count));
	if (s->user[0] != '\0')
		print_field(o, "user", text_of(s->user));
	if (s->mech[0] != '\0')
		print_field(o, "mech", text_of(s->mech));
	if (s->session[0] != '\0')
		print_field(o, "session", text_of(s->session));
	if (s->code[0] != '\0')
		print_field(o, "code", text_of(s->code));
	if (s->guess[0] != '\0')
		print_field(o, "guess", text_of("seen, not shown"));
}

static void for_people(const struct cli *c, struct matcher *j)
{
	struct printing p = {.output = &c->out};
	struct filter_watch watch = {print_step, &p, true};
	struct judged judged;

	matcher_read(j, text_of(c->explain), &judged);
	p.msg = judged.line.msg;
	print_field(&c->out, "host", judged.line.host);
	print_field(&c->out, "tag", judged.line.tag);
	print_field(&c->out, "message", judged.line.msg);
	matcher_line(j, &watch, &judged);
	print_verdict(&c->out, &judged);
}

/* ---- for programs ---- */

static void step_json(void *context, const struct filter_step *step)
{
	struct json *json = context;

	json_object(json, NULL);
	if (step->filter != NULL)
		json_text(json, "filter", step->filter);
	else
		json_text(json, "rule", step->rule);
	json_text(json, "step", steps[step->kind].word);
	if (step->kind == STEP_REFUSED)
		json_text(json, "why", matcher_refusal_word(step->refusal));
	if (step->text.at != NULL)
		json_bytes(json, "text", step->text.at, step->text.len);
	json_end(json);
}

static void text_json(struct json *json, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_text(json, key, text);
}

void judged_json(struct json *json, const struct judged *j)
{
	const struct sighting *s = &j->sighting;
	char ip[ADDRESS_TEXT];

	json_text(json, "verdict", judge_word(judge_outcome(s)));
	if (s->kind != SIGHTING_NOTHING) {
		if (s->address.family != ADDRESS_NONE)
			json_text(json, "ip", address_print(&s->address, ip));
		text_json(json, "user", s->user);
		json_number(json, "count", s->count);
		text_json(json, "mech", s->mech);
		text_json(json, "session", s->session);
		text_json(json, "code", s->code);
		if (s->guess[0] != '\0')
			json_bool(json, "guess", true);
		json_text(json, "rule", s->rule);
	} else if (j->refused) {
		json_text(json, "refused", matcher_refusal_word(j->refusal));
		json_text(json, "rule", j->rule);
	} else if (j->unmatched != NULL) {
		json_text(json, "unmatched", j->unmatched);
	}
}

static int for_programs(const struct cli *c, struct matcher *j)
{
	struct json *json = json_begin(c->out.file);
	struct filter_watch watch = {step_json, json, true};
	struct judged judged;

	matcher_read(j, text_of(c->explain), &judged);
	json_number(json, "line", 1);
	json_bytes(json, "host", judged.line.host.at, judged.line.host.len);
	json_bytes(json, "tag", judged.line.tag.at, judged.line.tag.len);
	json_bytes(json, "message", judged.line.msg.at, judged.line.msg.len);
	json_array(json, "steps");
	matcher_line(j, &watch, &judged);
	json_end(json);
	judged_json(json, &judged);
	return json_finish(json);
}

enum status steps_show(const struct cli *c, struct matcher *j)
{
	if (!c->json)
		for_people(c, j);
	else if (for_programs(c, j) < 0)
		return edge_memory();
	return STATUS_OK;
}
