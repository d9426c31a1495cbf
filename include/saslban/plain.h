/*
 * plain: text that a remote has chosen, for a message.
 */
#ifndef SASLBAN_PLAIN_H
#define SASLBAN_PLAIN_H

#include <stddef.h>

/* Letters, digits, blanks and - _ . / : @ + = of text, a question mark for
 * every other byte; cut to size, with NUL. Returns to. */
char *plain_copy(char *to, size_t size, const char *text);

#endif
