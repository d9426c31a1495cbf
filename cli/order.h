/*
 * order: an address that is to be banned by hand, in one jail.
 *
 * An offense like any other: the address's next strike, for as long as the
 * jail's ladder says, unless --for says otherwise.
 */
#ifndef SASLBAN_CLI_ORDER_H
#define SASLBAN_CLI_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/offense.h"
#include "session.h"
#include "subject.h"

/* Of a refusal, with NUL: a sentence around two addresses and a reason. */
#define ORDER_TEXT (EXEMPT_TEXT + 2 * ADDRESS_TEXT + SETTINGS_NAME + 96)

struct order {
	const struct cli *cli;
	const struct session *session;
	const struct jail *jail;
	struct exempt *exempt; /* who is not to be banned there */
	int64_t duration;      /* 0: what the ladder says */
	char who[STORE_WHO];   /* bans, and why */
	char why[STORE_WHY];
	struct address given;
	struct address address; /* what it stands for in the jail */
};

/* For bans in the jail of --jail, or the only one that enforces, for as long as
 * --for says; prints why there can be none. The caller closes it in either
 * case. */
enum status order_open(struct order *o, const struct cli *c,
		       const struct session *s);
void order_close(struct order *o);

/* It is about this one from now on. Not STATUS_OK: it may not be banned, as
 * text says. */
enum status order_take(struct order *o, const struct subject *subject,
		       char text[ORDER_TEXT]);

/* Inside a transaction. *already: a ban runs, and nothing else is wanted. A
 * running one that is to last differently is lifted, so that the one in its
 * place is the same strike and not the next. The engine reports both. */
int order_write(struct order *o, bool *already, struct fault *why);

/* The ban of this very address that runs in the jail, if it is *found. */
int order_ban(const struct order *o, struct offense *out, bool *found,
	      struct fault *why);

#endif
