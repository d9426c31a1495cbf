/* choice: see choice.h. */
#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"

enum { STRIKE_DIGITS = 6, WORDS = 128 };

static enum status read_strike(struct choice *x, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (text == NULL)
		return STATUS_OK;
	if (len > 0 && len <= STRIKE_DIGITS &&
	    strspn(text, "0123456789") == len)
		x->query.strike = (unsigned)strtoul(text, NULL, 10);
	if (x->query.strike > 0)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--strike '%s' is not allowed; allowed: a number from "
			"1",
			text);
}

/* One more word of a list of them. */
static void add_word(char list[WORDS], const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, WORDS - used, "%s%s", used == 0 ? "" : ", ",
		 word);
}

static enum status read_ground(struct choice *x, const char *text)
{
	char allowed[WORDS] = "";
	enum ground ground;

	x->query.ground = text;
	if (text == NULL || ground_of(text, &ground))
		return STATUS_OK;
	for (int i = 0; i < GROUNDS; i++)
		add_word(allowed, ground_word((enum ground)i));
	return edge_end(STATUS_USAGE,
			"--ground '%s' is not allowed; allowed: %s", text,
			allowed);
}

static enum status read_sort(struct choice *x, const char *text)
{
	char allowed[WORDS] = "";

	if (text == NULL || offense_sort_of(text, &x->query.sort))
		return STATUS_OK;
	for (int i = 0; i < OFFENSE_SORTS; i++)
		add_word(allowed, offense_sort_word((enum offense_sort)i));
	return edge_end(STATUS_USAGE, "--sort '%s' is not allowed; allowed: %s",
			text, allowed);
}

static enum status read_network(struct choice *x, const char *text)
{
	enum status status;

	if (text == NULL)
		return STATUS_OK;
	status = subject_read(&x->network, text);
	x->query.at = &x->network.given;
	return status;
}

enum status choice_read(struct choice *out, const struct cli *c)
{
	struct offense_query *q = &out->query;
	enum status status;

	*out = (struct choice){.query = {.running = !c->all, .now = c->now}};
	if (c->all && c->active)
		return edge_end(STATUS_USAGE, "--all or --active, not both");
	q->user = c->user;
	status = options_since(c, &q->since);
	if (status == STATUS_OK)
		status = options_limit(c, 0, &q->limit);
	if (status == STATUS_OK)
		status = read_strike(out, c->strike);
	if (status == STATUS_OK)
		status = read_network(out, c->network);
	if (status == STATUS_OK)
		status = read_ground(out, c->ground);
	return status == STATUS_OK ? read_sort(out, c->sort) : status;
}

bool choice_is_narrow(const struct choice *x)
{
	const struct offense_query *q = &x->query;

	return q->jail != 0 || q->at != NULL || q->since != 0 ||
	       q->strike != 0 || q->ground != NULL || q->user != NULL;
}
