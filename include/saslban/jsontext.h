/*
 * jsontext: one JSON object (RFC 8259) as text, in a buffer of the caller's.
 *
 *	jsontext_begin(&j, buf, sizeof(buf));
 *	jsontext_string(&j, "user", user);
 *	jsontext_number(&j, "seconds", 90);
 *	if (!jsontext_end(&j))
 *		it did not fit
 *
 * Strings may hold any bytes. What comes out is UTF-8, and safe in a log and on
 * a terminal: control and format characters are \u escapes, a byte that is no
 * UTF-8 is U+FFFD. Keys are ours: ASCII, without quotes.
 */
#ifndef SASLBAN_JSONTEXT_H
#define SASLBAN_JSONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jsontext {
	char *to;
	size_t size;
	size_t used;
	size_t members;
	bool full;
};

void jsontext_begin(struct jsontext *j, char *to, size_t size);

void jsontext_string(struct jsontext *j, const char *key, const char *text);
void jsontext_number(struct jsontext *j, const char *key, int64_t number);
void jsontext_bool(struct jsontext *j, const char *key, bool value);
void jsontext_null(struct jsontext *j, const char *key);

#define JSONTEXT_CHARACTER 16 /* bytes, with the final NUL */

/* The first character of a string of len bytes, 1 or more, as it stands between
 * the quotes: itself or an escape. Returns how many bytes of the text it was.
 */
size_t jsontext_character(const char *text, size_t len,
			  char out[JSONTEXT_CHARACTER]);

/* Closes it. False when it did not fit: the buffer has an empty string. */
bool jsontext_end(struct jsontext *j);

#endif
