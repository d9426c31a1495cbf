/*
 * session: what <F-MLFID> remembers from line to line.
 *
 * Some servers name the address when a client connects and the failure later,
 * on a line that has only the connection's id. What the lines of one id
 * had is kept in a table of fixed size until a line says that the connection
 * has ended, or for some time after its last line: a client that sends nothing
 * worth a line is there as long as the server lets him.
 *
 * A new id takes the place of another one of its bucket when all are taken. A
 * client that connects, lets others take his place and fails then would never
 * be counted, so there is room for more connections than such servers serve at
 * once, and those that have failed go last: a flood that only connects cannot
 * remove them, and one that fails is counted for each. But no more than
 * half of a bucket is kept for them, or whoever fails often enough would leave
 * no room for others.
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
	SESSION_BUCKETS = 1024,
	SESSION_WAYS = 16,
	SESSION_ID = 96, /* bytes of an id; longer ones are not joined */
	SESSION_USERS = 2
};

/* What is looked at to find a session. */
struct head {
	int64_t seen; /* its last line; 0: free */
	uint32_t hash;
	bool failed; /* and that counted */
};

struct session {
	struct head *head;
	uint8_t len;
	char id[SESSION_ID];
	unsigned users;   /* different ones, at most SESSION_USERS */
	unsigned pending; /* failures that wait for an address */
	bool nobody;      /* it has one, and that may not be banned */
	struct address address;
	char user[SIGHTING_USER];
	char mech[SIGHTING_WORD];
	char session[SIGHTING_WORD];
	char code[SIGHTING_WORD];
};

struct sessions {
	pthread_mutex_t lock;
	int64_t age; /* seconds since its last line */
	struct head head[SESSION_BUCKETS][SESSION_WAYS];
	struct session slot[SESSION_BUCKETS][SESSION_WAYS];
};

struct sessions *sessions_open(int64_t age)
{
	struct sessions *s = calloc(1, sizeof(*s));

	if (s != NULL && pthread_mutex_init(&s->lock, NULL) != 0) {
		free(s);
		return NULL;
	}
	if (s != NULL)
		s->age = age;
	return s;
}

void sessions_close(struct sessions *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static uint32_t hash_of(struct slice id)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.at[i]) * 16777619u;
	return hash ^ hash >> 16;
}

static struct session *find(struct sessions *s, struct slice id, int64_t now)
{
	uint32_t hash = hash_of(id);
	struct head *h = s->head[hash % SESSION_BUCKETS];
	struct session *e = s->slot[hash % SESSION_BUCKETS];

	for (size_t i = 0; i < SESSION_WAYS; i++)
		if (h[i].seen != 0 && h[i].hash == hash && e[i].len == id.len &&
		    memcmp(e[i].id, id.at, id.len) == 0) {
			if (now - h[i].seen > s->age)
				h[i].seen = 0;
			return h[i].seen != 0 ? &e[i] : NULL;
		}
	return NULL;
}

/* Whose place a new session takes: that of one that is over, else of the one
 * whose last line is the oldest, of those that have not failed first. */
static size_t victim(const struct sessions *s, struct head *h, int64_t now)
{
	size_t oldest[2] = {SESSION_WAYS, SESSION_WAYS}, failed = 0;

	for (size_t i = 0; i < SESSION_WAYS; i++) {
		size_t *o = &oldest[h[i].failed];

		if (h[i].seen == 0 || now - h[i].seen > s->age)
			return i;
		failed += h[i].failed;
		if (*o == SESSION_WAYS || h[i].seen < h[*o].seen)
			*o = i;
	}
	return oldest[failed > SESSION_WAYS / 2];
}

static struct session *create(struct sessions *s, struct slice id, int64_t now)
{
	uint32_t hash = hash_of(id);
	struct head *h = s->head[hash % SESSION_BUCKETS];
	size_t i = victim(s, h, now);
	struct session *e = &s->slot[hash % SESSION_BUCKETS][i];

	memset(e, 0, sizeof(*e));
	memcpy(e->id, id.at, id.len);
	e->len = (uint8_t)id.len;
	e->head = &h[i];
	h[i] = (struct head){.seen = now, .hash = hash};
	return e;
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

static enum session_answer conclude_session(bool nofail,
					    const struct sighting *out)
{
	if (nofail)
		return SESSION_NOTHING;
	return out->address.family != ADDRESS_NONE ? SESSION_FAILURE
						   : SESSION_ORPHAN;
}

/*
 * <F-NOFAIL> and <F-MLFGAINED> make a line no failure, unless failures of the
 * session wait for an address; gaining clears what waits. With classic,
 * as in fail2ban, also unless more than one user was tried in the session;
 * for us each failure was counted when it came.
 */
enum session_answer sessions_join(struct sessions *s, bool classic,
				  const struct finding *found,
				  struct sighting *out)
{
	struct head passed = {.seen = 0};
	struct session passing = {.head = &passed};
	struct slice id = found->slot[SLOT_MLFID];
	bool gained = given(found, SLOT_MLFGAINED);
	bool nofail = gained || given(found, SLOT_NOFAIL);
	bool forget = given(found, SLOT_MLFFORGET);
	struct session *e;
	unsigned waited;

	if (id.len == 0 || id.len > SESSION_ID)
		return conclude_session(nofail, out);
	pthread_mutex_lock(&s->lock);
	e = find(s, id, out->arrived);
	if (e == NULL)
		e = forget ? &passing : create(s, id, out->arrived);
	merge(e, out);
	waited = gained ? 0 : e->pending;
	e->pending = 0;
	if (waited > 0 || (classic && e->users > 1))
		nofail = false;
	else if (nofail)
		out->count = 0;
	if (e->nobody && out->address.family == ADDRESS_NONE)
		nofail = true;
	if (!nofail && out->address.family == ADDRESS_NONE)
		e->pending = waited + (gained ? 0 : out->count);
	else if (waited > 0)
		out->count =
			waited + (given(found, SLOT_NOFAIL) ? 0 : out->count);
	e->head->seen = forget ? 0 : out->arrived;
	if (!nofail && out->address.family != ADDRESS_NONE)
		e->head->failed = true;
	pthread_mutex_unlock(&s->lock);
	return conclude_session(nofail, out);
}

void sessions_nobody(struct sessions *s, const struct finding *found,
		     const struct sighting *seen)
{
	struct slice id = found->slot[SLOT_MLFID];
	struct session *e;

	if (id.len == 0 || id.len > SESSION_ID)
		return;
	pthread_mutex_lock(&s->lock);
	e = find(s, id, seen->arrived);
	if (e == NULL)
		e = create(s, id, seen->arrived);
	e->nobody = true;
	e->head->seen = seen->arrived;
	pthread_mutex_unlock(&s->lock);
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
		e->head->seen = given(found, SLOT_MLFFORGET) ? 0 : out->arrived;
	}
	pthread_mutex_unlock(&s->lock);
	return out->address.family != ADDRESS_NONE;
}
