/*
 * settings: the parameters of one jail, checked as a whole.
 *
 * One table (settings_table) is the single source: the adapter builds
 * rsyslog's parameter list from it, the store keeps the effective values by
 * its names, saslbanctl reads them back, and a test compares it with the
 * manual. Pure: reads no file, looks up no name.
 */
#ifndef SASLBAN_SETTINGS_H
#define SASLBAN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/notice.h"
#include "saslban/policy.h"

#define SETTINGS_NAME 32 /* a jail's name, with NUL */
#define SETTINGS_SET                                                          \
	27                   /* a set's base name, with NUL: the kernel takes \
			      * 31 characters and we add up to 5 (`4.tmp`) */
#define SETTINGS_PATH 1024   /* a path, with NUL */
#define SETTINGS_ITEM 256    /* one entry of a list, with NUL */
#define SETTINGS_FILTERS 16  /* entries of filter */
#define SETTINGS_DIRS 4      /* entries of filter.path */
#define SETTINGS_IGNORED 256 /* entries of ignoreip */
#define SETTINGS_TRAPS 64    /* entries of trap */
#define SETTINGS_ORIGINS 32  /* entries of each of origin.* */
#define SETTINGS_RULESET 128 /* a ruleset's name, with NUL */
#define SETTINGS_GEOIPS 8    /* entries of geoip */
#define SETTINGS_ROWS 48     /* parameters */

/* What carries the bans out; SETTINGS_AUTO: ipset where the kernel has it, else
 * nftables. */
enum settings_enforcer { SETTINGS_AUTO, SETTINGS_IPSET, SETTINGS_NFTABLES };

struct settings_list {
	char entry[SETTINGS_ORIGINS][SETTINGS_ITEM];
	size_t entries;
};

struct settings {
	char name[SETTINGS_NAME];
	char filter[SETTINGS_FILTERS][SETTINGS_ITEM];
	size_t filters;
	char dir[SETTINGS_DIRS][SETTINGS_ITEM];
	size_t dirs;
	struct policy policy;
	char ignored[SETTINGS_IGNORED][SETTINGS_ITEM];
	size_t ignoreds;
	char trap[SETTINGS_TRAPS][SETTINGS_ITEM];
	size_t traps;
	unsigned prefix4; /* what one offender is: 8..32 */
	unsigned prefix6; /* 16..128 */
	char set[SETTINGS_SET];
	bool set_create;  /* false: sets are somebody else's to create */
	unsigned set_max; /* entries; a set is not made larger than this */
	char database[SETTINGS_PATH];
	bool enforce;      /* false = observe */
	unsigned enforcer; /* enum settings_enforcer */
	bool cut;          /* end open connections of who is banned */
	int64_t retain;    /* failures are kept so long; may be FOREVER */
	/* Who may write lines that count; an empty list is not asked. */
	struct settings_list origin_uid;  /* names and numbers of users */
	struct settings_list origin_unit; /* of systemd */
	struct settings_list origin_from; /* addresses of senders */
	/* The rulesets that get events and mails to send; empty: none. */
	char events[SETTINGS_RULESET];
	char notify[SETTINGS_RULESET];
	unsigned notify_mode; /* enum notify_mode */
	int64_t notify_wait;  /* seconds */
	struct schedule notify_at;
	unsigned notify_max;                 /* mails in notify_wait */
	char notify_template[SETTINGS_PATH]; /* empty: the built-in one */
	char geoip[SETTINGS_GEOIPS][SETTINGS_ITEM]; /* files */
	size_t geoips;
	uint64_t given; /* a bit per row of the table: it was set by hand */
};

struct settings_kind; /* how a value is read, checked and written */

struct settings_row {
	const char *name; /* lower case, as in the action stanza */
	const struct settings_kind *kind;
	size_t offset;            /* of its field in struct settings */
	int64_t min;              /* numbers and durations; characters */
	int64_t max;              /* the same; entries of a list */
	const char *allowed;      /* for messages and the manual */
	const char *default_text; /* entries are split by a blank; NULL:
				   * none */
};

/* The table; ends with a row whose name is NULL. */
extern const struct settings_row settings_table[SETTINGS_ROWS + 1];

/* An entry of ignoreip that names a file of further ones begins so. */
#define SETTINGS_FILE "file:"

/* The path behind it; NULL: it is another kind of entry. */
const char *settings_ignored_file(const char *entry);

/* True for what may be a host name: of letters, digits, - and _, and no
 * mistyped address. */
bool settings_is_host_name(const char *text);

/* `IPv4` or `IPv6`, when every public address of that family lies in one of the
 * n prefixes, so that nobody of it could be banned; NULL. */
const char *settings_everybody(const struct address *by, size_t n);

/* True when the parameter takes an array. */
bool settings_is_list(const struct settings_row *row);

/* True when nft can read the name of a set: it has no colon, and begins with a
 * letter, _ or a dot. */
bool settings_is_nft_name(const char *set);

/* The row of that name, or NULL. */
const struct settings_row *settings_find(const char *name);

/* Every parameter at its default. */
void settings_init(struct settings *s);

/* Set one parameter from text. A list is set entry by entry: the first call
 * for a list replaces its default, further ones append. Returns -1 with
 * FAULT_SETTING and `name 'value': what is wrong; allowed: ...`. */
int settings_set(struct settings *s, const char *name, const char *text,
		 struct fault *why);

/* After the last settings_set: what one parameter says about another, and
 * the values that depend on others (the set's name). */
int settings_check(struct settings *s, struct fault *why);

/* The effective value(s) as text that settings_set takes back. Calls see once
 * per entry; a non-zero answer stops and is returned. */
int settings_each(const struct settings *s,
		  int (*see)(void *context, const char *name,
			     const char *value),
		  void *context);

/* True when the list `trap` has the user, with or without a domain. */
bool settings_is_trap(const struct settings *s, const char *user);

/* What one host stands for: its address cut to the jail's prefix; less is cut
 * where a /64 is not one customer's (address_translated). Who is banned for
 * it is exempt_offender's to say. */
struct address settings_offender(const struct settings *s,
				 const struct address *host);

#endif
