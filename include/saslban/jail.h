/*
 * jail: the jails that the store knows, with their effective settings.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_JAIL_H
#define SASLBAN_JAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define JAIL_WHY 256 /* bytes, with the final NUL; longer text is cut */

struct jail {
	int64_t id;
	int64_t seen;          /* when its engine last wrote; 0 never */
	int64_t foreign_lines; /* that matched, and somebody else wrote */
	int64_t foreign_last;  /* when the last of them came; 0 never */
	/* Why events.ruleset and notify.ruleset get nothing, as the engine
	 * found when it began; "": they do, or there are none. */
	char events_why[JAIL_WHY];
	char notify_why[JAIL_WHY];
	struct settings settings;
};

/* Did the jail of that name only observe when its settings were last written?
 * One that is not known did not. */
int jail_observed(struct store *s, const char *name, bool *observed,
		  struct fault *why);

/* Write the effective settings of the jail of that name; a new name is a new
 * jail. Sets *id. `seen` stays. If the jail had another set, the entries of
 * both are brought up to date: its bans are wanted in the new one, where they
 * are not held, and no longer in the old one. A set that no jail has any more
 * is forgotten. */
int jail_put(struct store *s, const struct settings *settings, int64_t now,
	     int64_t *id, struct fault *why);

/* The engine was here: the time is kept for finding clock steps. */
int jail_touch(struct store *s, int64_t jail, int64_t now, struct fault *why);

/* Somebody logged in at that time: the latest, or the store is told of. */
int jail_logged_in(struct store *s, int64_t jail, int64_t at,
		   struct fault *why);
int jail_last_login(struct store *s, int64_t jail, int64_t *at,
		    struct fault *why);

/* The same of lines about our own trouble that were a sign of an outage. */
int jail_in_trouble(struct store *s, int64_t jail, int64_t at,
		    struct fault *why);
int jail_last_trouble(struct store *s, int64_t jail, int64_t *at,
		      struct fault *why);

/* Why its two rulesets get nothing; "": they do. */
int jail_rulesets(struct store *s, int64_t jail, const char *events_why,
		  const char *notify_why, struct fault *why);

/* The database is a backup, or begins as one: noted for all jails; asked of
 * one, whether none of its engines has worked with it yet; and noted that one
 * has. */
int jail_note_copied(struct store *s, struct fault *why);
int jail_copied(struct store *s, int64_t jail, bool *copied, struct fault *why);
int jail_seen_copied(struct store *s, int64_t jail, struct fault *why);

/* When the engine was here last; 0 never. */
int jail_seen(struct store *s, int64_t jail, int64_t *seen, struct fault *why);

/* So many lines more were written by somebody else; see origin.uid. */
int jail_add_foreign(struct store *s, int64_t jail, int64_t lines, int64_t now,
		     struct fault *why);

/* Every jail, by name. */
int jail_each(struct store *s,
	      int (*see)(void *context, const struct jail *jail), void *context,
	      struct fault *why);

struct jail_totals {
	int64_t failures; /* rows' counts, late ones too, since */
	int64_t pending;  /* bans that run, not only observed, and not held */
	int64_t offenses; /* since */
	int64_t lifted;   /* since */
};

/* Of the jail, or (0) of all jails. */
int jail_totals(struct store *s, int64_t jail, int64_t now, int64_t since,
		struct jail_totals *out, struct fault *why);

#endif
