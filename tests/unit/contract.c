/*
 * contract: what enforcer.h promises, of each enforcer of the kernel.
 *
 * What the kernel holds is asked of the ipset or the nft tool.
 */
#include "ipset_kernel.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "saslban/nftables.h"

enum { SMALL = 64 }; /* entries of a small set */

/* ---- a kernel before Linux 6.16: it does not say how many there are ---- */

enum { SET_COUNT = 20, NOBODYS = 63 /* numbers of attributes */ };

static bool hides_count;

static void hide_count(unsigned char *at, size_t left)
{
	struct nlattr a;

	for (; left >= sizeof(a);
	     at += NLA_ALIGN(a.nla_len), left -= NLA_ALIGN(a.nla_len)) {
		memcpy(&a, at, sizeof(a));
		if (a.nla_len < sizeof(a) ||
		    (size_t)NLA_ALIGN(a.nla_len) > left)
			return;
		if (a.nla_type == SET_COUNT)
			a.nla_type = NOBODYS;
		memcpy(at, &a, sizeof(a));
	}
}

static void hide_counts(unsigned char *at, size_t left)
{
	const size_t skip =
		(size_t)NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));
	struct nlmsghdr h;

	for (; left >= skip;
	     at += NLMSG_ALIGN(h.nlmsg_len), left -= NLMSG_ALIGN(h.nlmsg_len)) {
		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < skip || NLMSG_ALIGN(h.nlmsg_len) > left)
			return;
		if (h.nlmsg_type ==
		    (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSET))
			hide_count(at + skip, h.nlmsg_len - skip);
	}
}

/* In the place of the C library's. */
ssize_t recvfrom(int fd, void *restrict bytes, size_t size, int flags,
		 __SOCKADDR_ARG from, socklen_t *restrict from_len)
{
	struct iovec part = {.iov_base = bytes, .iov_len = size};
	struct msghdr m = {.msg_name = from.__sockaddr__,
			   .msg_namelen = from_len == NULL ? 0 : *from_len,
			   .msg_iov = &part,
			   .msg_iovlen = 1};
	ssize_t got = recvmsg(fd, &m, flags);

	if (from_len != NULL)
		*from_len = m.msg_namelen;
	if (hides_count && got > 0 && (size_t)got <= size)
		hide_counts(bytes, (size_t)got);
	return got;
}

/* ---- who is tried ---- */

/* An enforcer, and the tool that looks into its sets. */
struct subject {
	const char *title;
	struct enforcer *(*open)(uint32_t maxelem);
	/* Lines for the shell; $f: 4 or 6, $a: the entry. */
	const char *destroy;
	const char *flush;
	const char *count; /* prints how many entries the set has */
	const char *has;   /* succeeds when the set has that entry */
	const char *put;   /* 77 packets, 4000 bytes, 50 s */
	const char *after; /* prints `packets 77 bytes 4000` of it */
	const char *rule;  /* a rule for each set that there is */
};

static struct enforcer *open_ipset(uint32_t maxelem)
{
	const struct ipset_plan p = {.name = "t",
				     .default_timeout = DEFAULT_TIMEOUT,
				     .maxelem = maxelem,
				     .largest = 1u << 20};
	struct enforcer *e = NULL;
	struct fault why = {.text = ""};

	hides_count = false;
	if (ipset_open(&e, &p, &why) < 0)
		fail_msg("%s", why.text);
	return e;
}

static struct enforcer *open_nftables(uint32_t maxelem)
{
	const struct nftables_plan p = {.name = "t",
					.length = {{32, 24}, {64, 56, 48, 128}},
					.default_timeout = DEFAULT_TIMEOUT,
					.maxelem = maxelem,
					.largest = 1u << 20};
	struct enforcer *e = NULL;
	struct fault why = {.text = ""};

	hides_count = false;
	if (nftables_open(&e, &p, &why) < 0)
		fail_msg("%s", why.text);
	return e;
}

static struct enforcer *open_uncounted(uint32_t maxelem)
{
	struct enforcer *e = open_nftables(maxelem);

	hides_count = true;
	return e;
}

static int clear(void **state)
{
	shell("nft delete table inet saslban");
	return remove_all(state);
}

