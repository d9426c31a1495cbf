/*
 * samples: every annotated line of tests/samples through the real filters.
 *
 * Prints TAP. For each file: every line gives what its note expects, and
 * every rule was needed by some line. At the end all filters as one jail:
 * each line gives the same, so no filter takes another's lines. And each line
 * by itself, when it has lost the blanks at its end on the way. Files may be
 * named on the command line. tests/samples/README tells the form.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

enum {
	NOW = 1800000000, /* the clock of year-less dates */
	LINE_BYTES = 16384,
	WORD = 512,
	RULES = 512,
	FILES = 64
};

struct note {
	enum sighting_kind kind;
	enum sighting_sort sort;
	bool given;
	bool unmatched; /* nothing, and counted as an unmatched line */
	bool ambiguous; /* the same, as an ambiguous one */
	char ip[WORD], user[WORD], mech[WORD], session[WORD], code[WORD];
	char rule[WORD], count[WORD], guess[WORD];
};

struct field {
	const char *name;
	size_t offset;
};

static const struct field fields[] = {
	{"ip", offsetof(struct note, ip)},
	{"user", offsetof(struct note, user)},
	{"mech", offsetof(struct note, mech)},
	{"session", offsetof(struct note, session)},
	{"code", offsetof(struct note, code)},
	{"rule", offsetof(struct note, rule)},
	{"count", offsetof(struct note, count)},
	{"guess", offsetof(struct note, guess)},
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

struct verdict {
	const char *word;
	enum sighting_kind kind;
	enum sighting_sort sort;
};

static const struct verdict verdicts[] = {
	{"none", SIGHTING_NOTHING, SIGHTING_CLEAR},
	{"fail", SIGHTING_FAILURE, SIGHTING_CLEAR},
	{"doubtful", SIGHTING_FAILURE, SIGHTING_DOUBTFUL},
	{"summary", SIGHTING_FAILURE, SIGHTING_SUMMARY},
	{"ok", SIGHTING_SUCCESS, SIGHTING_CLEAR},
	{"trouble", SIGHTING_TROUBLE, SIGHTING_CLEAR},
};

enum { VERDICTS = sizeof(verdicts) / sizeof(verdicts[0]) };

static const char *word(enum sighting_kind kind, enum sighting_sort sort)
{
	size_t i = 0;

	while (i + 1 < VERDICTS &&
	       (verdicts[i].kind != kind || verdicts[i].sort != sort))
		i++;
	return verdicts[i].word;
}

struct judge {
	struct filter *filter;
	struct filter_scratch *scratch;
};

struct file {
	const char *path;
	char name[WORD]; /* of the filter */
	unsigned line, lines, wrong;
	struct judge judge;
	bool standard; /* the section is about the filter as it stands */
	bool alone;    /* no other filter reads these lines */
	bool bare;     /* they have lost the blanks at their ends */
	char used[RULES][2048]; /* expressions that matched */
	size_t nused;
	char unused[RULES][2048];
	size_t nunused;
};

static const char *const unset = "\x01";
static const char *filters; /* the directory; set once in main */

static void complain(struct file *f, const char *what)
{
	printf("# %s:%u: %s\n", f->path, f->line, what);
	f->wrong++;
}

/* name=value or name="value"; true while there is one. */
static bool take_pair(char **at, char *name, char *value)
{
	size_t n;
	char *out = value;

	*at += strspn(*at, " \t");
	n = strcspn(*at, "= ");
	if (n == 0 || n >= WORD || (*at)[n] != '=')
		return false;
	memcpy(name, *at, n);
	name[n] = '\0';
	*at += n + 1;
	if (**at != '"') {
		n = strcspn(*at, " ");
		if (n >= WORD)
			return false;
		memcpy(value, *at, n);
		value[n] = '\0';
		*at += n;
		return true;
	}
	for (++*at; **at != '\0' && **at != '"' && out < value + WORD - 1;
	     ++*at) {
		unsigned byte;

		if (**at == '\\' && sscanf(*at, "\\x%2x", &byte) == 1) {
			*out++ = (char)byte;
			*at += 3;
		} else {
			*at += **at == '\\';
			*out++ = **at;
		}
	}
	*out = '\0';
	*at += **at == '"';
	return true;
}

static int parse_note(struct note *note, char *at)
{
	char name[WORD], value[WORD];
	size_t n = strcspn(at, " ");

	memset(note, 0, sizeof(*note));
	for (size_t i = 0; i < FIELDS; i++)
		strcpy((char *)note + fields[i].offset, unset);
	strcpy(note->guess, "");
	for (size_t k = 0; k < VERDICTS; k++)
		if (strlen(verdicts[k].word) == n &&
		    strncmp(at, verdicts[k].word, n) == 0) {
			note->kind = verdicts[k].kind;
			note->sort = verdicts[k].sort;
			note->given = true;
		}
	if (strncmp(at, "unmatched", n) == 0 && n == 9)
		note->given = note->unmatched = true;
	if (strncmp(at, "ambiguous", n) == 0 && n == 9)
		note->given = note->ambiguous = true;
	at += n;
	while (note->given && take_pair(&at, name, value)) {
		size_t i = 0;

		while (i < FIELDS && strcmp(fields[i].name, name) != 0)
			i++;
		if (i == FIELDS)
			return -1;
		strcpy((char *)note + fields[i].offset, value);
	}
	if (note->kind == SIGHTING_FAILURE && strcmp(note->count, unset) == 0)
		strcpy(note->count, "1");
	return note->given && at[strspn(at, " \t")] == '\0' ? 0 : -1;
}

static bool differs(const char *expected, const char *got)
{
	return strcmp(expected, unset) != 0 && strcmp(expected, got) != 0;
}

/* What is wrong about the answer, or NULL. */
static const char *compare(const struct note *note, enum sighting_kind kind,
			   const struct sighting *s)
{
	char ip[ADDRESS_TEXT] = "", count[16];

	if (kind != note->kind || s->sort != note->sort)
		return "verdict";
	if (kind == SIGHTING_NOTHING)
		return NULL;
	if (s->address.family != ADDRESS_NONE)
		address_print(&s->address, ip);
	snprintf(count, sizeof(count), "%u", s->count);
	if (differs(note->ip, ip))
		return "ip";
	if (differs(note->user, s->user))
		return "user";
	if (differs(note->mech, s->mech))
		return "mech";
	if (differs(note->session, s->session))
		return "session";
	if (differs(note->code, s->code))
		return "code";
	if (differs(note->rule, s->rule))
		return "rule";
	if (differs(note->guess, s->guess))
		return "guess";
	return differs(note->count, count) ? "count" : NULL;
}

/* Lines that were counted as such so far, by whatever filter. */
struct counted {
	uint64_t unmatched, ambiguous;
};

static struct counted counted(const struct filter *f)
{
	struct counted n = {0};
	struct spec_info info;

	for (size_t i = 0; i < filter_specs(f); i++) {
		filter_spec(f, i, &info);
		n.unmatched += info.unmatched;
		n.ambiguous += info.ambiguous;
	}
	return n;
}

/* What is wrong about the counters, or NULL. */
static const char *compare_counted(const struct filter *f,
				   const struct counted *before,
				   const struct note *note)
{
	struct counted now = counted(f);

	if ((now.unmatched > before->unmatched) != note->unmatched)
		return note->unmatched ? "known" : "unmatched";
	if ((now.ambiguous > before->ambiguous) != note->ambiguous)
		return note->ambiguous ? "not ambiguous" : "ambiguous";
	return NULL;
}

/* A user's name may have lost some, too. */
static void lose_blanks(struct note *note, char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == ' ')
		text[--n] = '\0';
	strcpy(note->user, unset);
}

