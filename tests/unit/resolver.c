/* resolver: names become addresses while nobody waits for them. The name
 * server is ours and silent until it is told to speak, so a call that waited
 * for it would never return. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "nameserver.h"
#include "saslban/resolver.h"

static int server; /* its socket */

static const char *overlaps(const struct resolver *r, const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return resolver_overlaps(r, &a);
}

static struct resolver *open_with(const char *name)
{
	struct resolver *r = resolver_open();

	assert_non_null(r);
	assert_int_equal(resolver_add(r, name), 0);
	return r;
}

/* Turn, and answer what is asked, until every lookup is over; true when one
 * of the turns had news. Counts *boot up. */
static bool finish(struct resolver *r, int64_t *boot, const struct answer *a)
{
	bool news = resolver_turn(r, *boot);

	for (int tries = 0; resolver_due(r) <= *boot + 1; tries++) {
		struct pollfd p = {.fd = server, .events = POLLIN};

		assert_true(tries < 6000);
		if (poll(&p, 1, 10) == 1 && a != NULL)
			nameserver_answer(server, a);
		news |= resolver_turn(r, ++*boot);
	}
	return news;
}

static const struct answer one = {DNS_OK, {"192.0.2.80"}};
static const struct answer both = {DNS_OK, {"192.0.2.80", "2001:db8::80"}};
static const struct answer other = {DNS_OK, {"192.0.2.81"}};
static const struct answer unknown = {DNS_NXDOMAIN, {NULL}};
static const struct answer empty = {DNS_OK, {NULL}};
static const struct answer broken = {DNS_SERVFAIL, {NULL}};

static void no_names_are_never_due(void **state)
{
	struct resolver *r = resolver_open();

	(void)state;
	assert_int_equal(resolver_due(r), INT64_MAX);
	assert_false(resolver_turn(r, 5));
	assert_null(overlaps(r, "0.0.0.0/0"));
	resolver_close(r);
	resolver_close(NULL);
}

static void nobody_waits_for_a_silent_server(void **state)
{
	struct resolver *r = open_with("silent.example.org");

	(void)state;
	assert_true(resolver_due(r) <= 100); /* at once */
	assert_false(resolver_turn(r, 100));
	assert_true(nameserver_asked(server));
	for (int64_t boot = 101; boot < 110; boot++) {
		assert_false(resolver_turn(r, boot));
		/* Still under way: looked at again in a second. */
		assert_int_equal(resolver_due(r), boot + 1);
	}
	assert_null(overlaps(r, "0.0.0.0/0"));
	finish(r, &(int64_t){110}, &one);
	assert_string_equal(overlaps(r, "192.0.2.80"), "silent.example.org");
	resolver_close(r);
}

/* The last of all: the lookups stay under way to the end, so that the C
 * library still knows of their memory when leaks are looked for. */
static void closing_does_not_wait_either(void **state)
{
	struct resolver *r = open_with("closed.example.org");

	(void)state;
	assert_int_equal(resolver_add(r, "closed.example.net"), 0);
	resolver_turn(r, 100);
	assert_true(nameserver_asked(server));
	resolver_close(r);
}

static void a_name_has_addresses_of_both_families(void **state)
{
	struct resolver *r = open_with("both.example.org");
	int64_t boot = 100;

	(void)state;
	assert_true(finish(r, &boot, &both));
	assert_int_equal(resolver_due(r), boot + RESOLVER_AGAIN);
	assert_non_null(overlaps(r, "192.0.2.80"));
	assert_non_null(overlaps(r, "2001:db8::80"));
	assert_non_null(overlaps(r, "192.0.2.0/24"));
	assert_non_null(overlaps(r, "2001:db8::/64"));
	assert_null(overlaps(r, "192.0.2.81"));
	assert_null(overlaps(r, "2001:db8::81"));
	assert_null(overlaps(r, "198.51.100.0/24"));
	resolver_close(r);
}

static void it_is_asked_again_when_due(void **state)
{
	struct resolver *r = open_with("again.example.org");
	int64_t boot = 100, due;

	(void)state;
	finish(r, &boot, &one);
	due = resolver_due(r);
	assert_false(resolver_turn(r, due - 1));
	assert_int_equal(resolver_due(r), due); /* nothing was asked */
	boot = due;
	assert_false(finish(r, &boot, &one)); /* no news */
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &other));
	assert_null(overlaps(r, "192.0.2.80"));
	assert_non_null(overlaps(r, "192.0.2.81"));
	resolver_close(r);
}

