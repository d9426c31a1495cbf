/* doubled: of a record that a server writes twice, one counts. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"

#define EXIM(pid, user)                                             \
	"exim[" pid "]: login_server authenticator failed for (x) " \
	"[203.0.113.37]: 535 Incorrect authentication data (set_id=" user ")"

enum { RECORDS = 4 };

struct doubled_row {
	const char *title;
	const char *spec;
	struct {
		const char *text;
		int64_t arrived;
	} record[RECORDS];
	unsigned counted;
};

static const struct doubled_row rows[] = {
	{"the second one is the echo",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 100}},
	 1},
	{"also two seconds later",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 102}},
	 1},
	{"not three seconds later",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 103}},
	 2},
	{"not when the clock went back",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 99}},
	 2},
	{"an echo has no echo",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 100}, {EXIM("1", "a"), 100}},
	 2},
	{"four are two",
	 "exim",
	 {{EXIM("1", "a"), 100},
	  {EXIM("1", "a"), 100},
	  {EXIM("1", "a"), 100},
	  {EXIM("1", "a"), 100}},
	 2},
	{"other records may come between",
	 "exim",
	 {{EXIM("1", "a"), 100},
	  {EXIM("2", "b"), 100},
	  {EXIM("1", "a"), 100},
	  {EXIM("2", "b"), 100}},
	 2},
	{"another process is another attempt",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("2", "a"), 100}},
	 2},
	{"another name is another attempt",
	 "exim",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "b"), 100}},
	 2},
	{"doubled = no: each counts",
	 "exim[doubled=no]",
	 {{EXIM("1", "a"), 100}, {EXIM("1", "a"), 100}},
	 2},
};

static void doubled_test(void **state)
{
	const struct doubled_row *r = *state;
	const char *srcdir = getenv("srcdir");
	struct filter_scratch *scratch;
	struct filter *filter;
	unsigned counted = 0;
	char path[1024];
	const char *dirs[] = {path};

	snprintf(path, sizeof(path), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	assert_int_equal(filter_open(&filter, &r->spec, 1, dirs, 1, NULL), 0);
	scratch = filter_scratch_open(filter);
	assert_non_null(scratch);
	for (size_t i = 0; i < RECORDS && r->record[i].text != NULL; i++) {
		const char *text = r->record[i].text;
		struct logline line = {.arrived = r->record[i].arrived};
		struct sighting s = {.kind = SIGHTING_NOTHING};

		logline_cut(&line, text, strlen(text));
		if (filter_match(filter, scratch, &line, &s) ==
		    SIGHTING_FAILURE)
			counted += s.count;
	}
	filter_scratch_close(scratch);
	filter_close(filter);
	assert_int_equal(counted, r->counted);
}

static void refused_test(void **state)
{
	const char *srcdir = getenv("srcdir"), *spec = "exim[doubled=maybe]";
	struct filter *filter;
	struct fault why;
	char path[1024];
	const char *dirs[] = {path};

	(void)state;
	snprintf(path, sizeof(path), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	assert_int_equal(filter_open(&filter, &spec, 1, dirs, 1, &why), -1);
	assert_non_null(strstr(why.text, "doubled 'maybe' is not understood"));
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, doubled_test);
	tests[n++] = (struct CMUnitTest){
		.name = "doubled = maybe is refused",
		.test_func = refused_test,
	};
	return _cmocka_run_group_tests("doubled", tests, n, NULL, NULL);
}
