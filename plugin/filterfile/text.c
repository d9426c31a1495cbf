/* text: text whose bytes remember where they stood. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Make space for more bytes and a NUL. */
static bool reserve(struct text *t, size_t more)
{
	size_t capacity = t->capacity == 0 ? 128 : t->capacity;
	uint64_t *from;
	char *at;

	if (t->bad || more > TEXT_MAX || t->len + more > TEXT_MAX) {
		t->bad = true;
		return false;
	}
	while (capacity < t->len + more + 1)
		capacity *= 2;
	if (capacity == t->capacity)
		return true;
	at = realloc(t->at, capacity);
	if (at != NULL)
		t->at = at;
	from = realloc(t->from, capacity * sizeof(*from));
	if (from != NULL)
		t->from = from;
	if (at == NULL || from == NULL) {
		t->bad = true;
		return false;
	}
	t->capacity = capacity;
	return true;
}

static void put(struct text *t, const char *bytes, size_t len, uint64_t from,
		size_t step)
{
	if (!reserve(t, len))
		return;
	if (len > 0)
		memcpy(t->at + t->len, bytes, len);
	for (size_t i = 0; i < len; i++)
		t->from[t->len + i] = from + i * step;
	t->len += len;
	t->at[t->len] = '\0';
}

void text_put(struct text *t, const char *bytes, size_t len, uint64_t from)
{
	put(t, bytes, len, from, 0);
}

void text_put_line(struct text *t, const char *bytes, size_t len, uint64_t from)
{
	put(t, bytes, len, from, 1);
}

void text_puts(struct text *t, const char *words, uint64_t from)
{
	text_put(t, words, strlen(words), from);
}

void text_copy(struct text *t, const struct text *source, size_t start,
	       size_t end)
{
	size_t len = end - start;

	if (!reserve(t, len))
		return;
	if (len > 0) {
		memcpy(t->at + t->len, source->at + start, len);
		memcpy(t->from + t->len, source->from + start,
		       len * sizeof(*t->from));
	}
	t->len += len;
	t->at[t->len] = '\0';
}

void text_splice(struct text *t, size_t start, size_t end,
		 const struct text *with)
{
	struct text whole = {0};

	text_copy(&whole, t, 0, start);
	text_copy(&whole, with, 0, with->len);
	text_copy(&whole, t, end, t->len);
	whole.bad = whole.bad || t->bad || with->bad;
	text_drop(t);
	*t = whole;
}

uint64_t text_from(const struct text *t, size_t offset)
{
	if (t->len == 0)
		return 0;
	return t->from[offset < t->len ? offset : t->len - 1];
}

void text_drop(struct text *t)
{
	free(t->at);
	free(t->from);
	memset(t, 0, sizeof(*t));
}
