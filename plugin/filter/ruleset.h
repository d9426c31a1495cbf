/*
 * ruleset: the rules of one filter, and one text through them.
 */
#ifndef SASLBAN_FILTER_RULESET_H
#define SASLBAN_FILTER_RULESET_H

#include <stddef.h>

#include "saslban/fault.h"
#include "saslban/filter.h"

struct ruleset;

/* Read a filter, named as in the stanza, from the first of dirs that has it,
 * and compile its rules. Its bit is the caller's to set. Returns -1 with a
 * FAULT_FILTER that says what is wrong and where, or FAULT_MEMORY. */
int ruleset_open(struct ruleset **out, const char *spec,
		 const char *const *dirs, size_t ndirs, struct fault *why);
void ruleset_close(struct ruleset *ruleset); /* NULL is fine */

/* subject is the text of the line that the filter reads; the rest is as in
 * filter_match. */
enum sighting_kind ruleset_match(const struct ruleset *ruleset,
				 struct filter_scratch *s, struct slice subject,
				 struct logline *line, struct sighting *out);

#endif
