/*
 * outage: times in which nobody could log in.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_OUTAGE_H
#define SASLBAN_OUTAGE_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define OUTAGE_WHY 160 /* text, with NUL */

struct outage_row {
	int64_t jail;
	int64_t since;  /* failures do not count from here on */
	int64_t opened; /* when that was noticed */
	int64_t closed; /* 0: it lasts */
	char why[OUTAGE_WHY];
	char login[SIGHTING_USER]; /* who was the first to log in since it was
				    * opened; "": nobody */
};

/* It began. One that was open is closed. */
int outage_begin(struct store *s, const struct outage_row *o,
		 struct fault *why);

/* Somebody logs in while it lasts. */
int outage_login(struct store *s, int64_t jail, const char *user,
		 struct fault *why);

int outage_end(struct store *s, int64_t jail, int64_t now, struct fault *why);

/* Of the jail (0: of all), the latest first; limit 0 = all. */
int outage_each(struct store *s, int64_t jail, size_t limit,
		int (*see)(void *context, const struct outage_row *o),
		void *context, struct fault *why);

/* Forget those that ended before `before`. */
int outage_prune(struct store *s, int64_t jail, int64_t before,
		 struct fault *why);

#endif
