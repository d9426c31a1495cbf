/* copied: what a larger set has been given, and what is still to be done. */
#include "row.h"

#include <string.h>

#include "kernel/copied.h"

enum { N = 3000, T0 = 1000 };

static struct set_entry numbered(unsigned i, uint64_t packets)
{
	return (struct set_entry){
		.address = {ADDRESS_V4,
			    32,
			    {10, 0, (uint8_t)(i >> 8), (uint8_t)i}},
		.left = 3600,
		.packets = packets,
	};
}

/* All N have been given. */
static struct copied given(void)
{
	struct copied c;

	assert_int_equal(copied_open(&c, 10, 7, T0), 0);
	for (unsigned i = 0; i < N; i++) {
		const struct set_entry e = numbered(i, 5);

		assert_int_equal(copied_see(&c, &e, T0), 1);
	}
	return c;
}

struct see_row {
	const char *title;
	int64_t later; /* seconds */
	int64_t left;
	uint64_t packets;
	bool doubted;
	int is; /* to be given again */
};

static const struct see_row rows[] = {
	{"one that is as it was is not given again", 60, 3540, 5, false, 0},
	{"one of another time is", 60, 3600, 5, false, 1},
	{"one that has counted is", 60, 3540, 6, false, 1},
	{"one that may not have come is", 60, 3540, 5, true, 1},
};

static void see(void **state)
{
	const struct see_row *r = *state;
	struct set_entry e = numbered(77, r->packets);
	struct copied c = given();

	if (r->doubted)
		copied_doubt(&c, &e.address);
	copied_next_pass(&c);
	e.left = r->left;
	assert_int_equal(copied_see(&c, &e, T0 + r->later), r->is);
	/* And once is enough. */
	assert_int_equal(copied_see(&c, &e, T0 + r->later), 0);
	copied_close(&c);
}

/* All but three are seen again: of those one may not have come. */
static void unseen(void **state)
{
	const struct set_entry doubted = numbered(30, 5);
	struct copied c = given();
	struct address out[8];
	size_t at = 0, n;

	(void)state;
	copied_doubt(&c, &doubted.address);
	copied_next_pass(&c);
	for (unsigned i = 0; i < N; i++) {
		const struct set_entry e = numbered(i, 5);

		if (i != 10 && i != 20 && i != 30)
			assert_int_equal(copied_see(&c, &e, T0), 0);
	}
	n = copied_unseen(&c, &at, out, 2);
	assert_int_equal(n, 2);
	assert_int_equal(copied_unseen(&c, &at, out + 2, 6), 1);
	/* What was not taken out is still to be. */
	at = 0;
	assert_int_equal(copied_unseen(&c, &at, out, 8), 3);
	copied_taken(&c, &out[1]);
	at = 0;
	assert_int_equal(copied_unseen(&c, &at, out, 8), 2);
	copied_close(&c);
}

/* One that was taken out is given again when it is there again. */
static void again(void **state)
{
	const struct set_entry e = numbered(10, 5);
	struct copied c = given();

	(void)state;
	copied_next_pass(&c);
	copied_taken(&c, &e.address);
	assert_int_equal(copied_see(&c, &e, T0), 1);
	copied_close(&c);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		{"what is not seen is to be taken out", unseen, NULL, NULL,
		 NULL},
		{"what comes back is given again", again, NULL, NULL, NULL},
	};
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, see);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("copied", tests, n, NULL, NULL);
}
