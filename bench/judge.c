/*
 * judge: how many failures a second the judge decides on and records.
 *
 *   judge DATABASE BEFORE COUNT
 *
 * The database gets BEFORE failures of the last hundred days if it has fewer,
 * which is not measured. Then COUNT failures are judged, in the engine's
 * batches, with all rules on: three of each address, IPv4 and, every fourth
 * one, IPv6, all for names that nobody has; among them a hundred logins.
 * Prints the failures a second of processor time and of the clock.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/engine.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/judge.h"
#include "saslban/store.h"

enum { EACH = 3, DAYS = 100, SECOND = 20000 /* failures in one, in the log */ };

static struct fault why;

static uint32_t scatter(uint32_t n)
{
	n ^= n >> 16;
	n *= 0x7feb352dU;
	n ^= n >> 15;
	n *= 0x846ca68bU;
	return n ^ n >> 16;
}

/* Public ones, all over. */
static struct address address_of(unsigned long n)
{
	uint32_t x = scatter((uint32_t)n);
	struct address a = {.family = ADDRESS_V4, .prefix = 32};

	if (n % 4 == 3) {
		a.family = ADDRESS_V6;
		a.prefix = 128;
		memcpy(a.bytes, (uint8_t[]){0x2a, 0x00}, 2);
		memcpy(a.bytes + 2, &x, 4);
		return a;
	}
	a.bytes[0] = (uint8_t)(11 + x % 90);
	memcpy(a.bytes + 1, (uint8_t *)&x + 1, 3);
	return a;
}

static struct sighting sighting_of(unsigned long n, int64_t now)
{
	struct sighting s = {.kind = SIGHTING_FAILURE,
			     .address = address_of(n / EACH),
			     .arrived = now,
			     .reported = now,
			     .count = 1,
			     .service = "postfix/smtpd",
			     .mech = "LOGIN",
			     .rule = "postfix:1"};

	snprintf(s.user, sizeof(s.user), "user%08x", scatter((uint32_t)n));
	if (n % 10000 == 0)
		s.kind = SIGHTING_SUCCESS;
	return s;
}

static void fill(struct store *s, int64_t jail, long count, int64_t now)
{
	for (long i = 0; i < count; i++) {
		struct sighting x =
			sighting_of((unsigned long)i + 1000000000UL, now);
		struct failure f = {.jail = jail,
				    .host = x.address,
				    .at = now - (int64_t)DAYS * 86400 +
					  i * (DAYS - 2) * 86400 / count,
				    .count = 1};

		f.address = address_mask(&f.host,
					 f.host.family == ADDRESS_V4 ? 32 : 64);
		memcpy(f.user, x.user, sizeof(f.user));
		memcpy(f.service, x.service, sizeof(f.service));
		memcpy(f.rule, x.rule, sizeof(f.rule));
		if (failure_add(s, &f, &why) < 0)
			errx(1, "%s", why.text);
	}
}

static struct store *prepare(const char *path, struct settings *settings,
			     long before, int64_t now, int64_t *jail)
{
	struct jail_totals t;
	struct store *s;

	settings_init(settings);
	if (settings_check(settings, &why) < 0 ||
	    store_open(&s, path, STORE_CREATE, &why) < 0 ||
	    store_begin(s, &why) < 0 ||
	    jail_put(s, settings, now, jail, &why) < 0 ||
	    jail_totals(s, *jail, now, 0, &t, &why) < 0)
		errx(1, "%s", why.text);
	fill(s, *jail, before - (long)t.failures, now);
	if (store_commit(s, &why) < 0)
		errx(1, "%s", why.text);
	return s;
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void judge_all(struct judge *j, unsigned long from, unsigned long count,
		      int64_t begun)
{
	static struct sighting batch[ENGINE_BATCH];
	static struct offense fresh[ENGINE_BATCH + JUDGE_FRESH];
	size_t nfresh, offenses = 0;

	for (unsigned long n = 0; n < count;) {
		int64_t now = begun + (int64_t)(n / SECOND);
		struct moment at = {.wall = now, .boot = now};
		size_t k = 0;

		for (; k < ENGINE_BATCH && n < count; n++)
			batch[k++] = sighting_of(from + n, now);
		if (judge_batch(j, batch, k, at, fresh, &nfresh, &why) < 0)
			errx(1, "%s", why.text);
		offenses += nfresh;
	}
	printf("%zu offenses, ", offenses);
}

int main(int argc, char **argv)
{
	int64_t now = time(NULL), jail;
	struct settings settings;
	struct judge *judge;
	struct moment begun = {.wall = now, .boot = now};
	struct store *s;
	unsigned long count;
	double cpu, wall;

	if (argc != 4)
		errx(2, "usage: judge DATABASE BEFORE COUNT");
	count = strtoul(argv[3], NULL, 10);
	s = prepare(argv[1], &settings, atol(argv[2]), now, &jail);
	if (judge_open(&judge, &settings, NULL, s, jail, begun, &why) < 0)
		errx(1, "%s", why.text);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	wall = seconds(CLOCK_MONOTONIC);
	judge_all(judge, (unsigned long)now % 1000 * 1000000, count, now);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	wall = seconds(CLOCK_MONOTONIC) - wall;
	printf("%lu failures: %.0f a second of processor time, %.0f of the "
	       "clock\n",
	       count, (double)count / cpu, (double)count / wall);
	judge_close(judge);
	store_close(s);
	return 0;
}
