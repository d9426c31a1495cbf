/* excuses: see excuses.h. */
#include "excuses.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXCUSE_HOSTS = 64, /* of more, the one with the oldest trouble goes */
	EXCUSE_HOST = 256  /* bytes of a name; the rest is not compared */
};

struct excuse {
	int64_t at; /* 0: free */
	size_t len;
	char host[EXCUSE_HOST];
};

struct excuses {
	pthread_mutex_t lock;
	struct excuse excuse[EXCUSE_HOSTS];
};

struct excuses *excuses_open(void)
{
	struct excuses *e = calloc(1, sizeof(*e));

	if (e != NULL && pthread_mutex_init(&e->lock, NULL) != 0) {
		free(e);
		return NULL;
	}
	return e;
}

void excuses_close(struct excuses *e)
{
	if (e == NULL)
		return;
	pthread_mutex_destroy(&e->lock);
	free(e);
}

static size_t length(struct slice host)
{
	return host.len < EXCUSE_HOST ? host.len : EXCUSE_HOST;
}

static struct excuse *find(struct excuses *e, struct slice host)
{
	size_t n = length(host);

	for (size_t i = 0; i < EXCUSE_HOSTS; i++) {
		struct excuse *x = &e->excuse[i];

		if (x->at != 0 && x->len == n &&
		    (n == 0 || memcmp(x->host, host.at, n) == 0))
			return x;
	}
	return NULL;
}

static struct excuse *oldest(struct excuses *e)
{
	struct excuse *x = e->excuse;

	for (size_t i = 1; i < EXCUSE_HOSTS; i++)
		if (e->excuse[i].at < x->at)
			x = &e->excuse[i];
	return x;
}

void excuses_note(struct excuses *e, struct slice host, int64_t at)
{
	struct excuse *x;

	pthread_mutex_lock(&e->lock);
	x = find(e, host);
	if (x == NULL) {
		x = oldest(e);
		x->len = length(host);
		if (x->len > 0)
			memcpy(x->host, host.at, x->len);
	}
	x->at = at;
	pthread_mutex_unlock(&e->lock);
}

bool excuses_have(struct excuses *e, struct slice host, int64_t at,
		  int64_t span)
{
	const struct excuse *x;
	bool have;

	pthread_mutex_lock(&e->lock);
	x = find(e, host);
	have = x != NULL && at >= x->at && at - x->at <= span;
	pthread_mutex_unlock(&e->lock);
	return have;
}
