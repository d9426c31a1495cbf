/* prune: what is stored of an address, a user or a time is forgotten; a jail:
 * prune_jail.c. */
#include "saslban/forget.h"

#include <inttypes.h>
#include <string.h>

#include "confirm.h"
#include "json.h"
#include "options.h"
#include "progress.h"
#include "prune_jail.h"
#include "saslban/plural.h"
#include "session.h"
#include "subject.h"
#include "verb.h"

struct call {
	const struct cli *cli;
	struct session session;
	struct subject who;
	struct address address;
	struct forget what;
};

/* An operand that is no address is a user. */
static enum status read_call(struct call *x)
{
	const struct cli *c = x->cli;
	const char *who = c->words < 2 ? NULL : c->word[1];
	enum status status = options_before(c, INT64_MAX, &x->what.before);

	if (status != STATUS_OK)
		return status;
	if (who == NULL && c->before == NULL)
		return edge_end(STATUS_USAGE,
				"'prune' needs ADDRESS[/PREFIX]|USER, "
				"--before WHEN or --jail NAME");
	x->who.literal = who != NULL && strchr(who, '/') != NULL;
	if (who != NULL && address_parse(who, strlen(who), &x->who.given) == 0)
		x->what.at = &x->address;
	else
		x->what.user = who;
	return STATUS_OK;
}

/* A host stands for what is banned with it, as in other verbs. */
static void widen(struct call *x)
{
	x->address = x->who.given;
	if (x->what.at != NULL && x->session.jails > 0)
		x->address = subject_offender(
			&x->who, &x->session.jail[0].settings, NULL);
}

static int go_through(struct call *x, bool count, struct fault *why)
{
	struct progress p;
	bool more = true;
	int result = 0;

	x->what.count = count;
	x->what.stage = 0;
	x->what.done = 0;
	memset(&x->what.sum, 0, sizeof(x->what.sum));
	progress_begin(&p);
	while (result == 0 && more) {
		result = forget_step(&x->what, x->session.store, &more, why);
		progress_print(&p, 0, (uint64_t)x->what.done,
			       (uint64_t)x->what.last);
	}
	progress_end(&p);
	return result;
}

static int64_t rows(const struct forgotten *n)
{
	return n->failures + n->bans + n->logins + n->breaches + n->names;
}

static void describe(const struct forgotten *n, char *out, size_t size)
{
	snprintf(out, size,
		 "%" PRId64 " failure%s, %" PRId64
		 " ban%s that %s over, %" PRId64 " login%s, %" PRId64
		 " breach%s",
		 n->failures, plural(n->failures), n->bans, plural(n->bans),
		 n->bans == 1 ? "is" : "are", n->logins, plural(n->logins),
		 n->breaches, plural_es(n->breaches));
}

static enum status print(const struct call *x)
{
	const struct forgotten *n = &x->what.sum;
	char text[160];
	struct json *j;

	if (!x->cli->json) {
		describe(n, text, sizeof(text));
		output_print(
			&x->cli->out, PLAIN, "%s %s\n",
			x->cli->dry_run ? "would forget:" : "forgotten:", text);
		return STATUS_OK;
	}
	j = json_begin(x->cli->out.file);
	json_number(j, "now", x->cli->now);
	json_bool(j, "dry_run", x->cli->dry_run);
	json_number(j, "failures", n->failures);
	json_number(j, "bans", n->bans);
	json_number(j, "logins", n->logins);
	json_number(j, "breaches", n->breaches);
	json_number(j, "names", n->names);
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}

static enum status forget(struct call *x)
{
	enum status status;
	struct fault why;
	char text[160];

	if (go_through(x, true, &why) < 0)
		return edge_fail(&why);
	if (rows(&x->what.sum) == 0)
		return edge_end(STATUS_NOTHING, "nothing of it is stored");
	if (x->cli->dry_run)
		return print(x);
	describe(&x->what.sum, text, sizeof(text));
	status = confirm(x->cli, "forget %s", text);
	if (status != STATUS_OK)
		return status;
	if (go_through(x, false, &why) < 0)
		return edge_fail(&why);
	return print(x);
}

enum status verb_prune(const struct cli *c)
{
	struct call x = {.cli = c};
	enum status status;

	if (c->jail != NULL)
		return prune_jail(c);
	status = read_call(&x);
	if (status == STATUS_OK)
		status = session_open(&x.session, c,
				      c->dry_run ? STORE_READ : STORE_WRITE);
	if (status != STATUS_OK)
		return status;
	widen(&x);
	status = forget(&x);
	session_close(&x.session);
	return status;
}
