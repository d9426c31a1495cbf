/*
 * filter_count: lines, and those that look like failed logins and that no rule
 * knows; then the same from several workers at once while somebody reads,
 * which is for the thread sanitizer.
 */
#include "judging.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WORKERS = 4, LINES = 3000 };

struct count_row {
	const char *title;
	const char *filter;
	const char *text; /* tag and message behind `h|` */
	uint64_t lines;
	uint64_t unmatched;
	uint64_t ambiguous;
};

#define SIMPLE                                                 \
	OWN "failregex = ^bad login from <ADDR>$\n"            \
	    "okregex = ^auth failed once, fine from <ADDR>$\n" \
	    "ignoreregex = ^bad login from 192\\.0\\.2\\.9$\n"

#define AMBIGUOUS                                                    \
	OWN "failregex = ^worker: login failed for x from <ADDR>$\n" \
	    "knownregex = ^worker: login failed for y$\n"            \
	    "ambiguousregex = ^worker: login failed for\n"

#define KNOWN                                                    \
	OWN "failregex = ^(?:worker: )?bad login from <ADDR>$\n" \
	    "knownregex = ^worker: (?:login failed|bad login from)\n"

static const struct count_row count_rows[] = {
	{"a match", SIMPLE, "h|d: bad login from 192.0.2.1", 1, 0, 0},
	{"an innocent line", SIMPLE, "h|d: all is well", 1, 0, 0},
	{"looks like one", SIMPLE, "h|d: login failed for x", 1, 1, 0},
	{"one that is not banned for", SIMPLE, "h|d: bad login from 127.0.0.1",
	 1, 0, 0},
	{"one that is to be ignored", SIMPLE, "h|d: bad login from 192.0.2.9",
	 1, 0, 0},
	{"a success with such words", SIMPLE,
	 "h|d: auth failed once, fine from 192.0.2.1", 1, 0, 0},
	{"of another program", SIMPLE, "h|e: login failed for x", 0, 0, 0},
	{"of our own",
	 "[Definition]\ndaemon = *\nfailregex = ^bad login from <ADDR>$\n",
	 "h|rsyslogd: login failed for x", 0, 0, 0},
	{"three that rsyslogd made one of", SIMPLE,
	 "h|d: message repeated 3 times: [ login failed for x]", 3, 3, 0},
	{"no failregex that could lack", OWN "okregex = ^fine <ADDR>$\n",
	 "h|d: login failed for x", 1, 0, 0},
	{"no program is named: the words of the rules decide",
	 FOREIGN "failregex = d: bad login from <HOST>\n",
	 "h|sshd: login failed for x", 0, 0, 0},
	{"and are there", FOREIGN "failregex = d: bad login from <HOST>\n",
	 "h|d: bad login from ?", 1, 1, 0},
	{"no program is named: prefregex decides",
	 FOREIGN "prefregex = ^ \\S+ d: <F-CONTENT>.+</F-CONTENT>$\n"
		 "failregex = ^bad login from <HOST>$\n",
	 "h|d: bad login from afar now", 1, 1, 0},
	{"and does not fit",
	 FOREIGN "prefregex = ^ \\S+ d: <F-CONTENT>.+</F-CONTENT>$\n"
		 "failregex = ^bad login from <HOST>$\n",
	 "h|e: bad login from afar now", 0, 0, 0},
	{"one that is known", KNOWN, "h|d: worker: login failed for x", 1, 0,
	 0},
	{"known three times", KNOWN,
	 "h|d: message repeated 3 times: [ worker: login failed for x]", 3, 0,
	 0},
	{"not quite the one that is known", KNOWN,
	 "h|d: writer: login failed for x", 1, 1, 0},
	{"known, and a failure all the same: it counts", KNOWN,
	 "h|d: worker: bad login from 192.0.2.1", 1, 0, 0},
	{"known before prefregex",
	 OWN "prefregex = ^a: <F-CONTENT>.+</F-CONTENT>$\n"
	     "failregex = ^<ADDR>$\nknownregex = ^b: login failed",
	 "h|d: b: login failed for x", 1, 0, 0},
	{"known in a file",
	 OWN "file = e\nfailregex = ^no <ADDR>$\n"
	     "knownregex = ^login failed for x$\n",
	 "h|e: 2026-01-02 03:04:05 login failed for x", 1, 0, 0},
	{"known by a filter that names no program",
	 FOREIGN "failregex = d: bad login from <HOST>\n"
		 "knownregex = ^ h d: bad login from \\?$\n",
	 "h|d: bad login from ?", 1, 0, 0},
	{"ambiguous", AMBIGUOUS, "h|d: worker: login failed for x", 1, 0, 1},
	{"ambiguous three times", AMBIGUOUS,
	 "h|d: message repeated 3 times: [ worker: login failed for x]", 3, 0,
	 3},
	{"ambiguous, and known", AMBIGUOUS, "h|d: worker: login failed for y",
	 1, 0, 0},
	{"not quite ambiguous", AMBIGUOUS, "h|d: writer: login failed for x", 1,
	 1, 0},
	{"ambiguous, and a failure all the same: it counts", AMBIGUOUS,
	 "h|d: worker: login failed for x from 192.0.2.1", 1, 0, 0},
	{"ambiguous for a filter that names no program",
	 FOREIGN "failregex = d: bad login from <HOST>\n"
		 "ambiguousregex = ^ h d: bad login from \\?$\n",
	 "h|d: bad login from ?", 1, 0, 1},
	{"nothing decides", FOREIGN "failregex = ^.* <HOST>$\n",
	 "h|sshd: login failed for x now", 0, 0, 0},
};

