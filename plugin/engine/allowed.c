/* allowed: see saslban/allowed.h. */
#include "saslban/allowed.h"

struct loading {
	struct exempt *exempt;
	struct fault why; /* of the entry at which it stopped */
};

static int load(void *context, const struct allow *a)
{
	struct loading *l = context;

	return exempt_allow(l->exempt, a, &l->why) < 0;
}

int allowed_load(struct exempt *x, struct store *s, struct moment now,
		 struct fault *why)
{
	struct loading l = {.exempt = x};
	int result;

	exempt_allow_begin(x);
	result = allow_each(s, now.wall, load, &l, why);
	if (result > 0)
		*why = l.why;
	return result != 0 ? -1 : exempt_allowed(x, now, why);
}

int allowed_renew(struct exempt *x, struct store *s, int64_t *version,
		  struct moment now, struct fault *why)
{
	int64_t seen;

	if (store_version(s, &seen, why) < 0)
		return -1;
	if (*version == seen)
		return 0;
	*version = 0;
	if (allowed_load(x, s, now, why) < 0)
		return -1;
	*version = seen;
	return 0;
}
