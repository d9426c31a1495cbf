/*
 * scenario: what happens on a mail server, in a table, and who is banned for
 * it. tests/scenarios/README tells the form.
 *
 * Times are seconds from the scenario's beginning; what is negative came
 * before it.
 */
#ifndef SASLBAN_TESTS_SCENARIO_H
#define SASLBAN_TESTS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/settings.h"
#include "saslban/sighting.h"

enum {
	TEXT = 2048,        /* one line of a table, with NUL */
	STEPS = 8192,       /* of a scenario */
	BATCH = 512,        /* lines that are judged at once */
	RESULTS = 64,       /* what may come of one */
	RESULT = 160,       /* one of them, with NUL */
	VARIANTS = 6,       /* that a scenario may ask for */
	VERDICT = 16,       /* a word, with NUL */
	START = 1800000000, /* when every scenario begins */
	BOOT = 1000000000   /* the boot clock at that time */
};

/* ---- what happens ---- */

enum step_kind {
	STEP_SIGHTING, /* a line, or what a filter makes of one */
	STEP_WAIT,     /* nothing */
	STEP_RESTART,
	STEP_KILL,
	STEP_CLOCK,  /* is set by so many seconds */
	STEP_PARDON, /* by hand, as saslbanctl does it */
	STEP_BAN,
	STEP_SET /* a parameter is another one, from a restart on */
};

struct step {
	enum step_kind kind;
	unsigned line; /* of the file */
	int64_t at;
	int64_t told; /* the time in the line */
	struct sighting sighting;
	char verdict[VERDICT]; /* as expected; "": any */
	int64_t seconds;       /* STEP_CLOCK, STEP_BAN */
	char value[64];        /* STEP_SET: parameter=value */
};

/* ---- what comes of it ---- */

struct result {
	unsigned line; /* of the file; 0: it is what came */
	char text[RESULT];
};

struct results {
	struct result row[RESULTS];
	size_t n;
};

/* Each way to run a scenario. */
enum variant_kind {
	VARIANT_PLAIN,    /* line by line */
	VARIANT_BATCHED,  /* what comes in one second at once */
	VARIANT_RESTART,  /* before step `place` */
	VARIANT_KILL,     /* the same, and nothing is put in order */
	VARIANT_RESTARTS, /* before each step */
	VARIANT_REVERSED, /* all at the end, the last one first */
	VARIANT_CLOCK     /* set by so many seconds in the middle */
};

struct variant {
	enum variant_kind kind;
	size_t place;
	int64_t seconds;
	bool same; /* what is expected is what the scenario expects */
	struct results expected;
};

struct scenario {
	char name[TEXT];
	const char *path;
	unsigned line;
	struct settings settings;
	struct step *step;
	size_t n;
	struct results expected;
	struct variant variant[VARIANTS];
	size_t variants;
};

/* Prints `# PATH:LINE: NAME: ...`. */
void complain(const struct scenario *s, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- reading (scenario_read.c) ---- */

struct reader;

/* NULL, and complained, when it cannot be read. */
struct reader *reader_open(const char *path, const char *filters);
void reader_close(struct reader *r);

/* 1: one was read into *out; its steps are to be freed. 0: there are no more.
 * -1: it is not understood, and the reason was printed; the next may be. */
int reader_next(struct reader *r, struct scenario *out);

/* ---- steps (scenario_row.c, scenario_step.c, scenario_time.c) ---- */

struct filter;
struct filter_scratch;

/* What makes sightings of log lines; without a filter there are none. */
struct source {
	struct filter *filter;
	struct filter_scratch *scratch;
};

/* One line of a table, into as many steps as it stands for. last: the time of
 * the line before, for those that begin with a plus. Returns what is wrong, or
 * NULL. */
const char *steps_add(struct scenario *s, unsigned line, const char *text,
		      const struct source *source, int64_t *last);

/* In the order of their times. */
void steps_sort(struct scenario *s);

/* What happens in a step, all but its times. The text is cut up. Returns what
 * is wrong, or NULL. */
const char *step_read(const struct source *source, struct step *step,
		      char *text);

/* `1h30m`, `-1d`, `90s`; false when it is none. */
bool time_read(const char *text, int64_t *out);
char *time_print(int64_t seconds, char out[64]);

/* ---- running (scenario_run.c) ---- */

/* What came of it. Verdicts are compared in the plain variant. False, and
 * complained, when something went wrong. */
bool scenario_run(const struct scenario *s, const struct variant *v,
		  struct results *out);

/* ---- results (scenario_result.c) ---- */

struct store;

/* What the store says at that time, of which the clock was set by so many
 * seconds; with what the expected ones ask for. False when it cannot be
 * read. */
bool results_read(struct store *store, int64_t jail, int64_t at,
		  int64_t shifted, const struct results *expected,
		  struct results *out);

/* Complains of each that differs; returns how many. timeless: when it came
 * does not matter. */
unsigned results_compare(const struct scenario *s, const char *variant,
			 const struct results *expected,
			 const struct results *got, bool timeless);

/* Room for one more; NULL: there is none. */
struct result *results_add(struct results *r, unsigned line);

#endif
