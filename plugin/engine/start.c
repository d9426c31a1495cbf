/* start: see start.h. */
#include "start.h"

#include <inttypes.h>
#include <stdio.h>

#include "saslban/duration.h"
#include "saslban/plural.h"

/* `, ` between them; what does not fit is left out. */
static void append(char *out, size_t size, size_t *used, const char *text)
{
	int n = snprintf(out + *used, size - *used, "%s%s",
			 *used == 0 ? "" : ", ", text);

	if (n > 0 && (size_t)n < size - *used)
		*used += (size_t)n;
	else
		out[*used] = '\0';
}

void start_report(const struct report *r, const struct settings *s,
		  const struct enforcer_kind *kind, uint64_t restored)
{
	char filters[160] = "", ladder[120] = "", sets[112] = "only observes";
	char findtime[DURATION_TEXT], step[DURATION_TEXT];
	size_t used = 0;

	for (size_t i = 0; i < s->filters; i++)
		append(filters, sizeof(filters), &used, s->filter[i]);
	used = 0;
	for (size_t i = 0; i < s->policy.steps; i++)
		append(ladder, sizeof(ladder), &used,
		       duration_print(s->policy.ladder[i], step));
	if (kind != NULL)
		snprintf(sets, sizeof(sets),
			 "enforces with %s in set '%s', %" PRIu64
			 " ban%s restored",
			 kind->name, s->set, restored, plural(restored));
	report(r, REPORT_INFO,
	       "started: filters %s; %u failure%s in %s; %s; %s", filters,
	       s->policy.maxretry, plural(s->policy.maxretry),
	       duration_print(s->policy.findtime, findtime), ladder, sets);
}
