/*
 * saslbanctl: what the module knows, and what a person wants of it.
 *
 * The table of verbs, and main: read the command line, find the row, call it.
 * This program and its verbs read the clock and print; nothing below them
 * does.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "help.h"
#include "lookup.h"
#include "options.h"

/* The first is what is done when none is named. */
static const struct verb verbs[] = {
	{"status", verb_status, " [SECONDS]", 0, 1,
	 OPTION_JAIL | OPTION_VERBOSE | OPTION_WATCH,
	 "each jail, its bans and its kernel sets (the default)",
	 "saslbanctl\n"
	 "saslbanctl status --jail sasl --verbose\n"
	 "saslbanctl status --watch 10\n"
	 "saslbanctl status >/dev/null || echo bans do not block"},
	{"list", verb_list, "", 0, 0,
	 OPTION_ALL | OPTION_ACTIVE | OPTION_KERNEL | OPTION_JAIL |
		 OPTION_STRIKE | OPTION_NETWORK | OPTION_USER | OPTION_GROUND |
		 OPTION_SORT | OPTION_SINCE | OPTION_LIMIT | OPTION_CSV,
	 "the bans that run, newest first",
	 "saslbanctl list\n"
	 "saslbanctl list --strike 3 --since 7d --sort packets --limit 20\n"
	 "saslbanctl list --network 198.51.100.0/24 --all\n"
	 "saslbanctl list --user alice@example.org --csv\n"
	 "saslbanctl list --json | jq -r '.bans[].address'"},
	{"show", verb_show, " ADDRESS[/PREFIX]|USER", 1, 1, OPTION_JAIL,
	 "all that is known of an address, or of a user",
	 "saslbanctl show 198.51.100.7\n"
	 "saslbanctl show 2001:db8::/64 --jail sasl\n"
	 "saslbanctl show alice@example.org"},
	{"explain", verb_explain, " ADDRESS[/PREFIX]|USER", 1, 1, OPTION_JAIL,
	 "why, and why not: what counts, and what the next failure brings",
	 "saslbanctl explain 198.51.100.7\n"
	 "saslbanctl explain alice@example.org"},
	{"top", verb_top, " [addresses|networks|accounts|services|rules]", 0, 1,
	 OPTION_JAIL | OPTION_SINCE | OPTION_LIMIT | OPTION_CSV,
	 "who attacks most, and what is attacked most",
	 "saslbanctl top accounts --since 30d\n"
	 "saslbanctl top networks --csv >networks.csv"},
	{"report", verb_report, "", 0, 0,
	 OPTION_JAIL | OPTION_SINCE | OPTION_BY | OPTION_LIMIT | OPTION_FORMAT |
		 OPTION_OUTPUT,
	 "what happened, as text, a table or a page with charts",
	 "saslbanctl report --since 1d\n"
	 "saslbanctl report --by network --format csv\n"
	 "saslbanctl report --since 7d --format html --output week.html"},
	{"ban", verb_ban, " [ADDRESS[/PREFIX]]", 0, 1,
	 OPTION_JAIL | OPTION_FOR | OPTION_REASON | OPTION_FORCE | OPTION_FILE |
		 OPTION_YES,
	 "ban an address now",
	 "saslbanctl ban 198.51.100.7\n"
	 "saslbanctl ban 203.0.113.0/24 --for 30d --reason 'rented by "
	 "guessers'\n"
	 "saslbanctl ban --file list.txt --for 8d"},
	{"unban", verb_unban, " [ADDRESS[/PREFIX]]", 0, 1,
	 OPTION_ALL | OPTION_JAIL | OPTION_REASON | OPTION_FILE | OPTION_YES,
	 "lift the ban of an address now",
	 "saslbanctl unban 198.51.100.7 --reason 'new phone, ticket 4711'\n"
	 "saslbanctl unban 198.51.100.0/24 --all\n"
	 "saslbanctl unban --all --jail sasl\n"
	 "saslbanctl unban --file list.txt --yes"},
	{"export", verb_export, "", 0, 0,
	 OPTION_FORMAT | OPTION_STRIKE | OPTION_SINCE | OPTION_JAIL |
		 OPTION_ALL | OPTION_CSV | OPTION_OUTPUT,
	 "the bans that run, for other programs and for import",
	 "saslbanctl export --strike 2 --since 30d\n"
	 "saslbanctl export --format ipset | ipset -exist restore\n"
	 "saslbanctl export --format postfix --output /etc/postfix/saslban\n"
	 "saslbanctl export --all --json --output bans.json"},
	{"import", verb_import, " FILE...", 1, CLI_OPERANDS - 1,
	 OPTION_FROM | OPTION_JAIL | OPTION_FOR | OPTION_ZONE | OPTION_DRY_RUN |
		 OPTION_JAIL_LOCAL | OPTION_PATH,
	 "bans that fail2ban, saslfail or a list has",
	 "saslbanctl import --dry-run /var/lib/fail2ban/fail2ban.sqlite3\n"
	 "saslbanctl import --zone local /var/lib/saslfail/bans.db\n"
	 "saslbanctl import --jail sasl --for 8d list.txt\n"
	 "saslbanctl import --jail-local /etc/fail2ban"},
	{"sync", verb_sync, "", 0, 0, OPTION_JAIL,
	 "compare the kernel sets with the database, and repair them",
	 "saslbanctl sync"},
	{"allow", verb_allow, " [add|del|list] [ADDRESS[/PREFIX]...]", 0,
	 CLI_OPERANDS - 1, OPTION_FOR | OPTION_REASON | OPTION_FORCE,
	 "who is never banned, by the allow list",
	 "saslbanctl allow add 192.0.2.0/24 --reason office\n"
	 "saslbanctl allow add 198.51.100.7 --for 1d\n"
	 "saslbanctl allow del 198.51.100.7"},
	{"rules", verb_rules, "", 0, 0, OPTION_JAIL,
	 "the rules of the filters, and how often each has matched",
	 "saslbanctl rules --jail sasl"},
	{"test", verb_test, " [FILE|-]", 0, 1,
	 OPTION_FILTER | OPTION_PATH | OPTION_EXPLAIN | OPTION_VERBOSE,
	 "what filters make of log lines",
	 "saslbanctl test --filter dovecot /var/log/mail.log\n"
	 "saslbanctl test --filter postfix --explain \"$line\""},
	{"simulate", verb_simulate, " FILE...", 1, CLI_OPERANDS - 1,
	 OPTION_FILTER | OPTION_PATH | OPTION_POLICY | OPTION_VERBOSE,
	 "whom a policy would have banned by old logs",
	 "saslbanctl simulate --policy maxretry=3 /var/log/mail.log\n"
	 "saslbanctl simulate --policy @sasl /var/log/mail.log.2.gz "
	 "/var/log/mail.log.1"},
	{"learn", verb_learn, " FILE...", 1, CLI_OPERANDS - 1,
	 OPTION_FILTER | OPTION_PATH | OPTION_JAIL,
	 "who logs in from where, out of old logs",
	 "saslbanctl learn /var/log/mail.log.2.gz /var/log/mail.log.1"},
	{"backup", verb_backup, " [FILE|DIRECTORY]", 0, 1, OPTION_KEEP,
	 "a whole copy of the database, while it is in use",
	 "saslbanctl backup --keep 14\n"
	 "saslbanctl backup /mnt/backup/saslban.db"},
	{"prune", verb_prune, " [ADDRESS[/PREFIX]|USER]", 0, 1,
	 OPTION_JAIL | OPTION_BEFORE | OPTION_DRY_RUN | OPTION_YES,
	 "forget what is stored of an address, a user, a time or a jail",
	 "saslbanctl prune alice@example.org --dry-run\n"
	 "saslbanctl prune 192.0.2.7\n"
	 "saslbanctl prune --before 2026-01-01 --yes\n"
	 "saslbanctl prune --jail old --dry-run"},
	{"doctor", verb_doctor, "", 0, 0, OPTION_JAIL,
	 "what keeps a ban from taking effect, and what to do about it",
	 "saslbanctl doctor"},
	{"metrics", verb_metrics, "", 0, 0, OPTION_OUTPUT | OPTION_NO_JSON,
	 "the numbers, for Prometheus",
	 "saslbanctl metrics --output "
	 "/var/lib/prometheus/node-exporter/saslban.prom"},
	{"filter", verb_filter, " NAME", 1, 1, OPTION_PATH | OPTION_VERBOSE,
	 "the rules of a filter, after all substitution",
	 "saslbanctl filter dovecot\n"
	 "saslbanctl filter ./mine.conf --verbose"},
	{"completion", verb_completion, " [bash|zsh]", 1, 1, OPTION_NO_JSON,
	 "what a shell reads to complete command lines",
	 "saslbanctl completion bash >saslbanctl\n"
	 "saslbanctl completion zsh >_saslbanctl"},
	{"help", NULL, " [VERB]", 0, 1, OPTION_NO_JSON,
	 "explain a verb, as VERB --help does", "saslbanctl help list"},
	{.name = NULL},
};

