/* ban_many: see ban_many.h. */
#include "ban_many.h"
#include "confirm.h"
#include "json.h"
#include "kernel.h"

struct count {
	size_t banned;
	size_t already;
};

/* Each line that may not be banned is named. */
static enum status check(struct order *o, struct roll *roll)
{
	enum status worst = STATUS_FAILED;
	char text[ORDER_TEXT];

	for (size_t i = 0; i < roll->n; i++) {
		const struct roll_line *line = &roll->line[i];
		enum status status = order_take(o, &line->subject, text);

		if (status == STATUS_OK)
			continue;
		roll_wrong(roll, line->number, text);
		if (status == STATUS_USAGE)
			worst = status;
	}
	return roll_judge(roll, worst);
}

static int write_all(struct order *o, const struct roll *roll,
		     struct count *count, struct fault *why)
{
	char text[ORDER_TEXT];
	bool already;

	*count = (struct count){0, 0};
	for (size_t i = 0; i < roll->n; i++) {
		(void)order_take(o, &roll->line[i].subject, text);
		if (order_write(o, &already, why) < 0)
			return -1;
		if (already)
			count->already++;
		else
			count->banned++;
	}
	return 0;
}

static enum status answer(const struct order *o, const struct count *n)
{
	const struct cli *c = o->cli;
	struct json *j;

	if (!c->json) {
		fprintf(c->out.file, "%zu banned in jail '%s'", n->banned,
			o->jail->settings.name);
		if (n->already > 0)
			fprintf(c->out.file, ", %zu banned already",
				n->already);
		fputc('\n', c->out.file);
		return STATUS_OK;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_text(j, "jail", o->jail->settings.name);
	json_number(j, "banned", (int64_t)n->banned);
	json_number(j, "already_banned", (int64_t)n->already);
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}

enum status ban_many(struct order *o, struct roll *roll)
{
	struct store *s = o->session->store;
	enum status settled = STATUS_OK;
	enum status status = check(o, roll);
	struct count count;
	struct fault why;

	if (status == STATUS_OK && roll->n > 1 && !roll_is_input(roll))
		status = confirm(o->cli, "ban %zu addresses in jail '%s'",
				 roll->n, o->jail->settings.name);
	if (status != STATUS_OK)
		return status;
	if (store_begin(s, &why) < 0 ||
	    store_end(s, write_all(o, roll, &count, &why), &why) < 0)
		return edge_fail(&why);
	if (kernel_work(o->session, o->jail, o->cli->now, &why) < 0)
		settled =
			kernel_pending(o->session, o->jail, o->cli->now, &why);
	status = answer(o, &count);
	return status != STATUS_OK ? status : settled;
}
