/* filter: rules compiled, lines judged. */
#include "judging.h"

/* One filter file, one line (`HOST|TEXT`), and what comes of it: verdict,
 * address, user, count, mech, session, code, rule. */
struct judge_row {
	const char *title;
	const char *file;
	const char *line;
	const char *answer;
};

static const struct judge_row judge_rows[] = {
	{"a failure", OWN "failregex = ^no <ADDR>$\n", "h|d[9]: no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"IPv6", OWN "failregex = ^no <ADDR>$\n", "h|d: no 2001:DB8::1",
	 "fail 2001:db8::1 - 1 - - - x:1"},
	{"IPv6 in brackets", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: no [2001:db8:1:2:3:4:5:6]",
	 "fail 2001:db8:1:2:3:4:5:6 - 1 - - - x:1"},
	{"mapped IPv4 is IPv4", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: no ::ffff:192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"mapped IPv4 in hexadecimal", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: no ::ffff:c000:201", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a time is no address", OWN "failregex = ^no <IP6>\n",
	 "h|d: no 10:11:12", "none"},
	{"four numbers that are none", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: no 192.0.2.256", "none"},
	{"a host name counts for nothing", OWN "failregex = ^no <HOST>$\n",
	 "h|d: no a.example", "none"},
	{"loopback counts for nothing", OWN "failregex = ^no <HOST>$\n",
	 "h|d: no 127.0.0.1", "none"},
	{"mapped loopback too", OWN "failregex = ^no <HOST>$\n",
	 "h|d: no ::ffff:127.0.0.1", "none"},
	{"an id that is an address", OWN "failregex = ^no <F-ID>.*</F-ID>$\n",
	 "h|d: no 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"an id that is none", OWN "failregex = ^no <F-ID>.*</F-ID>$\n",
	 "h|d: no bob", "none"},
	{"a network", OWN "failregex = ^no <SUBNET>$\n",
	 "h|d: no 192.0.2.77/24", "fail 192.0.2.0/24 - 1 - - - x:1"},
	{"a network of more than there is", OWN "failregex = ^no <SUBNET>$\n",
	 "h|d: no 192.0.2.77/33", "none"},
	{"all that a line tells",
	 OWN "failregex = ^<F-USER>.*</F-USER> <F-MECH>\\S+</F-MECH> "
	     "<F-SESSION>\\S+</F-SESSION> <F-CODE>\\S+</F-CODE> <ADDR>$\n",
	 "h|d: a b PLAIN s1 c1 192.0.2.1",
	 "fail 192.0.2.1 a b 1 PLAIN s1 c1 x:1"},
	{"an alternate user",
	 OWN "failregex = ^<ADDR> (?:u=<F-USER>\\w+</F-USER>|"
	     "v=<F-ALT_USER>\\w+</F-ALT_USER>)\n",
	 "h|d: 192.0.2.1 v=bob", "fail 192.0.2.1 bob 1 - - - x:1"},
	{"an alternate for an empty one",
	 OWN "failregex = ^<ADDR> u=<F-USER>\\w*</F-USER> "
	     "v=<F-ALT_USER>\\w+</F-ALT_USER>\n",
	 "h|d: 192.0.2.1 u= v=bob", "fail 192.0.2.1 bob 1 - - - x:1"},
	{"N attempts", OWN "failregex = ^<ADDR> <F-COUNT>\\d+</F-COUNT>\n",
	 "h|d: 192.0.2.1 9", "fail 192.0.2.1 - 9 - - - x:1"},
	{"too many attempts are a thousand",
	 OWN "failregex = ^<ADDR> <F-COUNT>\\d+</F-COUNT>\n",
	 "h|d: 192.0.2.1 99999999999999999999",
	 "fail 192.0.2.1 - 1000 - - - x:1"},
	{"no attempts are no failure",
	 OWN "failregex = ^<ADDR> <F-COUNT>\\d+</F-COUNT>\n",
	 "h|d: 192.0.2.1 0", "none"},
	{"of which some succeeded",
	 OWN "failregex = ^<ADDR> "
	     "<F-OKCOUNT>\\d</F-OKCOUNT>/<F-COUNT>\\d</F-COUNT>\n",
	 "h|d: 192.0.2.1 1/3", "fail 192.0.2.1 - 2 - - - x:1"},
	{"of which all succeeded",
	 OWN "failregex = ^<ADDR> "
	     "<F-OKCOUNT>\\d</F-OKCOUNT>/<F-COUNT>\\d</F-COUNT>\n",
	 "h|d: 192.0.2.1 3/3", "none"},
	{"the second rule",
	 OWN "failregex = ^a <ADDR>$\n            ^b <ADDR>$\n",
	 "h|d: b 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:2"},
	{"a success", OWN "okregex = ^yes <ADDR>$\n", "h|d: yes 192.0.2.1",
	 "ok 192.0.2.1 - 1 - - - x:ok:1"},
	{"what a hash tells of the password",
	 OWN "failregex = ^<ADDR> \\(<F-GUESS>[0-9a-f]+</F-GUESS>\\)$\n",
	 "h|d: 192.0.2.1 (5baa61)", "fail 192.0.2.1 - 1 - - - x:1 5baa61"},
	{"a doubtful line", OWN "doubtregex = ^lost <ADDR>$\n",
	 "h|d: lost 192.0.2.1", "doubtful 192.0.2.1 - 1 - - - x:doubt:1"},
	{"a sum of attempts",
	 OWN "summaryregex = ^left <ADDR> "
	     "(?:<F-OKCOUNT>\\d+</F-OKCOUNT>/)?<F-COUNT>\\d+</F-COUNT>$\n",
	 "h|d: left 192.0.2.1 5", "summary 192.0.2.1 - 5 - - - x:summary:1"},
	{"of which some succeeded",
	 OWN "summaryregex = ^left <ADDR> "
	     "<F-OKCOUNT>\\d+</F-OKCOUNT>/<F-COUNT>\\d+</F-COUNT>$\n",
	 "h|d: left 192.0.2.1 2/5", "summary 192.0.2.1 - 3 - - - x:summary:1"},
	{"of which all succeeded",
	 OWN "summaryregex = ^left <ADDR> "
	     "<F-OKCOUNT>\\d+</F-OKCOUNT>/<F-COUNT>\\d+</F-COUNT>$\n",
	 "h|d: left 192.0.2.1 5/5", "none"},
	{"a failure for certain comes before doubt",
	 OWN "doubtregex = ^<ADDR>\nsummaryregex = ^<ADDR>\n"
	     "failregex = ^<ADDR> bad$\n",
	 "h|d: 192.0.2.1 bad", "fail 192.0.2.1 - 1 - - - x:1"},
	{"doubt comes before a sum",
	 OWN "summaryregex = ^<ADDR>\ndoubtregex = ^<ADDR> lost$\n",
	 "h|d: 192.0.2.1 lost", "doubtful 192.0.2.1 - 1 - - - x:doubt:1"},
	{"trouble and success come before doubt",
	 OWN "doubtregex = ^<ADDR>\ntroubleregex = down$\n"
	     "okregex = ^<ADDR> ok\n",
	 "h|d: 192.0.2.1 ok down", "trouble - - 1 - - - x:trouble:1"},
	{"what is ignored is not doubtful either",
	 OWN "doubtregex = ^<ADDR>\nignoreregex = friend\n",
	 "h|d: 192.0.2.1 friend", "none"},
	{"doubt about loopback counts for nothing",
	 OWN "doubtregex = ^<ADDR>\n", "h|d: 127.0.0.1 lost", "none"},
	{"doubt repeated", OWN "doubtregex = ^lost <ADDR>$\n",
	 "h|d: message repeated 3 times: [lost 192.0.2.1]",
	 "doubtful 192.0.2.1 - 3 - - - x:doubt:1"},
	{"trouble needs no host", OWN "troubleregex = ^help$\n", "h|d: help",
	 "trouble - - 1 - - - x:trouble:1"},
	{"trouble comes before failure",
	 OWN "failregex = ^<ADDR>\ntroubleregex = down$\n",
	 "h|d: 192.0.2.1 down", "trouble - - 1 - - - x:trouble:1"},
	{"success comes before failure",
	 OWN "failregex = ^<ADDR>\nokregex = ^<ADDR> ok\n", "h|d: 192.0.2.1 ok",
	 "ok 192.0.2.1 - 1 - - - x:ok:1"},
	{"what is ignored is nothing",
	 OWN "failregex = ^<ADDR>\nignoreregex = friend\n",
	 "h|d: 192.0.2.1 friend", "none"},
	{"what is not ignored is judged",
	 OWN "failregex = ^<ADDR>\nignoreregex = friend\n",
	 "h|d: 192.0.2.1 foe", "fail 192.0.2.1 - 1 - - - x:1"},
	{"what is known is judged all the same",
	 OWN "failregex = ^<ADDR> bad password\nknownregex = bad password\n",
	 "h|d: 192.0.2.1 bad password", "fail 192.0.2.1 - 1 - - - x:1"},
	{"what is known alone is nothing",
	 OWN "failregex = ^<ADDR> no\nknownregex = bad password\n",
	 "h|d: 192.0.2.1 bad password", "none"},
	{"a prefix has to match",
	 OWN "prefregex = ^a: <F-CONTENT>.+</F-CONTENT>$\n"
	     "failregex = ^<ADDR>$\n",
	 "h|d: b: 192.0.2.1", "none"},
	{"content is the text",
	 OWN "prefregex = ^a: <F-CONTENT>.+</F-CONTENT>$\n"
	     "failregex = ^<ADDR>$\n",
	 "h|d: a: 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
#define TWO_PLACES                                            \
	OWN "prefregex = ^a(?:\\((?P<who>\\w+),<ADDR>\\))?: " \
	    "<F-CONTENT>.+</F-CONTENT>$\n"                    \
	    "failregex = ^(?:sql\\(<F-USER>\\w+</F-USER>,<ADDR>\\): )?no$\n"
	{"a rule that may find an address, and does", TWO_PLACES,
	 "h|d: a: sql(bob,192.0.2.1): no", "fail 192.0.2.1 bob 1 - - - x:1"},
	{"and does not: the prefix has found one", TWO_PLACES,
	 "h|d: a(bob,192.0.2.2): no", "fail 192.0.2.2 - 1 - - - x:1"},
	{"both have: the rule's", TWO_PLACES,
	 "h|d: a(bob,192.0.2.2): sql(eve,192.0.2.1): no",
	 "fail 192.0.2.1 eve 1 - - - x:1"},
	{"neither has", TWO_PLACES, "h|d: a: no", "none"},
#undef TWO_PLACES
	{"the address may stand in the prefix",
	 OWN "prefregex = ^<ADDR>: <F-CONTENT>.+</F-CONTENT>$\n"
	     "failregex = ^bad$\n",
	 "h|d: 192.0.2.1: bad", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a helper line is no failure",
	 OWN "failregex = ^<F-NOFAIL>hello</F-NOFAIL> <ADDR>$\n",
	 "h|d: hello 192.0.2.1", "none"},
	{"$ is the very end", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: no 192.0.2.1\n", "none"},
	{"case does not matter where it is said",
	 OWN "failregex = ^(?i:no) <ADDR>$\n", "h|d: NO 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"a blank by its number", OWN "failregex = ^login\\x20failed <ADDR>$\n",
	 "h|d: login failed 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"also when every program is read",
	 FOREIGN "failregex = ^ h d: login\\x20failed <ADDR>$\n",
	 "h|d: login failed 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a letter by its property",
	 OWN "failregex = ^\\p{L}ogin failed <ADDR>$\n",
	 "h|d: login failed 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"another character that may be missing",
	 OWN "failregex = ^login \xc3\xa4*failed <ADDR>$\n",
	 "h|d: login failed 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a class with other characters wants them whole",
	 OWN "failregex = ^[\xc3\xa4\xc3\xb6] <ADDR>$\n",
	 "h|d: \xc3\xb6 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"bytes that are no characters",
	 OWN "failregex = ^<F-USER>.</F-USER> <ADDR>$\n", "h|d: \xfe 192.0.2.1",
	 "fail 192.0.2.1 \xfe 1 - - - x:1"},

	{"what rsyslogd reduced counts each time",
	 OWN "failregex = ^no <ADDR>$\n",
	 "h|d: message repeated 3 times: [ no 192.0.2.1]",
	 "fail 192.0.2.1 - 3 - - - x:1"},
	{"also when one line stands for several",
	 OWN "failregex = ^<F-COUNT>\\d+</F-COUNT> <ADDR>$\n",
	 "h|d: message repeated 3 times: [5 192.0.2.1]",
	 "fail 192.0.2.1 - 15 - - - x:1"},
	{"at most a thousand", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: message repeated 99999 times: [ no 192.0.2.1]",
	 "fail 192.0.2.1 - 1000 - - - x:1"},
	{"a reduced message without an end is none",
	 OWN "failregex = ^no <ADDR>$\n",
	 "h|d: message repeated 3 times: [ no 192.0.2.1", "none"},
	{"a reduced message of no times", OWN "failregex = ^no <ADDR>$\n",
	 "h|d: message repeated 0 times: [ no 192.0.2.1]", "none"},
	{"nor one that a client may have begun",
	 OWN "repeats = no\nfailregex = ^no <ADDR>$\n",
	 "h|d: message repeated 3 times: [ no 192.0.2.1]", "none"},

	{"another program's line", OWN "failregex = <ADDR>\n",
	 "h|e[9]: 192.0.2.1", "none"},
	{"a program with slashes",
	 "[Definition]\ndaemon = p*/s q\n"
	 "failregex = <ADDR>\n",
	 "h|p-1/x/s[9]: 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a program with more behind",
	 "[Definition]\ndaemon = p*/s q\n"
	 "failregex = <ADDR>\n",
	 "h|p/sx[9]: 192.0.2.1", "none"},
	{"the second program",
	 "[Definition]\ndaemon = p*/s q\n"
	 "failregex = <ADDR>\n",
	 "h|q: 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a program's name in other letters",
	 "[Definition]\ndaemon = Postfix*/smtpd\nfailregex = ^no <ADDR>$\n",
	 "h|pOSTFIX-out/SMTPD[9]: no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"our own name in other letters", FOREIGN "failregex = <ADDR>\n",
	 "h|RSyslogD: ban 192.0.2.1", "none"},
	{"a program that has a pid",
	 "[Definition]\ndaemon = q s[]\nfailregex = ^no <ADDR>$\n",
	 "h|s[9]: no 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"and one that has to have it",
	 "[Definition]\ndaemon = q s[]\nfailregex = ^no <ADDR>$\n",
	 "h|s: no 192.0.2.1", "none"},
	{"a pid is a number",
	 "[Definition]\ndaemon = q s[]\nfailregex = ^no <ADDR>$\n",
	 "h|s[x]: no 192.0.2.1", "none"},
	{"a very long program with a pid",
	 "[Definition]\ndaemon = p*[]\nfailregex = ^no <ADDR>$\n",
	 "h|pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp[1]: "
	 "no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"a very long program",
	 "[Definition]\ndaemon = p*\nfailregex = <ADDR>\n",
	 "h|ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp: "
	 "192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"rsyslogd's own lines are never judged",
	 FOREIGN "failregex = <ADDR>\n", "h|rsyslogd: ban 192.0.2.1", "none"},

	{"a filter of fail2ban's sees host and tag",
	 FOREIGN "failregex = ^ h d\\[9\\]: no <HOST>$\n",
	 "h|d[9]: no 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"and a newline behind", FOREIGN "failregex = ^ h d: no <HOST>\\n$\n",
	 "h|d: no 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{"a line from a file is as it stands",
	 FOREIGN "failregex = ^d: no <HOST>$\n", "|d: no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"a message that begins with a date is no file's line by itself",
	 FOREIGN "failregex = ^ no <HOST>$\n",
	 "h|exim 2026-01-02 03:04:05 no 192.0.2.1", "none"},
	{"a file's line", FOREIGN "file = exim*\nfailregex = ^ no <HOST>$\n",
	 "h|exim-main: 2026-01-02 03:04:05 no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"also with the date in brackets, which stay",
	 FOREIGN "file = kerio\nfailregex = ^\\[\\] no <HOST>$\n",
	 "h|kerio: [02/Jan/2026 03:04:05] no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"but not for a filter of ours",
	 OWN "file = kerio\nfailregex = ^no <HOST>$\n",
	 "h|kerio: [02/Jan/2026 03:04:05] no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"another file's line", FOREIGN "file = exim\nfailregex = no <HOST>$\n",
	 "h|kerio: 2026-01-02 03:04:05 no 192.0.2.1", "none"},
	{"a file's line without a date",
	 FOREIGN "file = exim\nfailregex = no <HOST>$\n",
	 "h|exim: no 192.0.2.1", "none"},
	{"a file's line for a filter of ours",
	 OWN "file = e\nfailregex = ^no <HOST>$\n",
	 "h|e: 2026-01-02 03:04:05 no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"a file that a syslog daemon wrote",
	 OWN "file = maillog\nfailregex = ^no <HOST>$\n",
	 "h|maillog: Jan  2 03:04:05 mx d[7]: no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"another program in it",
	 OWN "file = maillog\nfailregex = no <HOST>$\n",
	 "h|maillog: Jan  2 03:04:05 mx e[7]: no 192.0.2.1", "none"},
	{"the same for a filter of fail2ban's",
	 FOREIGN "file = maillog\nfailregex = ^ mx d\\[7\\]: no <HOST>$\n",
	 "h|maillog: Jan  2 03:04:05 mx d[7]: no 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{"its filter does not see other lines",
	 FOREIGN "file = maillog\nfailregex = no <HOST>$\n",
	 "h|d: no 192.0.2.1", "none"},
	{"a rule of which nothing is known",
	 FOREIGN "failregex = ^ \\w \\w: <HOST>$\n", "h|d: 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
};

static void judge_test(void **state)
{
	const struct judge_row *r = *state;
	struct filter_scratch *scratch;
	struct fault why = {0};
	struct logline line;
	struct filter *f = open_one(r->file, &why);

	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	assert_non_null(scratch);
	cut(&line, r->line, 1000);
	for (int twice = 0; twice < 2; twice++)
		judge_line(f, scratch, &line, r->answer);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- faults ---- */

struct fault_row {
	const char *title;
	const char *file;
	const char *fault;
};

static const struct fault_row fault_rows[] = {
	{"a rule without a host", OWN "failregex = ^a$\n",
	 "./x.conf:3: rule without a host; allowed: <HOST> <ADDR> <IP4> <IP6> "
	 "<SUBNET> <F-ID> <F-MLFID>"},
	{"doubt without a host", OWN "failregex = <ADDR>\ndoubtregex = ^a$\n",
	 "./x.conf:4: rule without a host; allowed: <HOST> <ADDR> <IP4> <IP6> "
	 "<SUBNET> <F-ID> <F-MLFID>"},
	{"a sum without a host", OWN "failregex = <ADDR>\nsummaryregex = ^a$\n",
	 "./x.conf:4: rule without a host; allowed: <HOST> <ADDR> <IP4> <IP6> "
	 "<SUBNET> <F-ID> <F-MLFID>"},
	{"a success without a host", OWN "failregex = <ADDR>\nokregex = ^a$\n",
	 "./x.conf:4: rule without a host; allowed: <HOST> <ADDR> <IP4> <IP6> "
	 "<SUBNET> <F-ID> <F-MLFID>"},
	{"a host name alone", OWN "failregex = ^a <DNS>$\n",
	 "./x.conf:3: <DNS> gives a host name, not an address; allowed: <HOST> "
	 "<ADDR> <IP4> <IP6> <SUBNET> <F-ID> <F-MLFID>"},
	{"the first fault is the one that is told",
	 OWN "failregex = a\n            b(<HOST>\n",
	 "./x.conf:3: rule without a host; allowed: <HOST> <ADDR> <IP4> <IP6> "
	 "<SUBNET> <F-ID> <F-MLFID>"},
	{"a broken expression in PCRE2's words",
	 OWN "failregex = a<IP4>\n            b(c<F-ID>d</F-ID>\n",
	 "./x.conf:4: missing closing parenthesis\n"
	 "    b(c<F-ID>d</F-ID>\n"
	 "                     ^"},
	{"two hosts", OWN "failregex = <CIDR> <CIDR>\n",
	 "./x.conf:3: two named subpatterns have the same name "
	 "(PCRE2_DUPNAMES not set)\n"
	 "    failregex = <CIDR> <CIDR>\n"
	 "                       ^"},
	{"a broken expression put together of two lines",
	 OWN "w = b+++\nfailregex = a<IP4>\n            c%(w)sd\n",
	 "./x.conf:3: quantifier does not follow a repeatable item\n"
	 "    w = b+++\n"
	 "           ^"},
	{"no rules", OWN,
	 "filter 'x' has no rules; allowed: failregex, doubtregex, "
	 "summaryregex, okregex, troubleregex"},
	{"only what is known", OWN "knownregex = a\n",
	 "filter 'x' has no rules; allowed: failregex, doubtregex, "
	 "summaryregex, okregex, troubleregex"},
	{"only ignored ones", OWN "ignoreregex = a\n",
	 "filter 'x' has no rules; allowed: failregex, doubtregex, "
	 "summaryregex, okregex, troubleregex"},
};

static void fault_test(void **state)
{
	const struct fault_row *r = *state;
	struct fault why = {0};

	assert_null(open_one(r->file, &why));
	assert_int_equal(why.kind, FAULT_FILTER);
	assert_string_equal(why.text, r->fault);
}

/* ---- what a filter tells ---- */

static void tell_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(OWN "failregex = ^a <ADDR>$\n"
					"            ^b <ADDR>$\n"
					"okregex = ^c <ADDR>$\n"
					"datepattern = x\n",
				    &why);
	struct filter_scratch *scratch;
	struct rule_info info;
	char note[64];
	struct sighting s = {.count = 77};
	struct logline line;

	(void)state;
	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	assert_int_equal(filter_rules(f), 3);
	assert_int_equal(filter_notes(f), 1);
	filter_note(f, 0, note, sizeof(note));
	assert_string_equal(note, "x: datepattern means nothing here");
	cut(&line, "h|d[3]: b 192.0.2.1", 5);
	line.reported = 4;
	assert_int_equal(filter_match(f, scratch, &line, &s), SIGHTING_FAILURE);
	assert_int_equal(s.arrived, 5);
	assert_int_equal(s.reported, 4);
	assert_string_equal(s.service, "d");
	cut(&line, "h|d[3]: z 192.0.2.1", 5);
	s.count = 77;
	assert_int_equal(filter_match(f, scratch, &line, &s), SIGHTING_NOTHING);
	assert_int_equal(s.count, 77);
	filter_rule(f, 1, &info);
	assert_string_equal(info.name, "x:2");
	assert_int_equal(info.kind, RULE_FAIL);
	assert_string_equal(info.file, "./x.conf");
	assert_int_equal(info.line, 4);
	assert_int_equal(info.hits, 1);
	assert_int_equal(info.overruns, 0);
	filter_rule(f, 2, &info);
	assert_string_equal(info.name, "x:ok:1");
	assert_int_equal(info.hits, 0);
	filter_scratch_close(scratch);
	filter_close(f);
	filter_close(NULL);
	filter_scratch_close(NULL);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, judge_rows, judge_test);
	ROWS(tests, n, fault_rows, fault_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(tell_test);
	return _cmocka_run_group_tests("filter", tests, n, NULL, NULL);
}
