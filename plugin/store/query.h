/*
 * query: SQL with values, and its rows. What is stored is written and read
 * through this and nothing else.
 *
 *	static const struct query sum_query = {
 *		"count failures in", false,
 *		"SELECT sum(count) FROM failure WHERE address = ?1 AND at >=
 *?2"};
 *
 *	return query_number(s, &sum_query, why, &n,
 *			    VALUES(ADDRESS(a), INT(since)));
 *
 * A query is a constant; its address is its name. The statement that SQLite
 * makes of it is kept with the store.
 *
 * What is read may have been edited by somebody: every function that reads a
 * column says what it can be.
 */
#ifndef SASLBAN_STORE_QUERY_H
#define SASLBAN_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

struct query {
	const char *task; /* for faults: cannot `count failures in` 'PATH' */
	bool writes;      /* wants a transaction */
	const char *sql;
};

/* ---- values: ?1, ?2 ... in their order; the last ones may be unused ---- */

enum value_kind {
	VALUE_INT,
	VALUE_TEXT,    /* borrowed until the next use of the query */
	VALUE_ADDRESS, /* its text; copied, as the keys are */
	VALUE_FIRST,   /* the key of its first address, see key.h */
	VALUE_LAST     /* ... of its last one */
};

struct value {
	enum value_kind kind;
	int64_t number;
	const void *of;
};

#define INT(n) ((struct value){VALUE_INT, (n), NULL})
#define TEXT(s) ((struct value){VALUE_TEXT, 0, (s)})
#define ADDRESS(a) ((struct value){VALUE_ADDRESS, 0, (a)})
#define FIRST(a) ((struct value){VALUE_FIRST, 0, (a)})
#define LAST(a) ((struct value){VALUE_LAST, 0, (a)})

struct values {
	const struct value *value;
	size_t n;
};

#define VALUES(...)                                                    \
	((struct values){(const struct value[]){__VA_ARGS__},          \
			 sizeof((const struct value[]){__VA_ARGS__}) / \
				 sizeof(struct value)})
#define NO_VALUES ((struct values){NULL, 0})

/* ---- the whole of it ---- */

/* A query whose rows, if it has any, do not matter. */
int query_run(struct store *s, const struct query *q, struct fault *why,
	      struct values values);

/* The first column of the first row, as it stands there; 0 without a row. */
int query_number(struct store *s, const struct query *q, struct fault *why,
		 int64_t *n, struct values values);

/* How many rows the last query_run of this store has changed. */
size_t query_changes(const struct store *s);

/* The id of the row that it has added. */
int64_t query_added(const struct store *s);

/* ---- row by row ---- */

struct statement;

/* NULL with a fault. */
struct statement *query_begin(struct store *s, const struct query *q,
			      struct fault *why, struct values values);

/* 1 a row, 0 no more rows, -1 a fault. After 0 and -1 it has ended. */
int query_next(struct statement *st, struct fault *why);

/* What a row says makes no sense, and why says so: `cannot TASK 'PATH': ` gets
 * in front of that. The statement has ended; returns -1. */
int query_senseless(struct statement *st, struct fault *why);

/* Enough rows were read; the read lock is given back. Fine after its end. */
void query_end(struct statement *st);

/* ---- columns of a row, counted from 0 ---- */

int64_t column_int(struct statement *st, int i); /* anything */

#define COLUMN_COUNT (INT64_MAX / 2) /* no count is larger */

/* Never negative. */
int64_t column_count(struct statement *st, int i);

/* 0 to STORE_LAST. */
int64_t column_time(struct statement *st, int i);

/* The same, or DURATION_FOREVER when it is later than STORE_LAST. */
int64_t column_end(struct statement *st, int i);

unsigned column_strike(struct statement *st, int i); /* 0 to STORE_STRIKES */

bool column_bool(struct statement *st, int i);

/* Cut to size; NULL is empty. */
void column_text(struct statement *st, int i, char *buffer, size_t size);

/* Borrowed until the next row; NULL only when there is no memory. */
const char *column_borrow(struct statement *st, int i);

/* The host that a key (key.h) is; one without a family when it is none. */
void column_host(struct statement *st, int i, struct address *out);

/* False when the text is no address. */
bool column_address(struct statement *st, int i, struct address *out);

#endif
