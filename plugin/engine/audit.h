/*
 * audit: what a kernel set holds, compared with what the store believes it
 * holds, step by step.
 *
 * Others may change single entries of a set, and the kernel notifies nobody. So
 * everything is compared: at the start, when a set was recreated, and every
 * few minutes. First the set is read and each of its entries is looked up
 * in the store; then each entry that the store believes to be held is looked
 * up in what was read. The store's `held` is corrected, which makes work of
 * what is missing or too much. An entry that the store does not know is
 * foreign: it is counted and left alone.
 *
 * A step takes some milliseconds. Between two of them entries may come and
 * go; the worst that comes of it is that an entry is added again.
 */
#ifndef SASLBAN_ENGINE_AUDIT_H
#define SASLBAN_ENGINE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"
#include "saslban/entry.h"
#include "saslban/projection.h"
#include "saslban/store.h"

#define AUDIT_FOREIGN 256 /* foreign entries that are kept */

/* Entries that no ban wants. */
struct audit_foreign {
	size_t n; /* all of them; the first AUDIT_FOREIGN are in address */
	struct address address[AUDIT_FOREIGN];
};

enum audit_stage { AUDIT_IDLE, AUDIT_READING, AUDIT_CHECKING };

struct audit_seen; /* one entry as the kernel has it */
struct audit_fix;  /* one entry of which the store is wrong */

struct audit {
	struct enforcer *enforcer; /* borrowed */
	enum enforcer_set set;
	enum audit_stage stage;
	int64_t began; /* Unix seconds */
	bool whole;    /* in one step */
	bool reading;  /* read_begin was called */
	struct audit_seen *seen;
	size_t nseen, seen_capacity;
	size_t looked_up;      /* of these */
	struct address cursor; /* the last entry of the store that was looked
				* up; ADDRESS_NONE at first */
	struct audit_fix *fix;
	size_t nfix, fix_capacity;
	bool starved;                /* out of memory */
	struct audit_foreign found;  /* by this audit */
	struct audit_foreign before; /* by the one before it */
	/* What has come of it; valid when the stage is AUDIT_IDLE again. An
	 * entry that was removed while the set was being read looks foreign,
	 * too: only what two audits have found is. */
	size_t missing;         /* held, as the store believed, and not there */
	size_t foreign;         /* there, and not in the store */
	struct address example; /* one of these */
};

/* Start anew, at now. One audit of an enforcer at a time may read in steps:
 * it has one place to read from. whole: the set is read in one call. */
void audit_begin(struct audit *a, struct enforcer *e, enum enforcer_set set,
		 bool whole, int64_t now);

/* Give up, and free what it has. Fine at any time. */
void audit_end(struct audit *a);

/* The next step. The audit is over when its stage is AUDIT_IDLE. */
enum outcome audit_step(struct audit *a, struct store *s, int64_t now,
			struct fault *why);

#endif
