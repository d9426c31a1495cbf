/*
 * ipset_hostile: answers whose lengths lie. Nothing is read that is not there,
 * and the reading ends. Message lengths that lie are in ipset_reply.c. Pure.
 */
#include "ipset_datagram.h"

#include <endian.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "kernel/exchange.h"

static int count(void *context, const struct set_entry *entry)
{
	char text[ADDRESS_TEXT];

	++*(int *)context;
	assert_true(strlen(address_print(&entry->address, text)) > 0);
	return 0;
}

/* Lengths of attributes that lie: how many entries are read. */
struct lie_row {
	const char *title;
	const char *hex;
	int entries;
};

#define LIST(size) size "000000 0706 0200 09000000 00000000 02000000"
#define ENTRY "1000 0780 0c00 0180 0800 0140 c0000201"

static const struct lie_row lie_rows[] = {
	{"two entries are two", LIST("38") "2400 0880" ENTRY ENTRY, 2},
	{"a nest longer than its message is none",
	 LIST("38") "2500 0880" ENTRY ENTRY, 0},
	{"a nest of the longest length is none",
	 LIST("38") "ffff 0880" ENTRY ENTRY, 0},
	{"a nest shorter than its header is none",
	 LIST("38") "0300 0880" ENTRY ENTRY, 0},
	{"a nest of no length is none, and no endless one",
	 LIST("38") "0000 0880" ENTRY ENTRY, 0},
	{"an empty nest holds nothing", LIST("18") "0400 0880", 0},
	{"an entry of no length ends the nest",
	 LIST("38") "2400 0880" ENTRY "0000 0780 0c00 0180 0800 0140 c0000201",
	 1},
	{"an entry longer than its nest ends it",
	 LIST("38") "2400 0880" ENTRY "1400 0780 0c00 0180 0800 0140 c0000201",
	 1},
	{"an entry that ends with its nest, and a message that goes on",
	 LIST("38") "1400 0880" ENTRY ENTRY, 1},
	{"an address longer than its entry is none",
	 LIST("38") "2400 0880" ENTRY "1000 0780 1000 0180 0800 0140 c0000201",
	 1},
	{"an address of three bytes is none",
	 LIST("38") "2400 0880" ENTRY "1000 0780 0c00 0180 0700 0140 c0000201",
	 1},
	{"a prefix of 33 is no address",
	 LIST("2c") "1c00 0880 1800 0780 0c00 0180 0800 0140 c0000201"
		    "0500 0300 21000000",
	 0},
	{"a message without its second header has no entries",
	 "12000000 0706 0200 09000000 00000000 0200", 0},
	{"the last attribute may lack its padding",
	 "31000000 0706 0200 09000000 00000000 02000000"
	 "1d00 0880 1900 0780 0c00 0180 0800 0140 c0000201 0800 0640 00000032"
	 "00",
	 1},
};

static void lie(void **state)
{
	const struct lie_row *r = *state;
	struct datagram d = datagram_of(r->hex, 0);
	int n = 0;

	assert_non_null(first_of(&d));
	assert_int_equal(reply_entries(first_of(&d), count, &n), 0);
	assert_int_equal(n, r->entries);
	free(d.bytes);
}

/* ---- anything ---- */

/* Everything that reads, over all messages of a datagram. */
static void read_all(const struct datagram *d)
{
	struct exchange x = {.count = 3};
	const struct nlmsghdr *reply;
	struct set_header h;
	uint8_t max, min;
	size_t messages = 0;
	size_t at = 0;
	int n = 0;

	(void)exchange_parse_replies(&x, 7, d->bytes, d->len);
	while ((reply = reply_next(d->bytes, d->len, &at)) != NULL) {
		/* It gets on, and out of the datagram it does not get. */
		assert_true(++messages <= d->len / sizeof(*reply));
		assert_true(at <= d->len);
		(void)reply_code(reply);
		(void)reply_line(reply);
		memset(&h, 0, sizeof(h));
		reply_header(reply, &h, "s6");
		assert_true(strlen(h.type) < sizeof(h.type));
		(void)reply_entries(reply, count, &n);
		(void)reply_range(reply, true, &max, &min);
	}
}

struct any_row {
	const char *title;
	const char *hex;
};

static const struct any_row any_rows[] = {
	{"any byte of a refusal", REFUSED_LINE ACK("09000000")},
	{"any byte of a dump", DUMP},
	{"any byte of a set's header", SET},
	{"any byte of a list's header", SET_LIST},
};

/* Every byte of a datagram takes every value, and its end every place. */
static void any_byte(void **state)
{
	const struct any_row *r = *state;
	struct datagram d = datagram_of(r->hex, 0);
	unsigned char *bytes = d.bytes;

	for (size_t i = 0; i < d.len; i++) {
		unsigned char before = bytes[i];

		for (unsigned value = 0; value < 256; value++) {
			bytes[i] = (unsigned char)value;
			read_all(&d);
		}
		bytes[i] = before;
	}
	for (size_t cut = 1; cut <= d.len; cut++) {
		struct datagram part = datagram_of(r->hex, cut);

		read_all(&part);
		free(part.bytes);
	}
	free(d.bytes);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	alarm(300); /* a reading that does not end fails */
	if (BYTE_ORDER == LITTLE_ENDIAN) {
		ROWS(tests, n, lie_rows, lie);
		ROWS(tests, n, any_rows, any_byte);
	}
	return _cmocka_run_group_tests("ipset_hostile", tests, n, NULL, NULL);
}
