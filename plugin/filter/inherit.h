/*
 * inherit: a filter that was read again, beside the one before it. Both have
 * the same specs.
 */
#ifndef SASLBAN_FILTER_INHERIT_H
#define SASLBAN_FILTER_INHERIT_H

#include "saslban/editions.h"

/* What is different. */
void filter_compare(const struct filter *new, const struct filter *old,
		    struct edition_change *out);

/* What the old one remembers of earlier lines is the new one's, too, where it
 * can be. Before anybody matches with the new one. */
void filter_inherit(struct filter *new, const struct filter *old);

#endif
