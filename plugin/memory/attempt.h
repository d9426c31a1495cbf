/*
 * attempt: what is remembered of one failed login, or of several that were
 * told of at once.
 *
 * Several lines may tell of one attempt: the server that the client speaks to,
 * and those that it asks. Each is a witness. Of attempts that may be the same
 * there were as many as the witness saw who saw most.
 */
#ifndef SASLBAN_MEMORY_ATTEMPT_H
#define SASLBAN_MEMORY_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name.h"
#include "saslban/memory.h"

enum witness {
	WITNESS_FRONT,  /* whom the client speaks to: smtpd, imap-login */
	WITNESS_AUTH,   /* Dovecot's auth */
	WITNESS_WORKER, /* ... and its workers */
	WITNESS_PAM,    /* a PAM module */
	WITNESS_SASLD,  /* saslauthd */
	WITNESS_SUM,    /* a line that sums up */
	WITNESSES
};

struct attempt {
	int64_t at;
	struct name user;
	uint64_t session; /* 0: none */
	uint64_t guess;   /* 0: not known */
	unsigned count;
	unsigned seen[WITNESSES];   /* the largest of these is count */
	enum verdict_kind standing; /* what it was decided to be */
	bool doubtful;
	bool grace; /* see VERDICT_GRACE */
	bool wide;  /* see struct trace */
	int64_t row;
};

/* What of a trace is compared. */
struct attempt attempt_read(const struct siphash_key *key,
			    const struct trace *t);

/* How many of new's attempts the n others may be, which another witness saw.
 * note: from now on its witness has seen them, too. */
unsigned attempt_echoes(struct attempt *others, size_t n,
			const struct attempt *new, bool note);

#endif
