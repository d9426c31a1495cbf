/* resolver: names become addresses while nobody waits for them. The name
 * server is ours and silent until it is told to speak, so a call that waited
 * for it would never return. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "exempt/resolver.h"
#include "machine.h"
#include "nameserver.h"

static int server; /* its socket */

/* The name that has this address; NULL: none has. */
static const char *name_of(const struct resolver *r, const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	for (size_t i = 0; i < resolver_names(r); i++) {
		const struct known_name *k = resolver_name(r, i);

		for (size_t n = 0; n < k->n; n++)
			if (address_equal(&k->address[n], &a))
				return k->text;
	}
	return NULL;
}

static struct resolver *open_with(const char *name)
{
	struct resolver *r = resolver_open();

	assert_non_null(r);
	assert_int_equal(resolver_add(r, name, NULL), 0);
	return r;
}

/* The wall clock is WALL ahead of the boot clock. */
enum { WALL = 1700000000 };

static bool poll_at(struct resolver *r, int64_t boot)
{
	return resolver_poll(
		r, (struct moment){.wall = WALL + boot, .boot = boot});
}

/* Poll, and answer what is asked, until every lookup is over; true when one
 * of the polls had news. Counts *boot up. What comes takes as long as it takes;
 * the number of tries only ends a test that would hang. */
static bool finish(struct resolver *r, int64_t *boot, const struct answer *a)
{
	bool news = poll_at(r, *boot);

	for (int tries = 0; resolver_due(r) <= *boot + 1; tries++) {
		struct pollfd p = {.fd = server, .events = POLLIN};

		assert_true(tries < 30000);
		if (poll(&p, 1, 10) == 1 && a != NULL)
			nameserver_answer(server, a);
		news |= poll_at(r, ++*boot);
	}
	return news;
}

static const struct answer one = {DNS_OK, {"192.0.2.80"}};
static const struct answer both = {DNS_OK, {"192.0.2.80", "2001:db8::80"}};
static const struct answer other = {DNS_OK, {"192.0.2.81"}};
static const struct answer turned = {DNS_OK, {"2001:db8::80", "192.0.2.80"}};
static const struct answer unknown = {DNS_NXDOMAIN, {NULL}};
static const struct answer empty = {DNS_OK, {NULL}};
static const struct answer broken = {DNS_SERVFAIL, {NULL}};

static void no_names_are_never_due(void **state)
{
	struct resolver *r = resolver_open();

	(void)state;
	assert_int_equal(resolver_due(r), INT64_MAX);
	assert_false(poll_at(r, 5));
	assert_int_equal(resolver_names(r), 0);
	resolver_close(r);
	resolver_close(NULL);
}

static void nobody_waits_for_a_silent_server(void **state)
{
	struct resolver *r = open_with("silent.example.org");

	(void)state;
	assert_true(resolver_due(r) <= 100); /* at once */
	assert_false(poll_at(r, 100));
	assert_true(nameserver_asked(server));
	for (int64_t boot = 101; boot < 110; boot++) {
		assert_false(poll_at(r, boot));
		/* Still under way: looked at again in a second. */
		assert_int_equal(resolver_due(r), boot + 1);
	}
	assert_int_equal(resolver_name(r, 0)->n, 0);
	finish(r, &(int64_t){110}, &one);
	assert_string_equal(name_of(r, "192.0.2.80"), "silent.example.org");
	resolver_close(r);
}

/* The last of all: the lookups stay under way to the end, so that the C
 * library still knows of their memory when leaks are looked for. */
static void closing_does_not_wait_either(void **state)
{
	struct resolver *r = open_with("closed.example.org");

	(void)state;
	assert_int_equal(resolver_add(r, "closed.example.net", NULL), 0);
	poll_at(r, 100);
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
	assert_non_null(name_of(r, "192.0.2.80"));
	assert_non_null(name_of(r, "2001:db8::80"));
	assert_int_equal(resolver_name(r, 0)->n, 2);
	assert_null(name_of(r, "192.0.2.81"));
	assert_null(name_of(r, "2001:db8::81"));
	resolver_close(r);
}

static void it_is_asked_again_when_due(void **state)
{
	struct resolver *r = open_with("again.example.org");
	int64_t boot = 100, due;

	(void)state;
	finish(r, &boot, &one);
	due = resolver_due(r);
	assert_false(poll_at(r, due - 1));
	assert_int_equal(resolver_due(r), due); /* nothing was asked */
	boot = due;
	assert_false(finish(r, &boot, &one)); /* no news */
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &other));
	assert_null(name_of(r, "192.0.2.80"));
	assert_non_null(name_of(r, "192.0.2.81"));
	resolver_close(r);
}

