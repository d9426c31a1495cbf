/*
 * bench/ipset: how fast bans reach the kernel, in a namespace of its own.
 *
 * Prints bans a second by way: one call each, calls of 128 (one send), calls
 * of many (a few hundred per message), and, to compare, one `ipset add` each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "saslban/ipset.h"

#define MOST 200000

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

static void fill(struct entry *entries, unsigned from, unsigned family)
{
	for (unsigned i = 0; i < MOST; i++) {
		unsigned host = from + i;
		struct address a = {.family = (uint8_t)family,
				    .prefix = family == ADDRESS_V4 ? 32 : 64};
		uint8_t *at = a.bytes + (family == ADDRESS_V4 ? 0 : 4);

		a.bytes[0] = family == ADDRESS_V4 ? 10 : 0x20;
		at[1] = (uint8_t)(host >> 16);
		at[2] = (uint8_t)(host >> 8);
		at[3] = (uint8_t)host;
		entries[i] = (struct entry){
			.address = a, .left = 172800, .fresh = true};
	}
}

/* Bans n entries in calls of size; returns bans a second. */
static double measure(struct enforcer *e, struct entry *entries, size_t n,
		      size_t size)
{
	struct fault why;
	double start = now();

	for (size_t at = 0; at < n; at += size)
		if (e->ops->ban(e, entries + at, n - at < size ? n - at : size,
				&why) < 0)
			die(why.text);
	return (double)n / (now() - start);
}

static double measure_exec(const struct entry *entries, size_t n)
{
	char text[ADDRESS_TEXT];
	double start = now();

	for (size_t i = 0; i < n; i++) {
		pid_t child;
		int status;

		address_print(&entries[i].address, text);
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
		unsigned family;
	} ways[] = {
		{"one call each, IPv4", 50000, 1, ADDRESS_V4},
		{"128 a call, IPv4", MOST, 128, ADDRESS_V4},
		{"one call for all, IPv4", MOST, MOST, ADDRESS_V4},
		{"128 a call, IPv6 /64", MOST, 128, ADDRESS_V6},
		{"one call for all, IPv6 /64", MOST, MOST, ADDRESS_V6},
	};
	const struct ipset_plan plan = {
		.name = "bench", .standard = 172800, .maxelem = 4 * MOST};
	struct entry *entries = calloc(MOST, sizeof(*entries));
	struct enforcer *e;
	struct fault why;
	double one;

	if (entries == NULL)
		die("out of memory");
	if (netns_enter() < 0)
		die("no network namespace can be made here");
	if (ipset_open(&e, &plan, &why) < 0 || e->ops->ensure(e, &why) < 0)
		die(why.text);
	fill(entries, 0, ADDRESS_V4);
	one = measure_exec(entries, 300);
	printf("%-28s %10.0f bans/s\n", "fork and exec of ipset add", one);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		double rate;

		fill(entries, (i + 1) * MOST, ways[i].family);
		rate = measure(e, entries, ways[i].n, ways[i].size);
		printf("%-28s %10.0f bans/s  %6.0f times\n", ways[i].way, rate,
		       rate / one);
	}
	e->ops->close(e);
	free(entries);
	return 0;
}
