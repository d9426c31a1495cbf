/* moment: when the wall clock was set, and by how much. */
#include "row.h"

#include "saslban/moment.h"

struct step_row {
	const char *title;
	struct moment before;
	struct moment after;
	int64_t step;
};

static const struct step_row step_rows[] = {
	{"two clocks that run together", {1000, 10}, {1060, 70}, 0},
	{"no time at all", {1000, 10}, {1000, 10}, 0},
	{"the machine slept: both went on", {1000, 10}, {29800, 28810}, 0},
	{"two hours and more forward", {1000, 10}, {9000, 20}, 7990},
	{"a second gained by rounding", {1000, 10}, {1061, 70}, 0},
	{"five seconds gained are left alone", {1000, 10}, {1065, 70}, 0},
	{"six seconds gained are told", {1000, 10}, {1066, 70}, 6},
	{"forward from the epoch", {0, 5}, {1700000000, 5}, 1700000000},
	{"a second lost to rounding", {1000, 10}, {1059, 70}, 0},
	{"five seconds are left alone", {1000, 10}, {1055, 70}, 0},
	{"six seconds are told", {1000, 10}, {1054, 70}, -6},
	{"an hour back", {7200, 10}, {3610, 20}, -3600},
	{"back, though it reads later than before",
	 {1000, 10},
	 {1010, 110},
	 -90},
	{"back to the epoch", {1700000000, 500}, {0, 500}, -1700000000},
	{"back before the epoch", {100, 10}, {-100, 10}, -200},
};

static void step_test(void **state)
{
	const struct step_row *r = *state;

	assert_int_equal(moment_step(&r->before, &r->after), r->step);
}

int main(void)
{
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;

	ROWS(tests, n, step_rows, step_test);
	return _cmocka_run_group_tests("moment", tests, n, NULL, NULL);
}
