/*
 * completion: what a shell reads to complete saslbanctl's command lines.
 *
 * The texts are the files of completion/, which the build puts into the
 * program. Lines without their ends; NULL behind the last.
 */
#ifndef SASLBAN_CLI_COMPLETION_H
#define SASLBAN_CLI_COMPLETION_H

extern const char *const completion_bash[];
extern const char *const completion_zsh[];

#endif
