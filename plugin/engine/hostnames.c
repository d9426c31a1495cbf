/* hostnames: see hostnames.h. */
#include "hostnames.h"

#include <stdbool.h>

#include "saslban/hostname.h"

static int remember(void *context, const char *name, const struct address *a,
		    int64_t at)
{
	exempt_remember(context, name, a, at);
	return 0;
}

int hostnames_load(struct exempt *x, struct store *s, struct fault *why)
{
	if (exempt_names(x) == 0)
		return 0;
	return hostname_each(s, remember, x, why);
}

static bool is_unsaved(const struct exempt *x, int64_t now)
{
	for (size_t i = 0; i < exempt_names(x); i++)
		if (exempt_name(x, i, now).unsaved)
			return true;
	return false;
}

static int save(const struct exempt *x, struct store *s, int64_t now,
		struct fault *why)
{
	for (size_t i = 0; i < exempt_names(x); i++) {
		struct exempt_name name = exempt_name(x, i, now);

		if (name.unsaved && hostname_put(s, name.text, name.address,
						 name.n, name.at, why) < 0)
			return -1;
	}
	return 0;
}

int hostnames_keep(struct exempt *x, struct store *s,
		   const struct report *report_to, struct moment now,
		   struct fault *why)
{
	struct exempt_news news;

	while (exempt_news(x, now.wall, &news))
		report(report_to, news.trouble ? REPORT_WARNING : REPORT_NOTICE,
		       "%s", news.text);
	if (!is_unsaved(x, now.wall))
		return 0;
	if (store_begin(s, why) < 0 ||
	    store_end(s, save(x, s, now.wall, why), why) < 0)
		return -1;
	for (size_t i = 0; i < exempt_names(x); i++)
		exempt_saved(x, i);
	return 0;
}
