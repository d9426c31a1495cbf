/* filter: lines that belong together, by <F-MLFID>. */
#include "judging.h"

struct session_step {
	int64_t at;
	const char *line;
	const char *answer;
};

struct session_row {
	const char *title;
	struct session_step step[6];
};

#define SESSIONS                                                      \
	OWN "prefregex = ^<F-MLFID>\\w+</F-MLFID> "                   \
	    "<F-CONTENT>.+</F-CONTENT>$\n"                            \
	    "failregex = ^<F-NOFAIL>connect</F-NOFAIL> <ADDR>$\n"     \
	    "            ^failed(?: <F-USER>\\w+</F-USER>)?$\n"       \
	    "            ^<F-MLFGAINED>accepted</F-MLFGAINED> "       \
	    "<F-USER>\\w+</F-USER>$\n"                                \
	    "            ^<F-NOFAIL><F-MLFFORGET>close</F-MLFFORGET>" \
	    "</F-NOFAIL>$\n"                                          \
	    "            ^refused <HOST>$\n"                          \
	    "okregex = ^fine <F-USER>\\w+</F-USER>$\n"

#define FAILED "fail 192.0.2.1 - 1 - - - x:2"

static const struct session_row session_rows[] = {
	{"the address of an earlier line",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a failed bob", "fail 192.0.2.1 bob 1 - - - x:2"}}},
	{"sessions are told apart",
	 {{1, "a connect 192.0.2.1", "none"},
	  {1, "b connect 192.0.2.2", "none"},
	  {2, "a failed", "fail 192.0.2.1 - 1 - - - x:2"},
	  {2, "b failed", "fail 192.0.2.2 - 1 - - - x:2"}}},
	{"each failure counts",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a failed bob", "fail 192.0.2.1 bob 1 - - - x:2"},
	  {3, "a failed bob", "fail 192.0.2.1 bob 1 - - - x:2"}}},
	{"failures wait for the address",
	 {{1, "a failed", "none"},
	  {2, "a failed", "none"},
	  {3, "a connect 192.0.2.1", "fail 192.0.2.1 - 2 - - - x:1"},
	  {4, "a connect 192.0.2.1", "none"}}},
	{"a login clears what waits",
	 {{1, "a failed", "none"},
	  {2, "a accepted bob", "none"},
	  {3, "a connect 192.0.2.1", "none"}}},
	{"a line with a host of its own borrows none",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a refused 192.0.2.2", "fail 192.0.2.2 - 1 - - - x:5"},
	  {3, "a refused 992.0.2.3", "none"},
	  {4, "a refused 127.0.0.1", "none"},
	  {5, "a refused mail.example", "none"}}},
	{"a session that was closed is forgotten",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a close", "none"},
	  {3, "a failed", "none"}}},
	{"a session that was silent for ten minutes is forgotten",
	 {{1, "a connect 192.0.2.1", "none"},
	  {601, "a failed", "fail 192.0.2.1 - 1 - - - x:2"},
	  {1202, "a failed", "none"}}},
	{"each line of it counts from anew",
	 {{1, "a connect 192.0.2.1", "none"},
	  {601, "a fine bob", "ok 192.0.2.1 bob 1 - - - x:ok:1"},
	  {1201, "a failed", FAILED}}},
	{"two users are two failures, and the end of it is none",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a failed bob", "fail 192.0.2.1 bob 1 - - - x:2"},
	  {3, "a failed eve", "fail 192.0.2.1 eve 1 - - - x:2"},
	  {4, "a close", "none"},
	  {5, "a failed", "none"}}},
	{"a success has the address too",
	 {{1, "a connect 192.0.2.1", "none"},
	  {2, "a fine bob", "ok 192.0.2.1 bob 1 - - - x:ok:1"}}},
	{"a success without a known session is nothing",
	 {{1, "a fine bob", "none"}}},
};

static void session_test(void **state)
{
	const struct session_row *r = *state;
	struct fault why = {0};
	struct filter *f = open_one(SESSIONS, &why);
	struct filter_scratch *one, *other;
	char text[256];

	assert_string_equal(why.text, "");
	one = filter_scratch_open(f);
	other = filter_scratch_open(f);
	for (size_t i = 0; i < 6 && r->step[i].line != NULL; i++) {
		struct logline line;

		snprintf(text, sizeof(text), "h|d: %s", r->step[i].line);
		cut(&line, text, r->step[i].at);
		judge_line(f, i % 2 == 0 ? one : other, &line,
			   r->step[i].answer);
	}
	filter_scratch_close(one);
	filter_scratch_close(other);
	filter_close(f);
}

/* One line of the session of that letter and number, and how it is judged. */
static void judge(struct filter *f, struct filter_scratch *scratch, int64_t at,
		  char letter, unsigned number, const char *line,
		  const char *want)
{
	struct logline l;
	char text[128];

	snprintf(text, sizeof(text), "h|d: %c%u %s", letter, number, line);
	cut(&l, text, at);
	judge_line(f, scratch, &l, want);
}

