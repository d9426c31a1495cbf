/*
 * variants: what the parts of the test of all combinations share.
 *
 *   variants.c           puts the lines together and lets them be judged
 *   variants_dovecot.c   Dovecot's login processes
 *   variants_auth.c      Dovecot's auth process and its workers
 *   variants_others.c    Postfix, Cyrus IMAP, SOGo
 */
#ifndef SASLBAN_TESTS_VARIANTS_H
#define SASLBAN_TESTS_VARIANTS_H

#include <stddef.h>

#include "saslban/sighting.h"

enum { VARIANT_PARTS = 7 };

/* The only address in these lines. */
#define VARIANT_ADDRESS "192.0.2.139"

/*
 * A line is one text of each part, in their order; each list ends with NULL,
 * and so does the list of parts. All of them give the same verdict.
 */
struct variant_row {
	const char *title;
	const char *spec; /* `dovecot[mode=auth]` */
	const char *const *part[VARIANT_PARTS];
	enum sighting_kind kind;
	enum sighting_sort sort;
};

#define VARIANT_LIST(...)         \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

#define VARIANT_FAILS SIGHTING_FAILURE, SIGHTING_CLEAR
#define VARIANT_DOUBT SIGHTING_FAILURE, SIGHTING_DOUBTFUL
#define VARIANT_BREAK SIGHTING_TROUBLE, SIGHTING_CLEAR
#define VARIANT_IS_OK SIGHTING_SUCCESS, SIGHTING_CLEAR
#define VARIANT_NEVER SIGHTING_NOTHING, SIGHTING_CLEAR

extern const struct variant_row variants_dovecot[];
extern const size_t variants_dovecot_count;
extern const struct variant_row variants_auth[];
extern const size_t variants_auth_count;
extern const struct variant_row variants_others[];
extern const size_t variants_others_count;

#endif
