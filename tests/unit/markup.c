/* markup: what others wrote is text and nothing else, in a page as in Markdown;
 * and numbers for people. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>

#include "markup.h"

struct text_row {
	const char *title;
	const char *text;
	const char *html;
	const char *markdown;
};

static const struct text_row text_rows[] = {
	{"a name", "bob@example.org", "bob@example.org", "bob\\@example.org"},
	{"nothing", "", "", ""},
	{"an address", "2001:db8::/64", "2001:db8::/64", "2001:db8::/64"},
	{"an element", "<script>alert(1)</script>",
	 "&lt;script&gt;alert(1)&lt;/script&gt;",
	 "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"},
	{"the end of an attribute", "\" onload='x", "&quot; onload=&#39;x",
	 "&quot; onload=&#39;x"},
	{"an entity", "&lt;", "&amp;lt;", "&amp;lt;"},
	{"another cell", "a|b", "a|b", "a\\|b"},
	{"emphasis", "*a* _b_ ~c~", "*a* _b_ ~c~", "\\*a\\* \\_b\\_ \\~c\\~"},
	{"code", "`a`", "`a`", "\\`a\\`"},
	{"a link", "[a](b)", "[a](b)", "\\[a\\]\\(b\\)"},
	{"a picture", "![a](b)", "![a](b)", "\\!\\[a\\]\\(b\\)"},
	{"a heading", "# a", "# a", "\\# a"},
	{"a formula", "$a$", "$a$", "\\$a\\$"},
	{"a backslash, which is shown as two", "a\\|b", "a\\\\|b",
	 "a\\\\\\\\\\|b"},
	{"a line feed", "a\nb", "a\\nb", "a\\\\nb"},
	{"ESC", "\033[m", "\\x1b[m", "\\\\x1b\\[m"},
	{"a mark that reverses", "\u202ea", "\\u{202e}a", "\\\\u\\{202e\\}a"},
	{"no UTF-8", "\377<", "\\xff&lt;", "\\\\xff&lt;"},
	{"UTF-8", "k\u00f6ln", "k\u00f6ln", "k\u00f6ln"},
};

static void text_test(void **state)
{
	const struct text_row *r = *state;
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	assert_non_null(f);
	markup_html(f, r->text);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(out, r->html);
	free(out);
	f = open_memstream(&out, &n);
	assert_non_null(f);
	markup_markdown(f, r->text);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(out, r->markdown);
	free(out);
}

struct number_row {
	const char *title;
	int64_t number;
	const char *whole;
	const char *rounded;
};

static const struct number_row number_rows[] = {
	{"none", 0, "0", "0"},
	{"three digits", 999, "999", "999"},
	{"a thousand", 1000, "1,000", "1.00k"},
	{"two digits behind the point", 1234, "1,234", "1.23k"},
	{"one digit", 12345, "12,345", "12.3k"},
	{"none is left", 123456, "123,456", "123k"},
	{"up to the next unit", 999499, "999,499", "999k"},
	{"the next unit", 999500, "999,500", "1.00M"},
	{"rounded to ten", 9996, "9,996", "10.0k"},
	{"rounded to a hundred", 99960, "99,960", "100k"},
	{"millions", 5000000, "5,000,000", "5.00M"},
	{"the largest", INT64_MAX, "9,223,372,036,854,775,807", "9.22E"},
};

static void number_test(void **state)
{
	const struct number_row *r = *state;
	char *out = NULL, buf[MARKUP_ROUND];
	size_t n;
	FILE *f = open_memstream(&out, &n);

	assert_non_null(f);
	markup_number(f, r->number);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(out, r->whole);
	free(out);
	assert_string_equal(markup_round(r->number, buf), r->rounded);
}

int main(void)
{
	struct CMUnitTest tests[48] = {{0}};
	size_t n = 0;

	ROWS(tests, n, text_rows, text_test);
	ROWS(tests, n, number_rows, number_test);
	return _cmocka_run_group_tests("markup", tests, n, NULL, NULL);
}
