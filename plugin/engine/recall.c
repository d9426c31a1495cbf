/* recall: see recall.h. */
#include "recall.h"

#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/outage.h"

enum { LATELY = 3600 /* seconds that a stop may last */ };

struct recall {
	struct memory *memory;
	struct suspects *suspects; /* NULL: they are no matter */
	int64_t now;
	int64_t latest;
	struct fault *why;
};

static int see_login(void *context, const struct login *l)
{
	struct recall *r = context;

	if (l->last > r->latest)
		r->latest = l->last;
	return memory_learn(r->memory, &l->address, l->user, l->first, l->last,
			    r->why);
}

int recall_logins(struct memory *m, struct store *s,
		  const struct settings *settings, int64_t now,
		  int64_t *learned, struct fault *why)
{
	int64_t window = settings->policy.known_window;
	struct recall r = {m, NULL, now, *learned, why};
	int64_t since = now - window;

	if (window == 0)
		return 0;
	if (*learned > since)
		since = *learned;
	if (login_each(s, since, MEMORY_CUSTOMERS / 4, see_login, &r, why) < 0)
		return -1;
	*learned = r.latest;
	return 0;
}

static int see_failure(void *context, const struct failure *f)
{
	struct recall *r = context;
	const struct trace t = {
		.address = f->address,
		.user = f->user,
		.service = f->service,
		.session = f->session,
		.guess = f->guess,
		.count = f->count,
		.doubtful = f->sort == SIGHTING_DOUBTFUL,
		.summary = f->sort == SIGHTING_SUMMARY,
		.wide = f->wide,
		.at = f->at,
		.row = f->id,
	};
	struct memory_rows repeats;

	/* Whoever waited while we were away for long may have logged in. */
	if (f->verdict == VERDICT_GRACE && f->at > r->now - LATELY)
		suspects_add(r->suspects, f);
	return memory_note(r->memory, &t, f->verdict, r->now, &repeats, r->why);
}

/* The clock may have been set back since. */
static int64_t not_later(int64_t at, int64_t now)
{
	return at < now ? at : now;
}

static int see_outage(void *context, const struct outage_row *o)
{
	const struct recall *r = context;

	if (o->closed != 0) {
		memory_set_outage(r->memory, false,
				  not_later(o->closed, r->now));
		return 1;
	}
	memory_set_outage(r->memory, true, not_later(o->opened, r->now));
	if (o->login[0] != '\0')
		memory_note_success(r->memory, o->login, o->opened);
	return 1;
}

int recall_all(struct docket *d, int64_t now, int64_t *learned,
	       struct fault *why)
{
	int64_t since = now - memory_span(&d->settings->policy);
	struct recall r = {d->memory, d->suspects, now, 0, why};
	int64_t last, trouble;

	*learned = 0;
	/* Signs and their end before the failures: those that came in an outage
	 * are signs that it lasts, those before a login are none. */
	if (recall_logins(d->memory, d->store, d->settings, now, learned, why) <
		    0 ||
	    outage_each(d->store, d->jail, 1, see_outage, &r, why) < 0 ||
	    jail_last_login(d->store, d->jail, &last, why) < 0 ||
	    jail_last_trouble(d->store, d->jail, &trouble, why) < 0)
		return -1;
	memory_forget_signs(d->memory, not_later(last, now));
	if (trouble != 0)
		memory_note_trouble(d->memory, not_later(trouble, now));
	return failure_recent(d->store, d->jail, since, see_failure, &r, why);
}

int recall_again(struct docket *d, int64_t now, struct fault *why)
{
	int64_t learned;

	memory_clear(d->memory);
	suspects_forget(d->suspects);
	return recall_all(d, now, &learned, why);
}
