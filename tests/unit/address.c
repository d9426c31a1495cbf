/* address: what is one, how it is written, what lies in what. */
#include "row.h"

#include <string.h>

#include "random.h"
#include "saslban/address.h"

static struct address read_address(const char *text)
{
	struct address a;

	if (address_parse(text, strlen(text), &a) < 0)
		fail_msg("'%s' is not an address", text);
	return a;
}

/* ---- reading ---- */

struct parse_row {
	const char *title;
	const char *text;
	const char *printed; /* NULL: refused */
	int family;
	unsigned prefix;
};

static const struct parse_row parse_rows[] = {
	{"an IPv4 host", "192.0.2.1", "192.0.2.1", 4, 32},
	{"the lowest IPv4 address", "0.0.0.0", "0.0.0.0", 4, 32},
	{"the highest IPv4 address", "255.255.255.255", "255.255.255.255", 4,
	 32},
	{"an IPv4 prefix", "192.0.2.0/24", "192.0.2.0/24", 4, 24},
	{"an IPv4 prefix of 32 is a host", "192.0.2.1/32", "192.0.2.1", 4, 32},
	{"all of IPv4", "0.0.0.0/0", "0.0.0.0/0", 4, 0},
	{"host bits are cut off", "192.0.2.77/24", "192.0.2.0/24", 4, 24},
	{"host bits are cut inside a byte", "192.0.2.255/29", "192.0.2.248/29",
	 4, 29},
	{"an IPv6 host", "2001:db8::1", "2001:db8::1", 6, 128},
	{"an IPv6 host in full", "2001:0db8:0000:0000:0000:0000:0000:0001",
	 "2001:db8::1", 6, 128},
	{"capital letters are written small", "2001:DB8::ABCD",
	 "2001:db8::abcd", 6, 128},
	{"the longer run of zeros is cut", "2001:db8:0:0:1:0:0:0",
	 "2001:db8:0:0:1::", 6, 128},
	{"an IPv6 prefix", "2001:db8::/32", "2001:db8::/32", 6, 32},
	{"IPv6 host bits are cut off", "2001:db8:1:2:3:4:5:6/64",
	 "2001:db8:1:2::/64", 6, 64},
	{"IPv6 host bits are cut inside a byte", "2001:db8:ffff::/33",
	 "2001:db8:8000::/33", 6, 33},
	{"an IPv6 prefix of 128 is a host", "2001:db8::1/128", "2001:db8::1", 6,
	 128},
	{"all of IPv6", "::/0", "::/0", 6, 0},
	{"a mapped host is the IPv4 host", "::ffff:192.0.2.1", "192.0.2.1", 4,
	 32},
	{"a mapped host in hexadecimal", "::ffff:c000:201", "192.0.2.1", 4, 32},
	{"a mapped prefix is the IPv4 prefix", "::ffff:192.0.2.0/120",
	 "192.0.2.0/24", 4, 24},
	{"a mapped prefix loses its host bits", "::ffff:192.0.2.77/120",
	 "192.0.2.0/24", 4, 24},
	{"all that is mapped is all of IPv4", "::ffff:0:0/96", "0.0.0.0/0", 4,
	 0},
	{"an IPv4-compatible address stays IPv6", "::192.0.2.1", "::192.0.2.1",
	 6, 128},
	{"a mapped prefix that is too short", "::ffff:192.0.2.0/95", NULL, 0,
	 0},
	{"a mapped host with an IPv4 length", "::ffff:192.0.2.1/24", NULL, 0,
	 0},
	{"nothing", "", NULL, 0, 0},
	{"a slash alone", "/", NULL, 0, 0},
	{"a length alone", "/24", NULL, 0, 0},
	{"a slash without a length", "192.0.2.0/", NULL, 0, 0},
	{"a length of 33", "192.0.2.0/33", NULL, 0, 0},
	{"a length of 129", "2001:db8::/129", NULL, 0, 0},
	{"a length of 256, which fits no byte", "192.0.2.0/256", NULL, 0, 0},
	{"a length that would overflow", "192.0.2.0/4294967320", NULL, 0, 0},
	{"a length with a leading zero", "192.0.2.0/024", NULL, 0, 0},
	{"a length with what follows 9 in ASCII", "192.0.2.0/2:", NULL, 0, 0},
	{"a length with what precedes 0", "192.0.2.0/1/", NULL, 0, 0},
	{"a length with a sign", "192.0.2.0/+24", NULL, 0, 0},
	{"a negative length", "192.0.2.0/-1", NULL, 0, 0},
	{"a netmask", "192.0.2.0/255.255.255.0", NULL, 0, 0},
	{"two lengths", "192.0.2.0/24/24", NULL, 0, 0},
	{"a zone", "fe80::1%eth0", NULL, 0, 0},
	{"a zone with a length", "fe80::1%eth0/64", NULL, 0, 0},
	{"brackets", "[2001:db8::1]", NULL, 0, 0},
	{"a leading blank", " 192.0.2.1", NULL, 0, 0},
	{"a trailing blank", "192.0.2.1 ", NULL, 0, 0},
	{"a trailing newline", "192.0.2.1\n", NULL, 0, 0},
	{"a trailing dot", "192.0.2.1.", NULL, 0, 0},
	{"a leading zero, which some read as octal", "192.0.2.010", NULL, 0, 0},
	{"three numbers", "192.0.2", NULL, 0, 0},
	{"five numbers", "192.0.2.1.1", NULL, 0, 0},
	{"one number", "3221225985", NULL, 0, 0},
	{"hexadecimal IPv4", "0xc0.0.2.1", NULL, 0, 0},
	{"a number above 255", "192.0.2.256", NULL, 0, 0},
	{"a negative number", "192.0.2.-1", NULL, 0, 0},
	{"a port", "192.0.2.1:25", NULL, 0, 0},
	{"an IPv6 address of nine groups", "1:2:3:4:5:6:7:8:9", NULL, 0, 0},
	{"an IPv6 address with two gaps", "2001::db8::1", NULL, 0, 0},
	{"an IPv6 group of five digits", "2001:0db80::1", NULL, 0, 0},
	{"three colons", ":::", NULL, 0, 0},
	{"the prefix that Postfix's logs use", "IPv6:2001:db8::1", NULL, 0, 0},
	{"a host name", "mail.example.org", NULL, 0, 0},
	{"the longest way to write one",
	 "2001:0db8:0000:0000:0000:0000:255.255.255.254", "2001:db8::ffff:fffe",
	 6, 128},
	{"one byte more than that",
	 "2001:0db8:0000:0000:0000:0000:255.255.255.2540", NULL, 0, 0},
	{"more than any address is long",
	 "2001:0db8:0000:0000:0000:0000:192.168.100.1000000000", NULL, 0, 0},
};

