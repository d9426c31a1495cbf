/*
 * simulate_print: what came of a simulation, for people; see simulate.h.
 *
 * What a postmaster wants to know, in this order: was it the right log, how
 * much would have been banned, who of the customers would have called, what
 * else happened; and only then who the banned ones are.
 */
#include "simulate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "breachtext.h"
#include "contrast.h"
#include "flow.h"
#include "table.h"

enum { SHOWN = 20, INDENT = 2, HEADING = 32 };

/* ` A` where there are two. */
static const char *side_name(const struct simulation *s, size_t i,
			     char buf[HEADING])
{
	buf[0] = '\0';
	if (s->sides > 1)
		snprintf(buf, HEADING, " %c", (int)('A' + i));
	return buf;
}

/* ---- the logs ---- */

static void begin_flow(struct flow *f, const struct simulation *s,
		       const char *what, const char *name)
{
	char heading[HEADING];

	snprintf(heading, sizeof(heading), "%s%-*s", what,
		 (int)(12 - strlen(what)), name);
	flow_begin(f, &s->cli->out, 0, heading);
}

static void print_note(const struct simulation *s, const char *heading,
		       uint64_t n, const char *text)
{
	struct flow f;

	if (n == 0)
		return;
	begin_flow(&f, s, heading, "");
	flow_put(&f, CARE, "%" PRIu64 " %s %s", n, n == 1 ? "line" : "lines",
		 text);
	flow_end(&f);
}

static void print_policies(const struct simulation *s)
{
	char name[HEADING];
	struct flow f;

	for (size_t i = 0; i < s->sides; i++) {
		begin_flow(&f, s, "policy", side_name(s, i, name));
		flow_put(&f, PLAIN, "%s", s->side[i].draft.title);
		flow_end(&f);
	}
}

static void print_logs(const struct simulation *s)
{
	char from[OUTPUT_TIME], to[OUTPUT_TIME];
	const struct logs *l = &s->logs;
	struct flow f;

	begin_flow(&f, s, "logs", "");
	flow_put(&f, PLAIN, "%" PRIu64 " %s", l->lines,
		 l->lines == 1 ? "line" : "lines");
	if (l->first != 0)
		flow_put(&f, PLAIN, ", %s to %s", output_time(l->first, from),
			 output_time(l->last, to));
	flow_end(&f);
	print_note(s, "left out", l->undated, "without a date");
	print_note(s, "order", l->behind,
		   "more than an hour older than one before: give the files "
		   "from the oldest to the newest");
	for (size_t i = 0; i < s->matchers; i++)
		print_note(s, "unmatched", matcher_unmatched(&s->matcher[i]),
			   "like failed logins that no rule matches; "
			   "'saslbanctl test' shows them");
}

/* ---- figures ---- */

static const struct column one_side[] = {{.heading = ""},
					 {.heading = "", .kind = COLUMN_NUMBER},
					 {.heading = NULL}};
static const struct column two_sides[] = {
	{.heading = ""},
	{.heading = "A", .kind = COLUMN_NUMBER},
	{.heading = "B", .kind = COLUMN_NUMBER},
	{.heading = NULL}};

static bool is_shown(const struct simulation *s, enum figure figure)
{
	bool always;

	(void)tally_title(figure, &always);
	for (size_t i = 0; i < s->sides && !always; i++)
		always = s->side[i].tally.figure[figure] > 0;
	return always;
}

static enum style style_of(enum figure figure, uint64_t n)
{
	if (n == 0)
		return PLAIN;
	return figure == FIGURE_LOCKOUTS || figure == FIGURE_BREACHES ? BAD
								      : PLAIN;
}

