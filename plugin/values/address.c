/* address: see saslban/address.h. */
#include "saslban/address.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

unsigned address_bits(const struct address *a)
{
	return a->family == ADDRESS_V4 ? 32 : 128;
}

/* Zero the bits behind the prefix. */
static void clear_host_bits(struct address *a)
{
	unsigned whole = a->prefix / 8;
	unsigned rest = a->prefix % 8;

	if (rest != 0)
		a->bytes[whole++] &= (uint8_t)(0xff << (8 - rest));
	memset(a->bytes + whole, 0, sizeof(a->bytes) - whole);
}

/* ::ffff:a.b.c.d/96+n is a.b.c.d/n. */
static void unmap(struct address *a)
{
	if (a->family != ADDRESS_V6 || a->prefix < 96 ||
	    memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return;
	memmove(a->bytes, a->bytes + 12, 4);
	memset(a->bytes + 4, 0, 12);
	a->family = ADDRESS_V4;
	a->prefix = (uint8_t)(a->prefix - 96);
}

/* Decimal, no sign, no blank, no leading zero, at most max; -1 otherwise. */
static int parse_prefix(const char *text, size_t len, unsigned max)
{
	unsigned n = 0;

	if (len == 0 || len > 3 || (len > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (unsigned)(text[i] - '0');
	}
	return n <= max ? (int)n : -1;
}

int address_parse_host(const char *text, size_t len, struct address *out)
{
	char host[INET6_ADDRSTRLEN];
	struct address a = {.family = ADDRESS_NONE};

	if (len == 0 || len >= sizeof(host) || memchr(text, '\0', len) != NULL)
		return -1;
	memcpy(host, text, len);
	host[len] = '\0';
	/* inet_pton takes exactly one spelling of IPv4: four decimal numbers
	 * without leading zeros; no 0x7f.1, no 127.1. */
	if (inet_pton(AF_INET, host, a.bytes) == 1)
		a.family = ADDRESS_V4;
	else if (inet_pton(AF_INET6, host, a.bytes) == 1)
		a.family = ADDRESS_V6;
	else
		return -1;
	a.prefix = (uint8_t)address_bits(&a);
	unmap(&a);
	*out = a;
	return 0;
}

int address_parse(const char *text, size_t len, struct address *out)
{
	const char *slash = memchr(text, '/', len);
	size_t host_len = slash == NULL ? len : (size_t)(slash - text);
	bool six = memchr(text, ':', host_len) != NULL;
	struct address a;
	int prefix;

	if (address_parse_host(text, host_len, &a) < 0)
		return -1;
	if (slash != NULL) {
		prefix = parse_prefix(slash + 1, len - host_len - 1,
				      six ? 128 : 32);
		if (prefix < 0)
			return -1;
		if (six && a.family == ADDRESS_V4)
			prefix -= 96; /* it was written as ::ffff:... */
		if (prefix < 0)
			return -1;
		a.prefix = (uint8_t)prefix;
		clear_host_bits(&a);
	}
	*out = a;
	return 0;
}

/* A number below 256, and the place behind it. */
static char *put_byte(char *to, unsigned n)
{
	if (n >= 100)
		*to++ = (char)('0' + n / 100);
	if (n >= 10)
		*to++ = (char)('0' + n / 10 % 10);
	*to++ = (char)('0' + n % 10);
	return to;
}

static char *put_v4(char *to, const uint8_t bytes[4])
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = put_byte(to, bytes[i]);
	}
	return to;
}

/* Without printf: under attack half a dozen are written for each line. */
char *address_print(const struct address *a, char buf[ADDRESS_TEXT])
{
	char *end = buf;

	if (a->family == ADDRESS_V4) {
		end = put_v4(buf, a->bytes);
	} else {
		if (a->family == ADDRESS_NONE ||
		    inet_ntop(AF_INET6, a->bytes, buf, ADDRESS_TEXT) == NULL)
			memcpy(buf, "none", sizeof("none"));
		end += strlen(buf);
	}
	if (a->family != ADDRESS_NONE && a->prefix != address_bits(a)) {
		*end++ = '/';
		end = put_byte(end, a->prefix);
	}
	*end = '\0';
	return buf;
}