/* Failed logins whose connection is not known. */
struct orphan_row {
	const char *title;
	const char *filter;
	const char *text[3];
	uint64_t orphans;
};

#define JOINED                                                   \
	"failregex = ^<F-NOFAIL><F-MLFID>\\w+</F-MLFID> open"    \
	"</F-NOFAIL> <ADDR>$\n"                                  \
	"            ^<F-MLFID>\\w+</F-MLFID> failed"            \
	"(?: <F-COUNT>\\d+</F-COUNT> times)?$\n"                 \
	"            ^<F-MLFID>\\w+</F-MLFID> refused <ADDR>$\n" \
	"okregex = ^<F-MLFID>\\w+</F-MLFID> fine$\n"

static const struct orphan_row orphan_rows[] = {
	{"a connection that is known",
	 OWN JOINED,
	 {"h|d: a open 192.0.2.1", "h|d: a failed"},
	 0},
	{"one that is not", OWN JOINED, {"h|d: a failed"}, 1},
	{"each of its failures",
	 OWN JOINED,
	 {"h|d: a failed", "h|d: a failed"},
	 2},
	{"three on one line", OWN JOINED, {"h|d: a failed 3 times"}, 3},
	{"one whose address may not be banned is known",
	 OWN JOINED,
	 {"h|d: a open 127.0.0.1", "h|d: a failed"},
	 0},
	{"a failure that has an address of its own",
	 OWN JOINED,
	 {"h|d: a refused 192.0.2.1", "h|d: a refused 127.0.0.1"},
	 0},
	{"a success is no orphan", OWN JOINED, {"h|d: a fine"}, 0},
	{"in a filter of fail2ban's the address may come later",
	 FOREIGN "failregex = ^ h d: <F-MLFID>\\w+</F-MLFID> failed\n",
	 {"h|d: a failed"},
	 0},
};

static void orphan_test(void **state)
{
	const struct orphan_row *r = *state;
	struct fault why = {0};
	struct filter *f = open_one(r->filter, &why);
	struct filter_scratch *scratch;
	struct spec_info info;

	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	for (size_t i = 0; i < 3 && r->text[i] != NULL; i++) {
		struct logline line;
		struct sighting s;

		cut(&line, r->text[i], 5);
		(void)filter_match(f, scratch, &line, &s);
	}
	filter_spec(f, 0, &info);
	assert_int_equal(info.orphans, r->orphans);
	assert_int_equal(info.unmatched, 0);
	filter_scratch_close(scratch);
	filter_close(f);
}

static void count_test(void **state)
{
	const struct count_row *r = *state;
	struct fault why = {0};
	struct filter *f = open_one(r->filter, &why);
	struct filter_scratch *scratch;
	struct spec_info info;
	char example[REDACT_TEXT];
	struct logline line;
	struct sighting s;

	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	cut(&line, r->text, 5);
	(void)filter_match(f, scratch, &line, &s);
	assert_int_equal(filter_specs(f), 1);
	filter_spec(f, 0, &info);
	assert_int_equal(info.lines, r->lines);
	assert_int_equal(info.unmatched, r->unmatched);
	assert_int_equal(info.ambiguous, r->ambiguous);
	assert_int_equal(filter_example(f, 0, example), r->unmatched > 0);
	assert_false(filter_example(f, 0, example));
	filter_scratch_close(scratch);
	filter_close(f);
}