/* Only an address that was not known makes somebody exempt. */
static void another_order_is_no_news(void **state)
{
	struct resolver *r = open_with("order.example.org");
	int64_t boot = 100;

	(void)state;
	finish(r, &boot, &both);
	boot = resolver_due(r);
	assert_false(finish(r, &boot, &turned));
	boot = resolver_due(r);
	assert_false(finish(r, &boot, &one)); /* fewer are none, either */
	assert_null(name_of(r, "2001:db8::80"));
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &both));
	resolver_close(r);
}

struct bad_row {
	const char *title;
	const struct answer *answer;
	const char *trouble; /* begins like this */
};

static const struct bad_row bad_rows[] = {
	{"a name that is gone keeps its last answer", &unknown,
	 "Name or service not known"},
	{"a name without addresses keeps its last answer", &empty,
	 "No address associated with hostname"},
	{"a server that fails leaves the last answer", &broken,
	 "Temporary failure in name resolution"},
};

static void bad_test(void **state)
{
	const struct bad_row *row = *state;
	struct resolver *r = open_with("bad.example.org");
	const struct known_name *k = resolver_name(r, 0);
	int64_t boot = 100, good;

	assert_null(k->trouble); /* it has not been tried */
	/* Never there ... */
	assert_false(finish(r, &boot, row->answer));
	assert_int_equal(k->n, 0);
	assert_false(k->answered || k->unsaved);
	assert_string_equal(k->trouble, row->trouble);
	assert_int_equal(resolver_due(r), boot + RESOLVER_RETRY);
	/* ... there ... */
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &one));
	good = boot;
	assert_true(k->answered && k->unsaved);
	assert_null(k->trouble);
	assert_int_equal(k->at, WALL + good);
	resolver_saved(r, 0);
	assert_false(k->unsaved);
	/* ... and gone. */
	boot = resolver_due(r);
	assert_false(finish(r, &boot, row->answer));
	assert_non_null(name_of(r, "192.0.2.80"));
	assert_int_equal(k->at, WALL + good);
	assert_false(k->unsaved);
	assert_string_equal(k->trouble, row->trouble);
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
	assert_string_equal(name_of(r, "198.51.100.7"), "vpn.example.org");
	assert_string_equal(name_of(r, "2001:db8:7::7"), "vpn.example.org");
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
	assert_int_equal(resolver_add(r, "b.example.org", NULL), 0);
	assert_true(finish(r, &boot, NULL));
	assert_string_equal(name_of(r, "198.51.100.2"), "b.example.org");
	assert_string_equal(name_of(r, "198.51.100.1"), "a.example.org");
	resolver_close(r);
}

static void a_name_is_looked_up_once(void **state)
{
	struct resolver *r = open_with("a.example.org");

	(void)state;
	assert_int_equal(resolver_add(r, "b.example.org", NULL), 0);
	assert_int_equal(resolver_add(r, "A.example.org", NULL), 0);
	assert_int_equal(resolver_names(r), 2);
	assert_string_equal(resolver_name(r, 0)->text, "a.example.org");
	assert_string_equal(resolver_name(r, 1)->text, "b.example.org");
	resolver_close(r);
}

/* One whose lookup is under way goes, one that stays keeps its answer, and one
 * comes. The answer to the first is nobody's. */
static void a_new_list_keeps_what_it_knows(void **state)
{
	struct resolver *r = open_with("stays.example.org");
	int64_t boot = 100;

	(void)state;
	assert_true(finish(r, &boot, &one));
	assert_int_equal(resolver_add(r, "goes.example.org", "/a"), 0);
	poll_at(r, ++boot);
	assert_true(nameserver_asked(server));
	resolver_renew(r);
	assert_int_equal(resolver_add(r, "comes.example.org", "/b"), 0);
	assert_int_equal(resolver_add(r, "stays.example.org", "/b"), 0);
	assert_int_equal(resolver_add(r, "stays.example.org", "/c"), 0);
	resolver_prune(r);
	assert_int_equal(resolver_names(r), 2);
	assert_string_equal(resolver_name(r, 0)->text, "stays.example.org");
	assert_string_equal(resolver_name(r, 0)->source, "/b");
	assert_string_equal(name_of(r, "192.0.2.80"), "stays.example.org");
	assert_string_equal(resolver_name(r, 1)->text, "comes.example.org");
	assert_true(finish(r, &boot, &other));
	assert_string_equal(name_of(r, "192.0.2.81"), "comes.example.org");
	assert_string_equal(name_of(r, "192.0.2.80"), "stays.example.org");
	resolver_close(r);
}

