/*
 * python: what Python's expressions write differently.
 *
 * The two syntaxes are close; this table is the whole difference that filter
 * files can run into:
 *
 *   \Z            the very end            -> \z
 *   {,n}          at most n times         -> {0,n}
 *   (?iu) (?a)    flags u and a           -> dropped: the filter's `unicode`
 *   ((?i)x)       fail2ban's old habit    -> (?i:x)
 *   (?L)          locale                  refused
 *   x(?i)y        global flags inside     refused, as Python does
 *   \u \U \N      characters by number    refused
 *   [[:alpha:]]   a class for PCRE2 only  refused: Python reads a set
 *   (*VERB)       PCRE2's own             refused
 */
#include "python.h"

#include <string.h>

struct reader {
	const struct layers *layers;
	const struct text *in;
	struct text *out;
	size_t at;
	struct fault *why;
};

static char peek(const struct reader *r, size_t ahead)
{
	return r->at + ahead < r->in->len ? r->in->at[r->at + ahead] : '\0';
}

static void copy(struct reader *r, size_t n)
{
	if (n > r->in->len - r->at)
		n = r->in->len - r->at;
	text_copy(r->out, r->in, r->at, r->at + n);
	r->at += n;
}

static int refuse(const struct reader *r, const char *what)
{
	uint64_t from = text_from(r->in, r->at);

	layers_fault(r->layers, from, r->why, "%s", what);
	return layers_quote(r->layers, from, false, r->why);
}

static int escape(struct reader *r)
{
	switch (peek(r, 1)) {
	case 'Z':
		text_put(r->out, "\\z", 2, r->in->from[r->at]);
		r->at += 2;
		return 0;
	case 'u':
	case 'U':
	case 'N':
		return refuse(r, "\\u, \\U and \\N are Python's alone; write "
				 "the character itself");
	case '\0':
		return refuse(r, "backslash at the end");
	default:
		copy(r, 2);
		return 0;
	}
}

/* A class, from its [ to its ]. */
static int class(struct reader *r)
{
	copy(r, peek(r, 1) == '^' ? 2 : 1);
	if (peek(r, 0) == ']')
		copy(r, 1);
	while (r->at < r->in->len && peek(r, 0) != ']') {
		char next = peek(r, 1);

		if (peek(r, 0) == '\\') {
			if (escape(r) < 0)
				return -1;
			continue;
		}
		if (peek(r, 0) == '[' &&
		    (next == ':' || next == '.' || next == '='))
			return refuse(r, "[[:name:]] is not Python's; write "
					 "the characters, or \\d \\w \\s");
		copy(r, 1);
	}
	copy(r, 1);
	return 0;
}

/* {,n} */
static void brace(struct reader *r)
{
	size_t n = 2;

	if (peek(r, 1) == ',') {
		while (peek(r, n) >= '0' && peek(r, n) <= '9')
			n++;
		if (peek(r, n) == '}') {
			text_put(r->out, "{0", 2, r->in->from[r->at]);
			r->at++;
			copy(r, n);
			return;
		}
	}
	copy(r, 1);
}

/* The flags that stand n bytes ahead, as in (?is) or (?is:...). Those that mean
 * something to PCRE2 go to kept. Returns the offset behind them. */
static size_t flags(const struct reader *r, size_t n, char *kept)
{
	size_t k = 0;

	for (; strchr("aiLmsux-", peek(r, n)) != NULL && peek(r, n) != '\0';
	     n++)
		if (strchr("au", peek(r, n)) == NULL && k < 15)
			kept[k++] = peek(r, n);
	kept[k] = '\0';
	if (k == 1 && kept[0] == '-')
		kept[0] = '\0';
	return n;
}

/* What opens a group. */
static int group(struct reader *r)
{
	/* ((?i)x) and (?:(?i)x) mean (?i:x). start is where the bracket of the
	 * flags stands in these; 0: this is none of them. */
	size_t inner = peek(r, 1) == '?' && peek(r, 2) == ':' ? 3 : 1;
	size_t start = 0, end;
	char kept[16];

	if (peek(r, 1) == '*')
		return refuse(r, "(*VERB) is not Python's");
	if (peek(r, inner) == '(' && peek(r, inner + 1) == '?') {
		end = flags(r, inner + 2, kept);
		if (end > inner + 2 && peek(r, end) == ')')
			start = inner;
	}
	if (start == 0 && peek(r, 1) != '?') {
		copy(r, 1);
		return 0;
	}
	end = flags(r, start + 2, kept);
	if (end == start + 2 || (peek(r, end) != ')' && peek(r, end) != ':')) {
		copy(r, 2);
		return 0;
	}
	if (strchr(kept, 'L') != NULL)
		return refuse(r, "flag L is not supported");
	if (start == 0 && peek(r, end) == ')' && r->at != 0)
		return refuse(r, "flags for the whole expression stand at its "
				 "start; elsewhere write (?i:...)");
	if (start != 0 || peek(r, end) == ':' || kept[0] != '\0') {
		text_puts(r->out, "(?", r->in->from[r->at]);
		text_puts(r->out, kept, r->in->from[r->at]);
		text_put(r->out, start != 0 || peek(r, end) == ':' ? ":" : ")",
			 1, r->in->from[r->at]);
	}
	r->at += end + 1;
	return 0;
}

int python_to_pcre(const struct layers *l, const struct text *in,
		   struct text *out, struct fault *why)
{
	struct reader r = {.layers = l, .in = in, .out = out, .why = why};
	int result = 0;

	while (result == 0 && r.at < in->len) {
		switch (peek(&r, 0)) {
		case '\\':
			result = escape(&r);
			break;
		case '[':
			result = class(&r);
			break;
		case '{':
			brace(&r);
			break;
		case '(':
			result = group(&r);
			break;
		default:
			copy(&r, 1);
			break;
		}
	}
	return result;
}
