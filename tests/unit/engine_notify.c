/*
 * engine_notify: mails, from a ban until they are handed over: which are
 * written when, what they say, and that none is lost and none comes twice when
 * the engine ends, the outlet refuses or a clock is set.
 */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/backup.h"
#include "saslban/store.h"

#define LINE_END "\\u000d\\u000a" /* in JSON */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

/* START is 2027-01-15 09:00 in Berlin, a Friday. */
enum { HALF_PAST_7 = START - 5400 };

/* What has come, the JSON of each. */
static struct {
	char mail[64][40000];
	size_t n;
	int refuse; /* so many times */
	bool stuck; /* what was taken does not get any further */
} box;

static bool take(void *context, enum outlet outlet, const struct outgoing *m)
{
	(void)context;
	assert_int_equal(outlet, OUTLET_NOTIFY);
	if (box.refuse > 0) {
		box.refuse--;
		return false;
	}
	assert_in_range(box.n, 0, 63);
	assert_true(strlen(m->json) < sizeof(box.mail[0]));
	snprintf(box.mail[box.n++], sizeof(box.mail[0]), "%s", m->json);
	return true;
}

static bool passed(void *context, enum outlet outlet)
{
	(void)context;
	(void)outlet;
	return !box.stuck;
}

static void restart(struct world *w)
{
	engine_close(w->engine);
	open_engine(w);
	turn(w);
}

static void start(struct world *w, const char *mode)
{
	struct fault why;

	box.n = 0;
	box.refuse = 0;
	box.stuck = false;
	setenv("TZ", BERLIN, 1);
	tzset();
	w->reporter.submit = take;
	w->reporter.passed = passed;
	set(w, "notify", mode);
	set(w, "notify.ruleset", "mails");
	w->settings.given = 0;
	set(w, "bantime", "60s");
	set(w, "bantime", "8d");
	assert_int_equal(settings_check(&w->settings, &why), 0);
	restart(w);
}

/* The value of a string in the JSON of a mail; of its escapes only line ends
 * are undone. */
static const char *value(size_t i, const char *key)
{
	static char buf[40000];
	const char *at, *end;
	char begin[32], *to = buf;

	snprintf(begin, sizeof(begin), "\"%s\":\"", key);
	assert_true(i < box.n);
	at = strstr(box.mail[i], begin);
	assert_non_null(at);
	at += strlen(begin);
	end = strstr(at, "\",\"");
	if (end == NULL)
		end = at + strlen(at) - strlen("\"}");
	while (at < end)
		if (strncmp(at, LINE_END, strlen(LINE_END)) == 0) {
			*to++ = '\n';
			at += strlen(LINE_END);
		} else {
			*to++ = *at++;
		}
	*to = '\0';
	return buf;
}

/* So many seconds later, when all is done, so many mails have come. */
#define LATER(w, seconds, mails)                  \
	do {                                      \
		wait_s((w), (seconds));           \
		finish(w);                        \
		assert_int_equal(box.n, (mails)); \
	} while (0)

#define SUBJECT(i, text) \
	assert_string_equal(value((i), "subject"), "[saslban] mx1: " text)

static void has_line(size_t i, const char *text)
{
	char line[256];

	snprintf(line, sizeof(line), "\n%s\n", text);
	if (strstr(value(i, "body"), line) == NULL)
		fail_msg("'%s' is not in:\n%s", text, value(i, "body"));
}

/* ---- which and when ---- */

static void none_test(void **state)
{
	struct world *w = *state;

	start(w, "none");
	fail_times(w, "192.0.2.1", 3);
	LATER(w, DAY, 0);
	/* What another mode has left is forgotten. */
	sql(w, "INSERT INTO outbox (jail, kind, at, due)"
	       " VALUES (1, 'ban', 1, 1)");
	restart(w);
	set(w, "notify", "smart");
	restart(w);
	assert_int_equal(box.n, 0);
}

