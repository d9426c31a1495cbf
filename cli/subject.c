/* subject: see subject.h. */
#include "subject.h"

#include <string.h>

enum status subject_read(struct subject *out, const char *text)
{
	if (address_parse(text, strlen(text), &out->given) < 0)
		return edge_end(STATUS_USAGE,
				"not an address: '%s'; allowed: 192.0.2.1, "
				"192.0.2.0/24, 2001:db8::1, 2001:db8::/64",
				text);
	out->literal = strchr(text, '/') != NULL;
	return STATUS_OK;
}

enum status subject_parse(struct subject *out, const struct cli *c)
{
	return subject_read(out, c->word[1]);
}

struct address subject_offender(const struct subject *s,
				const struct settings *settings,
				const struct exempt *x)
{
	struct address offender;

	if (s->literal)
		return s->given;
	if (x == NULL)
		return settings_offender(settings, &s->given);
	(void)exempt_offender(x, &s->given, &offender, NULL);
	return offender;
}
