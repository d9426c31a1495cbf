/*
 * recorder: the enforcer of the tests. Two sets in memory that remember what
 * they were asked, count time when told to, and fail on command.
 *
 * The test reads and writes the fields; the functions below do what would
 * take it more than a line.
 */
#ifndef SASLBAN_TESTS_RECORDER_H
#define SASLBAN_TESTS_RECORDER_H

#include "saslban/enforcer.h"

#define RECORDER_ENTRIES 4096 /* in one set; a test that adds more aborts */

/* Of one that can be asked; see enforcer_kind. */
#define RECORDER_SMALL 10
#define RECORDER_MEDIUM 500

struct recorder_entry {
	struct address address;
	int64_t until; /* in the recorder's time; INT64_MAX = permanent */
	bool fresh;    /* as it was added last */
	uint64_t packets;
	uint64_t bytes;
};

/* One set. What the test may change stands first. */
struct recorder_set {
	const char *refuse; /* not NULL: every verb fails with this text */
	bool gone;          /* destroyed: FAULT_SET_GONE until ensure */
	size_t capacity;    /* entries that fit; 0 = any number */
	uint32_t counted;   /* entries that state counts; 0 = all */
	size_t largest;     /* capacity that it may grow to */
	const char *refuse_growth; /* not NULL: it does not begin */
	const char *refuse_copy;   /* the same for grow_more */
	const char *refuse_finish; /* and for grow_finish */
	const char *refuse_add;    /* and for add, of every entry */
	uint32_t identity;   /* 7 and 8 at first, another after each swap */
	uint32_t references; /* 1 at first */
	struct recorder_entry entries[RECORDER_ENTRIES];
	size_t n;

	/* What was asked: calls, and entries in them (also refused ones). */
	unsigned grow_begins, grow_mores, grow_finishes, grow_ends;
	bool growing;
	unsigned ensures, states, reads; /* reads: each and read_begin */
	unsigned adds, removes;          /* calls */
	unsigned added, removed;         /* entries asked for */
	unsigned asks, asked;            /* calls of ask, and questions */
};

struct recorder {
	struct enforcer enforcer;
	struct enforcer_ops asked; /* after recorder_can_be_asked */
	char name[ENFORCER_SETS][ENFORCER_NAME]; /* saslban4, saslban6 */
	int64_t now;       /* seconds; the test moves it */
	size_t slice;      /* entries with each read_more; 100 at first */
	uint32_t identity; /* the last one that was given to a set */
	struct recorder_set set[ENFORCER_SETS];

	/* The running reading shows what was there when it began: also
	 * entries that were removed since, and none that were added. */
	bool reading;
	enum enforcer_set reading_set;
	struct recorder_entry snapshot[RECORDER_ENTRIES];
	size_t snapshot_n, snapshot_at;
	unsigned slices, read_ends; /* calls of read_more and read_end */
};

void recorder_init(struct recorder *r, int64_t now);

/* It has the verb ask from now on. */
void recorder_can_be_asked(struct recorder *r);

/* What the kernel would say of the address now: seconds left, 0 = nothing. */
int64_t recorder_left(const struct recorder *r, const char *address);

/* The entry itself, or NULL. */
struct recorder_entry *recorder_find(struct recorder *r, const char *address);

/* Somebody else adds an entry, or sets its time anew (left 0 = permanent), or
 * deletes it. Counts as nothing that was asked. */
void recorder_put(struct recorder *r, const char *address, int64_t left);
void recorder_delete(struct recorder *r, const char *address);

/* Somebody else empties a set, or both (ENFORCER_SETS). */
void recorder_flush(struct recorder *r, enum enforcer_set set);

/* An empty set is swapped in, or it was recreated: another identity. */
void recorder_swap(struct recorder *r, enum enforcer_set set);

/* A set is destroyed: ensure creates it again, empty, another identity. */
void recorder_destroy(struct recorder *r, enum enforcer_set set);

/* Every verb of both sets fails with this text; NULL: works again. */
void recorder_refuse(struct recorder *r, const char *text);

/* Entries asked for, of both sets. */
unsigned recorder_added(const struct recorder *r);
unsigned recorder_removed(const struct recorder *r);

#endif
