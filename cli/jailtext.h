/*
 * jailtext: values of fail2ban's jails, in our words. Pure.
 */
#ifndef SASLBAN_CLI_JAILTEXT_H
#define SASLBAN_CLI_JAILTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/policy.h"
#include "saslban/settings.h"

/* `10m`, `1d 12h`, `1 month`, `600`; any below 0 is DURATION_FOREVER. -1: it is
 * none. */
int jailtext_duration(const char *text, int64_t *seconds);

/* `true`, `yes`, `on`, `1`. */
bool jailtext_is_on(const char *text);

/* What the bans of a jail grow by. */
struct jailtext_growth {
	int64_t base;       /* bantime */
	bool grows;         /* bantime.increment */
	const char *factor; /* NULL: not given; so are the others */
	const char *multipliers;
	int64_t longest; /* bantime.maxtime; DURATION_FOREVER: not given */
};

struct jailtext_ladder {
	int64_t step[POLICY_LADDER];
	size_t steps;
	bool doubles; /* the last step grows by 2 each time, up to longest */
	int64_t longest;
};

/* -1: factor or multipliers are no plain numbers. */
int jailtext_ladder(const struct jailtext_growth *g,
		    struct jailtext_ladder *out);

/* `postfix[mode=auth]`: a shipped filter that does what that one does; what of
 * its text is unknown is left out. NULL: there is none, and *name is the
 * filter's. Returns out. */
char *jailtext_filter(const char *text, char name[SETTINGS_ITEM],
		      char out[SETTINGS_ITEM]);

/* The jail guards mail: by its ports, its name, or its filter. */
bool jailtext_is_mail(const char *jail, const char *filter, const char *port);

/* Why an option has no equivalent here, or what takes its place; NULL: it is
 * one that is translated, or that says nothing. */
const char *jailtext_instead(const char *option);

#endif
