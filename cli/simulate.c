/*
 * simulate: whom a policy would have banned, by old logs.
 */
#include "verb.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "matcher.h"
#include "progress.h"
#include "saslban/breach.h"
#include "saslban/duration.h"
#include "saslban/offense.h"
#include "trial.h"

enum { TRIALS = 2 };

struct simulation {
	const struct cli *cli;
	struct matcher matcher;
	struct settings settings[TRIALS];
	struct trial *trial[TRIALS];
	size_t n;
};

/* ---- policies ---- */

/* `maxretry=3 bantime=48h,8d`: as in the action, a list by commas. */
static enum status take_policy(struct settings *s, const char *text)
{
	char copy[1024], *at = copy, *word, *value, *entry;
	struct fault why;

	settings_init(s);
	if (strlen(text) >= sizeof(copy))
		return edge_end(STATUS_USAGE, "--policy is too long");
	strcpy(copy, text);
	while ((word = strsep(&at, " ")) != NULL) {
		if (*word == '\0')
			continue;
		value = strchr(word, '=');
		if (value == NULL)
			return edge_end(STATUS_USAGE,
					"--policy: '%s' is no parameter=value",
					word);
		*value++ = '\0';
		while ((entry = strsep(&value, ",")) != NULL)
			if (settings_set(s, word, entry, &why) < 0)
				return edge_end(STATUS_USAGE, "--policy: %s",
						why.text);
	}
	if (settings_check(s, &why) < 0)
		return edge_end(STATUS_USAGE, "--policy: %s", why.text);
	return STATUS_OK;
}

static enum status open_trials(struct simulation *s)
{
	const struct cli_list *policies = &s->cli->policy;
	enum status status;
	struct fault why;

	if (policies->n > TRIALS)
		return edge_end(STATUS_USAGE, "--policy: two at most");
	do {
		status =
			take_policy(&s->settings[s->n],
				    policies->n == 0 ? "" : policies->at[s->n]);
		if (status != STATUS_OK)
			return status;
		if (trial_open(&s->trial[s->n], &s->settings[s->n], &why) < 0)
			return edge_fail(&why);
		s->n++;
	} while (s->n < policies->n);
	return STATUS_OK;
}

/* ---- the logs ---- */

static int see_line(struct simulation *s, struct slice text, struct fault *why)
{
	struct judged judged;

	matcher_read(&s->matcher, text, &judged);
	matcher_line(&s->matcher, NULL, &judged);
	if (judged.sighting.kind == SIGHTING_NOTHING)
		return 0;
	for (size_t i = 0; i < s->n; i++)
		if (trial_see(s->trial[i], &judged.sighting, why) < 0)
			return -1;
	return 0;
}

static enum status read_log(struct simulation *s, const char *path)
{
	struct progress p;
	struct lines lines;
	struct slice text;
	struct fault why;
	int more;

	if (lines_open(&lines, path, &why) < 0)
		return edge_fail(&why);
	progress_begin(&p);
	while ((more = lines_next(&lines, &text, &why)) > 0) {
		if (see_line(s, text, &why) < 0) {
			more = -1;
			break;
		}
		progress_print(&p, lines.number, lines.bytes, lines.size);
	}
	progress_end(&p);
	lines_close(&lines);
	return more < 0 ? edge_fail(&why) : STATUS_OK;
}

/* ---- what came of it ---- */

static int ban_object(void *context, const struct offense *o)
{
	struct json *j = context;
	char address[ADDRESS_TEXT];
	int64_t until = o->until;

	if (o->lifted != 0 && o->lifted < until)
		until = o->lifted;
	json_object(j, NULL);
	json_text(j, "jail", o->jail_name);
	json_text(j, "ip", address_print(&o->address, address));
	json_number(j, "at", o->at);
	json_duration(j, "until", until);
	json_number(j, "strike", o->strike);
	json_text(j, "ground", ground_word(o->ground));
	json_text(j, "why", o->why);
	json_end(j);
	return 0;
}

static int breach_object(void *context, const struct breach_row *b)
{
	struct json *j = context;
	char address[ADDRESS_TEXT];

	json_object(j, NULL);
	json_text(j, "user", b->user);
	json_text(j, "ip", address_print(&b->host, address));
	json_number(j, "at", b->at);
	json_text(j, "why", b->why);
	json_end(j);
	return 0;
}

static int print_json(const struct simulation *s, struct fault *why)
{
	struct json *j = json_begin(s->cli->out.file);
	const struct trial_counts *n = trial_counts(s->trial[0]);
	struct offense_query q = {.jail = 0};
	struct store *store = trial_store(s->trial[0]);

	json_array(j, "bans");
	if (offense_each(store, &q, ban_object, j, why) < 0)
		return -1;
	json_end(j);
	json_array(j, "breaches");
	if (breach_each(store, 0, 0, 0, breach_object, j, why) < 0)
		return -1;
	json_end(j);
	json_object(j, "summary");
	json_number(j, "failures", (int64_t)n->failures);
	json_number(j, "successes", (int64_t)n->successes);
	json_number(j, "trouble", (int64_t)n->trouble);
	json_number(j, "lockouts", (int64_t)n->lockouts);
	json_time(j, "first", n->first);
	json_time(j, "last", n->last);
	json_end(j);
	return json_finish(j);
}

static enum status run(struct simulation *s)
{
	enum status status = open_trials(s);
	struct fault why;

	for (size_t i = 1; i < s->cli->words && status == STATUS_OK; i++)
		status = read_log(s, s->cli->word[i]);
	for (size_t i = 0; i < s->n && status == STATUS_OK; i++)
		if (trial_finish(s->trial[i], &why) < 0)
			status = edge_fail(&why);
	if (status == STATUS_OK && print_json(s, &why) < 0)
		status = edge_fail(&why);
	return status;
}

enum status verb_simulate(const struct cli *c)
{
	struct simulation s = {.cli = c};
	enum status status;

	setenv("TZ", ":/etc/localtime", 0);
	status = matcher_open(&s.matcher, c);
	if (status != STATUS_OK)
		return status;
	status = run(&s);
	for (size_t i = 0; i < s.n; i++)
		trial_close(s.trial[i]);
	matcher_close(&s.matcher);
	return status;
}
