/* shares: see shares.h. */
#include "shares.h"

#include <stdlib.h>
#include <string.h>

int shares_open(struct shares *s, const struct siphash_key *key)
{
	s->key = *key;
	s->held[0] = calloc(2 * (size_t)SHARES_ROW, sizeof(*s->held[0]));
	if (s->held[0] == NULL)
		return -1;
	s->held[1] = s->held[0] + SHARES_ROW;
	return 0;
}

void shares_close(struct shares *s)
{
	free(s->held[0]);
}

struct share share_of(const struct shares *s, enum sighting_kind kind,
		      const struct address *who)
{
	uint8_t text[3 + sizeof(who->bytes)] = {(uint8_t)kind, who->family,
						who->prefix};
	size_t len = sizeof(text);
	uint64_t hash;

	if (who->family == ADDRESS_V4) /* the others are zero */
		len = 3 + 4;
	memcpy(text + 3, who->bytes, sizeof(who->bytes));
	hash = siphash(&s->key, text, len);
	return (struct share){{(uint16_t)(hash % SHARES_ROW),
			       (uint16_t)((hash >> 32) % SHARES_ROW)}};
}

uint32_t share_held(const struct shares *s, struct share at)
{
	uint32_t a = s->held[0][at.at[0]];
	uint32_t b = s->held[1][at.at[1]];

	return a < b ? a : b;
}

void share_add(struct shares *s, struct share at)
{
	s->held[0][at.at[0]]++;
	s->held[1][at.at[1]]++;
}

void share_remove(struct shares *s, struct share at)
{
	s->held[0][at.at[0]]--;
	s->held[1][at.at[1]]--;
}
