/*
 * filter_line: what a filter asks of a line that does not come complete, and
 * that the answer is the same as for one that does.
 */
#include "judging.h"

#include <stdlib.h>

#include "filter/dispatch.h"
#include "filter/scratch.h"
#include "random.h"

#define LINES                                                       \
	OWN "failregex = ^bad <F-USER>\\S+</F-USER> from <ADDR>$\n" \
	    "okregex = ^good from <ADDR>$\n"                        \
	    "troubleregex = ^broken$\n"
#define JOINED                                                               \
	OWN "failregex = ^<F-MLFID>s\\d</F-MLFID> bad <F-USER>\\S+</F-USER>" \
	    " from <ADDR>$\n"                                                \
	    "okregex = ^<F-MLFID>s\\d</F-MLFID> good from (?:<ADDR>|-)$\n"
#define DOUBLED LINES "doubled = yes\n"
#define ALL_LINES FOREIGN "failregex = ^ mail d: bad from <ADDR>$\n"
#define FILES "[Definition]\nfile = d\nfailregex = bad from <ADDR>$\n"

/* ---- what is asked ---- */

struct ask_row {
	const char *title;
	const char *file;
	const char *tag, *msg;
	enum sighting_kind kind;
	unsigned asked;
};

static const struct ask_row ask_rows[] = {
	{"a line of another program: nothing", LINES,
	 "e[1]:", " bad bob from 192.0.2.1", SIGHTING_NOTHING, 0},
	{"one of rsyslogd: nothing", ALL_LINES,
	 "rsyslogd:", " bad from 192.0.2.1", SIGHTING_NOTHING, 0},
	{"an innocent line: its message", LINES, "d[1]:", " hello",
	 SIGHTING_NOTHING, LOGLINE_MSG},
	{"a success: the times, too", LINES, "d:", " good from 192.0.2.1",
	 SIGHTING_SUCCESS, LOGLINE_MSG | LOGLINE_TIMES},
	{"trouble: the times, too", LINES, "d", "broken", SIGHTING_TROUBLE,
	 LOGLINE_MSG | LOGLINE_TIMES},
	{"a failure: the times, too", LINES, "d:", " bad bob from 192.0.2.1",
	 SIGHTING_FAILURE, LOGLINE_MSG | LOGLINE_TIMES},
	{"a success that belongs to a session: the times, too", JOINED,
	 "d:", " s1 good from 192.0.2.1", SIGHTING_SUCCESS,
	 LOGLINE_MSG | LOGLINE_TIMES},
	{"a failure that may be doubled: the text, too", DOUBLED,
	 "d:", " bad bob from 192.0.2.1", SIGHTING_FAILURE,
	 LOGLINE_MSG | LOGLINE_TIMES | LOGLINE_TEXT},
	{"a filter that names no program: host and text", ALL_LINES, "e:",
	 " hello", SIGHTING_NOTHING, LOGLINE_MSG | LOGLINE_TEXT | LOGLINE_HOST},
	{"and for a failure the times", ALL_LINES, "d:", " bad from 192.0.2.1",
	 SIGHTING_FAILURE, LOGLINE_ALL},
	{"a line of a file: the times, for its year", FILES,
	 "d:", " Nov 20 04:58:34 hello", SIGHTING_NOTHING,
	 LOGLINE_MSG | LOGLINE_TIMES},
};

struct record {
	struct slice tag, msg;
	unsigned asked;
	bool foreign; /* for whoever asks */
	char text[LOGLINE_MAX];
};

static void fetch(void *source, struct logline *line, unsigned fields)
{
	struct record *r = source;

	assert_int_equal(fields & ~line->lacks, 0);
	assert_int_equal(fields & r->asked, 0);
	r->asked |= fields;
	if ((fields & LOGLINE_MSG) != 0 &&
	    !logline_place(line, r->tag, r->msg)) {
		logline_cut(line, r->text,
			    logline_join(r->tag, r->msg, r->text));
		line->lacks &= ~(unsigned)LOGLINE_TEXT;
	}
	if ((fields & line->lacks & LOGLINE_TEXT) != 0) {
		line->text.len = logline_join(r->tag, r->msg, r->text);
		line->text.at = r->text;
	}
	if ((fields & LOGLINE_HOST) != 0)
		line->host = (struct slice){"mail", 4};
	if ((fields & LOGLINE_TIMES) != 0) {
		line->arrived = 1800000002;
		line->reported = 1800000001;
	}
	if ((fields & LOGLINE_ORIGIN) != 0)
		line->foreign = r->foreign;
}

/* As rsyslog's messages come. */
static void lacking(struct logline *line, struct record *r)
{
	memset(line, 0, sizeof(*line));
	line->tag = r->tag;
	line->lacks = LOGLINE_ALL;
	line->fetch = fetch;
	line->source = r;
}

