/*
 * overview_parts: what the brief and the full form of an overview share, a
 * noun each.
 */
#ifndef SASLBAN_CLI_OVERVIEW_PARTS_H
#define SASLBAN_CLI_OVERVIEW_PARTS_H

#include "overview.h"

/* Every line but the first has a heading of this width, or the blanks. */
enum { PARTS_INDENT = 2, PARTS_WIDTH = 10 };
#define PARTS_NONE "          "

/* The jail and its engine, breaches, attacks and outages. */
void parts_head(const struct overview *v, const struct output *o, int64_t now);
/* Lines that somebody else wrote, of a day. */
void parts_foreign(const struct overview *v, const struct output *o,
		   int64_t now);

void parts_filters(const struct overview *v, const struct output *o,
		   int64_t now);
/* In one line: those that never matched, and those that are blind. */
void parts_filters_brief(const struct overview *v, const struct output *o);

void parts_sets(const struct overview *v, const struct output *o);

#endif
