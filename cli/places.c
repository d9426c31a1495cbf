/* places: see places.h. */
#include "places.h"

#include <string.h>
#include <strings.h>

#include "explain.h"
#include "flow.h"
#include "prospect.h"
#include "table.h"

/* One has a domain, and the other has not: the memory takes them for one where
 * lines of one address are compared. */
static bool is_kin(const char *a, const char *b)
{
	size_t n = strcspn(a, "@");

	return n == strcspn(b, "@") && n > 0 && strncasecmp(a, b, n) == 0 &&
	       (a[n] == '\0') != (b[n] == '\0');
}

void places_note_name(struct places *p, const char *name)
{
	if (!is_kin(p->user, name) || p->names == PLACES_NAMES)
		return;
	for (size_t i = 0; i < p->names; i++)
		if (strcasecmp(p->name[i], name) == 0)
			return;
	snprintf(p->name[p->names++], sizeof(p->name[0]), "%s", name);
}

/* The earliest come first. */
static int see_login(void *context, const struct login *l)
{
	struct places *p = context;
	size_t moved = p->shown;

	if (strcasecmp(l->user, p->user) != 0) {
		places_note_name(p, l->user);
		return 0;
	}
	p->n++;
	if (p->shown < PLACES_SHOWN)
		p->shown++;
	else
		moved--;
	memmove(&p->place[1], &p->place[0], moved * sizeof(p->place[0]));
	p->place[0] = (struct place){.login = *l};
	return 0;
}

int places_take(struct places *out, const struct inquiry *q, const char *user,
		struct fault *why)
{
	memset(out, 0, sizeof(*out));
	out->user = user;
	if (login_each(q->session->store, 0, 0, see_login, out, why) < 0)
		return -1;
	for (; out->asked < out->shown && out->asked < PLACES_ASKED;
	     out->asked++) {
		struct place *p = &out->place[out->asked];

		p->exempt = exempt_find(q->exempt, &p->login.address, NULL);
		if (inquiry_ask(q, &p->login.address, user, &p->next, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- for people ---- */

static const struct column columns[] = {
	{.heading = "LAST", .kind = COLUMN_TIME},
	{.heading = "FIRST", .kind = COLUMN_TIME},
	{.heading = "ADDRESS"},
	{.heading = NULL},
};

int places_print(const struct places *p, const struct output *o)
{
	char first[OUTPUT_TIME], last[OUTPUT_TIME], text[ADDRESS_TEXT];
	struct table *t;
	int result;

	if (p->n == 0) {
		fputs("    logins   none is known\n", o->file);
		return 0;
	}
	fputs("    logins", o->file);
	if (p->n > p->shown)
		fprintf(o->file, ", the latest %zu of %zu", p->shown, p->n);
	fputc('\n', o->file);
	t = table_open(columns, o);
	for (size_t i = 0; i < p->shown; i++) {
		const struct login *l = &p->place[i].login;

		table_cell(t, PLAIN, "%s", output_time(l->last, last));
		table_cell(t, PLAIN, "%s", output_time(l->first, first));
		table_cell(t, PLAIN, "%s", address_print(&l->address, text));
	}
	result = table_print(t, EXPLAIN_INDENT + 2, true);
	table_close(t);
	return result;
}

void places_print_names(const struct places *p, const struct output *o)
{
	struct flow f;

	if (p->names == 0)
		return;
	flow_begin(&f, o, EXPLAIN_INDENT, "see also ");
	for (size_t i = 0; i < p->names; i++)
		flow_put(&f, PLAIN, "%s'%s'", i == 0 ? "" : ", ", p->name[i]);
	flow_end(&f);
}

/* ---- for programs ---- */

void places_json(const struct places *p, struct json *j,
		 const struct policy *policy)
{
	char text[ADDRESS_TEXT];

	json_array(j, "see_also");
	for (size_t i = 0; i < p->names; i++)
		json_text(j, NULL, p->name[i]);
	json_end(j);
	json_array(j, "logins");
	for (size_t i = 0; i < p->shown; i++) {
		const struct place *x = &p->place[i];

		json_object(j, NULL);
		json_text(j, "address", address_print(&x->login.address, text));
		json_number(j, "first", x->login.first);
		json_number(j, "last", x->login.last);
		if (i < p->asked) {
			json_bool(j, "exempt", x->exempt);
			prospect_json(j, "next", NULL, policy, &x->next);
		}
		json_end(j);
	}
	json_end(j);
}
