/* ipset_reply: the kernel's answers are read. Pure. */
#include "ipset_datagram.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "kernel/exchange.h"
#include "kernel/reply.h"

/* ---- answers and errors ---- */

/* Answers to an exchange of three messages numbered 7, 8 and 9. */
struct parse_row {
	const char *title;
	const char *hex;
	size_t cut; /* bytes taken off the end */
	int over;
	int code[3];
};

#define DONE(code) "14000000 0300 0200 09000000 00000000" code

static const struct parse_row parse_rows[] = {
	{"the answer to the last message ends it", ACK("09000000"), 0, 1, {0}},
	{"an earlier one does not", ACK("07000000"), 0, 0, {0}},
	{"a refusal is its message's own",
	 REFUSED("08000000", "00efffff") ACK("09000000"),
	 0,
	 1,
	 {0, 4352, 0}},
	{"a refusal of the last message ends it",
	 REFUSED("09000000", "feffffff"),
	 0,
	 1,
	 {0, 0, 2}},
	{"an older number is passed over",
	 REFUSED("06000000", "feffffff"),
	 0,
	 0,
	 {0}},
	{"a later number is passed over",
	 REFUSED("0a000000", "feffffff"),
	 0,
	 0,
	 {0}},
	{"number nought is passed over",
	 REFUSED("00000000", "feffffff"),
	 0,
	 0,
	 {0}},
	{"without permission all are refused at once",
	 REFUSED("07000000", "ffffffff"),
	 0,
	 1,
	 {1, 1, 1}},
	{"the end of a dump ends it", DONE("00000000"), 0, 1, {0}},
	{"the end of a dump may carry an error",
	 DONE("f4ffffff"),
	 0,
	 1,
	 {0, 0, 12}},
	{"a message that is cut short is none", ACK("09000000"), 1, 0, {0}},
	{"an error without its code is no success",
	 "12000000 0200 0000 09000000 00000000 0000 0000",
	 0,
	 1,
	 {0, 0, EBADMSG}},
	{"a length below a header's is no message",
	 "0f000000 0200 0000 09000000 00000000 00000000",
	 0,
	 0,
	 {0}},
	{"a length of nought is no message",
	 "00000000 0200 0000 09000000 00000000 00000000" ACK("09000000"),
	 0,
	 0,
	 {0}},
	{"a length of 2^31 is no message",
	 "00000080 0200 0000 09000000 00000000 00000000" ACK("09000000"),
	 0,
	 0,
	 {0}},
	{"a length of 2^31 - 1 is no message",
	 "ffffff7f 0200 0000 09000000 00000000 00000000" ACK("09000000"),
	 0,
	 0,
	 {0}},
	{"a length of 2^32 - 1 is no message",
	 "ffffffff 0200 0000 09000000 00000000 00000000" ACK("09000000"),
	 0,
	 0,
	 {0}},
	{"a length of 2^32 - 16 is no message",
	 "f0ffffff 0200 0000 09000000 00000000 00000000" ACK("09000000"),
	 0,
	 0,
	 {0}},
	{"a length that lies ends the datagram, not what came before",
	 REFUSED("08000000", "00efffff") "00000080 0200 0000 09000000 00000000",
	 0,
	 0,
	 {0, 4352, 0}},
	{"a length of one byte more than there are is no message",
	 "15000000 0200 0000 09000000 00000000 00000000",
	 0,
	 0,
	 {0}},
	{"the padding of the last message may be missing",
	 "15000000 0300 0200 09000000 00000000 f4ffffff 00",
	 0,
	 1,
	 {0, 0, 12}},
	{"the padding of an earlier message is passed over",
	 "12000000 0200 0000 08000000 00000000 0000 0000" ACK("09000000"),
	 0,
	 1,
	 {0, EBADMSG, 0}},
	{"a positive code is no success",
	 REFUSED("09000000", "01000000"),
	 0,
	 1,
	 {0, 0, EBADMSG}},
	{"the least of all codes is no success",
	 REFUSED("09000000", "00000080"),
	 0,
	 1,
	 {0, 0, EBADMSG}},
	{"a code far above all that are known is kept",
	 REFUSED("09000000", "01000080"),
	 0,
	 1,
	 {0, 0, INT_MAX}},
	{"the end of a dump need not carry a code",
	 "10000000 0300 0200 09000000 00000000",
	 0,
	 1,
	 {0}},
	{"nothing is nothing", "", 0, 0, {0}},
};

static void parse(void **state)
{
	const struct parse_row *r = *state;
	struct datagram d = datagram_of(r->hex, r->cut);
	struct exchange x = {.count = 3};

	assert_int_equal(exchange_parse_replies(&x, 7, d.bytes, d.len),
			 r->over);
	for (int i = 0; i < 3; i++)
		assert_int_equal(x.code[i], r->code[i]);
	free(d.bytes);
}

/* The echo of a message of many, with the failing line in it. */
struct line_row {
	const char *title;
	const char *hex;
	uint32_t line;
};

