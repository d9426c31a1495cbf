/*
 * bench/ipset: how fast bans reach the kernel, in a namespace of its own.
 *
 * Prints bans a second by way: one call each, calls of 128 (one send), calls
 * of many (a few hundred per message), and, to compare, one `ipset add` each.
 * Then entries a second that are read back in slices, and the longest slice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "saslban/ipset.h"

#define MANY 200000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *text)
{
	fprintf(stderr, "bench/ipset: %s\n", text);
	exit(1);
}

static void fill(struct set_change *changes, unsigned from,
		 enum enforcer_set set)
{
	for (unsigned i = 0; i < MANY; i++) {
		unsigned host = from + i;
		bool four = set == ENFORCER_V4;
		struct address a = {.family = four ? ADDRESS_V4 : ADDRESS_V6,
				    .prefix = four ? 32 : 64};
		uint8_t *at = a.bytes + (four ? 0 : 4);

		a.bytes[0] = four ? 10 : 0x20;
		at[1] = (uint8_t)(host >> 16);
		at[2] = (uint8_t)(host >> 8);
		at[3] = (uint8_t)host;
		changes[i] = (struct set_change){
			.address = a, .left = 172800, .fresh = true};
	}
}

/* Adds n entries in calls of size; returns bans a second. */
static double measure(struct enforcer *e, enum enforcer_set set,
		      struct set_change *changes, size_t n, size_t size)
{
	struct fault why;
	double start = now();

	for (size_t at = 0; at < n; at += size)
		if (e->ops->add(e, set, changes + at,
				n - at < size ? n - at : size, &why) < 0)
			die(why.text);
	return (double)n / (now() - start);
}

static int count(void *context, const struct set_entry *entry)
{
	(void)entry;
	++*(size_t *)context;
	return 0;
}

static void measure_slices(struct enforcer *e, enum enforcer_set set)
{
	double start = now();
	double longest = 0;
	struct fault why;
	bool more = true;
	size_t n = 0;

	if (e->ops->read_begin(e, set, &why) < 0)
		die(why.text);
	while (more) {
		double before = now();

		if (e->ops->read_more(e, count, &n, &more, &why) < 0)
			die(why.text);
		if (now() - before > longest)
			longest = now() - before;
	}
	printf("%-28s %10.0f entries/s of %zu, longest call %.2f ms\n",
	       set == ENFORCER_V4 ? "read in slices, IPv4"
				  : "read in slices, IPv6",
	       (double)n / (now() - start), n, longest * 1e3);
}

static double measure_exec(const struct set_change *changes, size_t n)
{
	char text[ADDRESS_TEXT];
	double start = now();

	for (size_t i = 0; i < n; i++) {
		pid_t child;
		int status;

		address_print(&changes[i].address, text);
		child = fork();
		if (child == 0) {
			execlp("ipset", "ipset", "-exist", "add", "bench4",
			       text, "timeout", "172800", (char *)NULL);
			_exit(127);
		}
		if (waitpid(child, &status, 0) != child || status != 0)
			die("cannot run 'ipset add'");
	}
	return (double)n / (now() - start);
}

int main(void)
{
	static const struct {
		const char *way;
		size_t n;
		size_t size;
		enum enforcer_set set;
	} ways[] = {
		{"one call each, IPv4", 50000, 1, ENFORCER_V4},
		{"128 a call, IPv4", MANY, 128, ENFORCER_V4},
		{"one call for all, IPv4", MANY, MANY, ENFORCER_V4},
		{"128 a call, IPv6 /64", MANY, 128, ENFORCER_V6},
		{"one call for all, IPv6 /64", MANY, MANY, ENFORCER_V6},
	};
	const struct ipset_plan plan = {.name = "bench",
					.default_timeout = 172800,
					.maxelem = 4 * MANY};
	struct set_change *changes = calloc(MANY, sizeof(*changes));
	struct enforcer *e;
	struct fault why;
	double one;

	if (changes == NULL)
		die("out of memory");
	if (netns_enter() < 0)
		die("no network namespace can be made here");
	if (ipset_open(&e, &plan, &why) < 0 ||
	    e->ops->ensure(e, ENFORCER_V4, &why) < 0 ||
	    e->ops->ensure(e, ENFORCER_V6, &why) < 0)
		die(why.text);
	fill(changes, 0, ENFORCER_V4);
	one = measure_exec(changes, 300);
	printf("%-28s %10.0f bans/s\n", "fork and exec of ipset add", one);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		double rate;

		fill(changes, (i + 1) * MANY, ways[i].set);
		rate = measure(e, ways[i].set, changes, ways[i].n,
			       ways[i].size);
		printf("%-28s %10.0f bans/s  %6.0f times\n", ways[i].way, rate,
		       rate / one);
	}
	measure_slices(e, ENFORCER_V4);
	measure_slices(e, ENFORCER_V6);
	e->ops->close(e);
	free(changes);
	return 0;
}
