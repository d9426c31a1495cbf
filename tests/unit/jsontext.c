/* jsontext: what stands in a JSON object, byte for byte. */
#include "row.h"

#include <stdint.h>
#include <string.h>

#include "saslban/jsontext.h"

struct string_row {
	const char *title;
	const char *text;
	const char *json;
};

static const struct string_row string_rows[] = {
	{"a name", "bob@example.org", "{\"s\":\"bob@example.org\"}"},
	{"nothing", "", "{\"s\":\"\"}"},
	{"a quote and a backslash", "a\"b\\c", "{\"s\":\"a\\\"b\\\\c\"}"},
	{"a slash needs no escape", "a/b", "{\"s\":\"a/b\"}"},
	{"a line's end", "a\nb\r", "{\"s\":\"a\\u000ab\\u000d\"}"},
	{"an escape of a terminal", "\033[2J", "{\"s\":\"\\u001b[2J\"}"},
	{"DEL, and a C1 control", "\177\xc2\x9b", "{\"s\":\"\\u007f\\u009b\"}"},
	{"letters of all the world", "\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80",
	 "{\"s\":\"\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80\"}"},
	{"what turns a line around", "\xe2\x80\xae", "{\"s\":\"\\u202e\"}"},
	{"a tag, beyond 16 bits", "\xf3\xa0\x80\x81",
	 "{\"s\":\"\\udb40\\udc01\"}"},
	{"a byte that is no UTF-8",
	 "a\xff"
	 "b",
	 "{\"s\":\"a\\ufffdb\"}"},
	{"a sequence that is cut", "\xe4\xbd", "{\"s\":\"\\ufffd\\ufffd\"}"},
	{"a character that is written too long", "\xc0\xaf",
	 "{\"s\":\"\\ufffd\\ufffd\"}"},
	{"half of a pair", "\xed\xa0\x80", "{\"s\":\"\\ufffd\\ufffd\\ufffd\"}"},
};

static void string_test(void **state)
{
	const struct string_row *r = *state;
	struct jsontext j;
	char out[128];

	jsontext_begin(&j, out, sizeof(out));
	jsontext_string(&j, "s", r->text);
	assert_true(jsontext_end(&j));
	assert_string_equal(out, r->json);
}

static void values_test(void **state)
{
	struct jsontext j;
	char out[128];

	(void)state;
	jsontext_begin(&j, out, sizeof(out));
	jsontext_number(&j, "least", INT64_MIN);
	jsontext_number(&j, "most", INT64_MAX);
	jsontext_bool(&j, "yes", true);
	jsontext_bool(&j, "no", false);
	jsontext_null(&j, "none");
	assert_true(jsontext_end(&j));
	assert_string_equal(out, "{\"least\":-9223372036854775808,"
				 "\"most\":9223372036854775807,"
				 "\"yes\":true,\"no\":false,\"none\":null}");
}

static void empty_test(void **state)
{
	struct jsontext j;
	char out[3];

	(void)state;
	jsontext_begin(&j, out, sizeof(out));
	assert_true(jsontext_end(&j));
	assert_string_equal(out, "{}");
}

/* In every buffer that is too small: false, and nothing in it. */
static void full_test(void **state)
{
	static const char whole[] = "{\"s\":\"\\u000a\",\"n\":12}";
	struct jsontext j;
	char out[64];

	(void)state;
	for (size_t size = 1; size <= sizeof(whole); size++) {
		memset(out, 'x', sizeof(out));
		jsontext_begin(&j, out, size);
		jsontext_string(&j, "s", "\n");
		jsontext_number(&j, "n", 12);
		assert_int_equal(jsontext_end(&j), size == sizeof(whole));
		assert_string_equal(out, size == sizeof(whole) ? whole : "");
		for (size_t i = size; i < sizeof(out); i++)
			assert_int_equal(out[i], 'x');
	}
	jsontext_begin(&j, out, 0);
	jsontext_string(&j, "s", "");
	assert_false(jsontext_end(&j));
}

static const struct CMUnitTest singles[] = {
	{"numbers, truth and nothing", values_test, NULL, NULL, NULL},
	{"an object without members", empty_test, NULL, NULL, NULL},
	{"what does not fit is not there in part", full_test, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	ROWS(tests, n, string_rows, string_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("jsontext", tests, n, NULL, NULL);
}