/* The set of nft, $s, and its key: 192.0.2.0/24 is 192.0.2.0 in t4/24. */
#define NFT_SPLIT "case $a in */*) s=t$f/${a##*/} a=${a%/*};; *) s=t$f;; esac; "

/* All sets of nft of a family, as open_nftables has them. */
#define NFT_SETS \
	"for s in t$f $([ $f = 4 ] && echo t4/24 || echo t6/48 t6/56 t6/64); "

/* The lines of both that have nft. */
#define NFT_LINES                                                              \
	"nft delete table inet saslban",                                       \
		NFT_SETS "do nft flush set inet saslban $s; done",             \
		NFT_SETS "do nft list set inet saslban $s; done | "            \
			 "grep -o ' expires ' | wc -l",                        \
		NFT_SPLIT "nft get element inet saslban $s \"{ $a }\"",        \
		NFT_SPLIT                                                      \
		"nft add element inet saslban $s \"{ $a counter packets 77 "   \
		"bytes 4000 timeout 50s }\"",                                  \
		NFT_SPLIT                                                      \
		"nft get element inet saslban $s \"{ $a }\" | sed -n "         \
		"'s,.*counter \\(packets [0-9]* bytes [0-9]*\\) .*,\\1,p'",    \
		"nft add chain inet saslban c && for s in t4 t4/24; do nft "   \
		"add rule "                                                    \
		"inet saslban c ip saddr @$s drop; done && "                   \
		"for s in t6 t6/48 t6/56 t6/64; do nft add rule inet saslban " \
		"c ip6 "                                                       \
		"saddr @$s drop; done"

static const struct subject subjects[] = {
	{"ipset", open_ipset, "ipset destroy t; ipset destroy t$f",
	 "ipset flush t$f",
	 "ipset list -t t$f | sed -n \"s/Number of entries: //p\"",
	 "ipset list t$f | grep -q \"^$a timeout \"",
	 "ipset add t$f $a timeout 50 packets 77 bytes 4000",
	 "ipset list t$f | sed -n \"s,^$a .*packets,packets,p\"",
	 "iptables -A INPUT -m set --match-set t src -j DROP"},
	{"nftables", open_nftables, NFT_LINES},
	{"nftables, uncounted", open_uncounted, NFT_LINES},
};

/* What the lines are about. */
static void tell(const char *entry)
{
	setenv("f", strchr(entry, ':') == NULL ? "4" : "6", 1);
	setenv("a", entry, 1);
}

/* The same of a whole set. */
static const char *any_of(enum enforcer_set set)
{
	return set == ENFORCER_V4 ? "0.0.0.0" : "::";
}

static int on(const char *line, const char *entry)
{
	tell(entry);
	return shell(line);
}

static char *ask_on(const char *line, const char *entry, char out[256])
{
	tell(entry);
	return ask(line, out);
}

static long held(const struct subject *s, enum enforcer_set set)
{
	char out[256];

	return strtol(ask_on(s->count, any_of(set), out), NULL, 10);
}

static struct enforcer *sized(const struct subject *s, uint32_t maxelem)
{
	struct enforcer *e = s->open(maxelem);

	must_ensure(e, ENFORCER_V4);
	must_ensure(e, ENFORCER_V6);
	return e;
}

/* ---- entries ---- */

static void in_and_out(void **state)
{
	static const char *const entries[] = {
		"192.0.2.1",         "198.51.100.0/24",   "203.0.113.128/25",
		"2001:db8::1",       "2001:db8:1:2::/64", "2001:db8:1::/48",
		"2001:db8:8000::/33"};
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why = {.text = ""};

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		struct set_change c = change_of(entries[i], 100, true);
		enum enforcer_set set = enforcer_set_of(&c.address);

		assert_int_not_equal(on(s->has, entries[i]), 0);
		/* twice: the second time it is renewed */
		for (int round = 0; round < 2; round++) {
			if (add_one(e, entries[i], 100, round == 0, &why) < 0)
				fail_msg("%s", why.text);
			assert_int_equal(on(s->has, entries[i]), 0);
		}
		for (int round = 0; round < 2; round++) {
			if (e->ops->remove(e, set, &c, 1, &why) < 0)
				fail_msg("%s", why.text);
			assert_true(c.done);
			assert_int_not_equal(on(s->has, entries[i]), 0);
		}
	}
	assert_int_equal(e->ops->add(e, ENFORCER_V4, NULL, 0, &why), 0);
	e->ops->close(e);
}

