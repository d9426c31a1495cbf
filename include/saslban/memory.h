/*
 * memory: what was seen of late, and what it says about the next line.
 *
 * The memory belongs to one jail. It holds the failures of the last days, who
 * logged in from where, which accounts and networks are under attack, and
 * whether there is an outage. It is bounded: what was touched longest ago is
 * forgotten first, what was seen once before what was seen again. The failures
 * of all addresses are 1,048,576 attempts at most, 92 MB; who gets no more room
 * keeps the number of his, and what they were is told less well.
 *
 * It knows no clock, no file and no store. The engine fills it at the start
 * from the store's rows, in the order of their ids, with the verdicts that
 * they got then; so a restart between two lines changes nothing.
 *
 * For each line: recall, what is known before it; decide (saslban/policy.h);
 * note, what was decided. What a recall gives depends on what was noted and on
 * its arguments, and on nothing else.
 *
 * Users are compared without regard to case; `bob` and `bob@example.org` are
 * one where lines of one address are compared. Times are Unix seconds.
 */
#ifndef SASLBAN_MEMORY_H
#define SASLBAN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/siphash.h"

#define MEMORY_OFFENDERS 65536 /* addresses that failed */
#define MEMORY_ACCOUNTS 65536  /* users that were tried */
#define MEMORY_NETWORKS 65536  /* networks in which somebody failed */
#define MEMORY_CUSTOMERS                                                 \
	262144              /* users at addresses from which they log in \
			     */
#define MEMORY_ATTEMPTS 128 /* attempts of one address */
#define MEMORY_LENT 524288  /* of all, beyond 8 of each */
#define MEMORY_HOSTS 64     /* addresses of one account or network */

struct memory;

/* Borrows the policy, which has to outlive it; key: for what it makes of names
 * and addresses; anything, but not known outside. */
int memory_open(struct memory **out, const struct policy *policy,
		const struct siphash_key *key, struct fault *why);
void memory_close(struct memory *m);

/* Forget all. */
void memory_clear(struct memory *m);

/* How far back its rules look, in seconds: older failures need not be told. */
int64_t memory_span(const struct policy *p);

/* ---- failures ---- */

/* One line about failed logins. Text is borrowed, for the call. */
struct trace {
	struct address address; /* the offender */
	const char *user;       /* "": the line has none */
	const char *service;
	const char *session; /* "": none */
	uint64_t guess;      /* a hash of the password; 0: not known */
	unsigned count;      /* attempts that the line tells of */
	bool doubtful;       /* see enum sighting_sort */
	bool summary;
	bool trap;   /* the user is in a list of those */
	bool wide;   /* memory_is_wide. Recalled, not asked again: who is there
		      * now is not who was there then */
	int64_t at;  /* policy_when() */
	int64_t row; /* of the failure in the store; 0: it has none of its own
		      */
};

/* Rows of failures whose standing has changed. */
struct memory_rows {
	int64_t id[MEMORY_ATTEMPTS];
	size_t n;
};

/* What is known before it: all of *out but what the bans are (strikes, banned,
 * forever, last_end), which are in it already. */
void memory_recall(struct memory *m, const struct trace *t, int64_t now,
		   struct history *out);

/* It says something about the account and the network, too: not who fails where
 * customers log in, or the user himself does, nor what does not count. h: what
 * was recalled. */
bool memory_is_wide(const struct trace *t, const struct history *h,
		    enum verdict_kind verdict);

/* What was decided. `verdict` is that of policy_decide; a ban is noted as a
 * failure that counts, too. *repeats: earlier ones, which are repeats by now.
 * -1: out of memory. */
int memory_note(struct memory *m, const struct trace *t,
		enum verdict_kind verdict, int64_t now,
		struct memory_rows *repeats, struct fault *why);

/* The networks of an address, narrow to wide, that the policy has. Returns how
 * many. */
#define MEMORY_LEVELS 2
size_t memory_networks(const struct policy *p, const struct address *a,
		       struct address out[MEMORY_LEVELS]);

