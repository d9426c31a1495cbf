/*
 * ipset: real kernel sets in a network namespace of the program's own.
 *
 * What the kernel holds is read back with the ipset tool wherever that can
 * tell it, so that our own reading is not judged by itself.
 */
#include "row.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <libmnl/libmnl.h>

#include "ipset_impl.h"
#include "netns.h"

#define STANDARD 600
#define MAXELEM 65536

static const struct ipset_plan plan = {
	.name = "t", .standard = STANDARD, .maxelem = MAXELEM};

/* ---- the other side: the ipset and iptables tools ---- */

/* Runs a shell line; 0 when it succeeded. */
static int shell(const char *line)
{
	char all[1024];

	snprintf(all, sizeof(all), "{ %s; } >/dev/null 2>&1", line);
	return system(all);
}

/* The first line that a shell line prints. */
static char *ask(const char *line, char out[256])
{
	FILE *f = popen(line, "r");

	out[0] = '\0';
	if (f == NULL)
		return out;
	if (fgets(out, 256, f) == NULL)
		out[0] = '\0';
	pclose(f);
	out[strcspn(out, "\n")] = '\0';
	return out;
}

static long ask_number(const char *line)
{
	char out[256];

	return strtol(ask(line, out), NULL, 10);
}

/* ---- ours ---- */

static struct enforcer *opened(void)
{
	struct enforcer *e = NULL;
	struct fault why;

	assert_int_equal(ipset_open(&e, &plan, &why), 0);
	return e;
}

static struct enforcer *ensured(void)
{
	struct enforcer *e = opened();
	struct fault why = {.text = ""};

	if (e->ops->ensure(e, &why) < 0)
		fail_msg("%s", why.text);
	return e;
}

static struct entry entry_of(const char *text, int64_t left, bool fresh)
{
	struct entry e = {.left = left, .fresh = fresh};

	assert_int_equal(address_parse(text, strlen(text), &e.address), 0);
	return e;
}

/* Number i of an endless row of addresses, v6 when odd. */
static struct entry entry_number(unsigned i)
{
	char text[64];

	if (i % 2 == 0)
		snprintf(text, sizeof(text), "10.%u.%u.%u", i >> 16,
			 i >> 8 & 255, i & 255);
	else
		snprintf(text, sizeof(text), "2001:db8:%x:%x::/64", i >> 16,
			 i & 0xffff);
	return entry_of(text, 300, true);
}

static size_t count_done(const struct entry *entries, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += entries[i].done;
	return done;
}

static int ban_one(struct enforcer *e, const char *text, int64_t left,
		   bool fresh, struct fault *why)
{
	struct entry one = entry_of(text, left, fresh);
	int answer = e->ops->ban(e, &one, 1, why);

	assert_int_equal(one.done, answer == 0);
	return answer;
}

static int remove_all(void **state)
{
	(void)state;
	/* flushed first: members of a list cannot be destroyed */
	shell("iptables -F; ip6tables -F; ipset flush; ipset destroy");
	return 0;
}

/* ---- ensure ---- */

static void creates(void **state)
{
	struct enforcer *e = ensured();

	(void)state;
	assert_int_equal(
		shell("ipset list -t t4 | grep -E '^Header: family inet "
		      "hashsize 16384 maxelem 65536 timeout 600 counters'"),
		0);
	assert_int_equal(
		shell("ipset list -t t6 | grep -E '^Header: family inet6 "
		      "hashsize 16384 maxelem 65536 timeout 600 counters'"),
		0);
	assert_int_equal(shell("ipset list -t t4 | grep 'Type: hash:net$'"), 0);
	assert_int_equal(shell("ipset list -t t | grep 'Type: list:set$'"), 0);
	assert_int_equal(shell("ipset test t t4 && ipset test t t6"), 0);
	e->ops->close(e);
	assert_int_equal(shell("ipset list -n t4"), 0);
}

