/*
 * hosts: the addresses that failed for an account, or in a network.
 */
#ifndef SASLBAN_MEMORY_HOSTS_H
#define SASLBAN_MEMORY_HOSTS_H

#include "offender.h"
#include "saslban/memory.h"
#include "cache.h"

struct host {
	uint64_t address;
	int64_t at;   /* its latest failure */
	bool excused; /* that was in an outage, and counts only there */
};

struct hosts {
	struct node node;
	struct host *host; /* unsorted */
	size_t n, size;
	struct ban ban; /* of the network */
};

void hosts_drop(struct node *node);

/* Of which the latest failure was at or after since, without one of them; with
 * those that are excused, or without. */
unsigned hosts_count(const struct hosts *h, int64_t since, uint64_t without,
		     bool excused);

/* -1: out of memory. When there are MEMORY_HOSTS, the oldest makes room. */
int hosts_note(struct hosts *h, uint64_t address, int64_t at, bool excused);

/* Its latest failure was at that time after all; INT64_MIN: there is none any
 * more. */
void hosts_correct(struct hosts *h, uint64_t address, int64_t at, bool excused);

#endif
