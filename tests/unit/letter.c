/* letter: templates of mails, what they may say, and what becomes of them; and
 * that nothing that a guesser has chosen gets out of its line. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/letter.h"

#define HEAD "Subject: x\n\n"
#define X100                                                 \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* ---- what a template may say ---- */

#define ALL                                                                 \
	"allowed: %host% %jail% %place% %date% %id% %headline% %news% "     \
	"%advice% %history% %totals% %third% %breaches% %days% %accounts% " \
	"%alive%"

struct check_row {
	const char *title;
	const char *text;
	const char *said; /* behind `'t', ' */
};

static const struct check_row check_rows[] = {
	{"the built-in one", letter_builtin, NULL},
	{"the least", HEAD "x", NULL},
	{"with a line's end", HEAD "x\n", NULL},
	{"a part among words", HEAD "on %host%: %headline%", NULL},
	{"percent signs", HEAD "100%% %%host%% %%%host%%%", NULL},
	{"UTF-8", HEAD "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x94\x92\t!", NULL},
	{"a line of 510", HEAD X100 X100 X100 X100 X100 "1234567890", NULL},
	{"a line of 511", HEAD X100 X100 X100 X100 X100 "12345678901",
	 "line 3: it is longer than 510 bytes"},
	{"nothing", "",
	 "line 1: a template begins with 'Subject: ' and a subject"},
	{"a subject of nothing", "Subject: \n\nx",
	 "line 1: a template begins with 'Subject: ' and a subject"},
	{"another header", "From: x\n\nx",
	 "line 1: a template begins with 'Subject: ' and a subject"},
	{"a second header", "Subject: x\nTo: y\n\nx",
	 "line 2: an empty line follows the subject"},
	{"a subject alone", "Subject: x",
	 "line 1: there is nothing behind the subject"},
	{"a subject and an empty line", HEAD,
	 "line 2: there is nothing behind the subject"},
	{"a subject that is not ASCII", "Subject: \xc3\xa4\n\nx",
	 "line 1: a subject is ASCII alone"},
	{"a part that there is not", HEAD "a\n%hots%",
	 "line 4: there is no part '%hots%'; " ALL},
	{"in the subject", "Subject: %hots%\n\nx",
	 "line 1: there is no part '%hots%'; " ALL},
	{"in capitals", HEAD "%HOST%",
	 "line 3: there is no part '%HOST%'; " ALL},
	{"a percent sign", HEAD "x\n100% of it\n",
	 "line 4: a percent sign begins no part of a mail; allowed: %% for a "
	 "percent sign"},
	{"a percent sign at the end", HEAD "x%",
	 "line 3: a percent sign begins no part of a mail; allowed: %% for a "
	 "percent sign"},
	{"a part that ends in the next line", HEAD "%ho\nst%",
	 "line 3: a percent sign begins no part of a mail; allowed: %% for a "
	 "percent sign"},
	{"lines in a subject", "Subject: %news%\n\nx",
	 "line 1: a part of several lines stands alone in a line of the body"},
	{"lines among words", HEAD "x %news%",
	 "line 3: a part of several lines stands alone in a line of the body"},
	{"lines and a blank", HEAD "%news% ",
	 "line 3: a part of several lines stands alone in a line of the body"},
	{"ESC", HEAD "\33[1m",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"DEL", HEAD "\177",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"a carriage return", HEAD "a\rb",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"Latin 1", HEAD "\xe4 b",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"half a character", HEAD "\xe2\x82",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"a slash that is too long", HEAD "\xc0\xaf",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"half a pair", HEAD "\xed\xa0\x80",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"beyond Unicode", HEAD "\xf4\x90\x80\x80",
	 "line 3: it has a control character, or what is not UTF-8"},
	{"a control character of 8 bits", HEAD "\xc2\x9b",
	 "line 3: it has a control character, or what is not UTF-8"},
};