struct existing_row {
	const char *title;
	const char *before;
	int result;
	const char *says;  /* in the fault's text */
	const char *after; /* succeeds */
};

static const struct existing_row existing_rows[] = {
	{"sets made by hand are taken as they are",
	 "ipset create t4 hash:net timeout 9 counters && "
	 "ipset add t4 192.0.2.1 && ipset create t6 hash:net family inet6 "
	 "timeout 9 counters",
	 0, NULL, "ipset test t4 192.0.2.1 && ipset test t t4"},
	{"a smaller maxelem is accepted",
	 "ipset create t4 hash:net timeout 9 counters maxelem 100", 0, NULL,
	 "ipset list -t t4 | grep 'maxelem 100 '"},
	{"comments and forceadd are accepted",
	 "ipset create t4 hash:net timeout 9 counters comment forceadd", 0,
	 NULL, "ipset test t t4"},
	{"a default timeout of nought is accepted: ours are explicit",
	 "ipset create t4 hash:net timeout 0 counters", 0, NULL,
	 "ipset test t t4"},
	{"another type is refused and left alone",
	 "ipset create t4 hash:ip timeout 9 counters && "
	 "ipset add t4 192.0.2.1",
	 -1,
	 "set 't4' is hash:ip family inet, needed: hash:net family inet; give "
	 "the jail another set name with set=, or remove it with 'ipset "
	 "destroy t4'",
	 "ipset test t4 192.0.2.1"},
	{"another family is refused and left alone",
	 "ipset create t4 hash:net family inet6 timeout 600 counters maxelem "
	 "65536 && ipset add t4 2001:db8::1",
	 -1, "set 't4' is hash:net family inet6, needed: hash:net family inet;",
	 "ipset test t4 2001:db8::1"},
	{"the other family of the other set is refused",
	 "ipset create t6 hash:net family inet timeout 600 counters", -1,
	 "set 't6' is hash:net family inet, needed: hash:net family inet6;",
	 "ipset list t6"},
	{"a set without timeouts is refused",
	 "ipset create t4 hash:net counters", -1,
	 "set 't4' has no timeout, needed: hash:net family inet timeout "
	 "counters; put such a one in its place with 'ipset create t4.tmp ",
	 "ipset list t4"},
	{"a set without counters is refused",
	 "ipset create t6 hash:net family inet6 timeout 600", -1,
	 "set 't6' has no counters, needed: hash:net family inet6 timeout "
	 "counters; ",
	 "ipset list t6"},
	{"a list that is no list is refused", "ipset create t hash:ip", -1,
	 "set 't' is hash:ip, needed: list:set;", "ipset list t"},
	{"an empty list gets its members", "ipset create t list:set", 0, NULL,
	 "ipset test t t4 && ipset test t t6"},
	{"other members of the list stay",
	 "ipset create x hash:ip && ipset create t list:set && "
	 "ipset add t x",
	 0, NULL, "ipset test t x && ipset test t t4 && ipset test t t6"},
	{"members of a list with timeouts are put in for good",
	 "ipset create t4 hash:net timeout 9 counters && "
	 "ipset create t list:set timeout 5 && ipset add t t4",
	 0, NULL,
	 "ipset list t | grep '^t4 timeout 0' && "
	 "ipset list t | grep '^t6 timeout 0'"},
};

static void existing(void **state)
{
	const struct existing_row *r = *state;
	struct enforcer *e = opened();
	struct fault why = {.text = ""};

	assert_int_equal(shell(r->before), 0);
	assert_int_equal(e->ops->ensure(e, &why), r->result);
	if (r->says != NULL) {
		assert_int_equal(why.kind, FAULT_ENFORCE);
		if (strncmp(why.text, r->says, strlen(r->says)) != 0)
			fail_msg("%s", why.text);
	}
	assert_int_equal(shell(r->after), 0);
	/* and once more, with the same answer */
	assert_int_equal(e->ops->ensure(e, &why), r->result);
	e->ops->close(e);
}

