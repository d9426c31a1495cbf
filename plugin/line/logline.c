/* logline: see saslban/logline.h. */
#include "saslban/logline.h"

#include <string.h>

static struct slice skip_blanks(struct slice s)
{
	while (s.len > 0 && *s.at == ' ') {
		s.at++;
		s.len--;
	}
	return s;
}

/* `sogod [98]: TEXT`: the tag of such a record ends at the blank, and its pid
 * stands in the message. */
static struct slice skip_pid(struct slice tag, struct slice msg)
{
	size_t n = 1;

	if (tag.len == 0 || tag.at[tag.len - 1] == ':' ||
	    tag.at[tag.len - 1] == ']' || msg.len < 4 || *msg.at != '[')
		return msg;
	while (n < msg.len && msg.at[n] >= '0' && msg.at[n] <= '9')
		n++;
	if (n == 1 || msg.len - n < 2 || memcmp(msg.at + n, "]:", 2) != 0)
		return msg;
	return skip_blanks((struct slice){msg.at + n + 2, msg.len - n - 2});
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
	l->msg = skip_pid(l->tag,
			  skip_blanks((struct slice){text + i, len - i}));
}

/* The blank between them that a text has and msg does not. */
static size_t gap(struct slice msg)
{
	return msg.len > 0 && *msg.at != ' ';
}

/* Both, with the blank, are not longer than LOGLINE_MAX. */
static void limit(struct slice *tag, struct slice *msg)
{
	size_t left;

	if (tag->len > LOGLINE_MAX)
		tag->len = LOGLINE_MAX;
	left = LOGLINE_MAX - tag->len;
	if (msg->len + gap(*msg) > left)
		msg->len = left > 0 ? left - gap(*msg) : 0;
}

bool logline_place(struct logline *l, struct slice tag, struct slice msg)
{
	if (tag.len > 0 && memchr(tag.at, ' ', tag.len) != NULL)
		return false;
	limit(&tag, &msg);
	l->tag = tag;
	l->text = (struct slice){NULL, tag.len + gap(msg) + msg.len};
	l->msg = skip_pid(tag, skip_blanks(msg));
	return true;
}

size_t logline_join(struct slice tag, struct slice msg, char out[LOGLINE_MAX])
{
	size_t n = 0;

	limit(&tag, &msg);
	if (tag.len > 0)
		memcpy(out, tag.at, tag.len);
	n += tag.len;
	if (gap(msg) > 0)
		out[n++] = ' ';
	if (msg.len > 0)
		memcpy(out + n, msg.at, msg.len);
	return n + msg.len;
}