static void check_line(struct file *f, const struct note *note,
		       const char *text)
{
	struct sighting s = {.kind = SIGHTING_NOTHING};
	char ip[ADDRESS_TEXT] = "-";
	enum sighting_kind kind;
	struct counted before = counted(f->judge.filter);
	struct rawline raw;
	const char *bad;

	f->lines++;
	rawline_parse(text, strlen(text), NOW, &raw);
	kind = filter_match(f->judge.filter, f->judge.scratch, &raw.line, &s);
	bad = compare(note, kind, &s);
	if (bad == NULL && f->alone)
		bad = compare_counted(f->judge.filter, &before, note);
	if (bad == NULL)
		return;
	if (s.address.family != ADDRESS_NONE)
		address_print(&s.address, ip);
	printf("# %s:%u: %s is wrong: expected %s, got %s ip=%s user=%s "
	       "mech=%s session=%s code=%s count=%u guess=%s rule=%s\n# %s\n",
	       f->path, f->line, bad, word(note->kind, note->sort),
	       word(kind, s.sort), ip, s.user, s.mech, s.session, s.code,
	       s.count, s.guess, s.rule, text);
	f->wrong++;
}

/* Which rules matched since the filter was opened. */
static void note_rules(struct file *f)
{
	struct rule_info r;

	for (size_t i = 0; i < filter_rules(f->judge.filter); i++) {
		char(*list)[2048];
		size_t *n;

		filter_rule(f->judge.filter, i, &r);
		list = r.hits > 0 ? f->used : f->unused;
		n = r.hits > 0 ? &f->nused : &f->nunused;
		if (*n < RULES)
			snprintf(list[(*n)++], 2048, "%s", r.regex);
		if (r.overruns > 0)
			complain(f, "a rule ran into its limits");
	}
}

static void judge_close(struct judge *j)
{
	filter_scratch_close(j->scratch);
	filter_close(j->filter);
	memset(j, 0, sizeof(*j));
}

static int judge_open(struct judge *j, const char *const *specs, size_t n)
{
	struct fault why;

	if (filter_open(&j->filter, specs, n, &filters, 1, &why) < 0) {
		printf("# %s\n", why.text);
		return -1;
	}
	j->scratch = filter_scratch_open(j->filter);
	return j->scratch == NULL ? -1 : 0;
}