struct address address_mask(const struct address *a, unsigned prefix)
{
	struct address m = *a;

	if (prefix < m.prefix) {
		m.prefix = (uint8_t)prefix;
		clear_host_bits(&m);
	}
	return m;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && a->prefix == b->prefix &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool address_contains(const struct address *outer, const struct address *inner)
{
	struct address cut;

	if (outer->family != inner->family || inner->prefix < outer->prefix)
		return false;
	cut = address_mask(inner, outer->prefix);
	return memcmp(cut.bytes, outer->bytes, sizeof(cut.bytes)) == 0;
}

/* The one after a, of the same length. */
static struct address other_half(const struct address *a)
{
	struct address b = *a;

	b.bytes[(b.prefix - 1) / 8] |= (uint8_t)(0x80 >> (b.prefix - 1) % 8);
	return b;
}

/* Halves are looked at only where a prefix lies inside, and no further than to
 * the first gap: some 2n of them, nested at most as deep as there are bits. */
bool address_covered(const struct address *a, const struct address *by,
		     size_t n)
{
	struct address low = *a, high;
	bool inside = false;

	for (size_t i = 0; i < n; i++) {
		if (address_contains(&by[i], a))
			return true;
		inside = inside || address_contains(a, &by[i]);
	}
	if (!inside)
		return false;
	low.prefix++;
	high = other_half(&low);
	return address_covered(&low, by, n) && address_covered(&high, by, n);
}

struct translation {
	struct address range;
	unsigned bits;
};

/* The first one that fits. Whoever is in front of the 96 bits, though nobody
 * should be, is not cut to a prefix that holds what is behind them. */
static const struct translation translations[] = {
	/* 64:ff9b:1::/48 */
	{{ADDRESS_V6, 48, {0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}}, 128},
	/* 64:ff9b::/32 */
	{{ADDRESS_V6, 32, {0x00, 0x64, 0xff, 0x9b}}, 96},
	/* 2001::/32 */
	{{ADDRESS_V6, 32, {0x20, 0x01}}, 128},
};

unsigned address_translated(const struct address *a)
{
	for (size_t i = 0; i < sizeof(translations) / sizeof(translations[0]);
	     i++)
		if (address_contains(&translations[i].range, a))
			return translations[i].bits;
	return 0;
}

static const struct {
	const char *what;
	struct address range;
} special[] = {
	/* 0.0.0.0/8, this network: RFC 791, 3.2 */
	{"unspecified", {ADDRESS_V4, 8, {0}}},
	/* 127.0.0.0/8: RFC 1122, 3.2.1.3 */
	{"loopback", {ADDRESS_V4, 8, {127}}},
	/* 169.254.0.0/16: RFC 3927 */
	{"link-local", {ADDRESS_V4, 16, {169, 254}}},
	/* 224.0.0.0/4: RFC 5771 */
	{"multicast", {ADDRESS_V4, 4, {224}}},
	/* 255.255.255.255, limited broadcast: RFC 919 */
	{"broadcast", {ADDRESS_V4, 32, {255, 255, 255, 255}}},
	/* ::, RFC 4291, 2.5.2 */
	{"unspecified", {ADDRESS_V6, 128, {0}}},
	/* ::1, RFC 4291, 2.5.3 */
	{"loopback", {ADDRESS_V6, 128, {[15] = 1}}},
	/* fe80::/10, RFC 4291, 2.5.6 */
	{"link-local", {ADDRESS_V6, 10, {0xfe, 0x80}}},
	/* ff00::/8, RFC 4291, 2.7 */
	{"multicast", {ADDRESS_V6, 8, {0xff}}},
};

const char *address_special(const struct address *a, struct address *range)
{
	const char *what = a->family == ADDRESS_NONE ? "undefined" : NULL;
	struct address found = *a;

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		const struct address *s = &special[i].range;
		bool holds = address_contains(s, a);

		if (!holds && (what != NULL || !address_contains(a, s)))
			continue;
		what = special[i].what;
		found = *s;
		if (holds)
			break;
	}
	if (range != NULL)
		*range = found;
	return what;
}
