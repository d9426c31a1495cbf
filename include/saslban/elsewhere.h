/*
 * elsewhere: bans that another program has in a database of its own.
 *
 * fail2ban's: it is opened for reading, nothing of it is run, and anything may
 * stand in it.
 */
#ifndef SASLBAN_ELSEWHERE_H
#define SASLBAN_ELSEWHERE_H

#include <stdint.h>

#include "saslban/fault.h"

struct elsewhere_ban {
	const char *jail;    /* its name there; what stands there, if it is
			      * no text */
	const char *address; /* what stands there */
	int64_t at;          /* Unix seconds; 0: none that can be */
	int64_t until;       /* DURATION_FOREVER: without an end */
	int64_t count;       /* its number among the address's, at least 1 */
	int64_t failures;    /* that led to it, 0: not known */
};

/* Each ban in the database, the earliest first. Texts are borrowed until see
 * returns; they are cut to 255 bytes. What see() answers is as in
 * saslban/store.h. */
int elsewhere_each(const char *path,
		   int (*see)(void *context, const struct elsewhere_ban *b),
		   void *context, struct fault *why);

#endif