/* ---- what was known before ---- */

static bool remember(struct resolver *r, const char *name, const char *text,
		     int64_t at)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return resolver_remember(r, name, &a, at);
}

static void the_latest_memory_counts(void **state)
{
	struct resolver *r = open_with("known.example.org");
	const struct known_name *k = resolver_name(r, 0);

	(void)state;
	assert_true(remember(r, "known.example.org", "192.0.2.1", 1000));
	assert_true(remember(r, "KNOWN.Example.org", "192.0.2.2", 1000));
	assert_false(remember(r, "known.example.org", "192.0.2.2", 1000));
	assert_int_equal(k->n, 2);
	assert_int_equal(k->at, 1000);
	assert_false(remember(r, "known.example.org", "192.0.2.3", 999));
	assert_true(remember(r, "known.example.org", "192.0.2.4", 1001));
	assert_int_equal(k->n, 1);
	assert_int_equal(k->at, 1001);
	assert_non_null(name_of(r, "192.0.2.4"));
	assert_false(remember(r, "b.example.org", "192.0.2.5", 2000));
	assert_false(k->answered || k->unsaved);
	for (unsigned i = 1; i < RESOLVER_ADDRESSES + 4; i++) {
		char text[16];

		snprintf(text, sizeof(text), "192.0.2.%u", 100 + i);
		assert_int_equal(remember(r, "known.example.org", text, 1001),
				 i < RESOLVER_ADDRESSES);
	}
	assert_int_equal(k->n, RESOLVER_ADDRESSES);
	resolver_close(r);
}

static void a_memory_lasts_until_there_is_an_answer(void **state)
{
	struct resolver *r = open_with("known.example.org");
	int64_t boot = 100;

	(void)state;
	remember(r, "known.example.org", "192.0.2.1", 1000);
	assert_false(finish(r, &boot, &broken));
	assert_non_null(name_of(r, "192.0.2.1"));
	assert_int_equal(resolver_name(r, 0)->at, 1000);
	boot = resolver_due(r);
	assert_true(finish(r, &boot, &one));
	assert_null(name_of(r, "192.0.2.1"));
	assert_non_null(name_of(r, "192.0.2.80"));
	/* Not even one that claims to be younger: a clock was wrong. */
	assert_false(remember(r, "known.example.org", "192.0.2.2", INT64_MAX));
	assert_null(name_of(r, "192.0.2.2"));
	resolver_close(r);
}

static void a_memory_that_is_true_is_no_news(void **state)
{
	struct resolver *r = open_with("known.example.org");
	int64_t boot = 100;

	(void)state;
	remember(r, "known.example.org", "192.0.2.80", 1000);
	assert_false(finish(r, &boot, &one));
	assert_int_equal(resolver_name(r, 0)->at, WALL + boot);
	assert_true(resolver_name(r, 0)->unsaved); /* its time is new */
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
		held += name_of(r, texts[i]) != NULL;
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
	assert_int_equal(resolver_add(r, name, NULL), -1);
	assert_int_equal(resolver_due(r), INT64_MAX);
	name[255] = '\0';
	assert_int_equal(resolver_add(r, name, NULL), 0);
	resolver_close(r);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(no_names_are_never_due),
		cmocka_unit_test(nobody_waits_for_a_silent_server),
		cmocka_unit_test(a_name_has_addresses_of_both_families),
		cmocka_unit_test(it_is_asked_again_when_due),
		cmocka_unit_test(another_order_is_no_news),
		cmocka_unit_test(etc_hosts_needs_no_server),
		cmocka_unit_test(names_are_told_apart),
		cmocka_unit_test(a_name_is_looked_up_once),
		cmocka_unit_test(a_new_list_keeps_what_it_knows),
		cmocka_unit_test(very_many_addresses_are_cut),
		cmocka_unit_test(a_name_that_is_too_long_is_refused),
		cmocka_unit_test(the_latest_memory_counts),
		cmocka_unit_test(a_memory_lasts_until_there_is_an_answer),
		cmocka_unit_test(a_memory_that_is_true_is_no_news),
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
