/*
 * docket: what a batch is judged with, and what came of it.
 *
 * A batch of sightings is one transaction, begun when there is something to
 * write; what came of it is reported when it is committed.
 */
#ifndef SASLBAN_ENGINE_DOCKET_H
#define SASLBAN_ENGINE_DOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logins.h"
#include "suspects.h"
#include "saslban/event.h"
#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/memory.h"
#include "saslban/notice.h"
#include "saslban/offense.h"
#include "saslban/reporter.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

enum {
	DOCKET_NEWS = 64, /* lines of a batch, at most ... */
	DOCKET_KEPT = 32, /* ... of which so many are for breaches alone */
	DOCKET_TEXT = 512
};

struct docket_line {
	enum report_level level;
	char text[DOCKET_TEXT];
	struct event event; /* EVENT_NONE: for people alone */
};

struct docket {
	/* Borrowed. */
	const struct settings *settings;
	const struct exempt *exempt; /* NULL: nobody is */
	struct store *store;
	struct memory *memory;
	struct logins *logins;
	struct suspects *suspects;
	const struct siphash_key *secret;
	int64_t jail;

	/* What came of it. */
	bool begun; /* a transaction */
	bool said;  /* the line that was said last has found room */
	bool lifted;
	struct offense *fresh; /* those that have begun, of the caller */
	size_t nfresh, most;   /* ... and as many as there is room for */
	struct docket_line news[DOCKET_NEWS];
	size_t nnews;
	size_t left_out; /* events whose line found no room */
};

/* Before the first write of a batch. */
int docket_write(struct docket *d, struct fault *why);

/* One line for the log, once the batch is on the disk. */
void docket_say(struct docket *d, enum report_level level, const char *format,
		...) __attribute__((format(printf, 3, 4)));

/* The event of the line that was just said. */
void docket_event(struct docket *d, const struct event *e);

/* Who is to be banned for what the host did; false: it is exempt. */
bool docket_offender(const struct docket *d, const struct address *host,
		     struct address *offender);

/* People are to be told of the offense or breach of that id, if the jail
 * writes mails. */
int docket_notice(struct docket *d, enum notice_kind kind, int64_t about,
		  const struct address *a, unsigned strike, int64_t now,
		  struct fault *why);

/* An offense, which begins now. failures: that led to it. */
int docket_offense(struct docket *d, const struct address *a,
		   const struct verdict *v, int64_t failures, const char *text,
		   struct fault *why);

#endif
