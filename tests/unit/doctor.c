/* doctor: what it reads: rules of a firewall, a process, a unit's address
 * families, the inputs of a configuration, and words for a shell. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "families.h"
#include "nftrules.h"
#include "process.h"
#include "quote.h"
#include "ruleset.h"
#include "scratchdir.h"
#include "sockets.h"

/* ---- rules ---- */

struct rules_row {
	const char *title;
	const char *text; /* of the table filter, unless it begins with * */
	enum ruleset_place input;
	const char *before;
};

#define SET "-m set --match-set saslban src"
#define DROP "-A INPUT -p tcp -m multiport --dports 25,143 " SET " -j DROP\n"
#define STATE "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"

static const struct rules_row rules[] = {
	{"nothing", "", RULESET_NONE, ""},
	{"the rule alone", DROP, RULESET_FIRST, ""},
	{"the rule, then established", DROP STATE "\n", RULESET_FIRST, ""},
	{"established, then the rule", STATE "\n" DROP, RULESET_ESTABLISHED,
	 STATE},
	{"the old word for it",
	 "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n" DROP,
	 RULESET_ESTABLISHED,
	 "-A INPUT -m state --state ESTABLISHED -j ACCEPT"},
	{"other states", "-A INPUT -m conntrack --ctstate NEW -j ACCEPT\n" DROP,
	 RULESET_FIRST, ""},
	{"established is no accept",
	 "-A INPUT -m conntrack --ctstate ESTABLISHED -j LOG\n" DROP,
	 RULESET_FIRST, ""},
	{"mail is accepted before",
	 "-A INPUT -p tcp -m tcp --dport 25 -j ACCEPT\n" DROP, RULESET_ACCEPTED,
	 "-A INPUT -p tcp -m tcp --dport 25 -j ACCEPT"},
	{"among several ports",
	 "-A INPUT -p tcp -m multiport --dports 80,443,993 -j ACCEPT\n" DROP,
	 RULESET_ACCEPTED,
	 "-A INPUT -p tcp -m multiport --dports 80,443,993 -j ACCEPT"},
	{"in a range",
	 "-A INPUT -p tcp -m tcp --dport 100:200 -j ACCEPT\n" DROP,
	 RULESET_ACCEPTED, "-A INPUT -p tcp -m tcp --dport 100:200 -j ACCEPT"},
	{"another port", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n" DROP,
	 RULESET_FIRST, ""},
	{"a range around no mail port",
	 "-A INPUT -p tcp -m tcp --dport 26:100 -j ACCEPT\n" DROP,
	 RULESET_FIRST, ""},
	{"all is accepted before", "-A INPUT -j ACCEPT\n" DROP,
	 RULESET_ACCEPTED, "-A INPUT -j ACCEPT"},
	{"all of TCP is", "-A INPUT -p tcp -j ACCEPT\n" DROP, RULESET_ACCEPTED,
	 "-A INPUT -p tcp -j ACCEPT"},
	{"all of UDP is none of ours", "-A INPUT -p udp -j ACCEPT\n" DROP,
	 RULESET_FIRST, ""},
	{"one interface is", "-A INPUT -i lo -j ACCEPT\n" DROP, RULESET_FIRST,
	 ""},
	{"accepted, and no rule behind it", "-A INPUT -j ACCEPT\n",
	 RULESET_NONE, ""},
	{"another set", "-A INPUT -m set --match-set saslban-rbl src -j DROP\n",
	 RULESET_NONE, ""},
	{"the set of the family",
	 "-A INPUT -m set --match-set saslban4 src -j DROP\n", RULESET_FIRST,
	 ""},
	{"where packets go to",
	 "-A INPUT -m set --match-set saslban dst -j DROP\n", RULESET_NONE, ""},
	{"all but the set",
	 "-A INPUT -m set ! --match-set saslban src -j DROP\n", RULESET_NONE,
	 ""},
	{"a log is no block", "-A INPUT " SET " -j LOG\n", RULESET_NONE, ""},
	{"nor is an accept", "-A INPUT " SET " -j ACCEPT\n", RULESET_NONE, ""},
	{"a REJECT is", "-A INPUT " SET " -j REJECT --reject-with tcp-reset\n",
	 RULESET_FIRST, ""},
	{"a chain of one's own as the target",
	 ":kick - [0:0]\n-A INPUT " SET " -j kick\n-A kick -j DROP\n",
	 RULESET_FIRST, ""},
	{"the rule in a chain",
	 ":mine - [0:0]\n-A INPUT -j mine\n" STATE "\n-A mine " SET
	 " -j DROP\n",
	 RULESET_FIRST, ""},
	{"the rule in a chain behind established",
	 ":mine - [0:0]\n" STATE "\n-A INPUT -j mine\n-A mine " SET
	 " -j DROP\n",
	 RULESET_ESTABLISHED, STATE},
	{"established in a chain, as ufw has it",
	 ":ufw - [0:0]\n-A INPUT -j ufw\n" DROP
	 "-A ufw -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n",
	 RULESET_ESTABLISHED,
	 "-A ufw -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"},
	{"a chain that nobody calls",
	 ":mine - [0:0]\n-A mine " SET " -j DROP\n", RULESET_NONE, ""},
	{"a chain that calls itself",
	 ":x - [0:0]\n-A INPUT -j x\n-A x -j x\n" DROP, RULESET_FIRST, ""},
	{"another chain's", "-A FORWARD " SET " -j DROP\n", RULESET_NONE, ""},
	{"an earlier table",
	 "*raw\n-A PREROUTING " SET " -j DROP\nCOMMIT\n*filter\n" STATE
	 "\nCOMMIT\n",
	 RULESET_FIRST, ""},
	{"an earlier table's accept is not the last word",
	 "*raw\n-A PREROUTING -j ACCEPT\nCOMMIT\n*filter\n" DROP "COMMIT\n",
	 RULESET_FIRST, ""},
	{"another table", "*nat\n-A INPUT " SET " -j DROP\nCOMMIT\n",
	 RULESET_NONE, ""},
	{"a line without an end", "-A INPUT " SET " -j DROP", RULESET_FIRST,
	 ""},
	{"a rule that stops short",
	 "-A INPUT -m set --match-set\n-A INPUT -j\n", RULESET_NONE, ""},
};

