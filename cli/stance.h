/*
 * stance: what one jail knows of an address, now.
 */
#ifndef SASLBAN_CLI_STANCE_H
#define SASLBAN_CLI_STANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "inquiry.h"
#include "json.h"
#include "kernel.h"
#include "saslban/exempt.h"
#include "saslban/offense.h"
#include "saslban/policy.h"
#include "subject.h"

struct stance {
	const struct jail *jail;
	struct address offender;     /* what the address stands for there */
	bool exempt;                 /* for a reason */
	struct exempt_reason reason; /* without its entry, which is ... */
	char exempt_entry[SETTINGS_ITEM]; /* ... a copy */
	char exempt_text[EXEMPT_TEXT];    /* the sentence */
	struct allow allowed;             /* of EXEMPT_ALLOW: its entry */
	bool banned; /* by ban, which may be wider than the offender */
	struct offense ban;
	bool jumps;               /* strike_look of it */
	size_t inside;            /* bans that run, of a part of it */
	struct prospect prospect; /* of one more failure, for no user */
	unsigned strikes;
	int64_t failures;    /* that count now ... */
	unsigned patience;   /* ... of so many ... */
	int64_t span;        /* ... within so long */
	struct verdict next; /* the next offense: strike, from, until */
	bool asked;          /* its kernel sets were asked ... */
	bool answered;       /* ... and entry is true if found; else why is */
	bool found;
	struct kernel_entry entry; /* the narrowest around the address */
	struct dropped met; /* packets that met it, and what the ban has of
			     * earlier ones, if it is the ban's */
	struct fault why;
};

int stance_take(struct stance *out, const struct inquiry *q,
		const struct subject *subject, struct fault *why);

/* True when something is known of the address beyond its history. */
bool stance_matters(const struct stance *s);

/* Some lines, indented. */
void stance_print(const struct output *o, const struct stance *s, int64_t now);
/* One of them; no line about nothing: bans inside, who is not exempt, a
 * kernel that was not asked. */
void stance_print_ban(const struct output *o, const struct stance *s,
		      int64_t now);
void stance_print_inside(const struct output *o, const struct stance *s);
void stance_print_exempt(const struct output *o, const struct stance *s,
			 int64_t now);
void stance_print_kernel(const struct output *o, const struct stance *s);
/* Members of the object that is open. */
void stance_json(struct json *j, const struct stance *s, int64_t now);

#endif
