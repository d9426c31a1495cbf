/*
 * verb: what saslbanctl can do, one thing each.
 *
 * A verb is a row of the table in saslbanctl.c and a file of its own with one
 * function. The function gets the call and returns the exit status.
 */
#ifndef SASLBAN_CLI_VERB_H
#define SASLBAN_CLI_VERB_H

#include <stddef.h>
#include <stdint.h>

#include "cli.h"
#include "edge.h"

#define VERB_NAME 16 /* letters of a verb's name, at most */

struct verb {
	const char *name;                        /* NULL ends the table */
	enum status (*run)(const struct cli *c); /* NULL: main does it */
	const char *operands;                    /* for the synopsis */
	size_t min;                              /* operands it needs ... */
	size_t max;                              /* ... and takes */
	uint64_t options; /* OPTION_* of those it takes */
	const char *help;
	const char *examples; /* command lines, \n between them */
};

enum status verb_status(const struct cli *c);
enum status verb_list(const struct cli *c);
enum status verb_show(const struct cli *c);
enum status verb_explain(const struct cli *c);
enum status verb_ban(const struct cli *c);
enum status verb_unban(const struct cli *c);
enum status verb_export(const struct cli *c);
enum status verb_import(const struct cli *c);
enum status verb_sync(const struct cli *c);
enum status verb_allow(const struct cli *c);
enum status verb_rules(const struct cli *c);
enum status verb_test(const struct cli *c);
enum status verb_filter(const struct cli *c);
enum status verb_simulate(const struct cli *c);
enum status verb_top(const struct cli *c);
enum status verb_report(const struct cli *c);
enum status verb_learn(const struct cli *c);
enum status verb_backup(const struct cli *c);
enum status verb_prune(const struct cli *c);
enum status verb_completion(const struct cli *c);
enum status verb_doctor(const struct cli *c);
enum status verb_metrics(const struct cli *c);

#endif