static uint64_t orphans(const struct filter *f)
{
	struct spec_info info;

	filter_spec(f, 0, &info);
	return info.orphans;
}

static struct filter *open_sessions(const char *file,
				    struct filter_scratch **scratch)
{
	struct fault why = {0};
	struct filter *f = open_one(file, &why);

	assert_string_equal(why.text, "");
	*scratch = filter_scratch_open(f);
	return f;
}

static void age_test(void **state)
{
	struct filter_scratch *scratch;
	struct filter *f =
		open_sessions(SESSIONS "session_age = 1d\n", &scratch);

	(void)state;
	judge(f, scratch, 1, 'a', 0, "connect 192.0.2.1", "none");
	judge(f, scratch, 86401, 'a', 0, "failed", FAILED);
	judge(f, scratch, 172801, 'a', 0, "failed", FAILED);
	assert_int_equal(orphans(f), 0);
	judge(f, scratch, 259202, 'a', 0, "failed", "none");
	assert_int_equal(orphans(f), 1);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* What others do while a guesser waits between connecting and failing, and
 * between two failures. */
struct crowd_row {
	const char *title;
	const char *lines[3]; /* of each of them */
	unsigned others;
	bool failed; /* the guesser has, before they came */
	bool kept;
};

static const struct crowd_row crowd_rows[] = {
	{"6000 others that connect: he is not forgotten",
	 {"connect 192.0.2.2"},
	 6000,
	 false,
	 true},
	{"200,000 that connect and leave: he is not forgotten",
	 {"connect 192.0.2.2", "close"},
	 200000,
	 false,
	 true},
	{"100,000 at once: he is, if he has not failed",
	 {"connect 192.0.2.2"},
	 100000,
	 false,
	 false},
	{"and is not, if he has", {"connect 192.0.2.2"}, 100000, true, true},
	{"100,000 of whom nobody knows whence: the same",
	 {"failed"},
	 100000,
	 true,
	 true},
	{"100,000 that fail, too: he is",
	 {"connect 192.0.2.2", "failed"},
	 100000,
	 true,
	 false},
};

static void crowd_test(void **state)
{
	const struct crowd_row *r = *state;
	struct filter_scratch *scratch;
	struct filter *f = open_sessions(SESSIONS, &scratch);
	uint64_t before;

	judge(f, scratch, 1, 'a', 0, "connect 192.0.2.1", "none");
	if (r->failed)
		judge(f, scratch, 1, 'a', 0, "failed", FAILED);
	for (unsigned i = 0; i < r->others; i++)
		for (size_t k = 0; k < 3 && r->lines[k] != NULL; k++) {
			bool fails = strstr(r->lines[k], "failed") != NULL;

			judge(f, scratch, 2, 's', i, r->lines[k],
			      fails && k == 1 ? "fail 192.0.2.2 - 1 - - - x:2"
					      : "none");
		}
	before = orphans(f);
	judge(f, scratch, 3, 'a', 0, "failed", r->kept ? FAILED : "none");
	assert_int_equal(orphans(f) - before, !r->kept);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* Thousands that have failed and stay leave room for those that come. */
static void room_test(void **state)
{
	struct filter_scratch *scratch;
	struct filter *f = open_sessions(SESSIONS, &scratch);

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		judge(f, scratch, 1, 's', i, "connect 192.0.2.1", "none");
		judge(f, scratch, 1, 's', i, "failed", FAILED);
	}
	for (unsigned i = 0; i < 2000; i++)
		judge(f, scratch, 2, 't', i, "connect 192.0.2.1", "none");
	for (unsigned i = 0; i < 2000; i++)
		judge(f, scratch, 2, 't', i, "failed", FAILED);
	assert_int_equal(orphans(f), 0);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* Memory is bounded: a flood of new sessions leaves others alone or drops
 * them, and never mixes them up. */
static void flood_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(SESSIONS, &why);
	struct filter_scratch *scratch;
	unsigned kept = 0;

	(void)state;
	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 20000; i++) {
			char text[64], want[64], got[512];
			struct sighting s;
			struct logline line;
			enum sighting_kind kind;

			snprintf(text, sizeof(text),
				 round == 0 ? "h|d: s%u connect 192.0.%u.%u"
					    : "h|d: s%u failed",
				 i, i / 250, i % 250);
			snprintf(want, sizeof(want),
				 "fail 192.0.%u.%u - 1 - - - x:2", i / 250,
				 i % 250);
			cut(&line, text, 1);
			kind = filter_match(f, scratch, &line, &s);
			if (kind == SIGHTING_NOTHING)
				continue;
			assert_string_equal(answer(kind, &s, got, sizeof(got)),
					    want);
			kept++;
		}
	assert_in_range(kept, 10000, 16384);
	filter_scratch_close(scratch);
	filter_close(f);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, session_rows, session_test);
	ROWS(tests, n, crowd_rows, crowd_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(age_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(room_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(flood_test);
	return _cmocka_run_group_tests("filter_session", tests, n, NULL, NULL);
}
