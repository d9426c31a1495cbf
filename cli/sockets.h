/*
 * sockets: whether the inputs of an rsyslog.conf say who wrote a line, which
 * the parameters origin.uid and origin.unit of a jail need.
 *
 * Reads the file and what it includes, by $IncludeConfig and include(). Not
 * rsyslog's parser; see conf.h.
 */
#ifndef SASLBAN_CLI_SOCKETS_H
#define SASLBAN_CLI_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

#define SOCKETS_PATH 1024
#define SOCKETS_DEPTH 4 /* files that include files */

struct sockets {
	bool read;               /* the file itself could be */
	bool blind;              /* one that it includes could not be */
	size_t annotated;        /* sockets of imuxsock that do */
	size_t silent;           /* ... that do not */
	bool journal;            /* imjournal is loaded */
	char at[SOCKETS_PATH];   /* the file with the first silent one */
	char what[SOCKETS_PATH]; /* its socket; empty: the system's own */
};

void sockets_read(struct sockets *out, const char *path);

#endif
