/* stanza: see stanza.h. */
#include "stanza.h"

#include <stdlib.h>
#include <string.h>

/* ---- letters ---- */

static bool more(const struct stanza *s)
{
	return s->at < s->end;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool begins(const struct stanza *s, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(s->end - s->at) >= n && memcmp(s->at, text, n) == 0;
}

/* Past the next text, or to the end. */
static void pass(struct stanza *s, const char *text)
{
	const char *at =
		memmem(s->at, (size_t)(s->end - s->at), text, strlen(text));

	s->at = at == NULL ? s->end : at + strlen(text);
}

void stanza_skip(struct stanza *s)
{
	while (more(s)) {
		if (is_blank(*s->at))
			s->at++;
		else if (*s->at == '#')
			pass(s, "\n");
		else if (begins(s, "/*"))
			pass(s, "*/");
		else
			return;
	}
}

bool stanza_word(struct stanza *s, char name[STANZA_NAME])
{
	size_t n = 0;

	for (; more(s) && is_word(*s->at) && n < STANZA_NAME - 1; s->at++)
		name[n++] = (char)(*s->at >= 'A' && *s->at <= 'Z'
					   ? *s->at - 'A' + 'a'
					   : *s->at);
	name[n] = '\0';
	return n > 0 && !(more(s) && is_word(*s->at));
}

static char escaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return c;
	}
}

bool stanza_quoted(struct stanza *s, char *out)
{
	char quote = *s->at++;

	for (; more(s) && *s->at != quote; s->at++) {
		if (*s->at == '\\' && s->at + 1 < s->end)
			*out++ = escaped(*++s->at);
		else
			*out++ = *s->at;
	}
	*out = '\0';
	if (!more(s))
		return false;
	s->at++;
	return true;
}

unsigned stanza_line(const struct stanza *s)
{
	unsigned line = 1;

	for (const char *at = s->start; at < s->at; at++)
		line += *at == '\n';
	return line;
}

/* ---- values ---- */

struct reading {
	struct stanza *stanza;
	const struct stanza_reader *reader;
	char name[STANZA_NAME];
	char *value; /* room for any */
};

static int read_quoted(const struct reading *r, struct fault *why)
{
	const struct stanza_reader *reader = r->reader;

	if (!stanza_quoted(r->stanza, r->value))
		return fault_set(why, FAULT_SETTING, "%s: a quote does not end",
				 r->name);
	return reader->take(reader->context, r->name, r->value, why);
}

/* Brackets hold commas: postfix[mode=rbl,...]. */
static int read_bare(const struct reading *r, bool in_array, struct fault *why)
{
	const struct stanza_reader *reader = r->reader;
	struct stanza *s = r->stanza;
	char *out = r->value;
	int depth = 0;

	for (; more(s) && !is_blank(*s->at); s->at++) {
		if (in_array && depth == 0 && (*s->at == ',' || *s->at == ']'))
			break;
		depth += (*s->at == '[') - (*s->at == ']');
		*out++ = *s->at;
	}
	*out = '\0';
	return reader->take(reader->context, r->name, r->value, why);
}

static int read_item(const struct reading *r, bool in_array, struct fault *why)
{
	const struct stanza *s = r->stanza;

	if (more(s) && (*s->at == '"' || *s->at == '\''))
		return read_quoted(r, why);
	if (r->reader->bare)
		return read_bare(r, in_array, why);
	return fault_set(why, FAULT_SETTING, "%s: a value is not in quotes",
			 r->name);
}

static int read_array(const struct reading *r, struct fault *why)
{
	struct stanza *s = r->stanza;

	s->at++;
	for (;;) {
		stanza_skip(s);
		if (more(s) && *s->at == ']')
			break;
		if (!more(s) || *s->at == ',')
			return fault_set(why, FAULT_SETTING,
					 "%s: an array is not well formed",
					 r->name);
		if (read_item(r, true, why) < 0)
			return -1;
		stanza_skip(s);
		if (more(s) && *s->at == ',')
			s->at++;
	}
	s->at++;
	return 0;
}

/* `name = value`, of which s->at is the name. */
static int read_parameter(struct reading *r, struct fault *why)
{
	struct stanza *s = r->stanza;
	const char *start = s->at;
	bool named = stanza_word(s, r->name);

	if (named)
		stanza_skip(s);
	if (!named || !more(s) || *s->at != '=') {
		s->at = start;
		while (more(s) && !is_blank(*s->at))
			s->at++;
		return fault_set(why, FAULT_SETTING,
				 "'%.*s' is no parameter=value",
				 (int)(s->at - start), start);
	}
	s->at++;
	stanza_skip(s);
	if (more(s) && *s->at == '[')
		return read_array(r, why);
	return read_item(r, false, why);
}

static int read_all(struct reading *r, struct fault *why)
{
	struct stanza *s = r->stanza;

	for (;;) {
		stanza_skip(s);
		if (!more(s) && r->reader->bare)
			return 0;
		if (!more(s))
			return fault_set(why, FAULT_SETTING,
					 "a bracket is missing");
		if (!r->reader->bare && *s->at == ')') {
			s->at++;
			return 0;
		}
		if (read_parameter(r, why) < 0)
			return -1;
	}
}

int stanza_read(struct stanza *s, const struct stanza_reader *reader,
		struct fault *why)
{
	struct reading r = {.stanza = s, .reader = reader};
	int result;

	r.value = malloc((size_t)(s->end - s->at) + 1);
	if (r.value == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	result = read_all(&r, why);
	free(r.value);
	return result;
}
