/*
 * date: the date of a line of a log file.
 */
#ifndef SASLBAN_LINE_DATE_H
#define SASLBAN_LINE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date_at {
	size_t start; /* its bytes, brackets around it counted when they open
		       * the line */
	size_t end;
	int64_t seconds; /* Unix */
};

/* The first date of a line. False when there is none: out is not set. */
bool date_find(const char *text, size_t len, int64_t now, struct date_at *out);

#endif
