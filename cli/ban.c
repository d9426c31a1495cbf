/*
 * ban: an address is banned by hand: recorded first, then put into the kernel.
 * Those of a file are in ban_many.c.
 */
#include "ban_many.h"

#include "bantext.h"
#include "flow.h"
#include "json.h"
#include "kernel.h"
#include "options.h"
#include "order.h"
#include "saslban/duration.h"
#include "verb.h"

/* ---- the answer ---- */

static void print_ban(const struct cli *c, const struct offense *o,
		      bool already)
{
	char address[ADDRESS_TEXT], until[OUTPUT_TIME], text[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, &c->out, 0, "");
	flow_put(&f, PLAIN, "%s %s in jail '%s' ",
		 address_print(&o->address, address),
		 already ? "is banned already" : "banned", o->jail_name);
	output_time(o->until, until);
	if (o->until == DURATION_FOREVER)
		flow_put(&f, PLAIN, "forever");
	else if (already)
		flow_put(&f, PLAIN, "until %s (%s left)", until,
			 output_left(o->until, c->now, text));
	else
		flow_put(&f, PLAIN, "for %s, until %s",
			 duration_length(duration_left(o->until, o->at), text),
			 until);
	flow_put(&f, PLAIN, ", strike %u", o->strike);
	flow_end(&f);
}

static enum status answer(const struct order *o, bool already)
{
	const struct cli *c = o->cli;
	struct offense ban;
	struct fault why;
	struct json *j;
	bool found;

	if (order_ban(o, &ban, &found, &why) < 0)
		return edge_fail(&why);
	if (!c->json) {
		if (found)
			print_ban(c, &ban, already);
		return STATUS_OK;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_bool(j, "already", already);
	json_array(j, "bans");
	if (found)
		bantext_json(j, NULL, &ban, c->now);
	if (json_finish(j) < 0)
		return edge_memory();
	return STATUS_OK;
}

/* ---- the verb ---- */

static int record(struct order *o, bool *already, struct fault *why)
{
	struct store *s = o->session->store;

	if (store_begin(s, why) < 0)
		return -1;
	return store_end(s, order_write(o, already, why), why);
}

static enum status carry_out(struct order *o)
{
	enum status in_kernel = STATUS_OK;
	enum status answered;
	struct fault why;
	bool already = false;
	int settled;

	if (record(o, &already, &why) < 0)
		return edge_fail(&why);
	settled = already ? kernel_settle_seen(o->session, o->jail, &o->address,
					       o->cli->now, &why)
			  : kernel_settle(o->session, o->jail, &o->address,
					  o->cli->now, &why);
	if (settled < 0)
		in_kernel =
			kernel_pending(o->session, o->jail, o->cli->now, &why);
	answered = answer(o, already);
	return answered != STATUS_OK ? answered : in_kernel;
}

static enum status ban_one(struct order *o, const struct subject *subject)
{
	char text[ORDER_TEXT];
	enum status status = order_take(o, subject, text);

	if (status != STATUS_OK)
		return edge_end(status, "%s", text);
	return carry_out(o);
}

static enum status ban_roll(const struct cli *c, struct session *s,
			    struct order *o)
{
	struct roll roll;
	enum status status = roll_read(&roll, c->list);

	if (status == STATUS_OK)
		status = session_open(s, c, STORE_WRITE);
	if (status == STATUS_OK)
		status = order_open(o, c, s);
	if (status == STATUS_OK)
		status = ban_many(o, &roll);
	roll_free(&roll);
	return status;
}

static enum status ban_address(const struct cli *c, struct session *s,
			       struct order *o)
{
	struct subject subject;
	enum status status = subject_parse(&subject, c);

	if (status == STATUS_OK)
		status = session_open(s, c, STORE_WRITE);
	if (status == STATUS_OK)
		status = order_open(o, c, s);
	return status == STATUS_OK ? ban_one(o, &subject) : status;
}

enum status verb_ban(const struct cli *c)
{
	struct session s = {.store = NULL};
	struct order o = {.exempt = NULL};
	enum status status = subject_or_file(c, "ban");
	int64_t unused;

	if (status == STATUS_OK)
		status = options_duration(c, 0, &unused);
	if (status == STATUS_OK)
		status = c->list == NULL ? ban_address(c, &s, &o)
					 : ban_roll(c, &s, &o);
	order_close(&o);
	session_close(&s);
	return status;
}
