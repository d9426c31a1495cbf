/*
 * row: a table row as a test of its own.
 *
 * Each row of a table becomes one cmocka test, and so one TAP line with its
 * own sentence. cmocka's skip() is never used: 1.1.5 prints it as `not ok`.
 */
#ifndef SASLBAN_TESTS_ROW_H
#define SASLBAN_TESTS_ROW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Fill tests[n..] from rows (an array whose elements begin with a member
 * `const char *title`) and count n up. */
#define ROWS(tests, n, rows, function)                                        \
	for (size_t row_i = 0; row_i < sizeof(rows) / sizeof((rows)[0]);      \
	     row_i++)                                                         \
		(tests)[(n)++] = (struct CMUnitTest)                          \
		{                                                             \
			.name = (rows)[row_i].title, .test_func = (function), \
			.initial_state = (void *)&(rows)[row_i],              \
		}

/* The same for tests that are no row of a table. */
#define SINGLES(tests, n, singles)                                          \
	for (size_t single_i = 0;                                           \
	     single_i < sizeof(singles) / sizeof((singles)[0]); single_i++) \
	(tests)[(n)++] = (singles)[single_i]

#endif
