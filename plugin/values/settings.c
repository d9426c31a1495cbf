/*
 * settings: see saslban/settings.h.
 *
 * The table is everything: a row names a parameter, the field it fills, its
 * limits and its default; a kind (settings_kind.c) knows how to read and to
 * write one value. A new parameter is a row, a field and a manual entry.
 */
#include "saslban/settings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "saslban/duration.h"
#include "settings_joined.h"
#include "settings_kind.h"

#define FIELD(member) offsetof(struct settings, member)
#define SET_CHARS "letters, digits, _ . : -"
#define RULESET \
	"the name of a ruleset, up to 127 printable characters; empty: none"

_Static_assert(SETTINGS_ROWS <= 64, "a bit of `given` for each row");

const struct settings_row settings_table[SETTINGS_ROWS + 1] = {
	{"name", &settings_name, FIELD(name), 1, SETTINGS_NAME - 1,
	 "1 to 31 of " SET_CHARS, "sasl"},
	{"filter", &settings_filter, 0, 1, SETTINGS_FILTERS,
	 "1 to 16 filters: a name, name[mode=...] or a path",
	 "postfix dovecot"},
	{"filter.path", &settings_dir, 0, 1, SETTINGS_DIRS,
	 "1 to 4 absolute paths of directories, up to 255 characters each",
	 SASLBAN_ETC_FILTERS " " SASLBAN_FILTERS},
	{"maxretry", &settings_number, FIELD(policy.maxretry), 1, 1000000,
	 "a number from 1 to 1000000", "6"},
	{"findtime", &settings_duration, FIELD(policy.findtime), 1,
	 DURATION_MAX,
	 "a duration from 1s to 100 years, as 90s, 15m, 48h, 8d, 4w", "1d"},
	{"bantime", &settings_ladder, 0, 1, POLICY_LADDER,
	 "1 to 32 durations from 1s, or forever", "1h 48h 8d 32d"},
	{"bantime.factor", &settings_number, FIELD(policy.factor), 1, 1000,
	 "a number from 1 to 1000", "1"},
	{"bantime.max", &settings_duration, FIELD(policy.longest), 1,
	 DURATION_FOREVER, "a duration from 1s, or forever", "forever"},
	{"forget", &settings_duration, FIELD(policy.forget), 0,
	 DURATION_FOREVER, "a duration; 0 or forever: strikes never fade",
	 "32d"},
	{"known.maxretry", &settings_number, FIELD(policy.known_maxretry), 0,
	 10000, "a number from 1 to 10000; 0: customers are nothing special",
	 "10"},
	{"known.bantime", &settings_duration, FIELD(policy.known_bantime), 0,
	 DURATION_MAX, "a duration; 0: as long as others", "10m"},
	{"known.window", &settings_duration, FIELD(policy.known_window), 0,
	 DURATION_MAX, "a duration; 0: logins are not remembered", "30d"},
	{"repeat.window", &settings_duration, FIELD(policy.repeat_window), 0,
	 DURATION_MAX, "a duration; 0: each try counts", "1d"},
	{"account.hosts", &settings_number, FIELD(policy.account_hosts), 0, 64,
	 "a number from 1 to 64; 0: accounts are not watched", "10"},
	{"account.window", &settings_duration, FIELD(policy.account_window), 1,
	 DURATION_MAX, "a duration from 1s to 100 years", "1d"},
	{"network.hosts", &settings_number, FIELD(policy.network_hosts), 0, 64,
	 "a number from 1 to 64; 0: networks are not banned", "16"},
	{"network.window", &settings_duration, FIELD(policy.network_window), 1,
	 DURATION_MAX, "a duration from 1s to 100 years", "1d"},
	{"network.v4", &settings_number, FIELD(policy.network4), 0, 31,
	 "a prefix length from 8 to 31; 0: none", "24"},
	{"network.v6", &settings_number, FIELD(policy.network6), 0, 127,
	 "a prefix length from 16 to 127; 0: none", "56"},
	{"network.v6.wide", &settings_number, FIELD(policy.network6_wide), 0,
	 127, "a prefix length from 16 to 127; 0: none", "48"},
	{"account.grace", &settings_duration, FIELD(policy.account_grace), 0,
	 3600, "a duration up to 1h; 0: none", "2m"},
	{"trap", &settings_trap, 0, 0, SETTINGS_TRAPS,
	 "up to 64 user names that nobody has, up to 127 characters each",
	 NULL},
	{"trap.hosts", &settings_number, FIELD(policy.trap_hosts), 0, 64,
	 "a number from 1 to 64; 0: only those of trap", "0"},
	{"breaker", &settings_number, FIELD(policy.breaker), 0, 16,
	 "a number from 2 to 16; 0: outages are not noticed", "4"},
	{"breach", &settings_breach, FIELD(policy.breach_ban), 0, 1,
	 "report or ban", "report"},
	{"ignoreip", &settings_ignored, 0, 0, SETTINGS_IGNORED,
	 "up to 256 of: self, an address, address/prefix, a host name, "
	 "file:/PATH",
	 "self"},
	{"prefix.v4", &settings_number, FIELD(prefix4), 8, 32,
	 "a prefix length from 8 to 32", "32"},
	{"prefix.v6", &settings_number, FIELD(prefix6), 16, 128,
	 "a prefix length from 16 to 128", "64"},
	{"set", &settings_set_name, FIELD(set), 1, SETTINGS_SET - 1,
	 "1 to 26 of " SET_CHARS, NULL},
	{"set.create", &settings_switch, FIELD(set_create), 0, 1, "on or off",
	 "on"},
	{"set.max", &settings_number, FIELD(set_max), 1, 16777216,
	 "a number of entries from 1 to 16777216", "4194304"},
	{"database", &settings_path, FIELD(database), 1, SETTINGS_PATH - 1,
	 "the absolute path of a file, up to 1023 characters",
	 "/var/lib/saslban/saslban.db"},
	{"enforce", &settings_switch, FIELD(enforce), 0, 1, "on or off", "on"},
	{"enforcer", &settings_enforcer, FIELD(enforcer), 0, 2,
	 "auto, ipset or nftables", "auto"},
	{"cut", &settings_switch, FIELD(cut), 0, 1, "on or off", "off"},
	{"retain", &settings_duration, FIELD(retain), 3600, DURATION_FOREVER,
	 "a duration from 1h, or forever", "400d"},
	{"origin.uid", &settings_uid, FIELD(origin_uid), 1, SETTINGS_ORIGINS,
	 "1 to 32 of: a user's name, a user's number", NULL},
	{"origin.unit", &settings_unit, FIELD(origin_unit), 1, SETTINGS_ORIGINS,
	 "1 to 32 units of systemd, as dovecot.service", NULL},
	{"origin.from", &settings_from, FIELD(origin_from), 1, SETTINGS_ORIGINS,
	 "1 to 32 of: an address, address/prefix", NULL},
	{"events.ruleset", &settings_ruleset, FIELD(events), 0,
	 SETTINGS_RULESET - 1, RULESET, NULL},
	{"notify.ruleset", &settings_ruleset, FIELD(notify), 0,
	 SETTINGS_RULESET - 1, RULESET, NULL},
	{"notify", &settings_notify, 0, 0, 0,
	 "none, smart, immediate, daily or weekly", "none"},
	{"notify.wait", &settings_duration, FIELD(notify_wait), 1, 86400,
	 "a duration from 1s to 1d", "5m"},
	{"notify.at", &settings_notify_at, 0, 0, 0,
	 "a local time, as 07:30, or a day and a time, as monday 07:30",
	 "07:30"},
	{"notify.max", &settings_number, FIELD(notify_max), 0, 1000,
	 "a number from 1 to 1000; 0: all become one mail", "10"},
	{"notify.template", &settings_notify_template, FIELD(notify_template),
	 1, SETTINGS_PATH - 1,
	 "a path of up to 1023 characters; empty: the built-in one", NULL},
	{"geoip", &settings_geoip, 0, 0, SETTINGS_GEOIPS,
	 "up to 8 absolute paths of files, up to 255 characters each", NULL},
	{NULL, NULL, 0, 0, 0, NULL, NULL},
};

