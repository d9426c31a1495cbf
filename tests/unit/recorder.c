/* recorder: see recorder.h. */
#include "recorder.h"

#include <assert.h>
#include <string.h>

static struct recorder *of(struct enforcer *e)
{
	return (struct recorder *)(void *)e; /* it is the first member */
}

static struct recorder_entry *find(struct recorder *r, const struct address *a)
{
	for (size_t i = 0; i < r->n; i++)
		if (address_equal(&r->entries[i].address, a))
			return &r->entries[i];
	return NULL;
}

/* The kernel drops what has run out. */
static void expire(struct recorder *r)
{
	for (size_t i = 0; i < r->n;) {
		if (r->entries[i].until > r->now)
			i++;
		else
			r->entries[i] = r->entries[--r->n];
	}
}

static int ready(struct recorder *r, struct fault *why)
{
	expire(r);
	if (r->refuse != NULL)
		return fault_set(why, FAULT_ENFORCE, "%s", r->refuse);
	return 0;
}

static int recorder_ensure(struct enforcer *e, struct fault *why)
{
	of(e)->ensures++;
	return ready(of(e), why);
}

static bool is_full(const struct recorder *r, const struct address *a)
{
	size_t used = 0;

	if (r->room4 == 0 || a->family != ADDRESS_V4)
		return false;
	for (size_t i = 0; i < r->n; i++)
		used += r->entries[i].address.family == ADDRESS_V4;
	return used >= r->room4;
}

static int recorder_ban(struct enforcer *e, struct entry *entries, size_t n,
			struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_entry *slot;
	int result = 0;

	if (ready(r, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int64_t left = entries[i].left > ENFORCER_LONGEST
				       ? ENFORCER_LONGEST
				       : entries[i].left;

		assert(left > 0);
		r->bans++;
		slot = find(r, &entries[i].address);
		if (slot == NULL && is_full(r, &entries[i].address)) {
			entries[i].done = false;
			result = fault_set(why, FAULT_SET_FULL, "it is full");
			continue;
		}
		if (slot == NULL) {
			assert(r->n < RECORDER_ENTRIES);
			slot = &r->entries[r->n++];
		}
		*slot = (struct recorder_entry){
			entries[i].address, r->now + left, entries[i].fresh};
		entries[i].done = true;
	}
	return result;
}

static int recorder_lift(struct enforcer *e, struct entry *entries, size_t n,
			 struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_entry *slot;

	if (ready(r, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		slot = find(r, &entries[i].address);
		if (slot != NULL)
			*slot = r->entries[--r->n];
		entries[i].done = true;
		r->lifts++;
	}
	return 0;
}

static int recorder_each(struct enforcer *e,
			 int (*see)(void *context,
				    const struct entry_seen *seen),
			 void *context, struct fault *why)
{
	struct recorder *r = of(e);
	int answer = 0;

	if (ready(r, why) < 0)
		return -1;
	for (size_t i = 0; i < r->n && answer == 0; i++) {
		struct entry_seen seen = {
			.address = r->entries[i].address,
			.left = r->entries[i].until - r->now,
		};

		answer = see(context, &seen);
	}
	return answer;
}

static int recorder_state(struct enforcer *e, struct enforcer_state *out,
			  struct fault *why)
{
	struct recorder *r = of(e);

	if (ready(r, why) < 0)
		return -1;
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < ENFORCER_FAMILIES; i++) {
		out->set[i].identity = r->identity;
		out->set[i].maxelem = RECORDER_ENTRIES;
		out->set[i].references = r->references;
	}
	for (size_t i = 0; i < r->n; i++)
		out->set[r->entries[i].address.family == ADDRESS_V6].elements++;
	return 0;
}

static void recorder_close(struct enforcer *e)
{
	(void)e; /* the test's own */
}

static const struct enforcer_ops recorder_ops = {
	.ensure = recorder_ensure,
	.ban = recorder_ban,
	.lift = recorder_lift,
	.each = recorder_each,
	.state = recorder_state,
	.close = recorder_close,
};

void recorder_init(struct recorder *r, int64_t now)
{
	memset(r, 0, sizeof(*r));
	r->enforcer.ops = &recorder_ops;
	r->now = now;
	r->identity = 7;
	r->references = 1;
}

int64_t recorder_left(const struct recorder *r, const char *address)
{
	struct address a;

	assert(address_parse(address, strlen(address), &a) == 0);
	for (size_t i = 0; i < r->n; i++)
		if (address_equal(&r->entries[i].address, &a) &&
		    r->entries[i].until > r->now)
			return r->entries[i].until - r->now;
	return 0;
}

void recorder_flush(struct recorder *r)
{
	r->n = 0;
}
