/* growth: see growth.h. */
#include "growth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter/ipset/ip_set.h>

#include "refusal.h"
#include "set_header.h"

enum {
	DATAGRAMS = 3, /* with one step: about 2000 entries, 4 ms */
	CHUNK = 500    /* entries in one message, see set_change.c */
};

/* ---- the new set ---- */

static void name_new(const struct set *s, char out[ENFORCER_NAME])
{
	snprintf(out, ENFORCER_NAME, "%.27s.new", s->name);
}

static int ask(struct channel *c, const struct request *r)
{
	struct exchange x = {.data = NULL};

	return channel_ask(c, r, &x, NULL);
}

static void destroy(struct channel *c, const char *name)
{
	struct request r;

	if (channel_begin(c, &r, NULL) < 0)
		return;
	request_destroy(&r, name);
	(void)ask(c, &r);
}

/* What was left by somebody who was killed is removed; it is a copy. The kernel
 * refuses what is in use. */
void growth_clear(const struct set *s, struct channel *c)
{
	struct set_header h;
	char name[ENFORCER_NAME];
	struct alive *held;

	name_new(s, name);
	if (set_header_read(c, name, NULL, &h, NULL) < 0 ||
	    alive_claim_set(&held, s->database, s->name, NULL) < 0)
		return;
	destroy(c, name);
	alive_release(held);
}

static int create(struct growth *g, const struct set_header *old,
		  struct fault *why)
{
	struct set_header h;

	if (set_header_read(g->channel, g->new.name, NULL, &h, NULL) == 0)
		destroy(g->channel, g->new.name);
	if (set_create_as(&g->new, old, g->channel, &h, why) < 0)
		return -1;
	g->new_identity = h.identity;
	if (h.elements == 0 && h.references == 0 && h.maxelem == g->new.maxelem)
		return 0;
	return fault_set(why, FAULT_ENFORCE,
			 "a set '%s' is there and in use; needed: the name, "
			 "for the larger set",
			 g->new.name);
}

/* Another may have made it larger before the claim was ours. */
static int read_old(struct growth *g, struct set_header *old, struct fault *why)
{
	if (set_header_read(g->channel, g->set->name, NULL, old, why) < 0 ||
	    set_fits(g->set, old, why) < 0)
		return -1;
	g->identity = old->identity;
	if (old->maxelem < g->new.maxelem)
		return 0;
	return fault_set(why, FAULT_ENFORCE, "set '%s' is as large by now",
			 g->set->name);
}

