/*
 * session: what <F-MLFID> remembers from line to line.
 *
 * Some servers name the address when a client connects and the failure later,
 * on a line that has only the connection's id. What the lines of one id
 * had is kept for SESSION_AGE seconds in a table of fixed size; a new id
 * takes the place of the oldest of its bucket, so that a flood of connections
 * costs memory never and the sessions of others rarely.
 *
 * Workers share the table, because the lines of a session may reach different
 * ones. Order is as rsyslog gives it: with several workers on one queue a
 * failure may overtake its connection's line and is then not found.
 */
#include "session.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rule.h"

enum {
	SESSION_AGE = 600, /* seconds since its last line */
	SESSION_BUCKETS = 1024,
	SESSION_WAYS = 4,
	SESSION_ID = 96, /* bytes of an id; longer ones are not joined */
	SESSION_USERS = 2
};

struct session {
	int64_t seen; /* 0: free */
	uint8_t len;
	char id[SESSION_ID];
	unsigned users;   /* different ones, at most SESSION_USERS */
	unsigned pending; /* failures that wait for an address */
	struct address address;
	char user[SIGHTING_USER];
	char mech[SIGHTING_WORD];
	char session[SIGHTING_WORD];
	char code[SIGHTING_WORD];
};

struct sessions {
	pthread_mutex_t lock;
	struct session slot[SESSION_BUCKETS][SESSION_WAYS];
};

struct sessions *sessions_open(void)
{
	struct sessions *s = calloc(1, sizeof(*s));

	if (s != NULL && pthread_mutex_init(&s->lock, NULL) != 0) {
		free(s);
		return NULL;
	}
	return s;
}

void sessions_close(struct sessions *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct session *bucket(struct sessions *s, struct slice id)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.at[i]) * 16777619u;
	return s->slot[(hash ^ hash >> 16) % SESSION_BUCKETS];
}

static struct session *find(struct sessions *s, struct slice id, int64_t now)
{
	struct session *b = bucket(s, id);

	for (size_t i = 0; i < SESSION_WAYS; i++)
		if (b[i].seen != 0 && b[i].len == id.len &&
		    memcmp(b[i].id, id.at, id.len) == 0) {
			if (now - b[i].seen > SESSION_AGE)
				b[i].seen = 0;
			return b[i].seen != 0 ? &b[i] : NULL;
		}
	return NULL;
}

static struct session *create(struct sessions *s, struct slice id)
{
	struct session *b = bucket(s, id), *oldest = b;

	for (size_t i = 1; i < SESSION_WAYS; i++)
		if (b[i].seen < oldest->seen)
			oldest = &b[i];
	memset(oldest, 0, sizeof(*oldest));
	memcpy(oldest->id, id.at, id.len);
	oldest->len = (uint8_t)id.len;
	return oldest;
}

static bool given(const struct finding *found, enum slot slot)
{
	return found->slot[slot].at != NULL && found->slot[slot].len > 0;
}

/* What the line has wins over what is remembered, and is remembered. */
static void merge_word(char *kept, char *found, size_t size)
{
	if (found[0] != '\0')
		memcpy(kept, found, size);
	else
		memcpy(found, kept, size);
}

static void merge(struct session *e, struct sighting *out)
{
	if (out->user[0] != '\0' && e->users < SESSION_USERS &&
	    strcmp(out->user, e->user) != 0)
		e->users++;
	if (out->address.family != ADDRESS_NONE)
		e->address = out->address;
	else
		out->address = e->address;
	merge_word(e->user, out->user, sizeof(e->user));
	merge_word(e->mech, out->mech, sizeof(e->mech));
	merge_word(e->session, out->session, sizeof(e->session));
	merge_word(e->code, out->code, sizeof(e->code));
}

/*
 * <F-NOFAIL> and <F-MLFGAINED> make a line no failure, unless failures of the
 * session wait for an address; gaining clears what waits. With classic,
 * as in fail2ban, also unless more than one user was tried in the session;
 * for us each failure was counted when it came.
 */
bool sessions_join(struct sessions *s, bool classic,
		   const struct finding *found, struct sighting *out)
{
	struct session passing = {.seen = 0};
	struct slice id = found->slot[SLOT_MLFID];
	bool gained = given(found, SLOT_MLFGAINED);
	bool nofail = gained || given(found, SLOT_NOFAIL);
	bool forget = given(found, SLOT_MLFFORGET);
	struct session *e;
	unsigned waited;

	if (id.len == 0 || id.len > SESSION_ID)
		return !nofail && out->address.family != ADDRESS_NONE;
	pthread_mutex_lock(&s->lock);
	e = find(s, id, out->arrived);
	if (e == NULL)
		e = forget ? &passing : create(s, id);
	merge(e, out);
	waited = gained ? 0 : e->pending;
	e->pending = 0;
	if (waited > 0 || (classic && e->users > 1))
		nofail = false;
	else if (nofail)
		out->count = 0;
	if (!nofail && out->address.family == ADDRESS_NONE)
		e->pending = waited + (gained ? 0 : out->count);
	else if (waited > 0)
		out->count =
			waited + (given(found, SLOT_NOFAIL) ? 0 : out->count);
	e->seen = forget ? 0 : out->arrived;
	pthread_mutex_unlock(&s->lock);
	return !nofail && out->address.family != ADDRESS_NONE;
}

bool sessions_address(struct sessions *s, const struct finding *found,
		      struct sighting *out)
{
	struct slice id = found->slot[SLOT_MLFID];
	struct session *e;

	if (id.len == 0 || id.len > SESSION_ID)
		return out->address.family != ADDRESS_NONE;
	pthread_mutex_lock(&s->lock);
	e = find(s, id, out->arrived);
	if (e != NULL) {
		if (out->address.family == ADDRESS_NONE)
			out->address = e->address;
		if (out->user[0] == '\0')
			memcpy(out->user, e->user, sizeof(e->user));
		e->seen = given(found, SLOT_MLFFORGET) ? 0 : out->arrived;
	}
	pthread_mutex_unlock(&s->lock);
	return out->address.family != ADDRESS_NONE;
}
