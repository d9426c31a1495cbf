/*
 * json: one JSON document on a stream.
 *
 *	json_begin(file);
 *	json_text(j, "database", path);
 *	json_array(j, "bans");
 *		json_object(j, NULL);
 *		json_number(j, "id", 1);
 *		json_end(j);
 *	json_end(j);
 *	json_finish(j)
 *
 * Everything is written as it comes, so that a list of a million bans takes the
 * memory of one. Nobody else writes to the file before json_finish. Keys are
 * ours: short, ASCII, constant. NULL as key inside an array.
 *
 * All text is safe for a terminal as well: control and format characters are
 * written as \u escapes, a byte that is no UTF-8 becomes U+FFFD.
 */
#ifndef SASLBAN_CLI_JSON_H
#define SASLBAN_CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json;

/* NULL when out of memory; every function takes that NULL, and json_finish
 * returns -1 for it. */
struct json *json_begin(FILE *file);

/* Open a container; at most five inside the outermost. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j);

void json_text(struct json *j, const char *key, const char *text);
void json_bytes(struct json *j, const char *key, const char *text, size_t len);
void json_number(struct json *j, const char *key, int64_t number);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* A time or a duration: null for DURATION_FOREVER. */
void json_duration(struct json *j, const char *key, int64_t seconds);
/* A time that may not have come: null for 0 and for DURATION_FOREVER. */
void json_time(struct json *j, const char *key, int64_t at);

/* Close what is open, end the line, free j. Returns -1 when j is NULL or had
 * too many levels: the document is not whole then. */
int json_finish(struct json *j);

#endif
