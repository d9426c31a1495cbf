/*
 * scenario_stage: what a scenario is played on: a judge, a store in a file, and
 * two clocks. The engine's part is done here as the engine does it: the store
 * is opened, the clock compared, what somebody else has written is noticed.
 */
#ifndef SASLBAN_TESTS_SCENARIO_STAGE_H
#define SASLBAN_TESTS_SCENARIO_STAGE_H

#include "scenario.h"

#include "saslban/judge.h"

struct stage {
	struct settings settings; /* with a database of its own */
	char dir[64];
	struct exempt *exempt;
	struct store *store;
	struct judge *judge;
	int64_t jail;
	int64_t at;      /* now */
	int64_t shifted; /* the clock was set by so many seconds */
	size_t bans;     /* that the judge has told of */
	struct fault why;
};

/* All return -1, and why, when it went wrong. */
int stage_open(struct stage *s, const struct settings *settings, int64_t at);
void stage_close(struct stage *s);

int64_t stage_wall(const struct stage *s);
struct moment stage_now(const struct stage *s);

/* Lines, at once. *fresh: how many bans came of them. */
int stage_judge(struct stage *s, const struct sighting *batch, size_t n,
		size_t *fresh);

/* Time passes, until then. */
int stage_pass(struct stage *s, int64_t until);

/* killed: nothing is put in order. */
int stage_restart(struct stage *s, bool killed);

int stage_set_clock(struct stage *s, int64_t seconds);

/* A ban or a pardon. */
int stage_by_hand(struct stage *s, const struct step *step);

/* `parameter=value`, and a restart. */
int stage_set(struct stage *s, const char *text);

#endif
