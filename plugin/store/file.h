/* file: the database as a file: whose is it, and is it still there? */
#ifndef SASLBAN_STORE_FILE_H
#define SASLBAN_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/fault.h"
#include "saslban/store.h"

/* Create it, empty and with its mode, if there is none. */
int file_create(const char *path, struct fault *why);

/* Before SQLite opens it, which would wait for a FIFO for ever: -1 if it is
 * there and not a regular file. */
int file_is_regular(const char *path, struct fault *why);

/* Before anything else reads it: -1 as file_judge says, unless the file that is
 * open is empty or may be ours. Reads a few bytes, without a lock, and leaves
 * no trace. */
int file_check(struct store *s, struct fault *why);

#define FILE_HEAD 105 /* bytes that show whose a file is */

enum file_whose {
	FILE_OURS,
	FILE_BLANK,  /* empty, or with nothing in it yet */
	FILE_OTHERS, /* another program's database */
	FILE_GARBAGE /* not a SQLite database */
};

/* What a file is that begins with these. Less than FILE_HEAD bytes are a whole
 * file. */
enum file_whose file_whose(const unsigned char *head, size_t len);

/* What is to be said of it: 0, or -1 with FAULT_FOREIGN; or with FAULT_DAMAGED
 * when it is garbage at a path at which an engine had its database. */
int file_judge(const char *path, enum file_whose whose, struct fault *why);

/* For readers: a database that nobody has open, in a directory in which no
 * file can be created, is opened again as one that does not change. */
int file_freeze(struct store *s, struct fault *why);

/* The file at the path is not the one that is open. */
bool file_moved(const struct store *s);

#endif
