/* ignorelist: whom a ban would touch that must not be touched. */
#include "row.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "machine.h"
#include "nameserver.h"
#include "saslban/ignorelist.h"

static int server; /* the name server's socket */

/* ---- addresses and prefixes ---- */

/* `ignoreip` of each row: entries split by blanks. */
struct fixed_row {
	const char *title;
	const char *ignoreip;
	const char *address;
	const char *entry; /* NULL: may be banned */
};

#define NOBODYS "an address that is nobody's"

static const struct fixed_row fixed_rows[] = {
	{"an address that nobody named", "192.0.2.1", "192.0.2.2", NULL},
	{"an address that is named", "192.0.2.1", "192.0.2.1", "192.0.2.1"},
	{"an address in a prefix", "192.0.2.0/24", "192.0.2.77",
	 "192.0.2.0/24"},
	{"an address beside a prefix", "192.0.2.0/25", "192.0.2.128", NULL},
	{"a prefix in a wider one", "2001:db8::/32", "2001:db8:1:2::/64",
	 "2001:db8::/32"},
	{"a /64 that holds one ignored host", "2001:db8:1:2::53",
	 "2001:db8:1:2::/64", "2001:db8:1:2::53"},
	{"the /64 next to it", "2001:db8:1:2::53", "2001:db8:1:3::/64", NULL},
	{"a /24 that holds one ignored host", "192.0.2.53", "192.0.2.0/24",
	 "192.0.2.53"},
	{"a mapped entry is IPv4", "::ffff:192.0.2.1", "192.0.2.1",
	 "::ffff:192.0.2.1"},
	{"an entry with host bits is its prefix", "192.0.2.77/24", "192.0.2.1",
	 "192.0.2.77/24"},
	{"the first entry that fits is told", "192.0.2.0/24 192.0.2.1",
	 "192.0.2.1", "192.0.2.0/24"},
	{"the last entry counts, too", "192.0.2.1 192.0.2.2 192.0.2.3",
	 "192.0.2.3", "192.0.2.3"},
	{"everybody of one family", "0.0.0.0/0", "198.51.100.1", "0.0.0.0/0"},
	{"... is not the other", "0.0.0.0/0", "2001:db8::1", NULL},
	{"nobody ignored", "", "198.51.100.1", NULL},
	{"nobody ignored is still not loopback", "", "127.0.0.1", NOBODYS},
	{"IPv6 loopback", "", "::1", NOBODYS},
	{"a /64 that holds IPv6 loopback", "", "::/64", NOBODYS},
	{"unspecified", "", "0.0.0.0", NOBODYS},
	{"multicast", "", "224.0.0.251", NOBODYS},
	{"link-local", "", "fe80::1", NOBODYS},
	{"mapped loopback", "", "::ffff:127.0.0.1", NOBODYS},
	{"a /8 that is loopback", "", "127.0.0.0/8", NOBODYS},
};

static void set_ignored(struct settings *s, const char *entries)
{
	char item[SETTINGS_ITEM];
	size_t len;

	settings_init(s);
	assert_int_equal(settings_set(s, "ignoreip", "", NULL), 0);
	for (; *entries != '\0'; entries += len + (entries[len] == ' ')) {
		len = strcspn(entries, " ");
		memcpy(item, entries, len);
		item[len] = '\0';
		assert_int_equal(settings_set(s, "ignoreip", item, NULL), 0);
	}
}

static struct ignorelist *open_list(const struct settings *s)
{
	struct ignorelist *l;
	struct fault why;

	assert_int_equal(ignorelist_open(&l, s, &why), 0);
	return l;
}

static const char *touches(const struct ignorelist *l, const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return ignorelist_touches(l, &a);
}

static void assert_text(const char *text, const char *expected)
{
	if (expected == NULL)
		assert_null(text);
	else if (text == NULL)
		fail_msg("nothing, not '%s'", expected);
	else
		assert_string_equal(text, expected);
}

static void fixed_test(void **state)
{
	const struct fixed_row *r = *state;
	struct settings s;
	struct ignorelist *l;

	set_ignored(&s, r->ignoreip);
	l = open_list(&s);
	/* Without a turn: what is written needs no looking up. */
	assert_text(touches(l, r->address), r->entry);
	assert_int_equal(ignorelist_due(l), INT64_MAX);
	assert_false(ignorelist_turn(l, 5));
	assert_text(touches(l, r->address), r->entry);
	ignorelist_close(l);
}

static void it_takes_as_many_as_settings_do(void **state)
{
	char text[32];
	struct settings s;
	struct ignorelist *l;

	(void)state;
	set_ignored(&s, "");
	for (unsigned i = 0; i < SETTINGS_IGNORED; i++) {
		snprintf(text, sizeof(text), "192.0.%u.%u", i / 100, i % 100);
		assert_int_equal(settings_set(&s, "ignoreip", text, NULL), 0);
	}
	l = open_list(&s);
	assert_text(touches(l, "192.0.0.0"), "192.0.0.0");
	assert_text(touches(l, "192.0.2.55"), "192.0.2.55");
	assert_text(touches(l, "192.0.2.56"), NULL);
	ignorelist_close(l);
	ignorelist_close(NULL);
}

/* ---- ourselves ---- */

