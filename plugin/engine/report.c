/*
 * engine_report: the engine's words.
 *
 * A spray of many addresses must not become a flood of log lines: each second
 * has room for some bans, and a line that counts the others. The store has
 * them all.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/offense.h"

enum { PER_SECOND = 20 };

void engine_say(const struct engine *e, enum report_level level,
		const char *format, ...)
{
	char text[FAULT_TEXT + 128];
	va_list args;
	int n = snprintf(text, sizeof(text), "jail %s: ", e->settings->name);

	va_start(args, format);
	vsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	va_end(args);
	e->reporter->say(e->reporter->context, level, text);
}

void engine_report_rest(struct engine *e)
{
	if (e->quota.more > 0)
		engine_say(e, REPORT_NOTICE,
			   "and %" PRIu64 " more; saslbanctl list has them all",
			   e->quota.more);
	e->quota.more = 0;
}

static bool has_room(struct engine *e, int64_t boot)
{
	if (e->quota.second != boot) {
		engine_report_rest(e);
		e->quota.second = boot;
		e->quota.told = 0;
	}
	return e->quota.told++ < PER_SECOND;
}

static void tell(const struct engine *e, const struct offense *o)
{
	bool waits = e->troubled && !o->observed && o->enforced == 0;
	char who[ADDRESS_TEXT], span[DURATION_TEXT];

	engine_say(e, REPORT_NOTICE, "%s %s for %s (strike %u): %s%s",
		   o->observed ? "would ban" : "banned",
		   address_print(&o->address, who),
		   duration_print(duration_left(o->until, o->at), span),
		   o->strike, o->why, waits ? "; waits for the kernel" : "");
}

void engine_report(struct engine *e, int64_t boot)
{
	for (size_t i = 0; i < e->nfresh; i++)
		if (has_room(e, boot))
			tell(e, &e->fresh[i]);
		else
			e->quota.more++;
	e->nfresh = 0;
	if (e->quota.second != boot)
		engine_report_rest(e);
}
