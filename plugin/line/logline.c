/* logline: see saslban/logline.h. */
#include "saslban/logline.h"

#include <string.h>

enum { US = 0x1f };

/* The next field, without its separator. -1 when there is no separator. */
static int take_field(const char **at, const char *end, struct slice *out)
{
	const char *us = memchr(*at, US, (size_t)(end - *at));

	if (us == NULL)
		return -1;
	out->at = *at;
	out->len = (size_t)(us - *at);
	*at = us + 1;
	return 0;
}

/* Decimal seconds. 18 digits fit an int64_t and are enough for ever. */
static int read_time(struct slice field, int64_t *out)
{
	int64_t n = 0;

	if (field.len == 0 || field.len > 18)
		return -1;
	for (size_t i = 0; i < field.len; i++) {
		if (field.at[i] < '0' || field.at[i] > '9')
			return -1;
		n = n * 10 + (field.at[i] - '0');
	}
	*out = n;
	return 0;
}

void logline_cut(struct logline *l, const char *text, size_t len)
{
	size_t i;

	if (len > LOGLINE_MAX)
		len = LOGLINE_MAX;
	l->text = (struct slice){text, len};
	for (i = 0; i < len && text[i] != ' '; i++)
		;
	l->tag = (struct slice){text, i};
	while (i < len && text[i] == ' ')
		i++;
	l->msg = (struct slice){text + i, len - i};
}

int logline_parse(const char *text, size_t len, struct logline *out)
{
	const char *end = text + len;
	struct slice arrived, reported;
	struct logline l;

	if (take_field(&text, end, &arrived) < 0 ||
	    take_field(&text, end, &reported) < 0 ||
	    take_field(&text, end, &l.from) < 0 ||
	    take_field(&text, end, &l.host) < 0 ||
	    read_time(arrived, &l.arrived) < 0 ||
	    read_time(reported.len > 0 ? reported : arrived, &l.reported) < 0)
		return -1;
	logline_cut(&l, text, (size_t)(end - text));
	*out = l;
	return 0;
}
