/* sentence: what exempt.h answers, in words. */
#include "saslban/exempt.h"

#include <stdio.h>

const char *exempt_word(enum exempt_kind kind)
{
	static const char *const words[] = {
		[EXEMPT_NOT] = "not",         [EXEMPT_SPECIAL] = "special",
		[EXEMPT_ADDRESS] = "address", [EXEMPT_SELF] = "self",
		[EXEMPT_GATEWAY] = "gateway", [EXEMPT_HOSTNAME] = "hostname",
		[EXEMPT_FILE] = "file",       [EXEMPT_ALLOW] = "allow",
	};

	_Static_assert(sizeof(words) / sizeof(words[0]) == EXEMPT_ALLOW + 1,
		       "a word for each kind");
	return words[kind];
}

char *exempt_print(const struct exempt_reason *why, char buf[EXEMPT_TEXT])
{
	char address[ADDRESS_TEXT];
	char it[ADDRESS_TEXT + sizeof(" in it")] = "it";
	const char *entry = why->entry;
	const char *source = why->file == NULL ? "ignoreip" : why->file;
	const char *comment = why->allow == NULL ? "" : why->allow->comment;

	if (why->part)
		snprintf(it, sizeof(it), "%s in it",
			 address_print(&why->address, address));
	switch (why->kind) {
	case EXEMPT_NOT:
		snprintf(buf, EXEMPT_TEXT, "it is not exempt");
		break;
	case EXEMPT_SPECIAL:
		snprintf(buf, EXEMPT_TEXT, "%s is %s: never banned", it, entry);
		break;
	case EXEMPT_ADDRESS:
	case EXEMPT_FILE:
		snprintf(buf, EXEMPT_TEXT, "%s has '%s'%s", source, entry,
			 why->part ? ", which is in it" : "");
		break;
	case EXEMPT_ALLOW:
		snprintf(buf, EXEMPT_TEXT, "the allow list has '%s'%s%s%s%s",
			 address_print(&why->address, address),
			 comment[0] == '\0' ? "" : " (", comment,
			 comment[0] == '\0' ? "" : ")",
			 why->part ? ", which is in it" : "");
		break;
	case EXEMPT_SELF:
		snprintf(buf, EXEMPT_TEXT,
			 "%s is this machine's own address ('%s')", it, entry);
		break;
	case EXEMPT_GATEWAY:
		snprintf(buf, EXEMPT_TEXT, "%s is the default gateway ('%s')",
			 it, entry);
		break;
	case EXEMPT_HOSTNAME:
		snprintf(buf, EXEMPT_TEXT, "%s is '%s' (%s)", it, entry,
			 source);
		break;
	}
	return buf;
}

const char *exempt_name_word(enum exempt_name_state state)
{
	static const char *const words[] = {
		[EXEMPT_NAME_UNKNOWN] = "unknown",
		[EXEMPT_NAME_RESOLVED] = "resolved",
		[EXEMPT_NAME_KEPT] = "kept",
	};

	_Static_assert(sizeof(words) / sizeof(words[0]) == EXEMPT_NAME_KEPT + 1,
		       "a word for each state");
	return words[state];
}
