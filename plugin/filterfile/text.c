/* filterfile_text: text whose bytes remember where they stood. */
#include "filterfile_impl.h"

#include <stdlib.h>
#include <string.h>

/* Room for more bytes and a NUL. */
static bool reserve(struct text *t, size_t more)
{
	size_t room = t->room == 0 ? 128 : t->room;
	uint32_t *from;
	char *at;

	if (t->bad || more > TEXT_MAX || t->len + more > TEXT_MAX) {
		t->bad = true;
		return false;
	}
	while (room < t->len + more + 1)
		room *= 2;
	if (room == t->room)
		return true;
	at = realloc(t->at, room);
	if (at != NULL)
		t->at = at;
	from = realloc(t->from, room * sizeof(*from));
	if (from != NULL)
		t->from = from;
	if (at == NULL || from == NULL) {
		t->bad = true;
		return false;
	}
	t->room = room;
	return true;
}

void text_put(struct text *t, const char *bytes, size_t len, uint32_t from)
{
	if (!reserve(t, len))
		return;
	if (len > 0)
		memcpy(t->at + t->len, bytes, len);
	for (size_t i = 0; i < len; i++)
		t->from[t->len + i] = from;
	t->len += len;
	t->at[t->len] = '\0';
}

void text_puts(struct text *t, const char *words, uint32_t from)
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

void text_drop(struct text *t)
{
	free(t->at);
	free(t->from);
	memset(t, 0, sizeof(*t));
}
