/*
 * ipset_kernel: real kernel sets in a network namespace of the program's own.
 *
 * What the kernel holds is read back with the ipset tool wherever that can
 * tell it, so that our own reading is not judged by itself.
 */
#ifndef SASLBAN_TESTS_IPSET_KERNEL_H
#define SASLBAN_TESTS_IPSET_KERNEL_H

#include "row.h"

#include <string.h>

#include "netns.h"
#include "saslban/ipset.h"

#define DEFAULT_TIMEOUT 600
#define MAXELEM 65536

static const struct ipset_plan plan = {
	.name = "t", .default_timeout = DEFAULT_TIMEOUT, .maxelem = MAXELEM};

/* ---- the other side: the ipset and iptables tools ---- */

/* Runs a shell line; 0 when it succeeded. */
static inline int shell(const char *line)
{
	char all[1024];

	snprintf(all, sizeof(all), "{ %s; } >/dev/null 2>&1", line);
	return system(all);
}

/* The first line that a shell line prints. */
static inline char *ask(const char *line, char out[256])
{
	FILE *f = popen(line, "r");

	out[0] = '\0';
	if (f == NULL)
		return out;
	if (fgets(out, 256, f) == NULL)
		out[0] = '\0';
	pclose(f);
	out[strcspn(out, "\n")] = '\0';
	return out;
}

static inline long ask_number(const char *line)
{
	char out[256];

	return strtol(ask(line, out), NULL, 10);
}

/* ---- ours ---- */

static inline struct enforcer *opened(void)
{
	struct enforcer *e = NULL;
	struct fault why;

	assert_int_equal(ipset_open(&e, &plan, &why), 0);
	return e;
}

static inline void must_ensure(struct enforcer *e, enum enforcer_set set)
{
	struct fault why = {.text = ""};

	if (e->ops->ensure(e, set, &why) < 0)
		fail_msg("%s", why.text);
}

static inline struct enforcer *ensured(void)
{
	struct enforcer *e = opened();

	must_ensure(e, ENFORCER_V4);
	must_ensure(e, ENFORCER_V6);
	return e;
}

static inline struct set_state state_of(struct enforcer *e,
					enum enforcer_set set)
{
	struct fault why = {.text = ""};
	struct set_state st;

	if (e->ops->state(e, set, &st, &why) < 0)
		fail_msg("%s", why.text);
	return st;
}

static inline struct set_change change_of(const char *text, int64_t left,
					  bool fresh)
{
	struct set_change c = {.left = left, .fresh = fresh};

	assert_int_equal(address_parse(text, strlen(text), &c.address), 0);
	return c;
}

/* Number i of an endless row of addresses for a set. */
static inline struct set_change change_number(enum enforcer_set set, unsigned i)
{
	char text[64];

	if (set == ENFORCER_V4)
		snprintf(text, sizeof(text), "10.%u.%u.%u", i >> 16,
			 i >> 8 & 255, i & 255);
	else
		snprintf(text, sizeof(text), "2001:db8:%x:%x::/64", i >> 16,
			 i & 0xffff);
	return change_of(text, 300, true);
}

static inline void number_changes(struct set_change *changes,
				  enum enforcer_set set, unsigned first,
				  unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		changes[i] = change_number(set, first + i);
}

/* The same, all of them hosts. */
static inline void number_hosts(struct set_change *changes,
				enum enforcer_set set, unsigned n)
{
	number_changes(changes, set, 0, n);
	for (unsigned i = 0; i < n; i++)
		changes[i].address.prefix =
			(uint8_t)address_bits(&changes[i].address);
}

static inline size_t count_done(const struct set_change *changes, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += changes[i].done;
	return done;
}

/* One entry, into the set of its family. */
static inline int add_one(struct enforcer *e, const char *text, int64_t left,
			  bool fresh, struct fault *why)
{
	struct set_change one = change_of(text, left, fresh);
	int answer =
		e->ops->add(e, enforcer_set_of(&one.address), &one, 1, why);

	assert_int_equal(one.done, answer == 0);
	return answer;
}

/* What each() or read_more() showed, for the entries of change_number(). */
#define MANY 20000

struct tally {
	size_t n;
	size_t stop_at;
	unsigned char seen[2 * MANY];
	struct set_entry last;
};

static inline unsigned number_of(const struct address *a)
{
	const uint8_t *b = a->bytes + (a->family == ADDRESS_V4 ? 0 : 4);

	return (unsigned)(b[1] << 16 | b[2] << 8 | b[3]);
}

static inline int tally(void *context, const struct set_entry *entry)
{
	struct tally *t = context;
	unsigned i = number_of(&entry->address);

	if (i < 2 * MANY && entry->left > 0 && entry->left <= 300)
		t->seen[i]++;
	t->last = *entry;
	return ++t->n == t->stop_at;
}

static inline int remove_all(void **state)
{
	(void)state;
	/* flushed first: members of a list cannot be destroyed */
	shell("iptables -F; ip6tables -F; ipset flush; ipset destroy");
	return 0;
}

static inline const char *unable(void)
{
	if (netns_enter() < 0)
		return "no network namespace can be made here";
	if (shell("ipset list -n && ipset create x list:set && "
		  "ipset create y hash:net && ipset destroy") != 0)
		return "the ipset tool or the kernel's ipset is not here";
	if (shell("iptables -S && ip6tables -S") != 0)
		return "iptables does not work here";
	return NULL;
}

/* Runs the tests, each on a machine that clear has emptied; or says why it
 * cannot. */
static inline int kernel_run(const char *name, struct CMUnitTest *tests,
			     size_t n, int (*clear)(void **state))
{
	const char *reason = unable();

	if (reason != NULL) {
		printf("1..0 # SKIP %s\n", reason);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		tests[i].setup_func = tests[i].teardown_func = clear;
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

static inline int ipset_kernel_run(const char *name, struct CMUnitTest *tests,
				   size_t n)
{
	return kernel_run(name, tests, n, remove_all);
}

#define EACH(rows, function) ROWS(tests, n, rows, function)
#define ONE(function, title)                             \
	tests[n++] = (struct CMUnitTest)                 \
	{                                                \
		.name = (title), .test_func = (function) \
	}

#endif
