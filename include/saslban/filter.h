/*
 * filter: text -> sighting.
 *
 * A struct filter is all filters of one jail, compiled; each is a ruleset in
 * it, and is named by its spec.
 *
 * A filter is read-only after filter_open and shared by all workers; what
 * matching writes is in a scratch, one per worker. Shared and written are the
 * counters, which are atomic, and what filters remember of earlier lines
 * (<F-MLFID>, doubled, split_at, cut, excuse), each behind a lock of its own.
 * Pieces of a split line are joined only while the filter has one scratch.
 *
 * A line costs a bounded time: it is cut at LOGLINE_MAX, PCRE2 runs with a
 * match and a heap limit, and a rule that runs into the limit has simply not
 * matched (and is counted). The rules of a daemon are tried only on lines of
 * that daemon. Addresses that are nobody's to ban (address_special) count
 * for nothing.
 *
 * Rules of a filter with `daemon` see line->msg. Those of fail2ban's filters
 * see ` HOST TEXT`; without a host, they see the text unchanged (see rawline).
 * A filter with `file` reads messages that are whole lines of a log file.
 */
#ifndef SASLBAN_FILTER_H
#define SASLBAN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/logline.h"
#include "saslban/redact.h"
#include "saslban/rule_kind.h"
#include "saslban/sighting.h"

struct filter;
struct filter_scratch;

/* Load and compile. specs are as in the stanza: `postfix`,
 * `postfix[mode=auth]`, or a path (it contains a slash) with or without
 * brackets. dirs are searched in order, the first hit wins. On failure -1,
 * FAULT_FILTER with file, line and reason, and nothing is left open. */
int filter_open(struct filter **out, const char *const *specs, size_t nspecs,
		const char *const *dirs, size_t ndirs, struct fault *why);
void filter_close(struct filter *f);

struct filter_scratch *filter_scratch_open(const struct filter *f);
void filter_scratch_close(struct filter_scratch *s);

/* Judge one line. Sets *out when the answer is not SIGHTING_NOTHING. Never
 * fails: what cannot be judged is nothing. Reads no clock. Of a line that no
 * filter reads it looks at the tag alone. Fields that line lacks are asked for
 * when they are needed, the times when a rule has matched. */
enum sighting_kind filter_match(const struct filter *f,
				struct filter_scratch *s, struct logline *line,
				struct sighting *out);

/* The rules, for reports and tests. */
struct rule_info {
	const char *name; /* `postfix:3` */
	size_t spec;      /* the spec it came with, from 0 */
	enum rule_kind kind;
	const char *file; /* where it stands */
	unsigned line;
	const char *regex; /* after all substitution, as compiled */
	uint64_t hits;
	uint64_t overruns; /* times it ran into a limit */
};

/* Remarks on what the files say and the module has no use for, one line each:
 * `postfix: datepattern means nothing here`. For those who ask. */
size_t filter_notes(const struct filter *f);
void filter_note(const struct filter *f, size_t i, char *buf, size_t size);

size_t filter_rules(const struct filter *f);
void filter_rule(const struct filter *f, size_t i, struct rule_info *out);

/* What each filter has read, one for each spec and in their order. A filter
 * with `daemon` reads the lines of its programs, another one those that may be
 * meant for it: that fit prefregex, or hold bytes that its rules need. Where
 * neither is known, nothing is counted. */
struct spec_info {
	uint64_t lines;
	uint64_t unmatched; /* of which look like failed logins (see
			     * unmatched.h) while no rule of any filter
			     * matched; counted for filters with a
			     * failregex */
	uint64_t ambiguous; /* failed logins of which what the sender wrote
			     * hides the address, by ambiguousregex; not in
			     * unmatched */
	uint64_t orphans;   /* failed logins whose address is on another line
			     * of their session, which is not known; counted
			     * for filters with daemon */
	uint64_t overruns;  /* of prefregex into a limit */
};

size_t filter_specs(const struct filter *f);
void filter_spec(const struct filter *f, size_t i, struct spec_info *out);

/* Under which tags it reads files (its option `file`); NULL: it reads none. */
const char *filter_file(const struct filter *f, size_t i);

/* The shape (redact) of one of the unmatched lines since the last call; false
 * when there was none. One thread asks; workers may match meanwhile. */
bool filter_example(const struct filter *f, size_t i, char out[REDACT_TEXT]);

/* How a line was judged, step by step. */
enum filter_step_kind {
	STEP_SKIPPED,  /* the filter does not read lines of that program; text
			* has those that it reads */
	STEP_ASKED,    /* the filter is asked; text is what its rules see */
	STEP_LACKS,    /* the rule was not tried: it needs text */
	STEP_BEGINS,   /* the rule was not tried: text has to begin the line */
	STEP_NO_MATCH, /* the rule does not match */
	STEP_OVERRAN,  /* the rule ran into a limit */
	STEP_MATCHED,  /* the rule matches; text is what <F-CONTENT> took */
	STEP_REFUSED,  /* it does, and the line is nothing all the same */
	STEP_NEEDLESS  /* the filter was not needed: others have decided, or no
			* bytes are there that its rules need */
};

enum filter_refusal {
	REFUSED_IGNORED,    /* by ignoreregex, which is the rule of the step */
	REFUSED_NAME,       /* a host name, and no address; text has it */
	REFUSED_ADDRESS,    /* what stood for the address, text, is none */
	REFUSED_SPECIAL,    /* it is loopback, link-local, multicast ... */
	REFUSED_SESSION,    /* no address yet from its session */
	REFUSED_ECHO,       /* the record before said the same */
	REFUSED_NO_FAILURE, /* the rule says so: <F-NOFAIL>, nothing to count */
	REFUSED_PIECE,      /* a piece of a line is read with the rest of it;
			     * the rule of the step is `split_at` */
	REFUSED_KNOWN,      /* by knownregex, which is the rule of the step */
	REFUSED_AMBIGUOUS,  /* by ambiguousregex: a failed login, and what the
			     * sender wrote hides whose */
	REFUSED_CUT         /* it may have been cut, or follows one that may;
			     * the rule of the step is the filter, and only a
			     * watch of all sees it: no rule was asked */
};

struct filter_step {
	enum filter_step_kind kind;
	enum filter_refusal refusal; /* STEP_REFUSED */
	const char *filter;          /* the filter's name; NULL: see rule */
	const char *rule;            /* its name; `prefregex` for that one */
	struct slice text;           /* borrowed until see returns */
};

struct filter_watch {
	void (*see)(void *context, const struct filter_step *step);
	void *context;
	bool all; /* every step; else only STEP_REFUSED, which costs little */
};

/* As filter_match, and watch sees how. */
enum sighting_kind filter_explain(const struct filter *f,
				  struct filter_scratch *s,
				  struct logline *line, struct sighting *out,
				  const struct filter_watch *watch);

#endif
