/* subject: see subject.h. */
#include "subject.h"

#include <string.h>

bool subject_take(struct subject *out, const char *text, size_t len)
{
	if (address_parse(text, len, &out->given) < 0)
		return false;
	out->literal = memchr(text, '/', len) != NULL;
	return true;
}

enum status subject_read(struct subject *out, const char *text)
{
	if (subject_take(out, text, strlen(text)))
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"not an address: '%s'; allowed: 192.0.2.1, "
			"192.0.2.0/24, 2001:db8::1, 2001:db8::/64",
			text);
}

enum status subject_or_file(const struct cli *c, const char *verb)
{
	if (c->list != NULL && c->words > 1)
		return edge_end(STATUS_USAGE,
				"'%s' takes an address or --file, not both",
				verb);
	if (c->list == NULL && c->words < 2)
		return edge_end(STATUS_USAGE,
				"'%s' needs ADDRESS[/PREFIX] or --file FILE",
				verb);
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
