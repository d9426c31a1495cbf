/*
 * filter_literal: bytes that every match of an expression must hold.
 *
 * A search for plain bytes is much cheaper than an expression, and most lines
 * lack what most rules need. Only what is certain counts: outside of
 * alternatives, optional parts, classes, look-arounds and parts where case
 * does not matter. An expression that this does not understand needs nothing,
 * and is always tried.
 */
#include "filter_impl.h"

#include <string.h>

struct walk {
	const char *at;
	const char *end;
	bool hopeless; /* global flags, quoting: nothing is certain */
	bool branches; /* the last sequence had alternatives */
};

enum { DEPTH_MAX = 50 };

static void keep_longer(struct literal *best, const struct literal *run)
{
	if (run->len > best->len)
		*best = *run;
}

static void flush(struct literal *best, struct literal *run)
{
	keep_longer(best, run);
	run->len = 0;
}

/* Step over a quantifier. -1: none, 0: nothing is enough, 1: at least once. */
static int quantifier(struct walk *w)
{
	int least;

	if (w->at == w->end)
		return -1;
	if (*w->at == '*' || *w->at == '?') {
		least = 0;
	} else if (*w->at == '+') {
		least = 1;
	} else if (*w->at == '{' && w->at + 1 < w->end && w->at[1] >= '0' &&
		   w->at[1] <= '9') {
		const char *close =
			memchr(w->at, '}', (size_t)(w->end - w->at));

		if (close == NULL)
			return -1;
		least = w->at[1] != '0';
		w->at = close;
	} else {
		return -1;
	}
	w->at++;
	if (w->at < w->end && (*w->at == '?' || *w->at == '+'))
		w->at++;
	return least;
}

static void skip_class(struct walk *w)
{
	w->at++;
	if (w->at < w->end && *w->at == '^')
		w->at++;
	if (w->at < w->end && *w->at == ']')
		w->at++;
	while (w->at < w->end && *w->at != ']')
		w->at += *w->at == '\\' && w->at + 1 < w->end ? 2 : 1;
	if (w->at < w->end)
		w->at++;
}

static void sequence(struct walk *w, struct literal *best, unsigned depth);

/* What opens a group, stepped over; true when its inside counts. */
static bool group_opens(struct walk *w)
{
	const char *at = w->at + 1;
	const char *stop;

	if (at == w->end || *at != '?') {
		w->at = at;
		return true;
	}
	at++;
	if (at < w->end && *at == 'P')
		at++;
	if (at < w->end && (*at == ':' || *at == '>')) {
		w->at = at + 1;
		return *(at - 1) != 'P'; /* (?P> is a call */
	}
	if (at + 1 < w->end && *at == '<' && at[1] != '=' && at[1] != '!') {
		stop = memchr(at, '>', (size_t)(w->end - at));
		w->at = stop == NULL ? w->end : stop + 1;
		return true;
	}
	/* Flags. Global ones and x change how everything after is read. */
	for (stop = at;
	     stop < w->end && (*stop == '-' || (*stop >= 'a' && *stop <= 'z'));
	     stop++)
		if (*stop == 'x')
			w->hopeless = true;
	if (stop < w->end && stop > at && *stop == ')')
		w->hopeless = true;
	w->at = at;
	return false;
}

static void group(struct walk *w, struct literal *best, unsigned depth)
{
	struct literal inside = {.len = 0};
	bool counts = group_opens(w);
	bool branches = w->branches;

	sequence(w, &inside, depth + 1);
	w->branches = branches;
	if (w->at < w->end)
		w->at++; /* ) */
	if (quantifier(w) != 0 && counts)
		keep_longer(best, &inside);
}

/* The byte that an escape stands for, or -1 for a class or an assertion. */
static int escaped(const struct walk *w)
{
	char c = w->at + 1 < w->end ? w->at[1] : 'A';

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
		return -1;
	return (unsigned char)c;
}

/* One plain byte and its quantifier. */
static void byte(struct walk *w, int c, struct literal *best,
		 struct literal *run)
{
	int least;

	if (run->len == LITERAL_MAX)
		flush(best, run);
	least = quantifier(w);
	if (least != 0)
		run->at[run->len++] = (char)c;
	if (least >= 0)
		flush(best, run);
}

static void sequence(struct walk *w, struct literal *best, unsigned depth)
{
	struct literal run = {.len = 0}, mine = {.len = 0};
	bool branches = false;

	if (depth > DEPTH_MAX) {
		w->hopeless = true;
		w->at = w->end;
	}
	while (w->at < w->end && *w->at != ')') {
		int c = (unsigned char)*w->at;

		if (c == '\\' && w->at + 1 < w->end &&
		    (w->at[1] == 'Q' || w->at[1] == 'c'))
			w->hopeless = true;
		if (c == '\\')
			c = escaped(w);
		else if (strchr("|([.^$", c) != NULL)
			c = -1;
		if (c >= 0) {
			w->at += *w->at == '\\' ? 2 : 1;
			byte(w, c, &mine, &run);
			continue;
		}
		flush(&mine, &run);
		branches = branches || *w->at == '|';
		if (*w->at == '(') {
			group(w, &mine, depth);
		} else {
			if (*w->at == '[')
				skip_class(w);
			else
				w->at += *w->at == '\\' ? 2 : 1;
			if (w->at > w->end)
				w->at = w->end;
			(void)quantifier(w);
		}
	}
	flush(&mine, &run);
	w->branches = branches;
	if (!branches)
		keep_longer(best, &mine);
}

/* The plain bytes right behind ^ or \A. */
static void start_of(const char *regex, size_t len, struct literal *start)
{
	struct walk w = {.at = regex, .end = regex + len};
	struct literal unused = {.len = 0};
	struct literal run = {.len = 0};

	if (len > 0 && *regex == '^')
		w.at++;
	else if (len > 1 && regex[0] == '\\' && regex[1] == 'A')
		w.at += 2;
	else
		return;
	while (w.at < w.end && run.len < LITERAL_MAX) {
		int c = (unsigned char)*w.at;
		size_t before = run.len;

		if (c == '\\')
			c = escaped(&w);
		else if (strchr("|([.^$)", c) != NULL)
			c = -1;
		if (c < 0)
			break;
		w.at += *w.at == '\\' ? 2 : 1;
		byte(&w, c, &unused, &run);
		if (run.len <= before) {
			/* It had a quantifier: flush() kept what was sure. */
			run = unused;
			break;
		}
	}
	*start = run;
}

void literal_derive(const char *regex, size_t len, struct literal *start,
		    struct literal *need)
{
	struct walk w = {.at = regex, .end = regex + len};

	start->len = need->len = 0;
	sequence(&w, need, 0);
	if (w.hopeless || w.at != w.end) {
		need->len = 0;
		return;
	}
	if (!w.branches)
		start_of(regex, len, start);
	/* The need lies within the start: one look is enough. */
	if (start->len > 0 && need->len <= start->len &&
	    memmem(start->at, start->len, need->at, need->len) != NULL)
		need->len = 0;
}
