/* rawline: what a log file's line is made of. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/rawline.h"

/* The clock stands at 2026-11-20 12:00:00 UTC, and so does the zone. */
enum { NOW = 1795176000 };

struct raw_row {
	const char *title;
	const char *text;
	int64_t seconds;
	const char *cut; /* HOST|TAG|MSG; text is TAG MSG or, without a host,
			  * what is left as it stands */
};

static const struct raw_row raw_rows[] = {
	{"syslog", "Nov 20 05:06:07 mx postfix/smtpd[3]: connect", 1795151167,
	 "mx|postfix/smtpd[3]:|connect"},
	{"a day of one digit", "Nov  2 05:06:07 mx d: a b", 1793595967,
	 "mx|d:|a b"},
	{"a date that would lie in the future is of last year",
	 "Dec 31 00:00:00 mx d: a", 1767139200, "mx|d:|a"},
	{"tomorrow is a clock that is ahead", "Nov 21 05:06:07 mx d: a",
	 1795237567, "mx|d:|a"},
	{"with a year behind", "Nov 20 05:06:07 2024 mx d: a", 1732079167,
	 "mx|d:|a"},
	{"with a year between", "Nov 20 2024 05:06:07 mx d: a", 1732079167,
	 "mx|d:|a"},
	{"with a priority", "<22>Nov 20 05:06:07 mx d: a", 1795151167,
	 "mx|d:|a"},
	{"ISO 8601", "2026-11-20T05:06:07.123456+01:00 mx d[1]: a", 1795147567,
	 "mx|d[1]:|a"},
	{"ISO 8601 in UTC", "2026-11-20T05:06:07Z mx d[1]: a", 1795151167,
	 "mx|d[1]:|a"},
	{"RFC 5424",
	 "<22>1 2026-11-20T05:06:07Z mx d 77 - [a b=\"]\\\"\"][c] text here",
	 1795151167, "mx|d[77]|text here"},
	{"RFC 5424 of a program with slashes",
	 "<22>1 2026-11-20T05:06:07Z mx p/s 77 ID - a: b", 1795151167,
	 "mx|p/s[77]|a: b"},
	{"RFC 5424 without a pid", "<22>1 2026-11-20T05:06:07Z mx d - - - a",
	 1795151167, "mx|d|a"},
	{"RFC 5424, a pid that is a name",
	 "<22>1 2026-11-20T05:06:07Z mx d x-1 - - a", 1795151167,
	 "mx|d[x-1]|a"},
	{"RFC 5424, the pid in the message",
	 "<22>1 2026-11-20T05:06:07Z mx sogod - - - [98]: a", 1795151167,
	 "mx|sogod|a"},
	{"RFC 5424, a pid and no message",
	 "<22>1 2026-11-20T05:06:07Z mx d 9 - -", 1795151167, "mx|d[9]|"},
	{"RFC 5424 without a date",
	 "<22>1 - mx d 9 - - a Nov 20 05:06:07 mx d: b", NOW,
	 "mx|d[9]|a Nov 20 05:06:07 mx d: b"},
	{"RFC 5424 that ends early", "<22>1 2026-11-20T05:06:07Z mx d 9",
	 1795151167, "mx|d|"},
	{"no blank behind the tag", "Nov 20 05:06:07 mx d[1]:a b", 1795151167,
	 "mx|d[1]:|a b"},
	{"nor behind a tag of slashes", "Nov 20 05:06:07 mx p/s:a b",
	 1795151167, "mx|p/s:|a b"},
	{"a colon inside of a pid", "Nov 20 05:06:07 mx d[a:b]: a", 1795151167,
	 "mx|d[a:b]:|a"},
	{"a pid behind a blank", "Nov 20 05:06:07 mx sogod [98]: a b",
	 1795151167, "mx|sogod|a b"},
	{"two blanks behind the host", "2026-11-20T05:06:07Z INFO    p/s[9]: a",
	 1795151167, "INFO|p/s[9]:|a"},
	{"Dovecot's own", "Nov 20 05:06:07 imap-login: Info: a", 1795151167,
	 "|  imap-login: Info: a"},
	{"Dovecot's own, of a name with blanks",
	 "Nov 20 05:06:07 auth(a b: c,192.0.2.1): Info: x", 1795151167,
	 "|  auth(a b: c,192.0.2.1): Info: x"},
	{"Exim's own, of an address", "2026-11-20 05:06:07 1a H=(x)[::1]:25 a",
	 1795151167, "|  1a H=(x)[::1]:25 a"},
	{"journalctl: short-full", "Fri 2026-11-20 05:06:07 UTC mx p/s[9]: a",
	 1795151167, "mx|p/s[9]:|a"},
	{"journalctl: short-precise", "Nov 20 05:06:07.123456 mx d[1]: a",
	 1795151167, "mx|d[1]:|a"},
	{"journalctl: short-iso", "2026-11-20T05:06:07+0000 mx d[1]: a",
	 1795151167, "mx|d[1]:|a"},
	{"journalctl: short-unix", "1795151167.123456 mx d[1]: a", 1795151167,
	 "mx|d[1]:|a"},
	{"docker compose", "mail-1  | Nov 20 05:06:07 mx d[1]: a", 1795151167,
	 "mx|d[1]:|a"},
	{"docker compose, Dovecot's own",
	 "mail_1 | Nov 20 05:06:07 imap-login: Info: a", 1795151167,
	 "|  imap-login: Info: a"},
	{"a bar without a name", "| Nov 20 05:06:07 mx d: a", 1795151167,
	 "|||mx d: a"},
	{"RFC 5424 without anything", "<22>1 2026-11-20T05:06:07Z mx d - - -",
	 1795151167, "mx|d|"},
	{"Exim's own", "2026-11-20 05:06:07 login authenticator failed",
	 1795151167, "|  login authenticator failed"},
	{"Kerio's own", "[20/Nov/2026 05:06:07] Failed SMTP login", 1795151167,
	 "|  Failed SMTP login"},
	{"SnappyMail's own: no syslog daemon has brackets",
	 "[2026-11-20 05:06:07] Auth failed: ip=192.0.2.1", 1795151167,
	 "|  Auth failed: ip=192.0.2.1"},
	{"Apache's own", "[20/Nov/2026:05:06:07 +0000] error", 1795151167,
	 "|  error"},
	{"DirectAdmin's own", "2026:11:20-05:06:07: '192.0.2.1' 2 failed",
	 1795151167, "|:|'192.0.2.1' 2 failed"},
	{"American", "11/20/2026 05:06:07 [LOGIN_ERROR] bob", 1795151167,
	 "|  [LOGIN_ERROR] bob"},
	{"American, after noon", "11/20/2026 05:06:07 PM   smtp: a", 1795194367,
	 "|    smtp: a"},
	{"American, after midnight", "11/20/2026 12:06:07 AM   smtp: a",
	 1795133167, "|    smtp: a"},
	{"American, at noon", "11/20/2026 12:06:07 PM   smtp: a", 1795176367,
	 "|    smtp: a"},
	{"no such half of a day", "11/20/2026 13:06:07 PM   smtp: a",
	 1795179967, "PM|smtp:|a"},
	{"German", "[28:0001] 20.11.2026 05:06:07   smtp: a", 1795151167,
	 "|[28:0001]|smtp: a"},
	{"ASSP's own", "Nov-20-26 05:06:07 [x] 192.0.2.1", 1795151167,
	 "|  [x] 192.0.2.1"},
	{"asctime", "Fri Nov 20 05:06:07 2026 d: a", 1795151167, "|  d: a"},
	{"epoch", "1795151167.25 mx d: a", 1795151167, "mx|d:|a"},
	{"TAI64N", "@400000006b00060900000000 a b", 1795163647, "|  a b"},
	{"a date in the middle is taken out",
	 "[28:0001] 20-11-2026 05:06:07   smtp: a", 1795151167,
	 "|[28:0001]|smtp: a"},
	{"no date", "postfix/smtpd[3]: connect", NOW,
	 "|postfix/smtpd[3]:|connect"},
	{"half a date", "Nov 20 05:06 mx d: a", NOW, "|Nov|20 05:06 mx d: a"},
	{"the 31st of nothing", "2026-13-31 05:06:07 a", NOW,
	 "|2026-13-31|05:06:07 a"},
	{"nothing", "", NOW, "||"},
	{"a newline", "\r\n", NOW, "||"},
};

