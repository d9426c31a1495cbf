/* draft: a policy as it is given: parameters, or the action of a file. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "draft.h"
#include "scratchdir.h"

enum { TEXT = 1024 };

struct draft_row {
	const char *title;
	const char *policy;
	const char *want; /* what is set in it; or, with a blank in front, the
			   * fault behind `--policy:` */
};

static const struct draft_row parameters[] = {
	{"nothing is the defaults", "", ""},
	{"one parameter", "maxretry=5", "maxretry=5"},
	{"blanks and newlines", " maxretry=5\n\tfindtime=10m ",
	 "maxretry=5 findtime=10m"},
	{"a list by commas", "bantime=48h,8d", "bantime=48h bantime=8d"},
	{"a list in quotes", "bantime=\"48h,8d\"", "bantime=48h bantime=8d"},
	{"a list as in the action", "bantime=[\"48h\", \"8d\"]",
	 "bantime=48h bantime=8d"},
	{"and without its quotes", "bantime=[48h, 8d] maxretry=2",
	 "maxretry=2 bantime=48h bantime=8d"},
	{"a list in parts", "trap=info trap=admin", "trap=info trap=admin"},
	{"a quoted value with a blank", "trap=\"john doe\" maxretry=2",
	 "maxretry=2 trap=john doe"},
	{"a comma in brackets is no separator",
	 "filter=postfix[mode=rbl,x=y],dovecot",
	 "filter=postfix[mode=rbl,x=y] filter=dovecot"},
	{"blanks around the sign", "maxretry = 5", "maxretry=5"},
	{"capital letters in a name", "MaxRetry=5", "maxretry=5"},
	{"a comment", "maxretry=5 # as before\nfindtime=1h",
	 "maxretry=5 findtime=1h"},
	{"what is no parameter", "maxretry",
	 " 'maxretry' is no "
	 "parameter=value"},
	{"one that is not known", "maxtry=5", " no parameter 'maxtry'"},
	{"a wrong value", "maxretry=x",
	 " parameter 'maxretry': 'x' is not allowed; allowed: a number from 1 "
	 "to 1000000"},
	{"one value twice", "maxretry=1 maxretry=2",
	 " maxretry is given twice"},
	{"an empty entry", "bantime=1h,",
	 " parameter 'bantime': '' is not allowed; allowed: 1 to 32 durations "
	 "from 1s, or forever"},
	{"a quote without end", "trap=\"a", " trap: a quote does not end"},
	{"an array without end", "bantime=[1h",
	 " bantime: an array is not well formed"},
	{"a comma too many", "bantime=[,]",
	 " bantime: an array is not well formed"},
	{"what contradicts itself", "ignoreip=0.0.0.0/0",
	 " parameter 'ignoreip': '0.0.0.0/0' exempts every public IPv4 "
	 "address, so that none could be banned; allowed only with enforce "
	 "'off'"},
	{"a jail without a database", "@sasl", " no database at '/nowhere'"},
	{"the other way to say it", "jail:sasl", " no database at '/nowhere'"},
	{"a path that leads nowhere", "./nil",
	 " cannot open './nil': No such file or directory"},
	{"with a jail", "./nil:sasl",
	 " cannot open './nil': No such file or directory"},
	{"a directory", "/", " cannot read '/': Is a directory"},
};

struct conf_row {
	const char *title;
	const char *text; /* of ./conf */
	const char *policy;
	const char *want;
};

