/*
 * flow: a paragraph for people.
 *
 *	flow_begin(&f, output, 2, "sets      ");
 *	flow_put(&f, PLAIN, "%s: ", name);
 *	flow_put(&f, BAD, "NO FIREWALL RULE refers to it");
 *	flow_end(&f);
 *
 * On a terminal, a line that would be too long breaks at a blank and goes on
 * below the place where it began. Elsewhere a paragraph is one line.
 */
#ifndef SASLBAN_CLI_FLOW_H
#define SASLBAN_CLI_FLOW_H

#include <stddef.h>

#include "output.h"

#define FLOW_TEXT 1024 /* bytes of text at a time; the rest is cut */

struct flow {
	const struct output *output;
	size_t indent;
	size_t column;
	size_t blanks; /* that are due before the next word */
};

/* The beginning of the line: so many blanks, and a heading in ASCII. The lines
 * after it are indented as far as both together. */
void flow_begin(struct flow *f, const struct output *o, size_t indent,
		const char *heading);

/* The same with a word as the heading, padded to that width. */
void flow_heading(struct flow *f, const struct output *o, size_t indent,
		  int width, const char *word);

/* More text; it is escaped. */
void flow_put(struct flow *f, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same of text that text_show has written already. */
void flow_shown(struct flow *f, enum style style, const char *shown);

/* End of the line. */
void flow_end(struct flow *f);

#endif
