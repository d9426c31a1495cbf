/* report: see report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "saslban/fault.h"

static void write_line(const struct report *r, enum report_level level,
		       const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void write_line(const struct report *r, enum report_level level,
		       const char *format, va_list args)
{
	char text[FAULT_TEXT + 128];
	int n = snprintf(text, sizeof(text), "jail %s: ", r->jail);

	vsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	r->reporter->write(r->reporter->context, level, text);
}

void report_init(struct report *r, const char *jail,
		 const struct reporter *reporter)
{
	*r = (struct report){.jail = jail, .reporter = reporter};
}

void report(const struct report *r, enum report_level level, const char *format,
	    ...)
{
	va_list args;

	va_start(args, format);
	write_line(r, level, format, args);
	va_end(args);
}

bool report_has_room(struct report *r, int64_t boot)
{
	if (r->second != boot) {
		report_left_out(r, boot);
		r->second = boot;
		r->written = 0;
	}
	if (r->written < REPORT_PER_SECOND)
		return true;
	r->left_out++;
	return false;
}

void report_ban(struct report *r, int64_t boot, const char *format, ...)
{
	va_list args;

	if (!report_has_room(r, boot))
		return;
	r->written++;
	va_start(args, format);
	write_line(r, REPORT_NOTICE, format, args);
	va_end(args);
}

void report_left_out(struct report *r, int64_t boot)
{
	if (r->left_out == 0 || r->second == boot)
		return;
	report(r, REPORT_NOTICE,
	       "and %" PRIu64 " more; saslbanctl list has them all",
	       r->left_out);
	r->left_out = 0;
}