static void smart_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	LATER(w, 299, 0);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(box.n, 1);
	SUBJECT(0, "192.0.2.1 strike 1, banned for 1m");
	assert_string_equal(
		value(0, "body"),
		"2027-01-15 09:00  banned 192.0.2.1 for 1m (strike 1)\n"
		"    3 failures within 1h, last by postfix/smtpd (postfix:1)\n"
		"\n"
		"What else is known of 192.0.2.1\n"
		"  3 failed logins from 2027-01-15 09:00 to 2027-01-15 09:00\n"
		"  Accounts: alice (3)\n"
		"  Services: postfix/smtpd (3)\n"
		"\n"
		"-- \n"
		"omsaslban on mx1, jail sasl, mail sasl.1.1800000000@mx1\n");
	assert_string_equal(value(0, "id"), "sasl.1.1800000000@mx1");
	assert_string_equal(value(0, "kind"), "ban");
	assert_string_equal(value(0, "priority"), "normal");
	LATER(w, DAY, 1);
}

/* One mail for all that the address does meanwhile, or with its third strike,
 * at once. */
static void escalation_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	wait_s(w, 61);
	finish(w);
	fail_times(w, "192.0.2.1", 3);
	lift(w, "192.0.2.1");
	sql(w, "UPDATE offense SET lifted = NULL, ended = at + 9,"
	       " until = at + 9 WHERE strike = 2");
	LATER(w, 10, 0);
	restart(w);
	fail_times(w, "192.0.2.1", 3);
	assert_int_equal(box.n, 1);
	SUBJECT(0, "192.0.2.1 strike 3, banned for 8d");
	assert_string_equal(value(0, "priority"), "high");
	has_line(0, "2027-01-15 09:01  banned 192.0.2.1 for 9s (strike 2)");
	has_line(0, "2027-01-15 09:00  banned 192.0.2.1 for 1m (strike 1)");
	LATER(w, DAY, 1);
}

static void immediate_test(void **state)
{
	struct world *w = *state;

	start(w, "immediate");
	fail_times(w, "2001:db8::1", 3);
	assert_int_equal(box.n, 1);
	SUBJECT(0, "2001:db8::/64 strike 1, banned for 1m");
}

/* Ten mails, one for all the rest, and after the wait one for what came
 * meanwhile. */
static void many_test(void **state)
{
	struct world *w = *state;

	start(w, "immediate");
	ban_many(w, 0, 4);
	finish(w);
	assert_int_equal(box.n, 4);
	ban_many(w, 10, 70);
	finish(w);
	assert_int_equal(box.n, 5);
	SUBJECT(4, "70 addresses banned, 0 bans of strike 3 or more");
	has_line(4, "  strike 1  1m        198.18.0.80");
	has_line(4, "  and 10 more, see saslbanctl list");
	ban_many(w, 100, 1);
	assert_int_equal(box.n, 6); /* the sixth of ten */
	ban_many(w, 200, 6);
	finish(w);
	assert_int_equal(box.n, 6);
	LATER(w, 299, 6);
	ban_many(w, 300, 20);
	LATER(w, 1, 7);
	SUBJECT(6, "26 addresses banned, 0 bans of strike 3 or more");
}

/* ---- nothing is lost, and nothing comes twice ---- */

static void restart_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	wait_s(w, 100);
	restart(w);
	assert_int_equal(box.n, 0);
	wait_s(w, 200);
	turn(w);
	assert_int_equal(box.n, 1);
	restart(w);
	finish(w);
	assert_int_equal(box.n, 1);
	/* It was due while nobody was there. */
	fail_times(w, "192.0.2.2", 3);
	engine_close(w->engine);
	wait_s(w, 1000);
	open_engine(w);
	turn(w);
	assert_int_equal(box.n, 2);
}

static void refused_test(void **state)
{
	struct world *w = *state;

	start(w, "immediate");
	box.refuse = 3;
	fail_times(w, "192.0.2.1", 3);
	finish(w);
	assert_int_equal(box.refuse, 2);
	wait_s(w, 9);
	finish(w);
	assert_int_equal(box.refuse, 2);
	wait_s(w, 1);
	finish(w);
	assert_int_equal(box.refuse, 1);
	restart(w);
	assert_int_equal(box.refuse, 0);
	assert_int_equal(box.n, 0);
	/* What comes meanwhile does not change which mail it is. */
	fail_times(w, "192.0.2.2", 3);
	LATER(w, 10, 2);
	assert_string_equal(value(0, "id"), "sasl.1.1800000000@mx1");
}

