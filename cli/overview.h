/*
 * overview: one jail at a glance.
 */
#ifndef SASLBAN_CLI_OVERVIEW_H
#define SASLBAN_CLI_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "attacks.h"
#include "evidence.h"
#include "json.h"
#include "output.h"
#include "saslban/enforcer.h"
#include "saslban/filter_stats.h"
#include "saslban/offense.h"
#include "session.h"

/* What is wrong with a jail: bits. */
enum overview_trouble {
	OVERVIEW_NO_ENGINE = 1 << 0, /* nobody bans */
	OVERVIEW_KERNEL = 1 << 1,    /* a set cannot be used, or cannot be
				      * asked; or bans have been waiting for
				      * OVERVIEW_PATIENCE */
	OVERVIEW_NO_RULE = 1 << 2    /* a set that no firewall rule refers to:
				      * bans block nothing */
};

#define OVERVIEW_PATIENCE 60 /* seconds for which a ban may be pending */
#define OVERVIEW_BREACHES (7 * 86400) /* seconds for which they are shown */

/* What is put side by side. */
enum overview_span {
	OVERVIEW_HOUR,        /* the last one */
	OVERVIEW_HOUR_BEFORE, /* of the day before */
	OVERVIEW_DAY,
	OVERVIEW_DAY_BEFORE,
	OVERVIEW_SPANS
};

struct overview_set {
	char name[ENFORCER_NAME];
	const struct enforcer_kind *kind; /* NULL: none could be asked */
	bool answered;                    /* state is filled, else why is */
	struct set_state state;
	struct fault why;
	bool waiting; /* bans have been pending for too long */
};

struct overview {
	const struct jail *jail;
	struct jail_totals totals;
	struct offense_running running; /* bans */
	struct offense_span span[OVERVIEW_SPANS];
	struct evidence evidence; /* breaches of OVERVIEW_BREACHES, and the
				   * latest outages */
	struct attacks attacks;   /* that go on */
	int64_t logins;           /* users at addresses, in all jails */
	enum alive_state engine;
	struct filter_stats filter[SETTINGS_FILTERS];
	size_t filters;
	struct overview_set set[ENFORCER_SETS];
	bool asked; /* about the sets; an observing jail has none */
	struct exempt *exempt;
	unsigned trouble; /* enum overview_trouble */
};

/* One set of a jail that enforces. */
int overview_take_set(struct overview_set *out, const struct session *s,
		      const struct jail *jail, enum enforcer_set which,
		      struct fault *why);

/* On success the caller releases it. */
int overview_take(struct overview *out, const struct session *s,
		  const struct jail *jail, int64_t now, struct fault *why);
void overview_release(struct overview *v);

/* What a screen has room for, the name of the jail first. -1: out of memory. */
int overview_print_brief(const struct overview *v, const struct output *o,
			 int64_t now);
/* All of it. */
void overview_print(const struct overview *v, const struct output *o,
		    int64_t now);
/* One object of the array that is open. */
void overview_json(const struct overview *v, struct json *j, int64_t now);

#endif
