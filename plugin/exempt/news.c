/* news: see news.h. */
#include "news.h"

#include <stdio.h>

#include "saslban/duration.h"

/* Nothing, when it stands in ignoreip itself. */
static char *print_where(const struct known_name *k, char where[SETTINGS_PATH])
{
	where[0] = '\0';
	if (k->source != NULL)
		snprintf(where, SETTINGS_PATH, " of %s", k->source);
	return where;
}

static void print_trouble(const struct known_name *k, int64_t now,
			  char text[EXEMPT_TEXT])
{
	char where[SETTINGS_PATH];
	char age[DURATION_TEXT];

	print_where(k, where);
	if (k->n == 0)
		snprintf(text, EXEMPT_TEXT,
			 "ignoreip name '%s'%s has no address yet (%s): nobody "
			 "is exempt by it",
			 k->text, where, k->trouble);
	else
		snprintf(text, EXEMPT_TEXT,
			 "ignoreip name '%s'%s could not be looked up for %s "
			 "(%s): its last known addresses stay exempt",
			 k->text, where,
			 duration_human(duration_left(now, k->at), age),
			 k->trouble);
}

static void print_over(const struct known_name *k, char text[EXEMPT_TEXT])
{
	char where[SETTINGS_PATH];
	char address[ADDRESS_TEXT];
	char more[32] = "";

	if (k->n > 1)
		snprintf(more, sizeof(more), " and %zu more", k->n - 1);
	snprintf(text, EXEMPT_TEXT, "ignoreip name '%s'%s is resolved: %s%s",
		 k->text, print_where(k, where),
		 address_print(&k->address[0], address), more);
}

/* Lookups fail at times. That matters when nobody, or perhaps somebody else by
 * now, is exempt by the name. */
static bool in_trouble(const struct known_name *k, int64_t now)
{
	return k->trouble != NULL && (k->n == 0 || now - k->at > EXEMPT_STALE);
}

bool news_next(struct resolver *r, int64_t now, struct exempt_news *out)
{
	for (size_t i = 0; i < resolver_names(r); i++) {
		const struct known_name *k = resolver_name(r, i);

		if (!k->warned && in_trouble(k, now)) {
			out->trouble = true;
			print_trouble(k, now, out->text);
		} else if (k->warned && k->trouble == NULL) {
			out->trouble = false;
			print_over(k, out->text);
		} else {
			continue;
		}
		resolver_warned(r, i, out->trouble);
		return true;
	}
	return false;
}
