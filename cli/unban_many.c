/* unban_many: see unban_many.h. What no ban wants in the kernel's sets is left
 * to the verb for one address. */
#include "unban_many.h"

#include <stdlib.h>
#include <string.h>

#include "confirm.h"
#include "json.h"
#include "kernel.h"
#include "pardon.h"
#include "person.h"
#include "roll.h"
#include "saslban/plural.h"
#include "session.h"

/* A ban that is to be lifted. */
struct lift {
	int64_t jail;
	struct address address;
};

struct amnesty {
	const struct cli *cli;
	struct session session;
	const struct jail *jail; /* NULL: all */
	char who[STORE_WHO];
	struct subject subject; /* of --all ... */
	bool given;             /* ... if there is one, else the jail */
	struct lift *lift;      /* of --all: what runs there */
	size_t lifts;
	struct offense wider; /* one that covers the subject and stays */
	size_t widers;
	struct roll roll; /* of --file */
	size_t *missed;   /* its lines without a ban */
	size_t misses;
	size_t lifted;
};

static int64_t jail_id(const struct amnesty *a)
{
	return a->jail == NULL ? 0 : a->jail->id;
}

/* ---- of a prefix or a jail ---- */

static bool is_meant(const struct amnesty *a, const struct offense *o)
{
	const struct jail *jail = session_jail(&a->session, o->jail);
	struct address offender = a->subject.given;

	if (!a->given || address_contains(&a->subject.given, &o->address))
		return true;
	if (jail != NULL)
		offender = subject_offender(&a->subject, &jail->settings, NULL);
	return address_equal(&offender, &o->address);
}

static int see_ban(void *context, const struct offense *o)
{
	struct amnesty *a = context;
	struct lift *more;

	if (!is_meant(a, o)) {
		if (!o->observed) {
			a->wider = *o;
			a->widers++;
		}
		return 0;
	}
	if ((a->lifts & (a->lifts - 1)) == 0) { /* full: at powers of two */
		more = reallocarray(a->lift, a->lifts == 0 ? 1 : a->lifts * 2,
				    sizeof(*more));
		if (more == NULL)
			return 1;
		a->lift = more;
	}
	a->lift[a->lifts++] = (struct lift){o->jail, o->address};
	return 0;
}

static enum status find(struct amnesty *a)
{
	struct offense_query q = {.jail = jail_id(a),
				  .at = a->given ? &a->subject.given : NULL,
				  .running = true,
				  .now = a->cli->now};
	struct fault why;
	int answer = offense_each(a->session.store, &q, see_ban, a, &why);

	if (answer != 0)
		return answer < 0 ? edge_fail(&why) : edge_memory();
	return STATUS_OK;
}

static int lift_one(struct amnesty *a, int64_t jail,
		    const struct address *address, size_t *n, struct fault *why)
{
	const struct cli *c = a->cli;

	return offense_lift(a->session.store, jail, address, c->now, a->who,
			    c->reason == NULL ? "" : c->reason, false, n, why);
}

static int lift_found(struct amnesty *a, struct fault *why)
{
	size_t n;

	for (size_t i = 0; i < a->lifts; i++) {
		if (lift_one(a, a->lift[i].jail, &a->lift[i].address, &n, why) <
		    0)
			return -1;
		a->lifted += n;
	}
	return 0;
}

/* ---- of a file ---- */

/* As the verb for one address: this very one, and what it stands for. */
static int lift_line(struct amnesty *a, const struct subject *subject,
		     size_t *lifted, struct fault *why)
{
	size_t n;

	if (lift_one(a, jail_id(a), &subject->given, lifted, why) < 0)
		return -1;
	for (size_t i = 0; i < a->session.jails; i++) {
		const struct jail *j = &a->session.jail[i];
		struct address offender =
			subject_offender(subject, &j->settings, NULL);

		if ((a->jail != NULL && a->jail != j) ||
		    address_equal(&offender, &subject->given))
			continue;
		if (lift_one(a, j->id, &offender, &n, why) < 0)
			return -1;
		*lifted += n;
	}
	return 0;
}

static int lift_roll(struct amnesty *a, struct fault *why)
{
	size_t n;

	a->missed = calloc(a->roll.n + 1, sizeof(*a->missed));
	if (a->missed == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < a->roll.n; i++) {
		if (lift_line(a, &a->roll.line[i].subject, &n, why) < 0)
			return -1;
		a->lifted += n;
		if (n == 0)
			a->missed[a->misses++] = i;
	}
	return 0;
}

/* ---- the answer ---- */

/* ` in 198.51.100.0/24 in jail 'sasl'`, as far as it was said. */
static void print_place(const struct amnesty *a, FILE *file)
{
	char text[ADDRESS_TEXT];

	if (a->given)
		fprintf(file, " in %s", address_print(&a->subject.given, text));
	if (a->jail != NULL)
		fprintf(file, " in jail '%s'", a->jail->settings.name);
}

