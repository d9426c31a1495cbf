/* allowance: see allowance.h. */
#include "allowance.h"

#include <stdio.h>
#include <stdlib.h>

#include "flow.h"
#include "options.h"
#include "person.h"
#include "saslban/duration.h"

/* ---- what is refused ---- */

/* A slip of the finger must not free a continent. */
static enum status check_width(const struct allowance *o)
{
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < o->n && !o->cli->force; i++) {
		const struct address *a = &o->entry[i].address;
		unsigned least = a->family == ADDRESS_V4 ? 8 : 16;

		if (a->prefix < least)
			return edge_end(STATUS_FAILED,
					"'%s' is wider than /%u; --force "
					"allows it nevertheless",
					address_print(a, text), least);
	}
	return STATUS_OK;
}

struct sum {
	struct address *at;
	size_t n;
};

static int add_address(struct sum *sum, const struct address *a)
{
	struct address *more = reallocarray(sum->at, sum->n + 1, sizeof(*more));

	if (more == NULL)
		return -1;
	sum->at = more;
	sum->at[sum->n++] = *a;
	return 0;
}

static int add_known(void *context, const struct allow *a)
{
	return add_address(context, &a->address) < 0;
}

/* The engines would not take such a list. */
static enum status check_everybody(struct allowance *o)
{
	struct sum sum = {NULL, 0};
	const char *everybody = NULL;
	struct fault why;
	int result;

	result = allow_each(o->pardon.session.store, o->cli->now, add_known,
			    &sum, &why);
	for (size_t i = 0; i < o->n && result == 0; i++)
		result = add_address(&sum, &o->entry[i].address) < 0;
	if (result == 0)
		everybody = settings_everybody(sum.at, sum.n);
	free(sum.at);
	if (result != 0)
		return result < 0 ? edge_fail(&why) : edge_memory();
	if (everybody == NULL)
		return STATUS_OK;
	return edge_end(STATUS_FAILED,
			"refused: every public %s address would be allowed, "
			"and none could be banned",
			everybody);
}

/* ---- the record ---- */

static enum status describe(struct allowance *o)
{
	const struct cli *c = o->cli;
	int64_t duration;
	enum status status = options_duration(c, DURATION_FOREVER, &duration);

	for (size_t i = 0; i < o->n; i++) {
		struct allow *a = &o->entry[i];

		person_name(a->by, sizeof(a->by));
		snprintf(a->comment, sizeof(a->comment), "%s",
			 c->reason == NULL ? "" : c->reason);
		a->at = c->now;
		a->until = duration_after(c->now, duration);
	}
	return status;
}

static int write_entries(struct allowance *o, struct fault *why)
{
	struct pardon *p = &o->pardon;

	for (size_t i = 0; i < o->n; i++) {
		size_t known = p->bans;

		p->subject = (struct subject){o->entry[i].address, true};
		if (allow_put(p->session.store, &o->entry[i], why) < 0 ||
		    pardon_find(p, why) < 0 || pardon_record(p, known, why) < 0)
			return -1;
		o->freed[i] = p->bans;
	}
	return 0;
}

static int record(struct allowance *o, struct fault *why)
{
	struct store *s = o->pardon.session.store;

	if (store_begin(s, why) < 0)
		return -1;
	return store_end(s, write_entries(o, why), why);
}

/* ---- entries, printed ---- */

void allowance_json(struct json *j, const struct allow *a, int64_t now)
{
	char address[ADDRESS_TEXT];

	json_object(j, NULL);
	json_text(j, "address", address_print(&a->address, address));
	json_text(j, "comment", a->comment);
	json_text(j, "by", a->by);
	json_time(j, "at", a->at);
	json_time(j, "until", a->until);
	json_duration(j, "left", duration_left(a->until, now));
	json_end(j);
}

static void print_entry(const struct allowance *o, size_t i)
{
	const struct pardon *p = &o->pardon;
	const struct allow *a = &o->entry[i];
	char address[ADDRESS_TEXT], until[OUTPUT_TIME];
	size_t from = i == 0 ? 0 : o->freed[i - 1];
	struct flow f;

	flow_begin(&f, &o->cli->out, 0, "");
	flow_put(&f, PLAIN, "allowed %s ", address_print(&a->address, address));
	if (a->until == DURATION_FOREVER)
		flow_put(&f, PLAIN, "forever");
	else
		flow_put(&f, PLAIN, "until %s", output_time(a->until, until));
	flow_put(&f, PLAIN, "; bans lifted: %zu", o->freed[i] - from);
	flow_end(&f);
	for (size_t k = from; k < o->freed[i]; k++) {
		const struct address *ban = &p->ban[k].address;
		bool wider = ban->prefix < a->address.prefix;

		pardon_print_ban(p, &p->ban[k],
				 wider ? ", which is wider" : "");
	}
}

static enum status answer(const struct allowance *o)
{
	const struct cli *c = o->cli;
	enum status status;
	struct json *j;

	if (!c->json) {
		for (size_t i = 0; i < o->n; i++)
			print_entry(o, i);
		pardon_print_removed(&o->pardon);
		return STATUS_OK;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_array(j, "allowed");
	for (size_t i = 0; i < o->n; i++)
		allowance_json(j, &o->entry[i], c->now);
	json_end(j);
	status = pardon_json(&o->pardon, j);
	return json_finish(j) < 0 ? edge_memory() : status;
}

/* ---- all of it ---- */

/* Entries of the kernel's sets that no ban wants go, too. One that is wider may
 * be somebody's work, and is named. */
static enum status clear(struct allowance *o)
{
	struct pardon *p = &o->pardon;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < o->n; i++) {
		p->subject.given = o->entry[i].address;
		p->arounds = 0;
		pardon_clear(p);
		if (p->arounds > 0)
			status = pardon_held(p);
	}
	return status;
}

static enum status add(struct allowance *o)
{
	enum status settled, cleared, answered;
	enum status status = check_everybody(o);
	struct fault why;

	if (status != STATUS_OK)
		return status;
	if (record(o, &why) < 0)
		return edge_fail(&why);
	settled = pardon_settle(&o->pardon);
	cleared = clear(o);
	answered = answer(o);
	if (settled != STATUS_OK)
		return settled;
	return cleared != STATUS_OK ? cleared : answered;
}

enum status allowance_add(struct allowance *o)
{
	const char *comment = o->cli->reason;
	char reason[STORE_WHY];
	enum status status = check_width(o);

	snprintf(reason, sizeof(reason), "allowed%s%s",
		 comment == NULL ? "" : ": ", comment == NULL ? "" : comment);
	o->pardon.reason = reason;
	o->pardon.all = true;
	if (status == STATUS_OK)
		status = describe(o);
	if (status == STATUS_OK)
		status = session_open(&o->pardon.session, o->cli, STORE_WRITE);
	if (status != STATUS_OK)
		return status;
	status = add(o);
	pardon_release(&o->pardon);
	session_close(&o->pardon.session);
	return status;
}
