/* shortcut: see shortcut.h. */
#include "shortcut.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "filter/compiled.h"
#include "../unit/random.h"

enum { FILTERS = 2, RULES = 3, TEXT = 1024, DEPTH = 4, CHANGED = 6 };

/* An expression's part, and text that it matches, at the place where such
 * text is likely to be. %u is another number each time. */
struct part {
	const char *regex;
	const char *text;
};

static const struct part parts[] = {
	{"login", "login"},
	{"failed", "failed"},
	{" ", " "},
	{"user=", "user="},
	{"a", "a"},
	{":", ":"},
	{"\\.", "."},
	{"\\[", "["},
	{"\\\"", "\""},
	{"\\_", "_"},
	{".", "x"},
	{"\\d", "4"},
	{"\\D", "x"},
	{"\\w", "w"},
	{"\\W", "-"},
	{"\\s", " "},
	{"\\S", "q"},
	{"\\h", " "},
	{"\\b", ""},
	{"\\B", ""},
	{"\\R", "\r"},
	{"\\X", "z"},
	{"\\K", ""},
	{"\\t", "\t"},
	{"\\n", ""},
	{"\\e", "\033"},
	{"$", ""},
	{"^", ""},
	{"]", "]"},
	{"}", "}"},
	{"{", "{"},
	{"{x}", "{x}"},
	{"a{,2}", "aa"},
	{"a{ 1}", "a{ 1}"},
	{"ab{2}{3}", "abbbbbb"},
	/* a byte by its number */
	{"\\x20", " "},
	{"\\x{20}failed", " failed"},
	{"\\x2efailed", ".failed"},
	{"\\x", ""},
	{"\\012", ""},
	{"\\040login", " login"},
	{"\\o{40}", " "},
	{"\\cAlogin", "\001login"},
	{"\\c[", "\033"},
	{"\\7login", "login"},
	/* properties */
	{"\\p{L}ogin", "login"},
	{"\\pLogin", "login"},
	{"\\P{L}", "5"},
	{"\\PLogin", "5ogin"},
	{"\\p{^Lu}", "l"},
	{"\\N{U+20}", " "},
	/* groups met again */
	{"(ab)\\1", "abab"},
	{"(ab)\\12", "ab\n"},
	{"(ab)\\g1", "abab"},
	{"(ab)\\g{-1}", "abab"},
	{"(?P<n%u>ab)(?P=n%u)", "abab"},
	{"(?<n%u>ab)\\k<n%u>", "abab"},
	{"(?'n%u'ab)\\k'n%u'", "abab"},
	{"(?<n%u>ab)\\k{n%u}", "abab"},
	{"(?<n%u>ab)(?&n%u)", "abab"},
	{"(?<n%u>ab)?(?(n%u)login|failed)", "failed"},
	{"(?(?=l)login|failed)", "failed"},
	{"(?(DEFINE)(?<n%u>login))", ""},
	/* quotes and comments */
	{"\\Qa.b\\E", "a.b"},
	{"\\Q*+?\\E", "*+?"},
	{"\\E", ""},
	{"(?#failed)", ""},
	/* classes */
	{"[abc]", "b"},
	{"[^x]", "y"},
	{"[]a]", "]"},
	{"[^]a]", "z"},
	{"[\\]x]", "]"},
	{"[\\x5d]a]", "]a]"},
	{"[\\Q]\\E]login", "]login"},
	{"[\\c]]login", "\035login"},
	{"[\\d[]", "["},
	/* flags */
	{"(?i:logIN)", "LOGin"},
	{"((?i)login)", "LOGIN"},
	{"(?:(?i)login)", "LOGIN"},
	{"(?Ji:login)", "LOGIN"},
	{"(?i-s:login)", "LOGIN"},
	{"(?-i:login)", "login"},
	{"(?s:.)", "x"},
	{"(?x:log in #)", "login"},
	{"(?^:login)", "login"},
	{"(?U)", ""},
	{"(?J)", ""},
	/* what is no text */
	{"(?|(login)|(failed))", "failed"},
	{"(?>login|log)", "login"},
	{"(?=.)", ""},
	{"(?!zzz)", ""},
	{"(?<!zzz)", ""},
	{"(?<=.)", ""},
	{"(?=failed)", ""},
	{"(?1)", ""},
	{"(?R)?", ""},
	/* characters of more than one byte */
	{"\xc3\xa4", "\xc3\xa4"},
	{"\xc3\xa4*", ""},
	{"\xc3\xa4?b", "b"},
	{"[\xc3\xa4\xc3\xb6]", "\xc3\xb6"},
};