static void parse_test(void **state)
{
	const struct parse_row *r = *state;
	struct address a = {.family = 99};
	char text[ADDRESS_TEXT];
	int result = address_parse(r->text, strlen(r->text), &a);

	if (r->printed == NULL) {
		assert_int_equal(result, -1);
		assert_int_equal(a.family, 99); /* untouched */
		return;
	}
	assert_int_equal(result, 0);
	assert_int_equal(a.family, r->family);
	assert_int_equal(a.prefix, r->prefix);
	assert_string_equal(address_print(&a, text), r->printed);
}

static void takes_len_bytes_and_no_more(void **state)
{
	const char line[] = "192.0.2.123]: SASL LOGIN";
	char text[ADDRESS_TEXT];
	struct address a;

	(void)state;
	assert_int_equal(address_parse(line, 11, &a), 0);
	assert_string_equal(address_print(&a, text), "192.0.2.123");
	assert_int_equal(address_parse(line, 10, &a), 0);
	assert_string_equal(address_print(&a, text), "192.0.2.12");
	assert_int_equal(address_parse(line, 12, &a), -1);
}

static void a_nul_inside_is_refused(void **state)
{
	struct address a;

	(void)state;
	assert_int_equal(address_parse("192.0.2.1\0", 10, &a), -1);
	assert_int_equal(address_parse("192.0.2.1\0/24", 13, &a), -1);
}

static void a_host_has_no_length(void **state)
{
	struct address a;

	(void)state;
	assert_int_equal(address_parse_host("192.0.2.1", 9, &a), 0);
	assert_int_equal(address_parse_host("192.0.2.0/24", 12, &a), -1);
	assert_int_equal(address_parse_host("192.0.2.1/32", 12, &a), -1);
}

static void none_is_printed_as_none(void **state)
{
	struct address a = {.family = ADDRESS_NONE};
	char text[ADDRESS_TEXT];

	(void)state;
	assert_string_equal(address_print(&a, text), "none");
}

