/*
 * cuts: see cuts.h.
 *
 * Courier's logger writes its records of 511 bytes out of lines of 1023 at
 * most, so up to two are left of a line behind the first. It may write these
 * hours later: behind a cut it waits for another line, which it throws away.
 *
 * It reads its pipe through a buffer of 4096 bytes, and what it throws away
 * through another one. Where the pipe holds more than that, the end of a buffer
 * falls into the middle of a line, and a record is made of the beginning of one
 * line and the end of another, or of an end alone. That happens at the end of
 * the buffer at hand, or of the next one if the line reaches into it. What is
 * in a buffer is written at once. Bytes that the logger leaves out (a severity,
 * blanks) make the span longer, never shorter.
 */
#include "cuts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "dispatch.h"

enum {
	CUT_SPAN = 5120,   /* bytes that are distrusted behind a cut, */
	CUT_PAUSE = 10,    /* seconds; less when the program writes nothing for
			    * longer, but */
	CUT_PARTS = 2,     /* records always */
	CUT_PROGRAMS = 256 /* of all hosts; of more, the one that was cut
			    * longest ago is forgotten */
};

struct cut {
	uint64_t program; /* hash of host and name */
	uint64_t turn;    /* when it was cut, in cuts */
	int64_t seen;     /* its last record */
	uint32_t left;    /* bytes; 0: free */
	uint32_t records; /* since it was cut */
};

struct cuts {
	pthread_mutex_t lock;
	atomic_int open; /* programs that are distrusted */
	uint64_t turn;
	struct cut cut[CUT_PROGRAMS];
};

struct cuts *cuts_open(void)
{
	struct cuts *c = calloc(1, sizeof(*c));

	if (c != NULL && pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c);
		return NULL;
	}
	return c;
}

void cuts_close(struct cuts *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

bool cuts_idle(const struct cuts *c)
{
	return atomic_load_explicit(&c->open, memory_order_relaxed) == 0;
}

static uint64_t hash(struct slice host, struct slice name)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < host.len; i++)
		h = (h ^ (unsigned char)host.at[i]) * UINT64_C(1099511628211);
	h = (h ^ ' ') * UINT64_C(1099511628211);
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.at[i]) * UINT64_C(1099511628211);
	return h;
}

static struct cut *find(struct cuts *c, uint64_t program)
{
	for (size_t i = 0; i < CUT_PROGRAMS; i++)
		if (c->cut[i].left > 0 && c->cut[i].program == program)
			return &c->cut[i];
	return NULL;
}

/* A free place, or that of the one that was cut longest ago. */
static struct cut *place(struct cuts *c)
{
	struct cut *oldest = c->cut;

	for (size_t i = 0; i < CUT_PROGRAMS; i++) {
		if (c->cut[i].left == 0)
			return &c->cut[i];
		if (c->cut[i].turn < oldest->turn)
			oldest = &c->cut[i];
	}
	return oldest;
}

/* So many more programs are distrusted. */
static void count(struct cuts *c, int more)
{
	int n = atomic_load_explicit(&c->open, memory_order_relaxed);

	atomic_store_explicit(&c->open, n + more, memory_order_relaxed);
}

/* What may still be the rest of a cut line, or what it brought about. */
static bool lasts(struct cut *cut, size_t len, int64_t at)
{
	size_t gone = len + 1; /* and the line feed */

	if (cut->records >= CUT_PARTS && at - cut->seen > CUT_PAUSE)
		return false;
	cut->records++;
	cut->left = gone < cut->left ? cut->left - (uint32_t)gone : 0;
	return true;
}

static void begin(struct cuts *c, struct cut *cut, uint64_t program)
{
	if (cut->left == 0)
		count(c, 1);
	cut->program = program;
	cut->turn = ++c->turn;
	cut->left = CUT_SPAN;
	cut->records = 0;
}

bool cuts_doubt(struct cuts *c, const struct logline *line, size_t from)
{
	uint64_t key = hash(line->host, dispatch_program(line->tag));
	bool doubt = true;
	struct cut *cut;

	pthread_mutex_lock(&c->lock);
	cut = find(c, key);
	if (line->msg.len >= from) {
		cut = cut != NULL ? cut : place(c);
		begin(c, cut, key);
	} else if (cut != NULL) {
		doubt = lasts(cut, line->msg.len, line->arrived);
		if (!doubt)
			cut->left = 0;
		if (cut->left == 0)
			count(c, -1);
	} else {
		doubt = false;
	}
	if (cut != NULL)
		cut->seen = line->arrived;
	pthread_mutex_unlock(&c->lock);
	return doubt;
}
