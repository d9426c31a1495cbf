/*
 * learn: who logged in from where, out of old logs, into the database.
 *
 * So that a jail is not blind on its first day. The logs go through a trial:
 * what its judge takes for a guess that hit is not learned.
 */
#include "verb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "breachtext.h"
#include "flow.h"
#include "json.h"
#include "keymap.h"
#include "logs.h"
#include "matcher.h"
#include "saslban/breach.h"
#include "saslban/login.h"
#include "saslban/plural.h"
#include "saslban/secret.h"
#include "session.h"
#include "trial.h"

enum {
	BATCH = 1000, /* rows of a transaction: an engine may be waiting */
	SHOWN = 20,   /* breaches */
	INDENT = 2
};

struct learning {
	const struct cli *cli;
	struct session session;
	const struct jail *jail; /* whose filters and policy are taken */
	struct matcher matcher;
	struct trial *trial;
	struct logs logs;
	struct fault *why;

	struct siphash_key key;
	struct keymap users;
	struct keymap addresses;
	uint64_t pairs;
	uint64_t old;        /* pairs that nobody would remember any more */
	uint64_t guessed;    /* logins ... */
	size_t breaches;     /* ... which are so many */
	int64_t first, last; /* of the pairs; 0: there are none */
};

/* ---- the logs ---- */

static int see_line(void *context, struct logline *line, struct fault *why)
{
	struct learning *l = context;
	struct sighting sighting;

	if (!matcher_sight(&l->matcher, line, &sighting))
		return 0;
	return trial_see(l->trial, &sighting, why);
}

/* ---- the database ---- */

static int64_t window(const struct learning *l)
{
	return l->jail->settings.policy.known_window;
}

