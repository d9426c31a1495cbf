/*
 * rounds: how long a fresh ban waits while the sets are being filled.
 *
 *   rounds DATABASE COUNT [ENFORCER]
 *
 * The engine, its database of `bans DATABASE COUNT held` and the kernel's sets,
 * in this process. Every few milliseconds somebody new fails who is banned at
 * once: half of the bans wait for a round that has just begun. Prints how long
 * the rounds took until COUNT entries are in the sets, those without a ban and
 * those with one: at the worst a new ban waits for one of the first kind and
 * is in the set within one of the second. Processor time leaves out the disk
 * and what else the machine does.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/enforcement.h"
#include "saslban/engine.h"

enum { MOST = 1000000, EVERY = 4 };

struct times {
	int64_t ns[MOST];
	size_t n;
};

static struct times quiet, live, quiet_cpu, live_cpu;
static struct fault why;

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct moment read_clocks(void)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (struct moment){.wall = wall.tv_sec, .boot = boot.tv_sec};
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print(const char *what, struct times *t)
{
	if (t->n == 0)
		return;
	qsort(t->ns, t->n, sizeof(t->ns[0]), by_value);
	printf("%s: %zu, median %.2f  p99 %.2f  max %.2f ms\n", what, t->n,
	       (double)t->ns[t->n / 2] / 1e6,
	       (double)t->ns[t->n * 99 / 100] / 1e6,
	       (double)t->ns[t->n - 1] / 1e6);
}

static void say(void *context, enum report_level level, const char *text)
{
	(void)context;
	(void)level;
	if (strstr(text, " banned ") == NULL &&
	    strstr(text, "not logged") == NULL)
		printf("%s\n", text);
}

static struct sighting stranger(int64_t now)
{
	static unsigned n;
	struct sighting s = {.kind = SIGHTING_FAILURE,
			     .address = {ADDRESS_V4,
					 32,
					 {203, (uint8_t)(n >> 16),
					  (uint8_t)(n >> 8), (uint8_t)n}},
			     .arrived = now,
			     .reported = now,
			     .count = 1,
			     .service = "postfix/smtpd",
			     .rule = "postfix:1"};

	snprintf(s.user, sizeof(s.user), "user%u", n++);
	return s;
}

static uint64_t elements(struct enforcer *k)
{
	struct set_state state;
	uint64_t n = 0;

	for (enum enforcer_set set = 0; set < ENFORCER_SETS; set++)
		if (k->ops->state(k, set, &state, NULL) == 0)
			n += state.elements;
	return n;
}

static void one_round(struct engine *e, unsigned i)
{
	struct moment now = read_clocks();
	struct sighting s = stranger(now.wall);
	size_t n = i % EVERY == EVERY - 1;
	struct times *t = n > 0 ? &live : &quiet;
	struct times *cpu = n > 0 ? &live_cpu : &quiet_cpu;
	int64_t start_cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);
	int64_t start = now_ns(CLOCK_MONOTONIC);

	if (engine_round(e, &s, &n, now, &why) < 0)
		errx(1, "%s", why.text);
	if (t->n < MOST && i > 0) {
		t->ns[t->n++] = now_ns(CLOCK_MONOTONIC) - start;
		cpu->ns[cpu->n++] = now_ns(CLOCK_THREAD_CPUTIME_ID) - start_cpu;
	}
	if (i == 0)
		printf("the first round: %.2f ms\n",
		       (double)(now_ns(CLOCK_MONOTONIC) - start) / 1e6);
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct reporter reporter = {.write = say};
	struct engine_parts parts = {.settings = &settings,
				     .reporter = &reporter};
	struct enforcer *enforcer, *mine;
	struct engine *e;
	unsigned i = 0;
	int64_t start;

	if (argc != 3 && argc != 4)
		errx(2, "usage: rounds DATABASE COUNT [ENFORCER]");
	settings_init(&settings);
	if (settings_set(&settings, "database", argv[1], &why) < 0 ||
	    settings_set(&settings, "maxretry", "1", &why) < 0 ||
	    settings_set(&settings, "network.hosts", "0", &why) < 0 ||
	    settings_set(&settings, "account.hosts", "0", &why) < 0 ||
	    settings_set(&settings, "enforcer", argc == 4 ? argv[3] : "ipset",
			 &why) < 0 ||
	    settings_check(&settings, &why) < 0 ||
	    enforcement_open(&enforcer, &settings, &why) < 0 ||
	    enforcement_open(&mine, &settings, &why) < 0 ||
	    engine_open(&e, &parts, enforcer, &why) < 0)
		errx(1, "%s", why.text);
	start = now_ns(CLOCK_MONOTONIC);
	do
		one_round(e, i++);
	while (i % 64 != 0 || elements(mine) < strtoull(argv[2], NULL, 10));
	printf("filled in %.0f ms, %u rounds\n",
	       (double)(now_ns(CLOCK_MONOTONIC) - start) / 1e6, i);
	print("rounds without a ban", &quiet);
	print("  of which processor", &quiet_cpu);
	print("rounds with one", &live);
	print("  of which processor", &live_cpu);
	engine_close(e);
	mine->ops->close(mine);
	return 0;
}
