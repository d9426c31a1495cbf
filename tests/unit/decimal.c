/* decimal: numbers, as printf writes them. */
#include "row.h"

#include <stdint.h>
#include <string.h>

#include "saslban/decimal.h"

struct number_row {
	const char *title;
	int64_t number;
	const char *text;
};

static const struct number_row number_rows[] = {
	{"no number is shorter", 0, "0"},
	{"below nothing", -10, "-10"},
	{"the largest number", INT64_MAX, "9223372036854775807"},
	{"the smallest number", INT64_MIN, "-9223372036854775808"},
};

static void number_test(void **state)
{
	const struct number_row *r = *state;
	char text[DECIMAL_TEXT];

	assert_int_equal(decimal_print(r->number, text), strlen(r->text));
	assert_string_equal(text, r->text);
}

int main(void)
{
	struct CMUnitTest tests[8];
	size_t n = 0;

	ROWS(tests, n, number_rows, number_test);
	return _cmocka_run_group_tests("decimal", tests, n, NULL, NULL);
}