/* It was taken, and then everything stopped: it may be lost, so it comes
 * again, and is known by its id. */
static void stuck_test(void **state)
{
	struct world *w = *state;

	start(w, "immediate");
	box.stuck = true;
	fail_times(w, "192.0.2.1", 3);
	finish(w);
	LATER(w, 5, 1);
	restart(w);
	assert_int_equal(box.n, 2);
	assert_string_equal(value(1, "id"), "sasl.1.1800000000@mx1");
	box.stuck = false;
	wait_s(w, 1);
	finish(w);
	restart(w);
	finish(w);
	assert_int_equal(box.n, 2);
}

/* At the end there is one more look at what was taken. */
static void last_test(void **state)
{
	struct world *w = *state;
	struct fault why;

	start(w, "immediate");
	box.stuck = true;
	fail_times(w, "192.0.2.1", 3);
	finish(w);
	box.stuck = false;
	assert_int_equal(engine_keep_last(w->engine, w->now, &why), 0);
	restart(w);
	finish(w);
	assert_int_equal(box.n, 1);
}

static void no_outlet_test(void **state)
{
	struct world *w = *state;

	start(w, "immediate");
	w->reporter.submit = NULL;
	fail_times(w, "192.0.2.1", 3);
	finish(w);
	w->reporter.submit = take;
	LATER(w, 10, 1);
}

static void clock_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	w->now.wall -= HOUR; /* the boot clock runs on */
	finish(w);
	LATER(w, 299, 0);
	LATER(w, 1, 1);
}

/* ---- breaches ---- */

static void enter(struct world *w, const char *address, const char *user)
{
	struct sighting s = failure(w, address);
	struct fault why = {.text = ""};
	size_t n = 1;

	s.kind = SIGHTING_SUCCESS;
	snprintf(s.user, sizeof(s.user), "%s", user);
	snprintf(s.service, sizeof(s.service), "%s", "dovecot");
	if (engine_round(w->engine, &s, &n, w->now, &why) != 0)
		fail_msg("a round failed: %s", why.text);
}

static void breach_test(void **state)
{
	struct world *w = *state;

	start(w, "weekly");
	fail_times(w, "192.0.2.1", 3);
	assert_int_equal(box.n, 0);
	enter(w, "192.0.2.1", "bob@example.org");
	assert_int_equal(box.n, 1);
	SUBJECT(0, "BREACH: bob@example.org from 192.0.2.1");
	assert_string_equal(value(0, "kind"), "breach");
	assert_string_equal(value(0, "priority"), "urgent");
	has_line(0, "    from 192.0.2.1, service dovecot");
	has_line(0, "What to do");
	has_line(0, "    saslbanctl allow add 192.0.2.1");
}

/* A user's name is the guesser's choice; a subject is a header. */
static void nasty_test(void **state)
{
	static const char nasty[] = "x\r\nBcc: a@b.c\r\n\r\n.\r\nQUIT\33[1m\"\\"
				    "\xe2\x80\xae%news%";
	struct world *w = *state;
	struct sighting s;
	struct fault why;
	size_t n = 1;

	start(w, "immediate");
	s = failure(w, "192.0.2.1");
	s.count = 3;
	snprintf(s.user, sizeof(s.user), "%s", nasty);
	assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why), 0);
	enter(w, "192.0.2.1", nasty);
	assert_int_equal(box.n, 2);
	SUBJECT(1, "BREACH: x??Bcc: a@b.c????.??QUIT??1m??????news? from "
		   "192.0.2.1");
	for (size_t i = 0; i < box.n; i++) {
		assert_null(strstr(value(i, "body"), "\nBcc"));
		assert_null(strstr(value(i, "body"), "\n.\n"));
		assert_null(strstr(box.mail[i], "\\u001b"));
		assert_null(strstr(box.mail[i], "\\u202e"));
	}
}

/* ---- digests ---- */

