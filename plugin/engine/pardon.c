/* pardon: see pardon.h. */
#include "pardon.h"

#include <stdio.h>
#include <stdlib.h>

#include "saslban/offense.h"

enum { CHUNK = 256 }; /* bans that are lifted in one transaction */

struct pardon {
	const struct exempt *exempt;
	struct address address[CHUNK];
	char reason[CHUNK][STORE_WHY];
	size_t n;
};

/* Nothing may be written while the bans are being read. */
static int see_ban(void *context, const struct offense *o)
{
	struct pardon *p = context;
	struct exempt_reason reason;
	char text[EXEMPT_TEXT];

	if (!exempt_find(p->exempt, &o->address, &reason))
		return 0;
	p->address[p->n] = o->address;
	snprintf(p->reason[p->n], STORE_WHY, "%s", exempt_print(&reason, text));
	return ++p->n == CHUNK;
}

static int lift(struct pardon *p, struct store *s, int64_t jail, int64_t now,
		struct fault *why)
{
	size_t lifted;
	int result = 0;

	if (store_begin(s, why) < 0)
		return -1;
	for (size_t i = 0; i < p->n && result == 0; i++)
		result = offense_lift(s, jail, &p->address[i], now, "omsaslban",
				      p->reason[i], true, &lifted, why);
	return store_end(s, result, why);
}

static void report_lifts(const struct pardon *p, struct report *report,
			 int64_t boot)
{
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < p->n; i++)
		report_ban(report, boot, "lifted the ban of %s: %s",
			   address_print(&p->address[i], text), p->reason[i]);
}

int pardon_exempt(struct store *s, int64_t jail, const struct exempt *exempt,
		  struct report *report, struct moment now, bool *lifted,
		  struct fault *why)
{
	struct offense_query query = {
		.jail = jail, .running = true, .now = now.wall};
	struct pardon *p = calloc(1, sizeof(*p));
	int result = 0;

	*lifted = false;
	if (p == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	p->exempt = exempt;
	do {
		p->n = 0;
		if (offense_each(s, &query, see_ban, p, why) < 0)
			result = -1;
		else if (p->n > 0)
			result = lift(p, s, jail, now.wall, why);
		if (result == 0) {
			report_lifts(p, report, now.boot);
			*lifted = *lifted || p->n > 0;
		}
	} while (result == 0 && p->n == CHUNK);
	free(p);
	return result;
}
