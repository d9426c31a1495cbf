/* output: see output.h. */
#include "output.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "saslban/store.h"

/* ECMA-48 select graphic rendition. */
static const char *const codes[STYLES] = {
	[PLAIN] = "\033[0m", [STRONG] = "\033[1m", [FAINT] = "\033[2m",
	[GOOD] = "\033[32m", [CARE] = "\033[33m",  [BAD] = "\033[1;31m",
};

static bool wants_colour(FILE *file)
{
	const char *off = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (off != NULL && off[0] != '\0')
		return false;
	if (term == NULL || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(file)) == 1;
}

/* Columns of a terminal that does not report them, as a serial line. */
enum { COLUMNS = 80 };

static size_t columns_of(FILE *file)
{
	struct winsize size;

	if (isatty(fileno(file)) != 1)
		return 0;
	if (ioctl(fileno(file), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return COLUMNS;
	return size.ws_col;
}

void output_init(struct output *o, FILE *file)
{
	o->file = file;
	o->columns = columns_of(file);
	o->colour = wants_colour(file);
	o->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *output_code(const struct output *o, enum style style)
{
	return o->colour ? codes[style] : "";
}

void output_style(const struct output *o, enum style style)
{
	fputs(output_code(o, style), o->file);
}

void output_print(const struct output *o, enum style style, const char *format,
		  ...)
{
	va_list args;

	if (style != PLAIN)
		output_style(o, style);
	va_start(args, format);
	vfprintf(o->file, format, args);
	va_end(args);
	if (style != PLAIN)
		output_style(o, PLAIN);
}

char *output_time(int64_t at, char buf[OUTPUT_TIME])
{
	time_t seconds = (time_t)at;
	struct tm local;

	if (at == DURATION_FOREVER)
		snprintf(buf, OUTPUT_TIME, "never");
	else if (at == 0)
		snprintf(buf, OUTPUT_TIME, "-");
	else if (localtime_r(&seconds, &local) == NULL ||
		 strftime(buf, OUTPUT_TIME, "%F %T", &local) == 0)
		snprintf(buf, OUTPUT_TIME, "@%" PRId64, at);
	return buf;
}

char *output_time_of(struct calendar *c, int64_t at, char buf[OUTPUT_TIME])
{
	if (at <= 0 || at > STORE_LAST || !calendar_time(c, at, buf))
		return output_time(at, buf);
	return buf;
}

char *output_left(int64_t later, int64_t earlier, char buf[DURATION_TEXT])
{
	return duration_human(duration_left(later, earlier), buf);
}