static const char first_day[] =
	"From 2027-01-15 09:00 to 2027-01-16 07:30\n"
	"                                   new    run now\n"
	"  bans                              16          0\n"
	"    strike 1                        16          0\n"
	"    strike 2                         0          0\n"
	"    strike 3 and more                0          0\n"
	"  addresses banned                  16\n"
	"  failed logins                     48\n"
	"    postfix/smtpd                   48\n"
	"\n"
	"Day              bans  strike 1  strike 2  strike 3+  failed "
	"logins\n"
	"  2027-01-10        0         0         0          0          "
	"    0\n"
	"  2027-01-11        0         0         0          0          "
	"    0\n"
	"  2027-01-12        0         0         0          0          "
	"    0\n"
	"  2027-01-13        0         0         0          0          "
	"    0\n"
	"  2027-01-14        0         0         0          0          "
	"    0\n"
	"  2027-01-15       16        16         0          0          "
	"   48\n"
	"  2027-01-16        0         0         0          0          "
	"    0\n"
	"\n"
	"Accounts that several addresses tried\n"
	"  alice                                         48 failures, "
	"16 addresses\n"
	"\n"
	"Is everything alive\n"
	"  engine    runs, and bans with recorder in set saslban\n"
	"  firewall  refers to the set\n"
	"  WARNING   the filters have read no line for a day: is the "
	"log\n"
	"            still passed to the module? See saslbanctl "
	"doctor\n"
	"\n"
	"-- \n"
	"omsaslban on mx1, jail sasl, mail sasl.1.1800000000@mx1\n";

static void daily_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	fail_times(w, "192.0.2.1", 3);
	wait_s(w, 61);
	finish(w);
	ban_many(w, 0, 15);
	LATER(w, HALF_PAST_7 + DAY - 1 - w->now.wall, 0);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(box.n, 1);
	SUBJECT(0, "2027-01-16: 16 bans, 0 third strikes, 1 warning");
	assert_string_equal(value(0, "body"), first_day);
	assert_string_equal(value(0, "kind"), "digest");
	LATER(w, DAY - 1, 1);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(box.n, 2);
	SUBJECT(1, "2027-01-17: 0 bans, 0 third strikes, 1 warning");
	has_line(1, "  2027-01-15       16        16         0          0"
		    "             48");
}

/* The third strikes of a week; and a breach of the time. */
static void worst_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	sql(w, "INSERT INTO offense (jail, address, strike, at, until, ended,"
	       " lo, hi) VALUES"
	       " (1, '192.0.2.3', 3, 1799900000, 1800591200, NULL, x'', x''),"
	       " (1, '192.0.2.4', 7, 1799999000, 1800690200, 1799999900, x'',"
	       "  x''),"
	       " (1, '192.0.2.5', 3, 1799000000, NULL, NULL, x'', x'')");
	fail_times(w, "192.0.2.1", 3);
	enter(w, "192.0.2.1", "bob");
	LATER(w, HALF_PAST_7 + DAY - w->now.wall, 2);
	SUBJECT(1, "2027-01-16: 1 ban, 0 third strikes, 1 BREACH, 1 warning");
	has_line(1, "The latest bans of strike 3 and more");
	has_line(1, "  2027-01-15 08:43  strike 7   8d        192.0.2.4");
	has_line(1, "  2027-01-14 05:13  strike 3   8d        192.0.2.3");
	assert_null(strstr(value(1, "body"), "192.0.2.5"));
	has_line(1, "BREACHES: change these passwords");
}

static void weekly_test(void **state)
{
	struct world *w = *state;

	start(w, "weekly");
	fail_times(w, "192.0.2.1", 3);
	/* Monday, 2027-01-18. */
	LATER(w, HALF_PAST_7 + 3 * DAY - 1 - w->now.wall, 0);
	LATER(w, 1, 1);
	SUBJECT(0, "week to 2027-01-18: 1 ban, 0 third strikes, 1 warning");
	LATER(w, 7 * DAY, 2);
}

/* A backup of now; and: it takes the place of the database. */
static void back_up(struct world *w)
{
	char path[BACKUP_PATH];
	struct store *s;

	snprintf(path, sizeof(path), "%s.copy", w->path);
	assert_int_equal(store_open(&s, w->path, STORE_READ, NULL), 0);
	assert_int_equal(backup_write(s, path, NULL, NULL), 0);
	store_close(s);
}