static void read_rules(struct ruleset *out, const char *text)
{
	static const char *const set[RULESET_SETS] = {"saslban", "saslban4",
						      NULL};
	char whole[2048];

	snprintf(whole, sizeof(whole), "%s%s%s",
		 text[0] == '*' ? "" : "*filter\n:INPUT ACCEPT [0:0]\n", text,
		 text[0] == '*' ? "" : "\nCOMMIT\n");
	ruleset_read(out, whole, set);
}

static void judges_rules(void **state)
{
	const struct rules_row *row = *state;
	struct ruleset r;

	read_rules(&r, row->text);
	assert_int_equal(r.input, row->input);
	assert_string_equal(r.before, row->before);
}

struct forward_row {
	const char *title;
	const char *text;
	bool forwards;
	bool docker;
	enum ruleset_place forward;
};

#define DNAT                                                      \
	"*nat\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 143 " \
	"-j DNAT --to-destination 172.17.0.2:143\nCOMMIT\n"

static const struct forward_row forwards[] = {
	{"nothing is forwarded", "*filter\n" DROP "COMMIT\n", false, false,
	 RULESET_NONE},
	{"mail is, and no rule", DNAT "*filter\n" DROP "COMMIT\n", true, false,
	 RULESET_NONE},
	{"the web is none of ours",
	 "*nat\n-A PREROUTING -p tcp --dport 80 -j DNAT --to "
	 "10.0.0.2\nCOMMIT\n",
	 false, false, RULESET_NONE},
	{"in Docker's chain",
	 DNAT
	 "*filter\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n"
	 "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
	 "-A DOCKER-USER " SET " -j DROP\nCOMMIT\n",
	 true, true, RULESET_FIRST},
	{"behind the accept",
	 DNAT "*filter\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n"
	      "-A FORWARD " SET " -j DROP\nCOMMIT\n",
	 true, false, RULESET_ESTABLISHED},
	{"before any route",
	 DNAT "*mangle\n-A PREROUTING " SET " -j DROP\nCOMMIT\n", true, false,
	 RULESET_FIRST},
};

static void judges_forwards(void **state)
{
	const struct forward_row *row = *state;
	struct ruleset r;

	read_rules(&r, row->text);
	assert_int_equal(r.forwards, row->forwards);
	assert_int_equal(r.docker, row->docker);
	assert_int_equal(r.forward, row->forward);
}

/* ---- what nft prints ---- */

