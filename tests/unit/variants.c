/*
 * variants: every combination of what a server's line may be made of.
 *
 * A version brings another word, a process another beginning, a setting
 * another field; a filter that knows each of them may still lack two of them
 * together. So the lines are not written here but put together: programs,
 * level words, processes, causes and ends, each with each.
 */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"
#include "saslban/logline.h"
#include "variants.h"

enum { TESTS = 128, LINE = 2048 };

static struct filter *open_filters(const char *const *specs, size_t n)
{
	const char *srcdir = getenv("srcdir");
	char directory[1024];
	const char *dirs[1] = {directory};
	struct filter *filter;
	struct fault why;

	snprintf(directory, sizeof(directory), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	if (filter_open(&filter, specs, n, dirs, 1, &why) < 0)
		fail_msg("%s", why.text);
	return filter;
}

/* The line that these numbers pick. */
static void put_together(const struct variant_row *r, const size_t *pick,
			 char out[LINE])
{
	size_t n = 0;

	for (size_t i = 0; i < VARIANT_PARTS && r->part[i] != NULL; i++)
		n += (size_t)snprintf(out + n, LINE - n, "%s",
				      r->part[i][pick[i]]);
	assert_in_range(n, 1, LINE - 1);
}

/* The next ones; 0 behind the last. */
static int count_on(const struct variant_row *r, size_t *pick)
{
	for (size_t i = 0; i < VARIANT_PARTS && r->part[i] != NULL; i++) {
		if (r->part[i][++pick[i]] != NULL)
			return 1;
		pick[i] = 0;
	}
	return 0;
}

/* Trouble may come without an address. */
static void judge(const struct variant_row *r, const struct filter *filter,
		  struct filter_scratch *scratch, const char *text)
{
	struct logline line = {.arrived = 1800000000, .reported = 1800000000};
	struct sighting s = {.kind = SIGHTING_NOTHING};
	char shown[ADDRESS_TEXT] = "";
	enum sighting_kind kind;

	logline_cut(&line, text, strlen(text));
	kind = filter_match(filter, scratch, &line, &s);
	if (kind != r->kind)
		fail_msg("verdict %d: %s", (int)kind, text);
	if (kind == SIGHTING_NOTHING)
		return;
	if (s.sort != r->sort)
		fail_msg("sort %d: %s", (int)s.sort, text);
	if (s.address.family != ADDRESS_NONE)
		address_print(&s.address, shown);
	if (strcmp(shown, VARIANT_ADDRESS) != 0 &&
	    (kind != SIGHTING_TROUBLE || shown[0] != '\0'))
		fail_msg("address '%s': %s", shown, text);
}

static void variant_test(void **state)
{
	const struct variant_row *r = *state;
	struct filter *filter = open_filters(&r->spec, 1);
	struct filter_scratch *scratch = filter_scratch_open(filter);
	size_t pick[VARIANT_PARTS] = {0};
	char text[LINE];

	assert_non_null(scratch);
	do {
		put_together(r, pick, text);
		judge(r, filter, scratch, text);
	} while (count_on(r, pick) != 0);
	filter_scratch_close(scratch);
	filter_close(filter);
}

/* A Courier whose lines the journal has given a pid: the name belongs to whose
 * filter reads it without one. */
static void a_name_of_two_servers_has_one_reader(void **state)
{
	static const char *const specs[] = {"cyrus-imap", "courier"};
	static const struct variant_row cyrus = {.kind = SIGHTING_FAILURE};
	static const struct variant_row courier = {.kind = SIGHTING_NOTHING};
	struct filter *filter = open_filters(specs, 2);
	struct filter_scratch *scratch = filter_scratch_open(filter);

	(void)state;
	assert_non_null(scratch);
	judge(&cyrus, filter, scratch,
	      "imap[9]: badlogin: [192.0.2.139] plaintext bob invalid user");
	judge(&courier, filter, scratch,
	      "imapd[9]: badlogin: [192.0.2.139] plaintext bob invalid user");
	judge(&courier, filter, scratch,
	      "pop3d[9]: badlogin: [192.0.2.139] plaintext bob invalid user");
	filter_scratch_close(scratch);
	filter_close(filter);
}

static size_t add(struct CMUnitTest *tests, size_t n,
		  const struct variant_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_in_range(n, 0, TESTS - 1);
		tests[n].name = rows[i].title;
		tests[n].test_func = variant_test;
		tests[n++].initial_state = (void *)&rows[i];
	}
	return n;
}

int main(void)
{
	static struct CMUnitTest tests[TESTS];
	size_t n = add(tests, 0, variants_dovecot, variants_dovecot_count);

	n = add(tests, n, variants_auth, variants_auth_count);
	n = add(tests, n, variants_others, variants_others_count);
	assert_in_range(n, 0, TESTS - 1);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		a_name_of_two_servers_has_one_reader);
	return _cmocka_run_group_tests("variants", tests, n, NULL, NULL);
}
