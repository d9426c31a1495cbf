/* simulate: see simulate.h; whom a policy would have banned, by old logs. */
#include "simulate.h"

#include <stdlib.h>

#include "verb.h"

/* ---- policies ---- */

static enum status open_matcher(struct simulation *s, struct side *side)
{
	enum status status;

	for (size_t i = 0; i < s->matchers; i++)
		if (matcher_fits(&s->matcher[i], s->cli,
				 &side->draft.settings)) {
			side->matcher = &s->matcher[i];
			return STATUS_OK;
		}
	side->matcher = &s->matcher[s->matchers];
	status = matcher_open(side->matcher, s->cli, &side->draft.settings);
	if (status == STATUS_OK)
		s->matchers++;
	return status;
}

/* policy: as in --policy; NULL: it was not given. */
static enum status open_side(struct simulation *s, const char *policy)
{
	struct side *side = &s->side[s->sides];
	enum status status;
	struct fault why;

	if (policy == NULL)
		draft_default(&side->draft, s->cli);
	else if (draft_read(&side->draft, s->cli, policy, &why) < 0)
		return edge_fail(&why);
	status = open_matcher(s, side);
	if (status != STATUS_OK)
		return status;
	if (trial_open(&side->trial, &side->draft.settings, &why) < 0)
		return edge_fail(&why);
	s->sides++;
	return STATUS_OK;
}

static enum status open_sides(struct simulation *s)
{
	const struct cli_list *policies = &s->cli->policy;
	enum status status = STATUS_OK;

	if (policies->n > SIDES)
		return edge_end(STATUS_USAGE, "--policy: two at most");
	if (policies->n == 0)
		return open_side(s, NULL);
	for (size_t i = 0; i < policies->n && status == STATUS_OK; i++)
		status = open_side(s, policies->at[i]);
	return status;
}

static void close_sides(struct simulation *s)
{
	for (size_t i = 0; i < s->sides; i++) {
		tally_release(&s->side[i].tally);
		trial_close(s->side[i].trial);
	}
	for (size_t i = 0; i < s->matchers; i++)
		matcher_close(&s->matcher[i]);
}

/* ---- the logs ---- */

static int see_line(void *context, struct logline *line, struct fault *why)
{
	struct simulation *s = context;
	const struct matcher *read = NULL;
	struct sighting sighting;
	bool seen = false;

	for (size_t i = 0; i < s->sides; i++) {
		struct side *side = &s->side[i];

		if (side->matcher != read)
			seen = matcher_sight(side->matcher, line, &sighting);
		read = side->matcher;
		if (seen && trial_see(side->trial, &sighting, why) < 0)
			return -1;
	}
	return 0;
}

static enum status finish(struct simulation *s)
{
	struct fault why;

	for (size_t i = 0; i < s->sides; i++) {
		struct side *side = &s->side[i];

		if (trial_finish(side->trial, &why) < 0 ||
		    tally_take(&side->tally, side->trial, &why) < 0)
			return edge_fail(&why);
	}
	if (s->cli->json)
		return simulate_json(s) < 0 ? edge_memory() : STATUS_OK;
	return simulate_print(s, &why) < 0 ? edge_fail(&why) : STATUS_OK;
}

static enum status run(struct simulation *s)
{
	enum status status = open_sides(s);

	if (status == STATUS_OK)
		status = logs_read(&s->logs, s->cli, see_line, s);
	if (status == STATUS_OK)
		status = finish(s);
	if (status == STATUS_OK && s->logs.broken)
		return STATUS_FAILED; /* it was said, and why */
	return status;
}

enum status verb_simulate(const struct cli *c)
{
	struct simulation *s = calloc(1, sizeof(*s));
	enum status status;

	if (s == NULL)
		return edge_memory();
	s->cli = c;
	/* Unset, the C library looks after each date whether the zone's file
	 * has changed. */
	setenv("TZ", ":/etc/localtime", 0);
	status = run(s);
	close_sides(s);
	free(s);
	return status;
}
