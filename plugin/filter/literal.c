/*
 * literal: bytes that every match of an expression must hold.
 *
 * A search for plain bytes is much cheaper than an expression, and most lines
 * lack what most rules need. Only what is certain counts: bytes outside of
 * alternatives, optional parts, classes, look-arounds and parts where case
 * does not matter.
 */
#include "literal.h"

#include <string.h>

#include "syntax.h"

struct walk {
	struct syntax in;
	bool branches; /* the last sequence had alternatives */
};

enum {
	DEPTH_MAX = 50,
	LITERAL_LEAST = 3 /* bytes; shorter ones are everywhere */
};

/* Longest first, each once; of many the shortest are dropped. */
static void keep(struct literals *list, const struct literal *run)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->one[i].len == run->len &&
		    memcmp(list->one[i].at, run->at, run->len) == 0)
			return;
	if (list->n == NEEDS && list->one[NEEDS - 1].len >= run->len)
		return;
	i = list->n < NEEDS ? list->n++ : NEEDS - 1;
	for (; i > 0 && list->one[i - 1].len < run->len; i--)
		list->one[i] = list->one[i - 1];
	list->one[i] = *run;
}

static void flush(struct literals *list, struct literal *run)
{
	if (run->len >= LITERAL_LEAST)
		keep(list, run);
	run->len = 0;
}

static void sequence(struct walk *w, struct literals *list, unsigned depth);

static void group(struct walk *w, struct literals *list, unsigned depth)
{
	struct literals inside = {.n = 0};
	bool counts = syntax_group(&w->in);
	bool branches = w->branches;

	sequence(w, &inside, depth + 1);
	w->branches = branches;
	if (syntax_peek(&w->in, 0) == ')')
		w->in.at++;
	else
		syntax_give_up(&w->in);
	if (syntax_quantifiers(&w->in) != 0 && counts)
		for (size_t i = 0; i < inside.n; i++)
			keep(list, &inside.one[i]);
}

/* Take a place of n bytes and its quantifiers. True when the run goes on. */
static bool take(struct walk *w, size_t n, int byte, struct literals *list,
		 struct literal *run)
{
	int min;

	w->in.at += n;
	if (byte < 0 || run->len == LITERAL_MAX)
		flush(list, run);
	min = syntax_quantifiers(&w->in);
	if (byte < 0)
		return false;
	if (min != 0)
		run->at[run->len++] = (char)byte;
	if (min >= 0)
		flush(list, run);
	return min < 0;
}

static void sequence(struct walk *w, struct literals *list, unsigned depth)
{
	struct literal run = {.len = 0};
	struct literals mine = {.n = 0};
	bool branches = false;

	if (depth > DEPTH_MAX)
		syntax_give_up(&w->in);
	while (w->in.at < w->in.end && *w->in.at != ')') {
		int byte;
		size_t n = syntax_place(&w->in, &byte);

		if (n > 0) {
			take(w, n, byte, &mine, &run);
			continue;
		}
		flush(&mine, &run);
		if (syntax_peek(&w->in, 0) == '(') {
			group(w, &mine, depth);
		} else if (syntax_peek(&w->in, 0) == '[') {
			syntax_class(&w->in);
			(void)syntax_quantifiers(&w->in);
		} else if (syntax_peek(&w->in, 0) == '|') {
			branches = true;
			w->in.at++;
		} else {
			syntax_give_up(&w->in);
		}
	}
	flush(&mine, &run);
	w->branches = branches;
	for (size_t i = 0; i < mine.n && !branches; i++)
		keep(list, &mine.one[i]);
}

/* A group at w->in.at without alternatives and quantifier: its inside simply
 * goes on. Then w is behind its opening. */
static bool transparent(struct walk *w)
{
	struct walk inner = *w, behind;
	struct literals unused = {.n = 0};

	if (*w->in.at != '(' || !syntax_group(&inner.in))
		return false;
	behind = inner;
	sequence(&behind, &unused, 0);
	if (behind.branches || syntax_peek(&behind.in, 0) != ')')
		return false;
	behind.in.at++;
	if (syntax_quantifiers(&behind.in) >= 0)
		return false;
	*w = inner;
	return true;
}

/* The plain bytes right behind ^ or \A, of an expression that is understood. */
static void start_of(const char *regex, size_t len, struct literal *start)
{
	struct walk w = {.in = {.at = regex, .end = regex + len}};
	struct literals unused = {.n = 0};
	unsigned depth = 0;

	if (len > 0 && *regex == '^')
		w.in.at++;
	else if (len > 1 && regex[0] == '\\' && regex[1] == 'A')
		w.in.at += 2;
	else
		return;
	while (w.in.at < w.in.end && start->len < LITERAL_MAX) {
		struct literal before = *start;
		int byte;
		size_t n = syntax_place(&w.in, &byte);

		if (n > 0 && byte < 0)
			return;
		if (n > 0) {
			if (take(&w, n, byte, &unused, start))
				continue;
			*start = before; /* x+ is one x at least: not needed */
			return;
		}
		if (transparent(&w)) {
			depth++;
		} else if (*w.in.at == ')' && depth > 0) {
			depth--;
			w.in.at++;
		} else {
			return;
		}
	}
}

void literal_derive(const char *regex, size_t len, struct literal *start,
		    struct literals *needs)
{
	struct walk w = {.in = {.at = regex, .end = regex + len}};

	start->len = needs->n = 0;
	sequence(&w, needs, 0);
	if (w.in.unsure || w.in.at != w.in.end) {
		needs->n = 0;
		return;
	}
	if (!w.branches)
		start_of(regex, len, start);
	/* What lies within the start has been seen with it. */
	for (size_t i = 0; i < needs->n;) {
		const struct literal *one = &needs->one[i];

		if (memmem(start->at, start->len, one->at, one->len) == NULL) {
			i++;
			continue;
		}
		needs->n--;
		memmove(&needs->one[i], &needs->one[i + 1],
			(needs->n - i) * sizeof(*one));
	}
}
