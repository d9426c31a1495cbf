/* settings: every parameter, what it takes, what it refuses and how it says
 * so; what one says about another; and that what is written is read back. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/settings.h"

#define X31 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X29 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X63 "x" X31 X31
#define X250 X63 X63 X31 X31 X31 X31
#define D255 "/" X250 "xxxx"

/* ---- one value ---- */

struct value_row {
	const char *title;
	const char *name;
	const char *text;
	const char *effective; /* as it is written again; NULL: refused */
};

static const struct value_row value_rows[] = {
	{"a jail's name", "name", "imap-2.x:y_Z", "imap-2.x:y_Z"},
	{"a name of 31", "name", X31, X31},
	{"a name of 32", "name", X31 "x", NULL},
	{"a name that is empty", "name", "", NULL},
	{"a name with a blank", "name", "a b", NULL},
	{"a name with a slash", "name", "a/b", NULL},
	{"a name with a quote", "name", "a'b", NULL},
	{"a name with a newline", "name", "a\n", NULL},
	{"a name that is not ASCII", "name", "caf\xc3\xa9", NULL},

	{"a filter", "filter", "sogo", "sogo"},
	{"a filter with a mode", "filter", "postfix[mode=auth]",
	 "postfix[mode=auth]"},
	{"a filter with blanks in its brackets", "filter", "x[a=1, b=\"2\"]",
	 "x[a=1, b=\"2\"]"},
	{"a filter with a comma and a bracket in quotes", "filter",
	 "x[a=\"1,]\", b='],\"']", "x[a=\"1,]\", b='],\"']"},
	{"a quote that is not closed", "filter", "x[a=\"1,]", "x[a=\"1,]"},
	{"a path with a comma", "filter", "/etc/x,y.conf", "/etc/x,y.conf"},
	{"a filter by its path", "filter", "/etc/x/y.conf", "/etc/x/y.conf"},
	{"a filter of 255", "filter", D255, D255},
	{"a filter of 256", "filter", D255 "x", NULL},
	{"a filter that is empty", "filter", "", NULL},
	{"a filter without a name", "filter", "[mode=auth]", NULL},
	{"a filter with a newline", "filter", "postfix\n", NULL},

	{"a directory", "filter.path", "/etc/saslban", "/etc/saslban"},
	{"a directory that ends with a slash", "filter.path", "/etc/saslban/",
	 "/etc/saslban/"},
	{"a directory of 255", "filter.path", D255, D255},
	{"a directory of 256", "filter.path", D255 "x", NULL},
	{"a directory that is relative", "filter.path", "filter.d", NULL},
	{"a directory that is empty", "filter.path", "", NULL},
	{"a directory with a tab", "filter.path", "/etc/\tx", NULL},

	{"maxretry", "maxretry", "5", "5"},
	{"maxretry, the minimum", "maxretry", "1", "1"},
	{"maxretry, the maximum", "maxretry", "1000000", "1000000"},
	{"maxretry with leading zeros", "maxretry", "007", "7"},
	{"maxretry of nine digits", "maxretry", "001000000", "1000000"},
	{"maxretry of ten digits", "maxretry", "0000000005", NULL},
	{"maxretry 0", "maxretry", "0", NULL},
	{"maxretry above the maximum", "maxretry", "1000001", NULL},
	{"maxretry that would overflow", "maxretry", "4294967297", NULL},
	{"maxretry -1", "maxretry", "-1", NULL},
	{"maxretry with a sign", "maxretry", "+3", NULL},
	{"maxretry with a blank", "maxretry", " 3", NULL},
	{"maxretry in words", "maxretry", "three", NULL},
	{"maxretry in part a number", "maxretry", "3x", NULL},
	{"maxretry that is empty", "maxretry", "", NULL},

	{"findtime", "findtime", "15m", "15m"},
	{"findtime as a bare number", "findtime", "600", "10m"},
	{"findtime, the minimum", "findtime", "1s", "1s"},
	{"findtime, the maximum", "findtime", "36500d", "36500d"},
	{"findtime 0", "findtime", "0", NULL},
	{"findtime forever", "findtime", "forever", NULL},
	{"findtime above the maximum", "findtime", "36501d", NULL},
	{"findtime in months", "findtime", "1mo", NULL},
	{"findtime that is empty", "findtime", "", NULL},

	{"one step", "bantime", "1h", "1h"},
	{"the shortest step", "bantime", "1", "1s"},
	{"a step for ever", "bantime", "forever", "forever"},
	{"a step of 0", "bantime", "0", NULL},
	{"a step of a fraction", "bantime", "1.5h", NULL},
	{"two steps in one text", "bantime", "48h 8d", NULL},
	{"a step below zero, fail2ban's for ever", "bantime", "-1", NULL},
	{"a step that is empty", "bantime", "", NULL},

	{"a factor", "bantime.factor", "2", "2"},
	{"a factor, the minimum", "bantime.factor", "1", "1"},
	{"a factor, the maximum", "bantime.factor", "1000", "1000"},
	{"a factor of 0", "bantime.factor", "0", NULL},
	{"a factor above the maximum", "bantime.factor", "1001", NULL},
	{"a factor of a fraction", "bantime.factor", "1.5", NULL},

	{"bantime.max", "bantime.max", "90d", "90d"},
	{"bantime.max forever", "bantime.max", "forever", "forever"},
	{"bantime.max 0", "bantime.max", "0", NULL},
	{"bantime.max none", "bantime.max", "none", NULL},

	{"forget", "forget", "90d", "90d"},
	{"forget 0", "forget", "0", "0s"},
	{"forget forever", "forget", "forever", "forever"},
	{"forget never", "forget", "never", NULL},
	{"forget -1", "forget", "-1", NULL},

	{"known.maxretry", "known.maxretry", "5", "5"},
	{"known.maxretry, the maximum", "known.maxretry", "10000", "10000"},
	{"known.maxretry off", "known.maxretry", "0", "0"},
	{"known.maxretry above the maximum", "known.maxretry", "10001", NULL},
	{"known.bantime", "known.bantime", "20m", "20m"},
	{"known.bantime off", "known.bantime", "0", "0s"},
	{"known.bantime forever", "known.bantime", "forever", NULL},
	{"known.window", "known.window", "90d", "90d"},
	{"known.window off", "known.window", "0", "0s"},
	{"known.window forever", "known.window", "forever", NULL},
	{"repeat.window", "repeat.window", "12h", "12h"},
	{"repeat.window off", "repeat.window", "0", "0s"},
	{"repeat.window forever", "repeat.window", "forever", NULL},

	{"account.hosts", "account.hosts", "64", "64"},
	{"account.hosts off", "account.hosts", "0", "0"},
	{"account.hosts above the maximum", "account.hosts", "65", NULL},
	{"account.grace", "account.grace", "1h", "1h"},
	{"account.grace off", "account.grace", "0", "0s"},
	{"account.grace above the maximum", "account.grace", "3601s", NULL},
	{"account.window, the minimum", "account.window", "1s", "1s"},
	{"account.window 0", "account.window", "0", NULL},
	{"network.hosts", "network.hosts", "64", "64"},
	{"network.hosts off", "network.hosts", "0", "0"},
	{"network.hosts above the maximum", "network.hosts", "65", NULL},
	{"network.window", "network.window", "36500d", "36500d"},
	{"network.window 0", "network.window", "0", NULL},
	{"network.v4", "network.v4", "31", "31"},
	{"network.v4 off", "network.v4", "0", "0"},
	{"network.v4 32, which is a host", "network.v4", "32", NULL},
	{"network.v6", "network.v6", "127", "127"},
	{"network.v6 off", "network.v6", "0", "0"},
	{"network.v6 128, which is a host", "network.v6", "128", NULL},
	{"network.v6.wide", "network.v6.wide", "16", "16"},
	{"network.v6.wide off", "network.v6.wide", "0", "0"},
	{"network.v6.wide 128", "network.v6.wide", "128", NULL},

	{"a trap user", "trap", "oracle", "oracle"},
	{"a trap user with a domain", "trap", "a b@example.org",
	 "a b@example.org"},
	{"no trap user", "trap", "", ""},
	{"a trap user of 127", "trap", X63 X63 "x", X63 X63 "x"},
	{"a trap user of 128", "trap", X63 X63 "xx", NULL},
	{"trap.hosts", "trap.hosts", "64", "64"},
	{"trap.hosts off", "trap.hosts", "0", "0"},
	{"trap.hosts above the maximum", "trap.hosts", "65", NULL},
	{"breaker", "breaker", "16", "16"},
	{"breaker off", "breaker", "0", "0"},
	{"breaker above the maximum", "breaker", "17", NULL},
	{"breach report", "breach", "report", "report"},
	{"breach ban", "breach", "ban", "ban"},
	{"breach on", "breach", "on", NULL},
	{"breach that is empty", "breach", "", NULL},

	{"nobody at all", "ignoreip", "", ""},
	{"ourselves", "ignoreip", "self", "self"},
	{"an IPv4 address", "ignoreip", "192.0.2.1", "192.0.2.1"},
	{"an IPv4 prefix", "ignoreip", "192.0.2.0/24", "192.0.2.0/24"},
	{"an IPv6 prefix", "ignoreip", "2001:db8::/32", "2001:db8::/32"},
	{"everybody", "ignoreip", "0.0.0.0/0", "0.0.0.0/0"},
	{"a host name", "ignoreip", "vpn.example.org", "vpn.example.org"},
	{"a host name in full", "ignoreip", "vpn.example.org.",
	 "vpn.example.org."},
	{"a short host name", "ignoreip", "vpn", "vpn"},
	{"a host name with digits in front", "ignoreip", "1and1.example",
	 "1and1.example"},
	{"an underscore", "ignoreip", "my_vpn.example.org",
	 "my_vpn.example.org"},
	{"a label of 63", "ignoreip", X63 ".org", X63 ".org"},
	{"a label of 64", "ignoreip", X63 "x.org", NULL},
	{"a name of 253", "ignoreip", X63 "." X63 "." X63 "." X31 "." X29,
	 X63 "." X63 "." X63 "." X31 "." X29},
	{"a name of 254", "ignoreip", X63 "." X63 "." X63 "." X31 "." X29 "x",
	 NULL},
	{"the first and last of what a name is made of", "ignoreip",
	 "az.AZ.09-_.az", "az.AZ.09-_.az"},
	{"a mistyped IPv4 address", "ignoreip", "192.0.2.256", NULL},
	{"three numbers", "ignoreip", "192.0.2", NULL},
	{"three numbers and a dot", "ignoreip", "192.0.2.", NULL},
	{"a length of 33", "ignoreip", "192.0.2.0/33", NULL},
	{"a name with a length", "ignoreip", "vpn.example.org/24", NULL},
	{"a zone", "ignoreip", "fe80::1%eth0", NULL},
	{"two in one text", "ignoreip", "192.0.2.1 192.0.2.2", NULL},
	{"an empty label", "ignoreip", "vpn..example.org", NULL},
	{"a dot alone", "ignoreip", ".", NULL},
	{"a wildcard", "ignoreip", "*.example.org", NULL},
	{"a file", "ignoreip", "file:/etc/saslban/allow",
	 "file:/etc/saslban/allow"},
	{"a file without a path", "ignoreip", "file:", NULL},
	{"a relative path of a file", "ignoreip", "file:allow", NULL},
	{"a directory in the place of a file", "ignoreip", "file:/etc/", NULL},
	{"a file with a line feed", "ignoreip", "file:/etc/a\nb", NULL},
	{"a path alone", "ignoreip", "/etc/saslban/allow", NULL},

	{"prefix.v4", "prefix.v4", "24", "24"},
	{"prefix.v4, the minimum", "prefix.v4", "8", "8"},
	{"prefix.v4, the maximum", "prefix.v4", "32", "32"},
	{"prefix.v4 7", "prefix.v4", "7", NULL},
	{"prefix.v4 33", "prefix.v4", "33", NULL},
	{"prefix.v4 with a slash", "prefix.v4", "/24", NULL},
	{"prefix.v6", "prefix.v6", "56", "56"},
	{"prefix.v6, the minimum", "prefix.v6", "16", "16"},
	{"prefix.v6, the maximum", "prefix.v6", "128", "128"},
	{"prefix.v6 15", "prefix.v6", "15", NULL},
	{"prefix.v6 129", "prefix.v6", "129", NULL},

	{"a set", "set", "mail-ban_1.x:y", "mail-ban_1.x:y"},
	{"a set of 26", "set", "abcdefghijklmnopqrstuvwxyz",
	 "abcdefghijklmnopqrstuvwxyz"},
	{"a set of 27", "set", "abcdefghijklmnopqrstuvwxyz0", NULL},
	{"a set without a name, which the kernel takes for all", "set", "",
	 NULL},
	{"a set with a blank", "set", "a b", NULL},
	{"a set with a comma", "set", "a,b", NULL},

	{"enforcer nftables", "enforcer", "nftables", "nftables"},
	{"enforcer ipset", "enforcer", "ipset", "ipset"},
	{"enforcer auto", "enforcer", "auto", "auto"},
	{"an enforcer that is none", "enforcer", "pf", NULL},
	{"no enforcer", "enforcer", "", NULL},
	{"cut on", "cut", "on", "on"},
	{"cut off", "cut", "off", "off"},
	{"cut yes", "cut", "yes", NULL},

	{"sets of somebody else", "set.create", "off", "off"},
	{"sets of our own", "set.create", "on", "on"},
	{"sets of nobody", "set.create", "no", NULL},
	{"the largest set of one entry", "set.max", "1", "1"},
	{"the largest set there is", "set.max", "16777216", "16777216"},
	{"a larger set than there is", "set.max", "16777217", NULL},
	{"a set without entries", "set.max", "0", NULL},
	{"a database", "database", "/srv/saslban.db", "/srv/saslban.db"},
	{"a database with a blank", "database", "/srv/my data/x.db",
	 "/srv/my data/x.db"},
	{"a database that is relative", "database", "saslban.db", NULL},
	{"a database in memory", "database", ":memory:", NULL},
	{"a database that is a directory", "database", "/var/lib/", NULL},
	{"a database that is empty", "database", "", NULL},
	{"a database with a newline", "database", "/srv/x\n.db", NULL},
	{"a database of 255", "database", D255, D255},
	{"a database of 1023", "database", D255 D255 D255 D255 "xxx",
	 D255 D255 D255 D255 "xxx"},
	{"a database of 1024", "database", D255 D255 D255 D255 "xxxx", NULL},

	{"enforce on", "enforce", "on", "on"},
	{"enforce off", "enforce", "off", "off"},
	{"enforce yes", "enforce", "yes", NULL},
	{"enforce 1", "enforce", "1", NULL},
	{"enforce ON", "enforce", "ON", NULL},
	{"enforce that is empty", "enforce", "", NULL},

	{"retain", "retain", "30d", "30d"},
	{"retain forever", "retain", "forever", "forever"},
	{"retain, the minimum", "retain", "1h", "1h"},
	{"retain below the minimum", "retain", "59m", NULL},
	{"retain 0", "retain", "0", NULL},

	{"a user", "origin.uid", "Debian-exim", "Debian-exim"},
	{"a user with other signs", "origin.uid", "_a.b-c9", "_a.b-c9"},
	{"a user's number", "origin.uid", "0", "0"},
	{"the last user's number", "origin.uid", "4294967294", "4294967294"},
	{"the number that is nobody's", "origin.uid", "4294967295", NULL},
	{"a number that would overflow", "origin.uid", "18446744073709551616",
	 NULL},
	{"a user that begins with a digit", "origin.uid", "0day", NULL},
	{"a user that begins with a dash", "origin.uid", "-1", NULL},
	{"a user with a blank", "origin.uid", "a b", NULL},
	{"a user with a newline", "origin.uid", "root\n", NULL},
	{"a user of 256", "origin.uid", "x" X250 "xxxxx", NULL},
	{"a user that is empty", "origin.uid", "", NULL},

	{"a unit", "origin.unit", "dovecot.service", "dovecot.service"},
	{"an instance of a unit", "origin.unit", "postfix@-.service",
	 "postfix@-.service"},
	{"a unit with an escape", "origin.unit", "a\\x2db:c.service",
	 "a\\x2db:c.service"},
	{"a unit without its suffix", "origin.unit", "dovecot", NULL},
	{"a suffix alone", "origin.unit", ".service", NULL},
	{"a unit that ends with a dot", "origin.unit", "dovecot.", NULL},
	{"a unit with a slash", "origin.unit", "a/b.service", NULL},
	{"a unit with a blank", "origin.unit", "a b.service", NULL},
	{"a unit that is empty", "origin.unit", "", NULL},

	{"a sender", "origin.from", "192.0.2.1", "192.0.2.1"},
	{"senders", "origin.from", "2001:db8::/32", "2001:db8::/32"},
	{"a sender by name", "origin.from", "mail.example", NULL},
	{"a sender that is no address", "origin.from", "192.0.2.256", NULL},
	{"ourselves", "origin.from", "self", NULL},
	{"a sender that is empty", "origin.from", "", NULL},

	{"a ruleset", "events.ruleset", "saslban-events", "saslban-events"},
	{"a ruleset of rsyslog's taste", "events.ruleset", "a b/c: \"x\"",
	 "a b/c: \"x\""},
	{"a ruleset of 127", "notify.ruleset", X31 X31 X31 X31 "xyz",
	 X31 X31 X31 X31 "xyz"},
	{"a ruleset of 128", "notify.ruleset", X31 X31 X31 X31 "xyz4", NULL},
	{"no ruleset", "notify.ruleset", "", ""},
	{"a ruleset with a newline", "events.ruleset", "a\nb", NULL},
	{"a ruleset with a DEL", "events.ruleset", "a\177", NULL},

	{"no mails", "notify", "none", "none"},
	{"few mails", "notify", "smart", "smart"},
	{"many mails", "notify", "immediate", "immediate"},
	{"one mail a day", "notify", "daily", "daily"},
	{"one mail a week", "notify", "weekly", "weekly"},
	{"no such mails", "notify", "hourly", NULL},
	{"mails, in capitals", "notify", "Smart", NULL},
	{"mails of no kind", "notify", "", NULL},
	{"a wait", "notify.wait", "90s", "90s"},
	{"no wait", "notify.wait", "0", NULL},
	{"a wait of more than a day", "notify.wait", "25h", NULL},
	{"a time", "notify.at", "23:59", "23:59"},
	{"a time of a week", "notify.at", "sunday 00:05", "sunday 00:05"},
	{"no time", "notify.at", "", NULL},
	{"an odd time", "notify.at", "7:30", NULL},
	{"as many mails", "notify.max", "1000", "1000"},
	{"all in one mail", "notify.max", "0", "0"},
	{"too many mails", "notify.max", "1001", NULL},
	{"a template", "notify.template", "/etc/saslban/mail.template",
	 "/etc/saslban/mail.template"},
	{"no template", "notify.template", "", ""},
	{"a template somewhere", "notify.template", "mail.template", NULL},

	{"a file of countries", "geoip", "/usr/share/GeoIP/c.mmdb",
	 "/usr/share/GeoIP/c.mmdb"},
	{"no file of countries", "geoip", "", ""},
	{"a file of countries of 255", "geoip", D255, D255},
	{"a file of countries of 256", "geoip", D255 "x", NULL},
	{"a file of countries that is relative", "geoip", "c.mmdb", NULL},
	{"a directory of countries", "geoip", "/usr/share/GeoIP/", NULL},
	{"a file of countries with a newline", "geoip", "/a\nb", NULL},
	{"a file of countries with a DEL", "geoip", "/a\177", NULL},
};

