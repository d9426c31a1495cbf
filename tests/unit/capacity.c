/*
 * capacity: a set that fills up is made larger before it is full, and where
 * that cannot be, that is said once.
 */
#include "enginekit.h"

#include <string.h>

static struct recorder_set *four(struct world *w)
{
	return &w->kernel.set[ENFORCER_V4];
}

static void assert_said(const struct world *w, const char *text)
{
	if (strstr(w->said, text) == NULL)
		fail_msg("not said: %s\nbut:\n%s", text, w->said);
}

/* Until nothing is due in this second. */
static void turns(struct world *w)
{
	for (int i = 0; i < 20; i++)
		turn(w);
}

/* So many seconds, with as many rounds in each as the engine may want, or with
 * one. */
static void busy_s(struct world *w, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		turns(w);
		wait_s(w, 1);
	}
}

static void calm_s(struct world *w, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		turn(w);
		wait_s(w, 1);
	}
}

static void grows_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 79);
	turns(w);
	assert_int_equal(four(w)->grow_begins, 0);
	/* Not a minute later, and in steps. */
	ban_many(w, 79, 2);
	assert_int_equal(four(w)->grow_begins, 1);
	assert_int_equal(four(w)->grow_finishes, 0);
	turn(w);
	assert_int_equal(four(w)->grow_mores, 1);
	ban_many(w, 81, 10); /* goes on in between */
	assert_int_equal(holds(w), 91);
	turns(w);
	assert_int_equal(four(w)->grow_finishes, 1);
	assert_int_equal(four(w)->capacity, 200);
	assert_said(w, "jail sasl: set 'saslban4' held 91 of 100 entries; it "
		       "has room for 200 now");
	ban_many(w, 91, 60);
	turns(w);
	assert_int_equal(four(w)->capacity, 200);
	ban_many(w, 151, 20);
	turns(w);
	assert_int_equal(four(w)->capacity, 400);
	assert_int_equal(four(w)->grow_begins, 2);
	for (unsigned i = 0; i < 171; i++)
		assert_true(left(w, address_of(i, address)) > 0);
	assert_null(strstr(w->said, "replaced"));
	assert_null(strstr(w->said, "not enforced"));
	assert_null(strstr(w->said, "set.max"));
}

/* More than there is room for, all at once: nobody has to yield. */
static void burst_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->capacity = 100;
	four(w)->largest = 800;
	ban_many(w, 0, 75);
	turns(w);
	wait_s(w, 10);
	ban_many(w, 75, 200);
	assert_int_equal(holds(w), 100);
	for (unsigned i = 0; i < 75; i++)
		assert_true(left(w, address_of(i, address)) > 0);
	turns(w);
	for (unsigned i = 0; i < 275; i++)
		assert_true(left(w, address_of(i, address)) > 0);
	assert_int_equal(four(w)->capacity, 400);
}

/* The other set is not concerned. */
static void other_test(void **state)
{
	struct world *w = *state;

	w->kernel.set[ENFORCER_V6].largest = 400;
	w->kernel.set[ENFORCER_V6].capacity = 100;
	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 90);
	turns(w);
	assert_int_equal(four(w)->capacity, 200);
	assert_int_equal(w->kernel.set[ENFORCER_V6].grow_begins, 0);
}

static void restored_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->capacity = 100;
	four(w)->largest = 800;
	ban_many(w, 0, 90);
	turns(w);
	ban_many(w, 90, 90);
	turns(w);
	ban_many(w, 180, 60);
	turns(w);
	assert_int_equal(holds(w), 240);
	/* After a reboot it is as small as it was. */
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	four(w)->capacity = 100;
	w->said[0] = '\0';
	open_engine(w);
	/* It is as large as before when the first goes in. */
	for (int i = 0; four(w)->capacity < 400; i++) {
		assert_true(i < 50);
		assert_int_equal(holds(w), 0);
		turn(w);
	}
	busy_s(w, 5);
	assert_int_equal(holds(w), 240);
	for (unsigned i = 0; i < 240; i++)
		assert_true(left(w, address_of(i, address)) > 0);
}