static void same_twice(void **state)
{
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why = {.text = ""};
	struct set_change in[] = {change_of("192.0.2.1", 100, true),
				  change_of("198.51.100.0/24", 100, true),
				  change_of("192.0.2.1", 100, true)};
	struct set_change out[] = {change_of("192.0.2.1", 1, false),
				   change_of("203.0.113.9", 1, false),
				   change_of("192.0.2.1", 1, false)};

	assert_int_equal(e->ops->add(e, ENFORCER_V4, in, 3, &why), 0);
	assert_int_equal(count_done(in, 3), 3);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, 2);
	assert_int_equal(e->ops->remove(e, ENFORCER_V4, out, 3, &why), 0);
	assert_int_equal(count_done(out, 3), 3);
	assert_int_not_equal(on(s->has, "192.0.2.1"), 0);
	assert_int_equal(on(s->has, "198.51.100.0/24"), 0);
	e->ops->close(e);
}

/* What each shows of the only entry. */
static struct set_entry only(struct enforcer *e, enum enforcer_set set)
{
	static struct tally t;
	struct fault why = {.text = ""};

	t.n = t.stop_at = 0;
	if (e->ops->each(e, set, tally, &t, &why) < 0)
		fail_msg("%s", why.text);
	assert_int_equal(t.n, 1);
	return t.last;
}

static void times(void **state)
{
	static const int64_t left[] = {0,       1,          172800,
				       2764800, 4294967296, INT64_MAX};
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why;

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		int64_t longest = e->ops->kind->longest;
		int64_t wanted = left[i] < longest ? left[i] : longest;

		/* a longer one, which is shortened; and one that was short */
		for (int round = 0; round < 2 && left[i] > 1; round++) {
			assert_int_equal(add_one(e, "192.0.2.1",
						 round == 0 ? left[i] : 600,
						 false, &why),
					 0);
			assert_int_equal(
				add_one(e, "192.0.2.1", left[i], false, &why),
				0);
			assert_in_range(only(e, ENFORCER_V4).left, wanted - 20,
					wanted);
		}
		if (left[i] > 1)
			continue;
		assert_int_equal(add_one(e, "2001:db8::1", left[i], true, &why),
				 0);
		while (on(s->has, "2001:db8::1") == 0)
			usleep(50000);
	}
	e->ops->close(e);
}

static void counters(void **state)
{
	const struct subject *s = *state;
	static const char *const entries[] = {"192.0.2.1", "198.51.100.0/24",
					      "2001:db8:1:2::/64"};
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why;
	char out[256];

	for (size_t i = 0; i < 3; i++) {
		struct set_change c = change_of(entries[i], 900, false);
		enum enforcer_set set = enforcer_set_of(&c.address);
		struct set_entry seen;

		assert_int_equal(on(s->put, entries[i]), 0);
		assert_int_equal(e->ops->add(e, set, &c, 1, &why), 0);
		seen = only(e, set);
		assert_true(address_equal(&seen.address, &c.address));
		assert_in_range(seen.left, 800, 900);
		assert_int_equal(seen.packets, 77);
		assert_int_equal(seen.bytes, 4000);
		assert_string_equal(ask_on(s->after, entries[i], out),
				    "packets 77 bytes 4000");
		c.fresh = true;
		assert_int_equal(e->ops->add(e, set, &c, 1, &why), 0);
		assert_int_equal(only(e, set).packets, 0);
		assert_int_equal(e->ops->remove(e, set, &c, 1, &why), 0);
	}
	e->ops->close(e);
}