/* The values of one parameter, or of all, each behind a bar. */
struct listing {
	const char *only;
	char text[8192];
	size_t n;
};

static int list_one(void *context, const char *name, const char *value)
{
	struct listing *l = context;
	size_t used = strlen(l->text);

	if (l->only != NULL && strcmp(name, l->only) != 0)
		return 0;
	snprintf(l->text + used, sizeof(l->text) - used, "%s%s%s",
		 l->n++ == 0 ? "" : "|", l->only == NULL ? name : "", value);
	return 0;
}

static void assert_values(const struct settings *s, const char *name,
			  const char *expected)
{
	struct listing l = {.only = name};

	assert_int_equal(settings_each(s, list_one, &l), 0);
	assert_string_equal(l.text, expected);
}

static void assert_contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' lacks '%s'", text, part);
}

static void value_test(void **state)
{
	const struct value_row *r = *state;
	struct fault why = {.kind = FAULT_NONE};
	struct settings s;
	char quoted[64];
	int result;

	settings_init(&s);
	result = settings_set(&s, r->name, r->text, &why);
	if (r->effective != NULL) {
		assert_int_equal(result, 0);
		assert_values(&s, r->name, r->effective);
		return;
	}
	assert_int_equal(result, -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	snprintf(quoted, sizeof(quoted), "parameter '%s': '", r->name);
	assert_contains(why.text, quoted);
	assert_contains(why.text, "' is not allowed; allowed: ");
	assert_contains(why.text, settings_find(r->name)->allowed);
	assert_int_equal(strcspn(why.text, "\n\t"), strlen(why.text));
}

/* A parameter that is not in the table above is not tested. */
static void every_parameter_is_tried(void **state)
{
	(void)state;
	for (const struct settings_row *p = settings_table; p->name; p++) {
		unsigned good = 0, bad = 0;

		for (size_t i = 0;
		     i < sizeof(value_rows) / sizeof(value_rows[0]); i++) {
			if (strcmp(value_rows[i].name, p->name) != 0)
				continue;
			good += value_rows[i].effective != NULL;
			bad += value_rows[i].effective == NULL;
		}
		if (good == 0 || bad == 0)
			fail_msg("'%s': %u good, %u bad", p->name, good, bad);
	}
}

/* ---- what is said ---- */

struct message_row {
	const char *title;
	const char *name;
	const char *text;
	const char *message;
};

static const struct message_row message_rows[] = {
	{"a number says its limits", "maxretry", "0",
	 "parameter 'maxretry': '0' is not allowed; allowed: a number from 1 "
	 "to 1000000"},
	{"a switch says its words", "enforce", "yes",
	 "parameter 'enforce': 'yes' is not allowed; allowed: on or off"},
	{"a newline does not break the line", "enforce", "on\noff\x7f",
	 "parameter 'enforce': 'on?off?' is not allowed; allowed: on or off"},
	{"a long value is cut, what is allowed is not", "enforce", D255,
	 "parameter 'enforce': '/" X63 X63 X63
	 "xxxxxxxxxx...' is not allowed; allowed: on or off"},
	{"a value of 200 is not cut", "enforce", X63 X63 X63 "xxxxxxxxxxx",
	 "parameter 'enforce': '" X63 X63 X63
	 "xxxxxxxxxxx' is not allowed; allowed: on or off"},
	{"a list in one text", "ignoreip", "192.0.2.1, 192.0.2.2",
	 "parameter 'ignoreip': '192.0.2.1, 192.0.2.2' is one text; a list is "
	 "written [\"192.0.2.1\", \"192.0.2.2\"]"},
	{"without a blank", "filter", "postfix,dovecot[mode=auth,x=y],exim",
	 "parameter 'filter': 'postfix,dovecot[mode=auth,x=y],exim' is one "
	 "text; a list is written [\"postfix\", \"dovecot[mode=auth,x=y]\", "
	 "...]"},
	{"paths", "filter.path", "/etc/a,/etc/b",
	 "parameter 'filter.path': '/etc/a,/etc/b' is one text; a list is "
	 "written [\"/etc/a\", \"/etc/b\"]"},
	{"a path and a name", "filter", "/etc/a.conf, exim",
	 "parameter 'filter': '/etc/a.conf, exim' is one text; a list is "
	 "written [\"/etc/a.conf\", \"exim\"]"},
	{"times", "bantime", "1h,2h",
	 "parameter 'bantime': '1h,2h' is one text; a list is written [\"1h\", "
	 "\"2h\"]"},
	{"a parameter that is none", "bantim", "1h", "no parameter 'bantim'"},
	{"a name is not a prefix", "bantime.", "1h", "no parameter 'bantime.'"},
	{"a name in capitals", "MaxRetry", "1", "no parameter 'MaxRetry'"},
	{"a name that is empty", "", "1", "no parameter ''"},
};

static void message_test(void **state)
{
	const struct message_row *r = *state;
	struct settings s;
	struct fault why;

	settings_init(&s);
	assert_int_equal(settings_set(&s, r->name, r->text, &why), -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_string_equal(why.text, r->message);
	assert_int_equal(settings_set(&s, r->name, r->text, NULL), -1);
}

/* ---- defaults ---- */

struct default_row {
	const char *title; /* the parameter */
	const char *values;
};

static const struct default_row default_rows[] = {
	{"name", "sasl"},
	{"filter", "postfix|dovecot"},
	{"filter.path", SASLBAN_ETC_FILTERS "|" SASLBAN_FILTERS},
	{"maxretry", "6"},
	{"findtime", "24h"},
	{"bantime", "1h|48h|8d|32d"},
	{"bantime.factor", "1"},
	{"bantime.max", "forever"},
	{"forget", "32d"},
	{"known.maxretry", "10"},
	{"known.bantime", "10m"},
	{"known.window", "30d"},
	{"repeat.window", "24h"},
	{"account.hosts", "10"},
	{"account.window", "24h"},
	{"account.grace", "2m"},
	{"network.hosts", "16"},
	{"network.window", "24h"},
	{"network.v4", "24"},
	{"network.v6", "56"},
	{"network.v6.wide", "48"},
	{"trap", ""},
	{"trap.hosts", "0"},
	{"breaker", "4"},
	{"breach", "report"},
	{"ignoreip", "self"},
	{"prefix.v4", "32"},
	{"prefix.v6", "64"},
	{"set", "saslban"},
	{"set.create", "on"},
	{"set.max", "4194304"},
	{"database", "/var/lib/saslban/saslban.db"},
	{"enforce", "on"},
	{"enforcer", "auto"},
	{"cut", "off"},
	{"retain", "400d"},
	{"origin.uid", ""},
	{"origin.unit", ""},
	{"origin.from", ""},
	{"events.ruleset", ""},
	{"notify.ruleset", ""},
	{"notify", "none"},
	{"notify.wait", "5m"},
	{"notify.at", "07:30"},
	{"notify.max", "10"},
	{"notify.template", ""},
	{"geoip", ""},
};

static void default_test(void **state)
{
	const struct default_row *r = *state;
	struct settings s;
	struct fault why;

	settings_init(&s);
	assert_int_equal(settings_check(&s, &why), 0);
	assert_values(&s, r->title, r->values);
}

static void every_default_is_known(void **state)
{
	size_t rows = 0;

	(void)state;
	while (settings_table[rows].name != NULL)
		rows++;
	assert_int_equal(rows, sizeof(default_rows) / sizeof(default_rows[0]));
	/* struct settings has a bit for each. */
	assert_true(rows <= 8 * sizeof(((struct settings *)NULL)->given));
}

static void defaults_stand_in_their_fields(void **state)
{
	struct settings s;
	struct fault why;

	(void)state;
	memset(&s, 0xa5, sizeof(s));
	settings_init(&s);
	assert_int_equal(settings_check(&s, &why), 0);
	assert_string_equal(s.name, "sasl");
	assert_int_equal(s.filters, 2);
	assert_string_equal(s.filter[1], "dovecot");
	assert_int_equal(s.dirs, 2);
	assert_int_equal(s.policy.maxretry, 6);
	assert_int_equal(s.policy.findtime, 86400);
	assert_int_equal(s.policy.steps, 4);
	assert_int_equal(s.policy.ladder[0], 3600);
	assert_int_equal(s.policy.ladder[1], 172800);
	assert_int_equal(s.policy.ladder[2], 691200);
	assert_int_equal(s.policy.ladder[3], 2764800);
	assert_int_equal(s.policy.factor, 1);
	assert_int_equal(s.policy.longest, DURATION_FOREVER);
	assert_int_equal(s.policy.forget, 2764800);
	assert_int_equal(s.ignoreds, 1);
	assert_int_equal(s.prefix4, 32);
	assert_int_equal(s.prefix6, 64);
	assert_true(s.enforce);
	assert_int_equal(s.retain, 34560000);
	assert_int_equal(s.given, 0);
}

/* ---- several values ---- */

/* `name=value`, split by semicolons. */
static int set_all(struct settings *s, const char *text, struct fault *why)
{
	char item[512];
	char *value;
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ';')) {
		len = strcspn(text, ";");
		assert_true(len < sizeof(item));
		memcpy(item, text, len);
		item[len] = '\0';
		value = strchr(item, '=');
		assert_non_null(value);
		*value = '\0';
		if (settings_set(s, item, value + 1, why) < 0)
			return -1;
	}
	return settings_check(s, why);
}

