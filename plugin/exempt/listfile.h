/*
 * listfile: a file of those who are exempt, `file:/PATH` in ignoreip.
 *
 * One address, prefix or host name in a line; several, with blanks or commas
 * between them, are taken as well, and from # or ; on a line is a comment.
 *
 * Whoever edits the file does not notify us: it is looked at again and again,
 * and read when it is another one. What cannot be read or taken leaves what it
 * had before. Whatever stands at the path, nothing waits for it: only a regular
 * file is opened.
 */
#ifndef SASLBAN_EXEMPT_LISTFILE_H
#define SASLBAN_EXEMPT_LISTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "prefixes.h"
#include "saslban/exempt.h"

/* A file with more of any of them is not taken at all. */
#define LISTFILE_BYTES 65536
#define LISTFILE_ENTRIES 4096
#define LISTFILE_NAMES 256 /* host names: each is looked up for ever */

#define LISTFILE_BAD 5 /* words that are reported; the rest is counted */

/* What the file had when it was read. */
struct listing {
	char *text;                  /* its words, each with a NUL */
	struct prefixes prefixes;    /* the id is where its word begins */
	size_t name[LISTFILE_NAMES]; /* where the host names begin */
	size_t names;
};

/* By what a file is known to be another one. */
struct listfile_mark {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

struct listfile {
	const char *path;          /* borrowed */
	struct listfile_mark mark; /* of what was read last */
	struct listing now;        /* what counts */
	struct listing next;       /* what was read, and is to be taken */
	bool taken;                /* it has been, once */
	char trouble[EXEMPT_TEXT]; /* as it was reported; "": there is none */
	struct exempt_news news[LISTFILE_BAD + 2];
	size_t told, newses;
};

void listfile_init(struct listfile *f, const char *path);
void listfile_release(struct listfile *f);

/* Look at it. True when it is another one, and was read: it is to be taken or
 * refused, then. */
bool listfile_look(struct listfile *f);

/* It is another one at the next look, and what is wrong is said again. */
void listfile_forget(struct listfile *f);

/* What was read counts from now on. True when somebody is exempt by it who was
 * not, host names left aside. */
bool listfile_take(struct listfile *f);

/* What was read does not count, for this reason: `it ...`. */
void listfile_refuse(struct listfile *f, const char *reason);

/* What is to be reported of it, each once. Only the latest reading matters. */
bool listfile_news(struct listfile *f, struct exempt_news *out);

#endif
