/*
 * pieces: lines that Exim cuts for syslog are joined, and a client gets nobody
 * counted but himself.
 */
#include "judging.h"

#include <stdlib.h>

enum {
	PIECE = 870, /* bytes */
	RECORDS = 64,
	RECORD = PIECE + 64,
	HELO = 8100,
	LINE = 20000
};

#define HIM "203.0.113.37"
#define VICTIM "198.51.100.7"

struct jail {
	struct filter *filter;
	struct filter_scratch *scratch;
};

static struct filter_scratch *worker(struct filter *f)
{
	struct filter_scratch *s = filter_scratch_open(f);

	assert_non_null(s);
	return s;
}

static struct jail open_jail(const char *spec)
{
	const char *srcdir = getenv("srcdir");
	struct jail j;
	char path[1024];
	const char *dirs[] = {path};

	snprintf(path, sizeof(path), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	assert_int_equal(filter_open(&j.filter, &spec, 1, dirs, 1, NULL), 0);
	j.scratch = worker(j.filter);
	return j;
}

static void close_jail(struct jail *j)
{
	filter_scratch_close(j->scratch);
	filter_close(j->filter);
}

/* ---- what Exim writes ---- */

struct records {
	char text[RECORDS][RECORD];
	size_t n;
};

/* One line as Exim's log.c cuts it, once. stripped: without the blanks at the
 * ends, as the journal keeps it. */
static void write_line(struct records *r, const char *line, bool stripped)
{
	size_t len = strlen(line), of = (len + PIECE - 1) / PIECE;

	for (size_t i = 0; i < of; i++) {
		char *to = r->text[r->n++];
		size_t n = 0;

		assert_in_range(r->n, 1, RECORDS);
		if (of > 1)
			n = (size_t)snprintf(to, RECORD, "[%zu/%zu] ", i + 1,
					     of);
		snprintf(to + n, RECORD - n, "%.*s", PIECE, line + i * PIECE);
		n = strlen(to);
		while (stripped && n > 0 && to[n - 1] == ' ')
			to[--n] = '\0';
	}
}

/* A refused login, for the main log and for the reject log. */
static void write_login(struct records *r, size_t helo, const char *user,
			bool stripped)
{
	static char line[LINE];
	size_t n;

	n = (size_t)snprintf(line, sizeof(line),
			     "2026-11-20 06:30:00 login_server authenticator "
			     "failed for (");
	memset(line + n, 'A', helo);
	snprintf(line + n + helo, sizeof(line) - n - helo,
		 ") [" HIM "]: 535 Incorrect authentication data (set_id=%s)",
		 user);
	write_line(r, line, stripped);
	write_line(r, line, stripped);
}

/* ---- what is made of it ---- */

struct sum {
	unsigned his, others; /* failures */
};

static void read_record(struct jail *j, const char *tag, const char *text,
			int64_t at, struct sum *sum)
{
	struct sighting s = {.kind = SIGHTING_NOTHING};
	struct logline line = {.arrived = at, .reported = at};
	char whole[LOGLINE_MAX], ip[ADDRESS_TEXT];

	snprintf(whole, sizeof(whole), "%s %s", tag, text);
	logline_cut(&line, whole, strlen(whole));
	line.host = (struct slice){"mail", 4};
	if (filter_match(j->filter, j->scratch, &line, &s) != SIGHTING_FAILURE)
		return;
	address_print(&s.address, ip);
	if (strcmp(ip, HIM) == 0)
		sum->his += s.count;
	else
		sum->others += s.count;
}

/* All but those from number `from` up to before `to`; the record of number
 * `late` comes behind the next one. */
static struct sum read_all(struct jail *j, const struct records *r, size_t from,
			   size_t to, size_t late, int64_t at)
{
	struct sum sum = {0, 0};

	for (size_t i = 0; i < r->n; i++) {
		size_t k = i;

		if (late < r->n && late + 1 < r->n)
			k = i == late ? i + 1 : i == late + 1 ? late : i;
		if (k < from || k >= to)
			read_record(j, "exim[7]:", r->text[k], at, &sum);
	}
	return sum;
}

static const size_t none = (size_t)-1;

/* Wherever the cuts fall, an attempt counts once. */
static void each_length(bool stripped)
{
	struct jail j = open_jail("exim");
	struct records r;

	for (size_t helo = 0; helo <= HELO; helo += helo < 2000 ? 1 : 47) {
		struct sum sum;

		r.n = 0;
		write_login(&r, helo, "alice", stripped);
		sum = read_all(&j, &r, none, 0, none, (int64_t)(10 * helo));
		if (sum.his != 1 || sum.others != 0)
			print_message("# a HELO name of %zu bytes\n", helo);
		assert_int_equal(sum.his, 1);
		assert_int_equal(sum.others, 0);
	}
	close_jail(&j);
}

static void length_test(void **state)
{
	(void)state;
	each_length(false);
}

static void stripped_test(void **state)
{
	(void)state;
	each_length(true);
}

static void long_lines_test(void **state)
{
	static char line[LINE];
	struct jail j = open_jail("exim[doubled=no, split_at=no]");
	struct sum sum = {0, 0};

	(void)state;
	snprintf(line, sizeof(line),
		 "login_server authenticator failed for (%0*d) [" HIM
		 "]: 535 Incorrect authentication data (set_id=alice)",
		 7900, 0);
	read_record(&j, "exim[7]:", line, 1, &sum);
	snprintf(line, sizeof(line),
		 "login_server authenticator failed for (%0*d) [" HIM
		 "]: 535 Incorrect authentication data",
		 7900, 0);
	read_record(&j, "exim[7]:", line, 1, &sum);
	assert_int_equal(sum.his, 2);
	close_jail(&j);
}

#define FAKE                                                                \
	"2026-11-20 06:30:00 login_server authenticator failed for (A) "    \
	"[" VICTIM "]: 535 Incorrect authentication data (set_id=bob)"      \
	" x) [" VICTIM "]: 535 Incorrect authentication data (set_id=eve) " \
	"[2/2] x) [" VICTIM "]: 535 Incorrect authentication data"

/* A login name that is a line of its own, or the rest of another one, wherever
 * the cuts fall; a record that is lost; two that change places. */
static void forged_test(void **state)
{
	static const size_t helos[] = {14, 700, 760, 815, 830, 900, 1700};
	static char user[4000];
	struct jail j = open_jail("exim");
	static struct records r;
	int64_t at = 0;
	unsigned his = 0, tried = 0;

	(void)state;
	for (size_t h = 0; h < sizeof(helos) / sizeof(helos[0]); h++)
		for (size_t pad = 0; pad < 1800; pad += 7) {
			memset(user, 'Q', pad);
			memcpy(user + pad, FAKE, sizeof(FAKE));
			r.n = 0;
			write_login(&r, helos[h], "alice", false);
			write_login(&r, helos[h], user, false);
			for (size_t i = 0; i <= r.n; i++) {
				struct sum lost, late;

				at += 10;
				lost = read_all(&j, &r, i, i + 1, none, at);
				at += 10;
				late = read_all(&j, &r, none, 0, i, at);
				assert_int_equal(lost.others + late.others, 0);
				assert_in_range(lost.his, 1, 4);
			}
			at += 10;
			his += read_all(&j, &r, none, 0, none, at).his;
			tried += 2;
		}
	assert_int_equal(his, tried);
	close_jail(&j);
}

/* ---- what belongs together ---- */

#define SPLIT                                                        \
	OWN "split_at = 64\n"                                        \
	    "failregex = ^bad A* from <ADDR>$\n"                     \
	    "            ^<ADDR> has tried <F-USER>\\w+</F-USER>$\n" \
	    "okregex = ^good A* from <ADDR>$\n"                      \
	    "troubleregex = ^broken A*$\n"
#define A20 "AAAAAAAAAAAAAAAAAAAA"
#define BAD "bad " A20 A20 A20  /* 64 bytes */
#define MORE A20 A20 A20 "AAAA" /* 64 bytes */
#define BROKEN "broken " A20 A20 "AAAAAAAAAAAAAAAAA"
#define REST "AA from 192.0.2.1"
#define FAIL "fail 192.0.2.1 - 1 - - - x:1"

struct step {
	const char *line;
	int64_t at;
	const char *answer;
};

struct joined_row {
	const char *title;
	struct step step[6];
};

static const struct joined_row joined_rows[] = {
	{"two pieces",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"}, {"h|d[1]: [2/2] " REST, 9, FAIL}}},
	{"three of them",
	 {{"h|d[1]: [1/3] " BAD, 9, "none"},
	  {"h|d[1]: [2/3] " MORE, 9, "none"},
	  {"h|d[1]: [3/3] " REST, 9, FAIL}}},
	{"a tag without a colon",
	 {{"h|d[1] [1/2] " BAD, 9, "none"}, {"h|d[1] [2/2] " REST, 9, FAIL}}},
	{"blanks at the end were lost",
	 {{"h|d[1]: [1/2] bad " A20 A20 "AAAAAAAAAAAAAAAAAAA", 9, "none"},
	  {"h|d[1]: [2/2] from 192.0.2.1", 9, FAIL}}},
	{"but not what never was there",
	 {{"h|d[1]: [1/2] bad " A20 A20 "AAAAAAAAAAAAAAAAAA", 9, "none"},
	  {"h|d[1]: [2/2] from 192.0.2.1", 9, "none"}}},
	{"a line feed ends the line",
	 {{"h|d[1]: [1/3] " BAD, 9, "none"},
	  {"h|d[1]: [2\\3] " REST, 9, FAIL},
	  {"h|d[1]: [3/3] " REST, 9, "none"}}},
	{"the first piece is the line",
	 {{"h|d[1]: [1\\2] bad A from 192.0.2.1", 9, FAIL},
	  {"h|d[1]: [2/2] bad A from 192.0.2.2", 9, "none"}}},
	{"a failure is read to its end",
	 {{"h|d[1]: [1/2] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [2/2]  and more", 9, "none"}}},
	{"for its user",
	 {{"h|d[1]: [1/2] 192.0.2.1 has tried " A20 A20 "AAAAA", 9, "none"},
	  {"h|d[1]: [2/2] B", 9,
	   "fail 192.0.2.1 " A20 A20 "AAAAAB 1 - - - x:2"}}},
	{"but not if of that no more is kept",
	 {{"h|d[1]: [1/2] 192.0.2.1 has tried " A20 A20 A20 A20 A20 A20
	   "AAAAAAAA",
	   9, "fail 192.0.2.1 " A20 A20 A20 A20 A20 A20 "AAAAAAA 1 - - - x:2"},
	  {"h|d[1]: [2/2] BBB", 9, "none"}}},
	{"a success is read to its end",
	 {{"h|d[1]: [1/2] good from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [2/2]  and the like", 9, "none"}}},
	{"trouble is read to its end",
	 {{"h|d[1]: [1/2] " BROKEN, 9, "none"},
	  {"h|d[1]: [2/2] AAA", 9, "trouble - - 1 - - - x:trouble:1"}}},
	{"a later piece alone is nothing",
	 {{"h|d[1]: [2/2] bad A from 192.0.2.1", 9, "none"}}},
	{"processes are told apart",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[2]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/2] AA from 192.0.2.1", 9, FAIL},
	  {"h|d[2]: [2/2] AA from 192.0.2.2", 9,
	   "fail 192.0.2.2 - 1 - - - x:1"}}},
	{"and hosts",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"g|d[1]: [2/2] " REST, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 9, FAIL}}},
	{"without a pid nothing is joined",
	 {{"h|d: [1/2] " BAD, 9, "none"}, {"h|d: [2/2] " REST, 9, "none"}}},
	{"but the first piece is read",
	 {{"h|d: [1/2] bad A from 192.0.2.1", 9, FAIL}}},
	{"a pid is a number",
	 {{"h|d[x1]: [1/2] " BAD, 9, "none"},
	  {"h|d[x1]: [2/2] " REST, 9, "none"}}},
	{"a piece is missing: nothing",
	 {{"h|d[1]: [1/3] " BAD, 9, "none"},
	  {"h|d[1]: [3/3] " REST, 9, "none"},
	  {"h|d[1]: [2/3] " MORE, 9, "none"},
	  {"h|d[1]: [3/3] " REST, 9, "none"}}},
	{"another number of pieces: nothing",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/3] " REST, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 9, "none"}}},
	{"the process has begun another line: nothing",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: hello", 9, "none"},
	  {"h|d[1]: [2/2] " REST, 9, "none"}}},
	{"the first piece again: the line begins anew",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 9, FAIL}}},
	{"two seconds later it belongs to it",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 11, FAIL}}},
	{"three seconds later not",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 12, "none"}}},
	{"nor when the clock went back",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: [2/2] " REST, 8, "none"}}},
	{"what stands for several records is no piece to be joined",
	 {{"h|d[1]: [1/2] " BAD, 9, "none"},
	  {"h|d[1]: message repeated 2 times: [ [2/2] " REST "]", 9, "none"}}},
	{"marks that are none",
	 {{"h|d[1]: [0/2] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [1/1] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [3/2] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [1/100] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [1|2] bad A from 192.0.2.1", 9, "none"},
	  {"h|d[1]: [1/2]bad A from 192.0.2.1", 9, "none"}}},
};

