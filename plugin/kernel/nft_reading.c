/* nft_reading: see nft_reading.h. */
#include "nft_reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of one set. When it is changed all the time the last one has to do: what it
 * lacks looks like entries that somebody has removed, and is added again. A
 * large one is read once: it takes minutes, and is changed in that time. */
enum { TRIES = 4 };

struct dump {
	struct nft_reading *reading;
	unsigned prefix;
	bool interrupted;
	bool starved;
};

static int keep(void *context, const struct set_entry *entry)
{
	struct dump *d = context;
	struct nft_reading *r = d->reading;

	if (r->n == r->capacity) {
		size_t capacity = r->capacity == 0 ? 1024 : 2 * r->capacity;
		void *more =
			reallocarray(r->entry, capacity, sizeof(r->entry[0]));

		if (more == NULL) {
			d->starved = true;
			return 1;
		}
		r->entry = more;
		r->capacity = capacity;
	}
	r->entry[r->n++] = *entry;
	return 0;
}

static void see(void *context, const struct nlmsghdr *reply)
{
	struct dump *d = context;

	d->interrupted = d->interrupted || nft_reply_interrupted(reply);
	if (!d->starved)
		(void)nft_reply_entries(reply, (uint8_t)d->prefix, keep, d);
}

/* What the kernel answered when it was asked for all entries of a set; -1: it
 * did not. */
static int ask(const struct nft_group *g, unsigned prefix, struct exchange *x,
	       struct channel *c, struct fault *why)
{
	char name[ENFORCER_NAME];
	struct request r;
	int code;

	nft_group_name(g, prefix, name);
	channel_begin_plain(c, &r);
	nft_request_entries(&r, name);
	code = channel_ask(c, &r, x, why);
	return code > 0 ? nft_refusal(why, "read set", name, code) : code;
}

/* One set, behind what was read of others. */
static int read_set(struct nft_reading *reading, const struct nft_group *g,
		    unsigned prefix, struct channel *c, struct fault *why)
{
	struct dump d = {.interrupted = true};
	struct exchange x = {.data = see, .context = &d};
	size_t before = reading->n;

	for (int i = 0;
	     i < TRIES && d.interrupted && reading->n - before <= NFT_COUNTED;
	     i++) {
		d = (struct dump){.reading = reading, .prefix = prefix};
		reading->n = before;
		if (ask(g, prefix, &x, c, why) < 0)
			return -1;
		if (d.starved)
			return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	return 0;
}

int nft_reading_begin(struct nft_reading *reading, struct nft_group *g,
		      struct channel *c, struct fault *why)
{
	int result;

	nft_reading_end(reading);
	result = nft_group_look(g, c, why);
	for (unsigned i = 0; i < NFT_LENGTHS && result == 0; i++)
		if (g->set[i].there)
			result = read_set(reading, g, i, c, why);
	if (result < 0)
		nft_reading_end(reading);
	return result;
}

void nft_reading_more(struct nft_reading *reading, size_t max,
		      int (*see_entry)(void *context,
				       const struct set_entry *entry),
		      void *context, bool *more)
{
	size_t end =
		reading->n - reading->at > max ? reading->at + max : reading->n;
	int answer = 0;

	while (answer == 0 && reading->at < end)
		answer = see_entry(context, &reading->entry[reading->at++]);
	*more = answer == 0 && reading->at < reading->n;
	if (!*more)
		nft_reading_end(reading);
}

/* ---- counting ---- */

struct count {
	uint32_t n, max;
	struct exchange *exchange;
};

static int count_entry(void *context, const struct set_entry *entry)
{
	struct count *count = context;

	(void)entry;
	if (count->n < count->max)
		count->n++;
	else
		count->exchange->enough = true;
	return count->exchange->enough;
}

static void see_counted(void *context, const struct nlmsghdr *reply)
{
	(void)nft_reply_entries(reply, 0, count_entry, context);
}

int nft_reading_count(struct nft_group *g, uint32_t max, struct channel *c,
		      bool *more, struct fault *why)
{
	*more = false;
	for (unsigned i = 0; i < NFT_LENGTHS; i++) {
		struct count count = {.max = max};
		struct exchange x = {.data = see_counted, .context = &count};

		count.exchange = &x;
		if (!g->set[i].there)
			continue;
		if (ask(g, i, &x, c, why) < 0)
			return -1;
		g->set[i].elements = count.n;
		*more = *more || x.enough;
	}
	return 0;
}

/* ---- the end ---- */

void nft_reading_end(struct nft_reading *reading)
{
	free(reading->entry);
	memset(reading, 0, sizeof(*reading));
}
