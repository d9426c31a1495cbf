/*
 * outfile: a file that is complete, or is not there.
 *
 *	outfile_open(&o, path, 0644, &why)
 *	fprintf(o.file, ...)
 *	outfile_commit(&o, &why)
 *
 * It is written beside its place, synced to the disk and renamed, so that
 * whoever reads it, as a web server or node_exporter, sees the one of before
 * or the new one, also after a power cut. A link is followed. What is no
 * regular file, as /dev/stdout or a pipe, is written as it is. In a directory
 * as /tmp neither holds of what is somebody else's: it is replaced.
 */
#ifndef SASLBAN_CLI_OUTFILE_H
#define SASLBAN_CLI_OUTFILE_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

#include "saslban/fault.h"

struct outfile {
	FILE *file;            /* to be written to */
	char path[PATH_MAX];   /* its place */
	char beside[PATH_MAX]; /* what is written; empty: the place itself */
};

/* Of a file that is there, owner and mode stay; a new one gets mode, as far as
 * the umask lets it. -1 and why; there is nothing to be undone then. */
int outfile_open(struct outfile *o, const char *path, mode_t mode,
		 struct fault *why);

/* It is complete: put it in its place. -1 and why, and the place is as it was.
 * Either way o is done with. */
int outfile_commit(struct outfile *o, struct fault *why);

/* It will not be complete: the place is as it was. */
void outfile_abandon(struct outfile *o);

#endif
