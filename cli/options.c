/* options: see options.h. */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "since.h"

enum kind { SWITCH, TEXT, LIST };

enum { COLUMNS = 80, INDENT = 18 /* of a synopsis that goes on */ };
enum { LIMIT_DIGITS = 9 };

struct option_row {
	const char *name;
	char letter; /* 0: there is no short form */
	enum kind kind;
	size_t offset; /* of its field in struct cli */
	uint64_t bit;  /* OPTION_* */
	const char *value;
	const char *help;
};

#define FIELD(member) offsetof(struct cli, member)

static const struct option_row rows[] = {
	{"all", 'a', SWITCH, FIELD(all), OPTION_ALL, "",
	 "what is over, too; unban: all in a prefix or jail"},
	{"active", 0, SWITCH, FIELD(active), OPTION_ACTIVE, "",
	 "only bans that run, which is the default"},
	{"kernel", 0, SWITCH, FIELD(kernel), OPTION_KERNEL, "",
	 "also what the kernel's sets hold though no ban wants it"},
	{"jail", 0, TEXT, FIELD(jail), OPTION_JAIL, " NAME", "only this jail"},
	{"for", 0, TEXT, FIELD(duration), OPTION_FOR, " DURATION",
	 "90s, 15m, 48h, 8d or forever"},
	{"reason", 0, TEXT, FIELD(reason), OPTION_REASON, " TEXT",
	 "kept in the record"},
	{"force", 0, SWITCH, FIELD(force), OPTION_FORCE, "",
	 "even if the address is exempt, or the prefix wide"},
	{"filter", 0, LIST, FIELD(filter), OPTION_FILTER, " FILTER",
	 "name or path, perhaps with [mode=...]; may be repeated"},
	{"policy", 0, LIST, FIELD(policy), OPTION_POLICY, " POLICY",
	 "parameters of a jail; twice: both, side by side"},
	{"path", 0, LIST, FIELD(path), OPTION_PATH, " DIRECTORY",
	 "look for filters there; may be repeated"},
	{"strike", 0, TEXT, FIELD(strike), OPTION_STRIKE, " N",
	 "of that strike or a higher one"},
	{"network", 0, TEXT, FIELD(network), OPTION_NETWORK, " PREFIX",
	 "inside it, or around it"},
	{"user", 0, TEXT, FIELD(user), OPTION_USER, " USER",
	 "of addresses that have failed for that account"},
	{"ground", 0, TEXT, FIELD(ground), OPTION_GROUND, " WORD",
	 "count, account, trap, network, breach, person or found"},
	{"sort", 0, TEXT, FIELD(sort), OPTION_SORT, " WORD",
	 "newest, oldest, address, strike, until or packets"},
	{"since", 0, TEXT, FIELD(since), OPTION_SINCE, " WHEN",
	 "7d back from now, or 2026-11-20, or \"2026-11-20 14:30\""},
	{"before", 0, TEXT, FIELD(before), OPTION_BEFORE, " WHEN",
	 "only what is older: 90d, or 2026-11-20"},
	{"keep", 0, TEXT, FIELD(keep), OPTION_KEEP, " N",
	 "remove all but the N newest"},
	{"from", 0, TEXT, FIELD(from), OPTION_FROM, " KIND",
	 "what the file is: fail2ban, saslfail, csv, json or list"},
	{"zone", 0, TEXT, FIELD(zone), OPTION_ZONE, " ZONE",
	 "of times without one: Europe/Berlin, UTC, or local"},
	{"jail-local", 0, SWITCH, FIELD(jail_local), OPTION_JAIL_LOCAL, "",
	 "print what fail2ban's jails would be here"},
	{"limit", 0, TEXT, FIELD(limit), OPTION_LIMIT, " N",
	 "so many at most; 0: all"},
	{"by", 0, TEXT, FIELD(by), OPTION_BY, " WHAT",
	 "summary, date, ip, network, account, strike or service"},
	{"format", 0, TEXT, FIELD(format), OPTION_FORMAT, " NAME",
	 "text, md, csv, json or html; of export: list, csv, md,\n"
	 "                        json, ipset, nft or postfix"},
	{"output", 0, TEXT, FIELD(to), OPTION_OUTPUT, " FILE",
	 "written there, when it is complete"},
	{"dry-run", 0, SWITCH, FIELD(dry_run), OPTION_DRY_RUN, "",
	 "say what would be done, and do nothing"},
	{"yes", 0, SWITCH, FIELD(yes), OPTION_YES, "", "ask nothing"},
	{"file", 0, TEXT, FIELD(list), OPTION_FILE, " FILE",
	 "those that stand in it, one a line; - is standard input"},
	{"watch", 0, SWITCH, FIELD(watch), OPTION_WATCH, "",
	 "again every 5 seconds, or as many as are given"},
	{"explain", 0, TEXT, FIELD(explain), OPTION_EXPLAIN, " LINE",
	 "how the rules were tried on this line"},
	{"verbose", 'v', SWITCH, FIELD(verbose), OPTION_VERBOSE, "",
	 "more of it"},
	{"csv", 0, SWITCH, FIELD(csv), OPTION_CSV, "",
	 "comma-separated values, for a spreadsheet"},
	{"database", 'd', TEXT, FIELD(database), OPTION_COMMON, " PATH",
	 "instead of " CLI_DATABASE},
	{"json", 'j', SWITCH, FIELD(json), OPTION_COMMON, "",
	 "one JSON document on standard output"},
	{"help", 'h', SWITCH, FIELD(help), OPTION_COMMON, "", "this help"},
	{"version", 'V', SWITCH, FIELD(version), OPTION_COMMON, "",
	 "the version"},
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	LONG_BASE = 256,  /* getopt's code for the row 0 */
	OPERAND_CODE = 1, /* what getopt calls a word in its place */
};

