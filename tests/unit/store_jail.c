/* store: jails, their settings, and transactions. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/hostname.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* ---- jails ---- */

struct kept {
	char text[4096];
	int64_t id, seen, foreign_lines, foreign_last;
	char events_why[JAIL_WHY], notify_why[JAIL_WHY];
	size_t jails;
};

static int add_setting(void *context, const char *name, const char *value)
{
	struct kept *k = context;
	size_t end = strlen(k->text);

	snprintf(k->text + end, sizeof(k->text) - end, "%s=%s;", name, value);
	return 0;
}

static int see_jail(void *context, const struct jail *jail)
{
	struct kept *k = context;

	k->jails++;
	k->id = jail->id;
	k->seen = jail->seen;
	k->foreign_lines = jail->foreign_lines;
	k->foreign_last = jail->foreign_last;
	memcpy(k->events_why, jail->events_why, JAIL_WHY);
	memcpy(k->notify_why, jail->notify_why, JAIL_WHY);
	return settings_each(&jail->settings, add_setting, k);
}

struct setting_row {
	const char *title;
	const char *name;
	const char *value[4];
};

static const struct setting_row setting_rows[] = {
	{"the defaults come back", NULL, {NULL}},
	{"a number comes back", "maxretry", {"7"}},
	{"a duration comes back", "findtime", {"90s"}},
	{"a ladder comes back in its order",
	 "bantime",
	 {"9h", "8d", "forever"}},
	{"filters come back in their order",
	 "filter",
	 {"postfix[mode=auth]", "dovecot", "/etc/x.conf", "a"}},
	{"an ignore list comes back", "ignoreip", {"192.0.2.0/24", "self"}},
	{"an empty ignore list stays empty", "ignoreip", {""}},
	{"a switch comes back", "enforce", {"off"}},
	{"a set comes back", "set", {"common"}},
	{"origins come back in their order", "origin.uid", {"root", "105"}},
};

static void setting_test(void **state)
{
	const struct setting_row *r = *state;
	static struct settings settings;
	struct store *s = kit_memory();
	struct kept before = {.jails = 0}, after = {.jails = 0};
	int64_t id = 0, again = 0;

	settings_init(&settings);
	/* What it was before is forgotten. */
	assert_int_equal(settings_set(&settings, "bantime", "1h", NULL), 0);
	assert_int_equal(settings_set(&settings, "ignoreip", "self", NULL), 0);
	WRITE(s, jail_put(s, &settings, NOW, &id, &write_why));
	settings_init(&settings);
	for (size_t i = 0; i < 4 && r->value[i] != NULL; i++)
		assert_int_equal(
			settings_set(&settings, r->name, r->value[i], NULL), 0);
	assert_int_equal(settings_check(&settings, NULL), 0);
	settings_each(&settings, add_setting, &before);
	WRITE(s, jail_put(s, &settings, NOW, &again, &write_why));
	assert_int_equal(again, id);
	assert_int_equal(jail_each(s, see_jail, &after, NULL), 0);
	assert_int_equal(after.jails, 1);
	assert_int_equal(after.id, id);
	assert_string_equal(after.text, before.text);
	store_close(s);
}

static void touch_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct kept k = {.jails = 0};

	(void)state;
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_int_equal(k.seen, 0);
	WRITE(s, jail_touch(s, jail, NOW + 7, &write_why));
	/* Settings that are put again do not hide when it was seen. */
	kit_jail(s, "sasl", "saslban");
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_int_equal(k.seen, NOW + 7);
	store_close(s);
}

