/*
 * ipset_request: the bytes of requests. Pure; the kernel's own view of them is
 * in ipset.c and ipset_change.c.
 *
 * The bytes were written by hand from the protocol: numbers of an attribute's
 * header are in the machine's order (little-endian here and below), the rest
 * in network order. On another machine the byte rows are left out, by name.
 */
#include "hex.h"

#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/channel.h"
#include "kernel/set.h"

/* One request as a function and as hexadecimal text; blanks are for people. */
struct bytes_row {
	const char *title;
	void (*put)(struct request *r);
	const char *hex;
};

static struct set_change change_of(const char *text, int64_t left, bool fresh)
{
	struct set_change e = {.left = left, .fresh = fresh};

	assert_int_equal(address_parse(text, strlen(text), &e.address), 0);
	return e;
}

static void put_add4(struct request *r)
{
	struct set_change e = change_of("192.0.2.1", 172800, false);

	request_entry(r, REQUEST_ADD, "s4", &e, true);
}

static void put_add6(struct request *r)
{
	struct set_change e = change_of("2001:db8:1:2::/64", 2764800, true);

	request_entry(r, REQUEST_ADD, "s6", &e, false);
}

static void put_remove(struct request *r)
{
	struct set_change e = change_of("192.0.2.0/24", 5, true);

	request_entry(r, REQUEST_REMOVE, "s4", &e, true);
}

static void put_chunk(struct request *r)
{
	struct set_change e[] = {change_of("192.0.2.1", 1, false),
				 change_of("2001:db8::1", 2, false),
				 change_of("192.0.2.2", 0, false)};
	struct request_chunk chunk = {
		.changes = e, .n = 3, .family = ADDRESS_V4, .max = 500};

	request_chunk(r, REQUEST_ADD, "s4", &chunk);
	assert_int_equal(chunk.count, 2);
	assert_int_equal(chunk.at, 3);
}

static void put_create(struct request *r)
{
	const struct request_create m = {.name = "s6",
					 .type = "hash:net",
					 .revision = 7,
					 .family = AF_INET6,
					 .default_timeout = 600,
					 .maxelem = 262144,
					 .hashsize = 65536};

	request_create(r, &m);
}

static void put_create_list(struct request *r)
{
	const struct request_create m = {
		.name = "s", .type = "list:set", .revision = 3};

	request_create(r, &m);
}

static void put_list(struct request *r)
{
	request_list(r, "s4", true);
}

static void put_member(struct request *r)
{
	request_member(r, "s", "s4", true);
}

static void put_type(struct request *r)
{
	request_type(r, "hash:net", AF_INET);
}

#define ZERO "00000000"
#define PROTOCOL "0500 0100 07 000000"
#define NAME_S4 "0700 0200 733400 00"

static const struct bytes_row bytes_rows[] = {
	{"a protocol request has no name", request_protocol,
	 "1c000000 0106 0500" ZERO ZERO "02 00 0000" PROTOCOL},
	{"a type request", put_type,
	 "34000000 0d06 0500" ZERO ZERO "02 00 0000" PROTOCOL
	 "0d00 0300 686173683a6e657400 000000"
	 "0500 0500 02 000000"},
	{"a set is created with timeouts and counters", put_create,
	 "68000000 0206 0500" ZERO ZERO "02 00 0000" PROTOCOL
	 "0700 0200 733600 00"
	 "0d00 0300 686173683a6e657400 000000"
	 "0500 0400 07 000000"
	 "0500 0500 0a 000000"
	 "2400 0780"
	 "0800 0640 00000258"
	 "0800 0840 00000008"
	 "0800 1240 00010000"
	 "0800 1340 00040000"},
	{"a list is created with nothing else", put_create_list,
	 "48000000 0206 0500" ZERO ZERO "02 00 0000" PROTOCOL
	 "0600 0200 7300 0000"
	 "0d00 0300 6c6973743a73657400 000000"
	 "0500 0400 03 000000"
	 "0500 0500 00 000000"
	 "0400 0780"},
	{"a header is asked for as a dump", put_list,
	 "2c000000 0706 0103" ZERO ZERO "02 00 0000" PROTOCOL NAME_S4
	 "0800 0640 00000004"},
	{"a member of a list with timeouts stays for good", put_member,
	 "38000000 0906 0500" ZERO ZERO "02 00 0000" PROTOCOL
	 "0600 0200 7300 0000"
	 "1400 0780"
	 "0700 1200 733400 00"
	 "0800 0640 00000000"},
	{"a renewal says nothing about counters", put_add4,
	 "3c000000 0906 0500" ZERO ZERO "02 00 0000" PROTOCOL NAME_S4
	 "1800 0780"
	 "0c00 0180 0800 0140 c0000201"
	 "0800 0640 0002a300"},
	{"a new entry is cut to the longest and starts at zero", put_add6,
	 "68000000 0906 0100" ZERO ZERO "02 00 0000" PROTOCOL
	 "0700 0200 733600 00"
	 "4400 0780"
	 "1800 0180 1400 0240 20010db8000100020000000000000000"
	 "0500 0300 40 000000"
	 "0800 0640 0020c49b"
	 "0c00 1840 0000000000000000"
	 "0c00 1940 0000000000000000"},
	{"a removal has neither timeout nor counters", put_remove,
	 "3c000000 0a06 0500" ZERO ZERO "02 00 0000" PROTOCOL NAME_S4
	 "1800 0780"
	 "0c00 0180 0800 0140 c0000200"
	 "0500 0300 18 000000"},
};