static void print_answer(const struct amnesty *a)
{
	FILE *file = a->cli->out.file;

	fprintf(file, "lifted %zu ban%s", a->lifted, plural(a->lifted));
	print_place(a, file);
	if (a->misses > 0)
		fprintf(file, "; %zu of %zu addresses had none", a->misses,
			a->roll.n);
	fputc('\n', file);
}

static enum status answer(const struct amnesty *a)
{
	char text[ADDRESS_TEXT];
	struct json *j;

	if (!a->cli->json) {
		if (a->lifted > 0)
			print_answer(a);
		return STATUS_OK;
	}
	j = json_begin(a->cli->out.file);
	json_number(j, "now", a->cli->now);
	json_number(j, "lifted_bans", (int64_t)a->lifted);
	json_array(j, "not_banned");
	for (size_t i = 0; i < a->misses; i++)
		json_text(
			j, NULL,
			address_print(&a->roll.line[a->missed[i]].subject.given,
				      text));
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}

static enum status none_found(const struct amnesty *a)
{
	char text[ADDRESS_TEXT];

	if (a->cli->list != NULL)
		return edge_end(STATUS_NOTHING, "%s: nobody in it is banned",
				roll_name(&a->roll));
	if (a->given)
		return edge_end(STATUS_NOTHING,
				"nothing in '%s' is banned%s%s"
				"%s",
				address_print(&a->subject.given, text),
				a->jail == NULL ? "" : " in jail '",
				a->jail == NULL ? "" : a->jail->settings.name,
				a->jail == NULL ? "" : "'");
	return edge_end(STATUS_NOTHING, "nothing is banned in jail '%s'",
			a->jail->settings.name);
}

/* ---- the verb ---- */

/* A set that is gone holds nothing that could be removed from it. */
static enum status settle(const struct amnesty *a)
{
	const struct session *s = &a->session;
	enum status status = STATUS_OK;
	struct fault why;

	for (size_t i = 0; i < s->jails; i++) {
		const struct jail *j = &s->jail[i];

		if (a->jail == NULL ? !session_has_sets(s, j)
				    : a->jail != j || !j->settings.enforce)
			continue;
		if (kernel_work(s, j, a->cli->now, &why) == 0 ||
		    why.kind == FAULT_SET_GONE)
			continue;
		if (kernel_pending(s, j, a->cli->now, &why) != STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}

static enum status ask(const struct amnesty *a)
{
	if (a->cli->list == NULL)
		return a->lifts < 2
			       ? STATUS_OK
			       : confirm(a->cli, "lift %zu bans", a->lifts);
	if (a->roll.n < 2 || roll_is_input(&a->roll))
		return STATUS_OK;
	return confirm(a->cli, "lift the bans of %zu addresses", a->roll.n);
}

static enum status carry_out(struct amnesty *a)
{
	struct store *s = a->session.store;
	enum status settled = STATUS_OK;
	enum status status = ask(a);
	struct fault why;

	if (status != STATUS_OK)
		return status;
	if (store_begin(s, &why) < 0 ||
	    store_end(s,
		      (a->cli->list != NULL ? lift_roll : lift_found)(a, &why),
		      &why) < 0)
		return edge_fail(&why);
	if (a->lifted > 0)
		settled = settle(a);
	status = answer(a);
	if (status == STATUS_OK && a->widers > 0)
		return pardon_wider(&a->subject.given, &a->wider);
	if (status == STATUS_OK && a->lifted == 0)
		return none_found(a);
	return status != STATUS_OK ? status : settled;
}

/* --all of all jails is nobody's wish, but a slip of the finger. */
static enum status read_call(struct amnesty *a)
{
	const struct cli *c = a->cli;

	if (c->list != NULL && c->all)
		return edge_end(STATUS_USAGE,
				"'unban' takes --all or --file, not both");
	if (c->list != NULL)
		return roll_read(&a->roll, c->list);
	a->given = c->words > 1;
	if (a->given)
		return subject_parse(&a->subject, c);
	if (c->jail == NULL)
		return edge_end(STATUS_USAGE, "'unban --all' needs "
					      "ADDRESS/PREFIX or --jail NAME");
	return STATUS_OK;
}

enum status unban_many(const struct cli *c)
{
	struct amnesty a = {.cli = c};
	enum status status = read_call(&a);

	if (status == STATUS_OK)
		status = session_open(&a.session, c, STORE_WRITE);
	if (status == STATUS_OK)
		status = session_wanted(&a.session, c, &a.jail);
	if (status == STATUS_OK && c->list == NULL)
		status = find(&a);
	person_name(a.who, sizeof(a.who));
	if (status == STATUS_OK)
		status = carry_out(&a);
	free(a.lift);
	free(a.missed);
	roll_free(&a.roll);
	session_close(&a.session);
	return status;
}
