/*
 * option: options of a filter that are neither rules nor text.
 */
#ifndef SASLBAN_FILTERFILE_OPTION_H
#define SASLBAN_FILTERFILE_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "expand.h"

/* `yes` or `no`. Without the option, *out stays as it is; so it does for the
 * other ones. On failure -1 with FAULT_FILTER. */
int option_switch(const struct expansion *x, const char *name, bool *out,
		  struct fault *why);

/* What may be set for *out. */
struct option_range {
	int64_t least, most;
	const char *allowed; /* the same in words */
};

/* A number, or `no` for 0. */
int option_number(const struct expansion *x, const char *name,
		  const struct option_range *range, int64_t *out,
		  struct fault *why);

/* A duration, in seconds. */
int option_duration(const struct expansion *x, const char *name,
		    const struct option_range *range, int64_t *out,
		    struct fault *why);

/* The option is there and does not go with another one: says why. Returns
 * -1. */
int option_refuse(const struct expansion *x, const char *name,
		  const char *reason, struct fault *why);

#endif
