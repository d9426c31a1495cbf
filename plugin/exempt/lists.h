/*
 * lists: who is exempt by a list of addresses and prefixes: ignoreip, the files
 * that it names, the store's allow list.
 */
#ifndef SASLBAN_EXEMPT_LISTS_H
#define SASLBAN_EXEMPT_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "allowlist.h"
#include "listfile.h"
#include "reason.h"
#include "resolver.h"
#include "saslban/exempt.h"

/* An entry of ignoreip that is an address or a prefix. */
struct fixed {
	const char *entry;
	struct address address;
};

struct lists {
	const struct settings *settings;
	struct fixed fixed[SETTINGS_IGNORED];
	size_t fixed_n;
	struct listfile *file;
	size_t files;
	struct allowlist allow;
	const char *refused; /* the family of which the allow list would exempt
			      * everybody; NULL: it was taken */
	bool untold;         /* and it is to be reported */
};

/* Borrows s. Reads nothing yet; -1 when out of memory. */
int lists_open(struct lists *l, const struct settings *s);
void lists_release(struct lists *l);

/* Look at the files. True when one was read: its host names may be others.
 * *news: somebody is exempt who was not. */
bool lists_look(struct lists *l, bool *news);

/* Each file is another one at the next look. */
void lists_forget(struct lists *l);

/* All host names: those of ignoreip, then those of the files. -1 when out of
 * memory. */
int lists_add_names(const struct lists *l, struct resolver *r);

/* The allow list that was collected is complete. *news as above; -1 when out of
 * memory. */
int lists_allowed(struct lists *l, bool *news);

/* True when the search is over. */
bool lists_search(const struct lists *l, struct reason *r);

bool lists_news(struct lists *l, struct exempt_news *out);

#endif