bool settings_is_list(const struct settings_row *row)
{
	return row->kind->clear != NULL;
}

const struct settings_row *settings_find(const char *name)
{
	for (const struct settings_row *r = settings_table; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

/* The default of a list is its entries, split by blanks. */
static void put_default(struct settings *s, const struct settings_row *row)
{
	char text[SETTINGS_ITEM];
	const char *at = row->default_text;
	size_t len;

	if (!settings_is_list(row)) {
		(void)row->kind->put(s, row, at);
		return;
	}
	for (; *at != '\0'; at += len + (at[len] == ' ')) {
		len = strcspn(at, " ");
		snprintf(text, sizeof(text), "%.*s", (int)len, at);
		(void)row->kind->put(s, row, text);
	}
}

void settings_init(struct settings *s)
{
	memset(s, 0, sizeof(*s));
	for (const struct settings_row *r = settings_table; r->name; r++)
		if (r->default_text != NULL)
			put_default(s, r);
}

/* A long value is cut, so that what is allowed still fits the fault. */
static int refuse(const struct settings_row *row, const char *text,
		  struct fault *why)
{
	const int shown = 200;
	bool cut = strlen(text) > (size_t)shown;

	return fault_set(why, FAULT_SETTING,
			 "parameter '%s': '%.*s%s' is not allowed; "
			 "allowed: %s",
			 row->name, shown, text, cut ? "..." : "",
			 row->allowed);
}

int settings_set(struct settings *s, const char *name, const char *text,
		 struct fault *why)
{
	const struct settings_row *row = settings_find(name);
	uint64_t bit;

	if (row == NULL)
		return fault_set(why, FAULT_SETTING, "no parameter '%s'", name);
	bit = UINT64_C(1) << (row - settings_table);
	if (settings_is_list(row) && settings_joined(row, text, why) < 0)
		return -1;
	if (settings_is_list(row) && (s->given & bit) == 0)
		row->kind->clear(s);
	s->given |= bit;
	return row->kind->put(s, row, text) < 0 ? refuse(row, text, why) : 0;
}

int settings_each(const struct settings *s,
		  int (*see)(void *context, const char *name,
			     const char *value),
		  void *context)
{
	char value[SETTINGS_PATH];
	int answer;

	for (const struct settings_row *r = settings_table; r->name; r++)
		for (size_t i = 0;
		     r->kind->get(s, r, i, value, sizeof(value)) == 0; i++)
			if ((answer = see(context, r->name, value)) != 0)
				return answer;
	return 0;
}

bool settings_is_trap(const struct settings *s, const char *user)
{
	size_t local = strcspn(user, "@");

	for (size_t i = 0; i < s->traps; i++)
		if (strcasecmp(s->trap[i], user) == 0 ||
		    (strlen(s->trap[i]) == local &&
		     strncasecmp(s->trap[i], user, local) == 0))
			return true;
	return false;
}

struct address settings_offender(const struct settings *s,
				 const struct address *host)
{
	unsigned prefix = s->prefix6;
	unsigned translated = address_translated(host);

	if (host->family == ADDRESS_V4)
		prefix = s->prefix4;
	else if (translated != 0 && translated + s->prefix4 > prefix)
		prefix = translated + s->prefix4;
	return address_mask(host, prefix);
}
