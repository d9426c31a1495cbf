/* scenario_read: a file of scenarios, see scenario.h. */
#include "scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"

enum { SPECS = 8 };

struct reader {
	const char *path;
	const char *filters; /* the directory */
	FILE *in;
	unsigned line;
	char text[TEXT];
	bool held; /* text was read and not taken */
	struct settings base;
	struct source source;
	int64_t last;
};

void complain(const struct scenario *s, unsigned line, const char *format, ...)
{
	va_list ap;

	printf("# %s:%u: %s: ", s->path, line, s->name);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
}

struct reader *reader_open(const char *path, const char *filters)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->path = path;
	r->filters = filters;
	r->in = fopen(path, "r");
	settings_init(&r->base);
	(void)settings_check(&r->base, NULL);
	if (r->in == NULL) {
		printf("# %s: cannot be read\n", path);
		free(r);
		return NULL;
	}
	return r;
}

static void forget_filter(struct reader *r)
{
	filter_scratch_close(r->source.scratch);
	filter_close(r->source.filter);
	r->source = (struct source){NULL, NULL};
}

void reader_close(struct reader *r)
{
	if (r == NULL)
		return;
	forget_filter(r);
	fclose(r->in);
	free(r);
}

/* The next line that says something; false at the end. */
static bool next_line(struct reader *r)
{
	if (r->held) {
		r->held = false;
		return true;
	}
	while (fgets(r->text, sizeof(r->text), r->in) != NULL) {
		r->line++;
		r->text[strcspn(r->text, "\n")] = '\0';
		if (r->text[0] != '\0' && r->text[0] != '#')
			return true;
	}
	return false;
}

/* ---- what a line says ---- */

/* `maxretry=3 bantime=48h,8d`: as in the action, a list by commas. */
static const char *take_policy(struct settings *s, char *text)
{
	static struct fault why;
	char *word, *value, *entry;

	while ((word = strsep(&text, " ")) != NULL) {
		const struct settings_row *row;

		if (*word == '\0')
			continue;
		value = strchr(word, '=');
		if (value == NULL)
			return "this is no parameter=value";
		*value++ = '\0';
		row = settings_find(word);
		if (row != NULL) /* it replaces what the file says */
			s->given &= ~(UINT64_C(1) << (row - settings_table));
		while ((entry = strsep(&value, ",")) != NULL)
			if (settings_set(s, word, entry, &why) < 0)
				return why.text;
	}
	return settings_check(s, &why) < 0 ? why.text : NULL;
}

static const char *take_filters(struct reader *r, char *text)
{
	static struct fault why;
	const char *spec[SPECS];
	char *word;
	size_t n = 0;

	forget_filter(r);
	while ((word = strsep(&text, " ")) != NULL && n < SPECS)
		if (*word != '\0')
			spec[n++] = word;
	if (filter_open(&r->source.filter, spec, n, &r->filters, 1, &why) < 0)
		return why.text;
	r->source.scratch = filter_scratch_open(r->source.filter);
	return r->source.scratch == NULL ? "out of memory" : NULL;
}

static const char *take_result(struct results *out, unsigned line,
			       const char *text)
{
	struct result *r;

	if (strncmp(text, "no ", 3) == 0)
		return NULL; /* for who reads it */
	r = results_add(out, line);
	if (r == NULL || strlen(text) >= sizeof(r->text))
		return "too much is expected";
	strcpy(r->text, text);
	return NULL;
}

/* `reversed same`, `clock +1h ban ...`: the variant of that kind, which is a
 * new one if there is none yet. */
static const char *take_variant(struct scenario *s, unsigned line,
				enum variant_kind kind, char *text)
{
	struct variant *v = NULL;
	int64_t seconds = 0;
	char *word;

	if (kind == VARIANT_CLOCK) {
		word = strsep(&text, " ");
		if (text == NULL || !time_read(word, &seconds))
			return "this is no time";
		text += strspn(text, " ");
	}
	for (size_t i = 0; i < s->variants; i++)
		if (s->variant[i].kind == kind &&
		    s->variant[i].seconds == seconds)
			v = &s->variant[i];
	if (v == NULL && s->variants == VARIANTS)
		return "too many variants";
	if (v == NULL) {
		v = &s->variant[s->variants++];
		v->kind = kind;
		v->seconds = seconds;
	}
	if (strcmp(text, "same") == 0) {
		v->same = true;
		return NULL;
	}
	return take_result(&v->expected, line, text);
}

static const char *take_word(struct reader *r, struct scenario *s,
			     const char *word, char *rest)
{
	if (strcmp(word, "policy") == 0)
		return take_policy(&s->settings, rest);
	if (strcmp(word, "filter") == 0)
		return take_filters(r, rest);
	if (strcmp(word, "expect") == 0)
		return take_result(&s->expected, r->line, rest);
	if (strcmp(word, "reversed") == 0)
		return take_variant(s, r->line, VARIANT_REVERSED, rest);
	if (strcmp(word, "clock") == 0)
		return take_variant(s, r->line, VARIANT_CLOCK, rest);
	return "this is not understood";
}

static const char *take_line(struct reader *r, struct scenario *s)
{
	char *rest = r->text, *word;

	if (strchr("+-0123456789", r->text[0]) != NULL)
		return steps_add(s, r->line, r->text, &r->source, &r->last);
	word = strsep(&rest, " ");
	if (rest == NULL)
		return "this is not understood";
	return take_word(r, s, word, rest + strspn(rest, " "));
}

static bool begins(const struct reader *r)
{
	return strncmp(r->text, "scenario ", 9) == 0;
}

/* What stands before the first scenario is for all of the file. */
static int take_base(struct reader *r)
{
	struct scenario file = {.path = r->path, .name = "all"};
	const char *wrong = NULL;

	file.settings = r->base;
	while (wrong == NULL && next_line(r) && !begins(r))
		wrong = take_line(r, &file);
	free(file.step);
	r->base = file.settings;
	r->held = begins(r);
	if (wrong != NULL)
		complain(&file, r->line, "%s", wrong);
	return wrong == NULL ? 0 : -1;
}

int reader_next(struct reader *r, struct scenario *out)
{
	const char *wrong = NULL, *first = NULL;
	unsigned line = 0;

	memset(out, 0, sizeof(*out));
	if (r->line == 0 && take_base(r) < 0)
		return -1;
	if (!next_line(r))
		return 0;
	out->path = r->path;
	out->line = r->line;
	out->settings = r->base;
	r->last = 0;
	snprintf(out->name, sizeof(out->name), "%s",
		 r->text + 9 + strspn(r->text + 9, " "));
	while (next_line(r) && !(r->held = begins(r))) {
		wrong = take_line(r, out);
		if (wrong == NULL || first != NULL)
			continue;
		first = wrong;
		line = r->line;
		complain(out, line, "%s", wrong);
	}
	steps_sort(out);
	if (first == NULL && out->n == 0)
		complain(out, out->line, "nothing happens");
	return first == NULL && out->n > 0 ? 1 : -1;
}
