/*
 * sockdiag: connections that the kernel is asked to end, in a network of the
 * program's own. Each row opens one from PEER to PORT of this machine, bans
 * BAN and looks whether it is still there.
 */
#include "row.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/sock_message.h"
#include "netns.h"
#include "saslban/sockdiag.h"

#define OURS4 "192.0.2.25"
#define OURS6 "2001:db8:25::25"

/* What the kernel is made to answer in place of an error or a success; 0:
 * nothing else than it does. */
static int answer_with;

/* The library's, which this one stands before. */
ssize_t recvfrom(int fd, void *buffer, size_t size, int flags,
		 struct sockaddr *from, socklen_t *len)
{
	ssize_t n = syscall(SYS_recvfrom, fd, buffer, size, flags, from, len);
	struct nlmsghdr *head = buffer;
	int code = -answer_with;

	if (n >= (ssize_t)(sizeof(*head) + sizeof(code)) && answer_with != 0 &&
	    head->nlmsg_type == NLMSG_ERROR)
		memcpy(head + 1, &code, sizeof(code));
	return n;
}

/* ---- connections ---- */

struct pair {
	int listener, server, client;
};

union name {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t name_of(union name *n, const char *text, unsigned port)
{
	memset(n, 0, sizeof(*n));
	if (inet_pton(AF_INET, text, &n->four.sin_addr) == 1) {
		n->four.sin_family = AF_INET;
		n->four.sin_port = htons((uint16_t)port);
		return sizeof(n->four);
	}
	assert_int_equal(inet_pton(AF_INET6, text, &n->six.sin6_addr), 1);
	n->six.sin6_family = AF_INET6;
	n->six.sin6_port = htons((uint16_t)port);
	return sizeof(n->six);
}

static int bound(const char *text, unsigned port)
{
	union name n;
	socklen_t len = name_of(&n, text, port);
	int fd = socket(n.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int on = 1;

	assert_true(fd >= 0);
	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	if (bind(fd, &n.any, len) < 0)
		fail_msg("bind %s: %s", text, strerror(errno));
	return fd;
}

static int listener_at(const char *at, unsigned port)
{
	int fd = bound(at, port);

	assert_int_equal(listen(fd, 5000), 0);
	return fd;
}

static int client_from(const char *peer, unsigned port)
{
	union name to;
	socklen_t len =
		name_of(&to, strchr(peer, ':') != NULL ? OURS6 : OURS4, port);
	int fd = bound(peer, 0);

	if (connect(fd, &to.any, len) < 0)
		fail_msg("connect from %s: %s", peer, strerror(errno));
	return fd;
}

static struct pair opened(const char *at, const char *peer, unsigned port)
{
	struct pair p = {.listener = listener_at(at, port)};

	p.client = client_from(peer, port);
	p.server = accept(p.listener, NULL, NULL);
	assert_true(p.server >= 0);
	return p;
}

/* With a reset: nothing of it stays behind. */
static void drop(int fd)
{
	const struct linger now = {.l_onoff = 1};

	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void closed(struct pair p)
{
	drop(p.client);
	drop(p.server);
	close(p.listener);
}

static bool is_cut(int fd)
{
	char c;

	return recv(fd, &c, 1, MSG_DONTWAIT) < 0 && errno == ECONNABORTED;
}

/* ---- ours ---- */

static struct cutter *cutter_of(void)
{
	struct cutter *c = NULL;
	struct fault why;

	assert_int_equal(sockdiag_open(&c, &why), 0);
	return c;
}

static struct address parsed(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return a;
}

/* How many of one prefix. */
static size_t cut(const char *ban)
{
	struct cutter *c = cutter_of();
	struct address from = parsed(ban);
	struct fault why = {.text = ""};
	size_t ended = 99;

	if (c->ops->cut(c, &from, 1, &ended, &why) < 0)
		fail_msg("%s", why.text);
	c->ops->close(c);
	return ended;
}

/* ---- who is cut ---- */

struct row {
	const char *title;
	const char *at; /* what the server listens at */
	unsigned port;
	const char *peer;
	const char *ban;
	bool ends;
};

static const struct row rows[] = {
	{"IPv4", OURS4, 143, "198.51.100.7", "198.51.100.7", true},
	{"IPv4, within a prefix", OURS4, 143, "198.51.100.7", "198.51.100.0/24",
	 true},
	{"IPv4, the next address", OURS4, 143, "198.51.100.7", "198.51.100.6",
	 false},
	{"IPv4, the next prefix", OURS4, 143, "198.51.100.7", "198.51.101.0/24",
	 false},
	{"IPv4, another port", OURS4, 80, "198.51.100.7", "198.51.100.7",
	 false},
	{"IPv4 at a server for both", "::", 143, "198.51.100.7", "198.51.100.7",
	 true},
	{"IPv4 at a server for both, within a prefix", "::", 143,
	 "198.51.100.7", "198.51.100.0/24", true},
	{"IPv4 at a server for both, the next address", "::", 143,
	 "198.51.100.7", "198.51.100.8", false},
	{"IPv4 at a server for both, another port", "::", 80, "198.51.100.7",
	 "198.51.100.7", false},
	{"IPv4 at a server for both is not of ::/64", "::", 143, "198.51.100.7",
	 "::/64", false},
	{"IPv6", OURS6, 143, "2001:db8:8000::7", "2001:db8:8000::7", true},
	{"IPv6, within its /64", OURS6, 143, "2001:db8:8000::7",
	 "2001:db8:8000::/64", true},
	{"IPv6 at a server for both", "::", 143, "2001:db8:8000::7",
	 "2001:db8:8000::/56", true},
	{"IPv6, the next /64", OURS6, 143, "2001:db8:8000::7",
	 "2001:db8:8000:1::/64", false},
	{"IPv6, another port", OURS6, 80, "2001:db8:8000::7",
	 "2001:db8:8000::/64", false},
	{"our own to his port is not his to ours", OURS4, 143, "198.51.100.7",
	 OURS4, false},
	{"SMTP", OURS4, 25, "198.51.100.7", "198.51.100.7", true},
	{"SMTP over TLS", OURS4, 465, "198.51.100.7", "198.51.100.7", true},
	{"submission", OURS4, 587, "198.51.100.7", "198.51.100.7", true},
	{"POP3", OURS4, 110, "198.51.100.7", "198.51.100.7", true},
	{"POP3 over TLS", OURS4, 995, "198.51.100.7", "198.51.100.7", true},
	{"IMAP over TLS", OURS4, 993, "198.51.100.7", "198.51.100.7", true},
	{"Sieve", OURS4, 4190, "198.51.100.7", "198.51.100.7", true},
	{"Sieve, IPv6", OURS6, 4190, "2001:db8:8000::7", "2001:db8:8000::/64",
	 true},
	{"a port below the lowest", OURS4, 24, "198.51.100.7", "198.51.100.7",
	 false},
	{"a port above the highest", OURS4, 4191, "198.51.100.7",
	 "198.51.100.7", false},
	{"a port between two", OURS4, 994, "198.51.100.7", "198.51.100.7",
	 false},
};

static void one(void **state)
{
	const struct row *r = *state;
	struct pair p = opened(r->at, r->peer, r->port);
	struct pair other =
		opened(OURS4, "203.0.113.9", r->port == 587 ? 25 : 587);

	assert_int_equal(cut(r->ban), r->ends);
	assert_int_equal(is_cut(p.server), r->ends);
	assert_false(is_cut(other.server));
	assert_int_equal(cut(r->ban), 0);
	closed(p);
	closed(other);
}

/* ---- in which state ---- */

static void waiting(void **state)
{
	int l = listener_at(OURS4, 143);
	int client = client_from("198.51.100.7", 143);

	(void)state;
	assert_int_equal(cut("198.51.100.7"), 1);
	drop(client);
	client = client_from("198.51.100.8", 143);
	assert_int_equal(send(client, "x", 1, 0), 1);
	drop(client);
	close(l);
}

/* The server is not told of a client that has not sent anything. */
static void half_open(void **state)
{
	int l = listener_at(OURS4, 143);
	const int seconds = 60;
	int client;

	(void)state;
	assert_int_equal(setsockopt(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
				    sizeof(seconds)),
			 0);
	client = client_from("198.51.100.7", 143);
	assert_int_equal(cut("198.51.100.7"), 1);
	assert_int_equal(cut("198.51.100.7"), 0);
	drop(client);
	close(l);
}

static void half_closed(void **state)
{
	struct pair p = opened(OURS4, "198.51.100.7", 143);
	char c;

	(void)state;
	assert_int_equal(shutdown(p.client, SHUT_WR), 0);
	assert_int_equal(recv(p.server, &c, 1, 0), 0);
	assert_int_equal(cut("198.51.100.7"), 1);
	closed(p);
	p = opened(OURS4, "198.51.100.7", 143);
	assert_int_equal(shutdown(p.server, SHUT_WR), 0);
	assert_int_equal(recv(p.client, &c, 1, 0), 0);
	assert_int_equal(cut("198.51.100.7"), 1);
	closed(p);
}

/* ---- many ---- */

/* More than are kept of one reading. */
enum { CROWD = 4500 };

static void crowd(void **state)
{
	static int server[CROWD], client[CROWD];
	int l = listener_at("::", 143);

	(void)state;
	for (int i = 0; i < CROWD; i++) {
		client[i] = client_from("198.51.100.7", 143);
		server[i] = accept(l, NULL, NULL);
		assert_true(server[i] >= 0);
	}
	assert_int_equal(cut("198.51.100.7"), CROWD);
	for (int i = 0; i < CROWD; i++) {
		assert_true(is_cut(server[i]));
		drop(server[i]);
		drop(client[i]);
	}
	close(l);
}

/* Each of the prefixes counts, whatever is beside it and however long. */
struct among_row {
	const char *title;
	size_t n, at;
	const char *peer, *ban;
};

static const struct among_row among_rows[] = {
	{"the first of 2", 2, 0, "198.51.100.7", "198.51.100.7"},
	{"the last of 2", 2, 1, "198.51.100.7", "198.51.100.0/24"},
	{"the first of 16", 16, 0, "2001:db8:8000::7", "2001:db8:8000::/64"},
	{"the middle of 16", 16, 7, "198.51.100.7", "198.51.100.7"},
	{"the last of 16", 16, 15, "2001:db8:8000::7", "2001:db8:8000::7"},
	{"the last of 17", 17, 16, "198.51.100.7", "198.51.100.7"},
	{"the first of 4096", 4096, 0, "198.51.100.7", "198.51.100.7"},
	{"a prefix among 4096", 4096, 1000, "198.51.100.7", "198.51.100.0/24"},
	{"a /64 among 4096", 4096, 2000, "2001:db8:8000::7",
	 "2001:db8:8000::/64"},
	{"the last of 4096", 4096, 4095, "2001:db8:8000::7",
	 "2001:db8:8000::7"},
	{"none of 2", 2, 2, "198.51.100.7", NULL},
	{"none of 16", 16, 16, "2001:db8:8000::7", NULL},
	{"none of 4096", 4096, 4096, "198.51.100.7", NULL},
};

static void among(void **state)
{
	static struct address from[CUTTER_MOST];
	const struct among_row *r = *state;
	struct pair p = opened("::", r->peer, 993);
	struct cutter *c = cutter_of();
	struct fault why = {.text = ""};
	size_t ended = 99;

	for (unsigned i = 0; i < r->n; i++) {
		char text[40];

		snprintf(text, sizeof(text),
			 i % 2 == 0 ? "10.0.%u.%u" : "2001:db8:%x:%x00::/56",
			 i / 256, i % 256);
		from[i] = parsed(i == r->at ? r->ban : text);
	}
	if (c->ops->cut(c, from, r->n, &ended, &why) < 0)
		fail_msg("%s", why.text);
	assert_int_equal(ended, r->ban != NULL);
	assert_int_equal(is_cut(p.server), r->ban != NULL);
	closed(p);
	c->ops->close(c);
}

/* ---- a kernel that refuses ---- */

struct refusal_row {
	const char *title;
	int code;
	const char *text;
};

static const struct refusal_row refusal_rows[] = {
	{"a kernel that was built without it", EOPNOTSUPP,
	 "cannot cut connections: the kernel does not end connections of "
	 "others; it was built without CONFIG_INET_DIAG_DESTROY"},
	{"a reason that is not known", EBUSY,
	 "cannot cut connections: Device or resource busy"},
};

static void refusal(void **state)
{
	const struct refusal_row *r = *state;
	struct pair p = opened(OURS4, "198.51.100.7", 143);
	struct address from = parsed("198.51.100.7");
	struct cutter *c = cutter_of();
	struct fault why = {.text = ""};
	size_t ended = 99;

	answer_with = r->code;
	assert_int_equal(c->ops->look(c, &why), -1);
	assert_string_equal(why.text, r->text);
	why.text[0] = '\0';
	assert_int_equal(c->ops->cut(c, &from, 1, &ended, &why), -1);
	answer_with = 0;
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text, r->text);
	assert_int_equal(ended, 0);
	c->ops->close(c);
	closed(p);
}

/* The capability is taken from this thread, or given back to it. */
static void may(bool allowed)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	unsigned i = CAP_TO_INDEX(CAP_NET_ADMIN);

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	if (allowed)
		data[i].effective |= CAP_TO_MASK(CAP_NET_ADMIN);
	else
		data[i].effective &= ~CAP_TO_MASK(CAP_NET_ADMIN);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void forbidden(void **state)
{
	struct pair p = opened(OURS4, "198.51.100.7", 143);
	struct address from = parsed("198.51.100.7");
	struct cutter *c = cutter_of();
	struct fault why = {.text = ""};
	size_t ended = 99;

	(void)state;
	may(false);
	assert_int_equal(c->ops->look(c, &why), 0);
	assert_int_equal(c->ops->cut(c, &from, 1, &ended, &why), -1);
	may(true);
	assert_string_equal(why.text, "cannot cut connections: no permission; "
				      "the capability CAP_NET_ADMIN is needed "
				      "in this network namespace");
	assert_int_equal(ended, 0);
	assert_false(is_cut(p.server));
	assert_int_equal(c->ops->cut(c, &from, 1, &ended, &why), 0);
	assert_int_equal(ended, 1);
	c->ops->close(c);
	closed(p);
}

/* ---- what is no answer ---- */

struct answer_row {
	const char *title;
	uint16_t type;
	size_t len; /* of what is behind the header */
	uint8_t family;
	uint16_t port;
	bool read;
};

static const struct answer_row answer_rows[] = {
	{"a whole answer", SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg),
	 AF_INET, 25, true},
	{"a byte is missing", SOCK_DIAG_BY_FAMILY,
	 sizeof(struct inet_diag_msg) - 1, AF_INET, 25, false},
	{"nothing but the header", SOCK_DIAG_BY_FAMILY, 0, AF_INET, 25, false},
	{"another kind of message", NLMSG_NOOP, sizeof(struct inet_diag_msg),
	 AF_INET, 25, false},
	{"another family", SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg),
	 AF_UNIX, 25, false},
	{"another port", SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg),
	 AF_INET6, 26, false},
};