static void check_test(void **state)
{
	const struct check_row *r = *state;
	struct fault why = {.text = ""};
	char expected[512];

	if (r->said == NULL) {
		assert_int_equal(letter_check(r->text, "t", &why), 0);
		return;
	}
	assert_int_equal(letter_check(r->text, "t", &why), -1);
	snprintf(expected, sizeof(expected), "'t', %s", r->said);
	assert_string_equal(why.text, expected);
	assert_int_equal(why.kind, FAULT_SETTING);
}

/* ---- what becomes of it ---- */

struct write_row {
	const char *title;
	const char *text;
	const char *subject, *body;
};

/* The parts are below. */
static const struct write_row write_rows[] = {
	{"words", "Subject: %host% %jail%: %headline%\n\nOn %date%: %id%.",
	 "mx1 sasl: three ?bans?", "On 2026-11-29: 7.\n"},
	{"percent signs", "Subject: 100%%\n\n%%host%% is %%%host%%%\n", "100%",
	 "%host% is %mx1%\n"},
	{"lines", HEAD "%news%\n--\n", "x", "one\ntwo\n--\n"},
	{"lines at the end", HEAD "a\n\n%news%", "x", "a\n\none\ntwo\n"},
	{"nothing to say takes an empty line along",
	 HEAD "a\n\n%history%\n\n%news%\n\nb\n", "x", "a\n\none\ntwo\n\nb\n"},
	{"and no more than one", HEAD "%history%\n\n\nb", "x", "\nb\n"},
	{"and none that there is not", HEAD "%history%\nb\n%history%", "x",
	 "b\n"},
	{"what looks like a part in a part is none", HEAD "%place%", "x",
	 "%host%\n"},
};

static const char *const parts[LETTER_PARTS] = {
	[LETTER_HOST] = "mx1",      [LETTER_JAIL] = "sasl",
	[LETTER_PLACE] = "%host%",  [LETTER_DATE] = "2026-11-29",
	[LETTER_ID] = "7",          [LETTER_HEADLINE] = "three \nbans\x80",
	[LETTER_NEWS] = "one\ntwo", [LETTER_ADVICE] = "",
	[LETTER_HISTORY] = "",      [LETTER_TOTALS] = "",
	[LETTER_THIRD] = "",        [LETTER_BREACHES] = "",
	[LETTER_DAYS] = "",         [LETTER_ACCOUNTS] = "",
	[LETTER_ALIVE] = "",
};

static void write_test(void **state)
{
	const struct write_row *r = *state;
	char subject[LETTER_SUBJECT], text[1024];
	struct paper body = paper_new(text, sizeof(text));
	struct fault why;

	assert_int_equal(letter_check(r->text, "t", &why), 0);
	letter_write(r->text, parts, subject, &body);
	assert_string_equal(subject, r->subject);
	assert_string_equal(text, r->body);
	assert_int_equal(body.len, strlen(text));
	assert_int_equal(body.left_out, 0);
}

