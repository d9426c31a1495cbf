/*
 * shortcut: do the shortcuts change what filters say?
 *
 * Most lines lack the plain bytes that most rules need, and then rules are not
 * tried (literal.c), nor whole filters (sieve.c). Here a filter file is made
 * of parts, and with each expression a line that it may match. The filter is
 * loaded twice, once without shortcuts: of every line both have to say the
 * same.
 *
 * What is made depends on numbers alone: a fuzzer's input, or, behind its end
 * and when there is none, a counter.
 */
#ifndef SASLBAN_TESTS_SHORTCUT_H
#define SASLBAN_TESTS_SHORTCUT_H

#include <stddef.h>
#include <stdint.h>

struct shortcut {
	const uint8_t *data; /* a choice takes one byte */
	size_t len;
	uint64_t random;   /* the state of random.h, when data is at its end;
			    * 0: all choices are 0 then */
	unsigned jails;    /* that were made and could be loaded */
	unsigned lines;    /* that were judged by them */
	unsigned matches;  /* of which matched */
	char report[4096]; /* what differs, or empty */
};

/* Make one filter and put lines to it. Returns -1 when the two differ, and
 * says so in the report. */
int shortcut_round(struct shortcut *s);

#endif