struct list_row {
	const char *title;
	const char *given;
	const char *name;
	const char *values;
};

static const struct list_row list_rows[] = {
	{"the first filter replaces the defaults", "filter=sogo", "filter",
	 "sogo"},
	{"further ones are added", "filter=sogo;filter=dovecot;filter=x",
	 "filter", "sogo|dovecot|x"},
	{"the first step replaces the ladder", "bantime=1h", "bantime", "1h"},
	{"a ladder is kept in order", "bantime=1h;bantime=1d;bantime=forever",
	 "bantime", "1h|24h|forever"},
	{"the first directory replaces the defaults", "filter.path=/a",
	 "filter.path", "/a"},
	{"the first ignored replaces ourselves",
	 "ignoreip=192.0.2.1;ignoreip=2001:db8::/32", "ignoreip",
	 "192.0.2.1|2001:db8::/32"},
	{"an empty one among others is nobody", "ignoreip=;ignoreip=self",
	 "ignoreip", "self"},
	{"a single value that is set twice is the last",
	 "maxretry=5;maxretry=7", "maxretry", "7"},
	{"another parameter between them does not matter",
	 "filter=a;maxretry=5;filter=b", "filter", "a|b"},
	{"the set of the jail sasl", "name=sasl", "set", "saslban"},
	{"the set of another jail", "name=rbl", "set", "saslban-rbl"},
	{"the longest name that gives a set", "name=abcdefghijklmnopqr", "set",
	 "saslban-abcdefghijklmnopqr"},
	{"a set that is given stays", "name=rbl;set=saslban", "set", "saslban"},
	{"a long name with a set", "name=" X31 ";set=x", "set", "x"},
	{"origins are kept in order", "origin.uid=root;origin.uid=105",
	 "origin.uid", "root|105"},
};

