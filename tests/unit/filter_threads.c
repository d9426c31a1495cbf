/*
 * filter_threads: several workers on one filter at once, each with a scratch
 * of its own. Counts must add up; what this is for is the thread sanitizer.
 */
#include "judging.h"

#include <pthread.h>

enum { WORKERS = 4, LINES = 2000 };

struct worker {
	const struct filter *filter;
	unsigned number;
	unsigned failures;
	pthread_t thread;
};

static void *work(void *context)
{
	struct worker *w = context;
	struct filter_scratch *scratch = filter_scratch_open(w->filter);
	char text[128];

	for (unsigned i = 0; i < LINES; i++) {
		struct logline line;
		struct sighting s;

		/* Each worker's own session, and one that all share. */
		snprintf(text, sizeof(text), "h|d: s%u connect 192.0.2.%u",
			 i % 3 == 0 ? 99 : w->number, w->number + 1);
		cut(&line, text, 5);
		(void)filter_match(w->filter, scratch, &line, &s);
		snprintf(text, sizeof(text), "h|d: s%u failed", w->number);
		cut(&line, text, 5);
		if (filter_match(w->filter, scratch, &line, &s) ==
			    SIGHTING_FAILURE &&
		    s.address.bytes[3] == w->number + 1)
			w->failures++;
	}
	filter_scratch_close(scratch);
	return NULL;
}

static void threads_test(void **state)
{
	struct worker worker[WORKERS];
	struct fault why = {0};
	struct rule_info info;
	struct filter *f = open_one(
		OWN "prefregex = ^<F-MLFID>\\w+</F-MLFID> "
		    "<F-CONTENT>.+</F-CONTENT>$\n"
		    "failregex = ^<F-NOFAIL>connect</F-NOFAIL> <ADDR>$\n"
		    "            ^failed$\n",
		&why);

	(void)state;
	assert_string_equal(why.text, "");
	for (unsigned i = 0; i < WORKERS; i++) {
		worker[i] = (struct worker){.filter = f, .number = i};
		assert_int_equal(pthread_create(&worker[i].thread, NULL, work,
						&worker[i]),
				 0);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(worker[i].thread, NULL), 0);
	/* Only the first line of a worker may have named the shared session
	 * instead of its own: then one failure waits, and is counted late. */
	for (unsigned i = 0; i < WORKERS; i++)
		assert_in_range(worker[i].failures, LINES - 1, LINES);
	filter_rule(f, 1, &info);
	assert_int_equal(info.hits, WORKERS * LINES);
	filter_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(threads_test)};

	return cmocka_run_group_tests_name("filter_threads", tests, NULL, NULL);
}
