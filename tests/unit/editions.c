/*
 * editions: filter files that are read again while workers match. Each line is
 * judged once, what was remembered of earlier lines goes on, and an edition
 * that a worker still has is there. For the thread sanitizer, too.
 */
#include "judging.h"

#include <pthread.h>
#include <stdatomic.h>

#include "saslban/editions.h"

#define FIRST OWN "failregex = ^failed <ADDR>$\n"
#define SECOND \
	OWN "failregex = ^not this <ADDR>$\n            ^failed <ADDR>$\n"
#define BROKEN OWN "failregex = ^failed (<ADDR>$\n"

static void put(const char *text)
{
	FILE *f = fopen("new", "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(rename("new", "x.conf"), 0);
}

static struct editions *begin(struct scratchdir *d, const char *text)
{
	static const char *const here[] = {"."};
	static const char *const spec = "x";
	struct editions *e = NULL;
	struct fault why = {.text = ""};

	scratchdir_open(d);
	scratchdir_put(d, "x.conf", text);
	if (editions_open(&e, &spec, 1, here, 1, &why) < 0)
		fail_msg("%s", why.text);
	return e;
}

static struct edition_change again(struct editions *e, const char *text)
{
	struct edition_change change;
	struct fault why = {.text = ""};

	put(text);
	if (editions_reread(e, &change, &why) < 0)
		fail_msg("%s", why.text);
	return change;
}

static const char *judged(struct edition_worker *w, const char *text)
{
	static char out[256];
	struct logline line;
	struct sighting s;

	cut(&line, text, 5);
	return answer(edition_worker_match(w, &line, &s), &s, out, sizeof(out));
}

/* ---- one worker ---- */

struct change_row {
	const char *title;
	const char *before, *after;
	bool any;
	size_t rules, fresh, gone;
};

static const struct change_row change_rows[] = {
	{"the same", FIRST, FIRST, false, 1, 0, 0},
	{"a comment", FIRST, "# c\n\n" FIRST, false, 1, 0, 0},
	{"a rule more", FIRST, SECOND, true, 2, 1, 0},
	{"a rule less", SECOND, FIRST, true, 1, 0, 1},
	{"another expression", FIRST, OWN "failregex = ^bad <ADDR>$\n", true, 1,
	 1, 1},
	{"another kind", FIRST, OWN "doubtregex = ^failed <ADDR>$\n", true, 1,
	 1, 1},
	{"another order", SECOND,
	 OWN "failregex = ^failed <ADDR>$\n            ^not this <ADDR>$\n",
	 true, 2, 0, 0},
	{"other programs", FIRST,
	 "[Definition]\ndaemon = e\nfailregex = ^failed <ADDR>$\n", true, 1, 0,
	 0},
	{"another option", FIRST,
	 OWN "doubled = yes\nfailregex = ^failed <ADDR>$\n", true, 1, 0, 0},
};

static void change_test(void **state)
{
	const struct change_row *r = *state;
	struct scratchdir d;
	struct editions *e = begin(&d, r->before);
	const struct filter *old = editions_now(e);
	struct edition_change c = again(e, r->after);

	assert_int_equal(c.any, r->any);
	assert_int_equal(c.rules, r->rules);
	assert_int_equal(c.fresh, r->fresh);
	assert_int_equal(c.gone, r->gone);
	assert_int_equal(editions_now(e) != old, r->any);
	editions_close(e);
	scratchdir_close(&d);
}

static void worker_test(void **state)
{
	struct scratchdir d;
	struct editions *e = begin(&d, FIRST);
	struct edition_worker *w = edition_worker_open(e);
	const struct filter *old = editions_now(e);

	(void)state;
	assert_string_equal(judged(w, "h|d: failed 192.0.2.1"),
			    "fail 192.0.2.1 - 1 - - - x:1");
	again(e, SECOND);
	assert_true(editions_used(e, old)); /* until its next line */
	assert_true(editions_used(e, editions_now(e)));
	assert_string_equal(judged(w, "h|d: failed 192.0.2.1"),
			    "fail 192.0.2.1 - 1 - - - x:2");
	assert_false(editions_used(e, old));
	editions_drop(e, old);
	edition_worker_close(w);
	editions_close(e);
	scratchdir_close(&d);
}

static void broken_test(void **state)
{
	struct scratchdir d;
	struct editions *e = begin(&d, FIRST);
	struct edition_worker *w = edition_worker_open(e);
	const struct filter *old = editions_now(e);
	struct edition_change c;
	struct fault why = {.text = ""};

	(void)state;
	put(BROKEN);
	assert_int_equal(editions_reread(e, &c, &why), -1);
	assert_int_equal(why.kind, FAULT_FILTER);
	assert_non_null(strstr(why.text, "./x.conf:3: "));
	assert_ptr_equal(editions_now(e), old);
	assert_string_equal(judged(w, "h|d: failed 192.0.2.1"),
			    "fail 192.0.2.1 - 1 - - - x:1");
	assert_int_equal(unlink("x.conf"), 0);
	assert_int_equal(editions_reread(e, &c, &why), -1);
	assert_ptr_equal(editions_now(e), old);
	put(FIRST);
	edition_worker_close(w);
	editions_close(e);
	scratchdir_close(&d);
}

/* ---- what is remembered ---- */

#define SESSION                                     \
	OWN "prefregex = ^<F-MLFID>\\w+</F-MLFID> " \
	    "<F-CONTENT>.+</F-CONTENT>$\n"          \
	    "failregex = ^<F-NOFAIL>connect</F-NOFAIL> <ADDR>$\n"
#define FAILED "            ^failed$\n"
#define ODD "            ^odd$\n"

#define SIXTY "123456789012345678901234567890123456789012345678901234567"

struct memory_row {
	const char *title;
	const char *before, *after;
	const char *first, *second; /* lines, a reading between them */
	const char *answer;         /* to the second */
};

static const struct memory_row memory_rows[] = {
	{"a connection goes on", SESSION FAILED, SESSION ODD FAILED,
	 "h|d: s1 connect 192.0.2.1", "h|d: s1 failed",
	 "fail 192.0.2.1 - 1 - - - x:3"},
	{"not where it is remembered for another time", SESSION FAILED,
	 SESSION FAILED "session_age = 60\n", "h|d: s1 connect 192.0.2.1",
	 "h|d: s1 failed", "none"},
	{"a record that comes twice counts once",
	 OWN "doubled = yes\nfailregex = ^failed <ADDR>$\n",
	 OWN "doubled = yes\nfailregex = ^odd <ADDR>$\n"
	     "            ^failed <ADDR>$\n",
	 "h|d[1]: failed 192.0.2.1", "h|d[1]: failed 192.0.2.1", "none"},
	{"a line in pieces is joined",
	 OWN "split_at = 64\nfailregex = ^failed .* <ADDR>$\n",
	 OWN "split_at = 64\nfailregex = ^odd <ADDR>$\n"
	     "            ^failed .* <ADDR>$\n",
	 "h|d[1]: [1/2] failed " SIXTY, "h|d[1]: [2/2]  192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:2"},
	{"trouble excuses",
	 OWN "excuse = 60\ntroubleregex = ^away$\n"
	     "failregex = ^failed <ADDR>$\n",
	 OWN "excuse = 60\ntroubleregex = ^away$\n"
	     "failregex = ^odd <ADDR>$\n            ^failed <ADDR>$\n",
	 "h|d: away", "h|d: failed 192.0.2.1",
	 "trouble 192.0.2.1 - 1 - - - x:2"},
};

static void memory_test(void **state)
{
	const struct memory_row *r = *state;
	struct scratchdir d;
	struct editions *e = begin(&d, r->before);
	struct edition_worker *w = edition_worker_open(e);

	(void)judged(w, r->first);
	assert_true(again(e, r->after).any);
	assert_string_equal(judged(w, r->second), r->answer);
	edition_worker_close(w);
	editions_close(e);
	scratchdir_close(&d);
}

/* ---- many workers ---- */

enum { WORKERS = 3, ROUNDS = 40, LINES = 300 /* at least, of each */ };

struct worker {
	struct editions *editions;
	atomic_bool *over;
	uint64_t lines;
	uint64_t failures;
	pthread_t thread;
};

static void *work(void *context)
{
	struct worker *w = context;
	struct edition_worker *reader = edition_worker_open(w->editions);
	struct logline line;
	struct sighting s;

	for (; w->lines < LINES || !atomic_load(w->over); w->lines++) {
		cut(&line, "h|d: failed 192.0.2.1", 5);
		w->failures += edition_worker_match(reader, &line, &s) ==
			       SIGHTING_FAILURE;
	}
	edition_worker_close(reader);
	return NULL;
}

static uint64_t hits(const struct filter *f)
{
	struct rule_info info;
	uint64_t n = 0;

	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &info);
		n += info.hits;
	}
	return n;
}

