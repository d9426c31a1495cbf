/*
 * markup: text from anywhere in a page or a Markdown document.
 *
 * It is shown as on a terminal (text.h), and what would be markup is escaped.
 */
#ifndef SASLBAN_CLI_MARKUP_H
#define SASLBAN_CLI_MARKUP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Inside an element, or inside an attribute in double quotes. */
void markup_html(FILE *file, const char *text);

/* The same of its first bytes. */
void markup_html_bytes(FILE *file, const char *text, size_t len);

/* How many bytes of the text are shown in so many characters, with room for
 * one that says that it was cut, if it was. Wide characters count twice. */
size_t markup_cut(const char *text, size_t characters);

/* Inside a line or the cell of a table (CommonMark, with GitHub's tables): no
 * emphasis, no link, no HTML. */
void markup_markdown(FILE *file, const char *text);

/* 1234567 as `1,234,567`. */
void markup_number(FILE *file, int64_t number);

#define MARKUP_ROUND 24

/* For people, three digits: 999, `12.3k`, `1.05M`. Returns buf. */
char *markup_round(int64_t number, char buf[MARKUP_ROUND]);

#endif