static const struct bytes_row chunk_rows[] = {
	{"many in one: one family, each with its line", put_chunk,
	 "70000000 0906 0500" ZERO ZERO "02 00 0000" PROTOCOL NAME_S4
	 "0800 0940 00000000"
	 "4400 0880"
	 "2000 0780"
	 "0c00 0180 0800 0140 c0000201"
	 "0800 0640 00000001"
	 "0800 0940 00000001"
	 "2000 0780"
	 "0c00 0180 0800 0140 c0000202"
	 "0800 0640 00000001"
	 "0800 0940 00000003"},
};

static void bytes(void **state)
{
	const struct bytes_row *r = *state;
	unsigned char buffer[512];
	unsigned char expected[512];
	struct request m = {
		.bytes = buffer, .size = sizeof(buffer), .protocol = 7};
	size_t n = from_hex(r->hex, expected);

	memset(buffer, 0xee, sizeof(buffer));
	r->put(&m);
	assert_false(m.full);
	assert_int_equal(m.len, n);
	assert_memory_equal(buffer, expected, n);
}

/* In a buffer that is any number of bytes too small nothing is written behind
 * its end, and it says that it is full. */
static void too_small(void **state)
{
	const struct bytes_row *r = *state;
	unsigned char buffer[512];
	unsigned char expected[512];
	size_t n = from_hex(r->hex, expected);

	for (size_t size = 0; size < n; size++) {
		struct request m = {
			.bytes = buffer, .size = size, .protocol = 7};

		memset(buffer, 0xee, sizeof(buffer));
		r->put(&m);
		assert_true(m.full);
		assert_int_equal(m.len, 0);
		for (size_t i = size; i < sizeof(buffer); i++)
			assert_int_equal(buffer[i], 0xee);
	}
}

struct name_row {
	const char *title;
	const char *name;
};

static const struct name_row name_rows[] = {
	{"no message is built without a name", ""},
	{"no message is built with a name of 32", "abcdefghijklmnopqrst"
						  "uvwxyz012345"},
};

static void no_name(void **state)
{
	const struct name_row *r = *state;
	unsigned char buffer[512];
	struct set_change e = change_of("192.0.2.1", 5, true);
	struct request_chunk chunk = {
		.changes = &e, .n = 1, .family = ADDRESS_V4, .max = 500};
	const struct request_create create = {.name = r->name,
					      .type = "list:set"};

	for (int which = 0; which < 6; which++) {
		struct request m = {
			.bytes = buffer, .size = sizeof(buffer), .protocol = 7};

		if (which == 0)
			request_create(&m, &create);
		else if (which == 1)
			request_list(&m, r->name, false);
		else if (which == 2)
			request_member(&m, r->name, "a", false);
		else if (which == 3)
			request_member(&m, "a", r->name, false);
		else if (which == 4)
			request_entry(&m, REQUEST_REMOVE, r->name, &e, true);
		else
			request_chunk(&m, REQUEST_ADD, r->name, &chunk);
		assert_true(m.full);
		assert_int_equal(m.len, 0);
	}
}

