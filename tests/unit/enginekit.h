/*
 * enginekit: what the tests of the engine share: one jail, its store in a file
 * of its own, a recorded kernel, and what it has said. Time is what the test
 * says it is.
 */
#ifndef SASLBAN_TESTS_ENGINEKIT_H
#define SASLBAN_TESTS_ENGINEKIT_H

#include "row.h"

#include "recorder.h"
#include "saslban/engine.h"

enum { HOUR = 3600, DAY = 86400, START = 1800000000 };

struct world {
	char path[64];
	struct settings settings;
	struct recorder kernel;
	struct cutter *cutter; /* NULL: none; the test's */
	struct engine *engine;
	struct reporter reporter;
	struct moment now;
	char said[8192];   /* without the line of the start */
	char started[512]; /* that line */
};

/* A test with a world of its own. */
#define ENGINE_TEST(title, function)                   \
	{                                              \
		title, function, setup, teardown, NULL \
	}
int setup(void **state);
int teardown(void **state);

/* Of the world's settings. */
void open_engine(struct world *w);

/* One value of one parameter. */
void set(struct world *w, const char *name, const char *value);

/* Both clocks and the kernel's go on. */
void wait_s(struct world *w, int64_t seconds);

/* A round without sightings, which must not fail. */
void turn(struct world *w);

/* Such rounds, until the engine wants none in this second. */
void finish(struct world *w);

struct sighting failure(struct world *w, const char *address);

/* So many failures of one address (16 at most), in one batch. */
void fail_times(struct world *w, const char *address, size_t n);

/* n offenses (ENGINE_BATCH at most) of IPv4 addresses, numbered from `from`
 * on, in one batch; and the text of such an address. */
void ban_many(struct world *w, unsigned from, size_t n);
char *address_of(unsigned number, char buf[32]);

/* As saslbanctl does it, while the kernel is not told: a ban of the address,
 * or the lift of those that it has. */
void record_ban(struct world *w, int64_t jail, const char *address,
		unsigned strike, int64_t seconds);
void lift(struct world *w, const char *address);

/* Done to the database by hand. */
void sql(const struct world *w, const char *text);

/* Entries that the kernel was asked to add, and those that it holds. */
unsigned added(const struct world *w);
size_t holds(const struct world *w);

/* Seconds that the kernel will still hold it; 0 = it does not. */
int64_t left(const struct world *w, const char *address);

#endif