static const struct line_row line_rows[] = {
	{"the failing line is read", REFUSED_LINE, 1501},
	{"an echo that was cut off has no line",
	 "24000000 0200 0000 09000000 00000000 00efffff"
	 "24000000 0906 0500 09000000 00000000",
	 0},
	{"a line of two bytes is none",
	 "38000000 0200 0000 09000000 00000000 00efffff"
	 "24000000 0906 0500 09000000 00000000 02000000"
	 "0500 0100 07000000 0600 0940 05dd0000",
	 0},
	{"an attribute longer than the message is none",
	 "38000000 0200 0000 09000000 00000000 00efffff"
	 "24000000 0906 0500 09000000 00000000 02000000"
	 "0500 0100 07000000 0c00 0940 000005dd",
	 0},
	{"an echo of 2^31 bytes has no line",
	 "38000000 0200 0000 09000000 00000000 00efffff"
	 "00000080 0906 0500 09000000 00000000 02000000"
	 "0500 0100 07000000 0800 0940 000005dd",
	 0},
	{"an echo that ends before the line has none",
	 "38000000 0200 0000 09000000 00000000 00efffff"
	 "1c000000 0906 0500 09000000 00000000 02000000"
	 "0500 0100 07000000 0800 0940 000005dd",
	 0},
	{"an error without an echo has no line",
	 "14000000 0200 0000 09000000 00000000 00efffff", 0},
	{"an error without a code has no line",
	 "10000000 0200 0000 09000000 00000000", 0},
};

static void line(void **state)
{
	const struct line_row *r = *state;
	struct datagram d = datagram_of(r->hex, 0);

	assert_non_null(first_of(&d));
	assert_int_equal(reply_line(first_of(&d)), r->line);
	free(d.bytes);
}

/* ---- entries ---- */

static int keep(void *context, const struct set_entry *entry)
{
	*(struct set_entry *)context = *entry;
	return 5;
}

static void entries(void **state)
{
	struct datagram d = datagram_of(DUMP, 0);
	struct set_entry entry;

	(void)state;
	assert_int_equal(reply_entries(first_of(&d), keep, &entry), 5);
	assert_int_equal(entry.address.family, ADDRESS_V4);
	assert_int_equal(entry.address.prefix, 24);
	assert_int_equal(entry.address.bytes[0], 192);
	assert_int_equal(entry.left, 50);
	assert_int_equal(entry.packets, 3);
	assert_int_equal(entry.bytes, 4294967296);
	free(d.bytes);
}

/* ---- headers ---- */

/* The members of SET_LIST go on. */
static const char more_hex[] =
	"28000000 0706 0200 09000000 00000000 02000000"
	"1400 0880 1000 0780 0a00 1200 736173677900 0000";

static void set_header(void **state)
{
	struct datagram d = datagram_of(SET, 0);
	struct set_header h = {.has_member = true};

	(void)state;
	reply_header(first_of(&d), &h, NULL);
	assert_string_equal(h.type, "hash:net");
	assert_int_equal(h.family, AF_INET);
	assert_true(h.timeouts);
	assert_true(h.counters);
	assert_int_equal(h.identity, 0xd182119c);
	assert_int_equal(h.maxelem, 262144);
	assert_int_equal(h.elements, 7);
	assert_int_equal(h.references, 2);
	assert_false(h.has_member);
	free(d.bytes);
}

struct member_row {
	const char *title;
	const char *member;
	bool first; /* it is in the first message, in the second */
	bool second;
};

static const struct member_row member_rows[] = {
	{"the first member of a list is found", "s4", true, true},
	{"the last member of a message is found", "s6", true, true},
	{"a member of a later message is found", "sasgy", false, true},
	{"a part of a name is no member", "s", false, false},
	{"nobody looks for a member", NULL, false, false},
};

/* Without a seed the index is the identity; without the rest, nothing. */
static void list_header(void **state)
{
	const struct member_row *r = *state;
	struct datagram d = datagram_of(SET_LIST, 0);
	struct datagram more = datagram_of(more_hex, 0);
	struct set_header h = {.maxelem = 7, .has_member = true};

	reply_header(first_of(&d), &h, r->member);
	assert_string_equal(h.type, "list:set");
	assert_int_equal(h.identity, 259);
	assert_false(h.timeouts);
	assert_false(h.counters);
	assert_int_equal(h.maxelem, 0);
	assert_int_equal(h.has_member, r->first);
	reply_header(first_of(&more), &h, r->member);
	assert_string_equal(h.type, "list:set");
	assert_int_equal(h.has_member, r->second);
	free(more.bytes);
	free(d.bytes);
}

static void ranges(void **state)
{
	struct datagram d = datagram_of(
		"24000000 0106 0000 09000000 00000000 02000000" PROTOCOL
		"0500 0a00 06 000000",
		0);
	uint8_t max = 99;
	uint8_t min = 99;

	(void)state;
	assert_int_equal(reply_range(first_of(&d), true, &max, &min), -1);
	assert_int_equal(max, 99);
	assert_int_equal(reply_range(first_of(&d), false, &max, &min), 0);
	assert_int_equal(max, 7);
	assert_int_equal(min, 6);
	free(d.bytes);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	if (BYTE_ORDER == LITTLE_ENDIAN) {
		ROWS(tests, n, parse_rows, parse);
		ROWS(tests, n, line_rows, line);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(entries);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(set_header);
		ROWS(tests, n, member_rows, list_header);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(ranges);
	}
	return _cmocka_run_group_tests("ipset_reply", tests, n, NULL, NULL);
}
