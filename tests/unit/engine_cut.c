/*
 * engine_cut: whose open connections the engine has cut, and when. The cutter
 * is the test's: it remembers, and fails when told to.
 */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shears {
	struct cutter cutter;
	struct world *world;
	const char *unable; /* look fails with it */
	const char *refuse; /* cut does */
	size_t open;        /* connections that each call ends */
	unsigned looks, cuts;
	struct address from[CUTTER_MOST];
	size_t n;            /* of the last call */
	bool enforced, told; /* at the last call: before it */
};

static struct shears *of(struct cutter *c)
{
	return (struct shears *)(void *)c;
}

static int shears_look(struct cutter *c, struct fault *why)
{
	of(c)->looks++;
	if (of(c)->unable == NULL)
		return 0;
	return fault_set(why, FAULT_ENFORCE, "%s", of(c)->unable);
}

static int shears_cut(struct cutter *c, struct address *from, size_t n,
		      size_t *ended, struct fault *why)
{
	struct shears *s = of(c);
	char text[ADDRESS_TEXT];

	s->cuts++;
	s->n = n;
	memcpy(s->from, from, n * sizeof(*from));
	s->enforced = recorder_left(&s->world->kernel,
				    address_print(&from[0], text)) > 0;
	s->told = strstr(s->world->said, "banned ") != NULL;
	*ended = s->refuse == NULL ? s->open : 0;
	if (s->refuse == NULL)
		return 0;
	return fault_set(why, FAULT_ENFORCE, "%s", s->refuse);
}

static void shears_close(struct cutter *c)
{
	(void)c;
}

static const struct cutter_ops ops = {shears_look, shears_cut, shears_close};

static int begin(void **state)
{
	struct shears *s = calloc(1, sizeof(*s));
	void *world = NULL;

	if (s == NULL || setup(&world) != 0)
		return -1;
	s->world = world;
	s->cutter.ops = &ops;
	s->open = 1;
	s->world->cutter = &s->cutter;
	engine_close(s->world->engine);
	open_engine(s->world);
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct shears *s = *state;
	void *world = s->world;

	teardown(&world);
	free(s);
	return 0;
}

static void assert_said(struct shears *s, const char *text, bool said)
{
	if ((strstr(s->world->said, text) != NULL) != said)
		fail_msg("%s '%s' in: %s", said ? "no" : "there is", text,
			 s->world->said);
}

static void assert_last(const struct shears *s, const char *address)
{
	char text[ADDRESS_TEXT];

	assert_true(s->n > 0);
	assert_string_equal(address_print(&s->from[s->n - 1], text), address);
}

/* ---- who ---- */

static void banned_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	s->open = 3;
	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(s->cuts, 0);
	fail_times(w, "198.51.100.1", 1);
	assert_int_equal(s->cuts, 1);
	assert_int_equal(s->n, 1);
	assert_last(s, "198.51.100.1");
	assert_true(s->enforced);
	assert_false(s->told);
	assert_said(s, "\njail sasl: cut 3 open connections of 198.51.100.1\n",
		    true);
	/* Late failures make no new ban. */
	wait_s(w, 5);
	fail_times(w, "198.51.100.1", 5);
	assert_int_equal(s->cuts, 1);
}

static void prefix_test(void **state)
{
	struct shears *s = *state;

	fail_times(s->world, "2001:db8:1::7", 3);
	assert_last(s, "2001:db8:1::/64");
	assert_said(s, "cut 1 open connection of 2001:db8:1::/64\n", true);
}

static void none_test(void **state)
{
	struct shears *s = *state;

	s->open = 0;
	fail_times(s->world, "198.51.100.1", 3);
	assert_int_equal(s->cuts, 1);
	assert_said(s, "open connection", false);
}

static void strike_test(void **state)
{
	struct shears *s = *state;

	fail_times(s->world, "198.51.100.1", 3);
	wait_s(s->world, 49 * HOUR);
	turn(s->world);
	fail_times(s->world, "198.51.100.1", 3);
	assert_int_equal(s->cuts, 2);
}

/* The kernel has lost its sets, and takes the ban anew. */
static void restored_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	open_engine(w);
	wait_s(w, 5);
	turn(w);
	assert_true(left(w, "198.51.100.1") > 0);
	assert_int_equal(s->cuts, 1);
}