/* getopt's two forms of the table. The leading `-` makes words come in their
 * places, so that options may follow them whatever POSIXLY_CORRECT says; the
 * `:` leaves the error messages to us. */
static void describe(struct option longs[ROWS + 1], char shorts[2 * ROWS + 3])
{
	memset(longs, 0, (ROWS + 1) * sizeof(longs[0]));
	*shorts++ = '-';
	*shorts++ = ':';
	for (int i = 0; i < ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].kind == SWITCH ? no_argument
							  : required_argument;
		longs[i].val = LONG_BASE + i;
		if (rows[i].letter != 0)
			*shorts++ = rows[i].letter;
		if (rows[i].letter != 0 && rows[i].kind != SWITCH)
			*shorts++ = ':';
	}
	*shorts = '\0';
}

static const struct option_row *row_of(int code)
{
	for (int i = 0; i < ROWS; i++)
		if (code == LONG_BASE + i ||
		    (rows[i].letter != 0 && code == rows[i].letter))
			return &rows[i];
	return NULL;
}

static enum status take_option(struct cli *c, const struct option_row *row,
			       const char *value)
{
	void *field = (char *)c + row->offset;
	struct cli_list *list = field;

	c->given |= row->bit;
	switch (row->kind) {
	case SWITCH:
		*(bool *)field = true;
		break;
	case TEXT:
		*(const char **)field = value;
		break;
	case LIST:
		if (list->n == CLI_LIST)
			return edge_end(STATUS_USAGE,
					"too many '--%s'; allowed: %d",
					row->name, CLI_LIST);
		list->at[list->n++] = value;
		break;
	}
	return STATUS_OK;
}

static enum status take_word(struct cli *c, const char *word)
{
	if (c->words == CLI_OPERANDS)
		return edge_end(STATUS_USAGE, "too many words: '%s'", word);
	c->word[c->words++] = word;
	return STATUS_OK;
}

/* getopt could not make sense of the word before optind. */
static enum status refuse(int code, char **argv)
{
	const struct option_row *row = row_of(optopt);
	const char *word = argv[optind - 1];

	if (code == ':' && row != NULL)
		return edge_end(STATUS_USAGE, "option '--%s' needs a value:%s",
				row->name, row->value);
	if (row != NULL)
		return edge_end(STATUS_USAGE, "option '--%s' takes no value",
				row->name);
	if (optopt != 0)
		return edge_end(STATUS_USAGE,
				"unknown option '-%c'; saslbanctl --help "
				"lists them",
				optopt);
	return edge_end(STATUS_USAGE,
			"unknown option '%s'; saslbanctl --help lists them",
			word);
}

enum status options_parse(struct cli *c, int argc, char **argv)
{
	struct option longs[ROWS + 1];
	char shorts[2 * ROWS + 3];
	enum status status = STATUS_OK;
	int code;