/* 4000 new v6 prefixes: 76 bytes each. */
static void byte_cap(void **state)
{
	static struct set_change entries[4000];
	static unsigned char buffer[CHANNEL_BYTES];
	size_t taken = 0;
	struct request_chunk chunk = {.changes = entries,
				      .n = 4000,
				      .family = ADDRESS_V6,
				      .max = 4000};

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		entries[i] = change_of("2001:db8::/64", 5, true);
	while (chunk.at < chunk.n) {
		struct request m = {
			.bytes = buffer, .size = sizeof(buffer), .protocol = 7};
		size_t before = chunk.at;

		request_chunk(&m, REQUEST_ADD, "s6", &chunk);
		assert_false(m.full);
		assert_int_equal(chunk.at, before + chunk.count);
		/* 789 of 76 bytes are 59 964; one more is above 60 000. */
		assert_int_equal(chunk.count, before < 3945 ? 789 : 55);
		assert_int_equal(m.len,
				 16 + 4 + 8 + 8 + 8 + 4 + 76 * chunk.count);
		taken += chunk.count;
	}
	assert_int_equal(taken, 4000);
}

static void chunk_by_count(void **state)
{
	struct set_change e[5] = {change_of("192.0.2.1", 1, true),
				  change_of("2001:db8::1", 1, true),
				  change_of("192.0.2.2", 1, true),
				  change_of("192.0.2.3", 1, true),
				  change_of("2001:db8::2", 1, true)};
	struct request_chunk chunk = {
		.changes = e, .n = 5, .family = ADDRESS_V4, .max = 2};
	unsigned char bytes_of[512];
	struct request m = {.bytes = bytes_of, .size = sizeof(bytes_of)};

	(void)state;
	request_chunk(&m, REQUEST_ADD, "s", &chunk);
	assert_int_equal(chunk.count, 2);
	assert_int_equal(chunk.at, 3);
	request_chunk(&m, REQUEST_ADD, "s", &chunk);
	assert_int_equal(chunk.count, 1);
	assert_int_equal(chunk.at, 5);
	m.len = 0;
	request_chunk(&m, REQUEST_ADD, "s", &chunk);
	assert_int_equal(chunk.count, 0);
	assert_int_equal(m.len, 0);
	assert_false(m.full);
	/* 16 + 4 + 8 + 8 + 8 + 4 bytes and 56 for the first entry */
	m.size = 48 + 56 - 1;
	chunk.at = 0;
	request_chunk(&m, REQUEST_ADD, "s", &chunk);
	assert_int_equal(chunk.count, 0);
	assert_true(m.full);
	m.full = false;
	m.size = 48 + 56;
	chunk.at = 0;
	request_chunk(&m, REQUEST_ADD, "s", &chunk);
	assert_int_equal(chunk.count, 1);
	assert_int_equal(chunk.at, 2);
	assert_int_equal(m.len, 48 + 56);
}

static const struct name_row allowed_rows[] = {
	{"letters, digits and _ . : - make a name", "Az09_.:-"},
	{"26 characters make a name", "abcdefghijklmnopqrstuvwxyz"},
};
static const struct name_row refused_rows[] = {
	{"nothing is no name", ""},
	{"27 characters are no name", "abcdefghijklmnopqrstuvwxyz0"},
	{"a blank is in no name", "a b"},
	{"a quote is in no name", "a\""},
	{"a letter with an accent is in no name", "\xc3\xa9"},
};

static void allowed(void **state)
{
	const struct name_row *r = *state;

	assert_true(set_base_allowed(r->name));
}

static void refused(void **state)
{
	const struct name_row *r = *state;

	assert_false(set_base_allowed(r->name));
}

static void hashsizes(void **state)
{
	(void)state;
	assert_int_equal(set_hashsize(1), 1024);
	assert_int_equal(set_hashsize(65536), 16384);
	assert_int_equal(set_hashsize(262144), 65536);
	assert_int_equal(set_hashsize(300000), 131072);
	assert_int_equal(set_hashsize(4294967295u), 1048576);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	if (BYTE_ORDER == LITTLE_ENDIAN) {
		ROWS(tests, n, bytes_rows, bytes);
		ROWS(tests, n, chunk_rows, bytes);
	}
	ROWS(tests, n, bytes_rows, too_small);
	ROWS(tests, n, name_rows, no_name);
	ROWS(tests, n, allowed_rows, allowed);
	ROWS(tests, n, refused_rows, refused);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(byte_cap);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(chunk_by_count);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(hashsizes);
	return _cmocka_run_group_tests("ipset_request", tests, n, NULL, NULL);
}