static void step(struct filter *f, struct filter_scratch *s,
		 const struct step *step, bool foreign)
{
	struct logline line;

	cut(&line, step->line, step->at);
	line.foreign = foreign;
	judge_line(f, s, &line, step->answer);
}

static struct filter *open_split(void)
{
	struct fault why = {0};
	struct filter *f = open_one(SPLIT, &why);

	assert_string_equal(why.text, "");
	return f;
}

static void joined_test(void **state)
{
	const struct joined_row *r = *state;
	struct filter *f = open_split();
	struct filter_scratch *s = worker(f);

	for (size_t i = 0; i < 6 && r->step[i].line != NULL; i++)
		step(f, s, &r->step[i], false);
	filter_scratch_close(s);
	filter_close(f);
}

static const struct step first = {"h|d[1]: [1/2] " BAD, 9, "none"};
static const struct step rest = {"h|d[1]: [2/2] " REST, 9, FAIL};
static const struct step refused = {"h|d[1]: [2/2] " REST, 9, "none"};

static void foreign_test(void **state)
{
	struct filter *f = open_split();
	struct filter_scratch *s = worker(f);

	(void)state;
	step(f, s, &first, true);
	step(f, s, &refused, false);
	step(f, s, &first, false);
	step(f, s, &refused, true);
	step(f, s, &rest, false);
	filter_scratch_close(s);
	filter_close(f);
}