static void put_back(struct world *w)
{
	char path[BACKUP_PATH];

	engine_close(w->engine);
	snprintf(path, sizeof(path), "%s.copy", w->path);
	assert_int_equal(rename(path, w->path), 0);
	open_engine(w);
	w->said[0] = '\0';
	turn(w);
	finish(w);
}

/* A backup has what waited when it was made and was sent since. */
static void put_back_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	back_up(w);
	wait_s(w, 300);
	finish(w);
	assert_int_equal(box.n, 1);
	fail_times(w, "192.0.2.2", 3);
	put_back(w);
	wait_s(w, DAY);
	finish(w);
	assert_int_equal(box.n, 1);
	assert_non_null(strstr(w->said, "notices of bans (1) and digests (0) "
					"are not sent, as they may have been; "
					"those of breaches (0) are"));
	/* It is none any more. */
	fail_times(w, "192.0.2.3", 3);
	wait_s(w, 299);
	w->said[0] = '\0';
	restart(w);
	wait_s(w, 1);
	finish(w);
	assert_int_equal(box.n, 2);
	assert_null(strstr(w->said, "backup"));
}

/* What was not due yet was not sent either. */
static void put_back_early_test(void **state)
{
	struct world *w = *state;

	start(w, "smart");
	fail_times(w, "192.0.2.1", 3);
	back_up(w);
	wait_s(w, 299);
	put_back(w);
	assert_int_equal(box.n, 0);
	assert_null(strstr(w->said, "backup"));
	wait_s(w, 1);
	finish(w);
	assert_int_equal(box.n, 1);
}

/* A breach is worth a second mail, which has the same id. */
static void put_back_breach_test(void **state)
{
	struct world *w = *state;
	char id[128];

	start(w, "smart");
	box.refuse = 1;
	fail_times(w, "192.0.2.1", 3);
	sql(w, "INSERT INTO breach (id, jail, at, last, user, host, kind)"
	       " VALUES (9, 1, 1, 1, 'bob', '192.0.2.1', 'banned');"
	       " INSERT INTO outbox (jail, kind, about, address, at, due)"
	       " VALUES (1, 'breach', 9, '192.0.2.1', 1, 1)");
	turn(w);
	assert_int_equal(box.n, 0);
	assert_int_equal(box.refuse, 0);
	back_up(w);
	wait_s(w, 10);
	finish(w);
	assert_int_equal(box.n, 1);
	snprintf(id, sizeof(id), "%s", value(0, "id"));
	wait_s(w, HOUR);
	put_back(w);
	assert_int_equal(box.n, 2);
	assert_string_equal(value(1, "id"), id);
	assert_non_null(strstr(w->said, "those of breaches (1) are, perhaps "
					"once more"));
}

/* The days that were told are not told again. */
static void put_back_digest_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	back_up(w);
	wait_s(w, HALF_PAST_7 + DAY - w->now.wall);
	finish(w);
	assert_int_equal(box.n, 1);
	wait_s(w, HOUR);
	put_back(w);
	assert_int_equal(box.n, 1);
	assert_non_null(strstr(w->said, "digests (1) are not sent"));
	wait_s(w, DAY - HOUR);
	finish(w);
	assert_int_equal(box.n, 2);
	assert_non_null(strstr(value(1, "body"),
			       "From 2027-01-16 07:30 to 2027-01-17 07:30\n"));
}

/* It tells of all the days on which nobody was there, once. */
static void days_off_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	fail_times(w, "192.0.2.1", 3);
	engine_close(w->engine);
	wait_s(w, 3 * DAY);
	open_engine(w);
	finish(w);
	assert_int_equal(box.n, 1);
	assert_non_null(strstr(value(0, "body"),
			       "From 2027-01-15 09:00 to 2027-01-18 07:30\n"));
	LATER(w, HALF_PAST_7 + 4 * DAY - w->now.wall, 2);
	assert_non_null(strstr(value(1, "body"),
			       "From 2027-01-18 07:30 to 2027-01-19 07:30\n"));
}