static void list_test(void **state)
{
	const struct list_row *r = *state;
	struct settings s;
	struct fault why;

	settings_init(&s);
	assert_int_equal(set_all(&s, r->given, &why), 0);
	assert_values(&s, r->name, r->values);
}

struct check_row {
	const char *title;
	const char *given;
	const char *message; /* NULL: it is well */
};

static const struct check_row check_rows[] = {
	{"nothing given", "", NULL},
	{"a ladder up to bantime.max", "bantime=8d;bantime=32d;bantime.max=32d",
	 NULL},
	{"a ladder above bantime.max", "bantime=48h;bantime.max=24h",
	 "parameter 'bantime': '48h' is longer than bantime.max '24h'"},
	{"the last step above bantime.max",
	 "bantime=8d;bantime=32d;bantime.max=10d",
	 "parameter 'bantime': '32d' is longer than bantime.max '10d'"},
	{"for ever above bantime.max", "bantime=forever;bantime.max=90d",
	 "parameter 'bantime': 'forever' is longer than bantime.max '90d'"},
	{"for ever up to for ever", "bantime=1h;bantime=forever", NULL},
	{"a set that nft cannot read", "enforcer=nftables;set=a:b",
	 "parameter 'set': 'a:b' is not allowed with enforcer 'nftables'; "
	 "allowed: a letter, _ or . and then letters, digits, _ . -"},
	{"a set that begins with a digit", "set=4x;enforcer=nftables",
	 "parameter 'set': '4x' is not allowed with enforcer 'nftables'; "
	 "allowed: a letter, _ or . and then letters, digits, _ . -"},
	{"a set that nft can read", "enforcer=nftables;set=_4.x-y", NULL},
	{"mails and nobody who sends them", "notify=smart",
	 "parameter 'notify': 'smart' needs notify.ruleset, which sends the "
	 "mails"},
	{"mails and somebody who sends them",
	 "notify=smart;notify.ruleset=mails", NULL},
	{"a day of the week for each day",
	 "notify=daily;notify.ruleset=mails;notify.at=friday 07:30",
	 "parameter 'notify.at': 'friday 07:30' is not allowed with notify "
	 "'daily'; allowed: a time, as 07:30"},
	{"a day for a week",
	 "notify=weekly;notify.ruleset=mails;notify.at=friday 07:30", NULL},
	{"a day that is not used", "notify.at=friday 07:30", NULL},
	{"with ipset a set may have a colon", "enforcer=ipset;set=4:b", NULL},
	{"a ladder that goes down", "bantime=8d;bantime=48h",
	 "parameter 'bantime': '48h' is shorter than the step before it; "
	 "allowed: steps that do not get shorter"},
	{"a ladder that goes down from for ever", "bantime=forever;bantime=48h",
	 "parameter 'bantime': '48h' is shorter than the step before it; "
	 "allowed: steps that do not get shorter"},
	{"a ladder that stays", "bantime=48h;bantime=48h", NULL},
	{"a ladder and a factor",
	 "bantime=48h;bantime.factor=2;bantime.max=90d", NULL},
	{"failures that go before findtime", "findtime=2d;retain=1d",
	 "parameter 'retain': '24h' is shorter than findtime '48h'"},
	{"failures that stay as long as findtime", "findtime=2d;retain=2d",
	 NULL},
	{"a filter twice", "filter=a;filter=b;filter=a",
	 "parameter 'filter': 'a' is given twice; allowed: each filter once"},
	{"a filter in two modes", "filter=a[mode=x];filter=a[mode=y]", NULL},
	{"nearly everybody exempt", "ignoreip=0.0.0.0/1;ignoreip=8000::/1",
	 NULL},
	{"everybody of IPv4 exempt", "ignoreip=self;ignoreip=0.0.0.0/0",
	 "parameter 'ignoreip': '0.0.0.0/0' exempts every public IPv4 address, "
	 "so that none could be banned; allowed only with enforce 'off'"},
	{"everybody of IPv4 exempt, mapped", "ignoreip=::ffff:0.0.0.0/96",
	 "parameter 'ignoreip': '0.0.0.0/0' exempts every public IPv4 address, "
	 "so that none could be banned; allowed only with enforce 'off'"},
	{"everybody of IPv6 exempt", "ignoreip=192.0.2.1;ignoreip=::/0",
	 "parameter 'ignoreip': '::/0' exempts every public IPv6 address, so "
	 "that none could be banned; allowed only with enforce 'off'"},
	{"everybody public of IPv6 exempt", "ignoreip=2000::/3",
	 "parameter 'ignoreip': '2000::/3' exempts every public IPv6 address, "
	 "so that none could be banned; allowed only with enforce 'off'"},
	{"everybody exempt, in two halves",
	 "ignoreip=fd00::/8;ignoreip=128.0.0.0/1;ignoreip=0.0.0.0/1",
	 "parameter 'ignoreip': '128.0.0.0/1' and other entries exempt every "
	 "public IPv4 address, so that none could be banned; allowed only with "
	 "enforce 'off'"},
	{"everybody of IPv6 exempt, in two halves",
	 "ignoreip=fd00::/8;ignoreip=3000::/4;ignoreip=self;ignoreip=2000::/4",
	 "parameter 'ignoreip': '3000::/4' and other entries exempt every "
	 "public IPv6 address, so that none could be banned; allowed only with "
	 "enforce 'off'"},
	{"everybody exempt where nobody would be banned",
	 "ignoreip=0.0.0.0/0;ignoreip=::/0;enforce=off", NULL},
	{"no networks, no outages",
	 "network.v4=0;network.v6=0;network.v6.wide=0;breaker=0", NULL},
	{"the widest networks, the most nervous breaker",
	 "network.v4=8;network.v6=16;network.v6.wide=16;breaker=2", NULL},
	{"a network of IPv4 that is too wide", "network.v4=7",
	 "parameter 'network.v4': '7' is not allowed; allowed: a prefix length "
	 "from 8 to 31; 0: none"},
	{"a network of IPv6 that is too wide", "network.v6=15",
	 "parameter 'network.v6': '15' is not allowed; allowed: a prefix "
	 "length from 16 to 127; 0: none"},
	{"a larger one that is too wide", "network.v6.wide=1",
	 "parameter 'network.v6.wide': '1' is not allowed; allowed: a prefix "
	 "length from 16 to 127; 0: none"},
	{"one customer is no outage", "breaker=1",
	 "parameter 'breaker': '1' is not allowed; allowed: a number from 2 to "
	 "16; 0: outages are not noticed"},
	{"a name too long to make a set of", "name=abcdefghijklmnopqrs",
	 "parameter 'set' is needed: 'saslban-abcdefghijklmnopqrs', made of "
	 "the jail's name, is longer than 26 characters"},
	{"the longest name", "name=" X31,
	 "parameter 'set' is needed: 'saslban-" X31
	 "', made of the jail's name, is longer than 26 characters"},
};

