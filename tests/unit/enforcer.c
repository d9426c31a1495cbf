/* enforcer: which set is whose. Pure. */
#include "row.h"

#include <string.h>

#include "saslban/enforcer.h"

struct name_row {
	const char *title;
	const char *base;
	enum enforcer_set set;
	const char *name;
};

static const struct name_row name_rows[] = {
	{"the IPv4 set has a 4", "saslban", ENFORCER_V4, "saslban4"},
	{"the IPv6 set has a 6", "saslban", ENFORCER_V6, "saslban6"},
	{"30 characters fit", "abcdefghijklmnopqrstuvwxyz0123", ENFORCER_V6,
	 "abcdefghijklmnopqrstuvwxyz01236"},
	{"a longer name is cut, the family stays",
	 "abcdefghijklmnopqrstuvwxyz01234", ENFORCER_V4,
	 "abcdefghijklmnopqrstuvwxyz01234"},
};

static void name(void **state)
{
	const struct name_row *r = *state;
	char out[ENFORCER_NAME];

	assert_ptr_equal(enforcer_set_name(r->base, r->set, out), out);
	assert_string_equal(out, r->name);
}

struct of_row {
	const char *title;
	const char *address; /* NULL: of no family */
	enum enforcer_set set;
};

static const struct of_row of_rows[] = {
	{"an IPv4 address", "192.0.2.1", ENFORCER_V4},
	{"an IPv6 prefix", "2001:db8::/64", ENFORCER_V6},
	{"a mapped address is IPv4", "::ffff:192.0.2.1", ENFORCER_V4},
	{"what is no address is safe as an index", NULL, ENFORCER_V4},
};

static void set_of(void **state)
{
	const struct of_row *r = *state;
	struct address a = {.family = ADDRESS_NONE};

	if (r->address != NULL)
		assert_int_equal(
			address_parse(r->address, strlen(r->address), &a), 0);
	assert_int_equal(enforcer_set_of(&a), r->set);
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, name_rows, name);
	ROWS(tests, n, of_rows, set_of);
	return _cmocka_run_group_tests("enforcer", tests, n, NULL, NULL);
}