static void the_longest_text_fits(void **state)
{
	const char longest[] = "2001:db8:1111:2222:3333:4444:5555:ffff/127";
	struct address a = read_address(longest);
	char text[ADDRESS_TEXT];

	(void)state;
	assert_string_equal(address_print(&a, text),
			    "2001:db8:1111:2222:3333:4444:5555:fffe/127");
}

/* ---- cutting and holding ---- */

struct mask_row {
	const char *title;
	const char *text;
	unsigned prefix;
	const char *expected;
};

static const struct mask_row mask_rows[] = {
	{"a host cut to itself", "192.0.2.1", 32, "192.0.2.1"},
	{"a host cut to /24", "192.0.2.77", 24, "192.0.2.0/24"},
	{"a host cut to /31", "192.0.2.77", 31, "192.0.2.76/31"},
	{"a host cut to nothing", "192.0.2.77", 0, "0.0.0.0/0"},
	{"a prefix is never widened by a longer one", "192.0.2.0/24", 28,
	 "192.0.2.0/24"},
	{"a length beyond the family changes nothing", "192.0.2.1", 64,
	 "192.0.2.1"},
	{"an IPv6 host cut to /64", "2001:db8:1:2:3:4:5:6", 64,
	 "2001:db8:1:2::/64"},
	{"an IPv6 host cut to /48", "2001:db8:1:2:3:4:5:6", 48,
	 "2001:db8:1::/48"},
	{"an IPv6 host cut to /127", "2001:db8::f", 127, "2001:db8::e/127"},
	{"an IPv6 prefix stays", "2001:db8::/32", 64, "2001:db8::/32"},
};

static void mask_test(void **state)
{
	const struct mask_row *r = *state;
	struct address a = read_address(r->text);
	struct address cut = address_mask(&a, r->prefix);
	char text[ADDRESS_TEXT];

	assert_string_equal(address_print(&cut, text), r->expected);
}

struct contain_row {
	const char *title;
	const char *outer;
	const char *inner;
	bool expected;
};

static const struct contain_row contain_rows[] = {
	{"a host holds itself", "192.0.2.1", "192.0.2.1", true},
	{"a host does not hold its neighbour", "192.0.2.1", "192.0.2.2", false},
	{"a prefix holds its first host", "192.0.2.0/24", "192.0.2.0", true},
	{"a prefix holds its last host", "192.0.2.0/24", "192.0.2.255", true},
	{"a prefix does not hold the next host", "192.0.2.0/24", "192.0.3.0",
	 false},
	{"a prefix does not hold the host before", "192.0.2.0/24",
	 "192.0.1.255", false},
	{"a prefix holds itself", "192.0.2.0/24", "192.0.2.0/24", true},
	{"a prefix holds a longer one", "192.0.2.0/24", "192.0.2.128/25", true},
	{"a prefix does not hold a shorter one", "192.0.2.0/24", "192.0.2.0/23",
	 false},
	{"a host does not hold its prefix", "192.0.2.0", "192.0.2.0/24", false},
	{"all of IPv4 holds any host", "0.0.0.0/0", "192.0.2.1", true},
	{"all of IPv4 holds no IPv6", "0.0.0.0/0", "2001:db8::1", false},
	{"all of IPv6 holds no IPv4", "::/0", "192.0.2.1", false},
	{"all of IPv6 holds no mapped IPv4", "::/0", "::ffff:192.0.2.1", false},
	{"IPv4 bytes at the front of IPv6 do not count", "32.1.13.184",
	 "2001:db8::", false},
	{"a /64 holds a host of its own", "2001:db8:1:2::/64",
	 "2001:db8:1:2:ffff::1", true},
	{"a /64 does not hold the next", "2001:db8:1:2::/64", "2001:db8:1:3::1",
	 false},
	{"a /33 splits inside a byte", "2001:db8:8000::/33",
	 "2001:db8:ffff::", true},
	{"... and leaves out the other half", "2001:db8:8000::/33",
	 "2001:db8:7fff::", false},
};

static void contain_test(void **state)
{
	const struct contain_row *r = *state;
	struct address outer = read_address(r->outer);
	struct address inner = read_address(r->inner);

	assert_int_equal(address_contains(&outer, &inner), r->expected);
}

struct cover_row {
	const char *title;
	const char *text;
	const char *by; /* split by blanks */
	bool expected;
};