/* Those that nobody uses are counted and freed, as the engine does it. */
static size_t collect(struct editions *e, const struct filter **past, size_t n,
		      uint64_t *sum)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		if (editions_used(e, past[i])) {
			past[left++] = past[i];
		} else {
			*sum += hits(past[i]);
			editions_drop(e, past[i]);
		}
	return left;
}

static void threads_test(void **state)
{
	const struct filter *past[ROUNDS];
	struct worker worker[WORKERS];
	atomic_bool over = false;
	struct scratchdir d;
	struct editions *e = begin(&d, FIRST);
	uint64_t lines = 0, failures = 0, sum = 0;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < WORKERS; i++) {
		worker[i] = (struct worker){.editions = e, .over = &over};
		assert_int_equal(pthread_create(&worker[i].thread, NULL, work,
						&worker[i]),
				 0);
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		past[n++] = editions_now(e);
		assert_true(again(e, i % 2 == 0 ? SECOND : FIRST).any);
		n = collect(e, past, n, &sum);
	}
	atomic_store(&over, true);
	for (size_t i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(worker[i].thread, NULL), 0);
		lines += worker[i].lines;
		failures += worker[i].failures;
	}
	assert_int_equal(collect(e, past, n, &sum), 0);
	sum += hits(editions_now(e));
	assert_int_equal(failures, lines); /* every line, ... */
	assert_int_equal(sum, lines);      /* ... and each by one edition */
	editions_close(e);
	scratchdir_close(&d);
}

#define ADD(rows, test)                                              \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)  \
		tests[n++] = (struct CMUnitTest)                     \
		{                                                    \
			.name = rows[i].title, .test_func = test,    \
			.initial_state = (void *)(uintptr_t)&rows[i] \
		}

int main(void)
{
	struct CMUnitTest tests[32] = {
		cmocka_unit_test(worker_test),
		cmocka_unit_test(broken_test),
		cmocka_unit_test(threads_test),
	};
	size_t n = 3;

	ADD(change_rows, change_test);
	ADD(memory_rows, memory_test);
	return _cmocka_run_group_tests("editions", tests, n, NULL, NULL);
}
