/*
 * roll: addresses in a file, one a line.
 *
 * What follows a # is a comment; blanks around an address, and lines without
 * one, do not matter.
 */
#ifndef SASLBAN_CLI_ROLL_H
#define SASLBAN_CLI_ROLL_H

#include <stddef.h>
#include <stdint.h>

#include "subject.h"

enum { ROLL_NAMED = 20 }; /* lines that are wrong and named, at most */

struct roll_line {
	struct subject subject;
	uint64_t number; /* of the line, from 1 */
};

struct roll {
	const char *path; /* `-` is standard input; borrowed */
	struct roll_line *line;
	size_t n;
	size_t wrong; /* lines that roll_wrong was told of */
};

/* Reads all of it, or prints each line that is no address, with its number:
 * then it is no use. The caller frees it in either case. */
enum status roll_read(struct roll *out, const char *path);
void roll_free(struct roll *r);

/* For messages: its path, or `standard input`. */
const char *roll_name(const struct roll *r);

/* It came from standard input, where no answer can be read any more. */
bool roll_is_input(const struct roll *r);

/* That line is wrong; prints why, unless too many were. */
void roll_wrong(struct roll *r, uint64_t number, const char *why);

/* STATUS_OK, or, when lines were wrong, that status: prints that nothing was
 * done. */
enum status roll_judge(const struct roll *r, enum status status);

#endif
