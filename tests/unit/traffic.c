/* traffic: see traffic.h. */
#include "traffic.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

enum {
	USERS = 60,    /* customers */
	NETWORKS = 12, /* of customers and of guessers */
	HOSTS = 16,    /* of each network */
	STEP = 90,     /* seconds between two scenes, at most */
	BATCH = 64     /* sightings that a scene makes, at most */
};

struct scene {
	uint64_t seed;
	int64_t at;
	struct sighting *out;
	size_t n;
};

static uint64_t draw(struct scene *s, uint64_t limit)
{
	return random_below(&s->seed, limit);
}

/* Customers live in the first half of the networks, guessers anywhere. Every
 * fourth network is of IPv6. */
static struct address place(size_t network, size_t host)
{
	struct address v4 = {ADDRESS_V4, 32, {198, 18}};
	struct address v6 = {ADDRESS_V6, 128, {0x20, 1, 0xd, 0xb8, 0, 0}};

	if (network % 4 != 3) {
		v4.bytes[2] = (uint8_t)network;
		v4.bytes[3] = (uint8_t)(host + 1);
		return v4;
	}
	v6.bytes[5] = (uint8_t)network;
	v6.bytes[7] = (uint8_t)host;
	v6.bytes[15] = 1;
	return v6;
}

/* Of customer u; the last ten share an address. */
static struct address home(size_t u)
{
	return u >= USERS - 10 ? place(1, 0)
			       : place(u % (NETWORKS / 2), u % HOSTS);
}

static struct address anywhere(struct scene *s)
{
	size_t network = draw(s, NETWORKS);

	return place(network, draw(s, HOSTS));
}

/* A server has its own way to write names; some lines have another one. */
static void name(struct scene *s, size_t u, char out[SIGHTING_USER])
{
	static const char *const begin[] = {"user", "user", "User"};
	static const char *const end[] = {"", "@example.org", ""};
	size_t form = draw(s, 9) == 0 ? draw(s, 3) : 0;

	snprintf(out, SIGHTING_USER, "%s%zu%s", begin[form], u, end[form]);
}

static struct sighting *put(struct scene *s, enum sighting_kind kind,
			    struct address a, int64_t at)
{
	struct sighting *x = &s->out[s->n++];

	*x = (struct sighting){.kind = kind,
			       .address = a,
			       .arrived = at,
			       .reported = at - (int64_t)draw(s, 2),
			       .count = 1,
			       .service = "postfix/smtpd",
			       .rule = "x:1"};
	return x;
}

/* ---- scenes ---- */

static void login_at(struct scene *s, size_t u, struct address a, int64_t at)
{
	name(s, u, put(s, SIGHTING_SUCCESS, a, at)->user);
}

static void come_home(struct scene *s)
{
	size_t u = draw(s, USERS);

	login_at(s, u, home(u), s->at);
}

static void roam(struct scene *s)
{
	login_at(s, draw(s, USERS), anywhere(s), s->at);
}

/* One attempt, as one to three servers tell of it. */
static void attempt(struct scene *s, struct address a, const char *user,
		    int64_t at)
{
	static const char *const services[] = {"dovecot/auth", "auth/pam",
					       "dovecot/auth-worker"};
	struct sighting *x = put(s, SIGHTING_FAILURE, a, at);

	snprintf(x->user, sizeof(x->user), "%s", user);
	if (draw(s, 6) == 0)
		snprintf(x->guess, sizeof(x->guess), "%u",
			 (unsigned)draw(s, 3));
	for (uint64_t i = draw(s, 4) == 0 ? 1 + draw(s, 2) : 0; i > 0; i--) {
		struct sighting *y =
			put(s, SIGHTING_FAILURE, a, at + (int64_t)draw(s, 4));

		snprintf(y->user, sizeof(y->user), "%s", user);
		snprintf(y->service, sizeof(y->service), "%s",
			 services[draw(s, 3)]);
	}
}

static void mistype(struct scene *s)
{
	size_t u = draw(s, USERS);
	uint64_t n = 1 + draw(s, 4);
	char user[SIGHTING_USER];

	name(s, u, user);
	for (uint64_t i = 0; i < n; i++)
		attempt(s, home(u), user, s->at + (int64_t)(9 * i));
	if (draw(s, 3) > 0)
		login_at(s, u, home(u), s->at + 50);
}

static void forgotten_phone(struct scene *s)
{
	size_t u = draw(s, USERS);
	int64_t gap = 60 + (int64_t)draw(s, 900);
	struct address a = draw(s, 3) == 0 ? anywhere(s) : home(u);
	char user[SIGHTING_USER];

	name(s, u, user);
	for (int i = 0; i < 9; i++)
		attempt(s, a, user, s->at + i * gap + (int64_t)draw(s, 9));
}