static void complete(struct logline *line, const struct record *r,
		     char text[LOGLINE_MAX])
{
	memset(line, 0, sizeof(*line));
	logline_cut(line, text, logline_join(r->tag, r->msg, text));
	line->host = (struct slice){"mail", 4};
	line->arrived = 1800000002;
	line->reported = 1800000001;
}

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void ask_test(void **state)
{
	const struct ask_row *row = *state;
	struct record r = {.tag = slice_of(row->tag),
			   .msg = slice_of(row->msg)};
	struct sighting s, t;
	struct filter_scratch *scratch;
	char text[LOGLINE_MAX];
	struct logline line;
	struct filter *f;
	struct fault why;

	f = open_one(row->file, &why);
	assert_non_null(f);
	scratch = filter_scratch_open(f);
	assert_non_null(scratch);
	lacking(&line, &r);
	assert_int_equal(filter_match(f, scratch, &line, &s), row->kind);
	assert_int_equal(r.asked, row->asked);
	if (row->kind != SIGHTING_NOTHING) {
		assert_int_equal(s.arrived, 1800000002);
		assert_int_equal(s.reported, 1800000001);
	}
	filter_scratch_close(scratch);
	filter_close(f);

	f = open_one(row->file, &why);
	scratch = filter_scratch_open(f);
	complete(&line, &r, text);
	assert_int_equal(filter_match(f, scratch, &line, &t), row->kind);
	if (row->kind != SIGHTING_NOTHING)
		assert_string_equal(s.rule, t.rule);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- who wrote it ---- */

/* Two lines, one after the other, of which somebody else may have written the
 * first. */
struct origin_row {
	const char *title;
	const char *file;
	const char *first;
	bool foreign;
	bool asked; /* who wrote the first */
	enum sighting_kind kind[2];
	const char *second; /* NULL: there is none */
	uint64_t hits;      /* of all rules */
};

#define BAD "bad bob from 192.0.2.1"
#define FAILED SIGHTING_FAILURE
#define NOTHING SIGHTING_NOTHING

static const struct origin_row origin_rows[] = {
	{"a failure of its server's",
	 LINES,
	 BAD,
	 false,
	 true,
	 {FAILED, NOTHING},
	 NULL,
	 1},
	{"a failure of somebody else's",
	 LINES,
	 BAD,
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"a success of somebody else's",
	 LINES,
	 "good from 192.0.2.1",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"trouble of somebody else's",
	 LINES,
	 "broken",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"an innocent line is not asked for",
	 LINES,
	 "hello",
	 true,
	 false,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"a repeated one of its server's",
	 LINES,
	 "message repeated 3 times: [ " BAD "]",
	 false,
	 true,
	 {FAILED, NOTHING},
	 NULL,
	 1},
	{"a repeated one of somebody else's",
	 LINES,
	 "message repeated 3 times: [ " BAD "]",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"a line of a file of its server's",
	 FILES,
	 "Nov 20 04:58:34 bad from 192.0.2.1",
	 false,
	 true,
	 {FAILED, NOTHING},
	 NULL,
	 1},
	{"a line of a file of somebody else's",
	 FILES,
	 "Nov 20 04:58:34 bad from 192.0.2.1",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"any program's, of somebody else's",
	 ALL_LINES,
	 "bad from 192.0.2.1",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 NULL,
	 0},
	{"its own lends the session an address",
	 JOINED,
	 "s1 bad bob from 192.0.2.1",
	 false,
	 true,
	 {FAILED, SIGHTING_SUCCESS},
	 "s1 good from -",
	 2},
	{"a stranger's does not",
	 JOINED,
	 "s1 bad bob from 192.0.2.1",
	 true,
	 true,
	 {NOTHING, NOTHING},
	 "s1 good from -",
	 1},
	{"its own is doubled",
	 DOUBLED,
	 BAD,
	 false,
	 true,
	 {FAILED, NOTHING},
	 BAD,
	 2},
	{"a stranger's is not what is doubled",
	 DOUBLED,
	 BAD,
	 true,
	 true,
	 {NOTHING, FAILED},
	 BAD,
	 1},
};

static uint64_t all_hits(const struct filter *f)
{
	struct rule_info info;
	uint64_t hits = 0;

	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &info);
		hits += info.hits;
	}
	return hits;
}

