/*
 * hex: bytes of a message as they stand in a table; blanks are for people.
 */
#ifndef SASLBAN_TESTS_HEX_H
#define SASLBAN_TESTS_HEX_H

#include "row.h"

#include <string.h>

static inline size_t from_hex(const char *hex, unsigned char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		const char *digit = strchr(digits, *hex);

		if (*hex == ' ')
			continue;
		assert_non_null(digit);
		if (n % 2 == 0)
			out[n / 2] = 0;
		out[n / 2] =
			(unsigned char)(out[n / 2] << 4 | (digit - digits));
		n++;
	}
	return n / 2;
}

#endif