static void check_test(void **state)
{
	const struct check_row *r = *state;
	struct fault why = {.kind = FAULT_NONE};
	struct settings s;

	settings_init(&s);
	assert_int_equal(set_all(&s, r->given, &why),
			 r->message == NULL ? 0 : -1);
	assert_string_equal(why.text, r->message == NULL ? "" : r->message);
	if (r->message != NULL)
		assert_int_equal(why.kind, FAULT_SETTING);
}

struct limit_row {
	const char *title; /* the list */
	const char *entry;
	unsigned max;
	int checked; /* what settings_check says of the same again and again */
};

static const struct limit_row limit_rows[] = {
	{"filter", "postfix", 16, -1},
	{"filter.path", "/etc", 4, 0},
	{"bantime", "1h", 32, 0},
	{"trap", "oracle", 64, 0},
	{"ignoreip", "192.0.2.1", 256, 0},
	{"origin.uid", "root", 32, 0},
	{"origin.unit", "a.service", 32, 0},
	{"origin.from", "192.0.2.1", 32, 0},
	{"geoip", "/a", 8, 0},
};

static void limit_test(void **state)
{
	const struct limit_row *r = *state;
	struct settings s;
	struct fault why;

	settings_init(&s);
	for (unsigned i = 0; i < r->max; i++)
		assert_int_equal(settings_set(&s, r->title, r->entry, &why), 0);
	assert_int_equal(settings_set(&s, r->title, r->entry, &why), -1);
	assert_contains(why.text, r->title);
	assert_contains(why.text, settings_find(r->title)->allowed);
	assert_int_equal(settings_check(&s, &why), r->checked);
}

