/* status: each jail at a glance, and an exit status for those who watch. */
#include "verb.h"

#include "json.h"
#include "overview.h"
#include "session.h"

/* The jail, or all when it is NULL; into the open array, or printed. Adds
 * what is wrong to *trouble. */
static enum status show_jails(const struct cli *c, const struct session *s,
			      const struct jail *only, struct json *j,
			      unsigned *trouble)
{
	struct overview v;
	struct fault why;

	for (size_t i = 0; i < s->jails; i++) {
		if (only != NULL && only != &s->jail[i])
			continue;
		if (overview_take(&v, s, &s->jail[i], c->now, &why) < 0)
			return edge_fail(&why);
		if (c->json) {
			overview_json(&v, j, c->now);
		} else {
			fputc('\n', c->out.file);
			overview_print(&v, &c->out, c->now);
		}
		*trouble |= v.trouble;
		overview_release(&v);
	}
	return STATUS_OK;
}

static enum status show_all(const struct cli *c, const struct session *s,
			    const struct jail *only, unsigned *trouble)
{
	enum status status;
	struct json *j;

	if (!c->json) {
		fprintf(c->out.file, "database %s, %zu jail%s\n", c->database,
			s->jails, s->jails == 1 ? "" : "s");
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

enum status verb_status(const struct cli *c)
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
