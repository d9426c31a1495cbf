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
	char text[256], got[512];

	assert_string_equal(why.text, "");
	one = filter_scratch_open(f);
	other = filter_scratch_open(f);
	for (size_t i = 0; i < 6 && r->step[i].line != NULL; i++) {
		struct sighting s;
		struct logline line;
		enum sighting_kind kind;

		snprintf(text, sizeof(text), "h|d: %s", r->step[i].line);
		cut(&line, text, r->step[i].at);
		kind = filter_match(f, i % 2 == 0 ? one : other, &line, &s);
		assert_string_equal(answer(kind, &s, got, sizeof(got)),
				    r->step[i].answer);
	}
	filter_scratch_close(one);
	filter_scratch_close(other);
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
	assert_in_range(kept, 1000, 4096);
	filter_scratch_close(scratch);
	filter_close(f);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, session_rows, session_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(flood_test);
	return _cmocka_run_group_tests("filter_session", tests, n, NULL, NULL);
}
