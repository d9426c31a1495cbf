/*
 * fault: what went wrong, as a kind for programs and a text for people.
 *
 * Everything below the edges (the rsyslog adapter, the command line) returns
 * 0 or -1 and fills a fault that the caller owns. Nothing below the edges
 * logs, prints or exits. The text is one line without a full stop, the error
 * first, values in single quotes: cannot open '/x': Permission denied. Control
 * characters in it are shown as question marks. Where it is about a place in a
 * file, two lines may follow: what stands there, and a mark under the place.
 */
#ifndef SASLBAN_FAULT_H
#define SASLBAN_FAULT_H

#include <stddef.h>

enum fault_kind {
	FAULT_NONE = 0,
	FAULT_SETTING,  /* a parameter or argument is wrong; not retried */
	FAULT_FILTER,   /* a filter file is wrong; not retried */
	FAULT_STORE,    /* the database refused; may pass, retry later */
	FAULT_FOREIGN,  /* the database is not ours or too new; never retried */
	FAULT_DAMAGED,  /* the database is ours, and what stands in it is not
			 * what was written: an engine sets it aside */
	FAULT_ENFORCE,  /* the kernel refused; may pass, retry later */
	FAULT_MEMORY,   /* out of memory */
	FAULT_SYSTEM,   /* a system call failed */
	FAULT_SET_GONE, /* a kernel set is missing or not in its list: ensure
			 * creates it again, empty; then add what is wanted */
	FAULT_SET_FULL  /* a kernel set takes no further entry; those that are
			 * there can be renewed and removed */
};

#define FAULT_TEXT 512 /* bytes, with the final NUL; longer text is cut */

struct fault {
	enum fault_kind kind;
	char text[FAULT_TEXT];
};

/* Fill *why (which may be NULL) and return -1, so that a caller can write
 * `return fault_set(why, ...)`. errno is kept. */
int fault_set(struct fault *why, enum fault_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Add a line of a file, of len bytes, and a mark under its byte `at`: the part
 * around it, without the blanks in front. Adds nothing when the text is too
 * long for that. */
void fault_quote(struct fault *why, const char *line, size_t len, size_t at);

/* Put `prefix: ` (printf style) in front of the text that is there. Returns
 * -1. */
int fault_prefix(struct fault *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
