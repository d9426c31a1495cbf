/* storekit: what the tests of the store share. */
#ifndef SASLBAN_TESTS_STOREKIT_H
#define SASLBAN_TESTS_STOREKIT_H

#include "row.h"

#include <sys/types.h>

#include "saslban/offense.h"
#include "saslban/store.h"

/* The moment at which most tests are set. */
#define NOW 1700000000
#define FOREVER INT64_MAX

/* A writing function in a transaction of its own that has to succeed. */
#define WRITE(s, call)                                              \
	do {                                                        \
		struct fault write_why = {FAULT_NONE, ""};          \
		assert_int_equal(store_begin((s), &write_why), 0);  \
		if ((call) != 0)                                    \
			fail_msg("%s", write_why.text);             \
		assert_int_equal(store_commit((s), &write_why), 0); \
	} while (0)

struct store *kit_memory(void);
struct store *kit_open(const char *path, enum store_mode mode);
struct address kit_address(const char *text);

/* A jail of that name and set. */
int64_t kit_jail(struct store *s, const char *name, const char *set);

/* A ban; its id. */
int64_t kit_ban(struct store *s, int64_t jail, const char *address, int64_t at,
		int64_t until);

/* The kernel has it. */
void kit_enforced(struct store *s, int64_t id, int64_t until);

size_t kit_lift(struct store *s, int64_t jail, const char *address,
		int64_t now);

/* Failures of one host in the jail, as if its prefix were /32 and /64. */
void kit_failure(struct store *s, int64_t jail, const char *host, int64_t at,
		 unsigned count);

/* A filter that has read so many lines, all of which look like failed logins,
 * and a rule of it that never matched. */
void kit_stats(struct store *s, int64_t jail, const char *filter,
	       int64_t lines);

/* The offense of that id as the store has it. */
struct offense kit_offense(struct store *s, int64_t id);

/* `address until` of each that is due, separated by `, `. */
#define KIT_TEXT 512
const char *kit_due(struct store *s, int64_t jail, enum store_due which,
		    int64_t now, int64_t horizon, char out[KIT_TEXT]);

/* A see() for offenses: their addresses, separated by blanks. After so many it
 * answers 42. */
struct kit_seen {
	char text[KIT_TEXT];
	size_t stop_after;
	size_t n;
};
int kit_see_offense(void *context, const struct offense *o);

/* A fresh directory of our own, and its end with all that is in it. */
#define KIT_DIR 64
char *kit_dir(char out[KIT_DIR]);
void kit_remove(const char *dir);

/* A child leaves without running what the parent registered at exit. */
void kit_child_exit(bool fine);
bool kit_child_fine(pid_t pid);

#endif
