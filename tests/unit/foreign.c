/* foreign, tally: lines that somebody else wrote: what is said of them, and how
 * often; and what is kept. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "engine/foreign.h"
#include "saslban/jail.h"

struct world {
	struct store *store;
	int64_t jail;
	struct tally *tally;
	struct reporter reporter;
	struct report report;
	struct foreign foreign;
	struct moment now;
	char said[2048];
	struct jail kept;
};

static void hear(void *context, enum report_level level, const char *text)
{
	struct world *w = context;
	size_t n = strlen(w->said);

	assert_int_equal(level, REPORT_WARNING);
	snprintf(w->said + n, sizeof(w->said) - n, "%s\n", text);
}

static int setup(void **state)
{
	static struct world w;

	memset(&w, 0, sizeof(w));
	w.store = kit_memory();
	w.jail = kit_jail(w.store, "sasl", "saslban");
	w.tally = tally_open();
	assert_non_null(w.tally);
	w.reporter = (struct reporter){.write = hear, .context = &w};
	report_init(&w.report, "sasl", &w.reporter);
	foreign_init(&w.foreign, &w.report, w.tally);
	w.now = (struct moment){.wall = NOW, .boot = 5};
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	tally_close(w->tally);
	store_close(w->store);
	return 0;
}

static void wait_s(struct world *w, int64_t seconds)
{
	w->now.wall += seconds;
	w->now.boot += seconds;
}

/* What it says now. */
static const char *turn(struct world *w)
{
	w->said[0] = '\0';
	assert_int_equal(
		foreign_poll(&w->foreign, w->store, w->jail, w->now, NULL), 0);
	return w->said;
}

static int see_jail(void *context, const struct jail *jail)
{
	struct world *w = context;

	w->kept = *jail;
	return 0;
}

static int64_t kept(struct world *w)
{
	assert_int_equal(jail_each(w->store, see_jail, w, NULL), 0);
	return w->kept.foreign_lines;
}

#define SAID(n, who)                                                        \
	"jail sasl: lines that somebody else wrote are not counted: " n     \
	", the last by " who " in the name of 'postfix/smtpd'; see origin." \
	"uid\n"

static void told_test(void **state)
{
	struct world *w = *state;

	assert_string_equal(turn(w), "");
	tally_add(w->tally, "uid 65534", "postfix/smtpd");
	assert_string_equal(turn(w), SAID("1", "uid 65534"));
	assert_string_equal(turn(w), "");
	for (int i = 0; i < 500; i++)
		tally_add(w->tally, "uid 1000", "postfix/smtpd");
	wait_s(w, 3599);
	assert_string_equal(turn(w), "");
	wait_s(w, 1);
	assert_string_equal(turn(w), SAID("500", "uid 1000"));
	wait_s(w, 7200);
	assert_string_equal(turn(w), "");
}

static void kept_test(void **state)
{
	struct world *w = *state;

	assert_int_equal(kept(w), 0);
	tally_add(w->tally, "uid 65534", "postfix/smtpd");
	turn(w);
	assert_int_equal(kept(w), 1);
	assert_int_equal(w->kept.foreign_last, NOW);
	tally_add(w->tally, "uid 65534", "postfix/smtpd");
	wait_s(w, 59);
	turn(w);
	assert_int_equal(kept(w), 1);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(kept(w), 2);
	assert_int_equal(w->kept.foreign_last, NOW + 60);
	/* At the end, what there is. */
	tally_add(w->tally, "uid 65534", "postfix/smtpd");
	assert_int_equal(
		foreign_keep(&w->foreign, w->store, w->jail, NOW + 61, NULL),
		0);
	assert_int_equal(kept(w), 3);
	assert_int_equal(
		foreign_keep(&w->foreign, w->store, w->jail, NOW + 99, NULL),
		0);
	assert_int_equal(kept(w), 3);
	assert_int_equal(w->kept.foreign_last, NOW + 61);
}

static void gap_test(void **state)
{
	struct world *w = *state;

	tally_gap(w->tally, TALLY_NO_UID);
	assert_non_null(strstr(turn(w), "origin.uid is not checked"));
	tally_gap(w->tally, TALLY_NO_UID);
	assert_string_equal(turn(w), "");
	tally_gap(w->tally, TALLY_NO_UNIT);
	assert_non_null(strstr(turn(w), "origin.unit is not checked"));
	assert_null(strstr(w->said, "origin.uid"));
	wait_s(w, 99999);
	assert_string_equal(turn(w), "");
	assert_int_equal(kept(w), 0);
}

static void nobody_counts_test(void **state)
{
	struct world *w = *state;

	foreign_init(&w->foreign, &w->report, NULL);
	assert_string_equal(turn(w), "");
	assert_int_equal(
		foreign_keep(&w->foreign, w->store, w->jail, NOW, NULL), 0);
}

struct word_row {
	const char *title;
	const char *word, *shown;
};

static const struct word_row word_rows[] = {
	{"a program", "postfix/smtpd", "postfix/smtpd"},
	{"a unit", "postfix@-.service", "postfix@-.service"},
	{"an address", "2001:db8::1", "2001:db8::1"},
	{"nothing", "", ""},
	{"control characters", "a\x1b[31m\n\x7f", "a??31m??"},
	{"UTF-8", "caf\xc3\xa9", "caf??"},
	{"quotes and percent signs", "'%s\"\\", "??s??"},
	{"a long one",
	 "0123456789012345678901234567890123456789012345678901234567890123456",
	 "012345678901234567890123456789012345678901234567890123456789012"},
};

static void word_test(void **state)
{
	const struct word_row *r = *state;
	struct tally *t = tally_open();
	struct tally_news news;

	tally_add(t, r->word, r->word);
	tally_read(t, &news);
	assert_string_equal(news.writer, r->shown);
	assert_string_equal(news.program, r->shown);
	assert_int_equal(news.lines, 1);
	tally_close(t);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test_setup_teardown(told_test, setup, teardown),
		cmocka_unit_test_setup_teardown(kept_test, setup, teardown),
		cmocka_unit_test_setup_teardown(gap_test, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_counts_test, setup,
						teardown),
	};
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;

	ROWS(tests, n, word_rows, word_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("foreign", tests, n, NULL, NULL);
}