static const struct cover_row cover_rows[] = {
	{"nothing covers nothing", "192.0.2.1", "", false},
	{"a host is covered by itself", "192.0.2.1", "192.0.2.1", true},
	{"... and by a prefix", "192.0.2.1", "192.0.2.0/24", true},
	{"... and not by its neighbours", "192.0.2.1", "192.0.2.0 192.0.2.2",
	 false},
	{"a prefix by its halves", "192.0.2.0/24",
	 "192.0.2.0/25 192.0.2.128/25", true},
	{"... in any order", "192.0.2.0/24", "192.0.2.128/25 192.0.2.0/25",
	 true},
	{"a prefix by one half", "192.0.2.0/24", "192.0.2.0/25", false},
	{"a prefix by the same half twice", "192.0.2.0/24",
	 "192.0.2.0/25 192.0.2.0/25", false},
	{"a prefix by a half and two quarters", "192.0.2.0/24",
	 "192.0.2.192/26 192.0.2.0/25 192.0.2.128/26", true},
	{"a prefix but for one quarter", "192.0.2.0/24",
	 "192.0.2.192/26 192.0.2.0/25", false},
	{"a /30 by its hosts", "192.0.2.4/30",
	 "192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7", true},
	{"a /30 but for one host", "192.0.2.4/30",
	 "192.0.2.4 192.0.2.5 192.0.2.7", false},
	{"others beside do no harm", "192.0.2.0/31",
	 "198.51.100.0/24 192.0.2.0 192.0.2.1 192.0.2.2", true},
	{"all of IPv4 by its halves", "0.0.0.0/0", "0.0.0.0/1 128.0.0.0/1",
	 true},
	{"all of IPv4 but for the last host", "0.0.0.0/0",
	 "0.0.0.0/1 128.0.0.0/2 192.0.0.0/3 224.0.0.0/4 240.0.0.0/5 "
	 "248.0.0.0/6 252.0.0.0/7 254.0.0.0/8 255.0.0.0/9 255.128.0.0/10 "
	 "255.192.0.0/11 255.224.0.0/12 255.240.0.0/13 255.248.0.0/14 "
	 "255.252.0.0/15 255.254.0.0/16 255.255.0.0/17 255.255.128.0/18 "
	 "255.255.192.0/19 255.255.224.0/20 255.255.240.0/21 "
	 "255.255.248.0/22 255.255.252.0/23 255.255.254.0/24 "
	 "255.255.255.0/25 255.255.255.128/26 255.255.255.192/27 "
	 "255.255.255.224/28 255.255.255.240/29 255.255.255.248/30 "
	 "255.255.255.252/31 255.255.255.254",
	 false},
	{"all of IPv4 is not covered by IPv6", "0.0.0.0/0", "::/0", false},
	{"global unicast by all of IPv6", "2000::/3", "::/0", true},
	{"global unicast by its halves", "2000::/3", "2000::/4 3000::/4", true},
	{"the last bit counts", "2001:db8::/127", "2001:db8:: 2001:db8::1",
	 true},
	{"the last bit is lacking", "2001:db8::/127", "2001:db8::1", false},
};

static void cover_test(void **state)
{
	const struct cover_row *r = *state;
	struct address a = read_address(r->text);
	struct address by[40];
	size_t n = 0, len;

	for (const char *at = r->by; *at != '\0';
	     at += len + (at[len] == ' ')) {
		len = strcspn(at, " ");
		assert_int_equal(address_parse(at, len, &by[n++]), 0);
	}
	assert_int_equal(address_covered(&a, by, n), r->expected);
}

struct equal_row {
	const char *title;
	const char *a;
	const char *b;
	bool expected;
};

static const struct equal_row equal_rows[] = {
	{"two spellings are one address", "2001:db8:0::1", "2001:DB8::1", true},
	{"mapped and IPv4 are one address", "::ffff:192.0.2.1", "192.0.2.1",
	 true},
	{"a prefix is not its first host", "192.0.2.0/24", "192.0.2.0", false},
	{"hosts of one prefix are that prefix", "192.0.2.1/24", "192.0.2.9/24",
	 true},
	{"IPv4 nothing is not IPv6 nothing", "0.0.0.0", "::", false},
};

static void equal_test(void **state)
{
	const struct equal_row *r = *state;
	struct address a = read_address(r->a);
	struct address b = read_address(r->b);

	assert_int_equal(address_equal(&a, &b), r->expected);
	assert_int_equal(address_equal(&b, &a), r->expected);
}

/* ---- nobody's ---- */

struct special_row {
	const char *title;
	const char *text;
	const char *what; /* NULL: it is somebody's */
	const char *range;
};