/* {n}: how often the text may come. */
struct count {
	const char *regex;
	unsigned min, max;
};

static const struct count counts[] = {
	{"*", 0, 3},   {"+", 1, 3},   {"?", 0, 1},      {"{0}", 0, 0},
	{"{1}", 1, 1}, {"{2}", 2, 2}, {"{0,2}", 0, 2},  {"{1,}", 1, 3},
	{"*?", 0, 3},  {"++", 1, 3},  {"{0,1}+", 0, 1}, {"{,2}", 0, 2},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- text ---- */

struct text {
	char at[TEXT];
	size_t len;
};

static void put(struct text *t, const char *bytes, size_t len)
{
	if (len > TEXT - 1 - t->len)
		len = TEXT - 1 - t->len;
	memcpy(t->at + t->len, bytes, len);
	t->len += len;
	t->at[t->len] = '\0';
}

static void puts_to(struct text *t, const char *words)
{
	put(t, words, strlen(words));
}

/* Each %u as the same number. */
static void put_part(struct text *t, const char *words, unsigned number)
{
	char digits[16];
	const char *mark;

	snprintf(digits, sizeof(digits), "%u", number);
	while ((mark = strstr(words, "%u")) != NULL) {
		put(t, words, (size_t)(mark - words));
		puts_to(t, digits);
		words = mark + 2;
	}
	puts_to(t, words);
}

/* ---- expressions ---- */

struct pair {
	struct text regex;
	struct text text; /* that it may match */
	unsigned names;
};

/* Behind the end of the data every choice is 0, so no loop goes on for a 0. */
static unsigned choose(struct shortcut *s, unsigned limit)
{
	if (s->len > 0) {
		s->len--;
		return *s->data++ % limit;
	}
	return s->random == 0 ? 0 : (unsigned)random_below(&s->random, limit);
}

static void sequence(struct shortcut *s, struct pair *p, unsigned depth);

/* The text from offset on n times instead of once. */
static void repeat(struct text *t, size_t offset, unsigned n)
{
	struct text once = {.len = 0};

	put(&once, t->at + offset, t->len - offset);
	t->len = offset;
	t->at[offset] = '\0';
	while (n-- > 0)
		put(t, once.at, once.len);
}

static void quantify(struct shortcut *s, struct pair *p, size_t offset)
{
	const struct count *c = &counts[choose(s, COUNT(counts))];

	puts_to(&p->regex, c->regex);
	repeat(&p->text, offset, c->min + choose(s, c->max - c->min + 1));
}

static void branch(struct shortcut *s, struct pair *p, unsigned depth)
{
	size_t before = p->text.len, after;

	sequence(s, p, depth);
	after = p->text.len;
	while (choose(s, 3) == 1) {
		puts_to(&p->regex, "|");
		if (choose(s, 2) == 0) {
			sequence(s, p, depth);
			p->text.len = after;
		} else {
			p->text.len = before;
			sequence(s, p, depth);
			after = p->text.len;
		}
		p->text.at[p->text.len] = '\0';
	}
}

static void group(struct shortcut *s, struct pair *p, unsigned depth)
{
	static const char *const opens[] = {"(?:",      "(",    "(?>",
					    "(?P<n%u>", "(?i:", "(?s:"};

	put_part(&p->regex, opens[choose(s, COUNT(opens))], p->names++);
	branch(s, p, depth + 1);
	puts_to(&p->regex, ")");
}

static void sequence(struct shortcut *s, struct pair *p, unsigned depth)
{
	for (unsigned n = choose(s, 4) + 1; n > 0; n--) {
		size_t offset = p->text.len;

		if (choose(s, 4) == 0 && depth < DEPTH) {
			group(s, p, depth);
		} else {
			/* The usual ones more often than each strange one. */
			unsigned last = choose(s, 2) == 0 ? 8 : COUNT(parts);
			const struct part *part = &parts[choose(s, last)];

			put_part(&p->regex, part->regex, p->names++);
			puts_to(&p->text, part->text);
			if (p->text.len == offset)
				continue; /* may be nothing to quantify */
			offset = p->text.len - 1;
		}
		if (choose(s, 4) == 0)
			quantify(s, p, offset);
	}
}

static void rule(struct shortcut *s, struct pair *p, const char *begin)
{
	memset(p, 0, sizeof(*p));
	if (choose(s, 4) != 0) {
		puts_to(&p->regex, begin);
		sequence(s, p, 0);
	} else {
		branch(s, p, 0);
	}
	puts_to(&p->regex, " <ADDR>");
	puts_to(&p->text, " 192.0.2.1");
	if (choose(s, 2) == 0)
		sequence(s, p, 1);
	if (choose(s, 2) == 0)
		puts_to(&p->regex, "$");
}

/* ---- files ---- */

struct made {
	char file[RULES * TEXT * 3];
	size_t len;
	struct pair rule[RULES];
	size_t rules;
	struct pair prefix; /* its text is empty when there is none */
};

/* The filters of one jail. */
struct files {
	struct made file[FILTERS];
	size_t n;
};

static void write_file(struct made *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void write_file(struct made *m, const char *format, ...)
{
	size_t left = sizeof(m->file) - m->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(m->file + m->len, left, format, args);
	va_end(args);
	m->len += n > 0 && (size_t)n < left ? (size_t)n : 0;
}

static void make(struct shortcut *s, struct made *m)
{
	bool own = choose(s, 2) == 0, prefix = choose(s, 4) == 0;
	const char *begin = own || prefix ? "^" : "^ h d: ";

	memset(m, 0, sizeof(*m));
	write_file(m, "[Definition]\n%s", own ? "daemon = d\n" : "");
	if (prefix) {
		puts_to(&m->prefix.regex, own ? "^" : "^ h d: ");
		sequence(s, &m->prefix, 0);
		write_file(m, "prefregex = %s<F-CONTENT>.+</F-CONTENT>%s\n",
			   m->prefix.regex.at, choose(s, 2) == 0 ? "$" : "");
	}
	m->rules = choose(s, RULES) + 1;
	for (size_t i = 0; i < m->rules; i++) {
		rule(s, &m->rule[i], begin);
		write_file(m, "%s%s\n", i == 0 ? "failregex = " : "\t",
			   m->rule[i].regex.at);
	}
	if (choose(s, 4) == 0) {
		struct pair ignore;

		rule(s, &ignore, begin);
		write_file(m, "ignoreregex = %s\n", ignore.regex.at);
	}
}

/* ---- lines ---- */

static void line_of(struct shortcut *s, const struct files *files, bool changed,
		    struct text *out)
{
	const struct made *m = &files->file[choose(s, (unsigned)files->n)];
	const struct pair *p = &m->rule[choose(s, (unsigned)m->rules)];
	static const char bytes[] = "lLf 0]{}*\\\xa4\n";

	out->len = 0;
	puts_to(out, "d: ");
	puts_to(out, m->prefix.text.at);
	puts_to(out, p->text.at);
	for (unsigned n = changed ? choose(s, 3) + 1 : 0; n > 0; n--) {
		size_t at = 3 + choose(s, 64) % (out->len - 2);

		if (at >= out->len) {
			puts_to(out, "x");
		} else if (choose(s, 3) == 0) {
			memmove(out->at + at, out->at + at + 1, out->len - at);
			out->len--;
		} else {
			out->at[at] = bytes[choose(s, sizeof(bytes) - 1)];
		}
	}
}

struct judge {
	struct filter *filter;
	struct filter_scratch *scratch;
	enum sighting_kind kind;
	struct sighting seen;
};

static int judge_open(struct judge *j, const struct files *files)
{
	char path[FILTERS][64];
	const char *spec[FILTERS];
	int fd[FILTERS], result = 0;
	struct fault why;

	memset(j, 0, sizeof(*j));
	for (size_t i = 0; i < files->n; i++) {
		const struct made *m = &files->file[i];

		fd[i] = memfd_create("filter", MFD_CLOEXEC);
		snprintf(path[i], sizeof(path[i]), "/proc/self/fd/%d", fd[i]);
		spec[i] = path[i];
		if (fd[i] < 0 || write(fd[i], m->file, m->len) < 0)
			abort();
	}
	if (filter_open(&j->filter, spec, files->n, NULL, 0, &why) < 0 ||
	    (j->scratch = filter_scratch_open(j->filter)) == NULL)
		result = -1;
	for (size_t i = 0; i < files->n; i++)
		close(fd[i]);
	return result;
}

static void judge_close(struct judge *j)
{
	filter_scratch_close(j->scratch);
	filter_close(j->filter);
}

/* What ran into a limit says nothing. */
static uint64_t overruns(const struct filter *f)
{
	struct spec_info spec;
	struct rule_info rule;
	uint64_t n = 0;

	for (size_t i = 0; i < filter_specs(f); i++) {
		filter_spec(f, i, &spec);
		n += spec.overruns;
	}
	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &rule);
		n += rule.overruns;
	}
	return n;
}