	describe(longs, shorts);
	while (status == STATUS_OK &&
	       (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == OPERAND_CODE)
			status = take_word(c, optarg);
		else if (code == '?' || code == ':')
			status = refuse(code, argv);
		else
			status = take_option(c, row_of(code), optarg);
	}
	while (status == STATUS_OK && optind < argc)
		status = take_word(c, argv[optind++]);
	return status;
}

enum status options_duration(const struct cli *c, int64_t none, int64_t *out)
{
	const char *text = c->duration;

	*out = none;
	if (text == NULL ||
	    (duration_parse(text, strlen(text), out) == 0 && *out > 0))
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--for '%s' is not allowed; allowed: a duration from "
			"1s, as 90s, 15m, 48h, 8d, 4w, or forever",
			text);
}

enum status options_since(const struct cli *c, int64_t *out)
{
	*out = 0;
	if (c->since == NULL || since_parse(c->since, c->now, out) == 0)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--since '%s' is not allowed; allowed: a duration back "
			"from now, as 90m, 48h, 7d, 4w, or a local date that "
			"is past, as 2026-11-20 or '2026-11-20 14:30'",
			c->since);
}

enum status options_before(const struct cli *c, int64_t none, int64_t *out)
{
	*out = none;
	if (c->before == NULL || since_parse(c->before, c->now, out) == 0)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--before '%s' is not allowed; allowed: a duration "
			"back from now, as 90m, 48h, 7d, 4w, or a local date "
			"that is past, as 2026-11-20 or '2026-11-20 14:30'",
			c->before);
}

enum status options_keep(const struct cli *c, size_t *out)
{
	const char *text = c->keep;
	size_t len = text == NULL ? 0 : strlen(text);

	*out = 0;
	if (text == NULL)
		return STATUS_OK;
	if (len > 0 && len <= 3 && strspn(text, "0123456789") == len)
		*out = strtoul(text, NULL, 10);
	if (*out > 0)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--keep '%s' is not allowed; allowed: 1 to 999", text);
}

enum status options_limit(const struct cli *c, size_t none, size_t *out)
{
	const char *text = c->limit;
	size_t len = text == NULL ? 0 : strlen(text);

	*out = none;
	if (text == NULL)
		return STATUS_OK;
	if (len == 0 || len > LIMIT_DIGITS || strspn(text, "0123456789") != len)
		return edge_end(STATUS_USAGE,
				"--limit '%s' is not allowed; allowed: a "
				"number up to 999999999, or 0 for all",
				text);
	*out = strtoul(text, NULL, 10);
	return STATUS_OK;
}

const char *options_name(uint64_t options)
{
	for (int i = 0; i < ROWS; i++)
		if ((rows[i].bit & options) != 0)
			return rows[i].name;
	return "";
}

/* One more word of the line, which breaks where it would be too long. */
static int put_word(FILE *file, const char *word, int column)
{
	int len = (int)strlen(word);

	if (column + 1 + len > COLUMNS)
		column = fprintf(file, "\n%*s", INDENT - 1, "") - 1;
	fprintf(file, " %s", word);
	return column + 1 + len;
}

void options_synopsis(FILE *file, uint64_t options, int column)
{
	char word[64];

	for (int i = 0; i < ROWS; i++) {
		if ((rows[i].bit & options) == 0)
			continue;
		snprintf(word, sizeof(word), "[--%s%s]", rows[i].name,
			 rows[i].value);
		column = put_word(file, word, column);
	}
	if ((options & OPTION_NO_JSON) == 0)
		put_word(file, "[--json]", column);
}

static bool takes(uint64_t options, const struct option_row *r)
{
	if (r->letter == 'j' && (options & OPTION_NO_JSON) != 0)
		return false;
	return r->bit == OPTION_COMMON || (r->bit & options) != 0;
}

void options_help(FILE *file, uint64_t options)
{
	char left[64];

	for (int i = 0; i < ROWS; i++) {
		const struct option_row *r = &rows[i];

		if (!takes(options, r))
			continue;
		if (r->letter != 0)
			snprintf(left, sizeof(left), "-%c, --%s%s", r->letter,
				 r->name, r->value);
		else
			snprintf(left, sizeof(left), "    --%s%s", r->name,
				 r->value);
		fprintf(file, "  %-21s %s\n", left, r->help);
	}
}
