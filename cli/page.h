/*
 * page: one self-contained page: a style sheet, no script, nothing from
 * elsewhere, which the page itself forbids. Light and dark, for a desk, a
 * phone and paper.
 */
#ifndef SASLBAN_CLI_PAGE_H
#define SASLBAN_CLI_PAGE_H

#include <stdio.h>

/* The title may be anybody's text. */
void page_begin(FILE *file, const char *title);
void page_end(FILE *file);

#endif
