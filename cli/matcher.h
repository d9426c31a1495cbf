/*
 * matcher: filters as the module has them, put to lines of any form.
 */
#ifndef SASLBAN_CLI_MATCHER_H
#define SASLBAN_CLI_MATCHER_H

#include "cli.h"
#include "edge.h"
#include "saslban/filter.h"
#include "saslban/rawline.h"
#include "saslban/settings.h"

struct matcher {
	struct settings settings; /* those that name the filters */
	struct filter *filter;
	struct filter_scratch *scratch;
	int64_t now;
	const char *spec[CLI_LIST]; /* the filters, as they were named */
	size_t specs;
	struct rawline raw; /* the last line, if it was not the module's */
};

/* A sighting's kind, and a failure's sort. */
enum outcome {
	OUTCOME_NONE,
	OUTCOME_FAILURE,
	OUTCOME_DOUBTFUL,
	OUTCOME_SUMMARY,
	OUTCOME_SUCCESS,
	OUTCOME_TROUBLE,
	OUTCOMES
};

/* What one line is. */
struct judged {
	struct sighting sighting; /* its kind may be SIGHTING_NOTHING */
	struct logline line;      /* as it was read; borrowed */
	bool refused;             /* nothing, though a rule matches */
	enum filter_refusal refusal;
	char rule[SIGHTING_WORD]; /* which; of ignoreregex, that one */
	const char *unmatched;    /* nothing, no rule, but it has these words */
};

/* Where filters are looked for: --path, or where the settings say. Returns how
 * many; s has to live as long. */
size_t matcher_dirs(const struct cli *c, const struct settings *s,
		    const char *dirs[CLI_LIST]);

/* With the filters of --filter, or of the settings; NULL: the module's
 * defaults. Prints what is wrong. */
enum status matcher_open(struct matcher *j, const struct cli *c,
			 const struct settings *s);
void matcher_close(struct matcher *j);

/* Would one opened with these settings be the same? */
bool matcher_fits(const struct matcher *j, const struct cli *c,
		  const struct settings *s);

/* Any line: as in a log file, or in the module's own form. Sets only what it
 * was read as. What a program wrote to a log of its own is the line of a file
 * that rsyslogd reads, if one of the filters reads such a file: under the tag
 * of the first one that does. */
void matcher_read(struct matcher *j, struct slice text, struct judged *out);

/* Through the filters. watch may be NULL; else it sees every step. */
void matcher_line(struct matcher *j, const struct filter_watch *watch,
		  struct judged *out);

/* The same for those who want nothing but the sighting. False: there is none.
 */
bool matcher_sight(struct matcher *j, struct logline *line,
		   struct sighting *out);

/* Lines that look like failed logins, and that no rule matched; as far as each
 * of the filters reads them. */
uint64_t matcher_unmatched(const struct matcher *j);

enum outcome judge_outcome(const struct sighting *s);

/* `failure`, `doubtful`, `summary`, `success`, `trouble`, `none`. */
const char *judge_word(enum outcome outcome);

/* For programs, a word; for people, a few. */
const char *matcher_refusal_word(enum filter_refusal refusal);
const char *matcher_refusal(enum filter_refusal refusal);

#endif
