/* session: see session.h. */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "saslban/allowed.h"
#include "saslban/hostname.h"

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

int session_try(struct session *s, const struct cli *c, enum store_mode mode,
		struct fault *why)
{
	struct loading l = {.session = s};
	int result;

	memset(s, 0, sizeof(*s));
	s->database = c->database;
	s->now = c->now;
	if (access(c->database, F_OK) != 0 && errno == ENOENT)
		return fault_set(why, FAULT_STORE,
				 "no database at '%s'; rsyslogd makes it when "
				 "it starts with omsaslban, -d names another",
				 c->database);
	if (store_open(&s->store, c->database, mode, why) < 0)
		return -1;
	result = jail_each(s->store, keep_jail, &l, why);
	if (result == 0 && l.failed)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	if (result < 0)
		session_close(s);
	return result < 0 ? -1 : 0;
}

enum status session_open(struct session *s, const struct cli *c,
			 enum store_mode mode)
{
	struct fault why;

	if (session_try(s, c, mode, &why) < 0)
		return edge_fail(&why);
	return STATUS_OK;
}

void session_close(struct session *s)
{
	geo_close(s->geo);
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

bool session_has_sets(const struct session *s, const struct jail *j)
{
	for (const struct jail *other = s->jail; other < j; other++)
		if (other->settings.enforce &&
		    strcmp(other->settings.set, j->settings.set) == 0)
			return false;
	return j->settings.enforce;
}

enum alive_state session_engine(const struct session *s, const struct jail *j)
{
	return alive_check(s->database, j->id);
}

bool session_has_engine(const struct session *s, const struct jail *j,
			int64_t now)
{
	switch (session_engine(s, j)) {
	case ALIVE_RUNS:
		return true;
	case ALIVE_NOT:
		return false;
	case ALIVE_UNKNOWN:
		break;
	}
	return j->seen != 0 && now - j->seen <= SESSION_SILENT;
}

static int remember(void *context, const char *name,
		    const struct address *address, int64_t at)
{
	exempt_remember(context, name, address, at);
	return 0;
}

static void print_trouble(const struct session *s, const struct jail *j,
			  struct exempt *x)
{
	struct exempt_news news;

	while (exempt_news(x, s->now, &news))
		if (news.trouble)
			edge_note("jail '%s': %s", j->settings.name, news.text);
}

int session_exempt(const struct session *s, const struct jail *j,
		   struct exempt **out, struct fault *why)
{
	struct exempt *x;

	if (exempt_open(&x, &j->settings, why) < 0)
		return -1;
	exempt_read_files(x);
	if (allowed_load(x, s->store, (struct moment){.wall = s->now}, why) <
		    0 ||
	    hostname_each(s->store, remember, x, why) < 0) {
		exempt_close(x);
		return -1;
	}
	print_trouble(s, j, x);
	*out = x;
	return 0;
}
