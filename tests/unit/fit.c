/* fit: what gives way when a table is too wide. */
#include "row.h"

#include <string.h>

#include "fit.h"

/* Two that stay, a time, a spare number, a text that may be cut to 5. */
static const struct column columns[] = {
	{.heading = "ADDRESS"},
	{.heading = "SINCE", .kind = COLUMN_TIME},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 1},
	{.heading = "STATE"},
	{.heading = "WHY", .min = 5, .spare = 2},
};
/* The last of them below its row instead. */
static const struct column with_below[] = {
	{.heading = "ADDRESS"},
	{.heading = "SINCE", .kind = COLUMN_TIME},
	{.heading = "COUNT", .kind = COLUMN_NUMBER, .spare = 1},
	{.heading = "STATE"},
	{.heading = "WHY", .below = true},
};
enum { N = 5 };
static const size_t widths[N] = {9, 19, 5, 8, 20}; /* 69 with the gaps */

struct fit_row {
	const char *title;
	const struct column *columns;
	size_t line;
	size_t width[N]; /* 0: left out; 99: below */
};

static const struct fit_row rows[] = {
	{"no limit: all of it", columns, 0, {9, 19, 5, 8, 20}},
	{"just wide enough: all of it", columns, 69, {9, 19, 5, 8, 20}},
	{"one too narrow: times lose their seconds first",
	 columns,
	 68,
	 {9, 16, 5, 8, 20}},
	{"then the text is cut", columns, 65, {9, 16, 5, 8, 19}},
	{"to its smallest", columns, 51, {9, 16, 5, 8, 5}},
	{"then what is spare goes, and the text grows",
	 columns,
	 50,
	 {9, 16, 0, 8, 11}},
	{"then the next spare one", columns, 43, {9, 16, 0, 8, 0}},
	{"then times lose the time of day", columns, 36, {9, 10, 0, 8, 0}},
	{"what cannot give way is too wide", columns, 20, {9, 10, 0, 8, 0}},
	{"below, if it is not wide enough", with_below, 68, {9, 19, 5, 8, 99}},
	{"and then the same steps", with_below, 46, {9, 16, 5, 8, 99}},
	{"with what is left", with_below, 39, {9, 16, 0, 8, 99}},
};

static void fit_test(void **state)
{
	const struct fit_row *r = *state;
	struct fit fit;

	fit_columns(&fit, r->columns, widths, N, r->line);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(fit.below[i], r->width[i] == 99);
		assert_int_equal(fit.shown[i],
				 r->width[i] != 0 && r->width[i] != 99);
		if (fit.shown[i])
			assert_int_equal(fit.width[i], r->width[i]);
	}
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, fit_test);
	return _cmocka_run_group_tests("fit", tests, n, NULL, NULL);
}