/* `help VERB` is another way to write `VERB --help`. */
static void take_help(struct cli *c)
{
	if (c->words == 0 || strcmp(c->word[0], "help") != 0)
		return;
	if (c->words == 1 && c->help)
		return; /* help --help */
	c->help = true;
	c->words--;
	memmove(c->word, c->word + 1, c->words * sizeof(c->word[0]));
}

static enum status run(const struct cli *c, const struct verb *v)
{
	size_t operands = c->words == 0 ? 0 : c->words - 1;
	uint64_t strange = c->given & ~v->options;

	if (c->help) {
		help_verb(v);
		return STATUS_OK;
	}
	if (strange != 0)
		return edge_end(STATUS_USAGE, "'%s' takes no option '--%s'",
				v->name, options_name(strange));
	if (c->json && (v->options & OPTION_NO_JSON) != 0)
		return edge_end(STATUS_USAGE, "'%s' takes no option '--json'",
				v->name);
	if (c->json && c->csv)
		return edge_end(STATUS_USAGE, "--json or --csv, not both");
	if (operands < v->min)
		return edge_end(STATUS_USAGE, "'%s' needs%s", v->name,
				v->operands);
	if (operands > v->max)
		return edge_end(STATUS_USAGE, "'%s' has no use for '%s'",
				v->name, c->word[v->max + 1]);
	if (c->reason != NULL && strlen(c->reason) > OPTIONS_REASON)
		return edge_end(STATUS_USAGE,
				"--reason is too long; allowed: %d bytes",
				OPTIONS_REASON);
	return v->run(c);
}

int main(int argc, char **argv)
{
	struct cli c = {.database = CLI_DATABASE};
	const struct verb *v = &verbs[0];
	enum status status;

	setlocale(LC_CTYPE, "");
	status = options_parse(&c, argc, argv);
	if (status != STATUS_OK)
		return status;
	output_init(&c.out, stdout);
	c.now = time(NULL);
	take_help(&c);
	if (c.words > 0 && (v = lookup_verb(verbs, c.word[0])) == NULL)
		return STATUS_USAGE;
	if (c.version)
		puts("saslbanctl " SASLBAN_VERSION);
	else if (c.help && c.words == 0)
		help_program(verbs);
	else
		status = run(&c, v);
	return edge_flush(status);
}
