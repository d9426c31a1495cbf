/*
 * tops: those of a survey that come out on top, with what else is known of
 * them, as tables.
 */
#ifndef SASLBAN_CLI_TOPS_H
#define SASLBAN_CLI_TOPS_H

#include <stddef.h>

#include "sheet.h"
#include "survey.h"

struct tops_kind {
	const char *word; /* NULL ends them */
	const char *title;
	unsigned parts; /* enum survey_part that the survey has to have */
	const struct sheet_column *columns;
	/* The same with geography, where it is known; NULL: never. */
	const struct sheet_column *placed;
	size_t groups; /* offset of its groups in struct survey */
	/* A row, but for the name. */
	int (*row)(struct sheet *sheet, const struct survey *s,
		   const struct group *g, struct fault *why);
};

/* addresses, networks, accounts, services, rules */
extern const struct tops_kind tops_kinds[];

/* The one of that word, which there is. */
const struct tops_kind *tops_kind(const char *word);

/* The first n (0: all) as a table, the caller's to close. */
int tops_sheet(const struct survey *s, const struct tops_kind *kind, size_t n,
	       struct sheet **out, struct fault *why);

#endif
