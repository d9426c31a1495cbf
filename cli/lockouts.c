/* lockouts: see lockouts.h. */
#include "lockouts.h"

#include <string.h>

void lockouts_close(struct lockouts *l)
{
	keymap_close(&l->users);
	keymap_close(&l->hosts);
	keymap_close(&l->pairs);
}

int lockouts_add(struct lockouts *l, const struct sighting *s,
		 const struct address *ban)
{
	uint64_t user = siphash(&l->key, s->user, strlen(s->user));
	uint64_t host = siphash(&l->key, &s->address, sizeof(s->address));
	const uint64_t both[] = {user, host};
	uint64_t pair = siphash(&l->key, both, sizeof(both));
	struct lockout *shown = &l->shown[l->n];
	size_t unused;

	l->logins++;
	if (keymap_get(&l->pairs, pair, &unused))
		return 0;
	if (l->n < LOCKOUTS_SHOWN) {
		shown->at = s->reported;
		memcpy(shown->user, s->user, sizeof(shown->user));
		shown->host = s->address;
		shown->ban = *ban;
		l->n++;
	}
	if (keymap_put(&l->users, user, 0) < 0 ||
	    keymap_put(&l->hosts, host, 0) < 0)
		return -1;
	return keymap_put(&l->pairs, pair, 0);
}