static void limit_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 100;
	ban_many(w, 0, 85);
	turns(w);
	assert_said(w, "jail sasl: set 'saslban4' holds 85 of 100 entries, and "
		       "set.max allows no more");
	w->said[0] = '\0';
	ban_many(w, 85, 10);
	for (int i = 0; i < 100; i++) {
		wait_s(w, 3);
		turn(w);
	}
	assert_null(strstr(w->said, "set.max"));
	assert_int_equal(four(w)->grow_begins, 0);
}

static void fixed_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	ban_many(w, 0, 85);
	turns(w);
	assert_said(w, "jail sasl: set 'saslban4' holds 85 of 100 entries; put "
		       "a larger one in its place");
	assert_int_equal(four(w)->grow_begins, 0);
}

/* What passes is not worth a line, what does not is worth one. */
static void refused_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_growth = "somebody else is at it";
	ban_many(w, 0, 85);
	calm_s(w, 40);
	assert_null(strstr(w->said, "at it"));
	calm_s(w, 300);
	assert_said(w, "jail sasl: set 'saslban4' holds 85 of 100 entries and "
		       "cannot be made larger: somebody else is at it");
	assert_null(strstr(strstr(w->said, "at it") + 1, "at it"));
	assert_true(four(w)->grow_begins > 12 && four(w)->grow_begins < 60);
	four(w)->refuse_growth = NULL;
	calm_s(w, 90);
	assert_int_equal(four(w)->capacity, 200);
}

static void read_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_finish = "the set is in use";
	ban_many(w, 0, 85);
	turns(w);
	assert_int_equal(four(w)->grow_finishes, 1);
	wait_s(w, 5);
	turns(w);
	assert_int_equal(four(w)->grow_finishes, 2);
	four(w)->refuse_finish = NULL;
	ban_many(w, 85, 5);
	wait_s(w, 5);
	turns(w);
	assert_int_equal(four(w)->capacity, 200);
	assert_int_equal(four(w)->grow_begins, 1); /* is not begun anew */
	assert_int_equal(holds(w), 90);
	assert_null(strstr(w->said, "in use"));
}

/* For ever: it is given up, and begun anew later. */
static void read_on_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_finish = "the set is in use";
	ban_many(w, 0, 85);
	busy_s(w, 70);
	assert_said(w, "cannot be made larger: the set is in use");
	assert_false(four(w)->growing);
	/* Then the weakest yield, as in any set that stays as it is. */
	wait_s(w, 10);
	ban_many(w, 85, 20);
	assert_true(left(w, address_of(104, address)) > 0);
	assert_int_equal(holds(w), 100);
	four(w)->refuse_finish = NULL;
	busy_s(w, 130);
	assert_int_equal(four(w)->capacity, 200);
}

/* The larger set takes nothing: that is given up as well. */
static void copied_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_copy = "no memory";
	ban_many(w, 0, 85);
	busy_s(w, 70);
	assert_said(w, "jail sasl: set 'saslban4' holds 85 of 100 entries and "
		       "cannot be made larger: no memory");
	assert_int_equal(four(w)->grow_begins, 12);
	assert_false(four(w)->growing);
	four(w)->refuse_copy = NULL;
	busy_s(w, 130);
	assert_int_equal(four(w)->capacity, 200);
}

/* Meanwhile the content is compared as ever. */
static void compared_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_growth = "somebody else is at it";
	ban_many(w, 0, 85);
	turns(w);
	w->said[0] = '\0';
	recorder_delete(&w->kernel, address_of(0, address));
	recorder_put(&w->kernel, "203.0.113.1", HOUR); /* the number is right */
	calm_s(w, 400);
	assert_true(left(w, address) > 0);
	assert_said(w, "1 entry had been removed from set 'saslban4'");
}

