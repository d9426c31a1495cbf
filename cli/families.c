/* families: see families.h. */
#include "families.h"

#include <string.h>

static bool has_word(const char *text, const char *word)
{
	static const char blank[] = " \t\r\n";
	size_t n = strlen(word);

	for (text += strspn(text, blank); *text != '\0';
	     text += strspn(text, blank)) {
		size_t len = strcspn(text, blank);

		if (len == n && memcmp(text, word, n) == 0)
			return true;
		text += len;
	}
	return false;
}

bool families_allow_netlink(const char *text)
{
	text += strspn(text, " \t\r\n");
	if (*text == '\0')
		return true;
	if (*text == '~')
		return !has_word(text + 1, "AF_NETLINK");
	return has_word(text, "AF_NETLINK");
}
