/* cutting: see cutting.h. */
#include "cutting.h"

#include "saslban/plural.h"

void cutting_init(struct cutting *c, struct cutter *cutter)
{
	c->cutter = cutter;
	c->last = INT64_MIN;
}

void cutting_add(struct cutting *c, const struct offense *o)
{
	if (c->cutter != NULL && !o->observed && c->n < CUTTER_MOST)
		c->from[c->n++] = o->address;
}

static void complain(struct cutting *c, const struct report *r,
		     const struct fault *why)
{
	if (!c->troubled)
		report(r, REPORT_ERROR,
		       "open connections of who is banned go on: %s",
		       why->text);
	c->troubled = true;
}

/* Of trouble that is over one connection is the proof: without any the kernel
 * does not say whether it would. */
static void cut(struct cutting *c, const struct report *r)
{
	struct fault why = {.text = ""};
	struct address first = c->from[0];
	size_t ended = 0;
	int result =
		c->cutter->ops->cut(c->cutter, c->from, c->n, &ended, &why);

	c->alone = c->n == 1 && c->ended == 0;
	c->of = first;
	c->ended += ended;
	if (result < 0) {
		complain(c, r, &why);
	} else if (c->troubled && ended > 0) {
		report(r, REPORT_NOTICE,
		       "open connections of who is banned are cut again");
		c->troubled = false;
	}
}

void cutting_poll(struct cutting *c, const struct report *r, int64_t boot)
{
	struct fault why = {.text = ""};

	if (c->cutter == NULL || (c->looked && c->n == 0))
		return;
	if (c->looked && c->last == boot && c->n < CUTTING_SOON)
		return;
	if (c->n > 0)
		c->last = boot;
	if ((!c->looked || c->troubled) &&
	    c->cutter->ops->look(c->cutter, &why) < 0)
		complain(c, r, &why);
	else if (c->n > 0)
		cut(c, r);
	c->looked = true;
	c->n = 0;
}

void cutting_report(struct cutting *c, struct report *r, int64_t boot)
{
	char address[ADDRESS_TEXT];

	if (c->ended == 0)
		return;
	if (c->alone)
		report_ban(r, boot, "cut %zu open connection%s of %s", c->ended,
			   plural(c->ended), address_print(&c->of, address));
	else
		report_ban(r, boot,
			   "cut %zu open connection%s of banned addresses",
			   c->ended, plural(c->ended));
	c->ended = 0;
}

int64_t cutting_due(const struct cutting *c)
{
	return c->n == 0 ? INT64_MAX : c->last + 1;
}
