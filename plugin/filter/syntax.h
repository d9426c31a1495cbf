/*
 * syntax: an expression, read one part at a time.
 *
 * For those who draw conclusions from an expression without matching it. A
 * wrong conclusion makes a rule blind: it is never tried on the lines that it
 * was written for, and nobody notices. So this reads the few constructs that
 * it knows for certain, from tables. Anything else, such as \x20 or \p{L},
 * makes it give up, and then nothing may be concluded.
 *
 * Where the end of an expression, or something unknown, is met, `at` is `end`.
 */
#ifndef SASLBAN_FILTER_SYNTAX_H
#define SASLBAN_FILTER_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

struct syntax {
	const char *at; /* what is read next */
	const char *end;
	bool unsure; /* something unknown was met */
};

/* Conclude nothing: unsure is set, and nothing more is read. */
void syntax_give_up(struct syntax *s);

/* The byte that many bytes ahead; NUL behind the end. */
char syntax_peek(const struct syntax *s, size_t ahead);

/* What takes one place in the text, or none, at s->at: how many bytes it has,
 * and in *byte the plain byte that it stands for, or -1 when it stands for
 * others as well. 0 when a bracket or a bar stands there, or something
 * unknown. Steps over nothing. */
size_t syntax_place(struct syntax *s, int *byte);

/* Step over a class, whose [ is at s->at. */
void syntax_class(struct syntax *s);

/* Step over what opens a group, whose ( is at s->at. True when every match
 * holds what stands inside, false for look-arounds and the like. */
bool syntax_group(struct syntax *s);

/* Step over all quantifiers at s->at: x{2}{3} has two. -1 when there is none,
 * 0 when nothing at all is enough, 1 when it has to come at least once. */
int syntax_quantifiers(struct syntax *s);

#endif
