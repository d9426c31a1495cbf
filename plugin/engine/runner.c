/*
 * runner: see saslban/runner.h.
 *
 * Threads: everything in struct runner belongs to the engine thread once it
 * runs, but for the queue and what stands under the lock. It blocks all
 * signals: rsyslogd's are for rsyslogd's main thread.
 */
#include "saslban/runner.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "report.h"
#include "saslban/capability.h"
#include "saslban/enforcement.h"
#include "saslban/plural.h"
#include "saslban/queue.h"
#include "saslban/sockdiag.h"
#include "spill.h"

enum { RETRY_MS = 1000 }; /* between two tries at a refusing database */

struct runner {
	struct engine_parts parts;
	struct report report;
	char host[HOST_NAME_MAX + 1];
	struct queue *queue;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool kept; /* the capability is safe: the host may change user */
	bool going;
	bool stopping;
	bool reread;      /* files are to be read again */
	int64_t deadline; /* boot: a database that refuses at the end gets no
			   * more tries after it; 0: not yet set */
	struct engine *engine;
	struct sighting batch[ENGINE_BATCH];
	size_t n;
	bool troubled; /* the database refuses, and it was reported */
	struct spill spill;
};

static struct moment read_clocks(void)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (struct moment){.wall = wall.tv_sec, .boot = boot.tv_sec};
}

static bool is_stopping(struct runner *r)
{
	bool stopping;

	pthread_mutex_lock(&r->lock);
	stopping = r->stopping;
	pthread_mutex_unlock(&r->lock);
	return stopping;
}

/* Wait until runner_go; false when it is runner_stop that came. */
static bool wait_for_go(struct runner *r)
{
	bool go;

	pthread_mutex_lock(&r->lock);
	while (!r->going && !r->stopping)
		pthread_cond_wait(&r->changed, &r->lock);
	go = r->going;
	pthread_mutex_unlock(&r->lock);
	return go;
}

/* Sleep, but not through runner_stop. */
static void sleep_ms(struct runner *r, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(ms / 1000);
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&r->lock);
	while (!r->stopping)
		if (pthread_cond_timedwait(&r->changed, &r->lock, &until) != 0)
			break;
	pthread_mutex_unlock(&r->lock);
}

static int open_engine(struct runner *r, struct fault *why)
{
	const struct settings *s = r->parts.settings;
	struct enforcer *enforcer = NULL;

	if (s->enforce && s->cut && r->parts.cutter == NULL &&
	    sockdiag_open(&r->parts.cutter, why) < 0)
		return -1;
	if (s->enforce && enforcement_open(&enforcer, s, why) < 0)
		return -1;
	return engine_open(&r->engine, &r->parts, enforcer, why);
}

/* One round. Reports when the database begins to refuse and when that is
 * over. */
static int try_round(struct runner *r)
{
	struct fault why = {.kind = FAULT_NONE};

	if ((r->engine != NULL || open_engine(r, &why) == 0) &&
	    engine_round(r->engine, r->batch, &r->n, read_clocks(), &why) ==
		    0) {
		if (r->troubled)
			report(&r->report, REPORT_NOTICE,
			       "the database is working again; the backlog "
			       "has been processed");
		r->troubled = false;
		return 0;
	}
	if (r->parts.meter != NULL)
		meter_add(r->parts.meter, METER_REFUSED, 1);
	if (!r->troubled)
		report(&r->report, REPORT_ERROR,
		       "cannot record; failures are being queued: %s",
		       why.text);
	r->troubled = true;
	return -1;
}

/* Milliseconds until the engine wants its next round. */
static int64_t ms_until_due(const struct runner *r)
{
	int64_t left = engine_due(r->engine) - read_clocks().boot;

	return left > 0 ? left * 1000 : 0;
}

/* rsyslogd waits for us, for one jail after the other. So all of them have the
 * same deadline, which began when the first one was to stop. */
static void begin_deadline(struct runner *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->deadline == 0)
		r->deadline = read_clocks().boot + RUNNER_LAST;
	pthread_mutex_unlock(&r->lock);
}

/* The database has refused until the deadline. */
static bool has_given_up(struct runner *r)
{
	int64_t at;

	pthread_mutex_lock(&r->lock);
	at = r->deadline;
	pthread_mutex_unlock(&r->lock);
	return r->troubled && at != 0 && read_clocks().boot >= at;
}

/* An engine that cannot be opened yet has read nothing that could be old but
 * the filters: they are read when it is there. */
