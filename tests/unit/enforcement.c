/* enforcement: which enforcer a jail gets. */
#include "row.h"

#include <errno.h>
#include <string.h>

#include "netns.h"
#include "saslban/enforcement.h"

/* Codes of ipset's own, as its header has them. */
enum { PROTOCOL = 4097, FIND_TYPE = 4098 };

struct choice_row {
	const char *title;
	enum settings_enforcer asked;
	int code; /* the kernel's answer about ipset */
	enum settings_enforcer is;
};

static const struct choice_row choice_rows[] = {
	{"auto is ipset where the kernel has it", SETTINGS_AUTO, 0,
	 SETTINGS_IPSET},
	{"auto is nftables where ipset is not known", SETTINGS_AUTO, EINVAL,
	 SETTINGS_NFTABLES},
	{"auto is nftables where the subsystem is missing", SETTINGS_AUTO,
	 EOPNOTSUPP, SETTINGS_NFTABLES},
	{"auto is nftables where hash:net is missing", SETTINGS_AUTO, FIND_TYPE,
	 SETTINGS_NFTABLES},
	{"auto is ipset where nobody may ask", SETTINGS_AUTO, EPERM,
	 SETTINGS_IPSET},
	{"auto is ipset where nobody answers", SETTINGS_AUTO, -1,
	 SETTINGS_IPSET},
	{"auto is ipset where the answer means something else", SETTINGS_AUTO,
	 PROTOCOL, SETTINGS_IPSET},
	{"ipset that is asked for stays", SETTINGS_IPSET, EINVAL,
	 SETTINGS_IPSET},
	{"nftables that is asked for stays", SETTINGS_NFTABLES, 0,
	 SETTINGS_NFTABLES},
};

static void choice(void **state)
{
	const struct choice_row *r = *state;

	assert_int_equal(enforcement_choose(r->asked, r->code), r->is);
}

struct open_row {
	const char *title;
	const char *enforcer;
	const char *set;
	const char *kind;
};

static const struct open_row open_rows[] = {
	{"ipset is opened", "ipset", "t", "ipset"},
	{"nftables is opened", "nftables", "t", "nftables"},
	{"a name that only ipset takes keeps auto with it", "auto", "t:x",
	 "ipset"},
};

static void opens(void **state)
{
	const struct open_row *r = *state;
	struct fault why = {.text = ""};
	struct enforcer *e = NULL;
	struct settings s;

	settings_init(&s);
	assert_int_equal(settings_set(&s, "enforcer", r->enforcer, &why), 0);
	assert_int_equal(settings_set(&s, "set", r->set, &why), 0);
	assert_int_equal(settings_check(&s, &why), 0);
	if (enforcement_open(&e, &s, &why) < 0)
		fail_msg("%s", why.text);
	assert_string_equal(e->ops->kind->name, r->kind);
	e->ops->close(e);
}

/* How large its sets may become, whichever kind they are. */
static const struct open_row largest_rows[] = {
	{"an ipset may grow to set.max", "ipset", "t", "ipset"},
	{"a set of nftables may grow to set.max", "nftables", "t", "nftables"},
};

static bool has_network;

static void largest(void **state)
{
	const struct open_row *r = *state;
	struct fault why = {.text = ""};
	struct enforcer *e = NULL;
	struct set_state found;
	struct settings s;

	if (!has_network)
		skip();
	settings_init(&s);
	assert_int_equal(settings_set(&s, "enforcer", r->enforcer, &why), 0);
	assert_int_equal(settings_set(&s, "set", r->set, &why), 0);
	assert_int_equal(settings_set(&s, "set.max", "5000000", &why), 0);
	assert_int_equal(enforcement_open(&e, &s, &why), 0);
	if (e->ops->ensure(e, ENFORCER_V4, &why) < 0 ||
	    e->ops->state(e, ENFORCER_V4, &found, &why) < 0)
		fail_msg("%s", why.text);
	assert_int_equal(found.maxelem, 262144);
	assert_int_equal(found.largest, 5000000);
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	has_network = netns_enter() == 0;
	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, choice_rows, choice);
	ROWS(tests, n, open_rows, opens);
	ROWS(tests, n, largest_rows, largest);
	return _cmocka_run_group_tests("enforcement", tests, n, NULL, NULL);
}
