/* notify: see notify.h. */
#include "notify.h"

#include <stdlib.h>

#include "digesting.h"
#include "saslban/notice.h"
#include "saslban/outbox.h"
#include "saslban/zone.h"
#include "telling.h"

/* Seconds: until what the outlet did not take is tried again; and for which a
 * digest waits for a moment without sightings. */
enum { AGAIN = 10, PATIENCE = 600 };

int notify_open(struct notify *n, const struct engine_parts *parts,
		struct fault *why)
{
	const struct settings *settings = parts->settings;

	*n = (struct notify){.settings = settings, .reporter = parts->reporter};
	n->due = INT64_MAX;
	if (settings->notify_mode == NOTIFY_NONE)
		return 0;
	n->desk = calloc(1, sizeof(*n->desk));
	if (n->desk == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	n->desk->host = parts->host == NULL ? "localhost" : parts->host;
	n->desk->jail = settings->name;
	n->desk->letter =
		parts->letter == NULL ? letter_builtin : parts->letter;
	return 0;
}

void notify_close(struct notify *n)
{
	free(n->desk);
	n->desk = NULL;
}

/* ---- digests ---- */

static bool has_digest(const struct notify *n)
{
	return n->settings->notify_mode == NOTIFY_DAILY ||
	       n->settings->notify_mode == NOTIFY_WEEKLY;
}

/* The next digest, which tells from then on. */
static int add_digest(const struct notify *n, struct store *s, int64_t jail,
		      int64_t since, int64_t now, struct fault *why)
{
	struct schedule_zone zone = zone_local();
	struct outbox_row row = {
		.jail = jail,
		.kind = NOTICE_DIGEST,
		.at = since,
		.due = notice_digest(&n->settings->notify_at, &zone, since,
				     now),
	};

	return outbox_add(s, &row, why);
}

/* What was said of it when the clock, or the configuration, was another one. */
static int keep_digest(const struct notify *n, struct store *s, int64_t jail,
		       int64_t now, struct fault *why)
{
	struct schedule_zone zone = zone_local();
	int64_t id, since, due;

	if (outbox_digest(s, jail, &id, &since, why) < 0)
		return -1;
	if (id == 0)
		return add_digest(n, s, jail, now, now, why);
	due = notice_digest(&n->settings->notify_at, &zone, since, now);
	if (since > due)
		since = now;
	return outbox_digest_due(s, id, since, due, why);
}

static int begin(const struct notify *n, struct store *s, int64_t jail,
		 int64_t now, struct fault *why)
{
	if (has_digest(n))
		return keep_digest(n, s, jail, now, why);
	return outbox_drop(s, jail, n->desk == NULL, why);
}

int notify_begin(struct notify *n, const struct database *d, struct moment now,
		 struct fault *why)
{
	if (n->desk != NULL)
		n->due = now.boot;
	if (store_begin(d->store, why) < 0)
		return -1;
	return store_end(d->store, begin(n, d->store, d->jail, now.wall, why),
			 why);
}

/* ---- handed over ---- */

static int mark(struct notify *n, struct store *s, int64_t jail, int64_t now,
		struct fault *why)
{
	if (outbox_sent(s, jail, n->mail, now, why) < 0)
		return -1;
	return n->until == 0 ? 0 : add_digest(n, s, jail, n->until, now, why);
}

int notify_keep(struct notify *n, const struct database *d, struct moment now,
		struct fault *why)
{
	const struct reporter *r = n->reporter;

	if (n->mail == 0 ||
	    (r->passed != NULL && !r->passed(r->context, OUTLET_NOTIFY)))
		return 0;
	if (store_begin(d->store, why) < 0 ||
	    store_end(d->store, mark(n, d->store, d->jail, now.wall, why),
		      why) < 0)
		return -1;
	n->mail = 0;
	return 0;
}

/* ---- into mails ---- */

/* *later: when those that became too many are to go together. */
static int sort_kind(const struct notify *n, struct store *s, int64_t jail,
		     bool breach, int64_t now, int64_t *later,
		     struct fault *why)
{
	const struct settings *c = n->settings;
	struct notice_load load;
	enum notice_way way;

