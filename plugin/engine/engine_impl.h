/*
 * engine_impl: what the files of the engine share.
 *
 *   engine.c          the round: order and timetable
 *   engine_store.c    the store, open; clocks that are set
 *   engine_judge.c    decide and record
 *   engine_enforce.c  enforce what the store says is due
 *   engine_compare.c  what the set holds against what the store says
 *   engine_watch.c    a look at the sets, once a minute
 *   engine_count.c    what the filters have seen, once a minute
 *   engine_report.c   what is said of it
 */
#ifndef SASLBAN_ENGINE_IMPL_H
#define SASLBAN_ENGINE_IMPL_H

#include <stdbool.h>

#include "saslban/engine.h"
#include "saslban/ignorelist.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* Boot-clock seconds. */
struct timetable {
	int64_t watch; /* look at the sets */
	int64_t prune; /* forget old failures */
	int64_t count; /* keep what was counted; saslbanctl sees that we live */
	int64_t again; /* try the kernel again after trouble; 0 = no trouble */
	int64_t look;  /* has somebody else written to the store */
	int64_t next;  /* wall-clock: a ban ends or has to be re-armed */
};

/* What may be said of single bans. */
struct quota {
	int64_t second; /* boot clock */
	unsigned told;  /* in this second */
	uint64_t more;  /* that were not told */
};

struct statistics;

struct engine {
	const struct settings *settings;
	const struct filter *filter;
	const struct reporter *reporter;
	struct enforcer *enforcer;
	struct ignorelist *ignorelist;
	struct statistics *statistics;
	struct store *store;
	int64_t jail;
	struct moment last;
	struct timetable at;
	struct quota quota;
	int64_t refused; /* boot: since when each round fails; 0: it does not */
	int64_t version; /* of the store, as last seen */
	bool grown;      /* the ignore list has, and it was not yet looked
			  * whether it covers running bans */
	bool spared;     /* bans were lifted by engine_spare */
	bool ensured;    /* the sets are there and read */
	bool troubled;   /* the kernel refuses, and it was said */
	bool unruled;    /* no firewall rule, and it was said */
	bool filling;    /* the set fills up, and it was said */
	int64_t room;    /* entries that this round still takes; 0 or less:
			  * there is more to do in the next one, at once */
	uint32_t identity[ENFORCER_FAMILIES];
	struct offense fresh[ENGINE_BATCH]; /* of this round, not yet told */
	size_t nfresh;
};

void engine_say(const struct engine *e, enum report_level level,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Single bans: the offenses of this round; and, at the end, how many were not
 * told. */
void engine_report(struct engine *e, int64_t boot);
void engine_report_rest(struct engine *e);

/* The store is open, is the file at its path, and knows the clock. */
int engine_ready(struct engine *e, struct moment now, struct fault *why);

/* How the round has ended. A store that refuses for long is opened anew. */
void engine_refused(struct engine *e, bool refused, struct moment now);

/* Decide and record a batch in one transaction; offenses go to e->fresh. */
int engine_judge(struct engine *e, const struct sighting *batch, size_t n,
		 int64_t now, struct fault *why);

/* Lift running bans that the ignore list covers by now. */
int engine_spare(struct engine *e, int64_t now, struct fault *why);

/* Bring the kernel to what the store says: first the sets, then what is due.
 * 0 when done or when the kernel refuses (then e->at.again is set); -1 for
 * the store. */
int engine_enforce(struct engine *e, struct moment now, struct fault *why);

/* Which side could not do its part. */
enum outcome {
	STORE_REFUSED = -1,
	CARRIED_OUT = 0,
	KERNEL_REFUSED = 1,
	PARTLY_REFUSED = 2 /* some entries: what it takes of others is in */
};

/* Find out what of the running bans the kernel has, and correct the store's
 * `enforced` accordingly. */
enum outcome engine_compare(struct engine *e, int64_t now, struct fault *why);

/* Know the sets again from here on: what was made or found by us was not
 * replaced. */
void engine_meet(struct engine *e);

/* What was counted, for engine_count. f may be NULL. */
int statistics_open(struct statistics **out, const struct filter *f,
		    struct fault *why);
void statistics_close(struct statistics *c);

/* The store may be another one: every filter and rule needs its row. */
void statistics_relist(struct statistics *c);

/* Look at the sets: recreated, swapped, flushed, filling, unreferenced. */
int engine_watch(struct engine *e, struct moment now, struct fault *why);

#endif
