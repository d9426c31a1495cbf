/*
 * filterfile: a filter file and what it includes -> the list of its rules.
 *
 * Pure text work: files are read, layered, substituted and translated to
 * PCRE2's syntax; nothing is compiled. Every byte of a rule remembers the
 * file and the line it came from, so that an error in an expression that was
 * put together from six places names the one that is wrong.
 */
#ifndef SASLBAN_FILTERFILE_H
#define SASLBAN_FILTERFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/rule_kind.h"

struct filterfile_rule {
	enum rule_kind kind;
	const char *regex; /* as PCRE2 wants it, without options */
	size_t len;
	const uint64_t *from; /* per byte; for filterfile_where */
};

struct filterfile {
	const char *name;    /* `postfix`, without directory and brackets */
	const char *daemon;  /* patterns of program names, split by blanks;
			      * NULL: a filter of the older kind, whose rules
			      * want the line as a log file shows it */
	bool unicode;        /* classes and case know more than ASCII */
	bool repeats;        /* `message repeated N times` is rsyslogd's, and no
			      * client can begin a record with it; never with
			      * cut */
	bool doubled;        /* the programs may log each record twice */
	unsigned cut;        /* bytes: a record of so many or more may have been
			      * cut, and what was behind the cut be the next
			      * one; 0: never */
	unsigned excuse;     /* seconds for which trouble excuses failures */
	int64_t split_at;    /* bytes after which the programs cut a line into
			      * another, numbered record; 0: they do not */
	int64_t session_age; /* seconds for which <F-MLFID> is remembered */
	const char *file;    /* patterns of the tags of log files that are
			      * read, their lines whole in the message; or
			      * NULL */
	const char *const *dates; /* how to find the date of a line of these
				   * files, in order: expressions, see
				   * filterfile/datepattern.h; NULL: any date
				   * that is known */
	size_t ndates;            /* none: any that is known */
	const struct filterfile_rule *prefix; /* prefregex, or NULL */
	const struct filterfile_rule *rules;
	size_t nrules;
	const char *const *notes; /* what is understood and not ours */
	size_t nnotes;
};

/* Read the filter that spec names (as in filter_open) and all that it
 * includes. On failure -1 and FAULT_FILTER, `file:line: reason`. */
int filterfile_open(struct filterfile **out, const char *spec,
		    const char *const *dirs, size_t ndirs, struct fault *why);
void filterfile_close(struct filterfile *f);

/* Do they say the same? Comments, and where a rule stands, do not matter. */
bool filterfile_same(const struct filterfile *a, const struct filterfile *b);

/* The file and line in which byte number offset of a rule stands. */
const char *filterfile_where(const struct filterfile *f,
			     const struct filterfile_rule *rule, size_t offset,
			     unsigned *line);

/* Add that line to a fault, with a mark under the byte. */
void filterfile_quote(const struct filterfile *f,
		      const struct filterfile_rule *rule, size_t offset,
		      struct fault *why);

#endif
