/*
 * resolver: the addresses of host names, without ever waiting for them.
 *
 * Lookups run in the C library's own threads (getaddrinfo_a(3)); the caller
 * asks, goes on, and collects what has come in. A name keeps its last good
 * answer until a newer one arrives; one that fails is asked again sooner.
 * Belongs to one thread.
 */
#ifndef SASLBAN_EXEMPT_RESOLVER_H
#define SASLBAN_EXEMPT_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/moment.h"

#define RESOLVER_AGAIN 300    /* seconds after a good answer */
#define RESOLVER_RETRY 60     /* seconds after a failed one */
#define RESOLVER_ADDRESSES 32 /* per name; further ones are left out */

/* What is known of a name. */
struct known_name {
	const char *text;
	const char *source; /* NULL: ignoreip; or the path of its file */
	struct address address[RESOLVER_ADDRESSES];
	size_t n;            /* 0: it has never had one */
	int64_t at;          /* Unix seconds: when a lookup last gave these */
	bool answered;       /* by a lookup of ours, and not handed in */
	const char *trouble; /* why the latest lookup failed; NULL: it did not,
			      * or there was none yet */
	bool unsaved;        /* answered since resolver_saved */
	bool warned;         /* as resolver_warned set it last */
};

struct resolver;

/* NULL when out of memory. */
struct resolver *resolver_open(void);

/* A lookup that is under way and cannot be called back keeps its memory; it
 * is never waited for. */
void resolver_close(struct resolver *r);

/* One more name, unless it is there already; -1 when out of memory. source, the
 * path of its file or NULL, is borrowed: of several the first since
 * resolver_renew is kept. */
int resolver_add(struct resolver *r, const char *text, const char *source);

/* A new list of names begins: those that are not added again are forgotten by
 * resolver_prune, the others keep what is known of them. */
void resolver_renew(struct resolver *r);
void resolver_prune(struct resolver *r);

/* Ask what is due and collect what has come. True when any name's addresses
 * have changed. */
bool resolver_poll(struct resolver *r, struct moment now);

/* The boot-clock second at which to poll next; INT64_MAX = never. */
int64_t resolver_due(const struct resolver *r);

/* The names in the order in which they were added. */
size_t resolver_names(const struct resolver *r);
const struct known_name *resolver_name(const struct resolver *r, size_t i);

/* What a name's address was at some earlier time. Only the latest time
 * counts, and nothing does after an answer of ours. True when it is new. */
bool resolver_remember(struct resolver *r, const char *text,
		       const struct address *a, int64_t at);

/* What was done with name i: its addresses are in the store; its trouble was
 * reported, or is over. */
void resolver_saved(struct resolver *r, size_t i);
void resolver_warned(struct resolver *r, size_t i, bool warned);

#endif
