/* logline: a record of our template, cut into its fields. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/logline.h"

#define US "\x1f"
#define HEAD "1700000001" US "1700000000" US "192.0.2.9" US "mx1" US

struct parse_row {
	const char *title;
	const char *record;
	int result;
	const char *from, *host, *text, *tag, *msg;
};

static const struct parse_row parse_rows[] = {
	{"a record of Postfix", HEAD "postfix/smtpd[9]: warning: x", 0,
	 "192.0.2.9", "mx1", "postfix/smtpd[9]: warning: x",
	 "postfix/smtpd[9]:", "warning: x"},
	{"sender and host may be empty", "1" US "2" US US US "a: b", 0, "", "",
	 "a: b", "a:", "b"},
	{"a tag without a message", HEAD "dovecot:", 0, "192.0.2.9", "mx1",
	 "dovecot:", "dovecot:", ""},
	{"a message without a tag", HEAD " hello", 0, "192.0.2.9", "mx1",
	 " hello", "", "hello"},
	{"nothing behind the head", HEAD, 0, "192.0.2.9", "mx1", "", "", ""},
	{"several blanks are one cut", HEAD "a:   b  c ", 0, "192.0.2.9", "mx1",
	 "a:   b  c ", "a:", "b  c "},
	{"a separator in the message is message", HEAD "a: b" US "c", 0,
	 "192.0.2.9", "mx1", "a: b" US "c", "a:", "b" US "c"},
	{"a whole record in the message is message", HEAD "a: " HEAD "b: c", 0,
	 "192.0.2.9", "mx1", "a: " HEAD "b: c", "a:", HEAD "b: c"},
	{"a tab does not end a tag", HEAD "a:\tb c", 0, "192.0.2.9", "mx1",
	 "a:\tb c", "a:\tb", "c"},
	{"a newline stays where it is", HEAD "a: b\nc", 0, "192.0.2.9", "mx1",
	 "a: b\nc", "a:", "b\nc"},
	{"nothing at all", "", -1, 0, 0, 0, 0, 0},
	{"no separator", "postfix/smtpd[9]: warning", -1, 0, 0, 0, 0, 0},
	{"three fields", "1" US "2" US "192.0.2.9" US "mx1", -1, 0, 0, 0, 0, 0},
	{"an arrival that is empty", US "2" US US US "a: b", -1, 0, 0, 0, 0, 0},
	{"an arrival that is a word", "now" US "2" US US US "a: b", -1, 0, 0, 0,
	 0, 0},
	{"a reported time that is a word", "1" US "now" US US US "a: b", -1, 0,
	 0, 0, 0, 0},
	{"a negative time", "1" US "-2" US US US "a: b", -1, 0, 0, 0, 0, 0},
	{"a fraction", "1.5" US "2" US US US "a: b", -1, 0, 0, 0, 0, 0},
	{"a blank before a time", " 1" US "2" US US US "a: b", -1, 0, 0, 0, 0,
	 0},
	{"a time of 19 digits", "1" US "1000000000000000000" US US US "a: b",
	 -1, 0, 0, 0, 0, 0},
};

static void assert_span(struct slice s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.at, expected, s.len);
}

static void parse_test(void **state)
{
	const struct parse_row *r = *state;
	struct logline l = {.arrived = -7};

	assert_int_equal(logline_parse(r->record, strlen(r->record), &l),
			 r->result);
	if (r->result < 0) {
		assert_int_equal(l.arrived, -7); /* untouched */
		return;
	}
	assert_span(l.from, r->from);
	assert_span(l.host, r->host);
	assert_span(l.text, r->text);
	assert_span(l.tag, r->tag);
	assert_span(l.msg, r->msg);
}

struct time_row {
	const char *title;
	const char *record;
	int64_t arrived;
	int64_t reported;
};

static const struct time_row time_rows[] = {
	{"the two times", HEAD "a: b", 1700000001, 1700000000},
	{"no reported time: the arrival", "1700000001" US US US US "a: b",
	 1700000001, 1700000001},
	{"nought is a time", "0" US "0" US US US "a: b", 0, 0},
	{"18 digits", "999999999999999999" US "1" US US US "a: b",
	 999999999999999999, 1},
};

static void time_test(void **state)
{
	const struct time_row *r = *state;
	struct logline l;

	assert_int_equal(logline_parse(r->record, strlen(r->record), &l), 0);
	assert_int_equal(l.arrived, r->arrived);
	assert_int_equal(l.reported, r->reported);
}

static void any_byte_may_be_in_the_message(void **state)
{
	static const char record[] = HEAD "a: \0\xff\x7f";
	struct logline l;

	(void)state;
	assert_int_equal(logline_parse(record, sizeof(record) - 1, &l), 0);
	assert_int_equal(l.msg.len, 3);
	assert_memory_equal(l.msg.at, "\0\xff\x7f", 3);
}

static void a_record_may_end_anywhere(void **state)
{
	static const char record[] = HEAD "a:  ";
	struct logline l;

	(void)state;
	/* Each beginning on the heap, where a sanitizer sees a byte more. */
	for (size_t len = 0; len < sizeof(record); len++) {
		char *part = malloc(len == 0 ? 1 : len);

		assert_non_null(part);
		memcpy(part, record, len);
		assert_int_equal(logline_parse(part, len, &l),
				 len < strlen(HEAD) ? -1 : 0);
		free(part);
	}
}

static void a_long_text_is_cut(void **state)
{
	static char text[LOGLINE_MAX + 100];
	struct logline l = {.arrived = 5};

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "a: ", 3);
	logline_cut(&l, text, LOGLINE_MAX);
	assert_int_equal(l.text.len, LOGLINE_MAX);
	logline_cut(&l, text, sizeof(text));
	assert_int_equal(l.text.len, LOGLINE_MAX);
	assert_int_equal(l.tag.len, 2);
	assert_int_equal(l.msg.len, LOGLINE_MAX - 3);
	assert_ptr_equal(l.msg.at, text + 3);
	assert_int_equal(l.arrived, 5); /* the rest is not touched */
}

static void a_long_text_of_one_word_is_a_tag(void **state)
{
	static char text[LOGLINE_MAX + 100];
	struct logline l = {0};

	(void)state;
	memset(text, 'x', sizeof(text));
	logline_cut(&l, text, sizeof(text));
	assert_int_equal(l.tag.len, LOGLINE_MAX);
	assert_int_equal(l.msg.len, 0);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(any_byte_may_be_in_the_message),
		cmocka_unit_test(a_record_may_end_anywhere),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(a_long_text_of_one_word_is_a_tag),
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, parse_rows, parse_test);
	ROWS(tests, n, time_rows, time_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("logline", tests, n, NULL, NULL);
}