static void bulk(const struct subject *s, enum enforcer_set set)
{
	static struct set_change changes[MANY];
	static struct tally t;
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why = {.text = ""};
	bool more = true;
	unsigned steps = 0;

	number_changes(changes, set, 0, MANY);
	for (int round = 0; round < 2; round++) {
		if (e->ops->add(e, set, changes, MANY, &why) < 0)
			fail_msg("%s", why.text);
		assert_int_equal(count_done(changes, MANY), MANY);
		assert_int_equal(state_of(e, set).elements, MANY);
		assert_int_equal(held(s, set), MANY);
	}
	assert_int_equal(state_of(e, !set).elements, 0);
	assert_int_equal(held(s, !set), 0);
	memset(&t, 0, sizeof(t));
	assert_int_equal(e->ops->each(e, set, tally, &t, &why), 0);
	assert_int_equal(t.n, MANY);
	assert_int_equal(e->ops->read_begin(e, set, &why), 0);
	for (; more; steps++)
		assert_int_equal(e->ops->read_more(e, tally, &t, &more, &why),
				 0);
	assert_true(steps > 10);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(t.seen[i], 2);
	assert_int_equal(e->ops->read_more(e, tally, &t, &more, &why), 0);
	assert_false(more);
	assert_int_equal(t.n, 2 * MANY);
	assert_int_equal(e->ops->remove(e, set, changes, MANY, &why), 0);
	assert_int_equal(count_done(changes, MANY), MANY);
	assert_int_equal(state_of(e, set).elements, 0);
	assert_int_equal(held(s, set), 0);
	e->ops->close(e);
}

static void bulk4(void **state)
{
	bulk(*state, ENFORCER_V4);
}

static void bulk6(void **state)
{
	bulk(*state, ENFORCER_V6);
}

/* Stops where it is told to, and a reading begins anew. */
static void reading_stops(void **state)
{
	static struct set_change changes[3000];
	static struct tally t;
	struct enforcer *e = sized(*state, MAXELEM);
	struct fault why;
	bool more = false;

	number_changes(changes, ENFORCER_V4, 0, 3000);
	assert_int_equal(e->ops->read_more(e, tally, &t, &more, &why), 0);
	assert_false(more);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, changes, 3000, &why), 0);
	for (int round = 0; round < 3; round++) {
		t.n = 0;
		t.stop_at = 3;
		assert_int_equal(e->ops->each(e, ENFORCER_V4, tally, &t, &why),
				 0);
		assert_int_equal(t.n, 3);
		assert_int_equal(e->ops->read_begin(e, ENFORCER_V4, &why), 0);
		assert_int_equal(e->ops->read_more(e, tally, &t, &more, &why),
				 0);
		assert_true(more && t.n > 3 && t.n < 3000);
	}
	e->ops->read_end(e);
	assert_int_equal(e->ops->read_more(e, tally, &t, &more, &why), 0);
	assert_false(more);
	t.n = t.stop_at = 0;
	assert_int_equal(e->ops->each(e, ENFORCER_V4, tally, &t, &why), 0);
	assert_int_equal(t.n, 3000);
	e->ops->close(e);
}

