/* prune_jail: see prune_jail.h. */
#include "prune_jail.h"

#include <inttypes.h>
#include <poll.h>

#include "confirm.h"
#include "json.h"
#include "progress.h"
#include "saslban/forget.h"
#include "saslban/plural.h"
#include "session.h"

enum { TEXT = 160, PAUSE = 10 /* ms between two steps, for engines */ };

struct removal {
	const struct cli *cli;
	struct session session;
	const struct jail *jail;
	struct forget_jail what;
};

static const char *name_of(const struct removal *r)
{
	return r->jail->settings.name;
}

/* ---- what is against it ---- */

static enum status refuse_served(const struct removal *r)
{
	return edge_end(STATUS_FAILED,
			"jail '%s' has an engine, and stays: take its action "
			"out of the configuration and restart rsyslogd",
			name_of(r));
}

static bool is_served(const struct removal *r)
{
	return session_has_engine(&r->session, r->jail, r->cli->now);
}

static enum status look(struct removal *r)
{
	struct forget_hold hold;
	struct fault why;

	if (forget_jail_hold(r->session.store, r->jail->id, r->cli->now, &hold,
			     &why) < 0)
		return edge_fail(&why);
	if (is_served(r))
		return refuse_served(r);
	if (hold.bans > 0)
		return edge_end(STATUS_FAILED,
				"jail '%s' has %" PRId64
				" ban%s in force, and stays; 'saslbanctl unban "
				"--all --jail %s' lifts them",
				name_of(r), hold.bans, plural(hold.bans),
				name_of(r));
	if (hold.entries > 0)
		return edge_end(STATUS_FAILED,
				"jail '%s' has %" PRId64
				" lifted ban%s that the kernel's set may still "
				"hold, and stays; 'saslbanctl sync --jail %s' "
				"removes them",
				name_of(r), hold.entries, plural(hold.entries),
				name_of(r));
	r->what.jail = r->jail->id;
	r->what.now = r->cli->now;
	r->what.configured = hold.configured;
	return STATUS_OK;
}

/* Something has come since the jail was looked at. */
static enum status look_again(struct removal *r)
{
	enum status status = look(r);

	return status == STATUS_OK ? refuse_served(r) : status;
}

/* ---- the work ---- */

static enum status go_through(struct removal *r)
{
	enum status status = STATUS_OK;
	struct progress p;
	struct fault why;
	bool more = true;

	progress_begin(&p);
	while (status == STATUS_OK && more) {
		if (is_served(r))
			status = refuse_served(r);
		else if (forget_jail_step(&r->what, r->session.store, &more,
					  &why) < 0)
			status = why.kind == FAULT_SETTING ? look_again(r)
							   : edge_fail(&why);
		progress_print(&p, 0, (uint64_t)r->what.done,
			       (uint64_t)r->what.last);
		if (more)
			poll(NULL, 0, PAUSE);
	}
	progress_end(&p);
	return status;
}

/* ---- the answer ---- */

static void describe(const struct removal *r, const struct forgotten *n,
		     char out[TEXT])
{
	snprintf(out, TEXT,
		 "jail '%s', %" PRId64 " failure%s, %" PRId64 " ban%s, %" PRId64
		 " breach%s",
		 name_of(r), n->failures, plural(n->failures), n->bans,
		 plural(n->bans), n->breaches, plural_es(n->breaches));
}

static enum status print(const struct removal *r, const struct forgotten *n)
{
	const struct cli *c = r->cli;
	char text[TEXT];
	struct json *j;

	if (!c->json) {
		describe(r, n, text);
		output_print(&c->out, PLAIN, "%s %s\n",
			     c->dry_run ? "would forget:" : "forgotten:", text);
		return STATUS_OK;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_bool(j, "dry_run", c->dry_run);
	json_text(j, "jail", name_of(r));
	json_number(j, "failures", n->failures);
	json_number(j, "bans", n->bans);
	json_number(j, "logins", 0);
	json_number(j, "breaches", n->breaches);
	json_number(j, "names", 0);
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}

static enum status forget(struct removal *r)
{
	struct forgotten n;
	enum status status = look(r);
	struct fault why;
	char text[TEXT];

	if (status != STATUS_OK)
		return status;
	if (forget_jail_count(r->session.store, r->jail->id, &n, &why) < 0)
		return edge_fail(&why);
	if (r->cli->dry_run)
		return print(r, &n);
	describe(r, &n, text);
	status = confirm(r->cli, "forget %s", text);
	if (status == STATUS_OK)
		status = go_through(r);
	return status == STATUS_OK ? print(r, &r->what.sum) : status;
}

enum status prune_jail(const struct cli *c)
{
	struct removal r = {.cli = c};
	enum status status;

	if (c->words > 1 || c->before != NULL)
		return edge_end(
			STATUS_USAGE,
			"'prune --jail' forgets a whole jail, and takes "
			"neither ADDRESS nor USER nor --before");
	status = session_open(&r.session, c,
			      c->dry_run ? STORE_READ : STORE_WRITE);
	if (status != STATUS_OK)
		return status;
	status = session_wanted(&r.session, c, &r.jail);
	if (status == STATUS_OK)
		status = forget(&r);
	session_close(&r.session);
	return status;
}
