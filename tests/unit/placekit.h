/* placekit: a directory of our own with an open database in it, for the tests
 * of what becomes of its file. */
#ifndef SASLBAN_TESTS_PLACEKIT_H
#define SASLBAN_TESTS_PLACEKIT_H

#include "storekit.h"

#define PLACE_PATH (KIT_DIR + 32)

struct place {
	char dir[KIT_DIR];
	char path[PLACE_PATH];
	char other[PLACE_PATH]; /* beside it, where nothing is yet */
	struct store *store;
	int64_t jail;
};

/* The directory and the two paths; nothing is open yet. */
struct place *place_make(void);

/* Opens the database, with one jail and one ban, of 198.51.100.1 from NOW for
 * 100 seconds. */
void place_fill(struct place *p);

/* Both as the set-up of a test, and its end, which closes the store. */
int place_setup(void **state);
int place_teardown(void **state);

#define PLACE_TEST(title, function)                                \
	{                                                          \
		title, function, place_setup, place_teardown, NULL \
	}

/* Is there a file of that name with that behind it? */
bool place_has(const char *path, const char *suffix);

/* The addresses of all bans in the file at path, newest first, as a connection
 * of its own sees them. */
void place_bans(const char *path, enum store_mode mode, const char *expected);

#endif