static int print_figures(const struct simulation *s)
{
	struct table *t =
		table_open(s->sides > 1 ? two_sides : one_side, &s->cli->out);
	int result;

	for (int k = 0; k < FIGURES; k++) {
		enum figure figure = (enum figure)k;
		bool unused;

		if (!is_shown(s, figure))
			continue;
		table_cell(t, PLAIN, "%s", tally_title(figure, &unused));
		for (size_t i = 0; i < s->sides; i++) {
			uint64_t n = s->side[i].tally.figure[figure];

			table_cell(t, style_of(figure, n), "%" PRIu64, n);
		}
	}
	fputc('\n', s->cli->out.file);
	result = table_print(t, 0, s->sides > 1);
	table_close(t);
	return result;
}

/* ---- lists ---- */

/* Of which of them so many are shown. */
enum which { THE_FIRST, THE_WORST };

static const char *const behind[] = {
	[THE_FIRST] = "",
	[THE_WORST] = " with the most failures",
};

/* `Breaches A: 30, the first 20`. */
static void print_title(const struct simulation *s, size_t side,
			const char *title, size_t n, size_t shown,
			enum which which)
{
	const struct output *o = &s->cli->out;
	char name[HEADING];

	fputc('\n', o->file);
	output_print(o, STRONG, "%s%s:", title, side_name(s, side, name));
	fprintf(o->file, " %zu", n);
	if (shown < n)
		fprintf(o->file, ", the %s%zu%s",
			which == THE_FIRST ? "first " : "", shown,
			behind[which]);
	fputc('\n', o->file);
}

static size_t most(const struct simulation *s, size_t n)
{
	return s->cli->verbose || n < SHOWN ? n : SHOWN;
}

static int finish_table(struct table *t)
{
	int result = table_print(t, INDENT, true);

	table_close(t);
	return result;
}

static const struct column lockout_columns[] = {
	{.heading = "AT", .kind = COLUMN_TIME},
	{.heading = "USER", .min = 12},
	{.heading = "ADDRESS"},
	{.heading = "BANNED", .below = true},
	{.heading = NULL}};

static int print_lockouts(const struct simulation *s, size_t side)
{
	const struct lockouts *l = &trial_counts(s->side[side].trial)->lockouts;
	char at[OUTPUT_TIME], address[ADDRESS_TEXT];
	struct table *t;

	if (l->n == 0)
		return 0;
	print_title(s, side, "Customers locked out", l->pairs.n, l->n,
		    THE_FIRST);
	t = table_open(lockout_columns, &s->cli->out);
	for (size_t i = 0; i < l->n; i++) {
		const struct lockout *k = &l->shown[i];

		table_cell(t, PLAIN, "%s", output_time(k->at, at));
		table_cell(t, PLAIN, "%s", k->user);
		table_cell(t, PLAIN, "%s", address_print(&k->host, address));
		table_cell(t, PLAIN, "as %s", address_print(&k->ban, address));
	}
	return finish_table(t);
}

static int print_breaches(const struct simulation *s, size_t side)
{
	const struct tally *y = &s->side[side].tally;
	size_t shown = most(s, y->breaches);
	struct table *t;

	if (shown == 0)
		return 0;
	print_title(s, side, "Breaches", y->breaches, shown, THE_FIRST);
	t = table_open(breachtext_columns, &s->cli->out);
	for (size_t i = 0; i < shown; i++)
		breachtext_row(t, &y->breach[i]);
	return finish_table(t);
}

static const struct column outage_columns[] = {
	{.heading = "FROM", .kind = COLUMN_TIME},
	{.heading = "TO", .kind = COLUMN_TIME},
	{.heading = "WHY", .below = true},
	{.heading = NULL}};

static int print_outages(const struct simulation *s, size_t side)
{
	const struct tally *y = &s->side[side].tally;
	size_t shown = most(s, y->outages);
	char at[OUTPUT_TIME];
	struct table *t;

	if (shown == 0)
		return 0;
	print_title(s, side, "Outages", y->outages, shown, THE_FIRST);
	t = table_open(outage_columns, &s->cli->out);
	for (size_t i = 0; i < shown; i++) {
		const struct outage_row *k = &y->outage[i];

		table_cell(t, PLAIN, "%s", output_time(k->since, at));
		table_cell(t, PLAIN, "%s", output_time(k->closed, at));
		table_cell(t, PLAIN, "%s", k->why);
	}
	return finish_table(t);
}