static void reread(struct runner *r)
{
	bool wanted;

	if (r->engine == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	wanted = r->reread;
	r->reread = false;
	pthread_mutex_unlock(&r->lock);
	if (wanted)
		engine_reread(r->engine);
}

static void measure(struct runner *r)
{
	size_t now, most;

	if (r->parts.meter == NULL)
		return;
	queue_fill(r->queue, &now, &most);
	meter_set(r->parts.meter, METER_QUEUED, now);
	meter_set(r->parts.meter, METER_QUEUED_MOST, most);
}

static void work(struct runner *r)
{
	while (!is_stopping(r)) {
		reread(r);
		if (has_given_up(r) || try_round(r) < 0)
			sleep_ms(r, RETRY_MS);
		else
			r->n = queue_take(r->queue, r->batch, ENGINE_BATCH,
					  ms_until_due(r));
		measure(r);
		spill_report(&r->spill, read_clocks().boot, false);
	}
}

/* What is left in batch and queue. A database that has refused until the
 * deadline had its chances. */
static void drain(struct runner *r)
{
	struct sighting dummy;
	uint64_t lost;

	begin_deadline(r);
	for (;;) {
		if (r->n == 0)
			r->n = queue_take(r->queue, r->batch, ENGINE_BATCH, 0);
		if (r->n == 0)
			break;
		if (has_given_up(r))
			break;
		if (try_round(r) < 0)
			nanosleep(&(struct timespec){.tv_nsec = 100000000},
				  NULL);
	}
	lost = r->n;
	while (r->n > 0 && queue_take(r->queue, &dummy, 1, 0) == 1)
		lost++;
	if (lost == 0)
		return;
	report(&r->report, REPORT_ERROR,
	       "stopped with %llu failure%s that could not be recorded",
	       (unsigned long long)lost, plural(lost));
}

/* What was counted in the last minute is worth one try. */
static void keep_last(struct runner *r)
{
	struct fault why;

	if (r->engine != NULL && !r->troubled)
		(void)engine_keep_last(r->engine, read_clocks(), &why);
}

static void *run(void *context)
{
	struct runner *r = context;

	capability_keep();
	pthread_mutex_lock(&r->lock);
	r->kept = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	if (!wait_for_go(r))
		return NULL;
	capability_reduce();
	work(r);
	drain(r);
	spill_report(&r->spill, read_clocks().boot, true);
	keep_last(r);
	engine_close(r->engine);
	if (r->parts.cutter != NULL)
		r->parts.cutter->ops->close(r->parts.cutter);
	return NULL;
}

static void release(struct runner *r)
{
	queue_close(r->queue);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* What chooses places in the queue's table must not be known outside. The
 * store's secret is not: but the store is not open yet. */
static struct queue *open_queue(struct fault *why)
{
	struct siphash_key key;
	struct queue *q;

	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key)) {
		fault_set(why, FAULT_SYSTEM, "cannot draw a random number: %s",
			  strerror(errno));
		return NULL;
	}
	q = queue_open(RUNNER_QUEUE, &key);
	if (q == NULL)
		fault_set(why, FAULT_MEMORY, "out of memory");
	return q;
}

int runner_start(struct runner **out, const struct engine_parts *parts,
		 struct fault *why)
{
	struct runner *r = calloc(1, sizeof(*r));
	struct queue *queue = open_queue(why);
	pthread_condattr_t attr;
	sigset_t all, before;
	int error;

	if (queue == NULL) {
		free(r);
		return -1;
	}
	if (r == NULL) {
		queue_close(queue);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	r->parts = *parts;
	if (r->parts.host == NULL && gethostname(r->host, sizeof(r->host)) == 0)
		r->parts.host = r->host;
	r->host[sizeof(r->host) - 1] = '\0';
	r->queue = queue;
	report_init(&r->report, parts->settings->name, parts->reporter);
	spill_init(&r->spill, queue, &r->report);
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->changed, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&r->thread, NULL, run, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0) {
		release(r);
		return fault_set(why, FAULT_SYSTEM, "cannot start a thread: %s",
				 strerror(error));
	}
	pthread_mutex_lock(&r->lock);
	while (!r->kept)
		pthread_cond_wait(&r->changed, &r->lock);
	pthread_mutex_unlock(&r->lock);
	*out = r;
	return 0;
}

void runner_go(struct runner *r)
{
	pthread_mutex_lock(&r->lock);
	r->going = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

/* Whose share of the queue it takes: the offender's, but of IPv6 a /64 at
 * least, or one customer would be very many. */
static struct address holder_of(const struct settings *settings,
				const struct address *host)
{
	struct address a = settings_offender(settings, host);

	if (a.family == ADDRESS_V6 && address_translated(host) == 0)
		return address_mask(&a, 64);
	return a;
}

bool runner_offer(struct runner *r, const struct sighting *s)
{
	struct address who = holder_of(r->parts.settings, &s->address);

	return queue_put(r->queue, s, &who);
}

void runner_reread(struct runner *r)
{
	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->reread = true;
	pthread_mutex_unlock(&r->lock);
	queue_wake(r->queue);
}

void runner_hurry(struct runner *r)
{
	if (r != NULL)
		begin_deadline(r);
}

void runner_stop(struct runner *r)
{
	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	queue_wake(r->queue);
	pthread_join(r->thread, NULL);
	release(r);
}
