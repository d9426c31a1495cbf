/* exposition: see exposition.h. */
#include "exposition.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct sample {
	size_t metric;
	int64_t value;
	char *labels; /* `jail="sasl",set="saslban4"`, or "" */
};

/* What the form escapes, after what we do: a line feed is visible already. In
 * ASCII: a series must not have another name in another locale. False when out
 * of memory. */
static bool put_value(FILE *out, const char *value)
{
	size_t width;
	char *shown = text_shown(value, false, &width);

	if (shown == NULL)
		return false;
	for (const char *at = shown; *at != '\0'; at++) {
		if (*at == '\\' || *at == '"')
			fputc('\\', out);
		fputc(*at, out);
	}
	free(shown);
	return true;
}

/* NULL when out of memory. */
static char *print_labels(va_list labels)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	const char *name;
	bool fine = true;

	if (out == NULL)
		return NULL;
	for (int i = 0; (name = va_arg(labels, const char *)) != NULL; i++) {
		fprintf(out, "%s%s=\"", i > 0 ? "," : "", name);
		fine = put_value(out, va_arg(labels, const char *)) && fine;
		fputc('"', out);
	}
	fine = !ferror(out) && fine;
	if (fclose(out) == 0 && fine)
		return text;
	free(text);
	return NULL;
}

static bool make_room(struct exposition *x)
{
	size_t room = x->room == 0 ? 64 : 2 * x->room;
	struct sample *more;

	if (x->samples < x->room)
		return true;
	more = reallocarray(x->sample, room, sizeof(*more));
	if (more == NULL)
		return false;
	x->sample = more;
	x->room = room;
	return true;
}

void exposition_add(struct exposition *x, size_t metric, int64_t value, ...)
{
	struct sample one = {.metric = metric, .value = value};
	va_list labels;

	va_start(labels, value);
	one.labels = print_labels(labels);
	va_end(labels);
	if (one.labels == NULL || !make_room(x)) {
		free(one.labels);
		x->failed = true;
		return;
	}
	x->sample[x->samples++] = one;
}

static void print_family(const struct exposition *x, size_t metric, FILE *out)
{
	const struct family *f = &x->family[metric];
	bool first = true;

	for (size_t i = 0; i < x->samples; i++) {
		const struct sample *s = &x->sample[i];

		if (s->metric != metric)
			continue;
		if (first)
			fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", f->name,
				f->help, f->name,
				f->counter ? "counter" : "gauge");
		first = false;
		if (s->labels[0] == '\0')
			fprintf(out, "%s %" PRId64 "\n", f->name, s->value);
		else
			fprintf(out, "%s{%s} %" PRId64 "\n", f->name, s->labels,
				s->value);
	}
}

int exposition_print(const struct exposition *x, FILE *out)
{
	if (x->failed)
		return -1;
	for (size_t i = 0; x->family[i].name != NULL; i++)
		print_family(x, i, out);
	return 0;
}

void exposition_release(struct exposition *x)
{
	for (size_t i = 0; i < x->samples; i++)
		free(x->sample[i].labels);
	free(x->sample);
}
