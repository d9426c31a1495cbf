/*
 * renewal: see saslban/renewal.h. The order of things:
 *
 *	DATABASE.renewing   is made and filled;
 *	DATABASE.renewed    is its name when it is complete;
 *	DATABASE            is moved aside, then its log, then the log's index;
 *	DATABASE            is the new one's name.
 *
 * So DATABASE.renewed without a DATABASE is to be brought to its end, and
 * with one it is a left-over. SQLite would replay a log that lies beside a
 * database into it, whosever it is: none may be left there.
 */
#include "saslban/renewal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "dated.h"
#include "fresh.h"
#include "query.h"
#include "saslban/alive.h"

#define IN_MEMORY ":memory:"

enum { PAUSE = 10 }; /* ms between two tries */

struct work {
	const char *path;
	int64_t now;
	struct alive *lock; /* NULL: no engine was ever here */
	struct renewal *r;
};

static char *suffixed(const char *path, const char *suffix,
		      char out[DATED_PATH])
{
	snprintf(out, DATED_PATH, "%s%s", path, suffix);
	return out;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* ---- one at a time ---- */

/* needed: to replace it. Where nobody can lock it nobody can do that, and it is
 * opened as it is. */
static int lock(struct work *w, bool needed, struct fault *why)
{
	int result;

	for (int waited = 0;; waited += PAUSE) {
		result = alive_lock(&w->lock, w->path, needed, why);
		if (result != 0 || waited >= STORE_BUSY)
			break;
		sqlite3_sleep(PAUSE);
	}
	if (result == 0)
		return fault_set(why, FAULT_STORE,
				 "cannot open '%s': another jail is about to",
				 w->path);
	return result == 1 || !needed ? 0 : -1;
}

/* ---- aside ---- */

static const char *const parts[] = {"", "-wal", "-shm"};

static int move(const char *from, const char *to, struct fault *why)
{
	if (rename(from, to) == 0 || errno == ENOENT)
		return 0;
	return fault_set(why, FAULT_STORE, "cannot move '%s' to '%s': %s", from,
			 to, strerror(errno));
}

static int move_parts(const char *path, const char *aside, size_t first,
		      struct fault *why)
{
	char from[DATED_PATH], to[DATED_PATH + 8];

	for (size_t i = first; i < sizeof(parts) / sizeof(parts[0]); i++) {
		suffixed(path, parts[i], from);
		snprintf(to, sizeof(to), "%s%s", aside, parts[i]);
		if (move(from, to, why) < 0)
			return -1;
	}
	return 0;
}

static int note_newest(void *context, const char *path)
{
	snprintf(context, DATED_PATH, "%s", path);
	return 1;
}

/* The new one is complete, and nothing is at its place. */
static int put_in_place(struct work *w, const char *renewed, struct fault *why)
{
	if (move(renewed, w->path, why) < 0)
		return -1;
	fresh_settle(w->path);
	return 0;
}

/* What a process that was killed has left. Its log and index are of the file
 * that was set aside last. */
static int take_up(struct work *w, struct fault *why)
{
	char name[DATED_PATH], prefix[DATED_PATH], aside[DATED_PATH] = "";

	fresh_discard(w->path);
	suffixed(w->path, ".renewed", name);
	if (!is_there(name))
		return 0;
	if (is_there(w->path)) {
		(void)unlink(name);
		return 0;
	}
	suffixed(w->path, ".corrupt-", prefix);
	if (dated_each(prefix, note_newest, aside, why) < 0 ||
	    (aside[0] != '\0' && move_parts(w->path, aside, 1, why) < 0))
		return -1;
	return put_in_place(w, name, why);
}

/* ---- queries ---- */

static const struct query due_query = {
	"look for a renewal in", false,
	"SELECT count(*) FROM jail WHERE id = ?1"
	" AND renewal < (SELECT max(id) FROM renewal)"};

static const struct query done_query = {
	"note what was taken over in", true,
	"UPDATE jail SET renewal = (SELECT coalesce(max(id), 0) FROM renewal)"
	" WHERE id = ?1"};

int renewal_due(struct store *s, int64_t jail, bool *due, struct fault *why)
{
	int64_t n;

	if (query_number(s, &due_query, why, &n, VALUES(INT(jail))) < 0)
		return -1;
	*due = n > 0;
	return 0;
}

int renewal_done(struct store *s, int64_t jail, struct fault *why)
{
	return query_run(s, &done_query, why, VALUES(INT(jail)));
}

/* ---- the whole of it ---- */

static int renew(struct work *w, struct fault *why)
{
	char renewed[DATED_PATH], prefix[DATED_PATH];
	struct renewal *r = w->r;

	suffixed(w->path, ".corrupt-", prefix);
	dated_new(prefix, w->now, r->aside);
	suffixed(w->path, ".renewed", renewed);
	if (fresh_make(w->path, renewed, w->now, r, why) < 0 ||
	    move_parts(w->path, r->aside, 0, why) < 0)
		return -1;
	return put_in_place(w, renewed, why);
}

/* ---- open ---- */

static bool is_empty(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

/* 0, also of one that is damaged: then *out is NULL, and w->r->damaged. */
static int try(struct work *w, struct store **out, bool doubt,
	       struct fault *why)
{
	struct fault *found = &w->r->why;

	*out = NULL;
	if (w->lock != NULL && is_empty(w->path)) {
		fault_set(found, FAULT_DAMAGED, "'%s' is empty", w->path);
	} else if (store_open(out, w->path, STORE_CREATE, found) == 0) {
		if (!doubt || store_verify_all(*out, found) == 0)
			return 0;
		store_close(*out);
		*out = NULL;
	}
	if (found->kind == FAULT_DAMAGED) {
		w->r->damaged = true;
		return 0;
	}
	if (why != NULL)
		*why = *found;
	return -1;
}

/* Whoever else opens it may have been first: then it is whole again. */
static int open_locked(struct work *w, struct store **out, bool doubt,
		       struct fault *why)
{
	if (w->lock != NULL && take_up(w, why) < 0)
		return -1;
	if (try(w, out, doubt, why) < 0)
		return -1;
	if (*out != NULL)
		return 0;
	if (w->lock == NULL) {
		if (lock(w, true, why) < 0)
			return -1;
		w->r->damaged = false;
		return open_locked(w, out, doubt, why);
	}
	if (renew(w, why) < 0) {
		w->r->aside[0] = '\0';
		return -1;
	}
	return store_open(out, w->path, STORE_CREATE, why);
}

int renewal_open(struct store **out, const char *path, bool doubt, int64_t now,
		 struct renewal *r, struct fault *why)
{
	struct work w = {.path = path, .now = now, .r = r};
	int result;

	*r = (struct renewal){.damaged = false};
	if (strcmp(path, IN_MEMORY) == 0 || strlen(path) >= SETTINGS_PATH)
		return store_open(out, path, STORE_CREATE, why);
	if (lock(&w, false, why) < 0)
		return -1;
	result = open_locked(&w, out, doubt, why);
	alive_release(w.lock);
	return result;
}