/* What is known of a network: hosts and neighbours; the bans are there
 * already. */
void memory_recall_network(const struct memory *m, const struct address *a,
			   int64_t now, struct history *out);

/* The same as it will be when the failure, which is wide, is noted. */
void memory_foresee_network(const struct memory *m, const struct trace *t,
			    const struct address *network, int64_t now,
			    struct history *out);

/* Addresses that failed for the user within account.window. */
unsigned memory_account_hosts(const struct memory *m, const char *user,
			      int64_t now);

/* ---- the bans of an address or network, as the store has them ---- */

/* What memory_ban_put was told of it; false when that is nothing, or no longer
 * sure. */
bool memory_ban_get(const struct memory *m, const struct address *a,
		    int64_t now, struct history *out);
/* network: it is one, and is remembered even if nobody failed in it; of an
 * address only if it has failed. */
void memory_ban_put(struct memory *m, const struct address *a, bool network,
		    const struct history *h);

/* The store may have other bans than the memory knows. */
void memory_ban_forget(struct memory *m);

/* ---- logins ---- */

/* What is known before user logs in from address: all of *out but banned.
 * Failures before since are forgotten: somebody has pardoned them. */
void memory_recall_login(const struct memory *m, const struct address *a,
			 const char *user, int64_t since, int64_t now,
			 struct entrance *out);

/* What a login has changed. */
struct login_news {
	bool write;    /* the store has to know: new, or not for an hour */
	bool customer; /* a customer whom this address had not */
	struct memory_rows forgiven; /* they do not count any more */
};

/* The user logged in, and it was no breach. */
int memory_note_login(struct memory *m, const struct address *a,
		      const char *user, int64_t at, struct login_news *out,
		      struct fault *why);

/* The same as the store remembers it: from its first to its last time. Nothing
 * is forgiven, it is no sign against an outage. */
int memory_learn(struct memory *m, const struct address *a, const char *user,
		 int64_t first, int64_t last, struct fault *why);

/* It was no login of a customer after all. */
void memory_disown(struct memory *m, const struct address *a, const char *user);

/* The failure of the address that has that row still waits for the end of its
 * grace: its user has not logged in. */
bool memory_is_waiting(const struct memory *m, const struct address *a,
		       int64_t row);
/* It does not any more. */
void memory_end_grace(struct memory *m, const struct address *a, int64_t row);

/* The first login that is known was less than so many seconds ago, and many
 * users have logged in since. */
bool memory_is_early(const struct memory *m, int64_t now, int64_t length);

/* Accounts that failed from the address within findtime, besides the user's. */
unsigned memory_others(const struct memory *m, const struct address *a,
		       const char *user, int64_t now);

/* Users that are known at the address; in its networks; and of these, who were
 * at several addresses of it. */
unsigned memory_customers(const struct memory *m, const struct address *a,
			  int64_t now);
unsigned memory_neighbours(const struct memory *m, const struct address *a,
			   int64_t now);
unsigned memory_movers(const struct memory *m, const struct address *a,
		       int64_t now);
bool memory_is_customer(const struct memory *m, const struct address *a,
			const char *user, int64_t now);

/* ---- outage ---- */

/* A line about our own trouble, which no client can have caused. */
void memory_note_trouble(struct memory *m, int64_t at);

/* Anybody logged in, a breach or not. True when there is an outage, in which he
 * had not: it will be asked for again after a restart. */
bool memory_note_success(struct memory *m, const char *user, int64_t at);

void memory_signs(const struct memory *m, int64_t now, struct signs *out);

/* It was opened or closed at now. What does not count because of it is the
 * store's to say: recall all of it. */
void memory_set_outage(struct memory *m, bool open, int64_t now);

/* Somebody logged in at that time, or an outage was closed: what came before is
 * no sign any more, also what is noted later. */
void memory_forget_signs(struct memory *m, int64_t at);

/* When the first of the signs was that make it an outage. */
int64_t memory_outage_since(const struct memory *m, int64_t now);

bool memory_is_outage(const struct memory *m);

#endif
