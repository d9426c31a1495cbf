/* text: what strangers wrote, made fit to be shown. */
#include "row.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/utf8.h"
#include "text.h"

struct decode_row {
	const char *title;
	const char *text;
	size_t bytes;
	uint32_t code;
};

static const struct decode_row decode_rows[] = {
	{"ASCII", "A", 1, 0x41},
	{"the last of one byte", "\x7f", 1, 0x7f},
	{"the first of two bytes", "\xc2\x80", 2, 0x80},
	{"the last of two bytes", "\xdf\xbf", 2, 0x7ff},
	{"the first of three bytes", "\xe0\xa0\x80", 3, 0x800},
	{"the last before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff},
	{"the last of three bytes", "\xef\xbf\xbf", 3, 0xffff},
	{"the first of four bytes", "\xf0\x90\x80\x80", 4, 0x10000},
	{"the last of all", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	{"only the first character", "\xc3\xa4\xc3", 2, 0xe4},
	{"nothing", "", 0, 0},
	{"a byte that only continues", "\x80", 0, 0},
	{"a slash in two bytes", "\xc0\xaf", 0, 0},
	{"a slash in three bytes", "\xe0\x80\xaf", 0, 0},
	{"a slash in four bytes", "\xf0\x80\x80\xaf", 0, 0},
	{"a surrogate", "\xed\xa0\x80", 0, 0},
	{"behind the last of all", "\xf4\x90\x80\x80", 0, 0},
	{"a lead of five bytes", "\xf8\x88\x80\x80\x80", 0, 0},
	{"a byte that is none", "\xff", 0, 0},
	{"cut after the first of two", "\xc3", 0, 0},
	{"cut after the third of four", "\xf0\x9f\x98", 0, 0},
	{"a lead where it should continue", "\xe2\xc3\xa4", 0, 0},
};

static void decode_test(void **state)
{
	const struct decode_row *r = *state;
	uint32_t code = 7;

	assert_int_equal(utf8_decode(r->text, strlen(r->text), &code),
			 r->bytes);
	assert_int_equal(code, r->bytes == 0 ? 7 : r->code);
}

struct put_row {
	const char *title;
	const char *text;
	const char *shown;
	size_t width;
	const char *ascii; /* shown without UTF-8; NULL: the same */
};

static const struct put_row put_rows[] = {
	{"plain text stays", "alice@example.org", "alice@example.org", 17,
	 NULL},
	{"no text", "", "", 0, NULL},
	{"the backslash is escaped", "a\\x1b", "a\\\\x1b", 6, NULL},
	{"newline and tab", "a\n\tb", "a\\n\\tb", 6, NULL},
	{"escape, bell, delete", "\033[2J\007\177", "\\x1b[2J\\x07\\x7f", 15,
	 NULL},
	{"the C1 form of escape-bracket", "\302\2332J", "\\u{9b}2J", 8, NULL},
	{"bytes that are no UTF-8", "\377a\303", "\\xffa\\xc3", 9, NULL},
	{"letters of one column", "M\303\274ller", "M\303\274ller", 6,
	 "M\\u{fc}ller"},
	{"letters of two columns", "\346\227\245\346\234\254",
	 "\346\227\245\346\234\254", 4, "\\u{65e5}\\u{672c}"},
	{"an accent of its own takes none", "e\314\201", "e\314\201", 1,
	 "e\\u{301}"},
	{"right-to-left override", "\342\200\256gnp", "\\u{202e}gnp", 11, NULL},
	{"an isolate", "\342\201\246x", "\\u{2066}x", 9, NULL},
	{"zero width space", "a\342\200\213b", "a\\u{200b}b", 10, NULL},
	{"line separator", "a\342\200\250b", "a\\u{2028}b", 10, NULL},
	{"byte order mark", "\357\273\277a", "\\u{feff}a", 9, NULL},
	{"a tag character", "\363\240\201\201", "\\u{e0041}", 9, NULL},
	{"a character that is not assigned", "\315\270", "\\u{378}", 7, NULL},
};

static void put_test(void **state)
{
	const struct put_row *r = *state;
	const char *ascii = r->ascii == NULL ? r->shown : r->ascii;
	size_t width;
	char *shown = text_shown(r->text, true, &width);

	assert_string_equal(shown, r->shown);
	assert_int_equal(width, r->width);
	free(shown);
	shown = text_shown(r->text, false, &width);
	assert_string_equal(shown, ascii);
	assert_int_equal(width, strlen(ascii));
	free(shown);
}

struct fit_row {
	const char *title;
	const char *shown;
	size_t columns;
	size_t bytes;
	size_t width;
};

static const struct fit_row fit_rows[] = {
	{"all of it fits", "abc", 3, 3, 3},
	{"a part fits", "abcdef", 3, 3, 3},
	{"nothing fits in nothing", "abc", 0, 0, 0},
	{"no text", "", 9, 0, 0},
	{"an escape may be cut", "\\x1b", 2, 2, 2},
	{"letters of two bytes", "\303\274\303\274\303\274", 2, 4, 2},
	{"half a wide letter does not fit", "\346\227\245\346\234\254", 3, 3,
	 2},
	{"an accent stays with its letter", "ae\314\201b", 2, 4, 2},
};

static void fit_test(void **state)
{
	const struct fit_row *r = *state;
	size_t width;

	assert_int_equal(
		text_fit(r->shown, strlen(r->shown), r->columns, &width),
		r->bytes);
	assert_int_equal(width, r->width);
}

/* Whatever the bytes, no control character comes out. */
static void every_pair_test(void **state)
{
	size_t width;

	(void)state;
	for (unsigned i = 1; i < 0x10000; i++) {
		char text[] = {(char)(i >> 8 | (i < 0x100)), (char)i, 0};
		char *shown = text_shown(text, true, &width);

		for (const char *c = shown; *c != '\0'; c++)
			assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		assert_null(strstr(shown, "\302\233"));
		free(shown);
	}
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
		puts("Bail out! no locale C.UTF-8");
		return 1;
	}
	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, decode_rows, decode_test);
	ROWS(tests, n, put_rows, put_test);
	ROWS(tests, n, fit_rows, fit_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_pair_test);
	return _cmocka_run_group_tests("text", tests, n, NULL, NULL);
}
