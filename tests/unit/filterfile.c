/* filterfile: the language, from files to rules. */
#include "row.h"

#include <string.h>
#include <sys/stat.h>

#include "saslban/filterfile.h"
#include "scratchdir.h"

/* What comes of a file x.conf, and of y.conf if it has one: the rules, one on
 * each line, or the fault. */
struct load_row {
	const char *title;
	const char *x;
	const char *y;
	const char *spec;
	const char *rules; /* `fail REGEX`, `prefix REGEX` ... */
	const char *fault;
};

#define D "[Definition]\n"

static const struct load_row load_rows[] = {
	{"one rule", D "failregex = ^a$\n", NULL, "x", "fail ^a$\n", NULL},
	{"rules stand on lines of their own",
	 D "failregex = ^a$\n            ^b$\n", NULL, "x",
	 "fail ^a$\nfail ^b$\n", NULL},
	{"the first rule may stand on the second line",
	 D "failregex =\n\t^a$\n\t^b$\n", NULL, "x", "fail ^a$\nfail ^b$\n",
	 NULL},
	{"an empty line does not end a value",
	 D "failregex = ^a$\n\n            ^b$\n", NULL, "x",
	 "fail ^a$\nfail ^b$\n", NULL},
	{"a remark inside a value is left out",
	 D "failregex = ^a$\n# no\n            # no\n            ^b$\n", NULL,
	 "x", "fail ^a$\nfail ^b$\n", NULL},
	{"a remark behind a blank and a semicolon",
	 D "failregex = ^a;b$ ; remark\n", NULL, "x", "fail ^a;b$\n", NULL},
	{"a colon does as well", D "failregex : ^a$\n", NULL, "x", "fail ^a$\n",
	 NULL},
	{"the first of = and : splits", D "failregex = ^a: b=c$\n", NULL, "x",
	 "fail ^a: b=c$\n", NULL},
	{"names are not case sensitive", D "_Who = a\nFailRegex = ^%(_WHO)s$\n",
	 NULL, "x", "fail ^a$\n", NULL},
	{"a value may begin with #", D "failregex = #a$\n", NULL, "x",
	 "fail #a$\n", NULL},
	{"carriage returns are blanks", D "failregex = ^a$\r\n", NULL, "x",
	 "fail ^a$\n", NULL},
	{"kinds come in their order",
	 D "knownregex = k\nignoreregex = i\nokregex = o\ntroubleregex = t\n"
	   "summaryregex = s\ndoubtregex = d\nfailregex = f\nprefregex = p\n",
	 NULL, "x",
	 "prefix p\nfail f\ndoubt d\nsummary s\nok o\ntrouble t\nignore i\n"
	 "known k\n",
	 NULL},
	{"no rules at all is a file", D, NULL, "x", "", NULL},

	{"a value in a value",
	 D "a = b%(c)sd\nc = %(e)s\ne = E\n"
	   "failregex = %(a)s\n",
	 NULL, "x", "fail bEd\n", NULL},
	{"a percent sign is written twice", D "failregex = 5%%\n", NULL, "x",
	 "fail 5%\n", NULL},
	{"[DEFAULT] is behind every section",
	 "[DEFAULT]\nw = a\n" D "failregex = %(w)s\n", NULL, "x", "fail a\n",
	 NULL},
	{"the section's own comes first",
	 "[DEFAULT]\nw = a\n" D "w = b\nfailregex = %(w)s\n", NULL, "x",
	 "fail b\n", NULL},
	{"from another section",
	 "[other]\nw = a\n" D "failregex = %(other/w)s\n", NULL, "x",
	 "fail a\n", NULL},
	{"a tag is put in", D "w = a\nfailregex = <w>b\n", NULL, "x",
	 "fail ab\n", NULL},
	{"a tag from [Init]", "[Init]\nw = a\n" D "failregex = <w>b\n", NULL,
	 "x", "fail ab\n", NULL},
	{"[Init] before [Definition]",
	 "[Init]\nw = a\n" D "w = c\nfailregex = <w>b\n", NULL, "x",
	 "fail ab\n", NULL},
	{"brackets before [Init]", "[Init]\nw = a\n" D "failregex = <w>b\n",
	 NULL, "x[w=z]", "fail zb\n", NULL},
	{"brackets before %(name)s", D "w = a\nfailregex = %(w)s\n", NULL,
	 "x[w=z]", "fail z\n", NULL},
	{"a tag with a section",
	 "[s]\nw = a%(v)s\nv = c\n" D "v = d\nfailregex = <s/w>\n", NULL, "x",
	 "fail ac\n", NULL},
	{"a tag in a tag",
	 D "mode = one\nmdre-one = ^1$\nmdre-two = ^2$\n"
	   "failregex = <mdre-<mode>>\n",
	 NULL, "x", "fail ^1$\n", NULL},
	{"a tag in a tag, by brackets",
	 D "mode = one\nmdre-one = ^1$\nmdre-two = ^2$\n            ^3$\n"
	   "failregex = <mdre-<mode>>\n",
	 NULL, "x[mode=two]", "fail ^2$\nfail ^3$\n", NULL},
	{"an empty mode is no rule",
	 D "mode = one\nmdre-one =\nfailregex = ^a$\n            <mdre-<mode>>"
	   "\n",
	 NULL, "x", "fail ^a$\n", NULL},
	{"what no option is called stays",
	 D "failregex = from=<[^>]*> <x> <no/such>\n", NULL, "x",
	 "fail from=<[^>]*> <x> <no/such>\n", NULL},
	{"quoted parameters", D "failregex = <a>|<b>|<c>\n", NULL,
	 "x[a=\"1,]\", b='2\"'][c=3 ]", "fail 1,]|2\"|3\n", NULL},

	{"before is read before",
	 "[INCLUDES]\nbefore = y.conf\n" D "w = a\nfailregex = %(w)s%(v)s\n",
	 D "w = c\nv = d\n", "x", "fail ad\n", NULL},
	{"after is read after",
	 "[INCLUDES]\nafter = y.conf\n" D "w = a\nfailregex = %(w)s\n",
	 D "w = c\n", "x", "fail c\n", NULL},
	{"known is what was before",
	 "[INCLUDES]\nbefore = y.conf\n" D
	 "w = %(known/w)sb\nfailregex = %(w)s\n",
	 D "w = a\n", "x", "fail ab\n", NULL},
	{"known falls back to [DEFAULT]",
	 "[INCLUDES]\nbefore = y.conf\n" D
	 "w = %(known/w)sb\nfailregex = %(w)s\n",
	 "[DEFAULT]\nw = a\n", "x", "fail ab\n", NULL},
	{"a loop of includes ends",
	 "[INCLUDES]\nbefore = y.conf\n" D "failregex = a\n",
	 "[INCLUDES]\nbefore = ./x.conf\n", "x", "fail a\n", NULL},
	{"a missing local file is nothing",
	 "[INCLUDES]\nafter = y.local\n" D "failregex = a\n", NULL, "x",
	 "fail a\n", NULL},

	{"a named group", D "failregex = <F-USER>a</F-USER>\n", NULL, "x",
	 "fail (?P<user>a)\n", NULL},
	{"any name", D "failregex = <F-ALT_USER_1>a</F-ALT_USER_1>\n", NULL,
	 "x", "fail (?P<alt_user_1>a)\n", NULL},
	{"a name with a hyphen", D "failregex = <F-A-B>a</F-A-B>\n", NULL, "x",
	 "fail (?P<a_b>a)\n", NULL},
	{"id and port have names of their own",
	 D "failregex = <F-ID>a</F-ID><F-PORT/>\n", NULL, "x",
	 "fail (?P<fid>a)(?P<fport>\\w+)\n", NULL},
	{"a group of Python's is no tag",
	 D "failregex = (?P<USER>a)(?P=USER)\n", NULL, "x",
	 "fail (?P<USER>a)(?P=USER)\n", NULL},
	{"<CIDR>", D "failregex = /<CIDR>\n", NULL, "x",
	 "fail /(?P<cidr>[0-9]+)\n", NULL},
	{"<DNS>", D "failregex = <DNS>\n", NULL, "x",
	 "fail (?P<dns>[\\w\\-.^_]*\\w)\n", NULL},

	{"\\Z is the very end", D "failregex = a\\Z\n", NULL, "x",
	 "fail a\\z\n", NULL},
	{"a backslash before Z stays", D "failregex = a\\\\Z\n", NULL, "x",
	 "fail a\\\\Z\n", NULL},
	{"{,n} begins with nought", D "failregex = a{,3}b{2,}c{4}d{x}\n", NULL,
	 "x", "fail a{0,3}b{2,}c{4}d{x}\n", NULL},
	{"{,n} in a class stays", D "failregex = [{,3}]\n", NULL, "x",
	 "fail [{,3}]\n", NULL},
	{"a class may hold ] and [", D "failregex = []a[]{,2}\n", NULL, "x",
	 "fail []a[]{0,2}\n", NULL},
	{"flags u and a are dropped", D "failregex = (?iu)a\n", NULL, "x",
	 "fail (?i)a\n", NULL},
	{"flag u alone is dropped whole", D "failregex = (?u)a\n", NULL, "x",
	 "fail a\n", NULL},
	{"flags in a group of their own", D "failregex = a(?ai:b)\n", NULL, "x",
	 "fail a(?i:b)\n", NULL},
	{"flags that begin a group are the group's",
	 D "failregex = a((?i)b|c)(?:(?i)d)\n", NULL, "x",
	 "fail a(?i:b|c)(?i:d)\n", NULL},
	{"possessive and atomic stay", D "failregex = a++(?>b)c?+\n", NULL, "x",
	 "fail a++(?>b)c?+\n", NULL},
	{"look-arounds stay", D "failregex = (?<=a)(?<!b)c(?=d)(?!e)\n", NULL,
	 "x", "fail (?<=a)(?<!b)c(?=d)(?!e)\n", NULL},
	{"a condition stays", D "failregex = (?P<q>')?a(?(q)'|b)\n", NULL, "x",
	 "fail (?P<q>')?a(?(q)'|b)\n", NULL},

	{"the file's name is the filter's too", D "failregex = ^a$\n", NULL,
	 "x.conf", "fail ^a$\n", NULL},
	{"a parameter of the file that this mode does not ask for",
	 D "mode = one\nmdre-one = ^1$\nw = a\nfailregex = <mdre-<mode>>\n",
	 NULL, "x[w=b]", "fail ^1$\n", NULL},
	{"a parameter that only the expressions ask for",
	 D "failregex = ^<w>$\n", NULL, "x[w=b]", "fail ^b$\n", NULL},
	{"a parameter that means something to fail2ban only",
	 D "failregex = ^a$\n", NULL, "x[logtype=journal]", "fail ^a$\n", NULL},

	/* ---- what is refused ---- */

	{"an unknown filter", D, NULL, "z", NULL,
	 "unknown filter 'z'; in '.', 'elsewhere' there are: x"},
	{"one by its file", D, D, "z.conf", NULL,
	 "unknown filter 'z.conf'; in '.', 'elsewhere' there are: x, y"},
	{"a path that is not there", D, NULL, "./z.conf", NULL,
	 "cannot open './z.conf': No such file or directory"},
	{"no name", D, NULL, "[a=b]", NULL,
	 "'[a=b]': filter without a name; allowed: name[mode=x, other=\"y\"]"},
	{"a bracket not closed", D, NULL, "x[a=b", NULL,
	 "'x[a=b': bracket not closed; allowed: name[mode=x, other=\"y\"]"},
	{"a quote not closed", D, NULL, "x[a=\"b]", NULL,
	 "'x[a=\"b]': quote not closed; allowed: name[mode=x, other=\"y\"]"},
	{"text behind the brackets", D, NULL, "x[a=b]c", NULL,
	 "'x[a=b]c': text behind the brackets; allowed: name[mode=x, "
	 "other=\"y\"]"},
	{"no [Definition]", "[DEFAULT]\nfailregex = a\n", NULL, "x", NULL,
	 "./x.conf: no section [Definition]"},
	{"text before a section", "a = b\n", NULL, "x", NULL,
	 "./x.conf:1: text before the first [section]"},
	{"neither option nor section", D "a\n", NULL, "x", NULL,
	 "./x.conf:2: expected 'name = value' or '[section]'"},
	{"an option twice", D "a = 1\nb = 2\na = 3\n", NULL, "x", NULL,
	 "./x.conf:4: option given a second time in this section"},
	{"a section twice", D "a = 1\n[Init]\n" D, NULL, "x", NULL,
	 "./x.conf:4: section given a second time"},
	{"an include that is not there", "[INCLUDES]\nbefore = z.conf\n" D,
	 NULL, "x", NULL, "./x.conf:2: cannot find 'z.conf' beside it in './'"},
	{"no such option", D "failregex = a\n            %(w)s\n", NULL, "x",
	 NULL, "./x.conf:3: no option 'w' for %(w)s"},
	{"a percent sign alone", D "failregex = 5%\n", NULL, "x", NULL,
	 "./x.conf:2: '%' without a name; allowed: %(name)s, or %% for itself"},
	{"a value of itself", D "w = %(w)s\nfailregex = %(w)s\n", NULL, "x",
	 NULL, "./x.conf:2: 'w' is defined by itself"},
	{"a tag of itself", D "w = a<w>\nfailregex = <w>\n", NULL, "x", NULL,
	 "./x.conf:2: <w> is defined by itself"},
	{"a parameter that nothing asks for",
	 D "mode = a\nfailregex = ^<mode>$\n", NULL, "x[mode=b, mod=c]", NULL,
	 "'x[mode=b, mod=c]': the filter has no use for 'mod'; allowed: "
	 "options "
	 "that its files name"},
	{"an unknown mode", D "mode = a\nfailregex = <mdre-<mode>>\n", NULL,
	 "x[mode=zz]", NULL, "./x.conf:3: unknown mode 'zz'; allowed: none"},
	{"an unknown mode among others",
	 D "mode = a\nmdre-b = ^b$\nmdpr-c = c\nfailregex = <mdre-<mode>>\n"
	   "mdre-a = ^a$\n[Init]\nmdre-i = ^i$\n",
	 NULL, "x[mode=zz]", NULL,
	 "./x.conf:5: unknown mode 'zz'; allowed: b, a, i"},
	{"<SKIPLINES>", D "failregex = a\n            b<SKIPLINES>c\n", NULL,
	 "x", NULL,
	 "./x.conf:3: <SKIPLINES> is not supported: a rule sees one line; join "
	 "lines with <F-MLFID>"},
	{"split_at, a word", D "daemon = d\nsplit_at = yes\nfailregex = a\n",
	 NULL, "x", NULL,
	 "./x.conf:3: split_at 'yes' is not understood; allowed: no, 64 to "
	 "4096 bytes"},
	{"split_at, too few", D "daemon = d\nsplit_at = 63\nfailregex = a\n",
	 NULL, "x", NULL,
	 "./x.conf:3: split_at '63' is not understood; allowed: no, 64 to "
	 "4096 bytes"},
	{"split_at, and more", D "daemon = d\nsplit_at = 870b\nfailregex = a\n",
	 NULL, "x", NULL,
	 "./x.conf:3: split_at '870b' is not understood; allowed: no, 64 to "
	 "4096 bytes"},
	{"split_at, of no program", D "split_at = 870\nfailregex = a\n", NULL,
	 "x", NULL, "./x.conf:2: split_at needs daemon"},
	{"split_at, and unicode",
	 D "daemon = d\nsplit_at = 870\nunicode = yes\nfailregex = a\n", NULL,
	 "x", NULL, "./x.conf:3: split_at does not go with unicode"},
	{"session_age, a word", D "session_age = long\nfailregex = a\n", NULL,
	 "x", NULL,
	 "./x.conf:2: session_age 'long' is not understood; allowed: 1s to "
	 "7d"},
	{"session_age, none", D "session_age = 0\nfailregex = a\n", NULL, "x",
	 NULL,
	 "./x.conf:2: session_age '0' is not understood; allowed: 1s to 7d"},
	{"session_age, for ever", D "session_age = forever\nfailregex = a\n",
	 NULL, "x", NULL,
	 "./x.conf:2: session_age 'forever' is not understood; allowed: 1s to "
	 "7d"},
	{"maxlines", D "maxlines = 10\nfailregex = a\n", NULL, "x", NULL,
	 "./x.conf:2: maxlines '10' is not supported: a rule sees one line; "
	 "join lines with <F-MLFID>"},
	{"a closing tag alone", D "failregex = a</F-USER>\n", NULL, "x", NULL,
	 "./x.conf:2: </F-USER> closes what was not opened"},
	{"global flags inside", D "failregex = ^a(?i)b\n", NULL, "x", NULL,
	 "./x.conf:2: flags for the whole expression stand at its start; "
	 "elsewhere write (?i:...)\n"
	 "    failregex = ^a(?i)b\n"
	 "                  ^"},
	{"flag L", D "failregex = (?L)b\n", NULL, "x", NULL,
	 "./x.conf:2: flag L is not supported\n"
	 "    failregex = (?L)b\n"
	 "                ^"},
	{"a POSIX class", D "failregex = a[[:space:]]\n", NULL, "x", NULL,
	 "./x.conf:2: [[:name:]] is not Python's; write the characters, or \\d "
	 "\\w \\s\n"
	 "    failregex = a[[:space:]]\n"
	 "                  ^"},
	{"a character by number", D "failregex = a\\u00e4\n", NULL, "x", NULL,
	 "./x.conf:2: \\u, \\U and \\N are Python's alone; write the character "
	 "itself\n"
	 "    failregex = a\\u00e4\n"
	 "                 ^"},
	{"a verb", D "failregex = (*ACCEPT)a\n", NULL, "x", NULL,
	 "./x.conf:2: (*VERB) is not Python's\n"
	 "    failregex = (*ACCEPT)a\n"
	 "                ^"},
	{"the fault is where the words stand",
	 "[INCLUDES]\nbefore = y.conf\n" D "failregex = ^a %(w)s$\n",
	 D "v = 1\nw = (*x)\n", "x", NULL,
	 "./y.conf:3: (*VERB) is not Python's\n"
	 "    w = (*x)\n"
	 "        ^"},
	{"on a line of its own", D "failregex = ^a$\n\t\t^b$\n\t\t^c(*x)$\n",
	 NULL, "x", NULL,
	 "./x.conf:4: (*VERB) is not Python's\n"
	 "    ^c(*x)$\n"
	 "      ^"},
	{"behind characters beyond ASCII",
	 D "failregex = ^\xc3\xa9\xe2\x82\xac(*x)$\n", NULL, "x", NULL,
	 "./x.conf:2: (*VERB) is not Python's\n"
	 "    failregex = ^\xc3\xa9\xe2\x82\xac(*x)$\n"
	 "                   ^"},
	{"behind what stands for a host", D "failregex = ^<HOST> %%(*x)$\n",
	 NULL, "x", NULL,
	 "./x.conf:2: (*VERB) is not Python's\n"
	 "    failregex = ^<HOST> %%(*x)$\n"
	 "                          ^"},
	{"in the stanza's brackets there is no line", D "failregex = ^<w>$\n",
	 NULL, "x[w=(*y)]", NULL, "'x': (*VERB) is not Python's"},
};