/* As ipset/saslban.nft has it, but for the hook. */
#define OURS(hook)                                                             \
	"table inet saslban {\n\tset saslban4 {\n\t\ttype ipv4_addr\n\t}\n\n"  \
	"\tchain banned {\n\t\tip saddr @saslban4 drop\n"                      \
	"\t\tip saddr & 255.255.255.0 @saslban4/24 drop\n\t}\n\n"              \
	"\tchain first {\n\t\ttype filter hook " hook " priority raw; policy " \
	"accept;\n\t\ttcp dport { 25, 143 } jump banned\n\t}\n}\n"
#define NAT(family, rule)                                             \
	"table " family " nat {\n\tchain PREROUTING {\n\t\ttype nat " \
	"hook prerouting priority dstnat; policy accept;\n\t\t" rule  \
	"\n\t}\n}\n"

struct nft_row {
	const char *title;
	const char *text;
	enum enforcer_set which;
	const char *dnat; /* NULL: nothing is forwarded */
	bool asked;
};

#define TO_ONE "tcp dport 143 dnat to 10.0.0.2"
#define TO_MANY "dnat ip to tcp dport map { 80 : 10.0.0.2, 993 : 10.0.0.3 }"

static const struct nft_row nft_rows[] = {
	{"nft: nothing", "", ENFORCER_V4, NULL, false},
	{"nft: our rules", OURS("prerouting"), ENFORCER_V4, NULL, true},
	{"nft: our rules behind others", NAT("ip", TO_ONE) OURS("prerouting"),
	 ENFORCER_V4, TO_ONE, true},
	{"nft: our rules in ingress", OURS("ingress device \"eth0\""),
	 ENFORCER_V4, NULL, true},
	{"nft: our rules in forward", OURS("forward"), ENFORCER_V4, NULL, true},
	{"nft: our rules in input alone",
	 OURS("input") NAT("inet", "iif \"eth0\" " TO_ONE), ENFORCER_V4,
	 "iif \"eth0\" " TO_ONE, false},
	{"nft: the other family's set is another", OURS("prerouting"),
	 ENFORCER_V6, NULL, false},
	{"nft: a chain that nobody calls",
	 "table inet saslban {\n\tchain banned {\n\t\tip saddr @saslban4 drop"
	 "\n\t}\n}\n",
	 ENFORCER_V4, NULL, false},
	{"nft: a rule that only counts",
	 "table inet saslban {\n\tchain c {\n\t\ttype filter hook prerouting "
	 "priority raw; policy accept;\n\t\tip saddr @saslban4 counter\n\t}\n"
	 "}\n",
	 ENFORCER_V4, NULL, false},
	{"nft: several ports",
	 NAT("ip", "tcp dport { 80, 140-150 } dnat to :7"), ENFORCER_V4,
	 "tcp dport { 80, 140-150 } dnat to :7", false},
	{"nft: a map", NAT("inet", TO_MANY), ENFORCER_V4, TO_MANY, false},
	{"nft: a map is one family's", NAT("inet", TO_MANY), ENFORCER_V6, NULL,
	 false},
	{"nft: a table of IPv4 is not one of IPv6", NAT("ip", TO_ONE),
	 ENFORCER_V6, NULL, false},
	{"nft: a table of IPv6 is", NAT("ip6", TO_ONE), ENFORCER_V6, TO_ONE,
	 false},
	{"nft: the web is none of ours",
	 NAT("ip", "tcp dport { 80, 443 } dnat to 10.0.0.2"), ENFORCER_V4, NULL,
	 false},
	{"nft: what is accepted is not forwarded",
	 NAT("ip", "tcp dport 143 accept"), ENFORCER_V4, NULL, false},
	{"nft: chains in a circle",
	 "table inet saslban {\n\tchain a {\n\t\tjump b\n\t}\n\tchain b {\n"
	 "\t\ttype filter hook forward priority 0; policy accept;\n\t\tjump a"
	 "\n\t}\n}\n",
	 ENFORCER_V4, NULL, false},
	{"nft: cut off", "table inet saslban {\n\tchain a {\n\t\tjump b",
	 ENFORCER_V4, NULL, false},
};

static void reads_nft(void **state)
{
	const struct nft_row *row = *state;
	char name[ENFORCER_NAME];
	struct nftrules n;

	nftrules_read(&n, row->text,
		      enforcer_set_name("saslban", row->which, name),
		      row->which);
	assert_int_equal(n.forwards, row->dnat != NULL);
	assert_string_equal(n.dnat, row->dnat == NULL ? "" : row->dnat);
	assert_int_equal(n.asked, row->asked);
}

/* ---- the unit ---- */

