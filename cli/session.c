/* session: see session.h. */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "saslban/jail.h"

enum { NAMES = 256 }; /* bytes of a list of jails in a message */

struct loading {
	struct session *session;
	bool failed;
};

static int keep_jail(void *context, const struct jail *j)
{
	struct loading *l = context;
	struct session *s = l->session;
	struct jail *more;

	more = reallocarray(s->jail, s->jails + 1, sizeof(*more));
	if (more == NULL) {
		l->failed = true;
		return 1;
	}
	s->jail = more;
	s->jail[s->jails++] = *j;
	return 0;
}

enum status session_open(struct session *s, const struct cli *c,
			 enum store_mode mode)
{
	struct loading l = {.session = s};
	enum status status = STATUS_OK;
	struct fault why;

	memset(s, 0, sizeof(*s));
	if (access(c->database, F_OK) != 0 && errno == ENOENT)
		return edge_end(
			STATUS_FAILED,
			"no database at '%s'; rsyslogd makes it when it "
			"starts with omsaslban, -d names another",
			c->database);
	if (store_open(&s->store, c->database, mode, &why) < 0)
		return edge_fail(&why);
	if (jail_each(s->store, keep_jail, &l, &why) < 0)
		status = edge_fail(&why);
	else if (l.failed)
		status = edge_memory();
	if (status != STATUS_OK)
		session_close(s);
	return status;
}

void session_close(struct session *s)
{
	store_close(s->store);
	free(s->jail);
	memset(s, 0, sizeof(*s));
}

/* The names of all jails, for a message. */
static char *names(const struct session *s, char buf[NAMES])
{
	size_t used = 0;

	snprintf(buf, NAMES, "none");
	for (size_t i = 0; i < s->jails && used < NAMES; i++)
		used += (size_t)snprintf(buf + used, NAMES - used, "%s%s",
					 i == 0 ? "" : ", ",
					 s->jail[i].settings.name);
	return buf;
}

enum status session_wanted(const struct session *s, const struct cli *c,
			   const struct jail **out)
{
	char all[NAMES];

	*out = NULL;
	if (c->jail == NULL)
		return STATUS_OK;
	for (size_t i = 0; i < s->jails; i++) {
		if (strcmp(s->jail[i].settings.name, c->jail) != 0)
			continue;
		*out = &s->jail[i];
		return STATUS_OK;
	}
	return edge_end(STATUS_NOTHING, "no jail '%s' in '%s'; there are: %s",
			c->jail, c->database, names(s, all));
}

enum status session_one(const struct session *s, const struct cli *c,
			const struct jail **out)
{
	enum status status = session_wanted(s, c, out);
	const struct jail *only = NULL;
	size_t found = 0;
	char all[NAMES];

	if (status != STATUS_OK || *out != NULL)
		return status;
	for (size_t i = 0; i < s->jails; i++) {
		if (!s->jail[i].settings.enforce)
			continue;
		only = &s->jail[i];
		found++;
	}
	if (found == 0)
		return edge_end(STATUS_NOTHING,
				"no jail in '%s' enforces; there are: %s",
				c->database, names(s, all));
	if (found > 1)
		return edge_end(STATUS_USAGE,
				"there are several jails; choose with --jail: "
				"%s",
				names(s, all));
	*out = only;
	return STATUS_OK;
}

const struct jail *session_jail(const struct session *s, int64_t id)
{
	for (size_t i = 0; i < s->jails; i++)
		if (s->jail[i].id == id)
			return &s->jail[i];
	return NULL;
}

bool session_alive(const struct jail *j, int64_t now)
{
	return j->seen != 0 && now - j->seen <= SESSION_ALIVE;
}