static const char *kind_of(enum rule_kind kind)
{
	static const char *const names[RULE_KINDS] = {
		[RULE_FAIL] = "fail",       [RULE_DOUBT] = "doubt",
		[RULE_SUMMARY] = "summary", [RULE_OK] = "ok",
		[RULE_TROUBLE] = "trouble", [RULE_IGNORE] = "ignore",
		[RULE_KNOWN] = "known",     [RULE_AMBIGUOUS] = "ambiguous"};

	return names[kind];
}

static void spell(const struct filterfile *f, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	if (f->prefix != NULL)
		n += (size_t)snprintf(out, size, "prefix %s\n",
				      f->prefix->regex);
	for (size_t i = 0; i < f->nrules; i++)
		n += (size_t)snprintf(out + n, size - n, "%s %s\n",
				      kind_of(f->rules[i].kind),
				      f->rules[i].regex);
}

static void load_test(void **state)
{
	static const char *const dirs[] = {".", "elsewhere"};
	const struct load_row *r = *state;
	struct filterfile *f = NULL;
	struct scratchdir d;
	struct fault why = {0};
	char rules[1024];
	int result;

	scratchdir_open(&d);
	scratchdir_put(&d, "x.conf", r->x);
	if (r->y != NULL)
		scratchdir_put(&d, "y.conf", r->y);
	result = filterfile_open(&f, r->spec, dirs, 2, &why);
	scratchdir_close(&d);
	if (r->fault != NULL) {
		assert_int_equal(result, -1);
		assert_string_equal(why.text, r->fault);
		assert_int_equal(why.kind, FAULT_FILTER);
		assert_null(f);
		return;
	}
	assert_string_equal(why.text, "");
	assert_int_equal(result, 0);
	spell(f, rules, sizeof(rules));
	assert_string_equal(rules, r->rules);
	filterfile_close(f);
}