struct families_row {
	const char *title;
	const char *text;
	bool allowed;
};

static const struct families_row families[] = {
	{"no restriction", "", true},
	{"an empty line", "\n", true},
	{"an empty list of what is forbidden", "~\n", true},
	{"none", "none\n", false},
	{"a list without it", "AF_INET AF_INET6 AF_UNIX\n", false},
	{"a list with it", "AF_INET AF_NETLINK AF_UNIX\n", true},
	{"its name in another", "AF_NETLINKS\n", false},
	{"forbidden", "~AF_PACKET AF_NETLINK\n", false},
	{"forbidden, the first", "~AF_NETLINK\n", false},
	{"others are forbidden", "~AF_PACKET\n", true},
};

static void judges_families(void **state)
{
	const struct families_row *row = *state;

	assert_int_equal(families_allow_netlink(row->text), row->allowed);
}

/* ---- the process ---- */

static void reads_status(void **state)
{
	struct process p = {.pid = 1};

	(void)state;
	process_read_status(&p, "Name:\trsyslogd\nUid:\t1\t2\t3\t104\n"
				"Gid:\t5\t6\t7\t110\nGroups:\t4 5 \n"
				"CapEff:\t0000000000001000\n"
				"CapBnd:\t0000000000000fff\n");
	assert_int_equal(p.uid, 104);
	assert_int_equal(p.groups, 3);
	assert_int_equal(p.group[0], 110);
	assert_int_equal(p.group[2], 5);
	assert_true(p.able);
	assert_true(p.bounded);
	process_read_status(&p, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
				"Groups:\t\nCapEff:\t000001ffffffefff\n"
				"CapBnd:\t000001ffffffffff\n");
	assert_int_equal(p.uid, 0);
	assert_int_equal(p.groups, 1);
	assert_false(p.able);
	assert_false(p.bounded);
}

struct cgroup_row {
	const char *title;
	const char *text;
	const char *unit;
};

static const struct cgroup_row cgroups[] = {
	{"the unit", "0::/system.slice/rsyslog.service\n", "rsyslog.service"},
	{"the first hierarchy that has one",
	 "2:cpu:/\n1:name=systemd:/system.slice/syslog-ng@x.service\n0::/\n",
	 "syslog-ng@x.service"},
	{"a session is none", "0::/user.slice/user-0.slice/session-1.scope\n",
	 ""},
	{"a container", "0::/\n", ""},
	{"nothing", "", ""},
	{"the end alone", "0::/.service\n", ""},
};

static void reads_cgroup(void **state)
{
	const struct cgroup_row *row = *state;
	struct process p = {.pid = 1};

	process_read_cgroup(&p, row->text);
	assert_string_equal(p.unit, row->unit);
}

struct command_row {
	const char *title;
	const char *words;
	size_t len;
	const char *conf;
};

#define WORDS(text) text, sizeof(text)

static const struct command_row commands[] = {
	{"the default", WORDS("rsyslogd\0-n"), "/etc/rsyslog.conf"},
	{"-f and a word", WORDS("rsyslogd\0-n\0-f\0/x/conf"), "/x/conf"},
	{"-f in one", WORDS("rsyslogd\0-f/x/conf\0-n"), "/x/conf"},
	{"-f at the end", WORDS("rsyslogd\0-f"), "/etc/rsyslog.conf"},
	{"nothing", "", 0, "/etc/rsyslog.conf"},
};

static void reads_command(void **state)
{
	const struct command_row *row = *state;
	struct process p = {.pid = 1};

	process_read_command(&p, row->words, row->len);
	assert_string_equal(p.conf, row->conf);
}

static void writes_by_mode(void **state)
{
	const struct process root = {.uid = 0};
	const struct process user = {.uid = 7, .group = {8, 9}, .groups = 2};
	struct stat st = {.st_uid = 7, .st_gid = 9, .st_mode = S_IWUSR};

	(void)state;
	assert_true(process_may_write(&user, &st));
	st.st_mode = S_IWGRP | S_IWOTH;
	assert_false(process_may_write(&user, &st));
	st.st_uid = 1;
	assert_true(process_may_write(&user, &st));
	st.st_mode = S_IWUSR | S_IWOTH;
	assert_false(process_may_write(&user, &st));
	st.st_gid = 1;
	assert_true(process_may_write(&user, &st));
	st.st_mode = S_IWUSR;
	assert_false(process_may_write(&user, &st));
	assert_true(process_may_write(&root, &st));
}

