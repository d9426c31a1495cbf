/*
 * available: which filters there are.
 */
#ifndef SASLBAN_FILTERFILE_AVAILABLE_H
#define SASLBAN_FILTERFILE_AVAILABLE_H

#include <stddef.h>

/* The names of all filters in the directories, sorted, each once, split by
 * commas; `...` at the end when out has no room for more. Empty: none. */
void available_filters(const char *const *dirs, size_t ndirs, char *out,
		       size_t size);

#endif