/* Each kind by its option, as reports have it, and as part of a name. */
static void kinds_test(void **state)
{
	static const struct rule_kind_row wanted[RULE_KINDS] = {
		[RULE_FAIL] = {"failregex", "failure", ""},
		[RULE_DOUBT] = {"doubtregex", "doubtful", "doubt:"},
		[RULE_SUMMARY] = {"summaryregex", "summary", "summary:"},
		[RULE_OK] = {"okregex", "success", "ok:"},
		[RULE_TROUBLE] = {"troubleregex", "trouble", "trouble:"},
		[RULE_IGNORE] = {"ignoreregex", "ignore", "ignore:"},
		[RULE_KNOWN] = {"knownregex", "known", "known:"},
		[RULE_AMBIGUOUS] = {"ambiguousregex", "ambiguous",
				    "ambiguous:"},
	};

	(void)state;
	for (size_t i = 0; i < RULE_KINDS; i++) {
		assert_string_equal(rule_kinds[i].option, wanted[i].option);
		assert_string_equal(rule_kinds[i].word, wanted[i].word);
		assert_string_equal(rule_kinds[i].mark, wanted[i].mark);
	}
}

static void layers_test(void **state)
{
	static const char *const dirs[] = {"."};
	struct filterfile *f = NULL;
	struct scratchdir d;
	struct fault why;
	unsigned line;

	(void)state;
	scratchdir_open(&d);
	scratchdir_put(&d, "x.conf",
		       D "daemon = a b*\nw = 1\nfailregex = ^%(w)s$\n");
	scratchdir_put(&d, "x.local", "\n\n" D "w = %(known/w)s2\n");
	assert_int_equal(filterfile_open(&f, "x[file=log*]", dirs, 1, &why), 0);
	scratchdir_close(&d);
	assert_string_equal(f->name, "x");
	assert_string_equal(f->daemon, "a b*");
	assert_string_equal(f->file, "log*");
	assert_int_equal(f->nrules, 1);
	assert_string_equal(f->rules[0].regex, "^12$");
	assert_string_equal(filterfile_where(f, f->rules, 0, &line),
			    "./x.conf");
	assert_int_equal(line, 4);
	(void)filterfile_where(f, f->rules, 1, &line);
	assert_int_equal(line, 3);
	assert_string_equal(filterfile_where(f, f->rules, 2, &line),
			    "./x.local");
	assert_int_equal(line, 4);
	filterfile_close(f);
}