static void observed_test(void **state)
{
	struct shears *s = *state;

	engine_close(s->world->engine);
	set(s->world, "enforce", "off");
	open_engine(s->world);
	fail_times(s->world, "198.51.100.1", 3);
	assert_said(s, "would ban 198.51.100.1", true);
	assert_int_equal(s->cuts, 0);
}

static void hand_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	turn(w);
	record_ban(w, 1, "198.51.100.1", 1, HOUR);
	wait_s(w, 2);
	turn(w);
	assert_int_equal(s->cuts, 1);
	assert_last(s, "198.51.100.1");
	record_ban(w, 1, "198.51.100.2", 1, 1);
	wait_s(w, 2);
	turn(w); /* it is over by now */
	assert_int_equal(s->cuts, 1);
}

static void full_test(void **state)
{
	struct shears *s = *state;

	recorder_refuse(&s->world->kernel, "it is Sunday");
	fail_times(s->world, "198.51.100.1", 3);
	assert_said(s, "waits for the kernel", true);
	assert_int_equal(s->cuts, 1);
}

/* ---- how often ---- */

static void second_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	fail_times(w, "198.51.100.3", 3);
	assert_int_equal(s->cuts, 1);
	assert_int_equal(engine_due(w->engine), w->now.boot + 1);
	s->open = 2;
	wait_s(w, 1);
	turn(w);
	assert_int_equal(s->cuts, 2);
	assert_int_equal(s->n, 2);
	assert_last(s, "198.51.100.3");
	assert_said(s, "cut 2 open connections of banned addresses\n", true);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(s->cuts, 2);
}

static void flood_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	fail_times(w, "198.51.100.1", 3);
	ban_many(w, 0, 1024);
	assert_int_equal(s->cuts, 1);
	ban_many(w, 1024, 1024); /* half of CUTTER_MOST wait */
	assert_int_equal(s->cuts, 2);
	assert_int_equal(s->n, 2048);
}

/* ---- a kernel that does not ---- */

static void unable_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	s->unable = "it cannot";
	turn(w);
	assert_string_equal(w->said, "jail sasl: open connections of who is "
				     "banned go on: it cannot\n");
	w->said[0] = '\0';
	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(s->cuts, 0);
	assert_said(s, "open connection", false);
	/* A module was loaded: then it can. */
	s->unable = NULL;
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(s->cuts, 1);
	assert_said(s, "open connections of who is banned are cut again\n",
		    true);
}

static void refused_test(void **state)
{
	struct shears *s = *state;
	struct world *w = s->world;

	s->refuse = "it will not";
	fail_times(w, "198.51.100.1", 3);
	assert_said(s, "open connections of who is banned go on: it will not\n",
		    true);
	assert_true(left(w, "198.51.100.1") > 0);
	w->said[0] = '\0';
	wait_s(w, 1);
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(s->cuts, 2);
	assert_int_equal(s->n, 1); /* the first one is not tried again */
	assert_said(s, "open connection", false);
	/* Nothing to cut proves nothing. */
	s->refuse = NULL;
	s->open = 0;
	wait_s(w, 1);
	fail_times(w, "198.51.100.3", 3);
	assert_said(s, "open connection", false);
	s->open = 1;
	wait_s(w, 1);
	fail_times(w, "198.51.100.4", 3);
	assert_said(s, "open connections of who is banned are cut again\n",
		    true);
	assert_said(s, "cut 1 open connection of 198.51.100.4\n", true);
}

static void looks_test(void **state)
{
	struct shears *s = *state;

	turn(s->world);
	wait_s(s->world, 5);
	turn(s->world);
	fail_times(s->world, "198.51.100.1", 3);
	assert_int_equal(s->looks, 1);
}

#define CUT(title, function)                      \
	{                                         \
		title, function, begin, end, NULL \
	}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CUT("who is banned, after the set and before the log",
		    banned_test),
		CUT("who is banned as a prefix", prefix_test),
		CUT("without a connection there is nothing to say", none_test),
		CUT("a second strike is a new ban", strike_test),
		CUT("one that is restored is not", restored_test),
		CUT("one that is only observed is not", observed_test),
		CUT("one by hand is, if it still runs", hand_test),
		CUT("the set may refuse", full_test),
		CUT("once a second", second_test),
		CUT("at once when many wait", flood_test),
		CUT("a kernel that cannot", unable_test),
		CUT("a kernel that refuses", refused_test),
		CUT("it is asked at the start", looks_test),
	};

	return cmocka_run_group_tests_name("engine_cut", tests, NULL, NULL);
}