/* While lines come in it waits, but not for ever. */
static void busy_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	wait_s(w, HALF_PAST_7 + DAY - w->now.wall);
	fail_times(w, "192.0.2.1", 1);
	assert_int_equal(box.n, 0);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(box.n, 0);
	wait_s(w, 10);
	turn(w);
	assert_int_equal(box.n, 1);
	wait_s(w, HALF_PAST_7 + 2 * DAY - w->now.wall);
	for (int i = 0; i < 600; i++) {
		fail_times(w, "192.0.2.2", 1);
		wait_s(w, 1);
	}
	assert_int_equal(box.n, 1);
	fail_times(w, "192.0.2.2", 1);
	assert_int_equal(box.n, 2);
}

struct set_row {
	const char *title;
	int64_t from; /* the clock's time, UTC, before the night */
	const char *at;
	int64_t due[3];
};

/* 2027: forward on March 28, back on October 31, at 01:00 UTC. */
#define MARCH 1806195600LL
#define OCTOBER 1824944400LL

static const struct set_row set_rows[] = {
	{"forward over it: at 03:30",
	 MARCH - 12 * HOUR,
	 "02:30",
	 {MARCH + 1800, MARCH + 1800 + 23 * HOUR, MARCH + 1800 + 47 * HOUR}},
	{"back over it: at the first 02:30",
	 OCTOBER - 12 * HOUR,
	 "02:30",
	 {OCTOBER - 1800, OCTOBER + 1800 + 24 * HOUR,
	  OCTOBER + 1800 + 48 * HOUR}},
	{"forward, and in the morning",
	 MARCH - 12 * HOUR,
	 "07:30",
	 {MARCH + 16200, MARCH + 16200 + DAY, MARCH + 16200 + 2 * DAY}},
};

/* Three nights, second by second where it matters: one mail each. */
static void set_test(void **state)
{
	const struct set_row *r = *state;
	struct world *w;

	setup((void **)&w);
	w->now.wall = r->from;
	set(w, "notify.at", r->at);
	start(w, "daily");
	for (size_t i = 0; i < 3; i++) {
		LATER(w, r->due[i] - 1 - w->now.wall, i);
		LATER(w, 1, i + 1);
		restart(w);
	}
	teardown((void **)&w);
}

/* A clock that somebody sets back by three hours, over the time of the mail:
 * it went, and the next one is tomorrow's. */
static void back_test(void **state)
{
	struct world *w = *state;

	start(w, "daily");
	LATER(w, HALF_PAST_7 + DAY - w->now.wall, 1);
	w->now.wall -= 3 * HOUR;
	finish(w);
	LATER(w, 3 * HOUR + HOUR, 1);
	LATER(w, HALF_PAST_7 + 2 * DAY - w->now.wall, 2);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		ENGINE_TEST("none", none_test),
		ENGINE_TEST("smart: after the wait", smart_test),
		ENGINE_TEST("smart: the third strike at once", escalation_test),
		ENGINE_TEST("immediate", immediate_test),
		ENGINE_TEST("too many become one", many_test),
		ENGINE_TEST("a restart in the wait", restart_test),
		ENGINE_TEST("the outlet refuses", refused_test),
		ENGINE_TEST("taken, and perhaps lost", stuck_test),
		ENGINE_TEST("taken, and there at the end", last_test),
		ENGINE_TEST("there is no outlet yet", no_outlet_test),
		ENGINE_TEST("the clock is set back in the wait", clock_test),
		ENGINE_TEST("a breach at once", breach_test),
		ENGINE_TEST("names that would be headers", nasty_test),
		ENGINE_TEST("a backup is put back", put_back_test),
		ENGINE_TEST("a backup of the wait", put_back_early_test),
		ENGINE_TEST("a backup with a breach", put_back_breach_test),
		ENGINE_TEST("a backup, daily", put_back_digest_test),
		ENGINE_TEST("daily", daily_test),
		ENGINE_TEST("daily: third strikes and breaches", worst_test),
		ENGINE_TEST("weekly: on Monday", weekly_test),
		ENGINE_TEST("daily: after three days off", days_off_test),
		ENGINE_TEST("daily: after the rush", busy_test),
		ENGINE_TEST("daily: the clock is set back over it", back_test),
	};
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;

	SINGLES(tests, n, singles);
	ROWS(tests, n, set_rows, set_test);
	return _cmocka_run_group_tests("engine_notify", tests, n, NULL, NULL);
}
