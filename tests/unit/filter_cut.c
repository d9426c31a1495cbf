/* filter: what a program's logger cuts, what servers excuse, and the blank
 * that a line has lost. */
#include "judging.h"

struct cut_step {
	int64_t at;
	const char *line; /* HOST|TAG MSG */
	const char *answer;
};

struct cut_row {
	const char *title;
	const char *file;
	struct cut_step step[6];
};

enum { STEPS = 6 };

#define CUTS                                                  \
	"[Definition]\ndaemon = d e\ncut = 20\nexcuse = 60\n" \
	"failregex = ^no(?: \\w+)? <ADDR>$\n"                 \
	"troubleregex = ^gone(?: <ADDR>)?$\n"
#define LONG " aaaaaaaaaaaaaaaaaaaa" /* 20 bytes */
#define NO1 "fail 192.0.2.1 - 1 - - - x:1"
#define GONE "trouble - - 1 - - - x:trouble:1"
#define SORRY "trouble 192.0.2.1 - 1 - - - x:1"

static const struct cut_row rows[] = {
	{"a record that may have been cut is not read",
	 CUTS,
	 {{1, "h|d: no aaaaaaa 192.0.2.1", "none"}}},
	{"a shorter one is", CUTS, {{1, "h|d: no aaaaaa 192.0.2.1", NO1}}},
	{"nor are two behind it, however late",
	 CUTS,
	 {{1, "h|d:" LONG, "none"},
	  {5000, "h|d: no 192.0.2.1", "none"},
	  {9000, "h|d: gone", "none"},
	  {9011, "h|d: no 192.0.2.1", NO1}}},
	{"nor more while there is no pause",
	 CUTS,
	 {{1, "h|d:" LONG, "none"},
	  {1, "h|d: x", "none"},
	  {1, "h|d: x", "none"},
	  {11, "h|d: no 192.0.2.1", "none"},
	  {21, "h|d: no 192.0.2.1", "none"},
	  {32, "h|d: no 192.0.2.1", NO1}}},
	{"a clock that is set back is no pause",
	 CUTS,
	 {{100, "h|d:" LONG, "none"},
	  {100, "h|d: x", "none"},
	  {100, "h|d: x", "none"},
	  {50, "h|d: no 192.0.2.1", "none"}}},
	{"another one that may have been cut begins it anew",
	 CUTS,
	 {{1, "h|d:" LONG, "none"},
	  {2, "h|d: x", "none"},
	  {3, "h|d:" LONG, "none"},
	  {90, "h|d: no 192.0.2.1", "none"},
	  {190, "h|d: no 192.0.2.1", "none"},
	  {290, "h|d: no 192.0.2.1", NO1}}},
	{"other programs and hosts go on",
	 CUTS,
	 {{1, "h|d:" LONG, "none"},
	  {1, "h|e: no 192.0.2.1", NO1},
	  {1, "g|d: no 192.0.2.1", NO1},
	  {1, "h|d[7]: no 192.0.2.1", "none"}}},
	{"what rsyslogd repeats is not taken for it",
	 OWN "cut = 64\nfailregex = ^no <ADDR>$\n",
	 {{1, "h|d: message repeated 3 times: [no 192.0.2.1]", "none"},
	  {1, "h|d: no 192.0.2.1", NO1}}},
	{"trouble excuses what fails after it, for so long",
	 CUTS,
	 {{100, "h|d: no 192.0.2.1", NO1},
	  {100, "h|d: gone", GONE},
	  {100, "h|e: no 192.0.2.1", SORRY},
	  {160, "h|d: no 192.0.2.1", SORRY},
	  {161, "h|d: no 192.0.2.1", NO1}}},
	{"on the same host",
	 CUTS,
	 {{100, "h|d: gone", GONE},
	  {100, "g|d: no 192.0.2.1", NO1},
	  {99, "h|d: no 192.0.2.1", NO1}}},
	{"trouble with an address may be its owner's doing",
	 CUTS,
	 {{100, "h|d: gone 192.0.2.9",
	   "trouble 192.0.2.9 - 1 - - - x:trouble:1"},
	  {100, "h|d: no 192.0.2.1", NO1}}},
	{"without excuse, trouble is trouble",
	 OWN "failregex = ^no <ADDR>$\ntroubleregex = ^gone$\n",
	 {{100, "h|d: gone", GONE}, {100, "h|d: no 192.0.2.1", NO1}}},
	{"a blank that was lost behind the last colon",
	 OWN "failregex = ^<ADDR> failed: .*$\n",
	 {{1, "h|d: 192.0.2.1 failed: ", NO1},
	  {1, "h|d: 192.0.2.1 failed:", NO1},
	  {1, "h|d: 192.0.2.1 failed", "none"},
	  {1, "h|d: message repeated 2 times: [192.0.2.1 failed:]",
	   "fail 192.0.2.1 - 2 - - - x:1"}}},
	{"a line that needs none keeps its end",
	 OWN "failregex = ^<ADDR> failed:$\n",
	 {{1, "h|d: 192.0.2.1 failed:", NO1}}},
	{"lost from a line of a file",
	 FOREIGN "failregex = d: <ADDR> failed: \\S*$\n",
	 {{1, "h|d: 192.0.2.1 failed:", NO1}}},
};

