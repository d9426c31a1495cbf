/*
 * inquiry: a jail's judge and who is exempt in it, to be asked.
 *
 * The same code as in the engine, on the database as it is read: the answer is
 * the engine's, but for logins that it has not written yet, a few seconds'
 * worth. Nothing is written.
 */
#ifndef SASLBAN_CLI_INQUIRY_H
#define SASLBAN_CLI_INQUIRY_H

#include "saslban/judge.h"
#include "session.h"

struct inquiry {
	const struct session *session; /* borrowed, and so is the jail */
	const struct jail *jail;
	int64_t now;
	struct exempt *exempt;
	struct judge *judge;
};

/* Reads what the store remembers of the last days. */
int inquiry_open(struct inquiry *out, const struct session *s,
		 const struct jail *jail, struct fault *why);
void inquiry_close(struct inquiry *q);

/* judge_ask, now. */
int inquiry_ask(const struct inquiry *q, const struct address *offender,
		const char *user, struct prospect *out, struct fault *why);

const struct policy *inquiry_policy(const struct inquiry *q);
struct memory *inquiry_memory(const struct inquiry *q);

/* How far back failures count, with what is known of an address: findtime, or
 * less where several customers are. The end of a ban cuts it shorter. */
int64_t inquiry_span(const struct policy *p, const struct history *h,
		     int64_t now);

#endif
