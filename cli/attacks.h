/*
 * attacks: accounts that are under attack, and networks in which so many
 * addresses have failed that they might be banned as a whole.
 *
 * What the judge remembers says how many; the names are the failures'.
 */
#ifndef SASLBAN_CLI_ATTACKS_H
#define SASLBAN_CLI_ATTACKS_H

#include "inquiry.h"
#include "json.h"
#include "output.h"
#include "saslban/failure.h"

enum { ATTACKS_SHOWN = 5 };

struct attacked {
	char user[SIGHTING_USER];
	unsigned hosts;
};

struct attacking {
	struct address network;
	unsigned hosts;
	bool banned;
	unsigned neighbours; /* customers: they are why it is not */
};

/* Those with the most addresses, and how many there are in all. */
struct attacks {
	struct attacked account[ATTACKS_SHOWN];
	struct attacking network[ATTACKS_SHOWN];
	size_t accounts;
	size_t networks;
};

int attacks_take(struct attacks *out, const struct inquiry *q,
		 struct fault *why);

/* A line for the accounts, one for the networks; nothing where there are
 * none. */
void attacks_print(const struct attacks *a, const struct output *o,
		   size_t indent, int width);

/* Members of the object that is open. */
void attacks_json(const struct attacks *a, struct json *j);

#endif