/* A headline with every byte, and one without an end. */
static void nasty_test(void **state)
{
	const char *nasty[LETTER_PARTS];
	char subject[LETTER_SUBJECT], text[4096], bytes[256];
	char longer[4096];
	struct paper body = paper_new(text, sizeof(text));

	(void)state;
	memcpy(nasty, parts, sizeof(nasty));
	for (size_t i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	bytes[255] = '\0';
	nasty[LETTER_HEADLINE] = bytes;
	letter_write("Subject: %headline%\n\nx", nasty, subject, &body);
	assert_int_equal(strlen(subject), LETTER_SUBJECT - 1);
	for (const char *c = subject; *c != '\0'; c++)
		assert_in_range(*c, ' ', '~');
	assert_memory_equal(subject + 31, " !\"#$%&'()", 10);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	nasty[LETTER_HEADLINE] = longer;
	nasty[LETTER_NEWS] = longer;
	letter_write("Subject: %headline%%host%\n\n%headline%%host%\n%news%",
		     nasty, subject, &body);
	assert_int_equal(strlen(subject), LETTER_SUBJECT - 1);
	for (const char *at = text; *at != '\0';) {
		size_t n = strcspn(at, "\n");

		assert_in_range(n, 1, PAPER_LINE - 2);
		at += n + 1;
	}
}

/* ---- paper ---- */

struct wrap_row {
	const char *title;
	int indent;
	const char *text, *lines;
};

#define W38 "thirty-eight characters are this much,"

static const struct wrap_row wrap_rows[] = {
	{"nothing", 2, "", "  \n"},
	{"a few words", 2, "one two", "  one two\n"},
	{"as much as fits", 0, W38 W38, W38 W38 "\n"},
	{"a word more", 0, W38 W38 " x", W38 W38 "\nx\n"},
	{"broken at a blank", 4, W38 " " W38,
	 "    " W38 " thirty-eight characters are this\n    much,\n"},
	{"a word that is too long", 2, "a " X100 " b",
	 "  a\n  " X100 "\n  b\n"},
	{"lines of their own", 2, "a\r\n.\r\nb \33[31m\177",
	 "  a??.??b ?[31m?\n"},
	{"blanks at a break", 0, W38 W38 "    x", W38 W38 "\nx\n"},
};

static void wrap_test(void **state)
{
	const struct wrap_row *r = *state;
	char text[512];
	struct paper p = paper_new(text, sizeof(text));

	paper_wrap(&p, r->indent, r->text);
	assert_string_equal(text, r->lines);
}

static void full_test(void **state)
{
	char text[12];
	struct paper p = paper_new(text, sizeof(text));

	(void)state;
	paper_line(&p, "%s", "1234");
	assert_int_equal(p.left_out, 0);
	paper_line(&p, "%s", "123456");
	assert_string_equal(text, "1234\n");
	assert_int_equal(p.left_out, 1);
	/* What would fit comes no more: it would stand in a wrong place. */
	paper_line(&p, "%s", "1");
	assert_string_equal(text, "1234\n");
	assert_int_equal(p.left_out, 2);
	p = paper_new(text, sizeof(text));
	paper_line(&p, "%s", "1234567890");
	assert_string_equal(text, "1234567890\n");
	paper_line(&p, "%s", "");
	assert_int_equal(p.left_out, 1);
}

/* ---- files ---- */

static int read_text(const char *bytes, size_t n, char text[LETTER_TEMPLATE],
		     struct fault *why)
{
	char path[] = "/tmp/letter-test.XXXXXX";
	int fd = mkstemp(path), result;

	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
	result = letter_read(path, text, why);
	unlink(path);
	return result;
}

static void file_test(void **state)
{
	static char text[LETTER_TEMPLATE], large[LETTER_TEMPLATE] = HEAD;
	struct fault why;

	(void)state;
	assert_int_equal(read_text("Subject: x\r\n\r\nb\r\n", 17, text, &why),
			 0);
	assert_string_equal(text, HEAD "b\n");
	assert_int_equal(read_text("Subject: x\n\n\0b", 14, text, &why), -1);
	assert_non_null(strstr(why.text, "' is not text"));
	memset(large + strlen(HEAD), '\n', sizeof(large) - strlen(HEAD));
	assert_int_equal(read_text(large, sizeof(large) - 1, text, &why), 0);
	assert_int_equal(read_text(large, sizeof(large), text, &why), -1);
	assert_non_null(strstr(why.text, "' has more than 16383 bytes"));
	assert_int_equal(letter_read("/no/such", text, &why), -1);
	assert_string_equal(why.text, "cannot read '/no/such': No such file "
				      "or directory");
	assert_int_equal(letter_read("/tmp", text, &why), -1);
	assert_string_equal(why.text, "'/tmp' is not a file");
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(nasty_test),
		cmocka_unit_test(full_test),
		cmocka_unit_test(file_test),
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, check_rows, check_test);
	ROWS(tests, n, write_rows, write_test);
	ROWS(tests, n, wrap_rows, wrap_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("letter", tests, n, NULL, NULL);
}