/* What is there, what is not, and what cannot be. */
static void asking(void **state)
{
	static const struct {
		const char *address; /* NULL: none */
		bool there;
		int64_t left;
	} cases[] = {
		{"192.0.2.1", true, 900},       {"192.0.2.2", false, 0},
		{"198.51.100.0/24", true, 900}, {"198.51.100.0", false, 0},
		{"198.51.100.0/25", false, 0},  {"203.0.113.0/25", true, 900},
		{"2001:db8::1", false, 0},      {NULL, false, 0},
	};
	enum { N = sizeof(cases) / sizeof(cases[0]), FILL = 150 };
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);
	struct set_question q[N + FILL];
	struct fault why = {.text = ""};

	if (e->ops->ask == NULL) {
		assert_string_equal(s->title, "ipset");
		e->ops->close(e);
		return;
	}
	for (size_t i = 0; i < N + FILL; i++) {
		/* what was asked before is not the answer */
		q[i] = (struct set_question){.there = i % 2 == 0, .left = 77};
		if (i >= N)
			q[i].address =
				change_number(ENFORCER_V4, (unsigned)i).address;
		else if (cases[i].address != NULL)
			q[i].address =
				change_of(cases[i].address, 1, true).address;
		if (i < N && cases[i].there)
			assert_int_equal(add_one(e, cases[i].address,
						 cases[i].left, true, &why),
					 0);
	}
	if (e->ops->ask(e, ENFORCER_V4, q, N + FILL, &why) < 0)
		fail_msg("%s", why.text);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(q[i].there, cases[i].there);
		assert_in_range(q[i].left,
				cases[i].left > 100 ? cases[i].left - 100 : 0,
				cases[i].left);
	}
	for (size_t i = N; i < N + FILL; i++)
		assert_false(q[i].there);
	assert_int_equal(on(s->put, "192.0.2.2"), 0);
	assert_int_equal(e->ops->ask(e, ENFORCER_V4, &q[1], 1, &why), 0);
	assert_true(q[1].there);
	assert_int_equal(q[1].packets, 77);
	assert_int_equal(q[1].bytes, 4000);
	assert_int_equal(e->ops->ask(e, ENFORCER_V4, q, 0, &why), 0);
	assert_int_equal(on(s->destroy, "192.0.2.1"), 0);
	assert_int_equal(e->ops->ask(e, ENFORCER_V4, q, N, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	e->ops->close(e);
}

/* ---- what is refused ---- */

static void strangers(void **state)
{
	static const char *const odd[] = {"2001:db8::1", NULL, "0.0.0.0/0"};
	static struct set_change changes[1200];
	struct enforcer *e = sized(*state, MAXELEM);
	struct fault why;

	for (size_t i = 0; i < 3; i++) {
		size_t bad = 700 - 350 * i;

		number_changes(changes, ENFORCER_V4, 0, 1200);
		changes[bad] = (struct set_change){.left = 9, .done = true};
		if (odd[i] != NULL)
			changes[bad] = change_of(odd[i], 9, true);
		assert_int_equal(
			e->ops->add(e, ENFORCER_V4, changes, 1200, &why), -1);
		assert_int_equal(why.kind, FAULT_ENFORCE);
		assert_int_equal(count_done(changes, 1200), 1199);
		assert_false(changes[bad].done);
		assert_int_equal(state_of(e, ENFORCER_V4).elements, 1199);
		assert_int_equal(state_of(e, ENFORCER_V6).elements, 0);
		changes[bad] = changes[1199];
		assert_int_equal(
			e->ops->remove(e, ENFORCER_V4, changes, 1200, &why), 0);
	}
	e->ops->close(e);
}

static int by_number(void *context, const struct set_entry *entry)
{
	struct tally *t = context;

	t->seen[number_of(&entry->address)]++;
	t->n++;
	return 0;
}

/* What is marked done is in the set, and nothing else; a full one renews. */
static void check_full(const struct subject *s, enum enforcer_set set,
		       unsigned n)
{
	static struct set_change changes[3000];
	static struct tally t;
	struct enforcer *e = sized(s, SMALL);
	struct fault why = {.text = ""};
	char says[64];
	size_t first = 0;

	memset(&t, 0, sizeof(t));
	snprintf(says, sizeof(says), "': set '%s", e->ops->name(e, set));
	number_changes(changes, set, 0, n);
	assert_int_equal(e->ops->add(e, set, changes, n, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_FULL);
	if (strncmp(why.text, "cannot ban '", 12) != 0 ||
	    strstr(why.text, says) == NULL ||
	    strstr(why.text, "' is full (64 entries): make room with") == NULL)
		fail_msg("%s", why.text);
	assert_int_equal(e->ops->each(e, set, by_number, &t, &why), 0);
	assert_in_range(t.n, SMALL, n - 1);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(t.seen[i], changes[i].done);
	while (!changes[first].done)
		first++;
	changes[first].fresh = false;
	changes[first].left = 500;
	assert_int_equal(e->ops->add(e, set, &changes[first], 1, &why), 0);
	assert_int_equal(e->ops->remove(e, set, changes, n, &why), 0);
	assert_int_equal(count_done(changes, n), n);
	e->ops->close(e);
}

static void full(void **state)
{
	static const unsigned sizes[] = {120, 3000};

	for (size_t i = 0; i < 2; i++) {
		clear(NULL);
		check_full(*state, ENFORCER_V4, sizes[i]);
		check_full(*state, ENFORCER_V6, sizes[i]);
	}
}

/* ---- what others do ---- */

static enum fault_kind read_all(struct enforcer *e, enum enforcer_set set)
{
	static struct tally t;
	struct fault why = {.kind = FAULT_NONE};
	bool more = true;
	int result = e->ops->read_begin(e, set, &why);

	while (result == 0 && more)
		result = e->ops->read_more(e, tally, &t, &more, &why);
	assert_int_equal(e->ops->read_more(e, tally, &t, &more, NULL), 0);
	assert_false(more);
	return why.kind;
}

/* Everything of one set fails. */
static void check_gone(struct enforcer *e, enum enforcer_set set)
{
	static struct set_change changes[400];
	static struct tally t;
	struct set_state st;
	struct fault why;
	char says[64];

	snprintf(says, sizeof(says),
		 "cannot add to set '%s': ", e->ops->name(e, set));
	number_hosts(changes, set, 400);
	for (size_t n = 1; n <= 400; n += 399) {
		assert_int_equal(e->ops->add(e, set, changes, n, &why), -1);
		assert_int_equal(why.kind, FAULT_SET_GONE);
		assert_ptr_equal(strstr(why.text, says), why.text);
		assert_string_equal(why.text + strlen(says),
				    "there is no such set");
	}
	assert_int_equal(count_done(changes, 400), 0);
	assert_int_equal(e->ops->remove(e, set, changes, 2, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->each(e, set, tally, &t, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(read_all(e, set), FAULT_SET_GONE);
	assert_int_equal(e->ops->state(e, set, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
}

static void check_back(struct enforcer *e, enum enforcer_set set)
{
	static struct set_change changes[400];
	struct fault why;

	number_hosts(changes, set, 400);
	assert_int_equal(e->ops->add(e, set, changes, 400, &why), 0);
	assert_int_equal(count_done(changes, 400), 400);
	assert_int_equal(state_of(e, set).elements, 400);
	assert_int_equal(read_all(e, set), FAULT_NONE);
}

static void gone(void **state)
{
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);

	for (int round = 0; round < 4; round++) {
		enum enforcer_set set = round % 2;
		uint32_t before = state_of(e, set).identity;

		assert_int_equal(on(s->destroy, any_of(set)), 0);
		check_gone(e, set);
		must_ensure(e, set);
		must_ensure(e, !set);
		assert_int_not_equal(state_of(e, set).identity, before);
		check_back(e, set);
		assert_int_equal(on(s->flush, any_of(set)), 0);
		assert_int_equal(state_of(e, set).elements, 0);
		assert_int_equal(state_of(e, set).maxelem, MAXELEM);
	}
	e->ops->close(e);
}

/* Of a set that nobody counts, as many as can be counted at once. */
static void counting(void **state)
{
	static struct set_change changes[MANY + 500];
	const struct subject *s = *state;
	bool counted = s->open != open_uncounted;
	struct enforcer *e = sized(s, MAXELEM);
	struct fault why;

	number_changes(changes, ENFORCER_V4, 0, MANY + 500);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, changes, MANY, &why), 0);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, MANY);
	assert_false(state_of(e, ENFORCER_V4).more);
	assert_int_equal(e->ops->add(e, ENFORCER_V4, changes + MANY, 500, &why),
			 0);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(state_of(e, ENFORCER_V4).elements,
				 counted ? MANY + 500 : MANY);
		assert_int_equal(state_of(e, ENFORCER_V4).more, !counted);
		assert_int_equal(state_of(e, ENFORCER_V4).maxelem, MAXELEM);
	}
	assert_int_equal(e->ops->remove(e, ENFORCER_V4, changes, 501, &why), 0);
	assert_int_equal(state_of(e, ENFORCER_V4).elements, MANY - 1);
	assert_false(state_of(e, ENFORCER_V4).more);
	e->ops->close(e);
}

/* Two sets of a group have more together than one of them takes. */
static void fullest(void **state)
{
	static struct set_change changes[SMALL];
	const struct subject *s = *state;
	struct enforcer *e = sized(s, SMALL);
	struct set_state st;
	struct fault why;

	if (e->ops->kind->joint) {
		e->ops->close(e);
		return; /* it has one set */
	}
	number_hosts(changes, ENFORCER_V6, SMALL);
	assert_int_equal(e->ops->add(e, ENFORCER_V6, changes, 48, &why), 0);
	assert_int_equal(state_of(e, ENFORCER_V6).maxelem, SMALL);
	number_changes(changes, ENFORCER_V6, 0, SMALL);
	assert_int_equal(e->ops->add(e, ENFORCER_V6, changes, 48, &why), 0);
	st = state_of(e, ENFORCER_V6);
	assert_int_equal(st.elements, 96);
	assert_int_equal(st.maxelem, 128);
	assert_int_equal(e->ops->add(e, ENFORCER_V6, changes, SMALL, &why), 0);
	st = state_of(e, ENFORCER_V6);
	assert_int_equal(st.elements, 48 + SMALL);
	assert_int_equal(st.maxelem, st.elements);
	e->ops->close(e);
}

/* Nothing that is in it is touched. */
static void grows(void **state)
{
	const struct subject *s = *state;

	for (int i = 0; i < ENFORCER_SETS; i++) {
		enum enforcer_set set = (enum enforcer_set)i;
		struct enforcer *e = sized(s, 64);
		struct fault why = {.text = ""};
		struct set_change changes[50];
		struct tally t = {.n = 0};
		bool more = true;

		number_changes(changes, set, 0, 50);
		for (unsigned k = 0; k < 50; k++)
			changes[k].left = 200;
		assert_int_equal(e->ops->add(e, set, changes, 50, &why), 0);
		assert_int_equal(e->ops->grow_begin(e, set, 1, &why), 0);
		while (more)
			assert_int_equal(
				e->ops->grow_more(e, set, 1, &more, &why), 0);
		if (e->ops->grow_finish(e, set, 1, &why) < 0) {
			/* That of nftables, before some release of Linux 6. */
			if (strstr(why.text, "does not change the size") ==
			    NULL)
				fail_msg("%s", why.text);
			assert_int_equal(state_of(e, set).maxelem, 64);
			e->ops->close(e);
			return;
		}
		assert_int_equal(state_of(e, set).maxelem, 128);
		assert_int_equal(state_of(e, set).elements, 50);
		assert_int_equal(e->ops->each(e, set, tally, &t, &why), 0);
		for (unsigned k = 0; k < 50; k++)
			assert_int_equal(t.seen[k], 1);
		number_changes(changes, set, 50, 50);
		assert_int_equal(e->ops->add(e, set, changes, 50, &why), 0);
		e->ops->close(e);
		clear(NULL);
	}
}

static void references(void **state)
{
	const struct subject *s = *state;
	struct enforcer *e = sized(s, MAXELEM);

	assert_int_equal(state_of(e, ENFORCER_V4).references, 0);
	assert_int_equal(state_of(e, ENFORCER_V6).references, 0);
	assert_int_equal(shell(s->rule), 0);
	assert_int_equal(state_of(e, ENFORCER_V4).references, 1);
	assert_int_equal(state_of(e, ENFORCER_V6).references, 1);
	e->ops->close(e);
}

/* ---- running them ---- */

struct row {
	const char *title;
	void (*run)(void **state);
};

static const struct row rows[] = {
	{"hosts and prefixes of any length go in and out", in_and_out},
	{"the same entry twice in one call", same_twice},
	{"times are as wanted, or the longest, and end", times},
	{"a renewal keeps its counters, a new ban begins at nought", counters},
	{"20 000 IPv4 entries in twice, read, and out", bulk4},
	{"20 000 IPv6 entries in twice, read, and out", bulk6},
	{"a reading stops when told to, and begins anew", reading_stops},
	{"what is asked for is answered", asking},
	{"what cannot be counted is at least so many", counting},
	{"a group is as full as its fullest set", fullest},
	{"one that is not for the set stops no other", strangers},
	{"a full set takes what it can, and renews", full},
	{"a set grows, and what is in it stays", grows},
	{"a set that is gone is told, and created again", gone},
	{"rules that refer to the sets are seen", references},
};

int main(void)
{
	static char title[64][96];
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	for (size_t s = 0; s < sizeof(subjects) / sizeof(subjects[0]); s++)
		for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
			snprintf(title[n], sizeof(title[n]), "%s: %s",
				 subjects[s].title, rows[r].title);
			tests[n].name = title[n];
			tests[n].test_func = rows[r].run;
			tests[n++].initial_state =
				(void *)(uintptr_t)&subjects[s];
		}
	return kernel_run("contract", tests, n, clear);
}
