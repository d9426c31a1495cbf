/* name: see name.h. */
#include "name.h"

#include <string.h>

#include "saslban/sighting.h"

/* Only ASCII: what else a server folds is its own business. */
static size_t fold(const char *user, char out[SIGHTING_USER])
{
	size_t n = 0;

	for (; n < SIGHTING_USER && user[n] != '\0'; n++) {
		char c = user[n];

		out[n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return n;
}

struct name name_read(const struct siphash_key *key, const char *user)
{
	char text[SIGHTING_USER];
	size_t n = fold(user, text);
	const char *at = memchr(text, '@', n);
	size_t local = at == NULL ? n : (size_t)(at - text);

	if (n == 0)
		return (struct name){0};
	return (struct name){.whole = siphash(key, text, n),
			     .local = siphash(key, text, local),
			     .domain = at != NULL};
}

bool name_same(const struct name *a, const struct name *b)
{
	if (a->whole == 0 || b->whole == 0)
		return false;
	if (a->domain == b->domain)
		return a->whole == b->whole;
	return a->local == b->local;
}