static const struct special_row special_rows[] = {
	{"0.0.0.0", "0.0.0.0", "unspecified", "0.0.0.0/8"},
	{"the end of 0/8", "0.255.255.255", "unspecified", "0.0.0.0/8"},
	{"1.0.0.0 is somebody's", "1.0.0.0", NULL, NULL},
	{"127.0.0.1", "127.0.0.1", "loopback", "127.0.0.0/8"},
	{"the end of 127/8", "127.255.255.255", "loopback", "127.0.0.0/8"},
	{"128.0.0.0 is somebody's", "128.0.0.0", NULL, NULL},
	{"126.255.255.255 is somebody's", "126.255.255.255", NULL, NULL},
	{"IPv4 link-local", "169.254.1.1", "link-local", "169.254.0.0/16"},
	{"169.253.255.255 is somebody's", "169.253.255.255", NULL, NULL},
	{"169.255.0.0 is somebody's", "169.255.0.0", NULL, NULL},
	{"IPv4 multicast begins", "224.0.0.0", "multicast", "224.0.0.0/4"},
	{"IPv4 multicast ends", "239.255.255.255", "multicast", "224.0.0.0/4"},
	{"223.255.255.255 is somebody's", "223.255.255.255", NULL, NULL},
	{"limited broadcast", "255.255.255.255", "broadcast",
	 "255.255.255.255"},
	{"a private address can guess, too", "10.0.0.1", NULL, NULL},
	{"... and 192.168", "192.168.1.1", NULL, NULL},
	{"mapped loopback", "::ffff:127.0.0.1", "loopback", "127.0.0.0/8"},
	{"::", "::", "unspecified", "::"},
	{"::1", "::1", "loopback", "::1"},
	{"::2 is somebody's", "::2", NULL, NULL},
	{"IPv6 link-local begins", "fe80::1", "link-local", "fe80::/10"},
	{"IPv6 link-local ends", "febf:ffff::1", "link-local", "fe80::/10"},
	{"fec0:: is not link-local", "fec0::1", NULL, NULL},
	{"IPv6 multicast", "ff02::1", "multicast", "ff00::/8"},
	{"a unique local address can guess, too", "fd00::1", NULL, NULL},
	{"documentation, as in our tests", "2001:db8::1", NULL, NULL},
	{"a /64 that holds :: and ::1", "::/64", "unspecified", "::"},
	{"a prefix that holds link-local", "fe00::/8", "link-local",
	 "fe80::/10"},
	{"a prefix that holds loopback", "64.0.0.0/2", "loopback",
	 "127.0.0.0/8"},
	{"all of IPv4", "0.0.0.0/0", "unspecified", "0.0.0.0/8"},
	{"all of IPv6", "::/0", "unspecified", "::"},
	{"a prefix inside multicast", "224.1.0.0/16", "multicast",
	 "224.0.0.0/4"},
	{"a prefix beside loopback", "128.0.0.0/8", NULL, NULL},
};

static void special_test(void **state)
{
	const struct special_row *r = *state;
	struct address a = read_address(r->text), range;
	const char *what = address_special(&a, &range);
	char text[ADDRESS_TEXT];

	if (r->what == NULL) {
		assert_null(what);
		return;
	}
	assert_non_null(what);
	assert_string_equal(what, r->what);
	assert_string_equal(address_print(&range, text), r->range);
	assert_ptr_equal(address_special(&a, NULL), what);
}

static void no_address_is_nobodys(void **state)
{
	struct address a = {.family = ADDRESS_NONE}, range;

	(void)state;
	assert_string_equal(address_special(&a, &range), "undefined");
	assert_int_equal(range.family, ADDRESS_NONE);
}

/* ---- properties ---- */

enum { ROUNDS = 100000 };

/* Any bytes with any prefix length, a third of them in corners where zeros
 * and mapped addresses are; canonical because address_parse has seen it. */
static struct address any_address(uint64_t *seed)
{
	struct address a = {.family = ADDRESS_V6, .prefix = 128};
	unsigned corner = (unsigned)random_below(seed, 6);
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < 16; i++)
		a.bytes[i] = (uint8_t)random_next(seed);
	if (corner == 0) { /* many zeros */
		for (size_t i = 0; i < 16; i++)
			if (random_below(seed, 3) != 0)
				a.bytes[i] = 0;
	} else if (corner == 1) { /* ::ffff:x.x.x.x */
		memset(a.bytes, 0, 10);
		memset(a.bytes + 10, 0xff, 2);
	} else if (corner < 4) {
		a.family = ADDRESS_V4;
		a.prefix = 32;
		memset(a.bytes + 4, 0, 12);
	}
	address_print(&a, text);
	a = read_address(text);
	return address_mask(&a, (unsigned)random_below(seed, 130));
}

