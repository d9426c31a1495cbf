/*
 * python: an expression from Python's syntax into PCRE2's.
 */
#ifndef SASLBAN_FILTERFILE_PYTHON_H
#define SASLBAN_FILTERFILE_PYTHON_H

#include "layers.h"
#include "saslban/fault.h"
#include "text.h"

/* Append the expression in, translated. What has no equal is refused: -1 with
 * FAULT_FILTER. layers is for the fault's file and line. */
int python_to_pcre(const struct layers *l, const struct text *in,
		   struct text *out, struct fault *why);

#endif
