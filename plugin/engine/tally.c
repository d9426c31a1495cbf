/* tally: see saslban/tally.h. */
#include "saslban/tally.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/plain.h"

struct tally {
	pthread_mutex_t lock;
	struct tally_news news;
};

struct tally *tally_open(void)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t != NULL && pthread_mutex_init(&t->lock, NULL) != 0) {
		free(t);
		return NULL;
	}
	return t;
}

void tally_close(struct tally *t)
{
	if (t == NULL)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

void tally_add(struct tally *t, const char *writer, const char *program)
{
	pthread_mutex_lock(&t->lock);
	t->news.lines++;
	(void)plain_copy(t->news.writer, TALLY_WORD, writer);
	(void)plain_copy(t->news.program, TALLY_WORD, program);
	pthread_mutex_unlock(&t->lock);
}

void tally_gap(struct tally *t, enum tally_gap gap)
{
	pthread_mutex_lock(&t->lock);
	t->news.gaps |= gap;
	pthread_mutex_unlock(&t->lock);
}

void tally_read(struct tally *t, struct tally_news *out)
{
	pthread_mutex_lock(&t->lock);
	*out = t->news;
	pthread_mutex_unlock(&t->lock);
}
