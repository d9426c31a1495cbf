/*
 * ipset_reply: the reading of answers, whole ones and broken ones, and the
 * sentences that become of them. Pure; bytes as in ipset_message.c.
 */
#include "hex.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "kernel/ipset_impl.h"

#define PROTOCOL "0500 0100 07 000000"

/* Answers to a conversation of three messages numbered 7, 8 and 9. */
struct hear_row {
	const char *title;
	const char *hex;
	size_t cut; /* bytes taken off the end */
	int over;
	int code[3];
};

#define ERROR_SIZE "24000000 0200 0000"
#define ECHO " 10000000 0906 0500 00000000 00000000"
#define ACK(seq) ERROR_SIZE seq "00000000 00000000" ECHO
#define REFUSED(seq, code) ERROR_SIZE seq "00000000" code ECHO
#define DONE(code) "14000000 0300 0200 09000000 00000000" code

static const struct hear_row hear_rows[] = {
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
	{"nothing is nothing", "", 0, 0, {0}},
};

static void hear(void **state)
{
	const struct hear_row *r = *state;
	union {
		struct nlmsghdr aligned;
		unsigned char bytes[512];
	} in;
	struct ipset_talk t = {.count = 3};
	size_t n = from_hex(r->hex, in.bytes) - r->cut;

	assert_int_equal(ipset_talk_hear(&t, 7, in.bytes, n), r->over);
	for (int i = 0; i < 3; i++)
		assert_int_equal(t.code[i], r->code[i]);
}

/* The echo of a message of many, with the failing line in it. */
struct line_row {
	const char *title;
	const char *hex;
	uint32_t line;
};

static const struct line_row line_rows[] = {
	{"the failing line is read",
	 "38000000 0200 0000 09000000 00000000 00efffff"
	 "24000000 0906 0500 09000000 00000000 02000000"
	 "0500 0100 07000000 0800 0940 000005dd",
	 1501},
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
};

static void line(void **state)
{
	const struct line_row *r = *state;
	union {
		struct nlmsghdr aligned;
		unsigned char bytes[512];
	} in;

	from_hex(r->hex, in.bytes);
	assert_int_equal(ipset_read_line(&in.aligned), r->line);
}

static int keep(void *context, const struct entry_seen *seen)
{
	*(struct entry_seen *)context = *seen;
	return 5;
}

static void entries_of_a_dump(void **state)
{
	union {
		struct nlmsghdr aligned;
		unsigned char bytes[512];
	} in;
	struct entry_seen seen;

	(void)state;
	/* one that is no address, one exception, one that is seen */
	from_hex("70000000 0706 0200 09000000 00000000 02000000" PROTOCOL
		 "5400 0880"
		 "0c00 0780 0800 0640 00000032"
		 "1800 0780 0c00 0180 0800 0140 c6336407"
		 "0800 0840 00000004"
		 "2c00 0780 0c00 0180 0800 0140 c0000200 0500 0300 18000000"
		 "0800 0640 00000032"
		 "0c00 1940 0000000000000003",
		 in.bytes);
	assert_int_equal(ipset_read_entries(&in.aligned, keep, &seen), 5);
	assert_int_equal(seen.address.family, ADDRESS_V4);
	assert_int_equal(seen.address.prefix, 24);
	assert_int_equal(seen.address.bytes[0], 192);
	assert_int_equal(seen.left, 50);
	assert_int_equal(seen.packets, 3);
	assert_int_equal(seen.bytes, 0);
}