static void drop_ins_test(void **state)
{
	static const char *const dirs[] = {"."};
	struct filterfile *f = NULL;
	struct scratchdir d;
	struct fault why;

	(void)state;
	scratchdir_open(&d);
	assert_int_equal(mkdir("x.d", 0755), 0);
	scratchdir_put(&d, "x.conf", D "w = 1\nfailregex = %(w)s\n");
	scratchdir_put(&d, "x.d/b.conf", D "w = %(known/w)s3\n");
	scratchdir_put(&d, "x.d/a.conf", D "w = 2\n");
	scratchdir_put(&d, "x.d/a.other", D "w = 0\n");
	scratchdir_put(&d, "x.d/z.local", D "v = 5\nfailregex = ^%(w)s%(v)s\n");
	assert_int_equal(filterfile_open(&f, "x", dirs, 1, &why), 0);
	for (size_t i = 0; i < d.files; i++)
		unlink(d.file[i]);
	d.files = 0;
	assert_int_equal(rmdir("x.d"), 0);
	scratchdir_close(&d);
	assert_int_equal(f->nrules, 1);
	assert_string_equal(f->rules[0].regex, "^235");
	filterfile_close(f);
}

static void notes_test(void **state)
{
	static const char *const dirs[] = {"."};
	struct filterfile *f = NULL;
	struct scratchdir d;
	struct fault why;

	(void)state;
	scratchdir_open(&d);
	scratchdir_put(&d, "x.conf",
		       D "datepattern = %%d\nlogtype = file\nmaxlines = 1\n"
			 "failregex = a\n[Init]\njournalmatch = b\n");
	assert_int_equal(filterfile_open(&f, "./x", dirs, 1, &why), 0);
	scratchdir_close(&d);
	assert_null(f->daemon);
	assert_int_equal(f->nnotes, 4);
	assert_string_equal(f->notes[0], "datepattern");
	assert_string_equal(f->notes[1], "journalmatch");
	assert_string_equal(f->notes[2], "logtype");
	assert_string_equal(f->notes[3], "maxlines");
	filterfile_close(f);
	filterfile_close(NULL);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, load_rows, load_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(kinds_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(layers_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(drop_ins_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(notes_test);
	return _cmocka_run_group_tests("filterfile", tests, n, NULL, NULL);
}