/* The command that the sentence gives does help. */
static void advice_helps(void **state)
{
	struct enforcer *e = opened();
	struct fault why;
	char *command;

	(void)state;
	shell("ipset create t4 hash:net");
	shell("iptables -A INPUT -m set --match-set t4 src -j DROP");
	assert_int_equal(e->ops->ensure(e, &why), -1);
	command = strstr(why.text, "ipset create");
	assert_non_null(command);
	command[strcspn(command, "'")] = '\0';
	assert_int_equal(shell(command), 0);
	assert_int_equal(e->ops->ensure(e, &why), 0);
	e->ops->close(e);
}

/* ---- ban and lift ---- */

static void bans_and_lifts(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[] = {
		entry_of("192.0.2.1", 100, true),
		entry_of("2001:db8:1:2::/64", 100, true),
		entry_of("198.51.100.0/24", 100, true),
		entry_of("192.0.2.1", 100, true),
	};
	struct entry out[] = {
		entry_of("192.0.2.1", 1, false),
		entry_of("203.0.113.9", 1, false),
		entry_of("2001:db8:1:2::/64", 1, false),
	};

	(void)state;
	assert_int_equal(e->ops->ban(e, in, 4, &why), 0);
	assert_int_equal(count_done(in, 4), 4);
	assert_int_equal(shell("ipset test t4 192.0.2.1 && "
			       "ipset test t4 198.51.100.77 && "
			       "ipset test t6 2001:db8:1:2:3::4"),
			 0);
	assert_int_equal(e->ops->lift(e, out, 3, &why), 0);
	assert_int_equal(count_done(out, 3), 3);
	assert_int_not_equal(shell("ipset test t4 192.0.2.1"), 0);
	assert_int_not_equal(shell("ipset test t6 2001:db8:1:2:3::4"), 0);
	assert_int_equal(shell("ipset test t4 198.51.100.77"), 0);
	assert_int_equal(e->ops->ban(e, NULL, 0, &why), 0);
	e->ops->close(e);
}

struct timeout_row {
	const char *title;
	int64_t left;
	long least;
	long most;
};

static const struct timeout_row timeout_rows[] = {
	{"48 hours", 172800, 172700, 172800},
	{"32 days are cut to the kernel's longest", 2764800, 2147383, 2147483},
	{"for ever is cut to the kernel's longest", INT64_MAX, 2147383,
	 2147483},
	{"2^32 seconds do not become a permanent entry", 4294967296, 2147383,
	 2147483},
};

static void timeouts(void **state)
{
	const struct timeout_row *r = *state;
	struct enforcer *e = ensured();
	struct fault why;
	long left;

	assert_int_equal(ban_one(e, "192.0.2.1", r->left, true, &why), 0);
	left = ask_number("ipset list t4 | sed -n 's/.*192.0.2.1 timeout "
			  "\\([0-9]*\\) .*/\\1/p'");
	assert_in_range(left, r->least, r->most);
	e->ops->close(e);
}

static void nought_is_not_for_ever(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	assert_int_equal(ban_one(e, "192.0.2.1", 0, true, &why), 0);
	assert_int_not_equal(shell("ipset list t4 | grep 'timeout 0'"), 0);
	e->ops->close(e);
}

static void fresh_counters(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	char out[256];

	(void)state;
	shell("ipset add t4 192.0.2.1 timeout 1 packets 77 bytes 4000");
	while (shell("ipset test t4 192.0.2.1") == 0)
		usleep(50000);
	assert_int_equal(ban_one(e, "192.0.2.1", 900, true, &why), 0);
	assert_string_equal(
		ask("ipset list t4 | sed -n 's/.*packets/packets/p'", out),
		"packets 0 bytes 0");
	e->ops->close(e);
}

