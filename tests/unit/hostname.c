/* hostname: the last known addresses of names. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/hostname.h"

static int print(void *context, const char *name, const struct address *a,
		 int64_t at)
{
	char *text = context, address[ADDRESS_TEXT];
	size_t end = strlen(text);

	snprintf(text + end, KIT_TEXT - end, "%s %s %lld\n", name,
		 address_print(a, address), (long long)(at - NOW));
	return strcmp(address, "192.0.2.9") == 0 ? 7 : 0;
}

static void assert_known(struct store *s, int answer, const char *expected)
{
	char text[KIT_TEXT] = "";

	assert_int_equal(hostname_each(s, print, text, NULL), answer);
	assert_string_equal(text, expected);
}

static void put(struct store *s, const char *name, const char *one,
		const char *two, int64_t now)
{
	struct address a[2];
	size_t n = 0;

	if (one != NULL)
		a[n++] = kit_address(one);
	if (two != NULL)
		a[n++] = kit_address(two);
	WRITE(s, hostname_put(s, name, a, n, now, &write_why));
}

static void put_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	assert_known(s, 0, "");
	put(s, "vpn.example.org", "192.0.2.1", "2001:db8::1", NOW);
	put(s, "mx.example.org", "192.0.2.1", NULL, NOW + 5);
	assert_known(s, 0,
		     "mx.example.org 192.0.2.1 5\n"
		     "vpn.example.org 192.0.2.1 0\n"
		     "vpn.example.org 2001:db8::1 0\n");
	/* What it had before is forgotten; twice the same is once. */
	put(s, "vpn.example.org", "192.0.2.2", "192.0.2.2", NOW + 9);
	assert_known(s, 0,
		     "mx.example.org 192.0.2.1 5\n"
		     "vpn.example.org 192.0.2.2 9\n");
	put(s, "vpn.example.org", NULL, NULL, NOW + 10);
	assert_known(s, 0, "mx.example.org 192.0.2.1 5\n");
	store_close(s);
}

static void stop_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	put(s, "a", "192.0.2.9", NULL, NOW);
	put(s, "b", "192.0.2.1", NULL, NOW);
	assert_known(s, 7, "a 192.0.2.9 0\n");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_test),
		cmocka_unit_test(stop_test),
	};

	return cmocka_run_group_tests_name("hostname", tests, NULL, NULL);
}
