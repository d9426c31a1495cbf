/*
 * filter_characters: \w, \S, . and case beyond ASCII, as Python has them in a
 * log that it reads as UTF-8, and bytes where a filter wants these.
 */
#include "judging.h"

#include "filter/characters.h"

struct piece_row {
	const char *title;
	const char *text;
	const char *characters;
};

#define FFFD "\xef\xbf\xbd"

/* Answers of Python's decode("utf-8", "replace"). */
static const struct piece_row piece_rows[] = {
	{"ASCII", "abc", "abc"},
	{"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
	{"a byte that is none",
	 "a\xff"
	 "b",
	 "a" FFFD "b"},
	{"a byte that only continues", "\x80\x80", FFFD FFFD},
	{"cut after one", "\xc3", FFFD},
	{"cut after two of three", "\xe2\x82x", FFFD "x"},
	{"cut after three of four", "\xf0\x9f\x98", FFFD},
	{"another lead inside", "\xe2\xc3\xa9", FFFD "\xc3\xa9"},
	{"a slash in two bytes", "\xc0\xaf", FFFD FFFD},
	{"a slash in three", "\xe0\x80\xaf", FFFD FFFD FFFD},
	{"a surrogate", "\xed\xa0\x80", FFFD FFFD FFFD},
	{"behind the last of all", "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD},
	{"the last of all", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
	{"a lead of five", "\xf8\x88", FFFD FFFD},
};

static void piece_test(void **state)
{
	const struct piece_row *r = *state;
	struct slice text = {r->text, strlen(r->text)};
	char out[64];
	struct slice got = characters_of(text, out);

	assert_int_equal(got.len, strlen(r->characters));
	assert_memory_equal(got.at, r->characters, got.len);
	assert_int_equal(characters_beyond(text),
			 strcmp(r->title, "ASCII") != 0);
}

static void beyond_test(void **state)
{
	char text[40];

	(void)state;
	assert_false(characters_beyond((struct slice){NULL, 0}));
	for (size_t i = 0; i < sizeof(text); i++) {
		memset(text, 0x7f, sizeof(text));
		assert_false(
			characters_beyond((struct slice){text, sizeof(text)}));
		text[i] = (char)0x80;
		assert_true(
			characters_beyond((struct slice){text, sizeof(text)}));
		assert_false(characters_beyond((struct slice){text, i}));
	}
}

/* What becomes of a line: as characters, and as bytes. */
struct class_row {
	const char *title;
	const char *regex; /* behind ` h d: ` */
	const char *text;
	const char *unicode;
	const char *bytes;
};

#define FAIL "fail 192.0.2.1 - 1 - - - x:1"

static const struct class_row class_rows[] = {
	{"ASCII is the same", "\\w+ \\S+ <ADDR>$", "ab c:d 192.0.2.1", FAIL,
	 FAIL},
	{"\\w is a letter", "\\w+ <ADDR>$", "m\xc3\xbcller 192.0.2.1", FAIL,
	 "none"},
	{"\\W is none", "m\\W+ller <ADDR>$", "m\xc3\xbcller 192.0.2.1", "none",
	 FAIL},
	{"\\d is a digit of any script", "\\d+ <ADDR>$", "\xd9\xa3 192.0.2.1",
	 FAIL, "none"},
	{"\\S is no space of any kind", "\\S+ <ADDR>$",
	 "a\xc2\xa0"
	 "b 192.0.2.1",
	 "none", FAIL},
	{"\\s is one", "a\\sb <ADDR>$",
	 "a\xe2\x80\x83"
	 "b 192.0.2.1",
	 FAIL, "none"},
	{". is a character", "u=.{6} <ADDR>$", "u=m\xc3\xbcller 192.0.2.1",
	 FAIL, "none"},
	{"a class that excludes takes a character", "u=[^ ]{6} <ADDR>$",
	 "u=m\xc3\xbcller 192.0.2.1", FAIL, "none"},
	{"\\b is no edge within a word", "\xc3\xa9?\\S+\\bx <ADDR>$",
	 "\xc3\xa9\xc3\xa9x 192.0.2.1", "none", "none"},
	{"case", "(?i:\xc3\x9c) <ADDR>$", "\xc3\xbc 192.0.2.1", FAIL, FAIL},
	{"a byte that is no UTF-8 is a character", "u=.{6} <ADDR>$",
	 "u=m\xffller 192.0.2.1", FAIL, FAIL},
	{"and no space", "\\S+ <ADDR>$", "m\xffller 192.0.2.1", FAIL, FAIL},
	{"and no letter", "\\w+ <ADDR>$", "m\xffller 192.0.2.1", "none",
	 "none"},
	{"half a character is one", "u=.{2} <ADDR>$", "u=a\xe2\x82 192.0.2.1",
	 FAIL, "none"},
	{"the user as Python reads it", "<F-USER>\\S+</F-USER> <ADDR>$",
	 "m\xffl 192.0.2.1", "fail 192.0.2.1 m" FFFD "l 1 - - - x:1",
	 "fail 192.0.2.1 m\xffl 1 - - - x:1"},
	{"a letter at the end of anything", ".*\\w <ADDR>$",
	 "\xc3\xa9 192.0.2.1", FAIL, "none"},
};

static void judge_as(const struct class_row *r, const char *options,
		     const char *start, const char *wanted)
{
	char file[512], text[512];
	struct filter_scratch *scratch;
	struct fault why = {0};
	struct logline line;
	struct filter *f;

	snprintf(file, sizeof(file), "[Definition]\n%sfailregex = ^%s%s\n",
		 options, start, r->regex);
	snprintf(text, sizeof(text), "h|d: %s", r->text);
	f = open_one(file, &why);
	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	cut(&line, text, 1);
	judge_line(f, scratch, &line, wanted);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* Filters of fail2ban's read characters, those that name their programs bytes;
 * either may be told otherwise. */
static void class_test(void **state)
{
	const struct class_row *r = *state;

	judge_as(r, "", " h d: ", r->unicode);
	judge_as(r, "unicode = yes\n", " h d: ", r->unicode);
	judge_as(r, "unicode = no\n", " h d: ", r->bytes);
	judge_as(r, "daemon = d\n", "", r->bytes);
	judge_as(r, "daemon = d\nunicode = yes\n", "", r->unicode);
	judge_as(r,
		 "prefregex = ^ h d: <F-CONTENT>.+</F-CONTENT>$\n"
		 "ignoreregex = ^\\w\xc3\xa9$\n",
		 "", r->unicode);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, piece_rows, piece_test);
	ROWS(tests, n, class_rows, class_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(beyond_test);
	return _cmocka_run_group_tests("filter_characters", tests, n, NULL,
				       NULL);
}