static void foreign_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "rbl");
	struct kept k = {.jails = 0};

	(void)state;
	WRITE(s, jail_add_foreign(s, other, 5, NOW, &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_int_equal(k.id, jail); /* the last by name */
	assert_int_equal(k.foreign_lines, 0);
	assert_int_equal(k.foreign_last, 0);
	WRITE(s, jail_add_foreign(s, jail, 3, NOW - 9, &write_why));
	WRITE(s, jail_add_foreign(s, jail, 4, NOW - 1, &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_int_equal(k.foreign_lines, 7);
	assert_int_equal(k.foreign_last, NOW - 1);
	/* A clock that goes back takes the time with it. */
	WRITE(s, store_shift(s, jail, NOW - 99, -90, &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_int_equal(k.foreign_lines, 7);
	assert_int_equal(k.foreign_last, NOW - 99);
	store_close(s);
}

/* Each start says anew what its rulesets get. */
static void rulesets_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "rbl");
	struct kept k = {.jails = 0};

	(void)state;
	WRITE(s, jail_rulesets(s, other, "not", "this", &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_string_equal(k.events_why, "");
	assert_string_equal(k.notify_why, "");
	WRITE(s, jail_rulesets(s, jail, "no 'a'", "no 'b'", &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_string_equal(k.events_why, "no 'a'");
	assert_string_equal(k.notify_why, "no 'b'");
	WRITE(s, jail_rulesets(s, jail, "", "no 'b'", &write_why));
	assert_int_equal(jail_each(s, see_jail, &k, NULL), 0);
	assert_string_equal(k.events_why, "");
	assert_string_equal(k.notify_why, "no 'b'");
	store_close(s);
}

/* ---- transactions ---- */

/* Every function that writes; -2 behind the last one. */
static int write_something(struct store *s, size_t which, struct fault *why)
{
	static struct settings settings;
	struct address a = kit_address("192.0.2.1");
	struct failure f = {.jail = 1, .host = a, .address = a, .count = 1};
	struct offense o = {.jail = 1, .address = a, .strike = 1};
	int64_t id;
	size_t n;

	settings_init(&settings);
	switch (which) {
	case 0:
		return jail_put(s, &settings, NOW, &id, why);
	case 1:
		return jail_touch(s, 1, NOW, why);
	case 2:
		return failure_add(s, &f, why);
	case 3:
		return offense_add(s, &o, why);
	case 4:
		return offense_late(s, 1, &a, 1, why);
	case 5:
		return entry_held(s, "saslban4", &a, 0, why);
	case 6:
		return entry_at_large(s, 1, &a, NOW, why);
	case 7:
		return offense_expire(s, 1, NOW, 1, NULL, NULL, why);
	case 8:
		return offense_lift(s, 1, &a, NOW - 1, "a", "b", true, &n, why);
	case 9:
		return store_shift(s, 1, NOW, -1, why);
	case 10:
		return failure_prune(s, 1, NOW, 1, &n, why);
	case 11:
		return offense_prune(s, 1, NOW, 1, &n, why);
	case 12:
		return offense_unobserve(s, 1, NOW, why);
	case 13:
		return offense_told(s, 1, why);
	case 14:
		return entry_want(s, 1, &a, why);
	case 15:
		return entry_at_large(s, 1, &a, NOW, why);
	case 16:
		return entry_prune(s, "saslban4", NOW, 1, &n, why);
	case 17:
		return hostname_put(s, "a", &a, 1, NOW, why);
	case 18:
		return jail_add_foreign(s, 1, 1, NOW, why);
	case 19:
		return jail_rulesets(s, 1, "", "", why);
	case 20:
		return store_commit(s, why);
	default:
		return -2;
	}
}

static void seen_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t seen = 99;

	(void)state;
	assert_int_equal(jail_seen(s, jail, &seen, NULL), 0);
	assert_int_equal(seen, 0);
	WRITE(s, jail_touch(s, jail, NOW, &write_why));
	assert_int_equal(jail_seen(s, jail, &seen, NULL), 0);
	assert_int_equal(seen, NOW);
	store_close(s);
}

static void no_transaction_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	kit_ban(s, kit_jail(s, "sasl", "saslban"), "192.0.2.1", NOW - 9, NOW);
	for (size_t i = 0;; i++) {
		struct fault why = {FAULT_NONE, ""};
		int answer = write_something(s, i, &why);

		if (answer == -2)
			break;
		assert_int_equal(answer, -1);
		assert_int_equal(why.kind, FAULT_STORE);
		assert_non_null(strstr(why.text, "no transaction"));
	}
	store_rollback(s);
	store_close(s);
}

static void rollback_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct address a = kit_address("192.0.2.1");
	struct failure f = {
		.jail = jail, .host = a, .address = a, .at = NOW, .count = 1};
	struct fault why = {FAULT_NONE, ""};
	int64_t sum;

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(failure_add(s, &f, NULL), 0);
	/* A jail that nobody knows is refused, and nothing else is lost. */
	f.jail = 77;
	assert_int_equal(failure_add(s, &f, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 1);
	store_rollback(s);
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, setting_rows, setting_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(touch_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(seen_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(foreign_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(rulesets_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(no_transaction_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(rollback_test);
	return _cmocka_run_group_tests("store_jail", tests, n, NULL, NULL);
}
