/*
 * program: another program's answer. Only for ones that change nothing.
 */
#ifndef SASLBAN_CLI_PROGRAM_H
#define SASLBAN_CLI_PROGRAM_H

#include <stddef.h>

#define PROGRAM_PATIENCE 30 /* seconds; then it is ended */
#define PROGRAM_OUTPUT                                         \
	4194304UL /* bytes that are kept; the rest is read and \
		   * left out */

struct program {
	int status; /* its exit status; -1: it was not there, or did not end */
	char *text; /* what it printed, errors as well; ends with NUL */
	size_t len;
};

/* argv ends with NULL; looked for in PATH, and where an administrator's
 * programs are. -1: out of memory. Else the caller closes it. */
int program_run(struct program *p, const char *const *argv);
void program_close(struct program *p);

/* Is there a program of that name? */
int program_exists(const char *name);

#endif
