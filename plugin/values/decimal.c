/* decimal: see saslban/decimal.h. */
#include "saslban/decimal.h"

#include <string.h>

size_t decimal_print(int64_t number, char buf[DECIMAL_TEXT])
{
	uint64_t n = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[DECIMAL_TEXT];
	size_t at = sizeof(digits);
	size_t len;

	digits[--at] = '\0';
	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	if (number < 0)
		digits[--at] = '-';
	len = sizeof(digits) - at;
	memcpy(buf, digits + at, len);
	return len - 1;
}
