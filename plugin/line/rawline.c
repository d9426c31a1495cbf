/* rawline: see saslban/rawline.h. */
#include "saslban/rawline.h"

#include <string.h>

#include "date.h"

static size_t word(const char *text, size_t len, size_t at)
{
	while (at < len && text[at] != ' ')
		at++;
	return at;
}

/* ` HOST TAG[pid]: MSG`, ` HOST TAG: MSG`. False when it has no such form. */
static bool cut_syslog(struct rawline *r, size_t len)
{
	const char *t = r->text;
	size_t host, tag;

	if (len < 5 || t[0] != ' ' || t[1] == ' ')
		return false;
	host = word(t, len, 1);
	if (host + 1 >= len || t[host - 1] == ':' || t[host - 1] == ']')
		return false;
	tag = word(t, len, host + 1);
	if (t[tag - 1] != ':' && t[tag - 1] != ']')
		return false;
	if (t[host + 1] == '[' || t[host + 1] == '<')
		return false;
	r->line.host = (struct slice){t + 1, host - 1};
	logline_cut(&r->line, t + host + 1, len - host - 1);
	return true;
}

/* ` HOST APP PROCID MSGID STRUCTURED MSG` of RFC 5424. */
static void cut_5424(struct rawline *r, size_t len)
{
	const char *t = r->text;
	size_t host = word(t, len, 1), app = word(t, len, host + 1), at = app;

	for (int i = 0; i < 2 && at < len; i++)
		at = word(t, len, at + 1);
	at = at < len ? at + 1 : len;
	if (at < len && t[at] == '-')
		at++;
	while (at < len && t[at] == '[') {
		bool quoted = false;

		for (at++; at < len && (quoted || t[at] != ']'); at++) {
			if (t[at] == '\\' && quoted)
				at++;
			else if (t[at] == '"')
				quoted = !quoted;
		}
		at += at < len;
	}
	at = at > len ? len : at;
	r->line.host = (struct slice){t + 1, host > 0 ? host - 1 : 0};
	if (host + 1 >= len) {
		logline_cut(&r->line, t, len);
		return;
	}
	r->line.text = (struct slice){t + host + 1, len - host - 1};
	r->line.tag = (struct slice){t + host + 1, app - host - 1};
	while (at < len && t[at] == ' ')
		at++;
	r->line.msg = (struct slice){t + at, len - at};
}

/* <PRI> and perhaps the version of RFC 5424. */
static size_t skip_priority(const char *text, size_t len, bool *modern)
{
	size_t i = 1;

	*modern = false;
	if (len == 0 || text[0] != '<')
		return 0;
	while (i < len && i < 5 && text[i] >= '0' && text[i] <= '9')
		i++;
	if (i < 2 || i >= len || text[i] != '>')
		return 0;
	i++;
	if (i + 1 < len && text[i] == '1' && text[i + 1] == ' ') {
		*modern = true;
		i += 2;
	}
	return i;
}

/* Copy the line without the date, and cut what is left into fields. */
static void cut_line(struct rawline *r, const char *text, size_t len,
		     const struct date_at *date, bool modern)
{
	size_t cut = date->end - date->start;

	memset(&r->line, 0, sizeof(r->line));
	r->line.arrived = r->line.reported = date->seconds;
	if (len - cut > LOGLINE_MAX)
		len = LOGLINE_MAX + cut;
	memcpy(r->text, text, date->start);
	memcpy(r->text + date->start, text + date->end, len - date->end);
	len -= cut;
	r->text[len] = '\0';
	if (r->dated && modern && date->start == 0 && len > 1)
		cut_5424(r, len);
	else if (!r->dated || r->bracketed || !cut_syslog(r, len))
		logline_cut(&r->line, r->text, len);
}

static size_t without_newline(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	return len;
}

void rawline_parse(const char *text, size_t len, int64_t now,
		   struct rawline *out)
{
	struct date_at date = {.start = 0, .end = 0, .seconds = now};
	size_t skip;
	bool modern;

	len = without_newline(text, len);
	skip = skip_priority(text, len, &modern);
	text += skip;
	len -= skip;
	out->dated = date_find(text, len, now, &date);
	out->bracketed = out->dated && text[date.start] == '[';
	cut_line(out, text, len, &date, modern);
}

void rawline_cut(const char *text, size_t len, size_t start, size_t end,
		 struct slice date, int64_t now, struct rawline *out)
{
	struct date_at at = {.seconds = now};

	out->dated = date.len == 0 || date_find(date.at, date.len, now, &at);
	out->bracketed = false;
	len = without_newline(text, len);
	if (start <= end && end <= len && start <= LOGLINE_MAX) {
		at.start = start;
		at.end = end;
	} else {
		at.start = at.end = 0;
		out->dated = false;
	}
	cut_line(out, text, len, &at, false);
}