static void guess(struct scene *s)
{
	struct address a = anywhere(s);
	uint64_t n = 1 + draw(s, 5);
	char user[SIGHTING_USER];

	for (uint64_t i = 0; i < n; i++) {
		name(s, draw(s, USERS + 20), user);
		attempt(s, a, draw(s, 30) == 0 ? "oracle" : user,
			s->at + (int64_t)(i * (1 + draw(s, 600))));
	}
	if (draw(s, 12) == 0)
		login_at(s, draw(s, USERS), a, s->at + 700);
}

/* One account, or one network. */
static void swarm(struct scene *s)
{
	size_t network = draw(s, NETWORKS), u = draw(s, USERS + 20);
	bool one = draw(s, 2) == 0;
	char user[SIGHTING_USER];

	name(s, u, user);
	for (size_t i = 0; i < 7; i++)
		attempt(s, one ? anywhere(s) : place(network, i), user,
			s->at + (int64_t)(i * draw(s, 300)));
	if (draw(s, 6) == 0)
		login_at(s, u, anywhere(s), s->at + 1000);
}

static void sum_up(struct scene *s)
{
	struct address a = anywhere(s);
	char user[SIGHTING_USER];
	struct sighting *x;

	name(s, draw(s, USERS), user);
	for (uint64_t i = draw(s, 3); i > 0; i--)
		attempt(s, a, user, s->at + (int64_t)draw(s, 60));
	x = put(s, SIGHTING_FAILURE, a, s->at + 100);
	x->sort = SIGHTING_SUMMARY;
	x->count = 1 + (unsigned)draw(s, 6);
	if (draw(s, 2) == 0)
		snprintf(x->user, sizeof(x->user), "%s", user);
}

static void doubt(struct scene *s)
{
	struct sighting *x = put(
		s, SIGHTING_FAILURE,
		draw(s, 2) == 0 ? anywhere(s) : home(draw(s, USERS)), s->at);

	x->sort = SIGHTING_DOUBTFUL;
	if (draw(s, 2) == 0)
		name(s, draw(s, USERS), x->user);
}

static void trouble(struct scene *s)
{
	struct address none = {.family = ADDRESS_NONE};

	put(s, SIGHTING_TROUBLE, draw(s, 2) == 0 ? none : anywhere(s), s->at);
}

/* Nobody gets in; then all come at once. */
static void outage(struct scene *s)
{
	uint64_t n = 2 + draw(s, 6);
	char user[SIGHTING_USER];

	for (uint64_t i = 0; i < n; i++) {
		size_t u = draw(s, USERS);

		name(s, u, user);
		attempt(s, home(u), user, s->at + (int64_t)(i * 20));
	}
	if (draw(s, 2) == 0)
		trouble(s);
	for (uint64_t i = draw(s, 4); i > 0; i--) {
		size_t u = draw(s, USERS);

		login_at(s, u, home(u), s->at + 400 + (int64_t)i);
	}
}

static void session(struct scene *s)
{
	struct address a = anywhere(s);
	unsigned id = (unsigned)draw(s, 1000);
	char user[SIGHTING_USER];
	struct sighting *x;

	name(s, draw(s, USERS), user);
	for (int i = 0; i < 3; i++) {
		x = put(s, SIGHTING_FAILURE, a, s->at + 4 * i);
		snprintf(x->user, sizeof(x->user), "%s", user);
		snprintf(x->session, sizeof(x->session), "s%u", id);
		snprintf(x->service, sizeof(x->service), "%s",
			 i < 2 ? "dovecot/auth" : "dovecot");
		x->count = i < 2 ? 1 : 2;
	}
}

struct weight {
	unsigned of100;
	void (*play)(struct scene *s);
};

static const struct weight weights[] = {
	{30, come_home}, {6, roam},   {10, mistype}, {4, forgotten_phone},
	{24, guess},     {5, swarm},  {5, sum_up},   {5, doubt},
	{4, trouble},    {4, outage}, {3, session},
};

static void play(struct scene *s)
{
	uint64_t x = draw(s, 100);

	for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
		if (x < weights[i].of100) {
			weights[i].play(s);
			return;
		}
		x -= weights[i].of100;
	}
}

/* ---- in order ---- */

/* By insertion: what arrives at one time stays in its order. */
static void sort(struct sighting *s, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct sighting x = s[i];
		size_t k = i;

		for (; k > 0 && s[k - 1].arrived > x.arrived; k--)
			s[k] = s[k - 1];
		s[k] = x;
	}
}

struct sighting *traffic(uint64_t seed, int64_t begin, size_t n)
{
	struct scene s = {.seed = seed, .at = begin};

	s.out = calloc(n + BATCH, sizeof(*s.out));
	while (s.out != NULL && s.n < n) {
		play(&s);
		s.at += (int64_t)draw(&s, STEP);
		if (draw(&s, 40) == 0) /* a quiet hour */
			s.at += (int64_t)draw(&s, 7200);
	}
	if (s.out != NULL)
		sort(s.out, s.n < n ? s.n : n);
	return s.out;
}
