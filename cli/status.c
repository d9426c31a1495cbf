/* status: each jail at a glance, and an exit status for those who watch. */
#include "verb.h"

#include "json.h"
#include "overview.h"
#include "saslban/plural.h"
#include "session.h"
#include "watch.h"

static enum status show_jail(const struct cli *c, const struct overview *v)
{
	if (c->verbose)
		overview_print(v, &c->out, c->now);
	else if (overview_print_brief(v, &c->out, c->now) < 0)
		return edge_memory();
	return STATUS_OK;
}

/* The jail, or all when it is NULL; into the open array, or printed. Adds
 * what is wrong to *trouble. */
static enum status show_jails(const struct cli *c, const struct session *s,
			      const struct jail *only, struct json *j,
			      unsigned *trouble)
{
	enum status result = STATUS_OK;
	struct overview v;
	struct fault why;

	for (size_t i = 0; i < s->jails && result == STATUS_OK; i++) {
		if (only != NULL && only != &s->jail[i])
			continue;
		if (overview_take(&v, s, &s->jail[i], c->now, &why) < 0)
			return edge_fail(&why);
		if (c->json) {
			overview_json(&v, j, c->now);
		} else {
			fputc('\n', c->out.file);
			result = show_jail(c, &v);
		}
		*trouble |= v.trouble;
		overview_release(&v);
	}
	return result;
}

static enum status show_all(const struct cli *c, const struct session *s,
			    const struct jail *only, unsigned *trouble)
{
	enum status status;
	struct json *j;

	if (!c->json) {
		fprintf(c->out.file, "database %s, %zu jail%s\n", c->database,
			s->jails, plural(s->jails));
		return show_jails(c, s, only, NULL, trouble);
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_text(j, "database", c->database);
	json_array(j, "jails");
	status = show_jails(c, s, only, j, trouble);
	if (json_finish(j) < 0)
		status = edge_memory();
	return status;
}

/* The worst of it. */
static enum status status_of(unsigned trouble)
{
	if ((trouble & OVERVIEW_NO_ENGINE) != 0)
		return STATUS_NO_ENGINE;
	if ((trouble & OVERVIEW_KERNEL) != 0)
		return STATUS_KERNEL;
	if ((trouble & OVERVIEW_NO_RULE) != 0)
		return STATUS_NO_RULE;
	return STATUS_OK;
}

static enum status show_status(const struct cli *c)
{
	const struct jail *only;
	unsigned trouble = 0;
	struct session s;
	enum status status = session_open(&s, c, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &only);
	if (status == STATUS_OK)
		status = show_all(c, &s, only, &trouble);
	if (s.jails == 0)
		trouble |= OVERVIEW_NO_ENGINE;
	session_close(&s);
	return status != STATUS_OK ? status : status_of(trouble);
}

enum status verb_status(const struct cli *c)
{
	const char *operand = c->words > 1 ? c->word[1] : NULL;
	enum status status;
	int seconds;

	if (!c->watch && operand != NULL)
		return edge_end(STATUS_USAGE,
				"'status' has no use for '%s' without --watch",
				operand);
	if (!c->watch)
		return show_status(c);
	status = watch_pause(operand, &seconds);
	return status == STATUS_OK ? watch(c, seconds, show_status) : status;
}
