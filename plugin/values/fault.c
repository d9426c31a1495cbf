/* fault: see saslban/fault.h. */
#include "saslban/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A text is one line, whatever a value in it holds. */
static void keep_one_line(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

int fault_set(struct fault *why, enum fault_kind kind, const char *format, ...)
{
	int saved = errno;
	va_list args;

	if (why == NULL)
		return -1;
	why->kind = kind;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	keep_one_line(why->text);
	errno = saved;
	return -1;
}

enum { QUOTE_MAX = 100, QUOTE_BEFORE = 60, INDENT = 4 };

/* Not the first byte of a character. */
static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void fault_quote(struct fault *why, const char *line, size_t len, size_t at)
{
	char quote[QUOTE_MAX + 1];
	size_t start = 0, n, used;
	int caret = 0;

	if (why == NULL)
		return;
	at = at < len ? at : len;
	while (start < at && (line[start] == ' ' || line[start] == '\t'))
		start++;
	if (len - start > QUOTE_MAX && at - start > QUOTE_BEFORE)
		start = at - QUOTE_BEFORE;
	while (start < at && continues(line[start]))
		start++;
	n = len - start < QUOTE_MAX ? len - start : QUOTE_MAX;
	while (start + n < len && n > 0 && continues(line[start + n]))
		n--;
	memcpy(quote, line + start, n);
	quote[n] = '\0';
	keep_one_line(quote);
	for (size_t i = start; i < at; i++)
		caret += !continues(line[i]);
	used = strlen(why->text);
	if (used + n + (size_t)caret + sizeof("\n\n^") + 2 * INDENT <=
	    sizeof(why->text))
		snprintf(why->text + used, sizeof(why->text) - used,
			 "\n%*s%s\n%*s^", INDENT, "", quote, INDENT + caret,
			 "");
}

int fault_prefix(struct fault *why, const char *format, ...)
{
	struct fault old;
	va_list args;
	int n;

	if (why == NULL)
		return -1;
	old = *why;
	va_start(args, format);
	n = vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	keep_one_line(why->text);
	if (n >= 0 && (size_t)n < sizeof(why->text))
		snprintf(why->text + n, sizeof(why->text) - (size_t)n, ": %s",
			 old.text);
	return -1;
}
