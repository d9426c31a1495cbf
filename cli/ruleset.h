/*
 * ruleset: where in a firewall the sets are asked, read from what
 * iptables-save prints. Pure.
 *
 * A packet takes its way through the chains, and the first rule that decides
 * about a packet of an offender is what counts: the one that drops what is in
 * the sets, or one before it that lets established connections pass, or mail.
 * What a rule asks besides that (an interface, a limit, a mark) is not
 * weighed: a rule that names a port or a state is taken for all packets of it.
 */
#ifndef SASLBAN_CLI_RULESET_H
#define SASLBAN_CLI_RULESET_H

#include <stdbool.h>

#define RULESET_RULE 160 /* bytes of a rule that is shown; cut */
#define RULESET_SETS 3

enum ruleset_place {
	RULESET_NONE,        /* no rule drops what is in the sets */
	RULESET_FIRST,       /* one does */
	RULESET_ESTABLISHED, /* ... but a session that runs goes on */
	RULESET_ACCEPTED     /* ... but a rule before it accepts mail */
};

struct ruleset {
	enum ruleset_place input;   /* for packets to this machine */
	enum ruleset_place forward; /* ... that are forwarded */
	char before[RULESET_RULE];  /* the rule before it, of input */
	bool forwards;              /* a mail port is forwarded (DNAT) */
	bool docker;                /* there is a chain DOCKER-USER */
	char dnat[RULESET_RULE];    /* the rule that does */
};

/* Is one of the ports from first to last one of mail? */
bool ruleset_is_mail_port(unsigned long first, unsigned long last);

/* set: the names of the jail's sets: the list, and that of the family. Entries
 * may be NULL. */
void ruleset_read(struct ruleset *out, const char *text,
		  const char *const set[RULESET_SETS]);

#endif
