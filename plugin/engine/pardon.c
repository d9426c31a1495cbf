/* pardon: see pardon.h. */
#include "pardon.h"

#include <stdio.h>
#include <stdlib.h>

#include "saslban/offense.h"

enum {
	STEP = 2000, /* bans that are looked at */
	CHUNK = 256  /* that are lifted in one transaction */
};

/* One step. */
struct search {
	const struct exempt *exempt;
	struct address cursor;
	size_t seen;
	struct address address[CHUNK];
	char reason[CHUNK][STORE_WHY];
	size_t n;
};

void pardon_begin(struct pardon *p)
{
	*p = (struct pardon){.runs = true, .cursor.family = ADDRESS_NONE};
}

/* Nothing may be written while the bans are being read. */
static int see_ban(void *context, const struct address *a)
{
	struct search *x = context;
	struct exempt_reason reason;
	char text[EXEMPT_TEXT];

	x->seen++;
	x->cursor = *a;
	if (!exempt_find(x->exempt, a, &reason))
		return 0;
	x->address[x->n] = *a;
	snprintf(x->reason[x->n], STORE_WHY, "%s", exempt_print(&reason, text));
	return ++x->n == CHUNK;
}

static int lift(struct search *x, struct store *s, int64_t jail, int64_t now,
		struct fault *why)
{
	size_t lifted;
	int result = 0;

	if (store_begin(s, why) < 0)
		return -1;
	for (size_t i = 0; i < x->n && result == 0; i++)
		result = offense_lift(s, jail, &x->address[i], now, "omsaslban",
				      x->reason[i], true, &lifted, why);
	return store_end(s, result, why);
}

static void tell(const struct search *x, struct store *s, int64_t jail,
		 struct events *ev, struct moment now)
{
	char text[ADDRESS_TEXT];
	struct event e;

	for (size_t i = 0; i < x->n; i++) {
		event_find_lift(&e, s, jail, &x->address[i], now.wall);
		events_ban(ev, &e, now, "lifted the ban of %s: %s",
			   address_print(&x->address[i], text), x->reason[i]);
	}
}

static int search(struct search *x, struct store *s, int64_t jail,
		  const struct address *after, int64_t now, struct fault *why)
{
	if (offense_open_each(s, jail, after, STEP, see_ban, x, why) < 0)
		return -1;
	return x->n == 0 ? 0 : lift(x, s, jail, now, why);
}

int pardon_step(struct pardon *p, struct store *s, int64_t jail,
		const struct exempt *exempt, struct events *ev,
		struct moment now, bool *lifted, struct fault *why)
{
	bool first = p->cursor.family == ADDRESS_NONE;
	struct search *x = calloc(1, sizeof(*x));
	int result;

	*lifted = false;
	if (x == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	x->exempt = exempt;
	result = search(x, s, jail, first ? NULL : &p->cursor, now.wall, why);
	if (result == 0) {
		tell(x, s, jail, ev, now);
		*lifted = x->n > 0;
		p->runs = x->seen > 0;
		p->cursor = x->cursor;
	}
	free(x);
	return result;
}