static int begin_section(struct file *f, const char *spec)
{
	if (f->judge.filter != NULL)
		note_rules(f);
	judge_close(&f->judge);
	f->standard = strcmp(spec, f->name) == 0;
	if (judge_open(&f->judge, &spec, 1) < 0) {
		complain(f, "the filter does not load");
		return -1;
	}
	return 0;
}

static void check_rules(struct file *f)
{
	note_rules(f);
	for (size_t i = 0; i < f->nunused; i++) {
		size_t k = 0;

		while (k < f->nused && strcmp(f->used[k], f->unused[i]) != 0)
			k++;
		if (k == f->nused) {
			printf("# %s: no line needs %s\n", f->path,
			       f->unused[i]);
			f->wrong++;
		}
	}
}

/* One line of a sample file: a remark, a note or a log line. */
static int take_line(struct file *f, struct note *note, char *text, bool whole)
{
	f->line++;
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, "# filter ", 9) == 0) {
		note->given = false;
		return whole ? begin_section(f, text + 9)
			     : (f->standard = strcmp(text + 9, f->name) == 0,
				0);
	}
	if (strncmp(text, "##", 2) == 0 || text[0] == '\0')
		return 0;
	if (strncmp(text, "# ", 2) == 0) {
		if (parse_note(note, text + 2) < 0)
			complain(f, "a note that is not understood");
		return 0;
	}
	if (!note->given)
		complain(f, "a line without a note");
	else if (whole || f->standard) {
		if (f->bare)
			lose_blanks(note, text);
		check_line(f, note, text);
	}
	note->given = false;
	return 0;
}

/* whole: all sections with their own filters; else those about the filter as
 * it stands, with the judge that is there. */
static void run(struct file *f, bool whole)
{
	static char text[LINE_BYTES];
	struct note note = {.given = false};
	FILE *in = fopen(f->path, "r");

	f->line = 0;
	f->standard = true;
	f->alone = whole && !f->bare;
	if (in == NULL) {
		complain(f, "cannot be read");
		return;
	}
	if (!whole || begin_section(f, f->name) == 0)
		while (fgets(text, sizeof(text), in) != NULL)
			if (take_line(f, &note, text, whole) < 0)
				break;
	if (whole && f->judge.filter != NULL && !f->bare)
		check_rules(f);
	fclose(in);
}

static void name_file(struct file *f, const char *path)
{
	const char *slash = strrchr(path, '/');

	f->path = path;
	snprintf(f->name, sizeof(f->name), "%s",
		 slash == NULL ? path : slash + 1);
	f->name[strcspn(f->name, ".")] = '\0';
}

static unsigned run_together(struct file *file, size_t n)
{
	const char *specs[FILES];
	struct judge all = {0};
	unsigned wrong = 0;

	for (size_t i = 0; i < n; i++)
		specs[i] = file[i].name;
	if (judge_open(&all, specs, n) < 0)
		return 1;
	for (size_t i = 0; i < n; i++) {
		file[i].wrong = 0;
		file[i].judge = all;
		run(&file[i], false);
		wrong += file[i].wrong;
	}
	judge_close(&all);
	return wrong;
}

static unsigned run_bare(struct file *file, size_t n)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < n; i++) {
		file[i].wrong = 0;
		file[i].bare = true;
		memset(&file[i].judge, 0, sizeof(file[i].judge));
		run(&file[i], true);
		judge_close(&file[i].judge);
		wrong += file[i].wrong;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	char pattern[1024], directory[1024];
	unsigned wrong = 0;
	glob_t found = {0};
	struct file *file;
	size_t n = 0;

	snprintf(directory, sizeof(directory), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	snprintf(pattern, sizeof(pattern), "%s/tests/samples/*.log",
		 srcdir == NULL ? "." : srcdir);
	filters = directory;
	file = calloc(FILES, sizeof(*file));
	if (file == NULL)
		return 99;
	if (argc > 1)
		for (int i = 1; i < argc && n < FILES; i++)
			name_file(&file[n++], argv[i]);
	else if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && n < FILES; i++)
			name_file(&file[n++], found.gl_pathv[i]);
	printf("1..%zu\n", n + 2);
	for (size_t i = 0; i < n; i++) {
		run(&file[i], true);
		judge_close(&file[i].judge);
		wrong += file[i].wrong;
		printf("%s %zu - %s: %u lines\n",
		       file[i].wrong == 0 && file[i].lines > 0 ? "ok"
							       : "not ok",
		       i + 1, file[i].name, file[i].lines);
		wrong += file[i].lines == 0;
	}
	if (n == 0 || run_together(file, n) > 0) {
		wrong++;
		printf("not ");
	}
	printf("ok %zu - all filters in one jail judge the same\n", n + 1);
	if (run_bare(file, n) > 0) {
		wrong++;
		printf("not ");
	}
	printf("ok %zu - blanks that a line has lost at its end change "
	       "nothing\n",
	       n + 2);
	globfree(&found);
	free(file);
	return wrong == 0 ? 0 : 1;
}
