/* filter_literal: the plain bytes that every match of an expression holds. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "filter/literal.h"

/* An expression; what every match begins with, and what every match holds
 * besides, the longest first, with a bar between them. */
struct literal_row {
	const char *title;
	const char *regex;
	const char *start;
	const char *needs;
};

static const struct literal_row literal_rows[] = {
	{"plain text", "login failed", "", "login failed"},
	{"the beginning of a line", "^login failed", "login failed", ""},
	{"\\A is the beginning too", "\\Alogin", "login", ""},
	{"a caret further on is no beginning", "a?^login", "", "login"},
	{"two bytes are not looked for", "ab\\d", "", ""},
	{"but may begin the line", "^ab\\d", "ab", ""},
	{"parts around a class", "abc\\d+defg", "", "defg|abc"},
	{"the same part once", "abc.abc", "", "abc"},
	{"what the beginning has is not looked for again", "^abcdef.*cde",
	 "abcdef", ""},
	{"an escaped dot, bracket, slash", "a\\.b\\[c\\]\\/d", "", "a.b[c]/d"},
	{"an escaped blank and quote", "a\\ b\\\"c", "", "a b\"c"},
	{"classes by a letter", "abc\\w\\W\\s\\S\\d\\D\\b\\B\\h\\Hdef", "",
	 "abc|def"},
	{"a newline, a tab", "login\\nfailed\\tnow", "", "failed|login|now"},
	{"a class in brackets", "abc[xyz]def", "", "abc|def"},
	{"a class that holds its bracket", "abc[]x]def", "", "abc|def"},
	{"a class that does not", "abc[^]x]def", "", "abc|def"},
	{"a class with an escaped bracket", "abc[x\\]y]def", "", "abc|def"},

	/* how often */
	{"nothing at all is enough: *", "abcd*efg", "", "abc|efg"},
	{"nothing at all is enough: ?", "^abcd?efg", "abc", "efg"},
	{"nothing at all is enough: {0,2}", "abcd{0,2}efg", "", "abc|efg"},
	{"nothing at all is enough: {0}", "abcd{0}efg", "", "abc|efg"},
	{"once at least: +", "abcd+efg", "", "abcd|efg"},
	{"once at least: {2}", "abcd{2}efg", "", "abcd|efg"},
	{"once at least, the beginning", "^abcd+efg", "abc", "abcd|efg"},
	{"lazy and possessive", "abcd+?efgh*+ijk", "", "abcd|efg|ijk"},
	{"braces upon braces", "abc{2}{3}xyz", "", "abc|xyz"},
	{"braces upon braces, none is enough", "xabc{2}{0}xyz", "", "xab|xyz"},
	{"braces that are text", "abc{x}def", "", "abc{x}def"},
	{"braces that newer libraries read in another way", "abc{ 0, 2 }def",
	 "", ""},
	{"braces without a first number", "abc{,2}def", "", ""},
	{"braces with a blank behind the number", "abc{0 ,2}def", "", ""},

	/* groups */
	{"a group", "ab(cd)ef", "", ""},
	{"a group holds enough itself", "(abcd)", "", "abcd"},
	{"a group with a name", "(?P<x>abcd)(?<y>efgh)", "", "abcd|efgh"},
	{"a group that may be missing", "(abcd)?efg", "", "efg"},
	{"a group that comes at least once", "(?:abcd)+efg", "", "abcd|efg"},
	{"a group that comes never", "(?:abcd){0}efg", "", "efg"},
	{"a group twice quantified", "(?:abcd){2}{0,1}efg", "", "efg"},
	{"the beginning goes through groups", "^ab(?:cd(?P<x>ef))gh",
	 "abcdefgh", ""},
	{"the beginning ends at a repeated group", "^ab(?:cd)+ef", "ab", ""},
	{"alternatives", "abcd|efgh", "", ""},
	{"alternatives behind the beginning", "^abcd|efgh", "", ""},
	{"alternatives in a group", "abc(?:defg|hijk)lmn", "", "abc|lmn"},
	{"alternatives deeper", "abc(?:(?:defg|hijk)lmn)", "", "abc|lmn"},
	{"alternatives behind a deep part", "abc(?:(?:defg)|hijk)", "", "abc"},
	{"an atomic group", "(?>abcd)", "", "abcd"},
	{"what has to follow", "abc(?=defg)", "", "abc"},
	{"what must not follow", "abc(?!defg)", "", "abc"},
	{"what has to stand before", "(?<=defg)abc", "", "abc"},
	{"what must not stand before", "(?<!defg)abc", "", "abc"},
	{"a group where case does not matter", "abc(?i:defg)hij", "",
	 "abc|hij"},
	{"a group where a dot is any byte", "abc(?s:.)hij", "", "abc|hij"},
	{"a group met again by its name", "(?P<x>abc)\\d(?P=x)def", "",
	 "abc|def"},
	{"a group met again by its number", "(abc)\\1def", "", "abc|def"},

	{"a condition", "(a)?(?(1)login|failed)now", "", "now"},
	{"a condition by its name", "(?P<x>a)?(?(x)login)now", "", "now"},

	/* what is not understood needs nothing */
	{"a byte by its number", "^login\\x20failed", "", ""},
	{"a byte by its number in braces", "^login\\x{20}failed", "", ""},
	{"a byte by its octal number", "^login\\012failed", "", ""},
	{"a byte by its octal number in braces", "login\\o{40}failed", "", ""},
	{"a property", "^login\\p{L}failed", "", ""},
	{"a property by one letter", "^login\\pLfailed", "", ""},
	{"no property", "^login\\PLfailed", "", ""},
	{"a character by its name", "login\\N{U+20}failed", "", ""},
	{"a group by its number in braces", "(a)login\\g{1}failed", "", ""},
	{"a group by its number behind it", "(a)login\\g1failed", "", ""},
	{"a group by its name", "(?<a>x)login\\k<a>failed", "", ""},
	{"a group by its name in braces", "(?<a>x)login\\k{a}failed", "", ""},
	{"a group by a long number",
	 "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10login failed", "", ""},
	{"text in quotes", "a\\Qb*c\\Elogin", "", ""},
	{"a control character", "login\\cAfailed", "", ""},
	{"a cluster", "login\\Xfailed", "", ""},
	{"case does not matter", "(?i)login failed", "", ""},
	{"case does not matter, and names may come twice", "(?Ji)login failed",
	 "", ""},
	{"case does not matter from here on", "log(?i)in failed", "", ""},
	{"blanks do not matter", "(?x)login failed # and so on", "", ""},
	{"blanks do not matter in a group", "(?x:login failed #)\n)", "", ""},
	{"flags taken back", "(?^)login failed", "", ""},
	{"a condition that is no group", "(?(?=a)login|failed)now", "", ""},
	{"a branch that resets", "(?|(abc)|(def))login", "", ""},
	{"a call", "(?1)(login)", "", ""},
	{"a call by its name", "(?P>x)(?P<x>login)", "", ""},
	{"a comment", "login(?#no)failed", "", ""},
	{"a verb", "(*ACCEPT)login", "", ""},
	{"a name in quotes", "(?'x'login)failed", "", ""},
	{"quotes in a class", "abc[\\Q]\\E]login", "", ""},
	{"a control character in a class", "abc[\\c]]login", "", ""},
	{"a class by its name", "abc[[:alpha:]x]login", "", ""},
	{"a character of two bytes", "abc\xc3\xa4*login", "", "login|abc"},
	{"a character of two bytes begins", "^\xc3\xa4*login", "", "login"},
	{"an escaped one", "abc\\\xc3\xa4login", "", ""},
	{"a class that does not end", "abc[def", "", ""},
	{"a group that does not end", "abc(def", "", ""},
	{"a group too many", "abc)def", "", ""},
	{"a quantifier without anything", "^*login", "", "login"},
	{"a backslash at the end", "login\\", "", ""},
	{"nothing", "", "", ""},
};