/* The header of a set, newer and older kernels. */
static void headers(void **state)
{
	static const char *const member[ENFORCER_FAMILIES] = {"s4", "s6"};
	union {
		struct nlmsghdr aligned;
		unsigned char bytes[512];
	} in;
	struct ipset_header h = {.maxelem = 0};

	(void)state;
	from_hex("70000000 0706 0200 09000000 00000000 02000000" PROTOCOL
		 "0d00 0300 686173683a6e657400 000000"
		 "0500 0500 02 000000"
		 "0600 0b40 0003 0000"
		 "3400 0780"
		 "0800 0640 00000258"
		 "0800 0840 00000008"
		 "0800 1140 d182119c"
		 "0800 1340 00040000"
		 "0800 1840 00000007"
		 "0800 1940 00000002",
		 in.bytes);
	ipset_read_header(&in.aligned, &h, NULL);
	assert_string_equal(h.type, "hash:net");
	assert_int_equal(h.family, AF_INET);
	assert_true(h.timeouts);
	assert_true(h.counters);
	assert_int_equal(h.identity, 0xd182119c);
	assert_int_equal(h.maxelem, 262144);
	assert_int_equal(h.elements, 7);
	assert_int_equal(h.references, 2);
	/* without a seed the index is the identity; without the rest, none */
	from_hex("4c000000 0706 0200 09000000 00000000 02000000" PROTOCOL
		 "0d00 0300 6c6973743a73657400 000000"
		 "0600 0b40 0103 0000"
		 "0400 0780"
		 "1400 0880"
		 "0c00 0780 0700 1200 733600 00"
		 "0400 0780",
		 in.bytes);
	ipset_read_header(&in.aligned, &h, member);
	assert_string_equal(h.type, "list:set");
	assert_int_equal(h.identity, 259);
	assert_false(h.timeouts);
	assert_false(h.counters);
	assert_int_equal(h.maxelem, 0);
	assert_false(h.holds[0]);
	assert_true(h.holds[1]);
}

static void ranges(void **state)
{
	union {
		struct nlmsghdr aligned;
		unsigned char bytes[512];
	} in;
	uint8_t most = 99;
	uint8_t least = 99;

	(void)state;
	from_hex("24000000 0106 0000 09000000 00000000 02000000" PROTOCOL
		 "0500 0a00 06 000000",
		 in.bytes);
	assert_int_equal(ipset_read_range(&in.aligned, true, &most, &least),
			 -1);
	assert_int_equal(most, 99);
	assert_int_equal(ipset_read_range(&in.aligned, false, &most, &least),
			 0);
	assert_int_equal(most, 7);
	assert_int_equal(least, 6);
}

/* ---- sentences ---- */

struct fault_row {
	const char *title;
	int code;
	bool list;
	enum fault_kind kind;
	const char *text;
};

static const struct fault_row fault_rows[] = {
	{"a missing set is told apart", ENOENT, false, FAULT_SET_GONE,
	 "cannot add to set 's4': there is no such set"},
	{"a full set", 4352, false, FAULT_ENFORCE,
	 "cannot add to set 's4': the set is full"},
	{"the same number of a list is something else", 4352, true,
	 FAULT_SET_GONE,
	 "cannot add to set 's4': a member of the list is gone"},
	{"an error of the system", ENOMEM, false, FAULT_ENFORCE,
	 "cannot add to set 's4': Cannot allocate memory"},
	{"a code of ipset that nobody knows is a number", 4222, false,
	 FAULT_ENFORCE, "cannot add to set 's4': the kernel's ipset says 4222"},
	{"a code of a type that nobody knows is a number", 4360, false,
	 FAULT_ENFORCE, "cannot add to set 's4': the kernel's ipset says 4360"},
};

static void sentence(void **state)
{
	const struct fault_row *r = *state;
	struct fault why = {.kind = FAULT_NONE};

	assert_int_equal(
		ipset_refused(&why, "add to set", "s4", r->list, r->code), -1);
	assert_int_equal(why.kind, r->kind);
	assert_string_equal(why.text, r->text);
}

static void no_socket(void **state)
{
	struct fault why;

	(void)state;
	assert_int_equal(ipset_no_socket(&why, EAFNOSUPPORT), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(
		why.text,
		"cannot open a netlink socket: Address family not supported "
		"by protocol; a systemd unit with RestrictAddressFamilies= "
		"has to list AF_NETLINK");
	assert_int_equal(ipset_no_socket(&why, EMFILE), -1);
	assert_string_equal(why.text, "cannot open a netlink socket: Too many "
				      "open files");
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	if (BYTE_ORDER == LITTLE_ENDIAN) {
		ROWS(tests, n, hear_rows, hear);
		ROWS(tests, n, line_rows, line);
		tests[n++] =
			(struct CMUnitTest)cmocka_unit_test(entries_of_a_dump);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(headers);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(ranges);
	}
	ROWS(tests, n, fault_rows, sentence);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(no_socket);
	return _cmocka_run_group_tests("ipset_reply", tests, n, NULL, NULL);
}
