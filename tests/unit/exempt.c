/* exempt: who may not be banned, with the reason, and who is banned instead. */
#include "row.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "machine.h"
#include "nameserver.h"
#include "saslban/exempt.h"

static int server; /* the name server's socket */

/* ---- addresses and prefixes ---- */

/* `ignoreip` of each row: entries split by blanks. */
struct fixed_row {
	const char *title;
	const char *ignoreip;
	const char *address;
	enum exempt_kind kind;
	const char *sentence; /* NULL: may be banned */
};

static const struct fixed_row fixed_rows[] = {
	{"an address that nobody named", "192.0.2.1", "192.0.2.2", EXEMPT_NOT,
	 NULL},
	{"an address that is named", "192.0.2.1", "192.0.2.1", EXEMPT_ADDRESS,
	 "ignoreip has '192.0.2.1'"},
	{"an address in a prefix", "192.0.2.0/24", "192.0.2.77", EXEMPT_ADDRESS,
	 "ignoreip has '192.0.2.0/24'"},
	{"an address beside a prefix", "192.0.2.0/25", "192.0.2.128",
	 EXEMPT_NOT, NULL},
	{"a prefix in a wider one", "2001:db8::/32", "2001:db8:1:2::/64",
	 EXEMPT_ADDRESS, "ignoreip has '2001:db8::/32'"},
	{"a /64 that holds one exempt host", "2001:db8:1:2::53",
	 "2001:db8:1:2::/64", EXEMPT_ADDRESS,
	 "ignoreip has '2001:db8:1:2::53', which is in it"},
	{"the /64 next to it", "2001:db8:1:2::53", "2001:db8:1:3::/64",
	 EXEMPT_NOT, NULL},
	{"a /24 that holds one exempt host", "192.0.2.53", "192.0.2.0/24",
	 EXEMPT_ADDRESS, "ignoreip has '192.0.2.53', which is in it"},
	{"a mapped entry is IPv4", "::ffff:192.0.2.1", "192.0.2.1",
	 EXEMPT_ADDRESS, "ignoreip has '::ffff:192.0.2.1'"},
	{"an entry with host bits is its prefix", "192.0.2.77/24", "192.0.2.1",
	 EXEMPT_ADDRESS, "ignoreip has '192.0.2.77/24'"},
	{"the first entry that covers it is told", "192.0.2.0/24 192.0.2.1",
	 "192.0.2.1", EXEMPT_ADDRESS, "ignoreip has '192.0.2.0/24'"},
	{"what covers all of it goes before what is in it",
	 "192.0.2.1 192.0.0.0/16 192.0.2.0/24", "192.0.2.0/24", EXEMPT_ADDRESS,
	 "ignoreip has '192.0.0.0/16'"},
	{"the first of several in it is told", "192.0.2.1 192.0.2.2",
	 "192.0.2.0/24", EXEMPT_ADDRESS,
	 "ignoreip has '192.0.2.1', which is in it"},
	{"the last entry counts, too", "192.0.2.1 192.0.2.2 192.0.2.3",
	 "192.0.2.3", EXEMPT_ADDRESS, "ignoreip has '192.0.2.3'"},
	{"everybody of one family", "0.0.0.0/0", "198.51.100.1", EXEMPT_ADDRESS,
	 "ignoreip has '0.0.0.0/0'"},
	{"... is not the other", "0.0.0.0/0", "2001:db8::1", EXEMPT_NOT, NULL},
	{"nobody exempt", "", "198.51.100.1", EXEMPT_NOT, NULL},
	{"nobody exempt is still not loopback", "", "127.0.0.1", EXEMPT_SPECIAL,
	 "it is loopback: never banned"},
	{"... not even where ignoreip has it", "127.0.0.1", "127.0.0.1",
	 EXEMPT_SPECIAL, "it is loopback: never banned"},
	{"IPv6 loopback", "", "::1", EXEMPT_SPECIAL,
	 "it is loopback: never banned"},
	{"a /64 that holds IPv6 loopback", "", "::/64", EXEMPT_SPECIAL,
	 ":: in it is unspecified: never banned"},
	{"unspecified", "", "0.0.0.0", EXEMPT_SPECIAL,
	 "it is unspecified: never banned"},
	{"multicast", "", "224.0.0.251", EXEMPT_SPECIAL,
	 "it is multicast: never banned"},
	{"link-local", "", "fe80::1", EXEMPT_SPECIAL,
	 "it is link-local: never banned"},
	{"mapped loopback", "", "::ffff:127.0.0.1", EXEMPT_SPECIAL,
	 "it is loopback: never banned"},
	{"a /8 that is loopback", "", "127.0.0.0/8", EXEMPT_SPECIAL,
	 "it is loopback: never banned"},
	{"a prefix that holds loopback", "", "126.0.0.0/7", EXEMPT_SPECIAL,
	 "127.0.0.0/8 in it is loopback: never banned"},
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

static struct exempt *open_exempt(const struct settings *s)
{
	struct exempt *x;
	struct fault why;

	assert_int_equal(exempt_open(&x, s, &why), 0);
	return x;
}

static struct address read_address(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return a;
}

/* NULL: it may be banned. */
static void assert_exempt(const struct exempt *x, const char *address,
			  const char *sentence)
{
	struct address a = read_address(address);
	struct exempt_reason why = {.kind = EXEMPT_HOSTNAME};
	char text[EXEMPT_TEXT];

	assert_int_equal(exempt_find(x, &a, &why), sentence != NULL);
	assert_int_equal(exempt_find(x, &a, NULL), sentence != NULL);
	exempt_print(&why, text);
	if (sentence == NULL)
		sentence = "it is not exempt";
	assert_string_equal(text, sentence);
}

static void fixed_test(void **state)
{
	const struct fixed_row *r = *state;
	struct address a = read_address(r->address);
	struct exempt_reason why;
	struct settings s;
	struct exempt *x;

	set_ignored(&s, r->ignoreip);
	x = open_exempt(&s);
	/* Without a poll: what is written needs no looking up. */
	assert_exempt(x, r->address, r->sentence);
	exempt_find(x, &a, &why);
	assert_int_equal(why.kind, r->kind);
	assert_int_equal(exempt_due(x), INT64_MAX);
	exempt_poll(x, (struct moment){.wall = 5, .boot = 5});
	assert_int_equal(exempt_generation(x), 1);
	assert_exempt(x, r->address, r->sentence);
	exempt_close(x);
}

static void it_takes_as_many_as_settings_do(void **state)
{
	char text[32];
	struct settings s;
	struct exempt *x;

	(void)state;
	set_ignored(&s, "");
	for (unsigned i = 0; i < SETTINGS_IGNORED; i++) {
		snprintf(text, sizeof(text), "192.0.%u.%u", i / 100, i % 100);
		assert_int_equal(settings_set(&s, "ignoreip", text, NULL), 0);
	}
	x = open_exempt(&s);
	assert_exempt(x, "192.0.0.0", "ignoreip has '192.0.0.0'");
	assert_exempt(x, "192.0.2.55", "ignoreip has '192.0.2.55'");
	assert_exempt(x, "192.0.2.56", NULL);
	exempt_close(x);
	exempt_close(NULL);
}

static void the_longest_sentence_fits(void **state)
{
	struct exempt_reason why = {.kind = EXEMPT_HOSTNAME, .part = true};
	char name[SETTINGS_ITEM], file[SETTINGS_ITEM], text[EXEMPT_TEXT];
	size_t len;

	(void)state;
	memset(file, 'f', sizeof(file) - 1);
	file[sizeof(file) - 1] = '\0';
	why.file = file;
	why.address =
		read_address("2001:db8:1111:2222:3333:4444:5555:fffe/127");
	why.entry = name;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	len = strlen(exempt_print(&why, text));
	assert_string_equal(text + len - strlen("f)"), "f)");
}

struct word_row {
	const char *title; /* the word */
	enum exempt_kind kind;
};

static const struct word_row word_rows[] = {
	{"not", EXEMPT_NOT},         {"special", EXEMPT_SPECIAL},
	{"address", EXEMPT_ADDRESS}, {"self", EXEMPT_SELF},
	{"gateway", EXEMPT_GATEWAY}, {"hostname", EXEMPT_HOSTNAME},
	{"file", EXEMPT_FILE},       {"allow", EXEMPT_ALLOW},
};

static void word_test(void **state)
{
	const struct word_row *r = *state;

	assert_string_equal(exempt_word(r->kind), r->title);
}

/* ---- the offender ---- */

struct offender_row {
	const char *title;
	const char *ignoreip;
	unsigned prefix4;
	const char *host;
	const char *offender;
	const char *sentence; /* NULL: may be banned */
};

static const struct offender_row offender_rows[] = {
	{"offender: an IPv4 host", "", 32, "192.0.2.7", "192.0.2.7", NULL},
	{"offender: the prefix of an IPv4 host", "", 24, "192.0.2.7",
	 "192.0.2.0/24", NULL},
	{"offender: the /64 of an IPv6 host", "", 32, "2001:db8:1:2:3::4",
	 "2001:db8:1:2::/64", NULL},
	{"offender: alone beside an exempt host", "2001:db8:1:2::53", 32,
	 "2001:db8:1:2:3::4", "2001:db8:1:2:3::4", NULL},
	{"offender: alone beside an exempt prefix", "192.0.2.0/29", 24,
	 "192.0.2.8", "192.0.2.8", NULL},
	{"offender: the exempt host is none", "2001:db8:1:2::53", 32,
	 "2001:db8:1:2::53", "2001:db8:1:2::53",
	 "ignoreip has '2001:db8:1:2::53'"},
	{"offender: nobody in an exempt prefix is one", "2001:db8::/32", 32,
	 "2001:db8:1:2:3::4", "2001:db8:1:2:3::4",
	 "ignoreip has '2001:db8::/32'"},
	{"offender: loopback is none", "", 32, "::1", "::1",
	 "it is loopback: never banned"},
	{"offender: a neighbour of loopback, alone", "", 32, "::2", "::2",
	 NULL},
};

static void offender_test(void **state)
{
	const struct offender_row *r = *state;
	struct address host = read_address(r->host), offender;
	struct exempt_reason why;
	char text[EXEMPT_TEXT];
	struct settings s;
	struct exempt *x;

	set_ignored(&s, r->ignoreip);
	s.prefix4 = r->prefix4;
	x = open_exempt(&s);
	assert_int_equal(exempt_offender(x, &host, &offender, &why),
			 r->sentence == NULL);
	assert_string_equal(address_print(&offender, text), r->offender);
	assert_string_equal(exempt_print(&why, text),
			    r->sentence == NULL ? "it is not exempt"
						: r->sentence);
	assert_int_equal(exempt_offender(x, &host, &offender, NULL),
			 r->sentence == NULL);
	exempt_close(x);
}

/* ---- ourselves ---- */

/* The wall clock is WALL ahead of the boot clock. */
enum { WALL = 1700000000 };

/* True when somebody is exempt who was not. */
static bool poll_at(struct exempt *x, int64_t boot)
{
	uint64_t before = exempt_generation(x);

	exempt_poll(x, (struct moment){.wall = WALL + boot, .boot = boot});
	return exempt_generation(x) != before;
}

static void self_is_looked_at_again(void **state)
{
	struct settings s;
	struct exempt *x;

	(void)state;
	set_ignored(&s, "self");
	x = open_exempt(&s);
	assert_true(exempt_due(x) <= 0); /* at once */
	assert_true(poll_at(x, 1000));
	assert_int_equal(exempt_due(x), 1000 + EXEMPT_SELF_AGAIN);
	assert_exempt(x, "192.0.2.10", NULL);
	assert_int_equal(system("ip addr add 192.0.2.10/24 dev here && "
				"ip addr add 2001:db8:5::10/64 dev here nodad "
				"&& ip route add default via 192.0.2.1"),
			 0);
	assert_false(poll_at(x, 1059)); /* not yet */
	assert_exempt(x, "192.0.2.10", NULL);
	assert_true(poll_at(x, 1060));
	assert_exempt(x, "192.0.2.10",
		      "it is this machine's own address ('self')");
	assert_exempt(x, "192.0.2.1", "it is the default gateway ('self')");
	assert_exempt(x, "192.0.2.2", NULL);
	assert_exempt(x, "192.0.2.0/24",
		      "192.0.2.10 in it is this machine's own address "
		      "('self')");
	assert_exempt(x, "192.0.2.0/30",
		      "192.0.2.1 in it is the default gateway ('self')");
	assert_exempt(x, "2001:db8:5::/64",
		      "2001:db8:5::10 in it is this machine's own address "
		      "('self')");
	assert_exempt(x, "2001:db8:5::99", NULL);
	assert_false(poll_at(x, 1120)); /* nothing new */
	assert_int_equal(exempt_due(x), 1180);
	assert_int_equal(system("ip addr del 2001:db8:5::10/64 dev here && "
				"ip addr add 2001:db8:5::20/64 dev here nodad"),
			 0);
	assert_true(poll_at(x, 1180)); /* as many, but others */
	assert_exempt(x, "2001:db8:5::10", NULL);
	assert_int_equal(system("ip addr del 2001:db8:5::20/64 dev here"), 0);
	assert_false(poll_at(x, 1240)); /* nobody is exempt who was not */
	assert_exempt(x, "2001:db8:5::20", NULL);
	exempt_close(x);
}

/* No more descriptors; *before is what there were. */
static void lose_descriptors(struct rlimit *before)
{
	struct rlimit none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
	none = *before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

/* This and the next two stand on the addresses that the test above has
 * made. */
static void what_cannot_be_read_stays(void **state)
{
	struct settings s;
	struct exempt *x;
	struct rlimit before;

	(void)state;
	set_ignored(&s, "self");
	x = open_exempt(&s);
	poll_at(x, 0);
	lose_descriptors(&before);
	assert_false(poll_at(x, 60));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_exempt(x, "192.0.2.10",
		      "it is this machine's own address ('self')");
	assert_exempt(x, "192.0.2.1", "it is the default gateway ('self')");
	exempt_close(x);
}

static void a_program_looks_once(void **state)
{
	struct settings s;
	struct exempt *x;
	struct rlimit before;
	struct fault why;

	(void)state;
	set_ignored(&s, "self vpn.example.org");
	x = open_exempt(&s);
	lose_descriptors(&before);
	assert_int_equal(exempt_look(x, &why), -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(why.kind, FAULT_SYSTEM);
	assert_string_equal(why.text, "cannot read this machine's addresses: "
				      "Too many open files");
	assert_int_equal(exempt_look(x, &why), 0);
	assert_exempt(x, "192.0.2.10",
		      "it is this machine's own address ('self')");
	exempt_close(x);
}

static void without_self_we_are_not_looked_at(void **state)
{
	struct settings s;
	struct exempt *x;
	struct fault why;

	(void)state;
	set_ignored(&s, "198.51.100.1");
	x = open_exempt(&s);
	assert_false(poll_at(x, 0));
	assert_int_equal(exempt_look(x, &why), 0);
	assert_exempt(x, "192.0.2.10", NULL);
	exempt_close(x);
}

/* ---- names ---- */

/* Poll until no lookup is under way; true when somebody is exempt who was
 * not. The number of tries only ends a test that would hang. */
static bool finish(struct exempt *x, int64_t *boot, const struct answer *a)
{
	bool news = poll_at(x, *boot);

	for (int tries = 0; exempt_due(x) <= *boot + 1; tries++) {
		struct pollfd p = {.fd = server, .events = POLLIN};

		assert_true(tries < 30000);
		if (poll(&p, 1, 10) == 1)
			nameserver_answer(server, a);
		news |= poll_at(x, ++*boot);
	}
	return news;
}

static const struct answer vpn = {DNS_OK, {"203.0.113.5", "2001:db8:6::5"}};
static const struct answer moved = {DNS_OK, {"203.0.113.6"}};
static const struct answer broken = {DNS_SERVFAIL, {NULL}};

static void a_host_name_is_its_addresses(void **state)
{
	struct settings s;
	struct exempt *x;
	int64_t boot = 100;

	(void)state;
	set_ignored(&s, "198.51.100.1 vpn.example.org");
	x = open_exempt(&s);
	assert_exempt(x, "203.0.113.5", NULL); /* not yet known */
	assert_true(finish(x, &boot, &vpn));
	assert_exempt(x, "203.0.113.5", "it is 'vpn.example.org' (ignoreip)");
	assert_exempt(x, "2001:db8:6::/64",
		      "2001:db8:6::5 in it is 'vpn.example.org' (ignoreip)");
	assert_exempt(x, "203.0.113.6", NULL);
	assert_exempt(x, "198.51.100.1", "ignoreip has '198.51.100.1'");
	exempt_close(x);
}

static void a_name_in_etc_hosts(void **state)
{
	struct settings s;
	struct exempt *x;
	int64_t boot = 100;

	(void)state;
	assert_int_equal(machine_file("/etc/hosts", "203.0.113.9 office\n"), 0);
	set_ignored(&s, "office");
	x = open_exempt(&s);
	assert_true(finish(x, &boot, &vpn));
	assert_exempt(x, "203.0.113.9", "it is 'office' (ignoreip)");
	exempt_close(x);
}

static void assert_name(const struct exempt *x, size_t i, int64_t now,
			enum exempt_name_state state, int64_t at,
			const char *addresses)
{
	struct exempt_name n = exempt_name(x, i, now);
	char text[256] = "", address[ADDRESS_TEXT];

	for (size_t k = 0; k < n.n; k++) {
		strcat(text, k == 0 ? "" : " ");
		strcat(text, address_print(&n.address[k], address));
	}
	assert_string_equal(text, addresses);
	assert_int_equal(n.state, state);
	assert_int_equal(n.at, at);
}

/* A program that does not poll knows what it was told, and how old that is. */
static void names_are_remembered(void **state)
{
	struct address a = read_address("203.0.113.5");
	struct address b = read_address("2001:db8:6::5");
	struct settings s;
	struct exempt *x;

	(void)state;
	set_ignored(&s, "192.0.2.1 vpn.example.org self office");
	x = open_exempt(&s);
	assert_int_equal(exempt_names(x), 2);
	exempt_remember(x, "vpn.example.org", &a, 5000);
	assert_int_equal(exempt_generation(x), 2);
	exempt_remember(x, "vpn.example.org", &b, 5000);
	assert_int_equal(exempt_generation(x), 3);
	exempt_remember(x, "elsewhere", &b, 5000);
	assert_int_equal(exempt_generation(x), 3);
	assert_exempt(x, "203.0.113.5", "it is 'vpn.example.org' (ignoreip)");
	assert_string_equal(exempt_name(x, 0, 5000).text, "vpn.example.org");
	assert_string_equal(exempt_name(x, 1, 5000).text, "office");
	assert_name(x, 0, 5000 + EXEMPT_FRESH, EXEMPT_NAME_RESOLVED, 5000,
		    "203.0.113.5 2001:db8:6::5");
	assert_name(x, 0, 5001 + EXEMPT_FRESH, EXEMPT_NAME_KEPT, 5000,
		    "203.0.113.5 2001:db8:6::5");
	assert_name(x, 1, 5000, EXEMPT_NAME_UNKNOWN, 0, "");
	assert_false(exempt_name(x, 0, 5000).unsaved);
	exempt_close(x);
}

static void what_is_resolved_has_to_be_saved(void **state)
{
	struct address old = read_address("203.0.113.99");
	struct settings s;
	struct exempt *x;
	int64_t boot = 100, good;

	(void)state;
	set_ignored(&s, "vpn.example.org");
	x = open_exempt(&s);
	exempt_remember(x, "vpn.example.org", &old, WALL);
	assert_false(finish(x, &boot, &broken));
	assert_name(x, 0, WALL + boot, EXEMPT_NAME_KEPT, WALL, "203.0.113.99");
	assert_string_equal(exempt_name(x, 0, 0).trouble,
			    "Temporary failure in name resolution");
	assert_false(exempt_name(x, 0, 0).unsaved);
	boot = exempt_due(x);
	assert_true(finish(x, &boot, &moved));
	good = WALL + boot;
	assert_name(x, 0, good, EXEMPT_NAME_RESOLVED, good, "203.0.113.6");
	assert_true(exempt_name(x, 0, 0).unsaved);
	exempt_saved(x, 0);
	assert_false(exempt_name(x, 0, 0).unsaved);
	assert_null(exempt_name(x, 0, 0).trouble);
	boot = exempt_due(x);
	finish(x, &boot, &broken);
	assert_name(x, 0, WALL + boot, EXEMPT_NAME_KEPT, good, "203.0.113.6");
	assert_false(exempt_name(x, 0, 0).unsaved);
	exempt_close(x);
}

static void states_have_words(void **state)
{
	(void)state;
	assert_string_equal(exempt_name_word(EXEMPT_NAME_UNKNOWN), "unknown");
	assert_string_equal(exempt_name_word(EXEMPT_NAME_RESOLVED), "resolved");
	assert_string_equal(exempt_name_word(EXEMPT_NAME_KEPT), "kept");
}

/* ---- news ---- */

static void assert_news(struct exempt *x, int64_t boot, bool trouble,
			const char *text)
{
	struct exempt_news news;

	assert_true(exempt_news(x, WALL + boot, &news));
	assert_string_equal(news.text, text);
	assert_int_equal(news.trouble, trouble);
}

static void assert_no_news(struct exempt *x, int64_t boot)
{
	struct exempt_news news;

	assert_false(exempt_news(x, WALL + boot, &news));
}

static void a_name_without_an_address_is_told_once(void **state)
{
	struct settings s;
	struct exempt *x;
	int64_t boot = 100;

	(void)state;
	set_ignored(&s, "vpn.example.org a.example.org");
	x = open_exempt(&s);
	assert_no_news(x, boot); /* not tried yet */
	poll_at(x, boot);
	assert_no_news(x, boot); /* no answer yet */
	finish(x, &boot, &broken);
	assert_news(x, boot, true,
		    "ignoreip name 'vpn.example.org' has no address yet "
		    "(Temporary failure in name resolution): nobody is exempt "
		    "by it");
	assert_news(x, boot, true,
		    "ignoreip name 'a.example.org' has no address yet "
		    "(Temporary failure in name resolution): nobody is exempt "
		    "by it");
	assert_no_news(x, boot);
	boot = exempt_due(x) + 60;
	finish(x, &boot, &broken);
	assert_no_news(x, boot);
	boot = exempt_due(x) + 60;
	finish(x, &boot, &vpn);
	assert_news(x, boot, false,
		    "ignoreip name 'vpn.example.org' is resolved: 203.0.113.5 "
		    "and 1 more");
	assert_news(x, boot, false,
		    "ignoreip name 'a.example.org' is resolved: 203.0.113.5 "
		    "and 1 more");
	assert_no_news(x, boot);
	/* Its addresses are known, so that nothing is wrong for a day. */
	boot = exempt_due(x) + 60;
	finish(x, &boot, &broken);
	assert_no_news(x, boot);
	exempt_close(x);
}

static void a_name_that_is_stale_is_told_once(void **state)
{
	struct address a = read_address("203.0.113.5");
	struct settings s;
	struct exempt *x;
	int64_t boot = 100;

	(void)state;
	set_ignored(&s, "vpn.example.org");
	x = open_exempt(&s);
	exempt_remember(x, "vpn.example.org", &a, WALL);
	finish(x, &boot, &broken);
	assert_no_news(x, boot);
	boot = EXEMPT_STALE; /* to the second a day */
	finish(x, &boot, &broken);
	assert_no_news(x, EXEMPT_STALE);
	boot = EXEMPT_STALE + 7200;
	finish(x, &boot, &broken);
	assert_news(x, EXEMPT_STALE + 7200, true,
		    "ignoreip name 'vpn.example.org' could not be looked up "
		    "for 1d 2h (Temporary failure in name resolution): its "
		    "last known addresses stay exempt");
	assert_no_news(x, boot);
	boot = exempt_due(x);
	finish(x, &boot, &moved);
	assert_news(x, boot, false,
		    "ignoreip name 'vpn.example.org' is resolved: 203.0.113.6");
	assert_no_news(x, boot);
	exempt_close(x);
}

/* Each poll returns though nobody answers, and the rest of the list works. The
 * last test: its lookup is under way to the end, so that the C library still
 * knows of its memory when leaks are looked for. */
static void a_silent_name_server_stops_nobody(void **state)
{
	struct settings s;
	struct exempt *x;

	(void)state;
	set_ignored(&s, "silent.example.org self 198.51.100.0/24");
	x = open_exempt(&s);
	assert_true(poll_at(x, 100)); /* self */
	assert_true(nameserver_asked(server));
	for (int64_t boot = 101; boot < 110; boot++) {
		assert_false(poll_at(x, boot));
		assert_int_equal(exempt_due(x), boot + 1);
		assert_exempt(x, "198.51.100.7",
			      "ignoreip has '198.51.100.0/24'");
		assert_exempt(x, "192.0.2.10",
			      "it is this machine's own address ('self')");
		assert_exempt(x, "203.0.113.5", NULL);
		assert_no_news(x, boot);
	}
	exempt_close(x);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(it_takes_as_many_as_settings_do),
		cmocka_unit_test(the_longest_sentence_fits),
		cmocka_unit_test(self_is_looked_at_again),
		cmocka_unit_test(what_cannot_be_read_stays),
		cmocka_unit_test(a_program_looks_once),
		cmocka_unit_test(without_self_we_are_not_looked_at),
		cmocka_unit_test(a_host_name_is_its_addresses),
		cmocka_unit_test(a_name_in_etc_hosts),
		cmocka_unit_test(names_are_remembered),
		cmocka_unit_test(what_is_resolved_has_to_be_saved),
		cmocka_unit_test(states_have_words),
		cmocka_unit_test(a_name_without_an_address_is_told_once),
		cmocka_unit_test(a_name_that_is_stale_is_told_once),
		cmocka_unit_test(a_silent_name_server_stops_nobody),
	};
	struct CMUnitTest tests[96] = {{0}};
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
	ROWS(tests, n, word_rows, word_test);
	ROWS(tests, n, offender_rows, offender_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("exempt", tests, n, NULL, NULL);
}
