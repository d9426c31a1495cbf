/*
 * address: an IPv4 or IPv6 address with a prefix length.
 *
 * A value: copied, compared with address_equal, nothing to free. Always
 * canonical: host bits below the prefix are zero, and an IPv4-mapped IPv6
 * address (::ffff:192.0.2.1, RFC 4291 2.5.5.2) is the IPv4 address, because
 * that is what its packets are.
 */
#ifndef SASLBAN_ADDRESS_H
#define SASLBAN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum address_family { ADDRESS_NONE = 0, ADDRESS_V4 = 4, ADDRESS_V6 = 6 };

struct address {
	uint8_t family;    /* enum address_family */
	uint8_t prefix;    /* 0..32 or 0..128 */
	uint8_t bytes[16]; /* network order; IPv4 uses the first four */
};

#define ADDRESS_TEXT 52 /* longest text: 45 + "/128" + NUL, rounded up */

/* Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1`, `2001:db8::/32`, all of
 * the len bytes or nothing. Refuses zones (%eth0), blanks, brackets and
 * numbers with leading zeros. Returns 0, or -1 when it is not an address. */
int address_parse(const char *text, size_t len, struct address *out);

/* As address_parse, without a prefix: one host. */
int address_parse_host(const char *text, size_t len, struct address *out);

/* Canonical text (RFC 5952 for IPv6); `/prefix` only when it is not a single
 * host. Returns buf. */
char *address_print(const struct address *a, char buf[ADDRESS_TEXT]);

/* The number of bits of the family: 32 or 128. */
unsigned address_bits(const struct address *a);

/* a cut to the given prefix length; a longer one than a's own changes
 * nothing. */
struct address address_mask(const struct address *a, unsigned prefix);

bool address_equal(const struct address *a, const struct address *b);

/* True when every address of inner lies in outer. */
bool address_contains(const struct address *outer, const struct address *inner);

/* True when every address of a lies in one of the n prefixes, also when no
 * single one holds it all. */
bool address_covered(const struct address *a, const struct address *by,
		     size_t n);

/* Length of the prefix before the embedded host bits, where a
 * translator has put them: 96 in the well-known prefix of NAT64 (RFC 6052),
 * behind which are IPv4's 32; 128 where nothing is known of the rest (NAT64 of
 * a site, RFC 8215) or a /64 holds strangers (Teredo, RFC 4380). 0 for every
 * other address. */
unsigned address_translated(const struct address *a);

/* A range that is nobody's to ban (RFC 6890, RFC 4291): what it is, as
 * `loopback`, or unspecified (with all of 0.0.0.0/8), link-local, multicast,
 * broadcast; undefined for an address without a family. The one that holds a,
 * else one that lies in it; *range, unless NULL, is that range. NULL when there
 * is none. */
const char *address_special(const struct address *a, struct address *range);

#endif
