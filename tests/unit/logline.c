/* logline: tag and message, in one piece and in two. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/logline.h"

static void assert_slice(struct slice s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.at, expected, s.len);
}

/* ---- a text is cut ---- */

struct cut_row {
	const char *title;
	const char *text, *tag, *msg;
};

static const struct cut_row cut_rows[] = {
	{"a record of Postfix", "postfix/smtpd[9]: warning: x",
	 "postfix/smtpd[9]:", "warning: x"},
	{"a tag without a message", "dovecot:", "dovecot:", ""},
	{"a message without a tag", " hello", "", "hello"},
	{"nothing", "", "", ""},
	{"several blanks are one cut", "a:   b  c ", "a:", "b  c "},
	{"a tab does not end a tag", "a:\tb c", "a:\tb", "c"},
	{"a newline stays where it is", "a: b\nc", "a:", "b\nc"},
	{"a pid behind a blank", "sogod [98]: x", "sogod", "x"},
	{"and no blank behind it", "sogod [98]:x", "sogod", "x"},
	{"a colon ends a tag, and its pid is text", "a: [98]: x",
	 "a:", "[98]: x"},
	{"a second pid is text", "a[9] [98]: x", "a[9]", "[98]: x"},
	{"no number", "a [9x]: x", "a", "[9x]: x"},
	{"no number at all", "a []: x", "a", "[]: x"},
	{"no colon", "a [98] x", "a", "[98] x"},
	{"nothing but a pid", "a [98]:", "a", ""},
	{"half a pid", "a [98]", "a", "[98]"},
	{"no tag", " [98]: x", "", "[98]: x"},
};

static void cut_test(void **state)
{
	const struct cut_row *r = *state;
	struct logline l = {.arrived = 5};

	logline_cut(&l, r->text, strlen(r->text));
	assert_slice(l.text, r->text);
	assert_slice(l.tag, r->tag);
	assert_slice(l.msg, r->msg);
	assert_int_equal(l.arrived, 5); /* the rest is not touched */
}

/* ---- tag and message in two places ---- */

struct place_row {
	const char *title;
	const char *tag, *msg; /* as rsyslog has them */
	const char *text;      /* as a log file shows them */
	const char *cut_tag, *cut_msg;
	bool placed; /* no copy is needed */
};

static const struct place_row place_rows[] = {
	{"RFC 3164: the message begins with a blank",
	 "postfix/smtpd[9]:", " warning: x", "postfix/smtpd[9]: warning: x",
	 "postfix/smtpd[9]:", "warning: x", true},
	{"RFC 5424: it does not", "dovecot", "imap-login: x",
	 "dovecot imap-login: x", "dovecot", "imap-login: x", true},
	{"several blanks", "a:", "   b ", "a:   b ", "a:", "b ", true},
	{"a tab is no blank", "a:", "\tb", "a: \tb", "a:", "\tb", true},
	{"an empty message", "a:", "", "a:", "a:", "", true},
	{"a message of blanks", "a:", "  ", "a:  ", "a:", "", true},
	{"no tag", "", "hello there", " hello there", "", "hello there", true},
	{"no tag, and a blank", "", " hello", " hello", "", "hello", true},
	{"nothing", "", "", "", "", "", true},
	{"a tag without a colon", "kernel", " [1.2] x", "kernel [1.2] x",
	 "kernel", "[1.2] x", true},
	{"a pid behind a blank", "sogod", " [98]: x", "sogod [98]: x", "sogod",
	 "x", true},
	{"RFC 5424: and in the message", "sogod", "[98]: x", "sogod [98]: x",
	 "sogod", "x", true},
	{"a colon ends a tag", "a:", " [98]: x", "a: [98]: x", "a:", "[98]: x",
	 true},
	{"a tag with a blank in it", "my app:", " x", "my app: x", "my",
	 "app: x", false},
	{"a tag that begins with a blank", " a:", "x", " a: x", "", "a: x",
	 false},
	{"a tag that ends with a blank", "a ", "x", "a  x", "a", "x", false},
};

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void place_test(void **state)
{
	const struct place_row *r = *state;
	struct slice tag = slice_of(r->tag), msg = slice_of(r->msg);
	struct logline l = {.reported = 5}, whole;
	char text[LOGLINE_MAX];
	size_t n = logline_join(tag, msg, text);

	assert_slice((struct slice){text, n}, r->text);
	logline_cut(&whole, text, n);
	assert_slice(whole.tag, r->cut_tag);
	assert_slice(whole.msg, r->cut_msg);
	assert_int_equal(logline_place(&l, tag, msg), r->placed);
	assert_int_equal(l.reported, 5);
	if (!r->placed) {
		assert_null(l.tag.at);
		return;
	}
	assert_slice(l.tag, r->cut_tag);
	assert_slice(l.msg, r->cut_msg);
	assert_null(l.text.at);
	assert_int_equal(l.text.len, n);
}

