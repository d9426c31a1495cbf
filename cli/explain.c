/*
 * explain: the answer to `why?` and `why not?`, of an address, a network or a
 * user: what the engine would say.
 */
#include "explain.h"

#include <string.h>

#include "text.h"
#include "verb.h"

typedef int explainer(struct explain *x, const struct inquiry *q,
		      struct fault *why);

/* Wider than what the jail takes as one offender, it is a network. */
static explainer *choose(const struct explain *x, const struct jail *jail)
{
	const struct address *a = &x->subject.given;

	if (x->user != NULL)
		return explain_user;
	if (a->prefix < settings_offender(&jail->settings, a).prefix ||
	    a->prefix < (a->family == ADDRESS_V4 ? jail->settings.prefix4
						 : jail->settings.prefix6))
		return explain_network;
	return explain_host;
}

static int explain_jail(struct explain *x, const struct session *s,
			const struct jail *jail, struct fault *why)
{
	const struct output *o = &x->cli->out;
	struct inquiry q;
	int result;

	if (inquiry_open(&q, s, jail, why) < 0)
		return -1;
	if (x->json == NULL) {
		output_print(o, STRONG, "  jail %s", jail->settings.name);
		fputs(jail->settings.enforce ? "\n" : ", which only observes\n",
		      o->file);
	} else {
		json_object(x->json, NULL);
		json_text(x->json, "name", jail->settings.name);
		json_bool(x->json, "enforce", jail->settings.enforce);
	}
	result = choose(x, jail)(x, &q, why);
	json_end(x->json);
	inquiry_close(&q);
	return result;
}

static enum status explain_jails(struct explain *x, const struct session *s,
				 const struct jail *only)
{
	struct fault why;

	for (size_t i = 0; i < s->jails; i++)
		if ((only == NULL || only == &s->jail[i]) &&
		    explain_jail(x, s, &s->jail[i], &why) < 0)
			return edge_fail(&why);
	return STATUS_OK;
}

/* Whom it is about: as text that may be anything. */
static const char *name_of(const struct explain *x, char text[ADDRESS_TEXT])
{
	return x->user != NULL ? x->user
			       : address_print(&x->subject.given, text);
}

static enum status for_people(struct explain *x, const struct session *s,
			      const struct jail *only)
{
	const struct output *o = &x->cli->out;
	char text[ADDRESS_TEXT];

	output_style(o, STRONG);
	text_show(o->file, name_of(x, text), o->utf8);
	output_style(o, PLAIN);
	fputc('\n', o->file);
	return explain_jails(x, s, only);
}

static enum status for_programs(struct explain *x, const struct session *s,
				const struct jail *only)
{
	char text[ADDRESS_TEXT];
	enum status status;

	x->json = json_begin(x->cli->out.file);
	json_number(x->json, "now", x->cli->now);
	json_text(x->json, x->user != NULL ? "user" : "address",
		  name_of(x, text));
	json_array(x->json, "jails");
	status = explain_jails(x, s, only);
	json_end(x->json);
	json_bool(x->json, "known", x->known);
	if (json_finish(x->json) < 0)
		status = edge_memory();
	return status;
}

/* What is no address is a user; but `192.0.2.1/99` was meant to be one. */
static enum status take_operand(struct explain *x)
{
	const char *word = x->cli->word[1];

	if (address_parse(word, strlen(word), &x->subject.given) == 0 ||
	    strchr(word, '/') != NULL)
		return subject_parse(&x->subject, x->cli);
	if (word[0] == '\0' || strlen(word) >= SIGHTING_USER)
		return edge_end(STATUS_USAGE,
				"neither an address nor a user: '%s'", word);
	x->user = word;
	return STATUS_OK;
}

enum status verb_explain(const struct cli *c)
{
	struct explain x = {.cli = c};
	enum status status = take_operand(&x);
	const struct jail *only;
	char text[ADDRESS_TEXT];
	struct session s;

	if (status == STATUS_OK)
		status = session_open(&s, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &only);
	if (status == STATUS_OK)
		status = c->json ? for_programs(&x, &s, only)
				 : for_people(&x, &s, only);
	session_close(&s);
	if (status == STATUS_OK && !x.known)
		return edge_end(STATUS_NOTHING, "nothing is known of '%s'",
				name_of(&x, text));
	return status;
}