/* The definition, bit by bit. */
static bool same_bits(const struct address *a, const struct address *b,
		      unsigned bits)
{
	for (unsigned i = 0; i < bits; i++)
		if (((a->bytes[i / 8] ^ b->bytes[i / 8]) >> (7 - i % 8)) & 1)
			return false;
	return true;
}

static void what_is_printed_is_read_back(void **state)
{
	uint64_t seed = 1;
	char text[ADDRESS_TEXT];

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct address a = any_address(&seed);
		struct address b = read_address(address_print(&a, text));

		if (!address_equal(&a, &b))
			fail_msg("round %u: %s", round, text);
	}
}

static void a_mask_holds_what_it_was_cut_from(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct address a = any_address(&seed);
		unsigned p = (unsigned)random_below(&seed, 130);
		unsigned q = (unsigned)random_below(&seed, 130);
		struct address wide = address_mask(&a, p);
		struct address twice = address_mask(&wide, q);
		struct address once = address_mask(&a, p < q ? p : q);

		if (!address_contains(&wide, &a) ||
		    !address_equal(&twice, &once) ||
		    (address_contains(&a, &wide) && !address_equal(&a, &wide)))
			fail_msg("round %u", round);
	}
}

static void containing_is_agreeing_in_the_prefix(void **state)
{
	uint64_t seed = 3;
	unsigned held = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct address a = any_address(&seed);
		struct address b = any_address(&seed);
		bool expected;

		if (random_below(&seed, 2) == 0) /* a near one */
			b = address_mask(&a, (unsigned)random_below(&seed, 33));
		expected = a.family == b.family && a.prefix >= b.prefix &&
			   same_bits(&a, &b, b.prefix);
		if (address_contains(&b, &a) != expected)
			fail_msg("round %u", round);
		held += expected;
	}
	assert_in_range(held, ROUNDS / 3, ROUNDS - ROUNDS / 6);
}

static void special_is_special_from_above_and_below(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct address a = any_address(&seed);
		unsigned p = (unsigned)random_below(&seed, a.prefix + 1u);
		struct address wide = address_mask(&a, p);

		/* Whatever holds something special is special. */
		if (address_special(&a, NULL) && !address_special(&wide, NULL))
			fail_msg("round %u", round);
	}
}

static void no_junk_is_taken(void **state)
{
	static const char letters[] = "0123456789abf:.:./ %]\n";
	uint64_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char junk[64], text[ADDRESS_TEXT];
		size_t len = (size_t)random_below(&seed, sizeof(junk));
		struct address a, b;

		for (size_t i = 0; i < len; i++)
			junk[i] = letters[random_below(&seed,
						       sizeof(letters) - 1)];
		if (address_parse(junk, len, &a) < 0)
			continue;
		b = read_address(address_print(&a, text));
		if (!address_equal(&a, &b) || memchr(junk, ' ', len) != NULL)
			fail_msg("round %u: '%.*s'", round, (int)len, junk);
	}
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(takes_len_bytes_and_no_more),
		cmocka_unit_test(a_nul_inside_is_refused),
		cmocka_unit_test(a_host_has_no_length),
		cmocka_unit_test(none_is_printed_as_none),
		cmocka_unit_test(the_longest_text_fits),
		cmocka_unit_test(no_address_is_nobodys),
		cmocka_unit_test(what_is_printed_is_read_back),
		cmocka_unit_test(a_mask_holds_what_it_was_cut_from),
		cmocka_unit_test(containing_is_agreeing_in_the_prefix),
		cmocka_unit_test(special_is_special_from_above_and_below),
		cmocka_unit_test(no_junk_is_taken),
	};
	struct CMUnitTest tests[192] = {{0}};
	size_t n = 0;

	ROWS(tests, n, parse_rows, parse_test);
	ROWS(tests, n, mask_rows, mask_test);
	ROWS(tests, n, contain_rows, contain_test);
	ROWS(tests, n, cover_rows, cover_test);
	ROWS(tests, n, equal_rows, equal_test);
	ROWS(tests, n, special_rows, special_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("address", tests, n, NULL, NULL);
}
