/* csv: cells that a spreadsheet reads as they are meant. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "csv.h"

struct text_row {
	const char *title;
	const char *text;
	const char *cell;
};

static const struct text_row text_rows[] = {
	{"a word", "bob", "bob"},
	{"nothing", "", ""},
	{"an address", "2001:db8::/64", "2001:db8::/64"},
	{"a comma", "a,b", "\"a,b\""},
	{"a quote", "a\"b", "\"a\"\"b\""},
	{"a quote alone", "\"", "\"\"\"\""},
	{"a blank inside", "a b", "a b"},
	{"a blank in front", " a", "\" a\""},
	{"a blank behind", "a ", "\"a \""},
	{"a semicolon", "a;b", "a;b"},
	{"a semicolon, which may end a cell, and a formula", "a;=1",
	 "a\\x3b=1"},
	{"several, and blanks", "a;; @b", "a\\x3b\\x3b @b"},
	{"a semicolon and a quote", "a;\"=1", "\"a\\x3b\"\"=1\""},
	{"a semicolon and a formula later", "a;b=1", "a;b=1"},
	{"a formula", "=1+1", "'=1+1"},
	{"a formula with a quote", "=HYPERLINK(\"http://x\")",
	 "\"'=HYPERLINK(\"\"http://x\"\")\""},
	{"a plus", "+49", "'+49"},
	{"a minus", "-2", "'-2"},
	{"an at", "@SUM(A1)", "'@SUM(A1)"},
	{"an apostrophe", "'@SUM(A1)", "''@SUM(A1)"},
	{"the same inside", "a=b+c-d@e", "a=b+c-d@e"},
	{"an equals sign of full width", "\uff1d1", "'\uff1d1"},
	{"a line feed", "a\nb", "a\\nb"},
	{"a whole row", "a\r\n=1,2", "\"a\\x0d\\n=1,2\""},
	{"a tab in front of a formula", "\t=1", "\\t=1"},
	{"a backslash", "a\\b", "a\\\\b"},
	{"ESC", "\033[31m", "\\x1b[31m"},
	{"C1", "\302\233x", "\\u{9b}x"},
	{"a mark that reverses", "\u202eabc", "\\u{202e}abc"},
	{"no UTF-8", "a\377", "a\\xff"},
	{"UTF-8, in a locale that has none", "k\u00f6ln", "k\u00f6ln"},
};

static char *written;
static size_t bytes;

static void begin(struct csv *c)
{
	static const char *const headings[] = {"h", NULL};
	FILE *f = open_memstream(&written, &bytes);

	assert_non_null(f);
	csv_begin(c, f, headings);
}

static void is(struct csv *c, const char *want)
{
	assert_int_equal(fclose(c->out.file), 0);
	assert_string_equal(written, want);
	free(written);
}

static void text_test(void **state)
{
	const struct text_row *r = *state;
	struct csv c;
	char want[256];

	begin(&c);
	csv_text(&c, r->text);
	csv_end(&c);
	snprintf(want, sizeof(want), "h\r\n%s\r\n", r->cell);
	is(&c, want);
}

static void row_test(void **state)
{
	struct csv c;

	(void)state;
	begin(&c);
	csv_text(&c, "a");
	csv_number(&c, -7);
	csv_empty(&c, 2);
	csv_time(&c, 0);
	csv_time(&c, 86400);
	csv_time(&c, INT64_MAX);
	csv_end(&c);
	csv_empty(&c, 1);
	csv_text(&c, "b");
	csv_end(&c);
	is(&c, "h\r\na,-7,,,,1970-01-02 00:00:00,never\r\n,b\r\n");
}

int main(void)
{
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	setenv("TZ", "UTC0", 1);
	tzset();
	ROWS(tests, n, text_rows, text_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(row_test);
	return _cmocka_run_group_tests("csv", tests, n, NULL, NULL);
}