static int count(struct learning *l, const struct login *login)
{
	if (l->first == 0 || login->first < l->first)
		l->first = login->first;
	if (login->last > l->last)
		l->last = login->last;
	l->pairs++;
	if (keymap_put(&l->users,
		       siphash(&l->key, login->user, strlen(login->user)),
		       0) < 0 ||
	    keymap_put(
		    &l->addresses,
		    siphash(&l->key, &login->address, sizeof(login->address)),
		    0) < 0)
		return fault_set(l->why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int see_login(void *context, const struct login *login)
{
	struct learning *l = context;
	struct store *store = l->session.store;

	if (login->last < l->cli->now - window(l)) {
		l->old++;
		return 0;
	}
	if (l->pairs > 0 && l->pairs % BATCH == 0 &&
	    (store_commit(store, l->why) < 0 || store_begin(store, l->why) < 0))
		return -1;
	if (login_put(store, login, l->why) < 0)
		return -1;
	return count(l, login);
}

static int see_breach(void *context, const struct breach_row *b)
{
	struct learning *l = context;

	l->guessed += (uint64_t)b->count;
	l->breaches++;
	return 0;
}

static int write_pairs(struct learning *l, struct fault *why)
{
	struct store *from = trial_store(l->trial), *to = l->session.store;
	int result;

	l->why = why;
	if (secret_get(from, &l->key, why) < 0 ||
	    breach_each(from, 0, 0, 0, see_breach, l, why) < 0 ||
	    store_begin(to, why) < 0)
		return -1;
	result = login_each(from, 0, 0, see_login, l, why);
	if (result == 0 && l->pairs > 0)
		result = login_learning_add(to, l->cli->now, (int64_t)l->pairs,
					    why);
	return store_end(to, result, why);
}

/* ---- what came of it ---- */

static void print_note(const struct learning *l, uint64_t n, const char *noun,
		       const char *text)
{
	struct flow f;

	if (n == 0)
		return;
	flow_begin(&f, &l->cli->out, 0, "");
	flow_put(&f, CARE, "%" PRIu64 " %s%s %s", n, noun, plural(n), text);
	flow_end(&f);
}

static int add_row(void *context, const struct breach_row *b)
{
	breachtext_row(context, b);
	return 0;
}

static int print_breaches(const struct learning *l, struct fault *why)
{
	const struct output *o = &l->cli->out;
	struct table *t;
	int result;

	if (l->breaches == 0)
		return 0;
	fputc('\n', o->file);
	output_print(o, STRONG, "Breaches:");
	fprintf(o->file, " %zu", l->breaches);
	if (l->breaches > SHOWN)
		fprintf(o->file, ", the latest %d", SHOWN);
	fputc('\n', o->file);
	t = table_open(breachtext_columns, o);
	result = breach_each(trial_store(l->trial), 0, 0, SHOWN, add_row, t,
			     why);
	if (result == 0 && table_print(t, INDENT, true) < 0)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	table_close(t);
	return result;
}

static int print(const struct learning *l, struct fault *why)
{
	char from[OUTPUT_TIME], to[OUTPUT_TIME], days[DURATION_TEXT];
	char old[128];
	struct flow f;

	flow_begin(&f, &l->cli->out, 0, "");
	flow_put(&f, STRONG, "learned %" PRIu64 " pair%s", l->pairs,
		 plural(l->pairs));
	if (l->pairs > 0)
		flow_put(&f, PLAIN,
			 ", users: %zu, addresses: %zu, from %s to %s",
			 l->users.n, l->addresses.n,
			 output_time(l->first, from), output_time(l->last, to));
	flow_end(&f);
	snprintf(old, sizeof(old),
		 "left out: the last login is older than known.window (%s)",
		 duration_print(window(l), days));
	print_note(l, l->old, "pair", old);
	print_note(l, l->guessed, "login", "left out: guessed (a breach)");
	print_note(l, l->logs.undated, "line", "left out: without a date");
	print_note(l, l->logs.behind, "line",
		   "more than an hour older than one before: give the files "
		   "from the oldest to the newest");
	return print_breaches(l, why);
}

static int add_object(void *context, const struct breach_row *b)
{
	breachtext_json(context, b);
	return 0;
}

static int print_json(const struct learning *l, struct fault *why)
{
	struct json *j = json_begin(l->cli->out.file);
	int result;

	json_text(j, "database", l->cli->database);
	json_text(j, "jail", l->jail->settings.name);
	json_number(j, "lines", (int64_t)l->logs.lines);
	json_number(j, "undated", (int64_t)l->logs.undated);
	json_number(j, "behind", (int64_t)l->logs.behind);
	json_number(j, "successes", (int64_t)trial_counts(l->trial)->successes);
	json_number(j, "pairs", (int64_t)l->pairs);
	json_number(j, "users", (int64_t)l->users.n);
	json_number(j, "addresses", (int64_t)l->addresses.n);
	json_number(j, "old", (int64_t)l->old);
	json_number(j, "breaches", (int64_t)l->guessed);
	json_time(j, "first", l->first);
	json_time(j, "last", l->last);
	json_array(j, "guessed");
	result =
		breach_each(trial_store(l->trial), 0, 0, 0, add_object, j, why);
	if (json_finish(j) < 0 && result == 0)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	return result;
}

/* ---- the verb ---- */

/* Logins are of all jails together, but somebody has to say what a login looks
 * like: the only jail, that of --jail, or the only one that enforces. */
static enum status choose(struct learning *l)
{
	const struct session *s = &l->session;
	enum status status = STATUS_OK;

	if (l->cli->jail == NULL && s->jails == 1)
		l->jail = &s->jail[0];
	else
		status = session_one(s, l->cli, &l->jail);
	if (status == STATUS_OK && window(l) == 0)
		return edge_end(STATUS_FAILED,
				"jail '%s' remembers no logins: its "
				"known.window is 0",
				l->jail->settings.name);
	return status;
}

static enum status learn(struct learning *l)
{
	enum status status = logs_read(&l->logs, l->cli, see_line, l);
	struct fault why;

	if (status != STATUS_OK)
		return status;
	if (trial_finish(l->trial, &why) < 0 || write_pairs(l, &why) < 0)
		return edge_fail(&why);
	if ((l->cli->json ? print_json(l, &why) : print(l, &why)) < 0)
		return edge_fail(&why);
	return l->logs.broken ? STATUS_FAILED : STATUS_OK;
}

static enum status open_and_learn(struct learning *l)
{
	enum status status = choose(l);
	struct fault why;

	if (status == STATUS_OK)
		status = matcher_open(&l->matcher, l->cli, &l->jail->settings);
	if (status != STATUS_OK)
		return status;
	if (trial_open(&l->trial, &l->jail->settings, &why) < 0)
		status = edge_fail(&why);
	else
		status = learn(l);
	trial_close(l->trial);
	matcher_close(&l->matcher);
	return status;
}

enum status verb_learn(const struct cli *c)
{
	struct learning *l = calloc(1, sizeof(*l));
	enum status status;

	if (l == NULL)
		return edge_memory();
	l->cli = c;
	/* Unset, the C library looks after each date whether the zone's file
	 * has changed. */
	setenv("TZ", ":/etc/localtime", 0);
	status = session_open(&l->session, c, STORE_WRITE);
	if (status == STATUS_OK) {
		status = open_and_learn(l);
		session_close(&l->session);
	}
	keymap_close(&l->users);
	keymap_close(&l->addresses);
	free(l);
	return status;
}