/* Lines and unmatched are counted for the filter that they are for. */
static void two_test(void **state)
{
	static const char *const here[] = {"."};
	static const char *const specs[] = {"a", "b"};
	struct filter_scratch *scratch;
	struct spec_info info;
	char example[REDACT_TEXT];
	struct rule_info rule;
	struct scratchdir d;
	struct logline line;
	struct sighting s;
	struct filter *f;

	(void)state;
	scratchdir_open(&d);
	scratchdir_put(&d, "a.conf",
		       "[Definition]\ndaemon = a\nfailregex = ^no <ADDR>$\n");
	scratchdir_put(&d, "b.conf",
		       "[Definition]\ndaemon = b\nfailregex = ^no <ADDR>$\n");
	assert_int_equal(filter_open(&f, specs, 2, here, 1, NULL), 0);
	scratchdir_close(&d);
	scratch = filter_scratch_open(f);
	cut(&line, "h|b[9]: login failed for hunter2 from 192.0.2.1", 5);
	(void)filter_match(f, scratch, &line, &s);
	cut(&line, "h|a: no 192.0.2.1", 5);
	(void)filter_match(f, scratch, &line, &s);
	assert_int_equal(filter_specs(f), 2);
	filter_spec(f, 0, &info);
	assert_int_equal(info.lines, 1);
	assert_int_equal(info.unmatched, 0);
	filter_spec(f, 1, &info);
	assert_int_equal(info.lines, 1);
	assert_int_equal(info.unmatched, 1);
	assert_false(filter_example(f, 0, example));
	assert_true(filter_example(f, 1, example));
	assert_string_equal(example, "b: login failed for * from *");
	filter_rule(f, 0, &rule);
	assert_int_equal(rule.spec, 0);
	filter_rule(f, 1, &rule);
	assert_int_equal(rule.spec, 1);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- several at once ---- */

struct race {
	struct filter *filter;
	atomic_bool over;
	unsigned examples;
};

static void *work(void *context)
{
	struct race *r = context;
	struct filter_scratch *scratch = filter_scratch_open(r->filter);

	for (unsigned i = 0; i < LINES; i++) {
		static const char *const text[] = {
			"h|d: bad login from 192.0.2.1",
			"h|d: login failed for x",
			"h|d: all is well",
		};
		struct logline line;
		struct sighting s;

		cut(&line, text[i % 3], 5);
		(void)filter_match(r->filter, scratch, &line, &s);
	}
	filter_scratch_close(scratch);
	return NULL;
}

static void *look(void *context)
{
	struct race *r = context;
	struct spec_info info, before = {.lines = 0};
	char example[REDACT_TEXT];
	bool last;

	do {
		last = atomic_load(&r->over);
		filter_spec(r->filter, 0, &info);
		if (info.lines < before.lines ||
		    info.unmatched < before.unmatched)
			return NULL;
		before = info;
		if (!filter_example(r->filter, 0, example))
			continue;
		if (strcmp(example, "d: login failed for *") != 0)
			return NULL;
		r->examples++;
	} while (!last);
	return r;
}

static void threads_test(void **state)
{
	struct fault why = {0};
	struct race race = {.filter = open_one(SIMPLE, &why)};
	pthread_t worker[WORKERS], reader;
	struct spec_info info;
	struct rule_info rule;
	void *fine;

	(void)state;
	assert_string_equal(why.text, "");
	assert_int_equal(pthread_create(&reader, NULL, look, &race), 0);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&worker[i], NULL, work, &race),
				 0);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(worker[i], NULL), 0);
	atomic_store(&race.over, true);
	assert_int_equal(pthread_join(reader, &fine), 0);
	assert_ptr_equal(fine, &race);
	assert_true(race.examples > 0);
	filter_spec(race.filter, 0, &info);
	assert_int_equal(info.lines, WORKERS * LINES);
	assert_int_equal(info.unmatched, WORKERS * LINES / 3);
	filter_rule(race.filter, 0, &rule);
	assert_int_equal(rule.hits, WORKERS * LINES / 3);
	filter_close(race.filter);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, count_rows, count_test);
	ROWS(tests, n, orphan_rows, orphan_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(two_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(threads_test);
	return _cmocka_run_group_tests("filter_count", tests, n, NULL, NULL);
}
