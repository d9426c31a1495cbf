/* siphash: see saslban/siphash.h. */
#include "saslban/siphash.h"

#include <string.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

/* Bytes are taken as they lie in memory: a hash is compared with those of the
 * same machine alone. */
static uint64_t word(const unsigned char *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n);
	return w;
}

static void mix(struct state *s, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++) {
		s->v0 += s->v1;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v3;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 += s->v3;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 += s->v1;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v2 = rotate(s->v2, 32);
	}
}

static void take(struct state *s, uint64_t w)
{
	s->v3 ^= w;
	mix(s, 2);
	s->v0 ^= w;
}

uint64_t siphash(const struct siphash_key *key, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t last = (uint64_t)len << 56;
	struct state s = {key->half[0] ^ 0x736f6d6570736575,
			  key->half[1] ^ 0x646f72616e646f6d,
			  key->half[0] ^ 0x6c7967656e657261,
			  key->half[1] ^ 0x7465646279746573};

	for (; len >= 8; p += 8, len -= 8)
		take(&s, word(p, 8));
	take(&s, last | word(p, len));
	s.v2 ^= 0xff;
	mix(&s, 4);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
