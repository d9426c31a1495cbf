/* fault: one line of text, never more than fits. */
#include "row.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "saslban/fault.h"

static void a_fault_has_a_kind_and_a_text(void **state)
{
	struct fault why = {.kind = FAULT_NONE};

	(void)state;
	assert_int_equal(
		fault_set(&why, FAULT_STORE, "cannot open '%s': %d", "/x", 7),
		-1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_string_equal(why.text, "cannot open '/x': 7");
}

static void nobody_has_to_listen(void **state)
{
	(void)state;
	assert_int_equal(fault_set(NULL, FAULT_STORE, "x"), -1);
	assert_int_equal(fault_prefix(NULL, "x"), -1);
}

static void errno_is_kept(void **state)
{
	struct fault why;

	(void)state;
	errno = ENOSPC;
	fault_set(&why, FAULT_STORE, "%-1000s|", "x");
	assert_int_equal(errno, ENOSPC);
}

static void control_characters_are_shown(void **state)
{
	struct fault why;

	(void)state;
	fault_set(&why, FAULT_FILTER, "'%s'", "a\nb\tc\033[1m\x7f");
	assert_string_equal(why.text, "'a?b?c?[1m?'");
	fault_prefix(&why, "%s", "x\ny");
	assert_string_equal(why.text, "x?y: 'a?b?c?[1m?'");
}

static void other_bytes_are_kept(void **state)
{
	struct fault why;

	(void)state;
	fault_set(&why, FAULT_FILTER, "'caf\xc3\xa9'");
	assert_string_equal(why.text, "'caf\xc3\xa9'");
}

static void a_prefix_stands_in_front(void **state)
{
	struct fault why;

	(void)state;
	fault_set(&why, FAULT_STORE, "no room");
	assert_int_equal(fault_prefix(&why, "'%s', line %d", "/x", 3), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_string_equal(why.text, "'/x', line 3: no room");
}

static void a_long_text_is_cut(void **state)
{
	struct fault why;
	char expected[FAULT_TEXT];

	(void)state;
	fault_set(&why, FAULT_STORE, "%0600d", 0);
	memset(expected, '0', sizeof(expected));
	expected[FAULT_TEXT - 1] = '\0';
	assert_string_equal(why.text, expected);
	fault_prefix(&why, "x");
	memcpy(expected, "x: ", 3);
	assert_string_equal(why.text, expected);
}

static void a_prefix_that_fills_it_is_all(void **state)
{
	struct fault why;
	char expected[FAULT_TEXT];

	(void)state;
	fault_set(&why, FAULT_STORE, "lost");
	fault_prefix(&why, "%0600d", 0);
	memset(expected, '0', sizeof(expected));
	expected[FAULT_TEXT - 1] = '\0';
	assert_string_equal(why.text, expected);
}

static void a_line_is_quoted(void **state)
{
	static const struct {
		const char *line;
		size_t at;
		const char *quote;
	} rows[] = {
		{"abc", 0, "    abc\n    ^"},
		{"abc", 2, "    abc\n      ^"},
		{"abc", 3, "    abc\n       ^"},
		{"abc", 9, "    abc\n       ^"},
		{"", 0, "    \n    ^"},
		{"\t  a(b", 4, "    a(b\n     ^"},
		{"   ", 1, "      \n    ^"},
		{"a\tb\033c", 4, "    a?b?c\n        ^"},
		{"\xc3\xa9\xe2\x82\xac(", 5,
		 "    \xc3\xa9\xe2\x82\xac(\n      ^"},
	};
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault_set(&why, FAULT_FILTER, "x:1: bad");
		fault_quote(&why, rows[i].line, strlen(rows[i].line),
			    rows[i].at);
		assert_memory_equal(why.text, "x:1: bad\n", 9);
		assert_string_equal(why.text + 9, rows[i].quote);
		fault_prefix(&why, "a\nb");
		assert_memory_equal(why.text, "a?b: x:1: bad\n", 14);
		assert_string_equal(why.text + 14, rows[i].quote);
	}
	fault_quote(NULL, "a", 1, 0);
}

/* 250 digits, the place is the digit 7 of the last but one ten: sixty of them
 * stand in front of it and it is one of a hundred. */
static void a_long_line_is_cut_around_the_place(void **state)
{
	struct fault why;
	char line[251], expected[256];

	(void)state;
	for (size_t i = 0; i < 250; i++)
		line[i] = (char)('0' + i % 10);
	fault_set(&why, FAULT_FILTER, "bad");
	fault_quote(&why, line, 250, 147);
	snprintf(expected, sizeof(expected), "bad\n    %.100s\n%64s^",
		 line + 87, "");
	assert_string_equal(why.text, expected);
	fault_set(&why, FAULT_FILTER, "%0400d", 0);
	fault_quote(&why, line, 250, 147);
	assert_int_equal(strlen(why.text), 400);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_has_a_kind_and_a_text),
		cmocka_unit_test(nobody_has_to_listen),
		cmocka_unit_test(errno_is_kept),
		cmocka_unit_test(control_characters_are_shown),
		cmocka_unit_test(other_bytes_are_kept),
		cmocka_unit_test(a_prefix_stands_in_front),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(a_prefix_that_fills_it_is_all),
		cmocka_unit_test(a_line_is_quoted),
		cmocka_unit_test(a_long_line_is_cut_around_the_place),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