/* A set that is filled anew and cannot be large enough takes what it can. */
static void refilled_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 90);
	turns(w);
	ban_many(w, 90, 60);
	turns(w);
	assert_int_equal(holds(w), 150);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	four(w)->capacity = 100;
	four(w)->refuse_growth = "somebody else is at it";
	open_engine(w);
	busy_s(w, 10);
	assert_int_equal(holds(w), 100);
	four(w)->refuse_growth = NULL;
	busy_s(w, 10);
	assert_int_equal(holds(w), 150);
}

/* Another jail's engine has done it. */
static void by_another_test(void **state)
{
	struct world *w = *state;
	unsigned begun;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	four(w)->refuse_growth = "somebody else is at it";
	ban_many(w, 0, 85);
	turns(w);
	four(w)->capacity = 200;
	four(w)->identity = ++w->kernel.identity;
	four(w)->refuse_growth = NULL;
	w->said[0] = '\0';
	begun = four(w)->grow_begins;
	calm_s(w, 130);
	assert_int_equal(four(w)->grow_begins, begun);
	assert_int_equal(four(w)->capacity, 200);
	assert_null(strstr(w->said, "replaced"));
	assert_null(strstr(w->said, "larger"));
}

static void by_another_filling(void **state)
{
	enum { MANY = 3000 };
	struct world *w = *state;

	for (unsigned i = 0; i < MANY; i += 500)
		ban_many(w, i, 500);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	w->said[0] = '\0';
	four(w)->capacity = 8000;
	open_engine(w);
	turn(w);
	assert_in_range(holds(w), 100, MANY - 500);
	four(w)->capacity = 16000;
	four(w)->identity = ++w->kernel.identity;
	wait_s(w, 61);
	turns(w);
	assert_int_equal(holds(w), MANY);
	assert_null(strstr(w->said, "replaced"));
}

/* One with nothing in it is another matter. */
static void swapped_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 50);
	recorder_swap(&w->kernel, ENFORCER_V4);
	four(w)->capacity = 200;
	w->said[0] = '\0';
	wait_s(w, 61);
	turns(w);
	assert_said(w, "set 'saslban4' was flushed or replaced");
	assert_int_equal(holds(w), 50);
}

static void gone_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 85);
	turn(w);
	assert_true(four(w)->growing);
	recorder_destroy(&w->kernel, ENFORCER_V4);
	ban_many(w, 85, 5);
	busy_s(w, 10);
	assert_int_equal(holds(w), 90);
	assert_int_equal(four(w)->capacity, 200);
}

static void closed_test(void **state)
{
	struct world *w = *state;

	four(w)->capacity = 100;
	four(w)->largest = 400;
	ban_many(w, 0, 85);
	turn(w);
	assert_true(four(w)->growing);
	engine_close(w->engine);
	assert_false(four(w)->growing);
	open_engine(w);
	turns(w);
	assert_int_equal(four(w)->capacity, 200);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("a set grows before it is full", grows_test),
	ENGINE_TEST("a burst waits until it has", burst_test),
	ENGINE_TEST("the other set does not", other_test),
	ENGINE_TEST("a set that is small again grows again", restored_test),
	ENGINE_TEST("at set.max that is said once", limit_test),
	ENGINE_TEST("where sets do not grow, too", fixed_test),
	ENGINE_TEST("what is refused is tried again, and said", refused_test),
	ENGINE_TEST("who reads it delays it", read_test),
	ENGINE_TEST("who goes on reading is told of", read_on_test),
	ENGINE_TEST("a copy that fails each time", copied_test),
	ENGINE_TEST("the content is compared all the same", compared_test),
	ENGINE_TEST("one that cannot grow yet is filled", refilled_test),
	ENGINE_TEST("what another engine did is fine", by_another_test),
	ENGINE_TEST("also while a set is being filled", by_another_filling),
	ENGINE_TEST("a larger set without entries is filled", swapped_test),
	ENGINE_TEST("a set that goes meanwhile is made anew", gone_test),
	ENGINE_TEST("an engine that ends gives it up", closed_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("capacity", tests, NULL, NULL);
}
