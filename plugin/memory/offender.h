/*
 * offender: the failures of one address, as far as they still matter.
 */
#ifndef SASLBAN_MEMORY_OFFENDER_H
#define SASLBAN_MEMORY_OFFENDER_H

#include "attempt.h"
#include "cache.h"

/* The bans of an address, as the store has them. */
struct ban {
	uint64_t sure; /* generation of the memory that was told; 0: never */
	unsigned strikes;
	bool forever;
	int64_t last_end;
};

/* Attempts for which each has room; more is lent, see offender_note. */
enum { OFFENDER_OWN = 8 };

struct offender {
	struct node node;
	struct attempt *attempt; /* in the order in which they came */
	size_t n, size;
	size_t *spare; /* where what is lent goes back to; NULL: nothing is */
	struct ban ban;
};

void offender_drop(struct node *node);

/* o may be NULL: nothing is known. All but who else is there. */
void offender_recall(struct offender *o, const struct policy *p,
		     const struct attempt *a, int64_t now, bool customer,
		     struct history *out);

/* Failures that count and came at or after since. */
int64_t offender_failures(const struct offender *o, int64_t since);

/* *spare: room for attempts that may be lent, which has to outlive o. Where
 * there is none, of those that count two become one, and no failure is lost.
 * -1: out of memory. */
int offender_note(struct offender *o, const struct attempt *new,
		  enum verdict_kind verdict, int64_t horizon, size_t *spare,
		  struct memory_rows *repeats);

/* Forget what came before the horizon; give back the room if it can be. */
void offender_shrink(struct offender *o, int64_t horizon);

/* The user's failures do not count any more: those that did. */
void offender_forgive(struct offender *o, const struct name *user,
		      struct memory_rows *forgiven);

/* Accounts that failed at or after since and were not forgiven, besides the
 * user's; and *guesses: the user's failures. */
unsigned offender_others(const struct offender *o, const struct name *user,
			 int64_t since, int64_t *guesses);

/* When it last failed in a way that says something about the account (a name's
 * `whole`), or (0) about its network; INT64_MIN: it has not. *excused: all of
 * that was in an outage, which says nothing about an account. */
int64_t offender_latest(const struct offender *o, uint64_t account,
			bool *excused);

#endif
