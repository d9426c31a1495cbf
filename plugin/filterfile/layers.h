/*
 * layers: all files of one filter, read in their order, as one.
 */
#ifndef SASLBAN_FILTERFILE_LAYERS_H
#define SASLBAN_FILTERFILE_LAYERS_H

#include <stddef.h>
#include <stdint.h>

#include "ini.h"
#include "saslban/fault.h"

enum {
	FILES_MAX = 64,   /* files of one filter, includes counted */
	INCLUDE_DEPTH = 8 /* includes in includes */
};

struct identity {
	uint64_t device;
	uint64_t inode;
};

/* Set dirs and ndirs, the rest zero, before it is read. */
struct layers {
	const char *const *dirs; /* where names are looked for, in order */
	size_t ndirs;
	struct ini ini;
	char *path[FILES_MAX]; /* by the file's number; 0 is the stanza */
	struct identity identity[FILES_MAX]; /* a file by two names is one */
	size_t paths;
};

/* name without a slash is looked for in dirs, a path is taken as it is. On
 * failure -1, and layers_drop is still to be called. */
int layers_read(struct layers *l, const char *name, struct fault *why);
void layers_drop(struct layers *l);

/* The same, file by file: begin, then each of them over those before, with its
 * includes; and the files of STEM.d that have the ending. */
int layers_begin(struct layers *l, const char *name, struct fault *why);
int layers_read_file(struct layers *l, const char *path, struct fault *why);
int layers_read_drop_ins(struct layers *l, const char *stem, const char *ending,
			 struct fault *why);

/* FAULT_FILTER with the file and line of a place in front. Returns -1. */
int layers_fault(const struct layers *l, uint64_t from, struct fault *why,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Add to a fault the line of a place, with a mark at the byte, or behind it.
 * Returns -1. */
int layers_quote(const struct layers *l, uint64_t from, bool behind,
		 struct fault *why);

#endif