static void renewal_keeps_counters(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	shell("ipset add t4 192.0.2.1 timeout 50 packets 77 bytes 4000");
	assert_int_equal(ban_one(e, "192.0.2.1", 900, false, &why), 0);
	assert_int_equal(shell("ipset list t4 | grep -E '192.0.2.1 timeout "
			       "(900|89[0-9]) packets 77 bytes 4000'"),
			 0);
	e->ops->close(e);
}

/* 20 000 of both families, each read back. */
#define MANY 20000

struct tally {
	size_t n;
	size_t stop_at;
	unsigned char seen[MANY];
	struct entry_seen last;
};

static int tally(void *context, const struct entry_seen *seen)
{
	struct tally *t = context;
	const uint8_t *b = seen->address.bytes;
	unsigned i;

	if (seen->address.family == ADDRESS_V4)
		i = (unsigned)(b[1] << 16 | b[2] << 8 | b[3]);
	else
		i = (unsigned)(b[5] << 16 | b[6] << 8 | b[7]);
	if (i < MANY && seen->left > 0 && seen->left <= 300)
		t->seen[i]++;
	t->last = *seen;
	return ++t->n == t->stop_at;
}

static void bulk(void **state)
{
	static struct entry entries[MANY];
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		entries[i] = entry_number(i);
	assert_int_equal(e->ops->ban(e, entries, MANY, &why), 0);
	assert_int_equal(count_done(entries, MANY), MANY);
	assert_int_equal(ask_number("ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"),
			 MANY / 2);
	assert_int_equal(ask_number("ipset list -t t6 | "
				    "sed -n 's/Number of entries: //p'"),
			 MANY / 2);
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(t.seen[i], 1);
	assert_int_equal(e->ops->lift(e, entries, MANY, &why), 0);
	assert_int_equal(ask_number("ipset list -t t4 | "
				    "sed -n 's/Number of entries: //p'"),
			 0);
	e->ops->close(e);
}

struct middle_row {
	const char *title;
	size_t n;
	size_t bad; /* index of the entry that the kernel refuses */
};

static const struct middle_row middle_rows[] = {
	{"one of a few that is refused stops no other", 100, 50},
	{"the last of a few", 100, 99},
	{"the first of many", 2000, 0},
	{"one in the middle of many stops no other", 2000, 1001},
	{"the last of many", 2000, 1999},
	{"the last of the first message", 2000, 998},
};

static const char refused_four[] =
	"cannot ban '0.0.0.0/0': cannot add to set 't4': the kernel does not "
	"take the prefix length; allowed: 1 to 32, or 1 to 128";
static const char refused_six[] =
	"cannot ban '::/0': cannot add to set 't6': the kernel does not take "
	"the prefix length; allowed: 1 to 32, or 1 to 128";

static void middle(void **state)
{
	const struct middle_row *r = *state;
	static struct entry entries[2000];
	struct enforcer *e = ensured();
	struct fault why = {.text = ""};
	bool six = r->bad % 2 != 0;

	for (size_t i = 0; i < r->n; i++)
		entries[i] = entry_number((unsigned)i);
	entries[r->bad] = entry_of(six ? "::/0" : "0.0.0.0/0", 60, true);
	assert_int_equal(e->ops->ban(e, entries, r->n, &why), -1);
	assert_string_equal(why.text, six ? refused_six : refused_four);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_int_equal(count_done(entries, r->n), r->n - 1);
	assert_false(entries[r->bad].done);
	e->ops->close(e);
}

static int in_order(void *context, const struct entry_seen *seen)
{
	struct tally *t = context;
	unsigned i = (unsigned)(seen->address.bytes[2] << 8 |
				seen->address.bytes[3]);

	if (i < MANY)
		t->seen[i]++;
	t->n++;
	return 0;
}