static void judge(struct judge *j, const struct text *text)
{
	struct logline line = {.arrived = 1, .reported = 1, .host = {"h", 1}};

	memset(&j->seen, 0, sizeof(j->seen));
	logline_cut(&line, text->at, text->len);
	j->kind = filter_match(j->filter, j->scratch, &line, &j->seen);
}

static bool same(const struct judge *a, const struct judge *b)
{
	return a->kind == b->kind && a->seen.count == b->seen.count &&
	       strcmp(a->seen.rule, b->seen.rule) == 0 &&
	       memcmp(&a->seen.address, &b->seen.address,
		      sizeof(a->seen.address)) == 0;
}

static int put_lines(struct shortcut *s, const struct files *files,
		     struct judge *quick, struct judge *slow)
{
	struct text line;

	for (unsigned i = 0; i < RULES + CHANGED; i++) {
		uint64_t before = overruns(slow->filter);

		line_of(s, files, i >= RULES, &line);
		judge(quick, &line);
		judge(slow, &line);
		s->lines++;
		s->matches += slow->kind == SIGHTING_FAILURE;
		if (same(quick, slow) || overruns(slow->filter) != before)
			continue;
		snprintf(s->report, sizeof(s->report),
			 "with shortcuts '%s', without '%s':\n%s%s%s",
			 quick->seen.rule, slow->seen.rule, files->file[0].file,
			 files->file[1].file, line.at);
		return -1;
	}
	return 0;
}

int shortcut_round(struct shortcut *s)
{
	struct judge quick, slow = {.filter = NULL};
	static const struct files empty;
	struct files files = empty;
	int result = 0;

	s->report[0] = '\0';
	files.n = choose(s, FILTERS) + 1;
	for (size_t i = 0; i < files.n; i++)
		make(s, &files.file[i]);
	if (judge_open(&quick, &files) < 0 || judge_open(&slow, &files) < 0) {
		judge_close(&quick);
		return 0;
	}
	s->jails++;
	filter_no_shortcuts(slow.filter);
	result = put_lines(s, &files, &quick, &slow);
	judge_close(&quick);
	judge_close(&slow);
	return result;
}
