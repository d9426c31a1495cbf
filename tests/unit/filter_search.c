/* filter_search: a literal is found where memmem finds it, and nowhere else. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "filter/literal.h"
#include "random.h"

struct search_row {
	const char *title;
	const char *literal;
	const char *text;
	bool found;
};

static const struct search_row search_rows[] = {
	{"in the middle", ", rip=", "user=<x>, rip=192.0.2.1", true},
	{"at the beginning", "warning: ", "warning: x", true},
	{"at the end", "failed", "x failed", true},
	{"the whole text", "-login: ", "-login: ", true},
	{"not at all", ", rip=", "connect from x[192.0.2.1]", false},
	{"all but its last byte", "failed", "x fail, ed", false},
	{"all but its first byte", "failed", "ailed x", false},
	{"the rare byte alone", "-login: ", "a-b-c-", false},
	{"the rare byte at both ends", "-login: ", "-login -login:-", false},
	{"an empty text", "failed", "", false},
	{"a text that is too short", "failed", "fail", false},
	{"behind many rare bytes", "<x", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<x",
	 true},
	{"not behind many rare bytes", "<x", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
	 false},
};

static struct literal literal_of(const char *text, size_t len)
{
	struct literal l = {.len = len};

	memcpy(l.at, text, len);
	literal_index(&l);
	assert_in_range(l.rare, 0, len - 1);
	return l;
}

static void search_test(void **state)
{
	const struct search_row *r = *state;
	struct literal l = literal_of(r->literal, strlen(r->literal));

	assert_int_equal(
		literal_in(&l, (struct slice){r->text, strlen(r->text)}),
		r->found);
}

/* In memory of its own length, where a sanitizer sees a byte more. */
static void random_test(void **state)
{
	static const char bytes[] = "ab<-\0\xff";
	uint64_t random = 7;
	unsigned found = 0;

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		size_t len = random_below(&random, 60), n;
		size_t kinds = 1 + random_below(&random, sizeof(bytes) - 1);
		char *text = malloc(len + 1), literal[6];
		struct literal l;
		bool truth;

		assert_non_null(text);
		n = 1 + random_below(&random, sizeof(literal) - 1);
		for (size_t i = 0; i < len; i++)
			text[1 + i] = bytes[random_below(&random, kinds)];
		for (size_t i = 0; i < n; i++)
			literal[i] = bytes[random_below(&random, kinds)];
		l = literal_of(literal, n);
		truth = memmem(text + 1, len, literal, n) != NULL;
		found += truth;
		if (literal_in(&l, (struct slice){text + 1, len}) != truth)
			fail_msg("round %u", round);
		free(text);
	}
	assert_in_range(found, 20000, 180000);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		{"any text, any literal", random_test, NULL, NULL, NULL},
	};
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;

	ROWS(tests, n, search_rows, search_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("filter_search", tests, n, NULL, NULL);
}
