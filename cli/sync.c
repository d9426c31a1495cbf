/* sync: the kernel's sets are made to hold what the database wants, now. */
#include "saslban/sync.h"

#include <time.h>

#include "json.h"
#include "saslban/enforcement.h"
#include "session.h"
#include "verb.h"

struct call {
	const struct cli *cli;
	struct session session;
	struct json *json; /* begun when there is something to say */
	bool broken;       /* the database: the next set fares no better */
};

static const char *entries(size_t n)
{
	return n == 1 ? "entry" : "entries";
}

static void print_set(const struct call *x, const char *set,
		      const struct sync_result *r)
{
	const struct output *out = &x->cli->out;
	char example[ADDRESS_TEXT];

	fprintf(out->file, "%s: %zu %s", set, r->held, entries(r->held));
	if (r->added > 0)
		output_print(out, CARE, ", %zu added", r->added);
	else
		fprintf(out->file, ", nothing to add");
	if (r->missing > 0)
		fprintf(out->file, " (%zu had been lost)", r->missing);
	if (r->removed > 0)
		output_print(out, CARE, ", %zu removed", r->removed);
	if (r->foreign > 0)
		output_print(out, CARE,
			     "; %zu %s of which no ban is known, as "
			     "%s: left alone",
			     r->foreign, entries(r->foreign),
			     address_print(&r->example, example));
	fprintf(out->file, "\n");
}

static void begin_json(struct call *x)
{
	if (x->json != NULL)
		return;
	x->json = json_begin(x->cli->out.file);
	json_number(x->json, "now", x->cli->now);
	json_array(x->json, "sets");
}

static void add_object(struct call *x, const char *jail, const char *set,
		       const struct sync_result *r)
{
	struct json *j;

	begin_json(x);
	j = x->json;
	json_object(j, NULL);
	json_text(j, "jail", jail);
	json_text(j, "set", set);
	json_number(j, "entries", (int64_t)r->held);
	json_number(j, "lost", (int64_t)r->missing);
	json_number(j, "added", (int64_t)r->added);
	json_number(j, "removed", (int64_t)r->removed);
	json_number(j, "foreign", (int64_t)r->foreign);
	json_end(j);
}

/* The kernel counts the seconds of every entry: each step has its own time. */
static int run(struct sync *y, struct fault *why)
{
	bool more = true;
	int result = 0;

	while (result == 0 && more)
		result = sync_step(y, time(NULL), &more, why);
	return result;
}

static enum status refused(struct call *x, const struct fault *why)
{
	x->broken = why->kind == FAULT_STORE || why->kind == FAULT_DAMAGED;
	return edge_fail(why);
}

/* What was done is told also when the rest was refused. */
static enum status sync_set(struct call *x, const struct jail *jail,
			    struct enforcer *e, enum enforcer_set set)
{
	const char *name = e->ops->name(e, set);
	struct fault why;
	struct sync *y;
	bool done;
	int result;

	if (sync_open(&y, x->session.store, e, set, &why) < 0)
		return refused(x, &why);
	result = run(y, &why);
	done = result == 0 || sync_result(y)->added > 0;
	if (done && x->cli->json)
		add_object(x, jail->settings.name, name, sync_result(y));
	else if (done)
		print_set(x, name, sync_result(y));
	sync_close(y);
	return result < 0 ? refused(x, &why) : STATUS_OK;
}

static enum status sync_jail(struct call *x, const struct jail *jail)
{
	enum status worst = STATUS_OK;
	struct enforcer *e;
	struct fault why;

	if (enforcement_open(&e, &jail->settings, &why) < 0)
		return edge_fail(&why);
	for (int set = 0; set < ENFORCER_SETS && !x->broken; set++) {
		enum status status =
			sync_set(x, jail, e, (enum enforcer_set)set);

		if (status != STATUS_OK)
			worst = status;
	}
	e->ops->close(e);
	return worst;
}

/* One that shares its sets with a jail before it is done with that one. */
static enum status sync_jails(struct call *x, const struct jail *wanted)
{
	enum status worst = STATUS_OK;
	size_t n = 0;

	for (size_t i = 0; i < x->session.jails && !x->broken; i++) {
		const struct jail *j = &x->session.jail[i];
		enum status status;

		if (wanted != NULL ? j != wanted || !j->settings.enforce
				   : !session_has_sets(&x->session, j))
			continue;
		n++;
		status = sync_jail(x, j);
		if (status != STATUS_OK)
			worst = status;
	}
	if (n == 0)
		return edge_end(STATUS_NOTHING,
				wanted != NULL ? "jail '%s' only observes"
					       : "no jail of '%s' enforces",
				wanted != NULL ? wanted->settings.name
					       : x->session.database);
	return worst;
}

/* A call that failed and has done nothing prints no document. */
static enum status answer(struct call *x, const struct jail *wanted)
{
	enum status status = sync_jails(x, wanted);

	if (!x->cli->json || (x->json == NULL && status == STATUS_FAILED))
		return status;
	begin_json(x);
	return json_finish(x->json) < 0 ? edge_memory() : status;
}

enum status verb_sync(const struct cli *c)
{
	struct call x = {.cli = c};
	const struct jail *wanted;
	enum status status = session_open(&x.session, c, STORE_WRITE);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&x.session, c, &wanted);
	if (status == STATUS_OK)
		status = answer(&x, wanted);
	session_close(&x.session);
	return status;
}
