/*
 * strangers: entries of a set of which no ban is known.
 *
 * They are reported and left alone. One that was removed while the set was
 * being read looks like one, too: only what two looks have found is. A set that
 * is too large to be read is counted, and what it has more than it should have
 * are strangers whose addresses nobody knows; a few more may be entries that
 * have run out, or came meanwhile.
 */
#ifndef SASLBAN_ENGINE_STRANGERS_H
#define SASLBAN_ENGINE_STRANGERS_H

#include <stddef.h>

#include "report.h"
#include "saslban/address.h"

#define STRANGERS_KEPT 256

/* What one look has found. */
struct strangers_found {
	size_t n; /* all of them; the first STRANGERS_KEPT are in address */
	struct address address[STRANGERS_KEPT];
	size_t excess; /* entries more than there should be, of a set that is
			* not read */
};

/* All zeros at first. */
struct strangers {
	struct strangers_found now, before;
	/* What has come of it: */
	size_t n;
	struct address example; /* ADDRESS_NONE: they were counted, not seen */
};

/* A look begins. */
void strangers_begin(struct strangers *s);

void strangers_note(struct strangers *s, const struct address *address);

/* It holds so many entries, and should hold so many. */
void strangers_count(struct strangers *s, size_t holds, size_t should);

/* The look has come to its end. */
void strangers_conclude(struct strangers *s);

/* set: its name. before: how many were reported. */
void strangers_report(const struct strangers *s, const char *set, size_t before,
		      const struct report *report_to);

#endif
