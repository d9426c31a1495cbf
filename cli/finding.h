/*
 * finding: what a check of `doctor` has found, and what to do about it.
 *
 * A finding is a sentence and, unless all is well, the commands that help. They
 * are for a shell, one on a line; one that is too long goes on behind a
 * backslash.
 */
#ifndef SASLBAN_CLI_FINDING_H
#define SASLBAN_CLI_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "json.h"
#include "output.h"

enum finding_level {
	FINDING_OK,
	FINDING_SKIP, /* this user cannot see it */
	FINDING_WARN,
	FINDING_FAIL,
	FINDING_LEVELS
};

#define FINDING_TEXT 640
#define FINDING_REMEDY 1024

struct finding {
	enum finding_level level;
	const char *check; /* one word, borrowed: `engine` */
	char text[FINDING_TEXT];
	char remedy[FINDING_REMEDY]; /* empty: there is none */
};

/* All zero is an empty one. */
struct findings {
	struct finding *at;
	size_t n;
	bool lost; /* memory ran out: not all are there */
};

void findings_close(struct findings *f);

/* One more, without a remedy; printf style. */
void finding_add(struct findings *f, enum finding_level level,
		 const char *check, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The remedy of the one that was added last. What comes from outside goes
 * through quote_shell. */
void finding_remedy(struct findings *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* How many there are of a level. */
size_t findings_count(const struct findings *f, enum finding_level level);

/* For people, within 80 columns but for commands; and for programs. */
void findings_print(const struct findings *f, const struct output *o);
void findings_json(const struct findings *f, struct json *j);

#endif
