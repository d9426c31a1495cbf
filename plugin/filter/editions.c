/*
 * editions: see saslban/editions.h.
 *
 * Threads: the list belongs to the one thread. `users` and the change of
 * `current` stand under the lock; workers read `current` without it, to compare
 * and not to look into it. What a worker looks into is the edition that it has
 * counted itself a user of.
 */
#include "saslban/editions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "inherit.h"
#include "scratch.h"

struct edition {
	struct filter *filter;
	unsigned users; /* workers that have it */
	struct edition *next;
};

struct editions {
	const char **spec; /* and behind them the directories */
	const char **dir;
	size_t specs, dirs;
	pthread_mutex_t lock;
	_Atomic(struct edition *) current;
	struct edition *list; /* all, the current one first */
};

struct edition_worker {
	struct editions *editions;
	struct edition *edition;
	struct filter_scratch *scratch;
};

/* ---- the one thread ---- */

static int keep_words(struct editions *e, const char *const *specs,
		      size_t nspecs, const char *const *dirs, size_t ndirs)
{
	e->spec = calloc(nspecs + ndirs + 1, sizeof(*e->spec));
	if (e->spec == NULL)
		return -1;
	e->dir = e->spec + nspecs;
	for (size_t i = 0; i < nspecs; i++)
		e->spec[i] = specs[i];
	for (size_t i = 0; i < ndirs; i++)
		e->dir[i] = dirs[i];
	e->specs = nspecs;
	e->dirs = ndirs;
	return 0;
}

/* Compiled, and not in force. */
static struct edition *read_edition(struct editions *e, struct fault *why)
{
	struct edition *new = calloc(1, sizeof(*new));

	if (new == NULL) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	if (filter_open(&new->filter, e->spec, e->specs, e->dir, e->dirs,
			why) == 0)
		return new;
	free(new);
	return NULL;
}

static void put_in_force(struct editions *e, struct edition *new)
{
	new->next = e->list;
	e->list = new;
	pthread_mutex_lock(&e->lock);
	atomic_store_explicit(&e->current, new, memory_order_release);
	pthread_mutex_unlock(&e->lock);
}

static void free_edition(struct edition *one)
{
	filter_close(one->filter);
	free(one);
}

int editions_open(struct editions **out, const char *const *specs,
		  size_t nspecs, const char *const *dirs, size_t ndirs,
		  struct fault *why)
{
	struct editions *e = calloc(1, sizeof(*e));
	struct edition *first;

	if (e == NULL || keep_words(e, specs, nspecs, dirs, ndirs) < 0 ||
	    pthread_mutex_init(&e->lock, NULL) != 0) {
		if (e != NULL)
			free(e->spec);
		free(e);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	first = read_edition(e, why);
	if (first == NULL) {
		editions_close(e);
		return -1;
	}
	put_in_force(e, first);
	*out = e;
	return 0;
}

void editions_close(struct editions *e)
{
	struct edition *one;

	if (e == NULL)
		return;
	while ((one = e->list) != NULL) {
		e->list = one->next;
		free_edition(one);
	}
	pthread_mutex_destroy(&e->lock);
	free(e->spec);
	free(e);
}

int editions_reread(struct editions *e, struct edition_change *out,
		    struct fault *why)
{
	struct edition *new = read_edition(e, why);

	if (new == NULL)
		return -1;
	filter_compare(new->filter, e->list->filter, out);
	if (!out->any) {
		free_edition(new);
		return 0;
	}
	filter_inherit(new->filter, e->list->filter);
	put_in_force(e, new);
	return 0;
}

const struct filter *editions_now(const struct editions *e)
{
	return e->list->filter;
}

bool editions_used(struct editions *e, const struct filter *f)
{
	bool used = f == e->list->filter;

	pthread_mutex_lock(&e->lock);
	for (struct edition *i = e->list->next; i != NULL; i = i->next)
		used = used || (i->filter == f && i->users > 0);
	pthread_mutex_unlock(&e->lock);
	return used;
}

void editions_drop(struct editions *e, const struct filter *f)
{
	struct edition **link = &e->list, *one;

	while ((one = *link) != NULL && one->filter != f)
		link = &one->next;
	if (one == NULL)
		return;
	*link = one->next;
	free_edition(one);
}

/* ---- a worker ---- */

/* The one in force, of which the caller is a user from here on. */
static struct edition *enter(struct editions *e)
{
	struct edition *one;

	pthread_mutex_lock(&e->lock);
	one = atomic_load_explicit(&e->current, memory_order_relaxed);
	one->users++;
	pthread_mutex_unlock(&e->lock);
	return one;
}

static void leave(struct editions *e, struct edition *one)
{
	pthread_mutex_lock(&e->lock);
	one->users--;
	pthread_mutex_unlock(&e->lock);
}

struct edition_worker *edition_worker_open(struct editions *e)
{
	struct edition_worker *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->editions = e;
	w->edition = enter(e);
	w->scratch = filter_scratch_open(w->edition->filter);
	if (w->scratch != NULL)
		return w;
	leave(e, w->edition);
	free(w);
	return NULL;
}

void edition_worker_close(struct edition_worker *w)
{
	if (w == NULL)
		return;
	filter_scratch_close(w->scratch);
	leave(w->editions, w->edition);
	free(w);
}

static bool is_stale(const struct edition_worker *w)
{
	return atomic_load_explicit(&w->editions->current,
				    memory_order_relaxed) != w->edition;
}

static void renew(struct edition_worker *w)
{
	struct edition *old = w->edition;
	struct edition *new = enter(w->editions);
	struct filter_scratch *scratch =
		filter_scratch_renew(w->scratch, new->filter);

	if (scratch == NULL) {
		leave(w->editions, new);
		return;
	}
	w->scratch = scratch;
	w->edition = new;
	leave(w->editions, old);
}

enum sighting_kind edition_worker_match(struct edition_worker *w,
					struct logline *line,
					struct sighting *out)
{
	if (is_stale(w))
		renew(w);
	return filter_match(w->edition->filter, w->scratch, line, out);
}