/* ---- the inputs ---- */

struct sockets_row {
	const char *title;
	const char *conf; /* of ./conf; it may include ./more */
	const char *more; /* of ./more */
	size_t annotated;
	size_t silent;
	bool journal;
	const char *at; /* with the first silent one: file and socket */
};

#define BOTH "SysSock.Annotate=\"on\" SysSock.ParseTrusted=\"on\""

static const struct sockets_row sockets[] = {
	{"no input", "*.* /var/log/all\n", "", 0, 0, false, ""},
	{"as Debian has it", "module(load=\"imuxsock\") # local\n", "", 0, 1,
	 false, "./conf "},
	{"annotated", "module(load=\"imuxsock\" " BOTH ")\n", "", 1, 0, false,
	 ""},
	{"annotated, but not parsed",
	 "module(load=\"imuxsock\" SysSock.Annotate=\"on\")\n", "", 0, 1, false,
	 "./conf "},
	{"switched off", "module(load=\"imuxsock\" SysSock.Use=\"off\")\n", "",
	 0, 0, false, ""},
	{"a second socket",
	 "module(load=\"imuxsock\" " BOTH ")\n"
	 "input(type=\"imuxsock\" Socket=\"/s\")\n",
	 "", 1, 1, false, "./conf /s"},
	{"one that is included, the old way",
	 "module(load=\"imuxsock\" " BOTH ")\n$IncludeConfig ./more*\n",
	 "$AddUnixListenSocket /var/spool/postfix/dev/log\n", 1, 1, false,
	 "./more /var/spool/postfix/dev/log"},
	{"and the new way", "include(file=\"./more\")\n",
	 "input(type=\"imuxsock\" Socket=\"/s\" Annotate=\"on\" "
	 "ParseTrusted=\"on\")\n",
	 1, 0, false, ""},
	{"the old way to load it", "$ModLoad imuxsock\n", "", 0, 1, false,
	 "./conf "},
	{"the journal", "module(load=\"imjournal\")\n", "", 0, 0, true, ""},
	{"a comment", "# module(load=\"imuxsock\")\n", "", 0, 0, false, ""},
	{"a file that includes itself",
	 "$IncludeConfig ./conf\n"
	 "module(load=\"imjournal\")\n",
	 "", 0, 0, true, ""},
};

static void reads_sockets(void **state)
{
	const struct sockets_row *row = *state;
	struct sockets s;
	char at[2 * SOCKETS_PATH];
	struct scratchdir d;

	scratchdir_open(&d);
	scratchdir_put(&d, "conf", row->conf);
	scratchdir_put(&d, "more", row->more);
	sockets_read(&s, "./conf");
	scratchdir_close(&d);
	assert_true(s.read);
	assert_int_equal(s.annotated, row->annotated);
	assert_int_equal(s.silent, row->silent);
	assert_int_equal(s.journal, row->journal);
	snprintf(at, sizeof(at), "%s%s%s", s.at, s.silent > 0 ? " " : "",
		 s.what);
	assert_string_equal(at, row->at);
}

/* ---- words for a shell ---- */

struct quote_row {
	const char *title;
	const char *text;
	const char *quoted;
};

static const struct quote_row quotes[] = {
	{"a path", "/var/lib/saslban/saslban.db",
	 "/var/lib/saslban/saslban.db"},
	{"nothing", "", "''"},
	{"a blank", "/my files/x", "'/my files/x'"},
	{"a quote", "it's", "'it'\\''s'"},
	{"a command", "$(rm x)", "'$(rm x)'"},
	{"a filter", "postfix[mode=rbl]", "'postfix[mode=rbl]'"},
};

static void quotes_words(void **state)
{
	const struct quote_row *row = *state;
	char out[QUOTE_TEXT];

	assert_string_equal(quote_shell(row->text, out), row->quoted);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(reads_status),
		cmocka_unit_test(writes_by_mode),
	};
	struct CMUnitTest tests[128];
	size_t n = 0;

	ROWS(tests, n, rules, judges_rules);
	ROWS(tests, n, forwards, judges_forwards);
	ROWS(tests, n, nft_rows, reads_nft);
	ROWS(tests, n, families, judges_families);
	ROWS(tests, n, cgroups, reads_cgroup);
	ROWS(tests, n, commands, reads_command);
	ROWS(tests, n, sockets, reads_sockets);
	ROWS(tests, n, quotes, quotes_words);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("doctor", tests, n, NULL, NULL);
}
