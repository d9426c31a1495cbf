/*
 * notice: when people are told of something, and how many mails it takes.
 *
 * Pure. Times are Unix seconds, durations seconds.
 */
#ifndef SASLBAN_NOTICE_H
#define SASLBAN_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/schedule.h"

enum notify_mode {
	NOTIFY_NONE,
	NOTIFY_SMART,     /* bans after a wait, the worst at once */
	NOTIFY_IMMEDIATE, /* all at once */
	NOTIFY_DAILY,     /* a digest, and breaches at once */
	NOTIFY_WEEKLY
};

enum notice_kind { NOTICE_BAN, NOTICE_BREACH, NOTICE_DIGEST };

#define NOTICE_NEVER INT64_MAX /* no mail of its own */
#define NOTICE_STRIKE 3        /* from here on nobody waits */

/* `none`, `smart` ...; `ban`, `breach`, `digest`. */
const char *notify_word(enum notify_mode mode);
const char *notice_word(enum notice_kind kind);

/* When a ban or a breach of now is due. */
int64_t notice_due(enum notify_mode mode, int64_t wait, enum notice_kind kind,
		   unsigned strike, int64_t now);

/* Of one kind, either what has a breach or what has none. */
struct notice_load {
	size_t due;       /* addresses of which something is due */
	size_t sent;      /* mails in the last `wait` seconds */
	int64_t gathered; /* when the last one of several addresses went; 0:
			   * none in these seconds */
};

enum notice_way {
	NOTICE_EACH,     /* a mail for each address */
	NOTICE_TOGETHER, /* one for all */
	NOTICE_LATER     /* at *later, for all that there is by then */
};

/* No more than max mails in `wait` seconds, and one more for all the rest. */
enum notice_way notice_way(const struct notice_load *load, size_t max,
			   int64_t wait, int64_t now, int64_t *later);

/* When a digest is due whose time began at `since`: once in each day, or week,
 * as the local clock counts them, whatever the clock was set to meanwhile. A
 * `since` of more than a day ahead of now is a clock that was wrong. */
int64_t notice_digest(const struct schedule *at,
		      const struct schedule_zone *zone, int64_t since,
		      int64_t now);

#endif
