/*
 * utf8: the characters of a text whose bytes somebody else has chosen.
 */
#ifndef SASLBAN_UTF8_H
#define SASLBAN_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at the start of text, and how many of the len bytes it takes;
 * 0 when they do not begin with well-formed UTF-8 (RFC 3629). */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/* A character that does something instead of being something: C0, DEL, C1,
 * format characters (bidirectional, zero width, tags), separators. */
bool utf8_is_control(uint32_t code);

#endif
