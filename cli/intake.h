/*
 * intake: one ban after the other that comes from elsewhere, looked at and
 * recorded.
 */
#ifndef SASLBAN_CLI_INTAKE_H
#define SASLBAN_CLI_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keymap.h"
#include "saslban/exempt.h"
#include "saslban/offense.h"
#include "saslban/siphash.h"
#include "session.h"

/* Why a ban is left out. */
enum leaving {
	LEAVE_OTHER,     /* it is of a jail that is not of mail */
	LEAVE_HOMELESS,  /* no jail was chosen for it */
	LEAVE_SPECIAL,   /* nobody's address */
	LEAVE_WIDE,      /* a prefix that is too short */
	LEAVE_EXEMPT,    /* it would run, and its address is exempt */
	LEAVE_OBSERVING, /* it would run, and the jail only observes */
	LEAVINGS
};

struct arrival {
	const char *jail; /* where it comes from; empty: not known */
	bool literal;     /* a host is meant to the letter */
	bool now;         /* it is not known when it began: now */
	unsigned least;   /* its strike is this or a higher one, if the strike
			   * is 0 */
	struct offense offense; /* without jail; strike 0: not known */
};

#define INTAKE_JAILS 32 /* of a session, and pairs of --jail */

struct intake_pair {
	char there[SETTINGS_NAME * 2];
	const struct jail *here;
};

struct intake_past {
	unsigned strike;
	int64_t end;
};

struct intake {
	const struct cli *cli;
	const struct session *session;
	const struct jail *home; /* for those without another one; or NULL */
	struct intake_pair pair[INTAKE_JAILS];
	size_t pairs;
	struct exempt **exempt; /* by the number of the jail; NULL: not open */
	int64_t length;         /* of what has none; 0: what the ladder says */
	struct siphash_key key;
	struct keymap known; /* offenders: their number in past */
	struct intake_past *past;
	size_t pasts, room;

	/* What came of it. */
	uint64_t added;   /* bans */
	uint64_t running; /* of these */
	uint64_t shorter; /* of those that are over: others last longer */
	uint64_t there;   /* were there already */
	uint64_t left[LEAVINGS];
	char example[LEAVINGS][EXEMPT_TEXT];
};

/* Reads --jail and --for; prints what is wrong with them. To be closed in any
 * case. */
enum status intake_open(struct intake *x, const struct cli *c,
			const struct session *s);
void intake_close(struct intake *x);

/* Within a transaction of the store. -1: it is to be rolled back. */
int intake_take(struct intake *x, struct arrival *a, struct fault *why);

/* One word for programs, and in words. */
const char *intake_word(enum leaving reason);
const char *intake_text(enum leaving reason);

#endif
