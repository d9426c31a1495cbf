/*
 * steps: how the rules were tried on one line.
 */
#ifndef SASLBAN_CLI_STEPS_H
#define SASLBAN_CLI_STEPS_H

#include "json.h"
#include "matcher.h"

/* The line of --explain, through the filters. */
enum status steps_show(const struct cli *c, struct matcher *j);

/* The members of what a line was: verdict and what is known. */
void judged_json(struct json *json, const struct judged *j);

#endif
