/*
 * expand: %(name)s and <tag>.
 */
#ifndef SASLBAN_FILTERFILE_EXPAND_H
#define SASLBAN_FILTERFILE_EXPAND_H

#include "ini.h"
#include "layers.h"
#include "saslban/fault.h"
#include "text.h"

enum {
	EXPAND_DEPTH = 10,  /* %(name)s in %(name)s, as in Python */
	EXPAND_TAGS = 1000, /* <tag>s put into one value */
};

struct expansion {
	const struct layers *layers;
	const struct section *parameters; /* of the stanza; may be NULL */
};

/* The value of an option of [Definition], all %(name)s and <tag> put in.
 * Parameters that were asked for are marked as used. out stays empty when
 * there is no such option. On failure -1 with FAULT_FILTER; out has to be
 * dropped in any case. */
int expand_option(const struct expansion *x, const char *option,
		  struct text *out, struct fault *why);

/* The value of an option, of that section or of [DEFAULT], as it is in that
 * section: all %(name)s put in. On failure as above. */
int expand_in(const struct expansion *x, const struct section *in,
	      const struct option *o, struct text *out, struct fault *why);

#endif
