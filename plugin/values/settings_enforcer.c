/* settings_enforcer: the values of `enforcer`, and what they ask of `set`. */
#include "settings_kind.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	[SETTINGS_AUTO] = "auto",
	[SETTINGS_IPSET] = "ipset",
	[SETTINGS_NFTABLES] = "nftables",
};

static int put_enforcer(struct settings *s, const struct settings_row *row,
			const char *text)
{
	(void)row;
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		s->enforcer = i;
		return 0;
	}
	return -1;
}

static int get_enforcer(const struct settings *s,
			const struct settings_row *row, size_t entry, char *buf,
			size_t size)
{
	(void)row;
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s", words[s->enforcer]);
	return 0;
}

const struct settings_kind settings_enforcer = {put_enforcer, get_enforcer,
						NULL};

/* As nft reads a name; how long it may be and of what the kernel's sets are
 * made is settled already. */
bool settings_is_nft_name(const char *set)
{
	return set[0] != '\0' && strchr("0123456789-", set[0]) == NULL &&
	       strchr(set, ':') == NULL;
}

int settings_check_enforcer(const struct settings *s, struct fault *why)
{
	if (s->enforcer != SETTINGS_NFTABLES || settings_is_nft_name(s->set))
		return 0;
	return fault_set(why, FAULT_SETTING,
			 "parameter 'set': '%s' is not allowed with enforcer "
			 "'nftables'; allowed: a letter, _ or . and then "
			 "letters, digits, _ . -",
			 s->set);
}
