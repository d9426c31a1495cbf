/*
 * stanza: parameters and their values, as rsyslog's configuration has them.
 *
 *	name="sasl" maxretry="3" bantime=["48h", "8d"]	# and a comment
 *
 * On a command line, where quotes are a nuisance, values may stand without
 * them, and go as far as the next blank: bantime=48h,8d.
 */
#ifndef SASLBAN_CLI_STANZA_H
#define SASLBAN_CLI_STANZA_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/fault.h"

#define STANZA_NAME 64 /* of a parameter, with NUL */

struct stanza {
	const char *start;
	const char *at; /* what is read next */
	const char *end;
};

/* Blanks and comments: from # to the end of the line, and as in C. */
void stanza_skip(struct stanza *s);

/* A name, in small letters: letters, digits, . _ and -. False: here is none,
 * or one that is too long. */
bool stanza_word(struct stanza *s, char name[STANZA_NAME]);

/* A text in quotes, with \" and the like resolved. out has room for what is
 * left of the stanza. False: it does not end. */
bool stanza_quoted(struct stanza *s, char *out);

/* The line in which s->at stands, from 1. */
unsigned stanza_line(const struct stanza *s);

struct stanza_reader {
	bool bare; /* values may stand without quotes; the end of the text is
		    * the end, else it is a bracket, which is passed over */
	/* One value; an array's come one by one. -1: it is wrong. */
	int (*take)(void *context, const char *name, const char *value,
		    struct fault *why);
	void *context;
};

/* All parameters of it. The text of a fault names no place. */
int stanza_read(struct stanza *s, const struct stanza_reader *r,
		struct fault *why);

#endif