/* Two workers may take the pieces in any order. */
static void workers_test(void **state)
{
	static const struct step alone = {"h|d[1]: [1/2] bad A from 192.0.2.1",
					  9, FAIL};
	struct filter *f = open_split();
	struct filter_scratch *one = worker(f), *other;

	(void)state;
	step(f, one, &first, false);
	other = worker(f);
	step(f, one, &refused, false);
	step(f, one, &first, false);
	step(f, other, &refused, false);
	step(f, other, &alone, false);
	step(f, other, &first, false);
	filter_scratch_close(other);
	step(f, one, &refused, false);
	step(f, one, &first, false);
	step(f, one, &rest, false);
	filter_scratch_close(one);
	filter_close(f);
}

/* Memory is bounded: the oldest of 65 that were begun is not finished. */
static void many_test(void **state)
{
	struct filter *f = open_split();
	struct filter_scratch *s = worker(f);
	char text[256];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 65; i++) {
			struct step one = {text, i == 0 ? 8 : 9, "none"};

			if (round == 1)
				one.at = 9;
			if (round == 1 && i > 0)
				one.answer = FAIL;
			snprintf(text, sizeof(text), "h|d[%d]: [%d/2] %s", i,
				 round + 1, round == 0 ? BAD : REST);
			step(f, s, &one, false);
		}
	filter_scratch_close(s);
	filter_close(f);
}

