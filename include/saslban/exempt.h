/*
 * exempt: who may not be banned, and why.
 *
 * One answer for the engine and for saslbanctl, for one jail. Exempt are:
 *
 *   - the ranges that are nobody's (address_special), whatever is configured;
 *   - addresses and prefixes of the jail's ignoreip, and of the files that it
 *     names;
 *   - with `self`: this machine's addresses and its default gateways, in the
 *     network namespace of the caller;
 *   - with a host name: its addresses, as looked up last;
 *   - the store's allow list, as it was handed in last.
 *
 * A prefix is exempt as soon as any of them lies in it.
 *
 * Two ways to use it. The engine polls: files and addresses of the machine are
 * read again, host names are looked up, and nothing waits for a name server. A
 * program that asks once and ends calls exempt_read_files and exempt_look, and
 * takes the host names' addresses from the store. Belongs to one thread.
 */
#ifndef SASLBAN_EXEMPT_H
#define SASLBAN_EXEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/allow.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/settings.h"

#define EXEMPT_SELF_AGAIN 60 /* seconds between two looks at the machine */
#define EXEMPT_FILES_AGAIN 2 /* ... and at the files */
#define EXEMPT_FRESH                                          \
	900 /* a name whose last answer is no older than this \
	     * is resolved: that is three lookups */
#define EXEMPT_STALE                                                       \
	86400           /* ... and of one that is older than this we warn, \
			 * while lookups fail */
#define EXEMPT_TEXT 640 /* longest sentence, with NUL */

struct exempt;

/* Borrows s, which has to outlive it. Reads and asks nothing yet. */
int exempt_open(struct exempt **out, const struct settings *s,
		struct fault *why);

/* Never waits for a lookup that is under way. */
void exempt_close(struct exempt *x);

/* ---- the answer ---- */

enum exempt_kind {
	EXEMPT_NOT,      /* it may be banned */
	EXEMPT_SPECIAL,  /* a range that is nobody's */
	EXEMPT_ADDRESS,  /* an address or prefix of ignoreip */
	EXEMPT_SELF,     /* this machine's own */
	EXEMPT_GATEWAY,  /* its way out */
	EXEMPT_HOSTNAME, /* a host name of ignoreip or of a file */
	EXEMPT_FILE,     /* an address or prefix of a file */
	EXEMPT_ALLOW     /* an entry of the allow list */
};

struct exempt_reason {
	enum exempt_kind kind;
	const char *entry; /* the entry of ignoreip or of a file, as it was
			    * written, till the next poll. Of EXEMPT_SPECIAL
			    * what the range is, as `loopback`; of EXEMPT_NOT
			    * and EXEMPT_ALLOW NULL */
	const char *file;  /* the path of the file that has it, or NULL */
	const struct allow *allow; /* of EXEMPT_ALLOW, till the next poll or
				    * the next list; else NULL */
	struct address address;    /* what is exempt by that entry */
	bool part; /* it lies inside of what was asked about, and does not
		    * cover all of it */
};

/* True when a may not be banned. Of several reasons the one that covers all of
 * a goes first. *why, unless NULL, is filled in any case. */
bool exempt_find(const struct exempt *x, const struct address *a,
		 struct exempt_reason *why);

/* Who is to be banned for what a host did: the jail's prefix of it
 * (settings_offender), or the host alone where somebody else in that prefix
 * is exempt. False when the host itself is: *offender is the host then, and
 * *why, unless NULL, the reason. */
bool exempt_offender(const struct exempt *x, const struct address *host,
		     struct address *offender, struct exempt_reason *why);

/* One word, for programs: not, special, address, self, gateway, hostname, file,
 * allow. */
const char *exempt_word(enum exempt_kind kind);

/* A sentence about `it`, the address that was asked about, without a full
 * stop: `ignoreip has '192.0.2.0/24'`. Returns buf. */
char *exempt_print(const struct exempt_reason *why, char buf[EXEMPT_TEXT]);

/* ---- staying true ---- */

/* Look at the machine's addresses and the files, collect and ask lookups, and
 * drop what has ended of the allow list, as far as it is due. What cannot be
 * read stays as it was. */
void exempt_poll(struct exempt *x, struct moment now);

/* The next poll reads the files, though they may be the same. */
void exempt_reread(struct exempt *x);

/* The boot-clock second at which to poll next; INT64_MAX = never. */
int64_t exempt_due(const struct exempt *x);

/* At least 1, and higher whenever something may be exempt that was not: then
 * running bans have to be looked at again. */
uint64_t exempt_generation(const struct exempt *x);

/* Instead of polling: look at the machine's addresses once, now. */
int exempt_look(struct exempt *x, struct fault *why);

/* Instead of polling: read the files once, now. What is wrong with one is to be
 * had from exempt_news. To be called before exempt_remember. */
void exempt_read_files(struct exempt *x);

/* ---- the allow list ---- */

/* A new list begins; each of its entries, which count when it is complete. -1
 * when out of memory. */
void exempt_allow_begin(struct exempt *x);
int exempt_allow(struct exempt *x, const struct allow *a, struct fault *why);

/* The list is complete, and takes the place of the one before; unless, in a
 * jail that enforces, nobody could be banned then (exempt_news says so). -1
 * when out of memory: the one before stays. */
int exempt_allowed(struct exempt *x, struct moment now, struct fault *why);

/* ---- host names ---- */

enum exempt_name_state {
	EXEMPT_NAME_UNKNOWN,  /* nobody is exempt by it */
	EXEMPT_NAME_RESOLVED, /* the latest lookup succeeded */
	EXEMPT_NAME_KEPT      /* its last known addresses, from `at` */
};

struct exempt_name {
	const char *text; /* as it was written */
	enum exempt_name_state state;
	int64_t at; /* Unix seconds: when a lookup last gave these; 0: never */
	const struct address *address; /* till the next poll */
	size_t n;
	const char *trouble; /* why the latest lookup failed, or NULL */
	bool unsaved;        /* newer than what was handed in or saved */
};

/* The host names of ignoreip and of the files, each once: 0 to exempt_names
 * - 1. They may be others after a poll. */
size_t exempt_names(const struct exempt *x);

/* now is Unix seconds. In a program that does not poll, the state follows from
 * the age of what was handed in. */
struct exempt_name exempt_name(const struct exempt *x, size_t i, int64_t now);

/* One word, for programs: unknown, resolved, kept. */
const char *exempt_name_word(enum exempt_name_state state);

/* One of the last known addresses of a name, and when it was an answer: to be
 * called for each that the store has. A name that is not exempt, an answer
 * older than the latest handed in, and a name that a lookup has answered
 * already are passed over. */
void exempt_remember(struct exempt *x, const char *name,
		     const struct address *a, int64_t at);

/* The addresses of name i are in the store now. They are unsaved again after
 * the next answer, which is in five minutes, even if it is the same. */
void exempt_saved(struct exempt *x, size_t i);

/* What is to be reported of files, host names and the allow list. */
struct exempt_news {
	bool trouble; /* else: it is over */
	char text[EXEMPT_TEXT];
};

/* The next of them; false when there is none. A file is in trouble when it
 * cannot be read or taken, or has words that are no entries. A name is in
 * trouble when its lookups fail and it has no address, or only addresses that
 * are EXEMPT_STALE; said once until it is over, and then once that it is. */
bool exempt_news(struct exempt *x, int64_t now, struct exempt_news *out);

#endif
