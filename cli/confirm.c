/* confirm: see confirm.h. */
#include "confirm.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ANSWER = 64 };

static bool is_yes(char *answer)
{
	answer[strcspn(answer, "\n")] = '\0';
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

enum status confirm(const struct cli *c, const char *format, ...)
{
	char answer[ANSWER];
	va_list args;

	if (c->yes || isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1)
		return STATUS_OK;
	fflush(stdout);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("? [y/N] ", stderr);
	if (fgets(answer, sizeof(answer), stdin) != NULL && is_yes(answer))
		return STATUS_OK;
	return edge_end(STATUS_FAILED, "nothing was done");
}
