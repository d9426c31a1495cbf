/* filter_shortcut: filters say the same with shortcuts and without, see
 * fuzz/shortcut.h. SASLBAN_ROUNDS is how many are made, 2000 unless it is set;
 * with SASLBAN_SEED they are other ones. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>

#include "../fuzz/shortcut.h"

enum { ROUNDS = 2000 };

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : strtoull(value, NULL, 10);
}

static void agree_test(void **state)
{
	struct shortcut s = {.random = setting("SASLBAN_SEED", 1)};
	uint64_t rounds = setting("SASLBAN_ROUNDS", ROUNDS);

	(void)state;
	for (uint64_t i = 0; i < rounds; i++) {
		(void)shortcut_round(&s);
		assert_string_equal(s.report, "");
	}
	/* It would be worth nothing if hardly any matched. */
	assert_true(s.jails > rounds / 3);
	assert_true(s.matches > s.lines / 10);
	printf("# %u jails, %u lines, %u matches\n", s.jails, s.lines,
	       s.matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agree_test),
	};

	return _cmocka_run_group_tests("filter_shortcut", tests, 1, NULL, NULL);
}
