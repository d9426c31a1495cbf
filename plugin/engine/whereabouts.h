/*
 * whereabouts: the country and the network operator of whom an event is about,
 * by the files of geoip.
 *
 * They are read when the first event wants them, by the engine's thread, and
 * again within a minute when one has been replaced. Trouble with one is a line
 * in the log, and an event without these members.
 */
#ifndef SASLBAN_ENGINE_WHEREABOUTS_H
#define SASLBAN_ENGINE_WHEREABOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/event.h"
#include "saslban/geo.h"
#include "saslban/settings.h"

#define WHEREABOUTS_LOOK 60 /* seconds between two looks for newer files */

struct whereabouts {
	const struct settings *settings; /* borrowed, as is the next */
	const struct report *report;
	struct geo *geo; /* NULL: not wanted, not yet, or no library */
	bool opened;
	int64_t look; /* the next one, boot clock */
};

void whereabouts_init(struct whereabouts *w, const struct settings *settings,
		      const struct report *report);
void whereabouts_close(struct whereabouts *w);

/* Of what is banned, or else of the host. boot: as struct moment has it. */
void whereabouts_fill(struct whereabouts *w, struct event *e, int64_t boot);

#endif
