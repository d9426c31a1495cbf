/*
 * enforcer: where a ban takes effect.
 *
 * A table of functions: plugin/kernel/ipset.c and nftables.c enforce in the
 * kernel, tests/unit/recorder.c remembers what it was asked. A jail that only
 * observes has no enforcer.
 * An enforcer belongs to one thread at a time. It drives two sets, one for
 * each family, and each of them on its own: what is wrong with one set never
 * keeps the other from its work. Every verb may be repeated. With nftables each
 * of the two is a group of sets in the kernel, one for each length of prefix.
 *
 * A verb that returns -1 says why by the kind of the fault:
 *   FAULT_SET_GONE  the set is missing or is no longer in its list; ensure
 *                   creates it again, empty
 *   FAULT_SET_FULL  no new entry fits; entries that are there can be renewed
 *                   and removed
 *   FAULT_SETTING   the set is of a kind that takes no such entry; others are
 *                   not concerned
 *   FAULT_ENFORCE   the kernel refused; may pass, retry later
 *   FAULT_MEMORY    out of memory
 * Of several reasons in one call the first is kept, but FAULT_SET_GONE
 * replaces any other. The list that holds both sets is shared: trouble with
 * it fails ensure and state of both, and nothing else.
 */
#ifndef SASLBAN_ENFORCER_H
#define SASLBAN_ENFORCER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"

/* Also an index. */
enum enforcer_set { ENFORCER_V4, ENFORCER_V6, ENFORCER_SETS };

/* The longest timeout that an ipset takes (2^31 ms in seconds; larger values
 * are silently cut to it: UINT_MAX jiffies in ip_set_timeout.h). A longer
 * ban is added with this timeout and renewed in time. The enforcer's own limit
 * is in its kind. */
#define ENFORCER_LONGEST 2147483

#define ENFORCER_NAME 32 /* bytes of a set's name, with NUL */

/* The set that an address goes into. Safe as an index for any address: one
 * without a family counts as IPv4, and add refuses it. */
enum enforcer_set enforcer_set_of(const struct address *a);

/* The name of one of the two sets for a base name: `saslban` gives `saslban4`
 * and `saslban6`. A name that is too long is cut. Returns out. */
char *enforcer_set_name(const char *base, enum enforcer_set set,
			char out[ENFORCER_NAME]);

/* One entry to be added or removed. */
struct set_change {
	struct address address;
	int64_t left; /* add: seconds, at least 1; cut to kind->longest */
	bool fresh;   /* add: counters start at zero; a renewal keeps them */
	bool done;    /* answer: it is in force (add) or gone (remove) */
};

/* An entry that is asked for. */
struct set_question {
	struct address address;
	bool there;   /* the answer, and the rest of it: */
	int64_t left; /* seconds; 0 = permanent */
	uint64_t packets;
	uint64_t bytes;
};

/* One entry as the kernel has it. */
struct set_entry {
	struct address address;
	int64_t left; /* seconds; 0 = permanent */
	uint64_t packets;
	uint64_t bytes;
};

struct set_state {
	uint32_t identity; /* another value: the set was recreated or swapped */
	uint32_t elements; /* may count entries that have just run out */
	bool more;         /* there are more than that, nobody knows how many */
	/* How many fit. With a group, of its sets the least; and from the half
	 * of that on, how many it has when the first of its sets is full, if
	 * they go on as they have come. */
	uint32_t maxelem;
	uint32_t largest; /* what grow can make of maxelem at most; no more than
			   * maxelem: it stays as it is */
	/* 0: no firewall rule refers to the set or to the list it is in. The
	 * least of a group. */
	uint32_t references;
	uint32_t memory; /* bytes that the kernel keeps it in; 0: unknown */
};

/* What one enforcer is, where it differs from others. */
struct enforcer_kind {
	const char *name;    /* `ipset` or `nftables` */
	int64_t longest;     /* seconds: a longer timeout is cut to it */
	bool joint;          /* one rule serves both sets */
	const char *rules;   /* the program or file that sets up the rules */
	const char *larger;  /* what to do about a set that is too small */
	const char *modules; /* what the kernel lacks if LOOK fails */
	/* Of one that can be asked. A set of no more entries than the first is
	 * read in a step; one of no more than the second may be read when there
	 * is a reason, and keeps others waiting; a larger one for minutes. */
	uint32_t small, medium;
	/* Has the kernel what is needed? Asks, and creates nothing; but the
	 * kernel loads its modules for that if it can. */
	int (*look)(struct fault *why);
};

