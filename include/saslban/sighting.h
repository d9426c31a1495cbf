/*
 * sighting: what matching finds in one log line.
 *
 * A value with bounded text: it outlives the line it came from and travels
 * through the queue from rsyslog's workers to the engine. All text is the
 * remote's own words: cut, never interpreted, escaped when shown.
 */
#ifndef SASLBAN_SIGHTING_H
#define SASLBAN_SIGHTING_H

#include <stdint.h>

#include "saslban/address.h"

enum sighting_kind {
	SIGHTING_NOTHING = 0,
	SIGHTING_FAILURE, /* a login that failed, of its own fault */
	SIGHTING_SUCCESS, /* a login that succeeded */
	SIGHTING_TROUBLE  /* the service failed, not the user */
};

/* How much a failure is worth. */
enum sighting_sort {
	SIGHTING_CLEAR = 0, /* the login failed of its own fault */
	SIGHTING_DOUBTFUL,  /* mostly a guesser's doing, at times ours */
	SIGHTING_SUMMARY    /* attempts that other lines may have told of */
};

#define SIGHTING_USER 128
#define SIGHTING_WORD 64

struct sighting {
	enum sighting_kind kind;
	enum sighting_sort sort; /* of a failure; else SIGHTING_CLEAR */
	struct address address;  /* one host, or a network where a rule has
				  * <SUBNET>; ADDRESS_NONE for most trouble */
	int64_t arrived;         /* Unix seconds */
	int64_t reported;        /* Unix seconds */
	unsigned count;          /* failed attempts on this line, at least 1 */
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD]; /* the daemon: postfix/smtpd, dovecot */
	char mech[SIGHTING_WORD];    /* SASL mechanism, if the line has it */
	char session[SIGHTING_WORD]; /* session id, if the line has it */
	char code[SIGHTING_WORD];    /* reason code, if the line has it */
	char rule[SIGHTING_WORD];    /* which rule: `postfix:3` */
	char guess[SIGHTING_WORD];   /* what the log reveals of the password
				      * that was tried: the server's hash of
				      * it. To be compared; never stored or
				      * shown */
};

#endif
