/*
 * scratchdir: files for one test, in a directory of its own that is the
 * working directory meanwhile.
 */
#ifndef SASLBAN_TESTS_SCRATCHDIR_H
#define SASLBAN_TESTS_SCRATCHDIR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCRATCH_FILES = 8 };

struct scratchdir {
	char path[64];
	char file[SCRATCH_FILES][64];
	size_t files;
};

static inline void scratchdir_open(struct scratchdir *d)
{
	memset(d, 0, sizeof(*d));
	strcpy(d->path, "/tmp/saslban-test-XXXXXX");
	assert_non_null(mkdtemp(d->path));
	assert_int_equal(chdir(d->path), 0);
}

static inline void scratchdir_put(struct scratchdir *d, const char *name,
				  const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_true(d->files < SCRATCH_FILES);
	snprintf(d->file[d->files++], sizeof(d->file[0]), "%s", name);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
}

static inline void scratchdir_close(struct scratchdir *d)
{
	for (size_t i = 0; i < d->files; i++)
		unlink(d->file[i]);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(d->path), 0);
}

#endif
