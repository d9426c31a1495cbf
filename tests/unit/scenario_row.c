/* scenario_row: a line of a scenario's table, which may stand for several
 * steps, see scenario.h. */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	struct scenario *scenario;
	unsigned line;
	int64_t at;
	int64_t told; /* from at on */
	int64_t every;
	size_t times; /* 0: as often as the braces say */
	const struct source *source;
};

/* `{1..10}` at text: its first number and how many there are. */
static bool read_brace(const char *text, long *first, size_t *n, size_t *len)
{
	long last;
	int used = 0;

	if (sscanf(text, "{%ld..%ld}%n", first, &last, &used) != 2 || used == 0)
		return false;
	*n = last < *first ? 1 : (size_t)(last - *first + 1);
	*len = (size_t)used;
	return true;
}

/* How often a row is to be told, by its braces. */
static size_t count_braces(const char *text)
{
	size_t most = 1, n, len;
	long first;

	for (; (text = strchr(text, '{')) != NULL; text++)
		if (read_brace(text, &first, &n, &len) && n > most)
			most = n;
	return most;
}

/* The row as it stands for the i-th time. Shorter braces begin again. */
static void expand(const char *text, size_t i, char out[TEXT])
{
	size_t used = 0, n, len;
	long first;

	while (*text != '\0' && used < TEXT - 24) {
		if (*text == '{' && read_brace(text, &first, &n, &len)) {
			used += (size_t)snprintf(out + used, TEXT - used, "%ld",
						 first + (long)(i % n));
			text += len;
		} else {
			out[used++] = *text++;
		}
	}
	out[used] = '\0';
}

/* The i-th word of a list by commas, or its last one. */
static void pick_verdict(const char *list, size_t i, char out[VERDICT])
{
	while (i-- > 0 && strchr(list, ',') != NULL)
		list = strchr(list, ',') + 1;
	snprintf(out, VERDICT, "%.*s", (int)strcspn(list, ","), list);
}

/* ---- the row ---- */

static const char *add_steps(const struct row *r, const char *text,
			     const char *verdicts)
{
	struct scenario *s = r->scenario;
	size_t times = r->times > 0 ? r->times : count_braces(text);
	const char *wrong;
	char copy[TEXT];

	for (size_t i = 0; i < times; i++) {
		struct step *step;

		if (s->n == STEPS)
			return "too many lines";
		step = &s->step[s->n++];
		step->line = r->line;
		step->at = r->at + (int64_t)i * r->every;
		step->told = step->at + r->told;
		pick_verdict(verdicts, i, step->verdict);
		expand(text, i, copy);
		wrong = step_read(r->source, step, copy);
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

/* Blanks between words are one. */
static void tighten(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != ' ' || (to > text && to[-1] != ' '))
			*to++ = *from;
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

static void skip_blanks(char **at)
{
	while (*at != NULL && **at == ' ')
		++*at;
}

/* The word, and a time behind it. */
static bool take_time(char **at, const char *word, int64_t *out)
{
	size_t n = strlen(word);

	skip_blanks(at);
	if (*at == NULL || strncmp(*at, word, n) != 0 || (*at)[n] != ' ')
		return false;
	*at += n + 1;
	return time_read(strsep(at, " "), out);
}

static bool take_times(char **at, size_t *times)
{
	size_t digits;

	skip_blanks(at);
	digits = *at == NULL ? 0 : strspn(*at, "0123456789");
	if (digits == 0 || (*at)[digits] != 'x')
		return false;
	*times = (size_t)atoi(strsep(at, " "));
	return true;
}

/* TIME [dated TIME] [every TIME] [Nx], in front of what happens. */
static const char *read_when(struct row *r, int64_t *last, char **at)
{
	bool later = **at == '+';
	int64_t dated = 0;

	if (!time_read(strsep(at, " "), &r->at))
		return "this is no time";
	r->at += later ? *last : 0;
	*last = r->at;
	if (take_time(at, "dated", &dated))
		r->told = dated - r->at;
	(void)take_time(at, "every", &r->every);
	(void)take_times(at, &r->times);
	skip_blanks(at);
	return *at == NULL ? "nothing happens" : NULL;
}

const char *steps_add(struct scenario *s, unsigned line, const char *text,
		      const struct source *source, int64_t *last)
{
	struct row r = {.scenario = s, .line = line, .source = source};
	char copy[TEXT], *at = copy, *arrow;
	const char *wrong;

	if (s->step == NULL)
		s->step = calloc(STEPS, sizeof(*s->step));
	if (s->step == NULL)
		return "out of memory";
	snprintf(copy, sizeof(copy), "%s", text);
	arrow = strstr(copy, " => ");
	if (arrow != NULL)
		*arrow = '\0';
	if (strstr(copy, " line ") == NULL)
		tighten(copy);
	wrong = read_when(&r, last, &at);
	if (wrong != NULL)
		return wrong;
	return add_steps(&r, at, arrow == NULL ? "" : arrow + 4);
}

/* They are few, and nearly in order. */
void steps_sort(struct scenario *s)
{
	for (size_t i = 1; i < s->n; i++) {
		struct step step = s->step[i];
		size_t k = i;

		for (; k > 0 && s->step[k - 1].at > step.at; k--)
			s->step[k] = s->step[k - 1];
		s->step[k] = step;
	}
}