	if (outbox_load(s, jail, breach, c->notify_wait, now, &load, why) < 0)
		return -1;
	if (load.due == 0)
		return 0;
	way = notice_way(&load, c->notify_max, c->notify_wait, now, later);
	if (way == NOTICE_LATER)
		return 0;
	if (store_begin(s, why) < 0)
		return -1;
	return store_end_soon(
		s,
		outbox_put(s, jail, breach, way == NOTICE_TOGETHER, now, why),
		why);
}

/* ---- write and hand over ---- */

static int write_digest(struct notify *n, struct store *s,
			const struct sets *sets, const struct outbox_sum *sum,
			struct digest_time *t, struct fault *why)
{
	desk_begin(n->desk, n->mail, sum->at, t->to - 1);
	return digesting_write(n->desk, s, n->settings, t, sets, why);
}

static int write_mail(struct notify *n, struct store *s, int64_t jail,
		      const struct sets *sets, const struct outbox_sum *sum,
		      int64_t now, struct fault *why)
{
	struct schedule_zone zone = zone_local();
	struct digest_time t = {jail, !n->settings->enforce, sum->at, now};

	n->until = 0;
	if (!sum->digest) {
		desk_begin(n->desk, n->mail, sum->at, now);
		return telling_write(n->desk, s, jail, n->mail, sum, why);
	}
	t.to = schedule_last(&n->settings->notify_at, &zone, now);
	if (t.to <= t.from)
		t.to = now;
	n->until = t.to;
	return write_digest(n, s, sets, sum, &t, why);
}

static struct desk_note note_of(const struct outbox_sum *sum, int64_t now)
{
	struct desk_note note = {notice_word(NOTICE_BAN), REPORT_NOTICE, now};

	if (sum->digest) {
		note.kind = notice_word(NOTICE_DIGEST);
		note.level = REPORT_INFO;
	} else if (sum->breaches > 0) {
		note.kind = notice_word(NOTICE_BREACH);
		note.level = REPORT_ERROR;
	} else if (sum->worst > 0) {
		note.level = REPORT_WARNING;
	}
	return note;
}

static int hand_over(struct notify *n, const struct database *d,
		     const struct sets *sets, struct moment now,
		     struct fault *why)
{
	struct outbox_sum sum;
	struct desk_note note;

	if (outbox_sum(d->store, d->jail, n->mail, &sum, why) < 0 ||
	    write_mail(n, d->store, d->jail, sets, &sum, now.wall, why) < 0) {
		n->mail = 0;
		return -1;
	}
	note = note_of(&sum, now.wall);
	if (desk_submit(n->desk, &note, n->reporter)) {
		n->due = now.boot;
		return notify_keep(n, d, now, why);
	}
	n->mail = 0;
	n->due = n->refused = now.boot + AGAIN;
	return 0;
}

/* ---- the round ---- */

/* When the store has something due, unless it is to wait for `later`. */
static int64_t due_at(int64_t next, int64_t later, struct moment now)
{
	if (next <= now.wall)
		next = later > now.wall ? later : now.wall + AGAIN;
	if (next - now.wall > INT64_MAX - now.boot)
		return INT64_MAX;
	return now.boot + (next - now.wall);
}

static int sort(struct notify *n, struct store *s, int64_t jail, bool busy,
		struct moment now, struct fault *why)
{
	int64_t later = 0, next;

	if (outbox_next(s, jail, &next, why) < 0)
		return -1;
	if (next > now.wall) {
		n->due = due_at(next, 0, now);
		return 0;
	}
	if (sort_kind(n, s, jail, true, now.wall, &later, why) < 0 ||
	    sort_kind(n, s, jail, false, now.wall, &later, why) < 0 ||
	    outbox_mail(s, jail, now.wall - (busy ? PATIENCE : 0), &n->mail,
			why) < 0)
		return -1;
	if (n->mail == 0)
		n->due = due_at(next, later, now);
	return 0;
}

int notify_poll(struct notify *n, const struct database *d,
		const struct sets *sets, bool busy, struct moment now,
		struct fault *why)
{
	if (n->desk == NULL)
		return 0;
	if (n->mail != 0) {
		n->due = now.boot + 1;
		if (notify_keep(n, d, now, why) < 0)
			return -1;
		if (n->mail != 0)
			return 0;
	}
	if (n->refused > now.boot) {
		n->due = n->refused;
		return 0;
	}
	if (sort(n, d->store, d->jail, busy, now, why) < 0)
		return -1;
	return n->mail == 0 ? 0 : hand_over(n, d, sets, now, why);
}

int64_t notify_due(const struct notify *n)
{
	return n->due;
}
