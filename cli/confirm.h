/*
 * confirm: a question, before more than one ban begins or ends.
 */
#ifndef SASLBAN_CLI_CONFIRM_H
#define SASLBAN_CLI_CONFIRM_H

#include "cli.h"
#include "edge.h"

/* STATUS_OK when somebody at a terminal has answered with y or yes, or when
 * nobody is there to be asked: with --yes, or where standard input or standard
 * error is no terminal. Else prints that nothing was done. */
enum status confirm(const struct cli *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
