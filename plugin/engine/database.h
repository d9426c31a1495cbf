/*
 * database: the store of one engine, opened, watched and opened again, and
 * the clock of which it remembers the last reading.
 *
 * Whoever removes a database, or puts another in its place, does not notify us:
 * the file is looked at every DATABASE_LOOK seconds. One that is damaged is
 * replaced (saslban/renewal.h). So is whether somebody
 * else, saslbanctl or another jail, has written to it.
 */
#ifndef SASLBAN_ENGINE_DATABASE_H
#define SASLBAN_ENGINE_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/alive.h"
#include "saslban/moment.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define DATABASE_LOOK 2 /* seconds between two looks */

struct database {
	const struct settings *settings; /* borrowed */
	const struct report *report;     /* borrowed */
	struct store *store;             /* NULL: not open */
	struct alive *alive;             /* shows that we are here */
	bool unclaimed;                  /* it cannot, and it was reported */
	int64_t jail;                    /* our id in it */
	struct moment last;              /* when it was last ready */
	int64_t look;                    /* boot: when to look next */
	int64_t version;                 /* of the store at the last look */
	int64_t refused;   /* boot: since when it refuses; 0: it does not */
	bool doubtful;     /* SQLite has found damage */
	int64_t again;     /* boot: it could not be replaced; not before that */
	struct fault kept; /* why not */
	bool adopts;       /* it was replaced: bans that the sets hold are to be
			    * taken over */
};

void database_init(struct database *d, const struct settings *settings,
		   const struct report *report);
void database_close(struct database *d);

/* Makes sure that the store is open, is the file at its path, and knows the
 * clock. *anew: what was known of it does not hold any more, as it was opened
 * or the clock was set. */
int database_ready(struct database *d, struct moment now, bool *anew,
		   struct fault *why);

/* The sets are known: it has all that they hold. */
int database_adopted(struct database *d, struct fault *why);

/* Has somebody else written to it since the last look? False between two
 * looks. */
int database_changed(struct database *d, struct moment now, bool *changed,
		     struct fault *why);

/* How the round has ended. A store that refuses for long is opened anew:
 * some refusals end with the connection. */
void database_result(struct database *d, bool refused, struct moment now);

#endif
