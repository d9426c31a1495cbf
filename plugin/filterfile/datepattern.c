/*
 * datepattern: a pattern of fail2ban's for dates -> an expression.
 *
 * Fields as in strptime, among any expression. If it has no group of its own,
 * all of it is the date; else the first group is, and what stands around stays
 * in the line. The edges of a pattern have to be those of words, unless it says
 * where they are. {^LN-BEG} lets at most two other characters stand in front,
 * {DATE} is any date.
 */
#include "datepattern.h"

#include <string.h>
#include <strings.h>

struct field {
	const char *name;
	const char *regex;
};

static const struct field fields[] = {
	{"%ExY", "(?P<Y>[0-9]{4})"},
	{"%Exy", "(?P<y>[0-9]{2})"},
	{"%Exm", "(?P<m>0[1-9]|1[0-2])"},
	{"%Exd", "(?P<d>0[1-9]|[12][0-9]|3[01])"},
	{"%ExH", "(?P<H>[01][0-9]|2[0-3])"},
	{"%Exk", " ?(?P<H>[01]?[0-9]|2[0-3])"},
	{"%Exl", " ?(?P<I>1[0-2]|[0-9])"},
	{"%ExM", "(?P<M>[0-5][0-9])"},
	{"%ExS", "(?P<S>[0-5][0-9]|6[01])"},
	{"%Exz", "(?P<z>[A-Z]{3,5}|Z|[+-][01][0-9](?::?[0-9]{2})?)"},
	{"%ExZ", "(?:[A-Z]{3,5}|Z)"},
	{"%Y", "(?P<Y>[0-9]{4})"},
	{"%y", "(?P<y>[0-9]{2})"},
	{"%m", "(?P<m>0?[1-9]|1[0-2])"},
	{"%b", "(?P<b>[A-Z]{3})"},
	{"%B", "(?P<b>[A-Z]{3})[a-z]*"},
	{"%d", "(?P<d>[12][0-9]|[0 ]?[1-9]|3[01])"},
	{"%H", "(?P<H>[01]?[0-9]|2[0-3])"},
	{"%k", " ?(?P<H>[0-2]?[0-9])"},
	{"%I", "(?P<I>1[0-2]|0?[1-9])"},
	{"%l", " ?(?P<I>1?[0-9])"},
	{"%p", "(?P<p>[AP])M"},
	{"%M", "(?P<M>[0-5]?[0-9])"},
	{"%S", "(?P<S>[0-5]?[0-9]|6[01])"},
	{"%f", "[0-9]{1,6}"},
	{"%z", "(?P<z>Z|UTC|GMT|[+-][01][0-9](?::?[0-9]{2})?)"},
	{"%Z", "(?:Z|[A-Z]{3,5})"},
	{"%a", "[A-Z]{3}"},
	{"%A", "[A-Z]+"},
	/* What line/date.c knows, roughly: it has the last word. */
	{"{DATE}", "(?:[0-9]{4}([-/.])[0-9]{2}\\g{-1}[0-9]{2}(?:T|  ?)"
		   "[ 0-9]?[0-9]:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?"
		   "(?:\\s*(?:Z|[+-][0-9]{2}:?[0-9]{2}))?|"
		   "(?:[A-Z]{3} )?[A-Z]{3} [ 0-9]?[0-9](?: [0-9]{4})?"
		   " [ 0-9]?[0-9]:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?"
		   "(?: [0-9]{4})?|"
		   "[0-9]{2}[-/](?:[0-9]{2}|[A-Z]{3})[-/][0-9]{4}[ :]"
		   "[ 0-9]?[0-9]:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?"
		   "(?: [+-][0-9]{4})?|"
		   "@[0-9a-f]{24}|[0-9]{10,11}\\b(?:\\.[0-9]{3,6})?)"},
	{"{EPOCH}", "(?:[0-9]{10,11}\\b(?:\\.[0-9]{3,6})?)"},
};

/* Patterns that stand for what is known anyway. */
static const char *const any[] = {
	"{^LN-BEG}", "{DEFAULT}", "EPOCH",   "{^LN-BEG}EPOCH",
	"^EPOCH",    "TAI64N",    "^TAI64N", "{^LN-BEG}TAI64N",
};

