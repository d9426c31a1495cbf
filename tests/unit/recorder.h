/*
 * recorder: the enforcer of the tests. A set in memory that remembers what it
 * was asked, counts time when told to, and fails on command.
 */
#ifndef SASLBAN_TESTS_RECORDER_H
#define SASLBAN_TESTS_RECORDER_H

#include "saslban/enforcer.h"

#define RECORDER_ENTRIES 4096

struct recorder_entry {
	struct address address;
	int64_t until; /* in the recorder's time */
	bool fresh;    /* as it was put in */
};

struct recorder {
	struct enforcer enforcer;
	int64_t now; /* seconds; the test moves it */
	struct recorder_entry entries[RECORDER_ENTRIES];
	size_t n;
	unsigned bans, lifts, ensures; /* entries asked for, calls */
	const char *refuse; /* not NULL: every verb fails with this text */
	size_t room4; /* IPv4 entries that it has room for; 0 = any number */
	uint32_t identity;
	uint32_t references;
};

void recorder_init(struct recorder *r, int64_t now);

/* What the kernel would say of the address now: seconds left, 0 = nothing. */
int64_t recorder_left(const struct recorder *r, const char *address);

/* The kernel's sets are lost. */
void recorder_flush(struct recorder *r);

#endif
