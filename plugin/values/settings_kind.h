/*
 * settings_kind: how one kind of parameter is read and written.
 *
 * Seen by settings.c (the table) and the other settings_*.c only.
 */
#ifndef SASLBAN_SETTINGS_KIND_H
#define SASLBAN_SETTINGS_KIND_H

#include "saslban/settings.h"

struct settings_kind {
	/* Take a value; a list takes one entry more. -1: not allowed. */
	int (*put)(struct settings *s, const struct settings_row *row,
		   const char *text);
	/* Write value number `entry` to buf; -1 past the last one. */
	int (*get)(const struct settings *s, const struct settings_row *row,
		   size_t entry, char *buf, size_t size);
	/* Lists only: forget all entries. */
	void (*clear)(struct settings *s);
};

extern const struct settings_kind settings_name, settings_set_name,
	settings_path, settings_switch, settings_number, settings_duration,
	settings_filter, settings_dir, settings_ladder, settings_ignored,
	settings_trap, settings_breach, settings_enforcer, settings_uid,
	settings_unit, settings_from, settings_ruleset, settings_notify,
	settings_notify_at, settings_notify_template, settings_geoip;

/* What enforcer says about set, when both are known. */
int settings_check_enforcer(const struct settings *s, struct fault *why);

/* What notify says about the others; a weekly mail without a day is Monday's.
 */
int settings_check_notify(struct settings *s, struct fault *why);

#endif