enum { WORD_START = 1, LINE_START = 2 };

struct pattern {
	const char *at;
	const char *end;
};

static bool begins(const struct pattern *p, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(p->end - p->at) >= n &&
	       strncasecmp(p->at, with, n) == 0;
}

static bool take(struct pattern *p, const char *word)
{
	if (!begins(p, word))
		return false;
	p->at += strlen(word);
	return true;
}

/* Does it have a group of its own? (?...) is none, a bracket as a character is
 * none. */
static bool grouped(const struct pattern *p)
{
	bool class = false;

	for (const char *c = p->at; c < p->end; c++) {
		if (*c == '\\')
			c++;
		else if (*c == '[')
			class = true;
		else if (*c == ']')
			class = false;
		else if (*c == '(' && !class &&
			 (c + 1 == p->end || c[1] != '?'))
			return true;
	}
	return false;
}

/* %Y is not %y; {date} is {DATE}. */
static bool is_field(const struct pattern *p, const char *name)
{
	return begins(p, name) &&
	       (*name != '%' || memcmp(p->at, name, strlen(name)) == 0);
}

static bool put_fields(struct pattern p, struct text *out)
{
	static const size_t n = sizeof(fields) / sizeof(fields[0]);

	while (p.at < p.end) {
		size_t i = 0;

		if (*p.at == '\\' && p.at + 1 < p.end) {
			text_put(out, p.at, 2, 0);
			p.at += 2;
			continue;
		}
		while (i < n && !is_field(&p, fields[i].name))
			i++;
		if (i < n) {
			text_puts(out, fields[i].regex, 0);
			p.at += strlen(fields[i].name);
			continue;
		}
		if (*p.at == '%')
			return false;
		text_put(out, p.at++, 1, 0);
	}
	return true;
}

/* A pattern that ends in a place or in blanks has its end there. */
static bool has_end(const struct pattern *p)
{
	size_t n = (size_t)(p->end - p->at);

	return (n >= 1 && p->end[-1] == '$') ||
	       (n >= 2 && p->end[-2] == '\\' &&
		(p->end[-1] == 'b' || p->end[-1] == 's'));
}

static bool put(struct pattern p, int start, bool bound, struct text *out)
{
	bool wrap = !grouped(&p), end = bound && !has_end(&p);
	bool known;

	text_puts(out, "(?i)", 0);
	if (take(&p, "^") || start == LINE_START)
		text_puts(out, start == LINE_START ? "^\\W{0,2}?" : "^", 0);
	else if (start == WORD_START && !begins(&p, "(^"))
		text_puts(out, "(?=^|\\b|\\W)", 0);
	text_puts(out, wrap ? "(" : "", 0);
	known = put_fields(p, out);
	text_puts(out, wrap ? ")" : "", 0);
	text_puts(out, end ? "(?=\\b|\\W|$)" : "", 0);
	return known;
}

enum datepattern datepattern_translate(const char *pattern, size_t len,
				       struct text *out)
{
	struct pattern p = {pattern, pattern + len};
	int start = WORD_START;
	bool bound = true;

	while (p.at < p.end && p.end[-1] == ' ')
		p.end--;
	for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++)
		if (begins(&p, any[i]) &&
		    strlen(any[i]) == (size_t)(p.end - p.at))
			return DATEPATTERN_ANY;
	if (take(&p, "{NONE}")) {
		text_puts(out, "^()", 0);
		return p.at == p.end ? DATEPATTERN_REGEX : DATEPATTERN_UNKNOWN;
	}
	if (take(&p, "{UNB}")) {
		start = 0;
		bound = false;
	} else if (take(&p, "{^LN-BEG}")) {
		start = LINE_START;
	}
	if (memmem(p.at, (size_t)(p.end - p.at), "**", 2) != NULL ||
	    !put(p, start, bound, out) || out->bad)
		return DATEPATTERN_UNKNOWN;
	return DATEPATTERN_REGEX;
}
