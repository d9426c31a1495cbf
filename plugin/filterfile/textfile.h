/*
 * textfile: the bytes of one file.
 *
 * A filter is named by hand, and what stands behind the name may be anything.
 * Opening a FIFO waits for somebody who writes, a device may do something when
 * it is opened, and some files have no end. rsyslogd must neither wait nor
 * fill its memory while it reads its configuration. So only a regular file of
 * at most FILE_MAX bytes is read, and anything else is a fault that says what
 * it is.
 */
#ifndef SASLBAN_FILTERFILE_TEXTFILE_H
#define SASLBAN_FILTERFILE_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"

enum { FILE_MAX = 1 << 20 }; /* bytes; caps its lines as well */

struct textfile {
	char *text; /* the caller frees it; no NUL behind it */
	size_t len;
	uint64_t device, inode; /* two names of one file have the same */
};

/* Is there anything of that name? Opens nothing. True also when that cannot be
 * told, so that reading says why. */
bool textfile_exists(const char *path);

bool textfile_is_directory(const char *path);

/* On failure -1 and FAULT_FILTER or FAULT_MEMORY, with the path. Never waits.
 */
int textfile_read(struct textfile *out, const char *path, struct fault *why);

#endif