/* ---- and back ---- */

struct back_row {
	const char *title;
	const char *given;
};

static const struct back_row back_rows[] = {
	{"the defaults come back", ""},
	{"another jail comes back",
	 "name=rbl;filter=a[mode=x];filter=/b;filter.path=/c;maxretry=1;"
	 "findtime=90s;bantime=61s;bantime=1w;bantime=forever;"
	 "bantime.factor=3;forget=0;ignoreip=self;ignoreip=192.0.2.0/24;"
	 "ignoreip=a.example;prefix.v4=24;prefix.v6=56;set=s;database=/d;"
	 "enforce=off;retain=forever"},
	{"nobody ignored comes back", "ignoreip="},
	{"the rest comes back",
	 "known.maxretry=0;known.window=90d;repeat.window=0;account.hosts=64;"
	 "account.window=1s;network.hosts=1;network.window=2d;network.v4=0;"
	 "network.v6=16;network.v6.wide=127;trap=oracle;trap=a@example.org;"
	 "trap.hosts=3;breaker=16;breach=ban"},
	{"bantime.max comes back", "bantime=1h;bantime.max=2764799s"},
	{"forget forever comes back", "forget=forever"},
	{"origins come back",
	 "origin.uid=root;origin.uid=105;origin.unit=a.service;"
	 "origin.from=192.0.2.0/24;origin.from=::1"},
	{"files of countries come back", "geoip=/a.mmdb;geoip=/b.mmdb"},
};

