/*
 * import: bans that others have recorded, into the database.
 *
 * All of a file is one transaction. A dry run is the same, and is rolled back,
 * so that it tells what would be.
 */
#include "import.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "verb.h"

/* ---- the zone ---- */

enum { ZONE = 128 };

/* The C library takes any name, and one that it does not know for UTC. */
static bool is_zone(const char *name)
{
	char path[ZONE + 32];

	if (strcmp(name, "UTC") == 0)
		return true;
	if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL ||
	    strlen(name) > ZONE)
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	return access(path, R_OK) == 0;
}

static enum status set_zone(const struct cli *c)
{
	char value[ZONE + 2];

	if (c->zone == NULL || strcmp(c->zone, "local") == 0)
		return STATUS_OK;
	if (!is_zone(c->zone))
		return edge_end(STATUS_USAGE,
				"--zone '%s' is not known; allowed: local, "
				"UTC, and names as Europe/Berlin",
				c->zone);
	snprintf(value, sizeof(value), ":%s", c->zone);
	if (setenv("TZ", value, 1) < 0)
		return edge_memory();
	tzset();
	return STATUS_OK;
}

/* ---- the file ---- */

static int take_all(struct import *m, struct fault *why)
{
	int result;

	if (store_begin(m->session.store, why) < 0)
		return -1;
	progress_begin(&m->progress);
	result = import_read(m, why);
	progress_end(&m->progress);
	if (m->cli->dry_run) {
		store_rollback(m->session.store);
		return result;
	}
	return store_end(m->session.store, result, why);
}

/* Who is to carry out what was recorded. */
static void tell_engine(const struct import *m)
{
	const struct session *s = &m->session;

	if (m->cli->dry_run || m->intake.running == 0)
		return;
	for (size_t i = 0; i < s->jails; i++)
		if (s->jail[i].settings.enforce &&
		    !session_has_engine(s, &s->jail[i], m->cli->now))
			edge_note("jail '%s' has no engine that puts bans into "
				  "the kernel; rsyslogd does when it starts, "
				  "saslbanctl sync does now",
				  s->jail[i].settings.name);
}

static enum status import(struct import *m)
{
	struct fault why;

	if (take_all(m, &why) < 0)
		return edge_fail(&why);
	tell_engine(m);
	if (m->cli->json && import_json(m) != STATUS_OK)
		return STATUS_FAILED;
	if (!m->cli->json)
		import_print(m);
	return m->bad > 0 ? STATUS_FAILED : STATUS_OK;
}

static enum status open_and_import(struct import *m)
{
	enum status status = session_open(&m->session, m->cli, STORE_WRITE);

	if (status != STATUS_OK)
		return status;
	status = intake_open(&m->intake, m->cli, &m->session);
	if (status == STATUS_OK)
		status = import(m);
	intake_close(&m->intake);
	session_close(&m->session);
	return status;
}

/* What it is must be said of standard input, before any of that is read. */
static enum status read_kind(struct import *m)
{
	bool unsaid = m->cli->from == NULL && strcmp(m->path, "-") == 0;
	struct fault why;

	if (!unsaid && import_copy(m, &why) < 0)
		return edge_fail(&why);
	return import_kind(m);
}

/* ---- the verb ---- */

enum status verb_import(const struct cli *c)
{
	struct import *m;
	enum status status;

	if (c->jail_local)
		return import_jails(c);
	if (c->words > 2)
		return edge_end(STATUS_USAGE,
				"'import' has no use for '%s': one file at a "
				"time",
				c->word[2]);
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return edge_memory();
	m->cli = c;
	m->path = m->source = c->word[1];
	status = set_zone(c);
	if (status == STATUS_OK)
		status = read_kind(m);
	if (status == STATUS_OK)
		status = open_and_import(m);
	free(m);
	return status;
}
