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
	LEAST = 50000,       /* combinations, or the test is worth nothing */
	EXIM_RECORD = 870,   /* bytes of a message in one record */
	COURIER_FIRST = 505, /* the same, without `INFO: ` */
	COURIER_RECORD = 511
};

struct trial {
	const struct injection_template *template;
	struct injection *j;
};

/* What a sender puts around it to get out of where he is. */
static const struct wrap {
	const char *open, *shut;
} wraps[] = {
	{"", ""},        {"x ", " y"},     {"x) ", " (y"}, {"x>, ", " <y"},
	{"x], ", " [y"}, {"x\" ", " \"y"}, {"x' ", " 'y"}, {"x, ", ", y"},
	{"x: ", ""},     {"x\n", "\ny"},   {"x#012", ""},  {"x]: ", " ["},
};

/* ---- one record ---- */

/* A filter that is told that a proxy overwrites a header does not judge lines
 * in which the sender wrote it. */
static bool out_of_place(const struct trial *trial,
			 const struct injection_jail *jail)
{
	return jail != &trial->j->shipped &&
	       strcmp(trial->j->spec[jail - trial->j->mode],
		      "sogo[proxy=set]") == 0 &&
	       strncmp(trial->template->title, "sogo: forwarding header", 23) ==
		       0;
}

/* What one jail makes of it. A mode other than the usual one may also take a
 * line that is innocent otherwise, but by its own address alone. */
static enum sighting_kind ask(const struct trial *trial,
			      const struct injection_jail *jail,
			      struct logline *line)
{
	const struct injection_template *t = trial->template;
	struct sighting s = {.kind = SIGHTING_NOTHING};
	char shown[ADDRESS_TEXT] = "";
	const char *truth = t->truth == NULL ? "" : t->truth;

	if (filter_match(jail->filter, jail->scratch, line, &s) ==
	    SIGHTING_NOTHING)
		return SIGHTING_NOTHING;
	if (s.address.family != ADDRESS_NONE)
		address_print(&s.address, shown);
	if (s.kind == t->kind && strcmp(shown, truth) == 0 &&
	    (s.sort == t->sort || jail != &trial->j->shipped))
		return s.kind;
	if (jail != &trial->j->shipped && s.kind == SIGHTING_FAILURE &&
	    (strcmp(shown, INJECTION_TRUE4) == 0 ||
	     strcmp(shown, INJECTION_TRUE6) == 0))
		return s.kind;
	fail_msg("%s: %s found '%s' (verdict %d) in: %.*s", t->title, s.rule,
		 shown, (int)s.kind, (int)line->text.len, line->text.at);
	return SIGHTING_NOTHING;
}

static enum sighting_kind judge(const struct trial *trial, const char *text,
				size_t len)
{
	struct logline line = {.arrived = 1800000000, .reported = 1800000000};

	logline_cut(&line, text, len);
	for (size_t i = 0; i < trial->j->modes; i++)
		if (!out_of_place(trial, &trial->j->mode[i]))
			(void)ask(trial, &trial->j->mode[i], &line);
	return ask(trial, &trial->j->shipped, &line);
}

static enum sighting_kind record(const struct trial *trial, const char *mark,
				 const char *message, size_t len)
{
	int n = snprintf(trial->j->text, sizeof(trial->j->text), "%s%s%.*s",
			 trial->template->tag, mark, (int)len, message);

	return judge(trial, trial->j->text, (size_t)n);
}

/* ---- a line to records; each gives what the first one gave ---- */

static enum sighting_kind split_courier(const struct trial *trial,
					const char *message, size_t len)
{
	static const char *const severity[] = {
		"ERR:", "WARN:", "ALERT:", "CRIT:", "DEBUG:", "INFO:"};
	size_t n = len < COURIER_FIRST ? len : COURIER_FIRST;
	enum sighting_kind kind = record(trial, "", message, n);

	for (message += n, len -= n; len > 0; message += n, len -= n) {
		size_t skip = 0;

		n = len < COURIER_RECORD ? len : COURIER_RECORD;
		for (size_t i = 0; i < 6 && skip == 0; i++)
			if (strncmp(message, severity[i],
				    strlen(severity[i])) == 0)
				skip = strlen(severity[i]);
		while (skip < n && message[skip] == ' ')
			skip++;
		(void)record(trial, "", message + skip, n - skip);
	}
	return kind;
}

static enum sighting_kind split_exim(const struct trial *trial,
				     const char *message, size_t len)
{
	enum sighting_kind kind;

	if (len <= EXIM_RECORD)
		return record(trial, "", message, len);
	kind = record(trial, "[1/2] ", message, EXIM_RECORD);
	(void)record(trial, "[2/2] ", message + EXIM_RECORD, len - EXIM_RECORD);
	return kind;
}

