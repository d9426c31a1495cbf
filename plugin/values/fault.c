/* fault: see saslban/fault.h. */
#include "saslban/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

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
	if (n >= 0 && (size_t)n < sizeof(why->text))
		snprintf(why->text + n, sizeof(why->text) - (size_t)n, ": %s",
			 old.text);
	keep_one_line(why->text);
	return -1;
}
