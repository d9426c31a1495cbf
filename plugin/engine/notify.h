/*
 * notify: mails, from the outbox into the outlet.
 *
 * What is due is put into mails, each mail is written and handed over, and only
 * when it is where a stop of the process no longer matters it counts as sent.
 * Who is killed in between sends it once more, with the same number. One mail a
 * round; nothing here waits.
 */
#ifndef SASLBAN_ENGINE_NOTIFY_H
#define SASLBAN_ENGINE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "database.h"
#include "desk.h"
#include "saslban/engine.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "sets.h"

struct notify {
	const struct settings *settings;
	const struct reporter *reporter;
	struct desk *desk; /* NULL: no mails */
	int64_t due;       /* boot: when the next look is wanted */
	int64_t mail;      /* that was handed over and may not be there yet; 0:
			    * none */
	int64_t until;     /* if it is a digest: the end of its time */
	int64_t refused;   /* boot: the outlet takes nothing until then */
};

/* Borrows what is in parts. */
int notify_open(struct notify *n, const struct engine_parts *parts,
		struct fault *why);
void notify_close(struct notify *n);

/* The store was opened, or the clock set. */
int notify_begin(struct notify *n, const struct database *d, struct moment now,
		 struct fault *why);

/* Do what is due. busy: there are sightings, for which a digest waits a
 * little. */
int notify_poll(struct notify *n, const struct database *d,
		const struct sets *sets, bool busy, struct moment now,
		struct fault *why);

/* If what was handed over is there by now, it is sent. */
int notify_keep(struct notify *n, const struct database *d, struct moment now,
		struct fault *why);

/* When notify_poll is wanted, on the boot clock. */
int64_t notify_due(const struct notify *n);

#endif
