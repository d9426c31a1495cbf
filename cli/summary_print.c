/*
 * summary_print: a summary, for people.
 *
 * Totals; the rules, each with an example; then what a postmaster is really
 * here for: the lines that look like failed logins and that no rule knows;
 * at last what was refused, and why.
 */
#include "summary.h"

#include <inttypes.h>
#include <string.h>

#include "saslban/plural.h"
#include "text.h"

enum { SHOWN = 20, SIDE = 6 };

/* One, and more of them; in the order in which they are printed. */
struct count_row {
	enum outcome outcome;
	bool always; /* even when there is none */
	const char *one;
	const char *more;
};

static const struct count_row counts[] = {
	{OUTCOME_FAILURE, true, "failure", "failures"},
	{OUTCOME_DOUBTFUL, false, "doubtful", "doubtful"},
	{OUTCOME_SUMMARY, false, "summary", "summaries"},
	{OUTCOME_SUCCESS, true, "success", "successes"},
	{OUTCOME_TROUBLE, true, "trouble", "trouble"},
	{OUTCOME_NONE, true, "nothing", "nothing"},
};

static const char *lines_word(uint64_t n)
{
	return n == 1 ? "line" : "lines";
}

static void example(const struct output *o, const struct excerpt *e)
{
	fprintf(o->file, "%*s", SIDE, "");
	output_print(o, FAINT, "line %" PRIu64 ": ", e->line);
	excerpt_print(e, o);
	fputc('\n', o->file);
}

static void print_totals(const struct summary *t, const struct matcher *j,
			 const struct output *o)
{
	fputs("filters:", o->file);
	for (size_t i = 0; i < j->specs; i++) {
		fputs(i == 0 ? " " : ", ", o->file);
		text_show(o->file, j->spec[i], o->utf8);
	}
	fprintf(o->file, " (%zu rule%s)\n", t->rules, plural(t->rules));
	output_print(o, STRONG, "%" PRIu64 " %s", t->lines,
		     lines_word(t->lines));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint64_t n = t->outcome[counts[i].outcome];

		if (n == 0 && !counts[i].always)
			continue;
		fprintf(o->file, "%s %" PRIu64 " %s", i == 0 ? ":" : ",", n,
			n == 1 ? counts[i].one : counts[i].more);
		if (i == 0 && t->attempts > n)
			fprintf(o->file, " (%" PRIu64 " attempts)",
				t->attempts);
	}
	fputc('\n', o->file);
}

/* What was read from the example. */
static void print_sighting(const struct output *o, const struct sighting *s)
{
	char ip[ADDRESS_TEXT];

	fprintf(o->file, "%*s", SIDE, "");
	if (s->address.family != ADDRESS_NONE)
		fprintf(o->file, "ip %s", address_print(&s->address, ip));
	else
		fputs("no ip", o->file);
	if (s->user[0] != '\0') {
		fputs(", user ", o->file);
		text_show(o->file, s->user, o->utf8);
	}
	if (s->mech[0] != '\0') {
		fputs(", mech ", o->file);
		text_show(o->file, s->mech, o->utf8);
	}
	if (s->count > 1)
		fprintf(o->file, ", count %u", s->count);
	fputc('\n', o->file);
}

static void print_rules(const struct summary *t, const struct output *o)
{
	for (size_t i = 0; i < t->rules; i++) {
		const struct taken *k = &t->taken[i];

		if (k->lines == 0)
			continue;
		fputc('\n', o->file);
		output_print(o, STRONG, "%s", k->rule.name);
		fprintf(o->file, "  %" PRIu64 " %s, %s", k->lines,
			lines_word(k->lines),
			judge_word(judge_outcome(&k->sighting)));
		if (k->attempts > k->lines)
			fprintf(o->file, ", %" PRIu64 " attempts", k->attempts);
		fputc('\n', o->file);
		example(o, &k->example);
		print_sighting(o, &k->sighting);
	}
}

/* Names of rules, as many as fit on a line. */
static void print_unused(const struct summary *t, const struct output *o)
{
	const char *const title = "matched nothing:";
	size_t column = 0;

	for (size_t i = 0; i < t->rules; i++) {
		const struct taken *k = &t->taken[i];
		size_t n = strlen(k->rule.name);

		if (k->lines > 0 || k->rule.kind >= RULE_IGNORE)
			continue;
		if (column == 0)
			column = (size_t)fprintf(o->file, "\n%s", title) - 1;
		if (column + 1 + n > 78)
			column = (size_t)fprintf(o->file, "\n%*s", SIDE - 1,
						 "") -
				 1;
		fprintf(o->file, " %s", k->rule.name);
		column += 1 + n;
	}
	if (column > 0)
		fputc('\n', o->file);
}

static void print_unmatched(struct shapes *s, const struct output *o, bool all)
{
	size_t shown = all || s->n < SHOWN ? s->n : SHOWN;
	uint64_t rest = s->lines;

	if (s->lines == 0)
		return;
	shapes_sort(s);
	fputc('\n', o->file);
	output_print(o, CARE, "Look like failed logins, and no rule matches:");
	fprintf(o->file, " %" PRIu64 " %s\n", s->lines, lines_word(s->lines));
	for (size_t i = 0; i < shown; i++) {
		const struct shape *one = &s->one[i];

		fprintf(o->file, "  '%s', %" PRIu64 " %s\n", one->unmatched,
			one->lines, lines_word(one->lines));
		example(o, &one->example);
		rest -= one->lines;
	}
	if (rest > 0)
		fprintf(o->file, "  not shown: %" PRIu64 " %s%s\n", rest,
			lines_word(rest),
			shown < s->n ? "; --verbose shows more" : "");
}

static void print_refused(const struct summary *t, const struct output *o)
{
	uint64_t rest = t->refused_lines;

	if (t->refused_lines == 0)
		return;
	fputc('\n', o->file);
	output_print(o, CARE, "Refused, though a rule matches:");
	fprintf(o->file, " %" PRIu64 " %s\n", t->refused_lines,
		lines_word(t->refused_lines));
	for (size_t i = 0; i < t->refusals; i++) {
		const struct refused *r = &t->refused[i];

		fprintf(o->file, "  %s, %" PRIu64 " %s: %s\n", r->rule,
			r->lines, lines_word(r->lines),
			matcher_refusal(r->why));
		example(o, &r->example);
		rest -= r->lines;
	}
	if (rest > 0)
		fprintf(o->file, "  not shown: %" PRIu64 " %s\n", rest,
			lines_word(rest));
}

static void print_limits(const struct matcher *j, const struct output *o)
{
	bool first = true;

	for (size_t i = 0; i < filter_rules(j->filter); i++) {
		struct rule_info r;

		filter_rule(j->filter, i, &r);
		if (r.overruns == 0)
			continue;
		if (first) {
			fputc('\n', o->file);
			output_print(o, CARE, "Ran into limits:");
			fputc('\n', o->file);
		}
		first = false;
		fprintf(o->file, "  %s, %" PRIu64 " %s, ", r.name, r.overruns,
			r.overruns == 1 ? "time" : "times");
		text_show(o->file, r.file, o->utf8);
		fprintf(o->file, ":%u\n", r.line);
	}
}

void summary_print(struct summary *t, const struct matcher *j,
		   const struct output *o, bool all)
{
	print_totals(t, j, o);
	print_rules(t, o);
	print_unused(t, o);
	print_limits(j, o);
	print_unmatched(&t->unmatched, o, all);
	print_refused(t, o);
}