static int set_back(void *context, const char *name, const char *value)
{
	return settings_set(context, name, value, NULL);
}

static void back_test(void **state)
{
	const struct back_row *r = *state;
	struct listing before = {.only = NULL}, after = {.only = NULL};
	struct settings s, t;
	struct fault why;

	settings_init(&s);
	settings_init(&t);
	assert_int_equal(set_all(&s, r->given, &why), 0);
	assert_int_equal(settings_each(&s, set_back, &t), 0);
	assert_int_equal(settings_check(&t, &why), 0);
	settings_each(&s, list_one, &before);
	settings_each(&t, list_one, &after);
	assert_string_equal(before.text, after.text);
	assert_int_equal(s.policy.longest, t.policy.longest);
	assert_memory_equal(s.policy.ladder, t.policy.ladder,
			    s.policy.steps * sizeof(s.policy.ladder[0]));
}

static int stop_at_third(void *context, const char *name, const char *value)
{
	unsigned *calls = context;

	(void)name;
	(void)value;
	return ++*calls == 3 ? 42 : 0;
}

static void each_stops_when_told(void **state)
{
	struct settings s;
	unsigned calls = 0;

	(void)state;
	settings_init(&s);
	assert_int_equal(settings_each(&s, stop_at_third, &calls), 42);
	assert_int_equal(calls, 3);
}

