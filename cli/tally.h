/*
 * tally: what a trial has come to.
 */
#ifndef SASLBAN_CLI_TALLY_H
#define SASLBAN_CLI_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/breach.h"
#include "saslban/fault.h"
#include "saslban/outage.h"
#include "saslban/policy.h"
#include "saslban/siphash.h"
#include "trial.h"

struct tally_ban {
	int64_t id;
	struct address address;
	int64_t at;
	int64_t until; /* as it came: a lifted ban's is when it was lifted */
	unsigned strike;
	enum ground ground;
	bool lifted;
	uint64_t failures; /* that led to it */
	uint64_t kept_out; /* ... and that it would have kept out */
	char *why;
};

/* In the order in which they are shown. */
enum figure {
	FIGURE_FAILURES, /* lines; so are the next two */
	FIGURE_SUCCESSES,
	FIGURE_TROUBLE,
	FIGURE_BANS,
	FIGURE_COUNT, /* bans by their grounds */
	FIGURE_ACCOUNT,
	FIGURE_TRAP,
	FIGURE_NETWORK,
	FIGURE_BREACH,
	FIGURE_LIFTED,    /* of the bans */
	FIGURE_ADDRESSES, /* that were banned, each once */
	FIGURE_NETWORKS,
	FIGURE_KEPT_OUT, /* failures */
	FIGURE_LOCKOUTS, /* logins of customers that were kept out ... */
	FIGURE_LOCKOUT_USERS,
	FIGURE_LOCKOUT_ADDRESSES,
	FIGURE_BREACHES,
	FIGURE_OUTAGES,
	FIGURES
};

/* Everything in the order of time. */
struct tally {
	struct siphash_key key; /* for tables of its addresses */
	uint64_t figure[FIGURES];
	struct tally_ban *ban;
	size_t bans;
	struct breach_row *breach;
	size_t breaches;
	struct outage_row *outage;
	size_t outages;
};

/* On success the caller releases it; all zero is an empty one. */
int tally_take(struct tally *t, const struct trial *trial, struct fault *why);
void tally_release(struct tally *t);

/* What --json calls it; for people, and whether they see it when it is 0. */
const char *tally_key(enum figure figure);
const char *tally_title(enum figure figure, bool *always);

#endif