static void raw_test(void **state)
{
	const struct raw_row *r = *state;
	struct rawline raw;
	const struct logline *l = &raw.line;
	char got[256];

	rawline_parse(r->text, strlen(r->text), NOW, &raw);
	assert_int_equal(l->reported, r->seconds);
	assert_int_equal(l->arrived, r->seconds);
	if (l->host.len == 0 && l->tag.len == 0 && l->text.len > 0)
		snprintf(got, sizeof(got), "| %.*s", (int)l->text.len,
			 l->text.at);
	else
		snprintf(got, sizeof(got), "%.*s|%.*s|%.*s", (int)l->host.len,
			 l->host.at, (int)l->tag.len, l->tag.at,
			 (int)l->msg.len, l->msg.at);
	assert_string_equal(got, r->cut);
}

static void long_test(void **state)
{
	static char text[3 * LOGLINE_MAX];
	struct rawline raw;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "Nov 20 05:06:07 mx d: ", 22);
	rawline_parse(text, sizeof(text), NOW, &raw);
	assert_in_range(raw.line.text.len, LOGLINE_MAX - 10, LOGLINE_MAX);
	assert_string_equal(raw.text + LOGLINE_MAX, "");
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	setenv("TZ", "UTC", 1);
	tzset();
	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, raw_rows, raw_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(long_test);
	return _cmocka_run_group_tests("rawline", tests, n, NULL, NULL);
}
