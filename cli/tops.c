/* tops: see tops.h. */
#include "tops.h"

#include <string.h>

#include "geography.h"

static int64_t jail_of(const struct survey *s)
{
	return s->jail == NULL ? 0 : s->jail->id;
}

/* Where it is, if that is wanted, and what the store knows of it beyond the
 * sums; nothing of what is no address. */
static int standing(struct sheet *sheet, const struct survey *s,
		    const struct group *g, struct ranking_standing *out,
		    struct fault *why)
{
	struct address a = {.family = ADDRESS_NONE};
	bool known = address_parse(g->name, strlen(g->name), &a) == 0;

	*out = (struct ranking_standing){0};
	geography_sheet(sheet, s->session->geo, &a);
	if (!known)
		return 0;
	return ranking_standing(s->session->store, jail_of(s), &a, s->since,
				s->now, out, why);
}

/* ---- addresses and networks ---- */

/* Of both, but for two of them: how many are meant, and what came of it. */
#define ATTACKER_COLUMNS(many, Many, came, Came, narrow)       \
	{"attempts", "Attempts", SHEET_NUMBER, 0, 0, false},   \
		{many, Many, SHEET_NUMBER, 0, 0, false},       \
		{"bans", "Bans", SHEET_NUMBER, 0, 0, false},   \
		{came, Came, SHEET_NUMBER, 0, narrow, false},  \
		{"banned", "Banned", SHEET_FLAG, 0, 0, false}, \
		{"first", "First", SHEET_TIME, 0, 1, false},   \
		{"last", "Last", SHEET_TIME, 0, 0, false},     \
	{                                                      \
		NULL, NULL, SHEET_TEXT, 0, 0, false            \
	}
#define ADDRESS_COLUMNS \
	ATTACKER_COLUMNS("accounts", "Accounts", "strike", "Strike", 2)
#define NETWORK_COLUMNS \
	ATTACKER_COLUMNS("addresses", "Addresses", "running", "Running", 0)

static const struct sheet_column address_columns[] = {
	{"address", "Address", SHEET_TEXT, 0, 0, false}, ADDRESS_COLUMNS};
static const struct sheet_column address_placed[] = {
	{"address", "Address", SHEET_TEXT, 0, 0, false},
	GEOGRAPHY_SHEET,
	ADDRESS_COLUMNS};
static const struct sheet_column network_columns[] = {
	{"network", "Network", SHEET_TEXT, 0, 0, false}, NETWORK_COLUMNS};
static const struct sheet_column network_placed[] = {
	{"network", "Network", SHEET_TEXT, 0, 0, false},
	GEOGRAPHY_SHEET,
	NETWORK_COLUMNS};

static int attacker_row(struct sheet *sheet, const struct survey *s,
			const struct group *g, bool network, struct fault *why)
{
	struct ranking_standing at;

	if (standing(sheet, s, g, &at, why) < 0)
		return -1;
	sheet_number(sheet, g->attempts);
	sheet_number(sheet, (int64_t)(network ? g->addresses : g->accounts));
	sheet_number(sheet, at.bans);
	if (network)
		sheet_number(sheet, at.inside);
	else if (at.strike == 0)
		sheet_none(sheet);
	else
		sheet_number(sheet, at.strike);
	sheet_flag(sheet, at.covered);
	sheet_time(sheet, g->first);
	sheet_time(sheet, g->last);
	return 0;
}

static int address_row(struct sheet *sheet, const struct survey *s,
		       const struct group *g, struct fault *why)
{
	return attacker_row(sheet, s, g, false, why);
}

static int network_row(struct sheet *sheet, const struct survey *s,
		       const struct group *g, struct fault *why)
{
	return attacker_row(sheet, s, g, true, why);
}

/* ---- accounts ---- */

