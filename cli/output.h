/*
 * output: how a person is talked to.
 *
 * Colour only on a terminal, never when NO_COLOR is set to anything
 * (https://no-color.org) or the terminal is a dumb one. Times are local, in
 * the order of ISO 8601.
 */
#ifndef SASLBAN_CLI_OUTPUT_H
#define SASLBAN_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "calendar.h"
#include "saslban/duration.h"

enum style { PLAIN, STRONG, FAINT, GOOD, CARE, BAD, STYLES };

struct output {
	FILE *file;
	size_t columns; /* of the terminal; 0: it is none, lines may be long */
	bool colour;
	bool utf8; /* the terminal takes more than ASCII */
};

/* For a stream of this process; reads the environment and the locale, which
 * has to be set. */
void output_init(struct output *o, FILE *file);

/* Text between the codes of a style; a line that is given to them is one
 * line. The text is ours, or has gone through text_show. */
void output_style(const struct output *o, enum style style);
void output_print(const struct output *o, enum style style, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

/* What begins a style, for writers of their own: empty without colour. */
const char *output_code(const struct output *o, enum style style);

#define OUTPUT_TIME 32

/* `2025-06-01 12:30:00`; `never` for DURATION_FOREVER, `-` for 0. Returns
 * buf. */
char *output_time(int64_t at, char buf[OUTPUT_TIME]);
/* The same, for millions of them. */
char *output_time_of(struct calendar *c, int64_t at, char buf[OUTPUT_TIME]);

/* What is left from earlier to later, in two units: `1d 23h`; `forever`.
 * Returns buf. */
char *output_left(int64_t later, int64_t earlier, char buf[DURATION_TEXT]);

#endif