static const struct conf_row confs[] = {
	{"the action of a file",
	 "module(load=\"omsaslban\")\n"
	 "action(type=\"omsaslban\" maxretry=\"4\" bantime=[\"1h\",\"2h\"])\n",
	 "./conf", "maxretry=4 bantime=1h bantime=2h"},
	{"a file without a slash in its name",
	 "action(type=\"omsaslban\" maxretry=\"4\")", "conf", "maxretry=4"},
	{"rsyslog's own parameters are nothing to us",
	 "action(type='omsaslban' queue.type=\"LinkedList\" maxretry=\"4\")",
	 "./conf", "maxretry=4"},
	{"over many lines, in a condition, with comments",
	 "if prifilt(\"mail.*\") then { # action(type=\"omsaslban\")\n"
	 "  /* action(type=\"omsaslban\") */\n"
	 "  Action (\n  type = \"omsaslban\" # the\n  name = \"imap\"\n"
	 "  maxretry=\"7\" )\n stop }\n",
	 "./conf", "name=imap maxretry=7"},
	{"other actions are none",
	 "action(type=\"omfile\" file=\"/x\")\n"
	 "*.* action(type=\"omsaslban\" maxretry=\"6\")\n"
	 "*.* /var/log/all\n",
	 "./conf", "maxretry=6"},
	{"a wildcard begins no comment",
	 "$IncludeConfig /etc/rsyslog.d/*.conf\n"
	 "action(type=\"omsaslban\" maxretry=\"6\")\n",
	 "./conf", "maxretry=6"},
	{"an apostrophe begins no text",
	 "*.* /var/log/it's\naction(type=\"omsaslban\" maxretry=\"6\")\n",
	 "./conf", "maxretry=6"},
	{"an action in a text is none",
	 "set $.x = \"action(type='omsaslban' maxretry='1')\";\n"
	 "action(type=\"omsaslban\" maxretry=\"6\")\n",
	 "./conf", "maxretry=6"},
	{"a quote in a value", "action(type=\"omsaslban\" trap=\"a\\\"b\")",
	 "./conf", "trap=a\"b"},
	{"one of several",
	 "action(type=\"omsaslban\" name=\"a\" maxretry=\"1\")\n"
	 "action(type=\"omsaslban\" maxretry=\"2\")\n",
	 "./conf:a", "name=a maxretry=1"},
	{"the one without a name",
	 "action(type=\"omsaslban\" name=\"a\" maxretry=\"1\")\n"
	 "action(type=\"omsaslban\" maxretry=\"2\")\n",
	 "./conf:sasl", "maxretry=2"},
	{"several, and none is chosen",
	 "action(type=\"omsaslban\" name=\"a\")\n"
	 "action(type=\"omsaslban\" name=\"b\")\n",
	 "./conf",
	 " './conf' has several jails; choose with './conf:NAME': a, b"},
	{"one that is not there", "action(type=\"omsaslban\" name=\"a\")\n",
	 "./conf:c", " './conf' has no jail 'c'; there are: a"},
	{"none at all", "*.* /var/log/all\n", "./conf",
	 " './conf' has no action of omsaslban; files that it includes are "
	 "not read"},
	{"a wrong value, and where",
	 "\n\naction(type=\"omsaslban\"\n maxretry=\"x\")\n", "./conf",
	 " './conf', line 4: parameter 'maxretry': 'x' is not allowed; "
	 "allowed: a number from 1 to 1000000"},
	{"no bracket at the end", "action(type=\"omsaslban\"\n", "./conf",
	 " './conf', line 2: a bracket is missing"},
	{"a value without quotes", "action(type=omsaslban)\n", "./conf",
	 " './conf', line 1: type: a value is not in quotes"},
};

struct told {
	const struct settings *settings;
	char *text;
};

static int tell(void *context, const char *name, const char *value)
{
	const struct told *t = context;
	size_t used = strlen(t->text);
	ptrdiff_t row = settings_find(name) - settings_table;

	if ((t->settings->given >> row & 1) != 0)
		snprintf(t->text + used, TEXT - used, "%s%s=%s",
			 used == 0 ? "" : " ", name, value);
	return 0;
}

static void check(const char *policy, const char *want)
{
	static struct draft d;
	struct cli c = {.database = "/nowhere"};
	char got[TEXT] = "";
	struct told told = {&d.settings, got};
	struct fault why;

	if (draft_read(&d, &c, policy, &why) < 0) {
		assert_int_equal(why.kind, FAULT_SETTING);
		assert_memory_equal(why.text, "--policy:", 9);
		snprintf(got, sizeof(got), "%s", why.text + 9);
	} else {
		settings_each(&d.settings, tell, &told);
		assert_string_equal(d.title,
				    *policy == '\0' ? "the defaults" : policy);
	}
	assert_string_equal(got, want);
}

static void parameters_test(void **state)
{
	const struct draft_row *r = *state;

	check(r->policy, r->want);
}

static void conf_test(void **state)
{
	const struct conf_row *r = *state;
	struct scratchdir d;

	scratchdir_open(&d);
	scratchdir_put(&d, "conf", r->text);
	check(r->policy, r->want);
	scratchdir_close(&d);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, parameters, parameters_test);
	ROWS(tests, n, confs, conf_test);
	return _cmocka_run_group_tests("draft", tests, n, NULL, NULL);
}
