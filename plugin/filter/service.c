/* service: see service.h. */
#include "service.h"

#include <string.h>

#include "dispatch.h"

struct helper {
	const char *begin; /* of the message, up to its first `(` or `:` */
	bool open;         /* more of the word may follow */
	const char *part;
};

static const struct helper helpers[] = {
	{"auth", false, "auth"},
	{"auth-worker", false, "auth-worker"},
	{"pam_", true, "pam"},
};

static bool begins(struct slice text, const struct helper *h)
{
	size_t n = strlen(h->begin);

	if (text.len <= n || memcmp(text.at, h->begin, n) != 0)
		return false;
	return h->open || text.at[n] == '(' || text.at[n] == ':';
}

struct slice service_of(const struct logline *line, struct slice *part)
{
	*part = (struct slice){"", 0};
	for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
		if (begins(line->msg, &helpers[i]))
			*part = (struct slice){helpers[i].part,
					       strlen(helpers[i].part)};
	return dispatch_program(line->tag);
}