static void literal_test(void **state)
{
	const struct literal_row *r = *state;
	struct literals needs;
	struct literal start;
	char got[256] = "";
	size_t n = 0;

	literal_derive(r->regex, strlen(r->regex), &start, &needs);
	for (size_t i = 0; i < needs.n; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s",
				      i == 0 ? "" : "|", (int)needs.one[i].len,
				      needs.one[i].at);
	assert_string_equal(got, r->needs);
	snprintf(got, sizeof(got), "%.*s", (int)start.len, start.at);
	assert_string_equal(got, r->start);
}

/* Long ones are cut, many are counted out, deep ones are left alone. */
static void limits_test(void **state)
{
	struct literals needs;
	struct literal start;
	char regex[512];

	(void)state;
	memset(regex, 'a', 100);
	literal_derive(regex, 100, &start, &needs);
	assert_int_equal(start.len, 0);
	assert_int_equal(needs.n, 2);
	assert_int_equal(needs.one[0].len, LITERAL_MAX);
	assert_int_equal(needs.one[1].len, 100 - 2 * LITERAL_MAX);
	regex[0] = '^';
	literal_derive(regex, 100, &start, &needs);
	assert_int_equal(start.len, LITERAL_MAX);
	assert_int_equal(needs.n, 0);
	strcpy(regex, "abc.defgh.ijklm.nopq.rst.uvwxyz");
	literal_derive(regex, strlen(regex), &start, &needs);
	assert_int_equal(needs.n, NEEDS);
	assert_memory_equal(needs.one[0].at, "uvwxyz", 6);
	assert_memory_equal(needs.one[3].at, "nopq", 4);
	memset(regex, '(', 200);
	strcpy(regex + 200, "abcd");
	memset(regex + 204, ')', 200);
	literal_derive(regex, 404, &start, &needs);
	assert_int_equal(start.len + needs.n, 0);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, literal_rows, literal_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(limits_test);
	return _cmocka_run_group_tests("filter_literal", tests, n, NULL, NULL);
}
