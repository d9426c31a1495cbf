/* status: each jail at a glance. */
#include "verb.h"

#include "json.h"
#include "overview.h"
#include "session.h"

/* The jail, or all when it is NULL; into the open array, or printed. */
static enum status tell(const struct cli *c, const struct session *s,
			const struct jail *only, struct json *j)
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
			continue;
		}
		fputc('\n', c->out.file);
		overview_print(&v, &c->out, c->now);
	}
	return STATUS_OK;
}

static enum status tell_all(const struct cli *c, const struct session *s,
			    const struct jail *only)
{
	enum status status;
	struct json *j;

	if (!c->json) {
		fprintf(c->out.file, "database %s, %zu jail%s\n", c->database,
			s->jails, s->jails == 1 ? "" : "s");
		return tell(c, s, only, NULL);
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_text(j, "database", c->database);
	json_array(j, "jails");
	status = tell(c, s, only, j);
	if (json_finish(j) < 0)
		status = edge_memory();
	return status;
}

enum status verb_status(const struct cli *c)
{
	const struct jail *only;
	struct session s;
	enum status status = session_open(&s, c, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &only);
	if (status == STATUS_OK)
		status = tell_all(c, &s, only);
	session_close(&s);
	return status;
}
