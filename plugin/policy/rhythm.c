/*
 * rhythm: is it a program that tries the same password again and again?
 *
 * A phone whose owner has changed his password fails every few minutes, for
 * days. People and guessers who do not want to be noticed come at odd times.
 */
#include <stdlib.h>

#include "saslban/policy.h"

enum {
	GAPS = 8,     /* the latest so many are looked at */
	SLOWEST = 30, /* seconds: what comes faster is no rhythm */
	FIRST = 150,  /* of two gaps the longer one, in percent */
	SHORT = 55,   /* a gap that fits, in percent of the middle one ... */
	LONG = 180    /* ... */
};

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The gaps between bursts, of the latest first; returns how many. */
static size_t measure(const int64_t *at, size_t n, int64_t gap[GAPS])
{
	size_t gaps = 0;
	int64_t begin = at[n - 1];

	for (size_t i = n - 1; i > 0 && gaps < GAPS; i--) {
		if (begin - at[i - 1] > POLICY_BURST)
			gap[gaps++] = begin - at[i - 1];
		begin = at[i - 1];
	}
	return gaps;
}

bool policy_is_steady(int64_t *at, size_t n)
{
	int64_t gap[GAPS], middle;
	size_t gaps, fitting = 0;

	if (n < 3)
		return false;
	qsort(at, n, sizeof(at[0]), compare);
	gaps = measure(at, n, gap);
	if (gaps < 2)
		return false;
	qsort(gap, gaps, sizeof(gap[0]), compare);
	if (gap[0] < SLOWEST)
		return false;
	if (gaps == 2)
		return gap[1] * 100 <= gap[0] * FIRST;
	middle = gap[gaps / 2];
	for (size_t i = 0; i < gaps; i++)
		fitting += gap[i] * 100 >= middle * SHORT &&
			   gap[i] * 100 <= middle * LONG;
	return fitting * 4 >= gaps * 3;
}
