/*
 * decimal: a number in decimal, for millions of them: printf takes several
 * times as long.
 */
#ifndef SASLBAN_DECIMAL_H
#define SASLBAN_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#define DECIMAL_TEXT 24 /* bytes, with the final NUL */

/* As printf writes it. Returns its length. */
size_t decimal_print(int64_t number, char buf[DECIMAL_TEXT]);

#endif
