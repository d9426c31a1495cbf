/*
 * sheet: one table, which can be written in each form that there is.
 *
 * Text of a cell may come from anywhere; each form escapes it in its own way.
 */
#ifndef SASLBAN_CLI_SHEET_H
#define SASLBAN_CLI_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "json.h"
#include "output.h"

enum sheet_kind {
	SHEET_TEXT,
	SHEET_NUMBER,
	SHEET_CODE, /* a number that is a name */
	SHEET_TIME, /* 0: not yet, never */
	SHEET_FLAG  /* yes or no */
};

struct sheet_column {
	const char *key;   /* in JSON and CSV; NULL ends the columns */
	const char *title; /* for people */
	enum sheet_kind kind;
	size_t min; /* these three as in fit.h */
	unsigned spare;
	bool below;
};

struct sheet;

/* name: the key of its array in JSON. All three are borrowed. NULL when out of
 * memory; every function takes that NULL. */
struct sheet *sheet_open(const char *name, const char *title,
			 const struct sheet_column *columns);
void sheet_close(struct sheet *s);

/* One more cell, row by row, left to right; the number is of a code, too. */
void sheet_text(struct sheet *s, const char *text);
void sheet_number(struct sheet *s, int64_t number);
void sheet_time(struct sheet *s, int64_t at);
void sheet_flag(struct sheet *s, bool flag);
void sheet_none(struct sheet *s); /* there is no value */

size_t sheet_rows(const struct sheet *s);
const char *sheet_title(const struct sheet *s);

/* -1: out of memory, now or when it was filled. */
int sheet_print(const struct sheet *s, const struct output *o);
int sheet_csv(const struct sheet *s, FILE *file);
int sheet_markdown(const struct sheet *s, FILE *file);
int sheet_html(const struct sheet *s, FILE *file);
int sheet_json(const struct sheet *s, struct json *j);

#endif