struct bad_row {
	const char *title;
	const struct answer *answer;
};

static const struct bad_row bad_rows[] = {
	{"a name that is gone keeps its last answer", &unknown},
	{"a name without addresses keeps its last answer", &empty},
	{"a server that fails leaves the last answer", &broken},
};

static void bad_test(void **state)
{
	const struct bad_row *row = *state;
	struct resolver *r = open_with("bad.example.org");
	int64_t boot = 100;

	/* Never there ... */
	assert_false(finish(r, &boot, row->answer));
	assert_null(overlaps(r, "0.0.0.0/0"));
	assert_int_equal(resolver_due(r), boot + RESOLVER_RETRY);
	/* ... there ... */
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &one));
	/* ... and gone. */
	boot = resolver_due(r);
	assert_false(finish(r, &boot, row->answer));
	assert_non_null(overlaps(r, "192.0.2.80"));
	assert_int_equal(resolver_due(r), boot + RESOLVER_RETRY);
	resolver_close(r);
}

static void etc_hosts_needs_no_server(void **state)
{
	struct resolver *r = open_with("vpn.example.org");
	int64_t boot = 100;

	(void)state;
	assert_int_equal(machine_file("/etc/hosts",
				      "198.51.100.7 vpn.example.org vpn\n"
				      "2001:db8:7::7 vpn.example.org\n"),
			 0);
	assert_true(finish(r, &boot, NULL));
	assert_string_equal(overlaps(r, "198.51.100.7"), "vpn.example.org");
	assert_string_equal(overlaps(r, "2001:db8:7::/64"), "vpn.example.org");
	resolver_close(r);
}

static void names_are_told_apart(void **state)
{
	struct resolver *r = open_with("a.example.org");
	int64_t boot = 100;

	(void)state;
	assert_int_equal(machine_file("/etc/hosts",
				      "198.51.100.1 a.example.org\n"
				      "198.51.100.2 b.example.org\n"),
			 0);
	assert_int_equal(resolver_add(r, "b.example.org"), 0);
	assert_true(finish(r, &boot, NULL));
	assert_string_equal(overlaps(r, "198.51.100.2"), "b.example.org");
	assert_string_equal(overlaps(r, "198.51.100.1"), "a.example.org");
	resolver_close(r);
}

static void very_many_addresses_are_cut(void **state)
{
	static char texts[RESOLVER_ADDRESSES + 4][16];
	struct answer many = {DNS_OK, {NULL}};
	struct resolver *r = open_with("many.example.org");
	unsigned held = 0;
	int64_t boot = 100;

	(void)state;
	for (unsigned i = 0; i < RESOLVER_ADDRESSES + 4; i++) {
		snprintf(texts[i], sizeof(texts[i]), "192.0.2.%u", i + 1);
		many.addresses[i] = texts[i];
	}
	assert_true(finish(r, &boot, &many));
	for (unsigned i = 0; i < RESOLVER_ADDRESSES + 4; i++)
		held += overlaps(r, texts[i]) != NULL;
	assert_int_equal(held, RESOLVER_ADDRESSES);
	resolver_close(r);
}

static void a_name_that_is_too_long_is_refused(void **state)
{
	struct resolver *r = resolver_open();
	char name[257];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[256] = '\0';
	assert_int_equal(resolver_add(r, name), -1);
	assert_int_equal(resolver_due(r), INT64_MAX);
	name[255] = '\0';
	assert_int_equal(resolver_add(r, name), 0);
	resolver_close(r);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(no_names_are_never_due),
		cmocka_unit_test(nobody_waits_for_a_silent_server),
		cmocka_unit_test(a_name_has_addresses_of_both_families),
		cmocka_unit_test(it_is_asked_again_when_due),
		cmocka_unit_test(etc_hosts_needs_no_server),
		cmocka_unit_test(names_are_told_apart),
		cmocka_unit_test(very_many_addresses_are_cut),
		cmocka_unit_test(a_name_that_is_too_long_is_refused),
	};
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;
	int status;

	if (!machine_ready(&status))
		return status;
	server = nameserver_open();
	if (server < 0)
		return 1;
	SINGLES(tests, n, singles);
	ROWS(tests, n, bad_rows, bad_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		closing_does_not_wait_either);
	return _cmocka_run_group_tests("resolver", tests, n, NULL, NULL);
}
