/*
 * offense: one offense, told.
 */
#ifndef SASLBAN_CLI_OFFENSE_H
#define SASLBAN_CLI_OFFENSE_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "output.h"
#include "saslban/offense.h"
#include "saslban/store.h"

enum offense_state {
	OFFENSE_ACTIVE,   /* it runs, and the kernel has it */
	OFFENSE_PENDING,  /* it runs, and the kernel has yet to get it */
	OFFENSE_OBSERVED, /* it would run, if the jail enforced */
	OFFENSE_EXPIRED,  /* it ran its time */
	OFFENSE_LIFTED,   /* a person ended it */
	OFFENSE_REPLACED  /* a later ban took its place */
};

enum offense_state offense_state(const struct offense *o, int64_t now);

/* The first three. */
bool offense_runs(const struct offense *o, int64_t now);

/* The word for it, as the manual and the JSON have it. */
const char *offense_word(enum offense_state state);
enum style offense_style(enum offense_state state);

/* One object with all of it. */
void offense_json(struct json *j, const char *key, const struct offense *o,
		  int64_t now);

#endif
