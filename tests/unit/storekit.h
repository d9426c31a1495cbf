/* storekit: what the tests of the store share. */
#ifndef SASLBAN_TESTS_STOREKIT_H
#define SASLBAN_TESTS_STOREKIT_H

#include "row.h"

#include <sys/types.h>

#include "saslban/entry.h"
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

/* The same, of which nothing but the jail and the address matters, only
 * observed. */
int64_t kit_observed(struct store *s, int64_t jail, const char *address,
		     int64_t at, int64_t until);

/* The kernel holds it until then. */
void kit_held(struct store *s, const char *set, const char *address,
	      int64_t until);

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

#define KIT_TEXT 512

/* The entry of the address in the set, as text: what is wanted and what is
 * held, in seconds from NOW: `+90/-` is wanted for 90 seconds and not held,
 * `-/forever` is held for good and not wanted. `none`: there is no row. */
const char *kit_entry(struct store *s, const char *set, const char *address,
		      char out[KIT_TEXT]);

#define ENTRY(s, set, address, expected)                              \
	do {                                                          \
		char entry_text[KIT_TEXT];                            \
		assert_string_equal(                                  \
			kit_entry((s), (set), (address), entry_text), \
			(expected));                                  \
	} while (0)

/* The same of each entry that is due at NOW, as `address wanted/held`,
 * separated by `, `. */
const char *kit_due(struct store *s, const char *set, enum entry_due which,
		    int64_t horizon, char out[KIT_TEXT]);

#define DUE(s, set, which, expected)                                 \
	do {                                                         \
		char due_text[KIT_TEXT];                             \
		assert_string_equal(                                 \
			kit_due((s), (set), (which), NOW, due_text), \
			(expected));                                 \
	} while (0)

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
