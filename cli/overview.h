/*
 * overview: one jail at a glance.
 */
#ifndef SASLBAN_CLI_OVERVIEW_H
#define SASLBAN_CLI_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "output.h"
#include "saslban/enforcer.h"
#include "saslban/filter_stats.h"
#include "session.h"

struct overview {
	const struct jail *jail;
	struct jail_totals totals;
	struct filter_stats filter[SETTINGS_FILTERS];
	size_t filters;
	struct enforcer_state sets;
	bool asked;    /* an observing jail has no sets */
	bool answered; /* sets is filled, else why is */
	struct fault why;
};

int overview_take(struct overview *out, const struct session *s,
		  const struct jail *jail, int64_t now, struct fault *why);

/* Some lines, the name of the jail first. */
void overview_print(const struct overview *v, const struct output *o,
		    int64_t now);
/* One object of the array that is open. */
void overview_json(const struct overview *v, struct json *j, int64_t now);

#endif
