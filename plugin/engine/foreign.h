/*
 * foreign: what became of lines that somebody else wrote: their number into
 * the store, and a line in the log when the first one comes.
 */
#ifndef SASLBAN_ENGINE_FOREIGN_H
#define SASLBAN_ENGINE_FOREIGN_H

#include <stdint.h>

#include "report.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"
#include "saslban/tally.h"

struct foreign {
	const struct report *report;
	struct tally *tally;    /* borrowed; NULL: nobody counts */
	struct tally_news news; /* when last read */
	uint64_t kept, told;    /* of news.lines */
	int64_t keep;           /* boot clock: when to keep again */
	int64_t tell;           /* and when to report again */
	unsigned gaps;          /* of news.gaps, reported */
};

void foreign_init(struct foreign *f, const struct report *report,
		  struct tally *tally);

/* Report what is new, at most once an hour, and keep it, at most once a
 * minute. To be called in each round. */
int foreign_poll(struct foreign *f, struct store *s, int64_t jail,
		 struct moment now, struct fault *why);

/* Keep what is new. For the end. */
int foreign_keep(struct foreign *f, struct store *s, int64_t jail, int64_t now,
		 struct fault *why);

#endif