/* A line is judged up to 8192 bytes, however many pieces it has. */
static void longest_test(void **state)
{
	struct filter *f = open_split();
	struct filter_scratch *s = worker(f);
	char piece[1100], line[1200];

	(void)state;
	memset(piece, 'A', sizeof(piece));
	piece[1000] = '\0';
	memcpy(piece, "bad ", 4);
	for (int i = 1; i <= 99; i++) {
		struct step one = {line, 9, "none"};

		snprintf(line, sizeof(line), "h|d[1]: [%d/99] %s", i,
			 i == 99 ? REST : piece);
		step(f, s, &one, false);
		piece[0] = 'A';
	}
	filter_scratch_close(s);
	filter_close(f);
}

/* A piece is no line that a rule is missing for; a whole line may be one. */
static void unmatched_test(void **state)
{
	static const struct step steps[] = {
		{"h|d[1]: [1/2] login failed " A20 A20 "AAAAAAAAAAA", 9,
		 "none"},
		{"h|d[1]: [2/2] for x now", 9, "none"},
		{"h|d[1]: [2/2] login failed for x now", 9, "none"},
	};
	static const unsigned unmatched[] = {0, 1, 1};
	struct filter *f = open_split();
	struct filter_scratch *s = worker(f);
	struct spec_info info;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		step(f, s, &steps[i], false);
		filter_spec(f, 0, &info);
		assert_int_equal(info.lines, i + 1);
		assert_int_equal(info.unmatched, unmatched[i]);
	}
	filter_scratch_close(s);
	filter_close(f);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(length_test),
		cmocka_unit_test(stripped_test),
		cmocka_unit_test(long_lines_test),
		cmocka_unit_test(forged_test),
		cmocka_unit_test(foreign_test),
		cmocka_unit_test(workers_test),
		cmocka_unit_test(many_test),
		cmocka_unit_test(longest_test),
		cmocka_unit_test(unmatched_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, joined_rows, joined_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("pieces", tests, n, NULL, NULL);
}