static void origin_test(void **state)
{
	const struct origin_row *row = *state;
	const char *msg[2] = {row->first, row->second};
	struct filter_scratch *scratch;
	struct logline line;
	struct sighting s;
	struct filter *f;
	struct fault why;

	f = open_one(row->file, &why);
	assert_non_null(f);
	scratch = filter_scratch_open(f);
	assert_non_null(scratch);
	for (size_t i = 0; i < 2 && msg[i] != NULL; i++) {
		struct record r = {.tag = slice_of("d:"),
				   .msg = slice_of(msg[i]),
				   .foreign = i == 0 && row->foreign};

		lacking(&line, &r);
		line.lacks |= LOGLINE_ORIGIN;
		assert_int_equal(filter_match(f, scratch, &line, &s),
				 row->kind[i]);
		if (i == 0)
			assert_int_equal((r.asked & LOGLINE_ORIGIN) != 0,
					 row->asked);
	}
	assert_int_equal(all_hits(f), row->hits);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- whose line is it ---- */

enum { ROUNDS = 100000, TAG_MAX = 80 };

/* Tags that are much alike, of every length, with pids, colons and blanks in
 * odd places. */
static size_t make_tag(uint64_t *random, char out[TAG_MAX])
{
	static const char *const names[] = {"a",    "ab",      "abc",
					    "abcd", "abcdefg", "d"};
	static const char odd[] = "ab[]: /1";
	int a = (int)random_below(random, 8), b = (int)random_below(random, 8);
	int n = 0;

	switch (random_below(random, 6)) {
	case 0:
		n = sprintf(out, "%s", names[b % 6]);
		break;
	case 1:
		n = sprintf(out, "%c%cabcdefgh", 'a' + a, 'a' + b);
		break;
	case 2:
		n = sprintf(out, "abcdefghi%c%c", 'a' + a, 'a' + b);
		break;
	case 3:
		n = sprintf(out, "abcdefgh-%c/abcdefgh", 'a' + a);
		break;
	case 4:
		n = sprintf(out, "abcdefgh%.*sabcdefgh", 4 * a + b,
			    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		break;
	}
	for (size_t more = random_below(random, 8); more > 0; more--)
		out[n++] = odd[random_below(random, sizeof(odd) - 1)];
	return (size_t)n;
}

/* A scratch that has seen thousands of programs answers as one that has seen
 * none, and a tag that was not cut as one that was. */
static void program_test(void **state)
{
	struct filter *f;
	struct filter_scratch *seasoned, *fresh;
	struct record r = {.msg = slice_of("bad bob from 192.0.2.1")};
	uint64_t random = 1;
	struct logline line;
	struct sighting s;
	char tag[TAG_MAX], text[LOGLINE_MAX];
	unsigned found = 0;
	struct fault why;

	(void)state;
	f = open_one("[Definition]\n"
		     "daemon = a abcd ab[ b* d fa* cdabcdefgh gaabcdefgh "
		     "abcdefghiac abcdefghiga abcdefgh-b* abcdefghxabcdefgh "
		     "*hxxxxxa* "
		     "*hxxxxxxxxxxxxxxa* "
		     "abcdefghxxxxxxxxxxxxxxxxxxxxxxxxxxabcdefgh\n"
		     "failregex = ^bad <F-USER>\\S+</F-USER> from <ADDR>$\n",
		     &why);
	assert_non_null(f);
	seasoned = filter_scratch_open(f);
	fresh = filter_scratch_open(f);
	assert_true(seasoned != NULL && fresh != NULL);
	for (unsigned i = 0; i < ROUNDS; i++) {
		enum sighting_kind kind;

		r.tag = (struct slice){tag, make_tag(&random, tag)};
		r.asked = 0;
		lacking(&line, &r);
		kind = filter_match(f, seasoned, &line, &s);
		found += kind == SIGHTING_FAILURE;
		memset(fresh->cache, 0, sizeof(fresh->cache));
		complete(&line, &r, text);
		if (filter_match(f, fresh, &line, &s) != kind)
			fail_msg("round %u: '%.*s'", i, (int)r.tag.len, tag);
	}
	assert_in_range(found, ROUNDS / 20, ROUNDS / 2);
	filter_scratch_close(seasoned);
	filter_scratch_close(fresh);
	filter_close(f);
}

/* The programs of a mail host all have their places: no two that write in turn
 * drive out each other. */
static void crowd_test(void **state)
{
	static const char programs[] =
		"postfix/smtpd postfix/cleanup postfix/qmgr postfix/smtp "
		"postfix/lmtp postfix/postscreen postfix/anvil "
		"postfix/submission/smtpd postfix/bounce postfix/scache "
		"postfix/trivial-rewrite postfix/tlsproxy postfix/dnsblog "
		"postfix/pickup postfix/local postfix/virtual dovecot rspamd "
		"CRON systemd systemd-logind sshd named kernel cron rsyslogd "
		"opendkim opendmarc clamd freshclam fail2ban mysqld redis "
		"unattended-upgrade dbus-daemon chronyd";
	unsigned used = 0, wanted = 0;
	struct filter_scratch *scratch;
	struct fault why;
	struct filter *f = open_one(LINES, &why);

	(void)state;
	assert_non_null(f);
	scratch = filter_scratch_open(f);
	assert_non_null(scratch);
	for (const char *at = programs; *at != '\0'; wanted++) {
		size_t n = strcspn(at, " ");

		(void)dispatch(f, scratch, (struct slice){at, n});
		at += n + (at[n] == ' ');
	}
	for (size_t i = 0; i < 1 << CACHE_BITS; i++)
		used += scratch->cache[i].len > 0;
	assert_int_equal(wanted, 36);
	assert_int_equal(used, wanted);
	assert_int_equal(scratch->evicted, 0);
	filter_scratch_close(scratch);
	filter_close(f);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		{"the programs of a host all have their places", crowd_test,
		 NULL, NULL, NULL},
		{"whose line it is, whatever came before", program_test, NULL,
		 NULL, NULL},
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, ask_rows, ask_test);
	ROWS(tests, n, origin_rows, origin_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("filter_line", tests, n, NULL, NULL);
}
