/*
 * exposition: numbers in the text form that Prometheus reads (version 0.0.4).
 *
 *	struct exposition x = {.family = families};
 *
 *	exposition_add(&x, METRIC_BANS, 12, "jail", name, EXPOSITION_END);
 *	exposition_print(&x, file)
 *	exposition_release(&x);
 *
 * That form wants all samples of a metric together. So they are collected, in
 * any order, and printed by metric.
 */
#ifndef SASLBAN_CLI_EXPOSITION_H
#define SASLBAN_CLI_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct family {
	const char *name; /* with _total where it is a counter; NULL ends the
			   * table */
	bool counter;     /* never falls, but for a new beginning; else it is
			   * what is now */
	const char *help; /* one sentence */
};

struct sample;

struct exposition {
	const struct family *family; /* the table */
	struct sample *sample;
	size_t samples;
	size_t room;
	bool failed; /* memory ran out: exposition_print says so */
};

/* Behind the last label. A NULL may be an int, and as wide as one. */
#define EXPOSITION_END ((const char *)NULL)

/* Labels: name and value, both text, until a name is NULL. A value may hold
 * anything; what it is shown as is text_show's, so that it is one line of valid
 * UTF-8. Metric: the number of its row. */
void exposition_add(struct exposition *x, size_t metric, int64_t value, ...)
	__attribute__((sentinel));

/* -1 when memory ran out: nothing was written then. */
int exposition_print(const struct exposition *x, FILE *out);

void exposition_release(struct exposition *x);

#endif