static enum sighting_kind split_lines(const struct trial *trial,
				      const char *message)
{
	size_t n = strcspn(message, "\n");
	enum sighting_kind kind = record(trial, "", message, n);

	while (message[n] != '\0') {
		message += n + 1;
		n = strcspn(message, "\n");
		(void)record(trial, "", message, n);
	}
	return kind;
}

/* ---- one attack ---- */

/* Puts field into the line, cuts it behind limit bytes if that is not 0, and
 * lets it be logged. */
static enum sighting_kind strike(const struct trial *trial, const char *field,
				 size_t limit)
{
	const struct injection_template *t = trial->template;
	const char *mark = strchr(t->message, INJECTION_FIELD[0]);
	size_t n = (size_t)(mark - t->message), rest = strlen(mark + 1);
	char *line = trial->j->line;

	memcpy(line, t->message, n);
	n += t->write(line + n, INJECTION_LONGEST - n - rest - 1, field);
	memcpy(line + n, mark + 1, rest);
	n += rest;
	if (t->cut > 0 && n > t->cut)
		n = t->cut;
	if (limit > 0 && n > limit)
		n = limit;
	line[n] = '\0';
	if (t->before != NULL)
		(void)judge(trial, t->before, strlen(t->before));
	trial->j->combinations++;
	switch (t->split) {
	case SPLIT_COURIER:
		return split_courier(trial, line, n);
	case SPLIT_EXIM:
		return split_exim(trial, line, n);
	case SPLIT_LINES:
		return split_lines(trial, line);
	case SPLIT_NONE:
	case SPLIT_CUT:
		break;
	}
	return record(trial, "", line, n);
}

static void fill(char *out, size_t n)
{
	memset(out, 'A', n);
	out[n] = '\0';
}

/* Padded so that the line's byte number `at` is the first of text. */
static void strike_from(const struct trial *trial, const char *text, size_t at,
			size_t limit)
{
	size_t head = strcspn(trial->template->message, INJECTION_FIELD);

	if (at < head)
		return;
	fill(trial->j->field, at - head);
	strcat(trial->j->field, text);
	(void)strike(trial, trial->j->field, limit);
}

/* Padded so that text ends there. */
static void strike_to(const struct trial *trial, const char *text, size_t at,
		      size_t limit)
{
	size_t len = strlen(text);

	if (at >= len)
		strike_from(trial, text, at - len, limit);
}

/* Stretched in its own login name to fill a record of Courier's. */
static void strike_filled(const struct trial *trial, const char *text)
{
	char *out = trial->j->wrapped;
	const char *name = strstr(text, "user=");
	size_t len = strlen(text), head;

	if (name == NULL || len >= COURIER_RECORD)
		return;
	head = (size_t)(name - text) + 5;
	memcpy(out, text, head);
	fill(out + head, COURIER_RECORD - len);
	strcat(out, text + head);
	strike_from(trial, out, COURIER_FIRST, 0);
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
		strike_from(trial, text, EXIM_RECORD, 0);
		strike_to(trial, text, EXIM_RECORD, 0);
	}
	if (t->split == SPLIT_COURIER) {
		strike_from(trial, text, COURIER_FIRST, 0);
		strike_to(trial, text, COURIER_FIRST, 0);
		strike_filled(trial, text);
	}
}

static void strike_wrapped(const struct trial *trial, const char *text)
{
	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		snprintf(trial->j->wrapped, sizeof(trial->j->wrapped), "%s%s%s",
			 wraps[i].open, text, wraps[i].shut);
		(void)strike(trial, trial->j->wrapped, 0);
	}
}

static void template_test(void **state)
{
	const struct trial *trial = *state;

	assert_int_equal(strike(trial, "alice", 0), trial->template->kind);
	for (size_t i = 0; i < trial->j->payloads; i++) {
		const struct injection_payload *p = &trial->j->payload[i];
		const char *word = p->address;
		const char *part[3] = {p->whole, p->message, NULL};

		while (word > p->message && word[-1] != ' ')
			word--;
		part[2] = word;
		for (size_t k = 0; k < 3; k++) {
			strike_wrapped(trial, part[k]);
			strike_cuts(trial, part[k]);
		}
	}
}

static void enough_test(void **state)
{
	const struct trial *trial = *state;

	printf("# %zu combinations of %zu guilty texts and %zu lines\n",
	       trial->j->combinations, trial->j->payloads,
	       injection_template_count);
	assert_in_range(trial->j->combinations, LEAST, SIZE_MAX);
}

int main(void)
{
	size_t n = injection_template_count;
	struct CMUnitTest *tests = calloc(n + 1, sizeof(*tests));
	struct trial *trial = calloc(n + 1, sizeof(*trial));
	struct injection *j = calloc(1, sizeof(*j));
	int result;

	if (tests == NULL || trial == NULL || j == NULL)
		return 99;
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
