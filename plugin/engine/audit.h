/*
 * audit: what a kernel set holds, compared with what the store believes it
 * holds, and made to hold it; step by step.
 *
 * Others may change single entries of a set or flush it, a reboot leaves
 * nothing of it, and the kernel notifies nobody. So everything is compared: at
 * the start, when a set was recreated, and every few minutes. First the set is
 * read. Then the store's entries are gone through in the order of their key:
 * what should be held and is not is put back at once, in bulk and without a
 * word to the store, which is right about it from then on; of the rest `held`
 * is corrected, which makes work of what is too much or too short. What was
 * read and is none of the store's is a stranger: it is counted and left alone;
 * or, if the store was lost, a ban is added for it (adopt.h).
 *
 * A large set that can be asked is not read: reading it takes long. The store's
 * entries are gone through, and the kernel is asked for some hundred of them at
 * a time. That does not see strangers. So at the end the set is counted: if it
 * has more than it should have, one of medium size is read after all, and of a
 * larger one the number is told.
 *
 * A step takes a few milliseconds. Between two of them entries may come and
 * go; the worst that comes of it is that an entry is added again. One that is
 * given up, or dies, leaves entries of which the store is wrong: begin anew.
 */
#ifndef SASLBAN_ENGINE_AUDIT_H
#define SASLBAN_ENGINE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "carry.h"
#include "corrections.h"
#include "counts.h"
#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/entry.h"
#include "saslban/projection.h"
#include "seen.h"
#include "strangers.h"

#define AUDIT_STEP 500  /* rows of the store at a time */
#define AUDIT_ASKED 250 /* of these, when each is asked for */

enum audit_stage {
	AUDIT_IDLE,
	AUDIT_READING,  /* the set */
	AUDIT_MATCHING, /* the store against what was read */
	AUDIT_STRANGERS /* what was read and not met in the store */
};

struct audit {
	struct enforcer *enforcer; /* borrowed */
	enum enforcer_set set;
	enum audit_stage stage;
	int64_t began, now;       /* Unix seconds; now: of the step */
	bool first;               /* nothing was known of the set before */
	bool exact;               /* the kernel is asked, and answers by now */
	bool list;                /* only for strangers */
	bool reading;             /* read_begin was called */
	bool starved;             /* out of memory */
	struct seen seen;         /* in the set */
	size_t looked_at;         /* of these, for strangers */
	struct address cursor;    /* the last row of the store that was
				   * compared; ADDRESS_NONE at first */
	struct corrections wrong; /* of these, in one step */
	struct set_question question[AUDIT_ASKED];
	struct counts counts; /* that have moved, and are to be noted */
	uint64_t added;       /* by the carry, when it began to ask */
	int64_t spent;        /* on it, in about quarters of a microsecond */
	/* What has come of it; valid when the stage is AUDIT_IDLE again. */
	size_t missing; /* held, as the store believed, and not there */
	size_t back;    /* of these, put back */
	size_t held;    /* that should be there, and are */
	bool work;      /* there is something to be done about others */
	struct strangers strangers; /* there, and not in the store */
};

/* Start anew, at now. One audit of an enforcer at a time may take steps: it has
 * one place to read from. first: nothing was known of the set before. */
void audit_begin(struct audit *a, struct enforcer *e, enum enforcer_set set,
		 bool first, int64_t now);

/* Read the set, however large it is, and look for nothing but strangers: those
 * of this one reading are in strangers.now. */
void audit_list(struct audit *a, struct enforcer *e, enum enforcer_set set,
		int64_t now);

/* What has come of it. certain: what is missing had been removed by somebody.
 * foreign: entries, as reported before. */
void audit_report(const struct audit *a, const struct report *report,
		  bool certain, size_t foreign);

/* Give up, and free what it has. Fine at any time. */
void audit_end(struct audit *a);

/* It has begun, and is not over. */
bool audit_runs(const struct audit *a);

/* The next step; c is of the same set. The audit is over when its stage is
 * AUDIT_IDLE. */
enum outcome audit_step(struct audit *a, struct carry *c, struct fault *why);

#endif