static int start(struct growth *g, int64_t now, struct fault *why)
{
	struct set_header old;

	if (read_old(g, &old, why) < 0)
		return -1;
	if (copied_open(&g->copied, old.elements, old.identity, now) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (create(g, &old, why) < 0)
		return -1;
	g->created = true;
	return set_reading_begin(&g->reading, g->channel, g->set->name, why);
}

int growth_begin(struct growth *g, const struct set *s, struct channel *c,
		 uint32_t maxelem, int64_t now, struct fault *why)
{
	memset(g, 0, sizeof(*g));
	g->set = s;
	g->channel = c;
	g->new = *s;
	g->new.maxelem = maxelem;
	name_new(s, g->new.name);
	if (set_reading_open(&g->reading, why) < 0)
		return -1;
	if (alive_claim_set(&g->claim, s->database, s->name, why) < 0) {
		set_reading_close(&g->reading);
		return -1;
	}
	g->running = true;
	if (start(g, now, why) == 0)
		return 0;
	growth_end(g);
	return -1;
}

void growth_end(struct growth *g)
{
	if (!g->running)
		return;
	set_reading_close(&g->reading);
	copied_close(&g->copied);
	if (g->created)
		destroy(g->channel, g->new.name);
	alive_release(g->claim);
	g->running = false;
}

/* ---- copying ---- */

static int see(void *context, struct part raw)
{
	struct growth *g = context;
	struct set_entry entry;
	bool exception;
	int new;

	if (!reply_entry(raw, &entry, &exception))
		return 0;
	new = copied_see(&g->copied, &entry, g->now);
	if (new < 0 || (new > 0 && g->parts == GROWTH_PARTS)) {
		g->starved = true;
		return 1;
	}
	if (new > 0)
		g->part[g->parts++] = raw;
	return 0;
}

/* What see has kept. */
static int add_parts(struct growth *g, struct fault *why)
{
	struct request r;
	int code = 0;

	for (size_t at = 0; at < g->parts && code == 0;) {
		size_t n = g->parts - at < CHUNK ? g->parts - at : CHUNK;

		if (channel_begin(g->channel, &r, why) < 0)
			return -1;
		at += request_copy(&r, g->new.name, &g->part[at], n);
		code = ask(g->channel, &r);
	}
	if (code == 0)
		return 0;
	if (code < 0)
		return fault_set(why, FAULT_ENFORCE,
				 "cannot add to set '%s': no answer",
				 g->new.name);
	return refusal(why, "add to set", g->new.name, false, code);
}

/* Some of them may be in; growth_finish may be repeated. */
static void doubt_parts(struct growth *g)
{
	struct set_entry entry;
	bool exception;

	for (size_t i = 0; i < g->parts; i++)
		if (reply_entry(g->part[i], &entry, &exception))
			copied_doubt(&g->copied, &entry.address);
}

static int copy_datagram(struct growth *g, bool *more, struct fault *why)
{
	g->parts = 0;
	if (set_reading_more_raw(&g->reading, see, g, more, why) < 0)
		return -1;
	if (g->starved)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (add_parts(g, why) == 0)
		return 0;
	doubt_parts(g);
	return -1;
}

int growth_more(struct growth *g, int64_t now, bool *more, struct fault *why)
{
	g->now = now;
	*more = true;
	for (int i = 0; i < DATAGRAMS && *more; i++)
		if (copy_datagram(g, more, why) < 0)
			return -1;
	return 0;
}

/* ---- the end ---- */

/* Those that have left the old set since they were copied. */
static int remove_unseen(struct growth *g, struct fault *why)
{
	struct set_change change[CHUNK];
	struct address gone[CHUNK];
	size_t at = 0, n;

	do {
		n = copied_unseen(&g->copied, &at, gone, CHUNK);
		for (size_t i = 0; i < n; i++)
			change[i] = (struct set_change){.address = gone[i]};
		if (n > 0 && set_change_run(&g->new, g->channel, REQUEST_REMOVE,
					    change, n, why) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			copied_taken(&g->copied, &gone[i]);
	} while (n == CHUNK);
	return 0;
}

static int catch_up(struct growth *g, struct fault *why)
{
	bool more = true;

	copied_next_pass(&g->copied);
	if (set_reading_begin(&g->reading, g->channel, g->set->name, why) < 0)
		return -1;
	while (more)
		if (copy_datagram(g, &more, why) < 0)
			return -1;
	return remove_unseen(g, why);
}

/* Still the one that was copied, and the copy? Another's header would be
 * checked by ensure. */
static int check_both(const struct growth *g, struct fault *why)
{
	struct set_header h;

	if (set_header_read(g->channel, g->set->name, NULL, &h, why) < 0)
		return -1;
	if (h.identity != g->identity)
		return fault_set(why, FAULT_SET_GONE,
				 "set '%s' was replaced by somebody else",
				 g->set->name);
	if (set_header_read(g->channel, g->new.name, NULL, &h, why) < 0)
		return -1;
	if (h.identity == g->new_identity)
		return 0;
	return fault_set(why, FAULT_SET_GONE,
			 "set '%s' was replaced by somebody else", g->new.name);
}

static int swap(const struct growth *g, struct fault *why)
{
	struct exchange x = {.data = NULL};
	struct request r;
	int code;

	if (channel_begin(g->channel, &r, why) < 0)
		return -1;
	request_swap(&r, g->new.name, g->set->name);
	code = channel_ask(g->channel, &r, &x, why);
	if (code == EBUSY)
		code = IPSET_ERR_BUSY;
	if (code > 0)
		return refusal(why, "swap set", g->set->name, false, code);
	return code;
}

int growth_finish(struct growth *g, int64_t now, struct fault *why)
{
	g->now = now;
	if (catch_up(g, why) < 0 || check_both(g, why) < 0 || swap(g, why) < 0)
		return -1;
	growth_end(g); /* under that name is the old one now */
	return 0;
}
