/* memories: see memories.h. */
#include "memories.h"

#include <stdlib.h>

#include "cuts.h"
#include "echo.h"
#include "excuses.h"
#include "pieces.h"
#include "session.h"

struct memories *memories_open(const struct filterfile *source, bool joins)
{
	struct memories *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	atomic_init(&m->users, 1);
	m->session_age = source->session_age;
	m->split_at = source->split_at;
	if ((source->doubled && (m->echoes = echoes_open()) == NULL) ||
	    (source->split_at > 0 &&
	     (m->pieces = pieces_open((size_t)source->split_at)) == NULL) ||
	    (source->cut > 0 && (m->cuts = cuts_open()) == NULL) ||
	    (source->excuse > 0 && (m->excuses = excuses_open()) == NULL) ||
	    (joins &&
	     (m->sessions = sessions_open(source->session_age)) == NULL)) {
		memories_close(m);
		return NULL;
	}
	return m;
}

struct memories *memories_share(struct memories *m)
{
	atomic_fetch_add_explicit(&m->users, 1, memory_order_relaxed);
	return m;
}

void memories_close(struct memories *m)
{
	if (m == NULL ||
	    atomic_fetch_sub_explicit(&m->users, 1, memory_order_acq_rel) > 1)
		return;
	sessions_close(m->sessions);
	echoes_close(m->echoes);
	cuts_close(m->cuts);
	excuses_close(m->excuses);
	pieces_close(m->pieces);
	free(m);
}

bool memories_alike(const struct memories *a, const struct memories *b)
{
	return (a->sessions == NULL) == (b->sessions == NULL) &&
	       (a->echoes == NULL) == (b->echoes == NULL) &&
	       (a->pieces == NULL) == (b->pieces == NULL) &&
	       (a->cuts == NULL) == (b->cuts == NULL) &&
	       (a->excuses == NULL) == (b->excuses == NULL) &&
	       a->session_age == b->session_age && a->split_at == b->split_at;
}
