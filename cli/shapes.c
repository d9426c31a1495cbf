/* shapes: see shapes.h. */
#include "shapes.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a */
static const uint64_t basis = 14695981039346656037u, prime = 1099511628211u;

static uint64_t mix(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * prime;
}

/* One word; what varies is left out. */
static uint64_t mix_word(uint64_t hash, const char *word, size_t n)
{
	uint64_t before = hash;

	for (size_t i = 0; i < n; i++) {
		char c = word[i];

		if ((c >= '0' && c <= '9') || c == '@')
			return mix(before, '#');
		hash = mix(hash, c);
		if (c == '=' || c == '<' || c == '"' || c == '\'' ||
		    (i > 0 && (c == '[' || c == '(')))
			break;
	}
	return hash;
}

static uint64_t hash_of(const struct logline *line)
{
	const char *at = line->text.at, *end = at + line->text.len;
	uint64_t hash = basis;

	while (at < end) {
		const char *blank = memchr(at, ' ', (size_t)(end - at));

		if (blank == NULL)
			blank = end;
		hash = mix(mix_word(hash, at, (size_t)(blank - at)), ' ');
		at = blank + 1;
	}
	return hash;
}

void shapes_add(struct shapes *s, const struct logline *line,
		const char *unmatched, uint64_t number, struct slice text)
{
	uint64_t hash = hash_of(line);
	struct shape *shape;
	size_t i = 0;

	s->lines++;
	while (i < s->n && s->one[i].hash != hash)
		i++;
	if (i == SHAPES_MAX) {
		s->others++;
		return;
	}
	shape = &s->one[i];
	if (i == s->n) {
		s->n++;
		shape->hash = hash;
		shape->lines = 0;
		shape->unmatched = unmatched;
		excerpt_take(&shape->example, number, text.at, text.len);
	}
	shape->lines++;
}

static int compare(const void *a, const void *b)
{
	const struct shape *x = a, *y = b;

	if (x->lines != y->lines)
		return x->lines < y->lines ? 1 : -1;
	return x->example.line < y->example.line ? -1 : 1;
}

void shapes_sort(struct shapes *s)
{
	qsort(s->one, s->n, sizeof(s->one[0]), compare);
}
