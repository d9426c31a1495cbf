/*
 * markup: text from anywhere in a page or a Markdown document.
 *
 * It is shown as on a terminal (text.h), and what would be markup is escaped.
 */
#ifndef SASLBAN_CLI_MARKUP_H
#define SASLBAN_CLI_MARKUP_H

#include <stdint.h>
#include <stdio.h>

/* Inside an element, or inside an attribute in double quotes. */
void markup_html(FILE *file, const char *text);

/* Inside a line or the cell of a table (CommonMark, with GitHub's tables): no
 * emphasis, no link, no HTML. */
void markup_markdown(FILE *file, const char *text);

/* 1234567 as `1,234,567`. */
void markup_number(FILE *file, int64_t number);

#define MARKUP_ROUND 16

/* For people, three digits: 999, `12.3k`, `1.05M`. Returns buf. */
char *markup_round(int64_t number, char buf[MARKUP_ROUND]);

#endif
