/*
 * tag: <HOST>, <F-USER> ... -> groups.
 */
#ifndef SASLBAN_FILTERFILE_TAG_H
#define SASLBAN_FILTERFILE_TAG_H

#include "layers.h"
#include "saslban/fault.h"
#include "text.h"

/* Append the expression in with groups in the place of host and F- tags. On
 * failure -1 with FAULT_FILTER. layers is for the fault's file and line. */
int tag_to_group(const struct layers *l, const struct text *in,
		 struct text *out, struct fault *why);

#endif
