/*
 * judgekit: what the tests of the judge share: one jail with a store in a file
 * of its own, and lines for it. Time is what the test says it is.
 */
#ifndef SASLBAN_TESTS_JUDGEKIT_H
#define SASLBAN_TESTS_JUDGEKIT_H

#include "storekit.h"

#include "saslban/judge.h"

struct trial {
	char dir[KIT_DIR], path[KIT_DIR + 16];
	struct settings settings;
	struct store *store;
	struct judge *judge;
	int64_t jail;
	struct moment now;
	char said[4096]; /* lines for the log, of the last call */
	struct offense fresh[1 + JUDGE_FRESH]; /* of the last line, or upkeep */
};

/* parameters: `name=value`, split by semicolons; the others have their
 * defaults, a list that is given replaces its own. */
void trial_open(struct trial *c, const char *parameters);
void trial_close(struct trial *c);

/* As when rsyslogd stops and starts. */
void trial_restart(struct trial *c);

/* A line of that kind, now. */
struct sighting trial_line(const struct trial *c, enum sighting_kind kind,
			   const char *address, const char *user);

/* Judge lines as one batch. fresh: room for n + JUDGE_FRESH. Returns how many
 * bans began. */
size_t trial_judge(struct trial *c, const struct sighting *batch, size_t n,
		   struct offense *fresh);

/* The same for a single line; c->fresh has the bans. True when there is one. */
bool trial_one(struct trial *c, const struct sighting *s);

/* A clear failure by postfix/smtpd, a login. */
bool trial_fail(struct trial *c, const char *address, const char *user);
void trial_login(struct trial *c, const char *address, const char *user);

/* Both clocks; what is due then is done. */
void trial_wait(struct trial *c, int64_t seconds);

/* What was written; all: what waits, too. */
void trial_upkeep(struct trial *c, bool all);

/* What the database says: all rows, columns split by `|`, rows by line feeds.
 * To be freed. */
char *trial_ask(struct trial *c, const char *sql);

#define TRIAL(c, sql, expected)                            \
	do {                                               \
		char *trial_said = trial_ask(c, sql);      \
		assert_string_equal(trial_said, expected); \
		free(trial_said);                          \
	} while (0)

#endif
