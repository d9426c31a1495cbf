/*
 * text: other people's words, made fit to be shown.
 *
 * User names, reasons and everything else that came over the network may hold
 * any byte. On a terminal a control character is a command, and a bidirectional
 * mark reverses the rest of the line; here both become visible. The result is
 * unambiguous, because the backslash is escaped as well:
 *
 *   \n \t \\ \x1b   control characters and the backslash
 *   \xff            a byte that is no UTF-8
 *   \u{202e}        a character that is invisible, unassigned or directional
 */
#ifndef SASLBAN_CLI_TEXT_H
#define SASLBAN_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Write text for a person. Without utf8 everything but ASCII is escaped too.
 * Returns the columns it takes on a terminal; needs LC_CTYPE to be set when
 * utf8. */
size_t text_show(FILE *out, const char *text, bool utf8);

/* The same of len bytes; a NUL is one more of them. */
size_t text_show_bytes(FILE *out, const char *text, size_t len, bool utf8);

/* Every byte is shown as it is, in any locale, and takes one column. */
bool text_is_plain(const char *text, size_t len);

#define TEXT_PIECE 16

/* The next character as text_show writes it, in a locale of UTF-8 whatever the
 * locale is, for writers that have to escape more. len is not 0. Returns how
 * many bytes of the text it takes. */
size_t text_piece(const char *text, size_t len, char piece[TEXT_PIECE]);

/* The text as text_show writes it, the caller's to free, and its columns. NULL
 * when out of memory. */
char *text_shown(const char *text, bool utf8, size_t *width);

/* How many of the first len bytes of what text_show has written take at most
 * so many columns; *width is how many these take. */
size_t text_fit(const char *shown, size_t len, size_t columns, size_t *width);

#endif
