/*
 * datepattern: a pattern of fail2ban's for dates -> an expression.
 */
#ifndef SASLBAN_FILTERFILE_DATEPATTERN_H
#define SASLBAN_FILTERFILE_DATEPATTERN_H

#include "text.h"

enum datepattern {
	DATEPATTERN_ANY,     /* the dates that are known anyway */
	DATEPATTERN_REGEX,   /* out has an expression */
	DATEPATTERN_UNKNOWN, /* not understood */
};

/* Translate one line of datepattern. In the expression group 1 is what is cut
 * from the line; the groups Y y m b d H I p M S z, as far as they are there,
 * are what the date says. */
enum datepattern datepattern_translate(const char *pattern, size_t len,
				       struct text *out);

#endif
