/*
 * secret: what looks like a password in a log line.
 *
 * Some servers log commands as they came (`AUTH PLAIN AGFsaWNl...`), some log
 * the given password when told to. Lines are shown as examples, and examples
 * are pasted into bug reports.
 */
#ifndef SASLBAN_CLI_SECRET_H
#define SASLBAN_CLI_SECRET_H

#include <stddef.h>

/* How many bytes of a secret begin at text[at]; 0: none does there. When in
 * doubt, it is one. */
size_t secret_at(const char *text, size_t len, size_t at);

#endif