static const struct sheet_column account_columns[] = {
	{"account", "Account", SHEET_TEXT, 16, 0, false},
	{"attempts", "Attempts", SHEET_NUMBER, 0, 0, false},
	{"addresses", "Addresses", SHEET_NUMBER, 0, 0, false},
	{"logins", "Logins", SHEET_NUMBER, 0, 2, false},
	{"breaches", "Breaches", SHEET_NUMBER, 0, 0, false},
	{"first", "First", SHEET_TIME, 0, 1, false},
	{"last", "Last", SHEET_TIME, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static int account_row(struct sheet *sheet, const struct survey *s,
		       const struct group *g, struct fault *why)
{
	int64_t logins, breaches;

	if (ranking_account(s->session->store, jail_of(s), g->name, s->since,
			    &logins, &breaches, why) < 0)
		return -1;
	sheet_number(sheet, g->attempts);
	sheet_number(sheet, (int64_t)g->addresses);
	sheet_number(sheet, logins);
	sheet_number(sheet, breaches);
	sheet_time(sheet, g->first);
	sheet_time(sheet, g->last);
	return 0;
}

/* ---- services and rules ---- */

static const struct sheet_column service_columns[] = {
	{"service", "Service", SHEET_TEXT, 0, 0, false},
	{"attempts", "Attempts", SHEET_NUMBER, 0, 0, false},
	{"addresses", "Addresses", SHEET_NUMBER, 0, 0, false},
	{"accounts", "Accounts", SHEET_NUMBER, 0, 0, false},
	{"first", "First", SHEET_TIME, 0, 1, false},
	{"last", "Last", SHEET_TIME, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static const struct sheet_column rule_columns[] = {
	{"rule", "Rule", SHEET_TEXT, 0, 0, false},
	{"attempts", "Attempts", SHEET_NUMBER, 0, 0, false},
	{"addresses", "Addresses", SHEET_NUMBER, 0, 0, false},
	{"accounts", "Accounts", SHEET_NUMBER, 0, 0, false},
	{"first", "First", SHEET_TIME, 0, 1, false},
	{"last", "Last", SHEET_TIME, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static int word_row(struct sheet *sheet, const struct survey *s,
		    const struct group *g, struct fault *why)
{
	(void)s;
	(void)why;
	sheet_number(sheet, g->attempts);
	sheet_number(sheet, (int64_t)g->addresses);
	sheet_number(sheet, (int64_t)g->accounts);
	sheet_time(sheet, g->first);
	sheet_time(sheet, g->last);
	return 0;
}

const struct tops_kind tops_kinds[] = {
	{"addresses", "Addresses", SURVEY_ADDRESSES, address_columns,
	 address_placed, offsetof(struct survey, address), address_row},
	{"networks", "Networks", SURVEY_NETWORKS, network_columns,
	 network_placed, offsetof(struct survey, network), network_row},
	{"accounts", "Accounts", SURVEY_ACCOUNTS, account_columns, NULL,
	 offsetof(struct survey, account), account_row},
	{"services", "Services", SURVEY_SERVICES, service_columns, NULL,
	 offsetof(struct survey, service), word_row},
	{"rules", "Rules", SURVEY_RULES, rule_columns, NULL,
	 offsetof(struct survey, rule), word_row},
	{.word = NULL},
};

const struct tops_kind *tops_kind(const char *word)
{
	const struct tops_kind *k = tops_kinds;

	while (k->word != NULL && strcmp(k->word, word) != 0)
		k++;
	return k;
}

int tops_sheet(const struct survey *s, const struct tops_kind *kind, size_t n,
	       struct sheet **out, struct fault *why)
{
	const struct groups *g = (const void *)((const char *)s + kind->groups);

	bool placed = kind->placed != NULL && s->session->geo != NULL;

	*out = sheet_open(kind->word, kind->title,
			  placed ? kind->placed : kind->columns);
	if (*out == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < g->n && (n == 0 || i < n); i++) {
		sheet_text(*out, g->at[i].name);
		if (kind->row(*out, s, &g->at[i], why) < 0)
			return -1;
	}
	return 0;
}