static void any_byte_may_be_in_the_message(void **state)
{
	const struct slice tag = slice_of("a:"), msg = {"\0 \xff\x7f", 4};
	char text[LOGLINE_MAX];
	struct logline l = {0};

	(void)state;
	assert_int_equal(logline_join(tag, msg, text), 7);
	assert_memory_equal(text, "a: \0 \xff\x7f", 7);
	assert_true(logline_place(&l, tag, msg));
	assert_int_equal(l.msg.len, 4);
	assert_int_equal(l.text.len, 7);
}

/* ---- what is too long ---- */

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

struct long_row {
	const char *title;
	size_t tag, msg;
	bool blank; /* the message begins with one */
	size_t cut_msg, text;
};

static const struct long_row long_rows[] = {
	{"in two places, just short enough", 2, LOGLINE_MAX - 3, false,
	 LOGLINE_MAX - 3, LOGLINE_MAX},
	{"a byte too much, without a blank", 2, LOGLINE_MAX - 2, false,
	 LOGLINE_MAX - 3, LOGLINE_MAX},
	{"just short enough, with a blank", 2, LOGLINE_MAX - 2, true,
	 LOGLINE_MAX - 3, LOGLINE_MAX},
	{"a byte too much, with a blank", 2, LOGLINE_MAX - 1, true,
	 LOGLINE_MAX - 3, LOGLINE_MAX},
	{"much too much", 2, 3 * LOGLINE_MAX, true, LOGLINE_MAX - 3,
	 LOGLINE_MAX},
	{"a tag that leaves no place", LOGLINE_MAX, 7, false, 0, LOGLINE_MAX},
	{"a tag that is too long alone", LOGLINE_MAX + 9, 7, true, 0,
	 LOGLINE_MAX},
};

/* On the heap, where a sanitizer sees a byte more. */
static char *bytes(size_t len, char first)
{
	char *at = malloc(len);

	assert_non_null(at);
	memset(at, 'x', len);
	at[0] = first;
	return at;
}

static void long_test(void **state)
{
	const struct long_row *r = *state;
	struct slice tag = {bytes(r->tag, 't'), r->tag};
	struct slice msg = {bytes(r->msg, r->blank ? ' ' : 'm'), r->msg};
	char *text = bytes(LOGLINE_MAX, 0);
	struct logline l = {0}, whole;

	assert_int_equal(logline_join(tag, msg, text), r->text);
	logline_cut(&whole, text, r->text);
	assert_int_equal(whole.msg.len, r->cut_msg);
	assert_true(logline_place(&l, tag, msg));
	assert_int_equal(l.text.len, r->text);
	assert_int_equal(l.msg.len, r->cut_msg);
	free((char *)tag.at);
	free((char *)msg.at);
	free(text);
}

/* ---- fields that are asked for ---- */

struct answers {
	unsigned asked[4];
	size_t n;
};

static void fetch(void *source, struct logline *line, unsigned fields)
{
	struct answers *a = source;

	a->asked[a->n++] = fields;
	if ((fields & LOGLINE_TIMES) != 0)
		line->arrived = 7;
}

static void a_field_is_asked_for_once(void **state)
{
	struct answers a = {.n = 0};
	struct logline l = {.lacks = LOGLINE_TIMES | LOGLINE_TEXT,
			    .fetch = fetch,
			    .source = &a};

	(void)state;
	logline_need(&l, LOGLINE_HOST); /* it is there */
	assert_int_equal(a.n, 0);
	logline_need(&l, LOGLINE_TIMES | LOGLINE_HOST);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.asked[0], LOGLINE_TIMES);
	assert_int_equal(l.arrived, 7);
	logline_need(&l, LOGLINE_ALL);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.asked[1], LOGLINE_TEXT);
	logline_need(&l, LOGLINE_ALL);
	assert_int_equal(a.n, 2);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(any_byte_may_be_in_the_message),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(a_long_text_of_one_word_is_a_tag),
		cmocka_unit_test(a_field_is_asked_for_once),
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, cut_rows, cut_test);
	ROWS(tests, n, place_rows, place_test);
	ROWS(tests, n, long_rows, long_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("logline", tests, n, NULL, NULL);
}
