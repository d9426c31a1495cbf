/* chart: scales that people can read, and drawings that stay in their frame. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"

struct step_row {
	const char *title;
	int64_t largest;
	int64_t step;
	const char *tick; /* of the step */
};

static const struct step_row step_rows[] = {
	{"one", 1, 1, "1"},
	{"five", 5, 1, "1"},
	{"six", 6, 2, "2"},
	{"ten", 10, 2, "2"},
	{"eleven", 11, 5, "5"},
	{"72", 72, 20, "20"},
	{"a hundred", 100, 20, "20"},
	{"1578", 1578, 500, "500"},
	{"7000", 7000, 2000, "2k"},
	{"12,000", 12000, 5000, "5k"},
	{"a million", 1000000, 200000, "200k"},
	{"seven millions", 7000000, 2000000, "2M"},
	{"the largest", INT64_MAX, INT64_C(2000000000000000000), "2E"},
};

static void step_test(void **state)
{
	const struct step_row *r = *state;
	char tick[CHART_LABEL];

	assert_int_equal(chart_step(r->largest), r->step);
	assert_string_equal(chart_tick(r->step, tick), r->tick);
}

static void tick_test(void **state)
{
	char tick[CHART_LABEL];

	(void)state;
	assert_string_equal(chart_tick(0, tick), "0");
	assert_string_equal(chart_tick(1500, tick), "1.5k");
	assert_string_equal(chart_tick(12500, tick), "12.5k");
}

/* What is drawn, the caller's to free. */
static char *drawn(size_t points, int64_t largest)
{
	static char label[2000][CHART_LABEL];
	static int64_t value[2000];
	struct chart_columns of = {.points = points,
				   .series = 1,
				   .name = {"<n>"},
				   .style = {"bar"},
				   .value = value,
				   .label = (const char(*)[CHART_LABEL])label,
				   .whole = (const char(*)[CHART_LABEL])label};
	char *out = NULL;
	size_t n;
	struct chart c = {open_memstream(&out, &n), "id", "a & b", "<d>"};

	assert_non_null(c.file);
	for (size_t i = 0; i < points; i++) {
		value[i] = i == points / 2 ? largest : 0;
		snprintf(label[i], CHART_LABEL, "<%zu>", i);
	}
	chart_columns(&c, &of);
	assert_int_equal(fclose(c.file), 0);
	return out;
}

static size_t times(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what)) != NULL) {
		n++;
		text++;
	}
	return n;
}

struct column_row {
	const char *title;
	size_t points;
	int64_t largest;
	size_t labels; /* in the wide one and the narrow one */
};

static const struct column_row column_rows[] = {
	{"one day", 1, 7, 2},
	{"a week", 7, 134, 7 + 4},
	{"a month", 30, 1578, 10 + 4},
	{"nothing happened", 30, 0, 10 + 4},
	{"hours", 73, 5, 13 + 4},
	{"many weeks", 1000, 3, 13 + 4},
	{"the largest number", 7, INT64_MAX, 7 + 4},
};

static void column_test(void **state)
{
	const struct column_row *r = *state;
	char *out = drawn(r->points, r->largest);

	assert_int_equal(times(out, "<svg "), 2);
	assert_int_equal(times(out, "</svg>"), 2);
	assert_int_equal(times(out, "<title id="), 2);
	assert_int_equal(times(out, "a &amp; b"), 2);
	assert_int_equal(times(out, "&lt;d&gt;"), 2);
	assert_int_equal(times(out, "class=\"a m\""), r->labels);
	assert_int_equal(times(out, "<rect "), r->largest == 0 ? 0 : 2);
	assert_int_equal(times(out, "nan"), 0);
	assert_int_equal(times(out, "=\"-"), 0);
	free(out);
}

/* Names are cut to the room that there is, and are nothing but text. */
static void bar_test(void **state)
{
	const struct chart_bar bar[] = {
		{"<script>alert(\"1\")</script>", 5, "bar"},
		{"none", 0, "bar"},
	};
	char *out = NULL;
	size_t n;
	struct chart c = {open_memstream(&out, &n), "id", "t", "d"};

	(void)state;
	assert_non_null(c.file);
	chart_bars(&c, bar, 2);
	assert_int_equal(fclose(c.file), 0);
	assert_null(strstr(out, "<script"));
	assert_int_equal(times(out, ">&lt;script&gt;alert(\u2026</text>"), 1);
	assert_int_equal(times(out, ">&lt;script&gt;alert(&quot;1&quot;)&lt;/"
				    "\u2026</text>"),
			 1);
	assert_int_equal(times(out, "&lt;/script&gt;: 5</title>"), 2);
	assert_int_equal(times(out, "width=\"1.5\""), 2);
	free(out);
}

static void heat_test(void **state)
{
	int64_t heat[7][24] = {{0}};
	char *out = NULL;
	size_t n;
	struct chart c = {open_memstream(&out, &n), "id", "t", "d"};

	(void)state;
	assert_non_null(c.file);
	heat[0][0] = 1;
	heat[6][23] = 100;
	chart_heat(&c, (const int64_t(*)[24])heat);
	assert_int_equal(fclose(c.file), 0);
	assert_int_equal(times(out, "<rect "), 2 * 7 * 24);
	assert_int_equal(times(out, "class=\"h0\""), 2 * (7 * 24 - 2));
	assert_int_equal(times(out, "class=\"h1\""), 2);
	assert_int_equal(times(out, "class=\"h5\""), 2);
	assert_int_equal(times(out, "Sun 23:00: 100 attempts"), 2);
	free(out);
}

int main(void)
{
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;

	ROWS(tests, n, step_rows, step_test);
	ROWS(tests, n, column_rows, column_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(tick_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(bar_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(heat_test);
	return _cmocka_run_group_tests("chart", tests, n, NULL, NULL);
}