static void what_was_given_is_marked(void **state)
{
	const struct settings_row *row = settings_find("maxretry");
	struct settings s;
	struct fault why;

	(void)state;
	settings_init(&s);
	assert_int_equal(settings_set(&s, "maxretry", "3", &why), 0);
	assert_int_equal(s.given, 1u << (row - settings_table));
}

static void lists_are_limited(void **state)
{
	unsigned lists = 0;

	(void)state;
	for (const struct settings_row *r = settings_table; r->name; r++)
		lists += settings_is_list(r);
	assert_int_equal(lists, sizeof(limit_rows) / sizeof(limit_rows[0]));
}

/* ---- trap users ---- */

struct trap_row {
	const char *title;
	const char *given;
	const char *user;
	bool trap;
};

static const struct trap_row trap_rows[] = {
	{"no list has nobody", "", "oracle", false},
	{"who is in the list", "trap=web;trap=oracle", "oracle", true},
	{"in capitals", "trap=oracle", "Oracle", true},
	{"with a domain", "trap=oracle", "ORACLE@example.org", true},
	{"more than the name", "trap=oracle", "oracle2@example.org", false},
	{"less than the name", "trap=oracle", "orac@example.org", false},
	{"with the domain of the list", "trap=info@example.org",
	 "info@Example.org", true},
	{"with another domain", "trap=info@example.org", "info@example.net",
	 false},
	{"without the domain of the list", "trap=info@example.org", "info",
	 false},
	{"no user", "trap=oracle", "", false},
	{"a domain alone", "trap=oracle", "@oracle", false},
};

static void trap_test(void **state)
{
	const struct trap_row *r = *state;
	struct settings s;
	struct fault why;

	settings_init(&s);
	assert_int_equal(set_all(&s, r->given, &why), 0);
	assert_int_equal(settings_is_trap(&s, r->user), r->trap);
}

/* ---- the offender ---- */

struct offender_row {
	const char *title;
	const char *given;
	const char *host;
	const char *offender;
};

static const struct offender_row offender_rows[] = {
	{"an IPv4 host is itself", "", "192.0.2.77", "192.0.2.77"},
	{"an IPv6 host is its /64", "", "2001:db8:1:2:3::4",
	 "2001:db8:1:2::/64"},
	{"a mapped host is an IPv4 host", "prefix.v6=16", "::ffff:192.0.2.77",
	 "192.0.2.77"},
	{"prefix.v4=24", "prefix.v4=24", "192.0.2.77", "192.0.2.0/24"},
	{"prefix.v4 does not touch IPv6", "prefix.v4=24;prefix.v6=128",
	 "2001:db8::1", "2001:db8::1"},
	{"prefix.v6=48", "prefix.v6=48", "2001:db8:1:2:3::4",
	 "2001:db8:1::/48"},
	{"NAT64: all of IPv4 is in one /64", "", "64:ff9b::192.0.2.77",
	 "64:ff9b::c000:24d"},
	{"NAT64 with prefix.v4=24", "prefix.v4=24", "64:ff9b::192.0.2.77",
	 "64:ff9b::c000:200/120"},
	{"NAT64 with prefix.v6=128", "prefix.v4=24;prefix.v6=128",
	 "64:ff9b::192.0.2.77", "64:ff9b::c000:24d"},
	{"NAT64 of a site", "prefix.v4=24;prefix.v6=48",
	 "64:ff9b:1:2::c000:24d", "64:ff9b:1:2::c000:24d"},
	{"beside NAT64", "prefix.v6=48", "64:ff9b:0:0:0:1::1",
	 "64:ff9b::1:0:1"},
	{"Teredo: a /64 is all clients of a server", "prefix.v4=24",
	 "2001:0:5ef5:79fd:1::2", "2001:0:5ef5:79fd:1::2"},
	{"6to4: a /48 is one IPv4 host", "", "2002:c000:24d:1::5",
	 "2002:c000:24d:1::/64"},
};

static void offender_test(void **state)
{
	const struct offender_row *r = *state;
	struct address host, offender;
	char text[ADDRESS_TEXT];
	struct settings s;
	struct fault why;

	settings_init(&s);
	assert_int_equal(set_all(&s, r->given, &why), 0);
	assert_int_equal(address_parse(r->host, strlen(r->host), &host), 0);
	offender = settings_offender(&s, &host);
	assert_string_equal(address_print(&offender, text), r->offender);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(every_parameter_is_tried),
		cmocka_unit_test(every_default_is_known),
		cmocka_unit_test(defaults_stand_in_their_fields),
		cmocka_unit_test(each_stops_when_told),
		cmocka_unit_test(what_was_given_is_marked),
		cmocka_unit_test(lists_are_limited),
	};
	struct CMUnitTest tests[512] = {{0}};
	size_t n = 0;

	ROWS(tests, n, value_rows, value_test);
	ROWS(tests, n, message_rows, message_test);
	ROWS(tests, n, default_rows, default_test);
	ROWS(tests, n, list_rows, list_test);
	ROWS(tests, n, check_rows, check_test);
	ROWS(tests, n, limit_rows, limit_test);
	ROWS(tests, n, back_rows, back_test);
	ROWS(tests, n, trap_rows, trap_test);
	ROWS(tests, n, offender_rows, offender_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("settings", tests, n, NULL, NULL);
}
