/*
 * outbox: what people are to be told, and what they were told.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * A notice is added in the transaction that records what it is about. Later it
 * is put into a mail, alone or with others (outbox_put), and when that was
 * handed over, it is sent (outbox_sent). A mail is known by its number, which
 * stays: whoever is killed between handing it over and outbox_sent hands it
 * over once more with the same number. All of it is one jail's.
 */
#ifndef SASLBAN_OUTBOX_H
#define SASLBAN_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/notice.h"
#include "saslban/offense.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

struct outbox_row {
	int64_t id; /* set by outbox_add */
	int64_t jail;
	enum notice_kind kind;
	int64_t about;          /* the offense or the breach; a digest: 0 */
	struct address address; /* of a ban or a breach */
	int64_t at;   /* when it was noted; a digest: since when it tells */
	int64_t due;  /* when it is to be sent, unless others take it along */
	int64_t mail; /* number of the mail in which it is; 0: in none yet */
	/* What it is about, filled when read; empty: it is gone. */
	unsigned strike;
	int64_t until; /* DURATION_FOREVER: for ever */
	bool observed;
	bool lifted;
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char why[STORE_WHY];
};

/* jail, kind, about, address, at, due; due NOTICE_NEVER: nothing is added. */
int outbox_add(struct store *s, struct outbox_row *row, struct fault *why);

/* The earliest due of what was not sent; NOTICE_NEVER: there is nothing. */
int outbox_next(struct store *s, int64_t jail, int64_t *due, struct fault *why);

/* Of what is in no mail: breaches and what else there is of their addresses
 * (breach), or the rest. Mails of the last `wait` seconds count. */
int outbox_load(struct store *s, int64_t jail, bool breach, int64_t wait,
		int64_t now, struct notice_load *out, struct fault *why);

/* Put it into mails: what is due, and what else there is of the same address,
 * into one for each address; or (together) all, due or not, into one. */
int outbox_put(struct store *s, int64_t jail, bool breach, bool together,
	       int64_t now, struct fault *why);

/* A mail that is to be handed over, the smallest number; 0: there is none. A
 * digest that was due at `digests` or before is one, too. */
int outbox_mail(struct store *s, int64_t jail, int64_t digests, int64_t *mail,
		struct fault *why);

/* What is in that mail and was not sent, at most limit rows (0: all), of an
 * address the highest strike first. */
int outbox_each(struct store *s, int64_t jail, int64_t mail, size_t limit,
		int (*see)(void *context, const struct outbox_row *row),
		void *context, struct fault *why);

struct outbox_sum {
	int64_t notices;
	int64_t addresses;
	int64_t breaches;
	int64_t worst; /* bans of strike NOTICE_STRIKE or more */
	int64_t at;    /* of the first notice, whose id is the mail's number */
	bool digest;
};

/* Of what is in that mail and was not sent. */
int outbox_sum(struct store *s, int64_t jail, int64_t mail,
	       struct outbox_sum *out, struct fault *why);

/* It was handed over. */
int outbox_sent(struct store *s, int64_t jail, int64_t mail, int64_t now,
		struct fault *why);

struct outbox_delay {
	int64_t notices;  /* that were due before and nobody has taken */
	int64_t breaches; /* of which are breaches */
	int64_t first;    /* when the first of them was due */
	int64_t latest;   /* when the last one was */
	int64_t sent;     /* when a mail was last handed over; 0: none of which
			   * there is a row yet */
};

/* Of what was due before `before`. */
int outbox_delay(struct store *s, int64_t jail, int64_t before,
		 struct outbox_delay *out, struct fault *why);

/* The digest that was not sent yet: since when it tells; *id 0: there is none.
 * And when it is due. */
int outbox_digest(struct store *s, int64_t jail, int64_t *id, int64_t *since,
		  struct fault *why);
int outbox_digest_due(struct store *s, int64_t id, int64_t since, int64_t due,
		      struct fault *why);

/* Forget what was not sent: digests, or (all) everything. */
int outbox_drop(struct store *s, int64_t jail, bool all, struct fault *why);

struct outbox_passed {
	int64_t bans;     /* notices that are taken as told */
	int64_t breaches; /* that stay */
};

/* In a backup that was put back: forget bans that were due by now, but for
 * those that go with a breach. */
int outbox_pass(struct store *s, int64_t jail, int64_t now,
		struct outbox_passed *out, struct fault *why);

/* Forget what was sent before `before`, and bans that were due before it and
 * that nobody has taken, at most limit of each. *n = how many. */
int outbox_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		 size_t *n, struct fault *why);

#endif