static void answer(void **state)
{
	const struct answer_row *r = *state;
	struct inet_diag_msg m = {.idiag_family = r->family,
				  .id.idiag_sport = htons(r->port)};
	size_t len = sizeof(struct nlmsghdr) + r->len;
	struct nlmsghdr *head = malloc(len);
	struct sock sock;

	assert_non_null(head);
	*head = (struct nlmsghdr){.nlmsg_len = (uint32_t)len,
				  .nlmsg_type = r->type};
	memcpy(head + 1, &m, r->len);
	assert_int_equal(sock_message_read(head, &sock), r->read);
	free(head);
}

static const char network[] =
	"ip link set lo up && ip addr add " OURS4 "/32 dev lo && "
	"ip addr add 198.51.100.7/32 dev lo && "
	"ip addr add 198.51.100.8/32 dev lo && "
	"ip addr add 203.0.113.9/32 dev lo && "
	"ip -6 addr add " OURS6 "/128 dev lo nodad && "
	"ip -6 addr add 2001:db8:8000::7/128 dev lo nodad";

int main(void)
{
	static const struct CMUnitTest singles[] = {
		{"before the server has accepted it", waiting, NULL, NULL,
		 NULL},
		{"before it is open", half_open, NULL, NULL, NULL},
		{"after one side has closed it", half_closed, NULL, NULL, NULL},
		{"4500 of one peer", crowd, NULL, NULL, NULL},
		{"without the capability", forbidden, NULL, NULL, NULL},
	};
	const struct rlimit files = {10000, 10000};
	struct CMUnitTest tests[96];
	size_t n = 0;

	if (netns_enter() < 0 || system(network) != 0) {
		printf("1..0 # SKIP no network can be made here\n");
		return 0;
	}
	(void)setrlimit(RLIMIT_NOFILE, &files);
	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, one);
	ROWS(tests, n, among_rows, among);
	ROWS(tests, n, refusal_rows, refusal);
	ROWS(tests, n, answer_rows, answer);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("sockdiag", tests, n, NULL, NULL);
}
