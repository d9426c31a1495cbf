/*
 * spec: name[mode=auth] -> name and parameters.
 */
#ifndef SASLBAN_FILTERFILE_SPEC_H
#define SASLBAN_FILTERFILE_SPEC_H

#include "ini.h"
#include "saslban/fault.h"

struct spec {
	char *name;            /* `postfix`, or a path */
	struct ini parameters; /* one section, `parameters` */
};

/* On failure -1, FAULT_FILTER or FAULT_MEMORY, and nothing is left. */
int spec_parse(struct spec *out, const char *text, struct fault *why);
void spec_drop(struct spec *s);

#endif
