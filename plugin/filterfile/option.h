/*
 * option: options of a filter: which there are, and those that are neither
 * rules nor text.
 */
#ifndef SASLBAN_FILTERFILE_OPTION_H
#define SASLBAN_FILTERFILE_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "expand.h"

/* Options that mean something to fail2ban and nothing here. NULL ends them. */
extern const char *const option_idle[];

/* Do the files have an option of that name? */
bool option_declared(const struct expansion *x, const char *name);

/* A parameter of the stanza that nothing asks for is a typing error: -1 with a
 * FAULT_FILTER that has it. To be asked when all options were expanded. */
int option_check_parameters(const struct expansion *x, const char *spec,
			    struct fault *why);

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
