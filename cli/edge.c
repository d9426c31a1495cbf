/* edge: see edge.h. */
#include "edge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "text.h"

static void __attribute__((format(printf, 1, 0)))
note(const char *format, va_list args)
{
	char text[FAULT_TEXT + 256];
	struct output o;

	vsnprintf(text, sizeof(text), format, args);
	output_init(&o, stderr);
	fflush(stdout); /* or a log of both has them in the wrong order */
	fputs("saslbanctl: ", stderr);
	text_show(stderr, text, o.utf8);
	fputc('\n', stderr);
}

void edge_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(format, args);
	va_end(args);
}

enum status edge_end(enum status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(format, args);
	va_end(args);
	return status;
}

enum status edge_fail(const struct fault *why)
{
	size_t first = strcspn(why->text, "\n");
	struct output o;

	edge_note("%.*s", (int)first, why->text);
	output_init(&o, stderr);
	for (const char *at = why->text + first; *at == '\n';) {
		size_t n = strcspn(++at, "\n");

		text_show_bytes(stderr, at, n, o.utf8);
		fputc('\n', stderr);
		at += n;
	}
	return why->kind == FAULT_SETTING ? STATUS_USAGE : STATUS_FAILED;
}

enum status edge_memory(void)
{
	return edge_end(STATUS_FAILED, "out of memory");
}

enum status edge_flush(enum status status)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	return edge_end(STATUS_FAILED, "cannot write to standard output: %s",
			strerror(errno));
}
