/*
 * outage: the signs that nobody can log in.
 */
#ifndef SASLBAN_MEMORY_OUTAGE_H
#define SASLBAN_MEMORY_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/policy.h"

enum { OUTAGE_SIGNS = 16 };

struct sign {
	uint64_t user, address;
	int64_t at;
};

struct outage {
	bool open;
	int64_t last;  /* customer who had not failed */
	int64_t again; /* one who had */
	int64_t opened;
	int64_t trouble;                  /* the latest line about our own */
	int64_t cleared;                  /* up to then nothing is a sign */
	struct sign failed[OUTAGE_SIGNS]; /* customers, since the last login */
	struct sign login[OUTAGE_SIGNS];  /* users, since it was opened */
};

void outage_note_failure(struct outage *o, uint64_t user, uint64_t address,
			 int64_t at);
void outage_note_trouble(struct outage *o, int64_t at);
/* True when there is an outage, in which he had not. */
bool outage_note_login(struct outage *o, uint64_t user, int64_t at);
/* A customer fails who did so before. */
void outage_note_again(struct outage *o, int64_t at);

/* Failures up to that time are no signs, whenever they are noted. */
void outage_forget(struct outage *o, int64_t at);
void outage_signs(const struct outage *o, int64_t now, struct signs *out);
void outage_set(struct outage *o, bool open, int64_t now);

/* The first sign of what is still one. */
int64_t outage_since(const struct outage *o, int64_t now);

#endif
