/*
 * search: is a literal in a text?
 *
 * Nearly always it is not, and nearly always one byte shows that: the literal's
 * byte that log lines have most seldom. memchr looks for that one; only where
 * it stands the rest is compared. A text that has it too often, as a sender
 * may have made it, is memmem's.
 */
#include "literal.h"

#include <string.h>

enum { TRIES = 16 };

/* The bytes of mail logs, the most common ones first. Others are rare. */
static const char common[] = " enaot1i0.srAlc:ud2=Bhm5fp9L8,3gQbw][)(S7kv4-6_>"
			     "<Ix/PNTGyMOECDqUHR?K";

static size_t commonness(char c)
{
	const char *at = memchr(common, c, sizeof(common) - 1);

	return at == NULL ? 0 : sizeof(common) - (size_t)(at - common);
}

void literal_index(struct literal *l)
{
	l->rare = 0;
	for (size_t i = 1; i < l->len; i++)
		if (commonness(l->at[i]) < commonness(l->at[l->rare]))
			l->rare = i;
}

bool literal_in(const struct literal *l, struct slice text)
{
	const char *at = text.at, *end = text.at + text.len;

	for (int i = 0; (size_t)(end - at) >= l->len; i++) {
		if (i == TRIES)
			return memmem(at, (size_t)(end - at), l->at, l->len) !=
			       NULL;
		/* The first place is rare bytes behind at, the last one as
		 * many before the end as the literal has behind its own. */
		at = memchr(at + l->rare, l->at[l->rare],
			    (size_t)(end - at) - l->len + 1);
		if (at == NULL)
			return false;
		at -= l->rare;
		if (memcmp(at, l->at, l->len) == 0)
			return true;
		at++;
	}
	return false;
}