static void self_is_looked_at_again(void **state)
{
	struct settings s;
	struct ignorelist *l;

	(void)state;
	set_ignored(&s, "self");
	l = open_list(&s);
	assert_true(ignorelist_due(l) <= 0); /* at once */
	assert_true(ignorelist_turn(l, 1000));
	assert_int_equal(ignorelist_due(l), 1000 + IGNORELIST_SELF_AGAIN);
	assert_text(touches(l, "192.0.2.10"), NULL);
	assert_int_equal(system("ip addr add 192.0.2.10/24 dev here && "
				"ip addr add 2001:db8:5::10/64 dev here nodad "
				"&& ip route add default via 192.0.2.1"),
			 0);
	assert_false(ignorelist_turn(l, 1059)); /* not yet */
	assert_text(touches(l, "192.0.2.10"), NULL);
	assert_true(ignorelist_turn(l, 1060));
	assert_text(touches(l, "192.0.2.10"), "self");
	assert_text(touches(l, "192.0.2.1"), "self"); /* the gateway */
	assert_text(touches(l, "192.0.2.2"), NULL);
	assert_text(touches(l, "192.0.2.0/24"), "self");
	assert_text(touches(l, "2001:db8:5::/64"), "self");
	assert_text(touches(l, "2001:db8:5::99"), NULL);
	assert_false(ignorelist_turn(l, 1120)); /* nothing new */
	assert_int_equal(ignorelist_due(l), 1180);
	assert_int_equal(system("ip addr del 2001:db8:5::10/64 dev here && "
				"ip addr add 2001:db8:5::20/64 dev here nodad"),
			 0);
	assert_true(ignorelist_turn(l, 1180)); /* as many, but others */
	ignorelist_close(l);
}

/* Stands on the addresses that the test above has made. */
static void what_cannot_be_read_stays(void **state)
{
	struct settings s;
	struct ignorelist *l;
	struct rlimit before, none;

	(void)state;
	set_ignored(&s, "self");
	l = open_list(&s);
	ignorelist_turn(l, 0);
	assert_text(touches(l, "192.0.2.10"), "self");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_false(ignorelist_turn(l, 60));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_text(touches(l, "192.0.2.10"), "self");
	assert_text(touches(l, "192.0.2.1"), "self");
	ignorelist_close(l);
}

static void without_self_we_are_not_looked_at(void **state)
{
	struct settings s;
	struct ignorelist *l;

	(void)state;
	set_ignored(&s, "198.51.100.1");
	l = open_list(&s);
	assert_false(ignorelist_turn(l, 0));
	assert_text(touches(l, "192.0.2.10"), NULL);
	ignorelist_close(l);
}

/* ---- names ---- */

/* Turn until no lookup is under way; true when a turn had news. */
static bool finish(struct ignorelist *l, int64_t *boot, const struct answer *a)
{
	bool news = ignorelist_turn(l, *boot);

	for (int tries = 0; ignorelist_due(l) <= *boot + 1; tries++) {
		struct pollfd p = {.fd = server, .events = POLLIN};

		assert_true(tries < 6000);
		if (poll(&p, 1, 10) == 1)
			nameserver_answer(server, a);
		news |= ignorelist_turn(l, ++*boot);
	}
	return news;
}

static const struct answer vpn = {DNS_OK, {"203.0.113.5", "2001:db8:6::5"}};

static void a_host_name_is_its_addresses(void **state)
{
	struct settings s;
	struct ignorelist *l;
	int64_t boot = 100;

	(void)state;
	set_ignored(&s, "198.51.100.1 vpn.example.org");
	l = open_list(&s);
	assert_text(touches(l, "203.0.113.5"), NULL); /* not yet known */
	assert_true(finish(l, &boot, &vpn));
	assert_text(touches(l, "203.0.113.5"), "vpn.example.org");
	assert_text(touches(l, "2001:db8:6::/64"), "vpn.example.org");
	assert_text(touches(l, "203.0.113.6"), NULL);
	assert_text(touches(l, "198.51.100.1"), "198.51.100.1");
	ignorelist_close(l);
}

static void a_name_in_etc_hosts(void **state)
{
	struct settings s;
	struct ignorelist *l;
	int64_t boot = 100;

	(void)state;
	assert_int_equal(machine_file("/etc/hosts", "203.0.113.9 office\n"), 0);
	set_ignored(&s, "office");
	l = open_list(&s);
	assert_true(finish(l, &boot, &vpn));
	assert_text(touches(l, "203.0.113.9"), "office");
	ignorelist_close(l);
}

/* Each turn returns though nobody answers, and the rest of the list works. The
 * last test: its lookup is under way to the end, so that the C library still
 * knows of its memory when leaks are looked for. */
static void a_silent_name_server_stops_nobody(void **state)
{
	struct settings s;
	struct ignorelist *l;

	(void)state;
	set_ignored(&s, "silent.example.org self 198.51.100.0/24");
	l = open_list(&s);
	assert_true(ignorelist_turn(l, 100)); /* self */
	assert_true(nameserver_asked(server));
	for (int64_t boot = 101; boot < 110; boot++) {
		assert_false(ignorelist_turn(l, boot));
		assert_int_equal(ignorelist_due(l), boot + 1);
		assert_text(touches(l, "198.51.100.7"), "198.51.100.0/24");
		assert_text(touches(l, "192.0.2.10"), "self");
		assert_text(touches(l, "203.0.113.5"), NULL);
	}
	ignorelist_close(l);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(it_takes_as_many_as_settings_do),
		cmocka_unit_test(self_is_looked_at_again),
		cmocka_unit_test(what_cannot_be_read_stays),
		cmocka_unit_test(without_self_we_are_not_looked_at),
		cmocka_unit_test(a_host_name_is_its_addresses),
		cmocka_unit_test(a_name_in_etc_hosts),
		cmocka_unit_test(a_silent_name_server_stops_nobody),
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;
	int status;

	if (!machine_ready(&status))
		return status;
	if (machine_link() != 0)
		return 1;
	server = nameserver_open();
	if (server < 0)
		return 1;
	ROWS(tests, n, fixed_rows, fixed_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("ignorelist", tests, n, NULL, NULL);
}
