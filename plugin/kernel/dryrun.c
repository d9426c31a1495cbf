/* dryrun: see saslban/dryrun.h. */
#include "saslban/dryrun.h"

#include <stdlib.h>
#include <string.h>

static int dryrun_ensure(struct enforcer *e, struct fault *why)
{
	(void)e;
	(void)why;
	return 0;
}

static int dryrun_done(struct enforcer *e, struct entry *entries, size_t n,
		       struct fault *why)
{
	(void)e;
	(void)why;
	for (size_t i = 0; i < n; i++)
		entries[i].done = true;
	return 0;
}

static int dryrun_each(struct enforcer *e,
		       int (*see)(void *context, const struct entry_seen *seen),
		       void *context, struct fault *why)
{
	(void)e;
	(void)see;
	(void)context;
	(void)why;
	return 0;
}

static int dryrun_state(struct enforcer *e, struct enforcer_state *out,
			struct fault *why)
{
	(void)e;
	(void)why;
	memset(out, 0, sizeof(*out));
	return 0;
}

static void dryrun_close(struct enforcer *e)
{
	free(e);
}

static const struct enforcer_ops dryrun_ops = {
	.ensure = dryrun_ensure,
	.ban = dryrun_done,
	.lift = dryrun_done,
	.each = dryrun_each,
	.state = dryrun_state,
	.close = dryrun_close,
};

int dryrun_open(struct enforcer **out, struct fault *why)
{
	struct enforcer *e = malloc(sizeof(*e));

	if (e == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	e->ops = &dryrun_ops;
	*out = e;
	return 0;
}