/* ---- bans ---- */

static const struct column ban_columns[] = {
	{.heading = "ADDRESS"},
	{.heading = "AT", .kind = COLUMN_TIME},
	{.heading = "FOR"},
	{.heading = "STRIKE", .kind = COLUMN_NUMBER, .spare = 1},
	{.heading = "FAILURES", .kind = COLUMN_NUMBER, .spare = 2},
	{.heading = "WHY", .below = true},
	{.heading = NULL}};

static uint64_t failures_of(const struct tally_ban *b)
{
	return b->failures + b->kept_out;
}

/* `48h`; `35m 40s, lifted`. */
static void add_length(struct table *t, const struct tally_ban *b)
{
	char length[DURATION_TEXT];

	table_cell(t, PLAIN, "%s%s",
		   duration_length(duration_left(b->until, b->at), length),
		   b->lifted ? ", lifted" : "");
}

static void add_ban(struct table *t, const struct tally_ban *b)
{
	char at[OUTPUT_TIME], address[ADDRESS_TEXT];

	table_cell(t, PLAIN, "%s", address_print(&b->address, address));
	table_cell(t, PLAIN, "%s", output_time(b->at, at));
	add_length(t, b);
	table_cell(t, PLAIN, "%u", b->strike);
	table_cell(t, PLAIN, "%" PRIu64, failures_of(b));
	table_cell(t, PLAIN, "%s", b->why);
}

/* Most failures first, else in the order of time. */
static int compare(const void *a, const void *b)
{
	const struct tally_ban *x = *(const struct tally_ban *const *)a;
	const struct tally_ban *y = *(const struct tally_ban *const *)b;

	if (failures_of(x) != failures_of(y))
		return failures_of(x) < failures_of(y) ? 1 : -1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int print_bans(const struct simulation *s, size_t side,
		      const char *title, const struct tally_ban **ban, size_t n)
{
	size_t shown = most(s, n);
	struct table *t;

	if (n == 0)
		return 0;
	print_title(s, side, title, n, shown, THE_WORST);
	if (shown < n)
		qsort(ban, n, sizeof(*ban), compare);
	t = table_open(ban_columns, &s->cli->out);
	for (size_t i = 0; i < shown; i++)
		add_ban(t, ban[i]);
	return finish_table(t);
}

static int print_all_bans(const struct simulation *s, size_t side)
{
	const struct tally *y = &s->side[side].tally;
	const struct tally_ban **ban = calloc(y->bans + 1, sizeof(*ban));
	int result;

	if (ban == NULL)
		return -1;
	for (size_t i = 0; i < y->bans; i++)
		ban[i] = &y->ban[i];
	result = print_bans(s, side, "Bans", ban, y->bans);
	free(ban);
	return result;
}

/* Whom this side alone would have banned. */
static int print_alone(const struct simulation *s, size_t side)
{
	const struct tally_ban **ban;
	struct fault why;
	size_t n;
	int result;

	if (contrast_take(&s->side[side].tally, &s->side[1 - side].tally, &ban,
			  &n, &why) < 0)
		return -1;
	result = print_bans(s, side, "Banned only by", ban, n);
	free(ban);
	return result;
}

static int print_side(const struct simulation *s, size_t side)
{
	if (print_lockouts(s, side) < 0 || print_breaches(s, side) < 0 ||
	    print_outages(s, side) < 0)
		return -1;
	if (s->sides > 1 && print_alone(s, side) < 0)
		return -1;
	return s->sides == 1 || s->cli->verbose ? print_all_bans(s, side) : 0;
}

int simulate_print(const struct simulation *s, struct fault *why)
{
	int result;

	print_policies(s);
	print_logs(s);
	result = print_figures(s);
	for (size_t i = 0; i < s->sides && result == 0; i++)
		result = print_side(s, i);
	if (result < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}