static void cut_test(void **state)
{
	const struct cut_row *r = *state;
	struct fault why = {0};
	struct filter *f = open_one(r->file, &why);
	struct filter_scratch *one, *other;

	assert_string_equal(why.text, "");
	one = filter_scratch_open(f);
	other = filter_scratch_open(f);
	for (size_t i = 0; i < STEPS && r->step[i].line != NULL; i++) {
		struct logline line;

		cut(&line, r->step[i].line, r->step[i].at);
		judge_line(f, i % 2 == 0 ? one : other, &line,
			   r->step[i].answer);
	}
	filter_scratch_close(one);
	filter_scratch_close(other);
	filter_close(f);
}

/* Lines behind the cut that are counted in the end. */
static unsigned counted(struct filter *f, unsigned records)
{
	struct filter_scratch *scratch = filter_scratch_open(f);
	unsigned n = 0;

	for (unsigned i = 0; i <= records; i++) {
		struct sighting s;
		struct logline line;

		cut(&line, i == 0 ? "h|d:" LONG : "h|d: no 203.0.113.7", 1);
		n += filter_match(f, scratch, &line, &s) == SIGHTING_FAILURE;
	}
	filter_scratch_close(scratch);
	return n;
}

/* With the line feed a record has 15 bytes; the 342nd passes 5120. */
static void span_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(CUTS, &why);

	(void)state;
	assert_int_equal(counted(f, 342), 0);
	filter_close(f);
	f = open_one(CUTS, &why);
	assert_int_equal(counted(f, 345), 3);
	filter_close(f);
}

/* What comes of a line whose fields are fetched when they are asked for. */
static enum sighting_kind
fetched(struct filter *f, const char *text, unsigned lacks,
	void (*fetch)(void *source, struct logline *line, unsigned fields))
{
	struct filter_scratch *scratch = filter_scratch_open(f);
	enum sighting_kind kind;
	struct sighting s;
	struct logline line;

	cut(&line, text, 1);
	line.lacks = lacks;
	line.fetch = fetch;
	kind = filter_match(f, scratch, &line, &s);
	filter_scratch_close(scratch);
	return kind;
}

/* What comes of a line that has all its fields, at that time. */
static enum sighting_kind fetched_at(struct filter *f, const char *text,
				     int64_t at)
{
	struct filter_scratch *scratch = filter_scratch_open(f);
	enum sighting_kind kind;
	struct sighting s;
	struct logline line;

	cut(&line, text, at);
	kind = filter_match(f, scratch, &line, &s);
	filter_scratch_close(scratch);
	return kind;
}

/* Somebody else's record neither begins it nor ends it. */
static void take_origin(void *source, struct logline *line, unsigned fields)
{
	(void)source;
	line->foreign = (fields & LOGLINE_ORIGIN) != 0;
}

static void foreign_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(CUTS, &why);

	(void)state;
	assert_int_equal(fetched(f, "h|d:" LONG, LOGLINE_ORIGIN, take_origin),
			 SIGHTING_NOTHING);
	assert_int_equal(fetched(f, "h|d: no 192.0.2.1", 0, NULL),
			 SIGHTING_FAILURE);
	/* Behind a cut two records are not read, whatever somebody else
	 * writes between. */
	assert_int_equal(fetched(f, "h|d:" LONG, 0, NULL), SIGHTING_NOTHING);
	for (int i = 0; i < 4; i++)
		assert_int_equal(fetched(f, "h|d: no 192.0.2.1", LOGLINE_ORIGIN,
					 take_origin),
				 SIGHTING_NOTHING);
	for (int i = 0; i < 2; i++)
		assert_int_equal(fetched_at(f, "h|d: no 192.0.2.1", 20 + i),
				 SIGHTING_NOTHING);
	assert_int_equal(fetched_at(f, "h|d: no 192.0.2.1", 40),
			 SIGHTING_FAILURE);
	filter_close(f);
}

/* Through an input that strips blanks a cut cannot be seen. */
static void take_input(void *source, struct logline *line, unsigned fields)
{
	(void)source;
	line->stripped = (fields & LOGLINE_INPUT) != 0;
}

static void stripped_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(CUTS, &why);

	(void)state;
	assert_int_equal(
		fetched(f, "h|d: no 192.0.2.1", LOGLINE_INPUT, take_input),
		SIGHTING_NOTHING);
	filter_close(f);
}

static void refused_test(void **state)
{
	struct fault why = {0};

	(void)state;
	assert_null(
		open_one(OWN "cut = long\nfailregex = ^no <ADDR>$\n", &why));
	assert_non_null(strstr(why.text, "cut 'long' is not understood"));
	assert_null(open_one(OWN "excuse = 90000\nfailregex = ^no <ADDR>$\n",
			     &why));
	assert_non_null(strstr(why.text, "excuse '90000' is not understood"));
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		{.name = "5120 bytes are distrusted, and no more",
		 .test_func = span_test},
		{.name = "somebody else's record is no record of the program",
		 .test_func = foreign_test},
		{.name = "where blanks are stripped nothing is read",
		 .test_func = stripped_test},
		{.name = "cut = long, excuse = 90000 are refused",
		 .test_func = refused_test},
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, cut_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("filter_cut", tests, n, NULL, NULL);
}
