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

#include <stdlib.h>
#include <string.h>

struct walk {
	const char *at;
	const char *end;
	bool hopeless; /* global flags, quoting: nothing is certain */
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

/* The end of {n} {n,} {n,m} at at; NULL when it is plain text. */
static const char *braces(const char *at, const char *end)
{
	const char *digit = ++at;

	while (at < end && *at >= '0' && *at <= '9')
		at++;
	if (at == digit)
		return NULL;
	if (at < end && *at == ',')
		at++;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at < end && *at == '}' ? at : NULL;
}

/* Step over a quantifier. -1: none, 0: nothing is enough, 1: at least once. */
static int quantifier(struct walk *w)
{
	const char *last = w->at;
	int least;

	if (w->at == w->end)
		return -1;
	if (*w->at == '*' || *w->at == '?') {
		least = 0;
	} else if (*w->at == '+') {
		least = 1;
	} else if (*w->at == '{' && (last = braces(w->at, w->end)) != NULL) {
		least = strtoul(w->at + 1, NULL, 10) > 0;
	} else {
		return -1;
	}
	w->at = last + 1;
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

static void sequence(struct walk *w, struct literals *list, unsigned depth);

/* What opens a group, stepped over; true when its inside counts. */
static bool group_opens(struct walk *w)
{
	const char *at = w->at + 1;
	const char *stop;

	if (at == w->end || *at != '?') {
		/* A verb, such as (*ACCEPT), may end the match right here. */
		w->hopeless = w->hopeless || (at < w->end && *at == '*');
		w->at = at;
		return true;
	}
	at++;
	/* A comment ends at the first bracket whatever stands in it, and a
	 * quantifier behind it belongs to what stands before. */
	if (at < w->end && *at == '#')
		w->hopeless = true;
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

static void group(struct walk *w, struct literals *list, unsigned depth)
{
	struct literals inside = {.n = 0};
	bool counts = group_opens(w);
	bool branches = w->branches;

	sequence(w, &inside, depth + 1);
	w->branches = branches;
	if (w->at < w->end)
		w->at++; /* ) */
	if (quantifier(w) != 0 && counts)
		for (size_t i = 0; i < inside.n; i++)
			keep(list, &inside.one[i]);
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

/* The plain byte at w->at, or -1. */
static int plain(const struct walk *w)
{
	int c = (unsigned char)*w->at;

	if (c == '\\')
		return escaped(w);
	return strchr("|([.^$)", c) != NULL ? -1 : c;
}

/* Take a plain byte and its quantifier. True when the run goes on. */
static bool byte(struct walk *w, int c, struct literals *list,
		 struct literal *run)
{
	int least;

	w->at += *w->at == '\\' ? 2 : 1;
	if (run->len == LITERAL_MAX)
		flush(list, run);
	least = quantifier(w);
	if (least != 0)
		run->at[run->len++] = (char)c;
	if (least >= 0)
		flush(list, run);
	return least < 0;
}

static void sequence(struct walk *w, struct literals *list, unsigned depth)
{
	struct literal run = {.len = 0};
	struct literals mine = {.n = 0};
	bool branches = false;

	if (depth > DEPTH_MAX) {
		w->hopeless = true;
		w->at = w->end;
	}
	while (w->at < w->end && *w->at != ')') {
		int c = plain(w);

		if (*w->at == '\\' && w->at + 1 < w->end &&
		    (w->at[1] == 'Q' || w->at[1] == 'c'))
			w->hopeless = true;
		if (c >= 0) {
			byte(w, c, &mine, &run);
			continue;
		}
		flush(&mine, &run);
		branches = branches || *w->at == '|';
		if (*w->at == '(') {
			group(w, &mine, depth);
			continue;
		}
		if (*w->at == '[')
			skip_class(w);
		else
			w->at += *w->at == '\\' && w->at + 1 < w->end ? 2 : 1;
		(void)quantifier(w);
	}
	flush(&mine, &run);
	w->branches = branches;
	for (size_t i = 0; i < mine.n && !branches; i++)
		keep(list, &mine.one[i]);
}

/* A group at w->at without alternatives and quantifier: its inside simply
 * goes on. Then w is behind its opening. */
static bool transparent(struct walk *w)
{
	struct walk inner = *w, behind;
	struct literals unused = {.n = 0};

	if (*w->at != '(' || !group_opens(&inner))
		return false;
	behind = inner;
	sequence(&behind, &unused, 0);
	if (behind.branches || behind.hopeless || behind.at == behind.end)
		return false;
	behind.at++;
	if (quantifier(&behind) >= 0)
		return false;
	*w = inner;
	return true;
}

/* The plain bytes right behind ^ or \A. */
static void start_of(const char *regex, size_t len, struct literal *start)
{
	struct walk w = {.at = regex, .end = regex + len};
	struct literals unused = {.n = 0};
	unsigned depth = 0;

	if (len > 0 && *regex == '^')
		w.at++;
	else if (len > 1 && regex[0] == '\\' && regex[1] == 'A')
		w.at += 2;
	else
		return;
	while (w.at < w.end && start->len < LITERAL_MAX) {
		struct literal kept = *start;
		int c = plain(&w);

		if (c < 0 && transparent(&w)) {
			depth++;
			continue;
		}
		if (c < 0 && *w.at == ')' && depth > 0) {
			depth--;
			w.at++;
			continue;
		}
		if (c < 0)
			return;
		if (!byte(&w, c, &unused, start)) {
			*start = kept; /* x+ is one x at least: not needed */
			return;
		}
	}
}

void literal_derive(const char *regex, size_t len, struct literal *start,
		    struct literals *needs)
{
	struct walk w = {.at = regex, .end = regex + len};

	start->len = needs->n = 0;
	sequence(&w, needs, 0);
	if (w.hopeless || w.at != w.end) {
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
