/* attempt: see attempt.h. */
#include "attempt.h"

#include <string.h>

enum {
	CLOSE = 10,    /* seconds between two lines about one attempt */
	SLOW = 180,    /* ... when one of them comes when the client leaves:
			* Dovecot's login processes wait so long */
	SUMMED = 3600, /* ... when it sums up a connection */
	MOST = 255     /* attempts that one line tells of */
};

/* ---- witnesses ---- */

struct service {
	const char *word; /* the program's name, or what follows its `/` */
	enum witness witness;
};

static const struct service services[] = {
	{"auth", WITNESS_AUTH},         {"auth-worker", WITNESS_WORKER},
	{"dovecot-auth", WITNESS_AUTH}, {"saslauthd", WITNESS_SASLD},
	{"pam", WITNESS_PAM},
};

static enum witness witness_of(const char *service)
{
	const char *slash = strrchr(service, '/');
	const char *word = slash == NULL ? service : slash + 1;

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (strcmp(word, services[i].word) == 0)
			return services[i].witness;
	return WITNESS_FRONT;
}

static uint64_t hash_text(const struct siphash_key *key, const char *text)
{
	return text[0] == '\0' ? 0 : siphash(key, text, strlen(text));
}

struct attempt attempt_read(const struct siphash_key *key,
			    const struct trace *t)
{
	struct attempt a = {
		.at = t->at,
		.user = name_read(key, t->user),
		.session = hash_text(key, t->session),
		.guess = t->guess,
		.count = t->count < MOST ? t->count : MOST,
		.doubtful = t->doubtful,
		.wide = t->wide,
		.row = t->row,
	};
	enum witness w = t->summary ? WITNESS_SUM : witness_of(t->service);

	a.seen[w] = a.count;
	return a;
}

/* ---- echoes ---- */

static enum witness witness(const struct attempt *a)
{
	enum witness w = WITNESS_FRONT;

	while (w < WITNESS_SUM && a->seen[w] == 0)
		w++;
	return w;
}

static int64_t distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

static bool may_be_same(const struct attempt *old, const struct attempt *new,
			enum witness w)
{
	bool sums = w == WITNESS_SUM || old->seen[WITNESS_SUM] == old->count;
	int64_t far = sums ? SUMMED : CLOSE;

	if (old->session != 0 && new->session != 0)
		return old->session == new->session;
	if (!sums && old->user.whole != 0 && new->user.whole != 0 &&
	    !name_same(&old->user, &new->user))
		return false;
	if (!sums && (old->count > 1 || new->count > 1))
		far = SLOW;
	return distance(old->at, new->at) <= far;
}

unsigned attempt_echoes(struct attempt *others, size_t n,
			const struct attempt *new, bool note)
{
	enum witness w = witness(new);
	unsigned left = new->count;

	for (size_t i = 0; i < n && left > 0; i++) {
		struct attempt *old = &others[i];
		unsigned unseen = old->count - old->seen[w];

		if (unseen == 0 || !may_be_same(old, new, w))
			continue;
		if (unseen > left)
			unseen = left;
		if (note)
			old->seen[w] += unseen;
		left -= unseen;
	}
	return new->count - left;
}