/* What is marked done is in the set, and nothing else. */
static void full(void **state)
{
	size_t n = *(const size_t *)*state;
	static struct entry entries[3000];
	static struct tally t;
	struct enforcer *e = opened();
	struct fault why = {.text = ""};
	static const char says[] =
		"': set 't4' is full (64 entries): make room with";

	memset(&t, 0, sizeof(t));
	shell("ipset create t4 hash:net timeout 600 counters maxelem 64 "
	      "hashsize 64");
	assert_int_equal(e->ops->ensure(e, &why), 0);
	for (unsigned i = 0; i < n; i++)
		entries[i] = entry_number(2 * i);
	assert_int_equal(e->ops->ban(e, entries, n, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	if (strstr(why.text, says) == NULL)
		fail_msg("%s", why.text);
	assert_int_equal(e->ops->each(e, in_order, &t, &why), 0);
	assert_in_range(t.n, 64, n - 1);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(t.seen[2 * i], entries[i].done);
	/* A full set still renews, and still lifts. */
	assert_int_equal(ban_one(e, "10.0.0.0", 50, false, &why), 0);
	assert_int_equal(e->ops->lift(e, entries, n, &why), 0);
	assert_int_equal(count_done(entries, n), n);
	e->ops->close(e);
}

static const size_t full_few = 120;
static const size_t full_many = 3000;

static void no_address(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[3] = {
		entry_of("192.0.2.1", 9, true), {.left = 9}, {.left = 9}};

	(void)state;
	assert_int_equal(e->ops->ban(e, in, 3, &why), -1);
	assert_string_equal(why.text, "entry 2 holds no address: family '0'");
	assert_true(in[0].done);
	assert_false(in[1].done);
	assert_int_equal(e->ops->ban(e, in + 1, 2, &why), -1);
	e->ops->close(e);
}

/* ---- what others do meanwhile ---- */

static int never(void *context, const struct entry_seen *seen)
{
	(void)context;
	(void)seen;
	return 0;
}

static void gone(void **state)
{
	static struct entry entries[400];
	struct enforcer *e = ensured();
	struct enforcer_state st;
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		entries[i] = entry_number(i);
	assert_int_equal(shell("ipset destroy t && ipset destroy t4"), 0);
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "cannot add to set 't4': there is no such set");
	assert_int_equal(e->ops->lift(e, entries, 2, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->ban(e, entries, 400, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(count_done(entries, 400), 200);
	assert_int_equal(e->ops->each(e, never, NULL, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->state(e, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(e->ops->ban(e, entries, 400, &why), 0);
	assert_int_equal(count_done(entries, 400), 400);
	e->ops->close(e);
}

/* A set that is gone matters more than an entry that is refused before. */
static void gone_outranks(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct entry in[] = {entry_of("0.0.0.0/0", 9, true),
			     entry_of("2001:db8::1", 9, true),
			     entry_of("192.0.2.1", 9, true)};

	(void)state;
	assert_int_equal(shell("ipset destroy t && ipset destroy t6"), 0);
	assert_int_equal(e->ops->ban(e, in, 3, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_false(in[0].done);
	assert_false(in[1].done);
	assert_true(in[2].done);
	e->ops->close(e);
}

static void member_gone(void **state)
{
	struct enforcer *e = ensured();
	struct enforcer_state st;
	struct fault why;

	(void)state;
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	assert_int_equal(shell("ipset del t t6"), 0);
	assert_int_equal(e->ops->state(e, &st, &why), -1);
	assert_int_equal(why.kind, FAULT_SET_GONE);
	assert_string_equal(why.text,
			    "set 't6' is not in the list 't' any more");
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	e->ops->close(e);
}

static void swapped_for_worse(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	assert_int_equal(shell("ipset create x hash:net && ipset swap x t4"),
			 0);
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_ptr_equal(strstr(why.text, "set 't4' has no timeout, needed:"),
			 why.text);
	e->ops->close(e);
}

static void foreign(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};

	(void)state;
	shell("ipset create x hash:ip && ipset add x 203.0.113.1");
	shell("ipset add t4 198.51.100.7 timeout 0");
	shell("ipset add t4 198.51.100.9 nomatch");
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	assert_int_equal(e->ops->ensure(e, &why), 0);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
	/* the exception is no ban */
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 2);
	e->ops->close(e);
	assert_int_equal(shell("ipset test x 203.0.113.1 && "
			       "ipset test t4 198.51.100.7"),
			 0);
}

/* ---- each and state ---- */

static void each_reads(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	struct tally t = {.n = 0};
	char text[ADDRESS_TEXT];

	(void)state;
	shell("ipset add t4 192.0.2.128/25 timeout 50 packets 3 bytes 180");
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 1);
	assert_string_equal(address_print(&t.last.address, text),
			    "192.0.2.128/25");
	assert_in_range(t.last.left, 1, 50);
	assert_int_equal(t.last.packets, 3);
	assert_int_equal(t.last.bytes, 180);
	shell("ipset flush t4; ipset add t6 2001:db8::1 timeout 0");
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_string_equal(address_print(&t.last.address, text),
			    "2001:db8::1");
	assert_int_equal(t.last.left, 0);
	e->ops->close(e);
}

static void each_stops(void **state)
{
	static struct entry entries[5000];
	static struct tally t;
	struct enforcer *e = ensured();
	struct fault why;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		entries[i] = entry_number(i);
	assert_int_equal(e->ops->ban(e, entries, 5000, &why), 0);
	for (int round = 0; round < 3; round++) {
		t.n = 0;
		t.stop_at = 3;
		assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
		assert_int_equal(t.n, 3);
	}
	t.n = 0;
	t.stop_at = 0;
	assert_int_equal(e->ops->each(e, tally, &t, &why), 0);
	assert_int_equal(t.n, 5000);
	e->ops->close(e);
}

struct reference_row {
	const char *title;
	const char *before;
	uint32_t four;
	uint32_t six;
};

static const struct reference_row reference_rows[] = {
	{"no rule: nothing refers to them", "true", 0, 0},
	{"a rule on the list covers both",
	 "iptables -A INPUT -m set --match-set t src -j DROP", 1, 1},
	{"two rules on the list",
	 "iptables -A INPUT -m set --match-set t src -j DROP && "
	 "ip6tables -A INPUT -m set --match-set t src -j DROP",
	 2, 2},
	{"a rule on one set covers that one",
	 "iptables -A INPUT -m set --match-set t4 src -j DROP", 1, 0},
	{"a rule on the list and one on a set",
	 "iptables -A INPUT -m set --match-set t src -j DROP && "
	 "ip6tables -A INPUT -m set --match-set t6 src -j DROP",
	 1, 2},
};

static void references(void **state)
{
	const struct reference_row *r = *state;
	struct enforcer *e = ensured();
	struct enforcer_state st;
	struct fault why;

	assert_int_equal(shell(r->before), 0);
	assert_int_equal(e->ops->state(e, &st, &why), 0);
	assert_int_equal(st.set[0].references, r->four);
	assert_int_equal(st.set[1].references, r->six);
	e->ops->close(e);
}

static void state_tells(void **state)
{
	struct enforcer *e = ensured();
	struct enforcer_state a;
	struct enforcer_state b;
	struct fault why;
	char out[256];

	(void)state;
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	assert_int_equal(e->ops->state(e, &a, &why), 0);
	assert_int_equal(a.set[0].elements, 1);
	assert_int_equal(a.set[1].elements, 0);
	assert_int_equal(a.set[0].maxelem, MAXELEM);
	ask("ipset list -t t4 | sed -n 's/.*initval //p'", out);
	assert_int_equal(a.set[0].identity, strtoul(out, NULL, 0));
	shell("ipset create x hash:net timeout 9 counters maxelem 77; "
	      "ipset swap x t4");
	assert_int_equal(e->ops->state(e, &b, &why), 0);
	assert_int_not_equal(b.set[0].identity, a.set[0].identity);
	assert_int_equal(b.set[1].identity, a.set[1].identity);
	assert_int_equal(b.set[0].maxelem, 77);
	e->ops->close(e);
}

/* ---- permission, names, a hard conversation ---- */

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	if (syscall(SYS_capset, &head, none) < 0)
		_exit(9);
}

/* In the child: exits with the number of the step that went wrong. */
static void without_permission(struct enforcer *e)
{
	static struct entry entries[400];
	static const char says[] =
		"cannot add to set 't4': no permission; the capability "
		"CAP_NET_ADMIN is needed";
	struct enforcer_state st;
	struct fault why;

	drop_capabilities();
	for (unsigned i = 0; i < 400; i++)
		entries[i] = entry_number(i);
	if (e->ops->ban(e, entries, 128, &why) == 0 ||
	    why.kind != FAULT_ENFORCE ||
	    strncmp(why.text, says, strlen(says)) != 0 ||
	    count_done(entries, 128) != 0)
		_exit(1);
	if (e->ops->ban(e, entries, 400, &why) == 0 ||
	    strncmp(why.text, says, strlen(says)) != 0 ||
	    count_done(entries, 400) != 0)
		_exit(2);
	if (e->ops->ensure(e, &why) == 0 ||
	    strstr(why.text, "CAP_NET_ADMIN") == NULL)
		_exit(3);
	if (e->ops->state(e, &st, &why) == 0 ||
	    strstr(why.text, "CAP_NET_ADMIN") == NULL)
		_exit(4);
	_exit(0);
}

static void no_permission(void **state)
{
	struct enforcer *e = ensured();
	struct fault why;
	int status = -1;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		without_permission(e);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* the parent, on the same sockets, goes on */
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	e->ops->close(e);
}

struct name_row {
	const char *title;
	const char *name;
	int result;
};

static const struct name_row name_rows[] = {
	{"an empty name is refused", "", -1},
	{"no name is refused", NULL, -1},
	{"a blank is refused", "a b", -1},
	{"a newline is refused", "a\n", -1},
	{"a semicolon is refused", "a;b", -1},
	{"26 characters are allowed", "abcdefghijklmnopqrstuvwxyz", 0},
	{"27 characters are refused", "abcdefghijklmnopqrstuvwxyz0", -1},
	{"letters, digits and _ . : - are allowed", "Az09_.:-", 0},
};

static void names(void **state)
{
	const struct name_row *r = *state;
	const struct ipset_plan p = {
		.name = r->name, .standard = 60, .maxelem = 1024};
	struct enforcer *e = NULL;
	struct fault why;

	shell("ipset create other hash:ip; ipset add other 192.0.2.9");
	assert_int_equal(ipset_open(&e, &p, &why), r->result);
	if (r->result == 0) {
		assert_int_equal(e->ops->ensure(e, &why), 0);
		e->ops->close(e);
	} else {
		assert_null(e);
		assert_int_equal(why.kind, FAULT_SETTING);
	}
	assert_int_equal(shell("ipset test other 192.0.2.9"), 0);
}

/* The answers to 128 refusals do not fit: nothing of them may be believed,
 * and everything is said again on a new socket. */
static void answers_lost(void **state)
{
	struct enforcer *e = ensured();
	struct mnl_socket *before = ((struct ipset *)e)->control.netlink;
	struct entry in[IPSET_PIPELINE];
	struct fault why;
	int least = 1;

	(void)state;
	assert_int_equal(setsockopt(mnl_socket_get_fd(before), SOL_SOCKET,
				    SO_RCVBUFFORCE, &least, sizeof(least)),
			 0);
	for (unsigned i = 0; i < IPSET_PIPELINE; i++)
		in[i] = entry_of("0.0.0.0/0", 9, true);
	in[77] = entry_of("192.0.2.77", 9, true);
	assert_int_equal(e->ops->ban(e, in, IPSET_PIPELINE, &why), -1);
	assert_non_null(strstr(why.text, "prefix length"));
	assert_int_equal(count_done(in, IPSET_PIPELINE), 1);
	assert_true(in[77].done);
	e->ops->close(e);
}

/* What an earlier conversation left unread is not taken for an answer. */
static void stale_answers(void **state)
{
	struct enforcer *e = ensured();
	struct ipset *s = (struct ipset *)e;
	struct ipset_room r;
	struct fault why;
	struct entry bad = entry_of("0.0.0.0/0", 9, true);

	(void)state;
	assert_int_equal(ipset_start(s, &r, &why), 0);
	ipset_put_entry(&r, IPSET_BAN, "t4", &bad, true);
	ipset_put_type(&r, "hash:net", AF_INET);
	assert_int_equal(mnl_socket_sendto(s->control.netlink, r.bytes, r.len),
			 r.len);
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	assert_int_equal(ban_one(e, "0.0.0.0/0", 9, true, &why), -1);
	e->ops->close(e);
}

#define EACH(rows, function) ROWS(tests, n, rows, function)
#define ONE(function, title)                             \
	tests[n++] = (struct CMUnitTest)                 \
	{                                                \
		.name = (title), .test_func = (function) \
	}

static const char *unable(void)
{
	if (netns_enter() < 0)
		return "no network namespace can be made here";
	if (shell("ipset list -n && ipset create x list:set && "
		  "ipset create y hash:net && ipset destroy") != 0)
		return "the ipset tool or the kernel's ipset is not here";
	if (shell("iptables -S && ip6tables -S") != 0)
		return "iptables does not work here";
	return NULL;
}

int main(void)
{
	struct CMUnitTest tests[96];
	const char *reason = unable();
	size_t n = 0;

	if (reason != NULL) {
		printf("1..0 # SKIP %s\n", reason);
		return 0;
	}
	memset(tests, 0, sizeof(tests));
	ONE(creates, "the three sets are created, and stay when it closes");
	EACH(existing_rows, existing);
	ONE(advice_helps, "the command that the sentence gives does help");
	ONE(bans_and_lifts, "bans and lifts, hosts and prefixes");
	EACH(timeout_rows, timeouts);
	ONE(nought_is_not_for_ever, "no time left is not for ever");
	ONE(fresh_counters, "a new ban starts at zero in an expired slot");
	ONE(renewal_keeps_counters, "a renewal keeps its counters");
	ONE(bulk, "20 000 entries in, read, and out");
	EACH(middle_rows, middle);
	ONE(full, "a full set, few entries");
	tests[n - 1].initial_state = (void *)&full_few;
	ONE(full, "a full set, many entries");
	tests[n - 1].initial_state = (void *)&full_many;
	ONE(no_address, "an entry without an address is refused");
	ONE(gone, "a set that is gone is told, and made again");
	ONE(gone_outranks, "a set that is gone outranks a refused entry");
	ONE(member_gone, "a set that is taken out of the list is told");
	ONE(swapped_for_worse, "a set that was swapped for a worse is told");
	ONE(foreign, "other sets and other people's entries are left alone");
	ONE(each_reads, "each reads address, time and counters");
	ONE(each_stops, "each stops when told to, and can be called again");
	EACH(reference_rows, references);
	ONE(state_tells, "state tells elements, maxelem and a swap");
	ONE(no_permission, "without CAP_NET_ADMIN the sentence says so");
	EACH(name_rows, names);
	ONE(answers_lost, "answers that were lost are asked for again");
	ONE(stale_answers, "answers to earlier requests are passed over");
	for (size_t i = 0; i < n; i++)
		tests[i].setup_func = tests[i].teardown_func = remove_all;
	return _cmocka_run_group_tests("ipset", tests, n, NULL, NULL);
}
