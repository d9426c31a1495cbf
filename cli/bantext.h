/*
 * bantext: an offense of the store, in words and as JSON.
 */
#ifndef SASLBAN_CLI_BANTEXT_H
#define SASLBAN_CLI_BANTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "output.h"
#include "saslban/offense.h"
#include "table.h"

enum ban_state {
	BAN_ACTIVE,   /* it runs, and the kernel has it */
	BAN_PENDING,  /* it runs, and the kernel has yet to get it */
	BAN_OBSERVED, /* it would run, if the jail enforced */
	BAN_EXPIRED,  /* it ran its time */
	BAN_LIFTED,   /* a person ended it */
	BAN_REPLACED  /* a later ban took its place */
};

enum ban_state bantext_state(const struct offense *o, int64_t now);

/* The first three. */
bool bantext_runs(const struct offense *o, int64_t now);

/* The word for it, as the manual and the JSON have it. */
const char *bantext_word(enum ban_state state);
enum style bantext_style(enum ban_state state);

/* A table of bans, and one row of it. */
extern const struct column bantext_columns[];
void bantext_row(struct table *t, const struct offense *o, int64_t now);

/* One object with all of it. */
void bantext_json(struct json *j, const char *key, const struct offense *o,
		  int64_t now);
/* The same, into an object that is open. */
void bantext_members(struct json *j, const struct offense *o, int64_t now);

#endif
