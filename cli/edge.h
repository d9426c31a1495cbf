/*
 * edge: how saslbanctl ends, and what it prints then.
 *
 * What a library could not do comes back as a fault, and only here does it
 * become a line on standard error and an exit status.
 */
#ifndef SASLBAN_CLI_EDGE_H
#define SASLBAN_CLI_EDGE_H

#include "saslban/fault.h"

/* Exit statuses; saslbanctl(8) promises them. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOTHING = 3,   /* no such record */
	STATUS_NO_ENGINE = 4, /* these three: of `status`, about a jail */
	STATUS_KERNEL = 5,
	STATUS_NO_RULE = 6,
	STATUS_WARNINGS = 1, /* these two: of `doctor`, as monitors have
			      * them */
	STATUS_FINDINGS = 2
};

/* One line on standard error behind the program's name; escaped. */
void edge_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, as the end of a verb. */
enum status edge_end(enum status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The end of a verb by a fault, with the status that it stands for. */
enum status edge_fail(const struct fault *why);

/* The end of a verb for want of memory. */
enum status edge_memory(void);

/* Standard output is written: the status, or STATUS_FAILED when the output has
 * not arrived, because a full disk is no success. */
enum status edge_flush(enum status status);

#endif
