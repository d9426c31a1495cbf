/*
 * exam: one examination by `doctor`, and the checks that it is made of.
 *
 * A check is a function that adds findings: at least one when there is
 * something to look at, none when it does not apply to this machine. It
 * changes nothing. A check that needs the database is not made without one.
 */
#ifndef SASLBAN_CLI_EXAM_H
#define SASLBAN_CLI_EXAM_H

#include <stdbool.h>

#include "cli.h"
#include "finding.h"
#include "process.h"
#include "session.h"

struct exam {
	const struct cli *cli;
	struct session session; /* without jails when it is not open */
	bool open;
	struct fault shut;      /* why it is not */
	bool unseen;            /* ... that is this user's permission */
	struct process process; /* rsyslogd with the module; pid 0: unknown */
	struct findings findings;
};

/* True for the jails that were asked for: all, or that of --jail. */
bool exam_wants(const struct exam *x, const struct jail *j);

/* True where the sets are to be looked at: those of --jail, or each once. */
bool exam_wants_sets(const struct exam *x, const struct jail *j);

/* ---- the machine ---- */
void check_database(struct exam *x);  /* there, readable, of our version */
void check_directory(struct exam *x); /* owner, mode, whether the engine may
				       * write */
void check_space(struct exam *x);     /* free space, size of the log */
void check_process(struct exam *x);   /* capability, namespace */
void check_unit(struct exam *x);      /* address families of the unit */
void check_config(struct exam *x);    /* rsyslogd -N1 */
void check_origin(struct exam *x);    /* origin.* and the sockets */
void check_kernel(struct exam *x);    /* what sets need */
void check_clock(struct exam *x);

/* ---- with a database ---- */
void check_integrity(struct exam *x);
void check_engines(struct exam *x);
void check_sets(struct exam *x);
void check_rules(struct exam *x);
void check_filters(struct exam *x);
void check_lines(struct exam *x);
void check_outlets(struct exam *x); /* events.ruleset, and mails */
void check_dates(struct exam *x);

#endif
