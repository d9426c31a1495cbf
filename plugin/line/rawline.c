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

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static size_t skip_any(const char *text, size_t len, size_t at, char first,
		       char last)
{
	while (at < len && text[at] >= first && text[at] <= last)
		at++;
	return at;
}

/* A host's name or address: no bracket, comma or colon ends or divides it, as
 * in what a program writes itself. */
static bool is_host(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("()<>,=", text[i]) != NULL)
			return false;
	return len > 0 && text[len - 1] != ':' && text[len - 1] != ']';
}

/* ` [98]:`, the pid of a tag that ended at the blank. */
static bool is_pid(const char *text, size_t len)
{
	size_t digits = skip_any(text, len, 2, '0', '9');

	return len > 4 && text[0] == ' ' && text[1] == '[' && digits > 2 &&
	       len - digits >= 2 && memcmp(text + digits, "]:", 2) == 0;
}

/* Bytes of the tag that begins here, 0 for none. It ends with a colon, and a
 * blank need not follow if it is but a name and a pid; without a colon, with
 * its pid, which may follow behind a blank. */
static size_t tag_here(const char *text, size_t len)
{
	size_t end = word(text, len, 0), colon = 0;
	bool inside = false;

	if (end == 0 || text[0] == '[' || text[0] == '<')
		return 0;
	for (; colon < end && (inside || text[colon] != ':'); colon++) {
		inside = text[colon] == '[' || (inside && text[colon] != ']');
		if (strchr("()<>,=", text[colon]) != NULL)
			break;
	}
	if (colon > 0 && colon < end && text[colon] == ':')
		return colon + 1;
	if (text[end - 1] == ':' || text[end - 1] == ']' ||
	    is_pid(text + end, len - end))
		return end;
	return 0;
}

/* ` HOST TAG[pid]: MSG`, ` HOST TAG: MSG`. False when it has no such form. */
static bool cut_syslog(struct rawline *r, size_t len)
{
	char *t = r->text;
	size_t host, at, tag;

	if (len < 5 || t[0] != ' ' || t[1] == ' ')
		return false;
	host = word(t, len, 1);
	at = skip_any(t, len, host, ' ', ' ');
	if (at >= len || !is_host(t + 1, host - 1))
		return false;
	tag = tag_here(t + at, len - at);
	if (tag == 0)
		return false;
	r->line.host = (struct slice){t + 1, host - 1};
	if (at + tag < len && t[at + tag] != ' ') {
		/* As a text has it: with a blank. The first one moves there. */
		memmove(t, t + 1, at + tag - 1);
		t[at + tag - 1] = ' ';
		r->line.host.at--;
		at--;
	}
	logline_cut(&r->line, t + at, len - at);
	return true;
}

/* Where the message of an RFC 5424 record begins, from its message id on. */
static size_t skip_structured(const char *t, size_t len, size_t at)
{
	if (at < len)
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
	return skip_any(t, len, at, ' ', ' ');
}

/* ` HOST APP PROCID MSGID STRUCTURED MSG` of RFC 5424. Its text is what
 * rsyslogd makes of it: `APP[PROCID] MSG`, `APP MSG`. */
static void cut_5424(struct rawline *r, size_t len)
{
	char *t = r->text;
	size_t host = word(t, len, 1), app = word(t, len, host + 1);
	size_t pid = app < len ? word(t, len, app + 1) : len;
	size_t at = skip_structured(t, len, pid), end = app;

	r->line.host = (struct slice){t + 1, host > 0 ? host - 1 : 0};
	if (host + 1 >= len) {
		logline_cut(&r->line, t, len);
		return;
	}
	if (at > pid + 1 && pid > app + 1 &&
	    (pid > app + 2 || t[app + 1] != '-')) {
		t[app] = '[';
		t[pid] = ']';
		end = pid + 1;
	}
	if (at < len) {
		t[end++] = ' ';
		memmove(t + end, t + at, len - at);
		end += len - at;
	}
	logline_cut(&r->line, t + host + 1, end - host - 1);
}

/* `NAME  | `, docker compose's name of a container. */
static size_t skip_container(const char *text, size_t len)
{
	size_t n = 0, bar;

	while (n < len && (is_alnum(text[n]) || strchr("_.-", text[n]) != NULL))
		n++;
	bar = skip_any(text, len, n, ' ', ' ');
	if (n == 0 || bar == n || len - bar < 2 ||
	    memcmp(text + bar, "| ", 2) != 0)
		return 0;
	return bar + 2;
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
	if (modern && date->start == 0 && len > 1)
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
	bool modern, nil;

	len = without_newline(text, len);
	skip = skip_container(text, len);
	skip += skip_priority(text + skip, len - skip, &modern);
	text += skip;
	len -= skip;
	nil = modern && len > 1 && memcmp(text, "- ", 2) == 0;
	date.end = nil;
	out->dated = !nil && date_find(text, len, now, &date);
	out->bracketed = out->dated && text[date.start] == '[';
	cut_line(out, text, len, &date, modern && (out->dated || nil));
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
