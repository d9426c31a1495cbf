/*
 * injection: no text of a sender's own may bring an address to grief.
 *
 * Every guilty line of tests/samples, whole and in parts, behind every kind of
 * bracket and quote, goes into every field that a sender can write into, of
 * every server that we have a filter for; and, where a server or the log cuts
 * lines, so that the cut falls right before or right behind it. All shipped
 * filters judge the outcome at once, and each in its other modes. What they may
 * find is the line's true address and the verdict that the line has without all
 * this, or nothing.
 */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "injection.h"

enum {
	EIGHTH = 8,
	LEAST = 500000, /* or the test is worth nothing */
	LEAST_LONG = 1000000
};

/* What a sender puts around it to get out of where he is. */
static const struct wrap {
	const char *open, *shut;
} wraps[] = {
	{"", ""},        {"x ", " y"},     {"x) ", " (y"}, {"x>, ", " <y"},
	{"x], ", " [y"}, {"x\" ", " \"y"}, {"x' ", " 'y"}, {"x, ", ", y"},
	{"x: ", ""},     {"x\n", "\ny"},   {"x#012", ""},  {"x]: ", " ["},
};

void injection_fill(char *out, size_t n)
{
	memset(out, 'A', n);
	out[n] = '\0';
}

void injection_strike_from(const struct trial *trial, const char *text,
			   size_t at, size_t limit)
{
	size_t head = strcspn(trial->template->message, INJECTION_FIELD);

	if (at < head)
		return;
	injection_fill(trial->j->field, at - head);
	strcat(trial->j->field, text);
	(void)injection_strike(trial, trial->j->field, limit);
}

/* Padded so that text ends there. */
static void strike_to(const struct trial *trial, const char *text, size_t at,
		      size_t limit)
{
	size_t len = strlen(text);

	if (at >= len)
		injection_strike_from(trial, text, at - len, limit);
}

/* Stretched in its own login name to fill a record of Courier's. */
static void strike_filled(const struct trial *trial, const char *text)
{
	char *out = trial->j->wrapped;
	const char *name = strstr(text, "user=");
	size_t len = strlen(text), head;

	if (name == NULL || len >= INJECTION_COURIER)
		return;
	head = (size_t)(name - text) + 5;
	memcpy(out, text, head);
	injection_fill(out + head, INJECTION_COURIER - len);
	strcat(out, text + head);
	injection_strike_from(trial, out, INJECTION_COURIER_FIRST, 0);
}

/* Where lines are cut: by whoever logs, by rsyslog's message size (1k, 2k, 4k
 * less the header), by us. */
static void strike_cuts(const struct trial *trial, const char *text)
{
	static const size_t limits[] = {984, 2008, 4056, LOGLINE_MAX};
	const struct injection_template *t = trial->template;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		size_t at = limits[i] - strlen(t->tag);

		strike_to(trial, text, at, limits[i] == LOGLINE_MAX ? 0 : at);
	}
	if (t->cut > 0)
		strike_to(trial, text, t->cut, 0);
	if (t->split == SPLIT_EXIM) {
		injection_strike_from(trial, text, INJECTION_EXIM, 0);
		strike_to(trial, text, INJECTION_EXIM, 0);
	}
	if (t->split == SPLIT_COURIER) {
		injection_strike_from(trial, text, INJECTION_COURIER_FIRST, 0);
		strike_to(trial, text, INJECTION_COURIER_FIRST, 0);
		strike_filled(trial, text);
	}
}

static void strike_wrapped(const struct trial *trial, const char *text)
{
	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		snprintf(trial->j->wrapped, sizeof(trial->j->wrapped), "%s%s%s",
			 wraps[i].open, text, wraps[i].shut);
		(void)injection_strike(trial, trial->j->wrapped, 0);
	}
}

/* The short form tries all texts of the line's own program, and of those of
 * others every eighth, each line another eighth. */
static bool is_tried(const struct trial *trial, size_t i)
{
	const char *tag = trial->template->tag;
	size_t nth = (size_t)(trial->template - injection_templates);

	return trial->j->every_cut || i % EIGHTH == nth % EIGHTH ||
	       strncmp(trial->j->payload[i].whole, tag, strcspn(tag, "[: ")) ==
		       0;
}

static void template_test(void **state)
{
	const struct trial *trial = *state;

	assert_int_equal(injection_strike(trial, "alice", 0),
			 trial->template->kind);
	for (size_t i = 0; i < trial->j->payloads; i++) {
		const struct injection_payload *p = &trial->j->payload[i];
		const char *word = p->address;
		const char *part[3] = {p->whole, p->message, NULL};

		if (!is_tried(trial, i))
			continue;
		while (word > p->message && word[-1] != ' ')
			word--;
		part[2] = word;
		for (size_t k = 0; k < 3; k++) {
			strike_wrapped(trial, part[k]);
			strike_cuts(trial, part[k]);
		}
		injection_stretch(trial, p->message);
	}
}

static void enough_test(void **state)
{
	const struct trial *trial = *state;

	printf("# %zu combinations of %zu guilty texts and %zu lines\n",
	       trial->j->combinations, trial->j->payloads,
	       injection_template_count);
	assert_in_range(trial->j->combinations,
			trial->j->every_cut ? LEAST_LONG : LEAST, SIZE_MAX);
}

int main(int argc, char **argv)
{
	size_t n = injection_template_count;
	struct CMUnitTest *tests = calloc(n + 1, sizeof(*tests));
	struct trial *trial = calloc(n + 1, sizeof(*trial));
	struct injection *j = calloc(1, sizeof(*j));
	int result;

	if (tests == NULL || trial == NULL || j == NULL)
		return 99;
	j->every_cut = argc > 1 && strcmp(argv[1], "long") == 0;
	injection_load(j);
	for (size_t i = 0; i <= n; i++) {
		trial[i].j = j;
		tests[i].initial_state = &trial[i];
		tests[i].name = "these were enough";
		tests[i].test_func = enough_test;
	}
	for (size_t i = 0; i < n; i++) {
		trial[i].template = &injection_templates[i];
		tests[i].name = injection_templates[i].title;
		tests[i].test_func = template_test;
	}
	result = _cmocka_run_group_tests("injection", tests, n + 1, NULL, NULL);
	injection_drop(j);
	free(j);
	free(trial);
	free(tests);
	return result;
}