struct enforcer;

struct enforcer_ops {
	const struct enforcer_kind *kind;

	/* The name of the set, for messages and for the store. Lives as long
	 * as the enforcer. */
	const char *(*name)(const struct enforcer *e, enum enforcer_set set);

	/* Create the set and its place in the list if they are missing,
	 * verify them if they are there. Never touches the other set. */
	int (*ensure)(struct enforcer *e, enum enforcer_set set,
		      struct fault *why);

	/* Add entries, or renew them; marks those that are done. -1 if any is
	 * not. All addresses are of the set's family; one that is not is
	 * refused, the others are still added. */
	int (*add)(struct enforcer *e, enum enforcer_set set,
		   struct set_change *changes, size_t n, struct fault *why);

	/* As add. An entry that is not there is done. */
	int (*remove)(struct enforcer *e, enum enforcer_set set,
		      struct set_change *changes, size_t n, struct fault *why);

	/* Every entry, in one call; no order. A non-zero answer of see stops;
	 * that is no fault: 0 is returned. Does not disturb read_more. */
	int (*each)(struct enforcer *e, enum enforcer_set set,
		    int (*see)(void *context, const struct set_entry *entry),
		    void *context, struct fault *why);

	/*
	 * The same in steps, so that no call takes long: read_begin, then
	 * some hundred entries with each read_more until *more is false.
	 * Other verbs may be called in between.
	 *
	 * An entry that was there all the time is seen once. One that was
	 * added, renewed or removed after read_begin may be seen as it was
	 * before, as it is now, or not at all.
	 *
	 * One reading at a time: another read_begin, of either set, ends the
	 * one before it; so do a fault, a non-zero answer of see, and close.
	 * After that, and before the first read_begin, *more is false.
	 *
	 * Until the last step the kernel keeps a reference to an ipset: `ipset
	 * swap` and `ipset destroy` of it fail (everything else works), and
	 * after a resize the old table keeps its memory. So a reading is to be
	 * over within seconds, or ended with read_end. A set of 262144 entries
	 * takes about 400 steps of less than a millisecond.
	 */
	int (*read_begin)(struct enforcer *e, enum enforcer_set set,
			  struct fault *why);
	int (*read_more)(struct enforcer *e,
			 int (*see)(void *context,
				    const struct set_entry *entry),
			 void *context, bool *more, struct fault *why);
	void (*read_end)(struct enforcer *e);

	/* Which of these does the set have? NULL when reading the whole set
	 * costs hardly more. An address of the other family is not there. */
	int (*ask)(struct enforcer *e, enum enforcer_set set,
		   struct set_question *question, size_t n, struct fault *why);

	int (*state)(struct enforcer *e, enum enforcer_set set,
		     struct set_state *out, struct fault *why);

	/*
	 * A larger set in place of one that fills up: grow_begin, then
	 * grow_more until *more is false, then grow_finish. No entry is missing
	 * from it at any moment, and rules go on. Other verbs may be called in
	 * between, and other processes may change the set until grow_finish:
	 * that one makes up for it, and nobody may change the set while it
	 * runs (a write transaction of the store keeps all of ours from it).
	 *
	 * maxelem is doubled, up to `largest` of the state. now: seconds of a
	 * clock that is not set. A step of grow_more takes some 5 ms;
	 * grow_finish reads the whole set: a fifth of a second with 262144
	 * entries. It may be repeated after a fault: a set that somebody reads
	 * is not swapped. After a fault of the others, and with grow_end, all
	 * is as before. The state has another identity afterwards.
	 */
	int (*grow_begin)(struct enforcer *e, enum enforcer_set set,
			  int64_t now, struct fault *why);
	int (*grow_more)(struct enforcer *e, enum enforcer_set set, int64_t now,
			 bool *more, struct fault *why);
	int (*grow_finish)(struct enforcer *e, enum enforcer_set set,
			   int64_t now, struct fault *why);
	void (*grow_end)(struct enforcer *e, enum enforcer_set set);

	/* Never removes a set that anybody uses. */
	void (*close)(struct enforcer *e);
};

struct enforcer {
	const struct enforcer_ops *ops;
};

#endif
