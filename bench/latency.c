/*
 * latency: the failed login that is one too many -> address in the kernel's
 * set.
 *
 *   latency WAY SET RETRY COUNT PAUSE KEY
 *
 * COUNT times, each with a new address: RETRY - 1 failed logins, and after a
 * moment the last one. From there it asks the kernel, in a loop and by netlink,
 * whether SET has the address. WAY is the socket of rsyslogd, or a log file
 * that a program watches. Between two of them it waits for PAUSE milliseconds
 * and up to as many again, so that it keeps no time with a program that looks
 * at a file at intervals. Prints the median and the 99th of a hundred in
 * milliseconds, as KEY.p50 and KEY.p99.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST = 4000,
	MESSAGE = 256,
	MOMENT_NS = 3000000,
	MS_NS = 1000000,
	PROTOCOL = 6 /* what each kernel since 2.6.39 speaks */
};
static const int64_t patience_ns = INT64_C(30) * 1000000000;

/* Where lines go, and who is asked. */
struct way {
	int lines;
	bool file;
	int kernel;
	const char *set;
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void pause_ns(int64_t ns)
{
	nanosleep(&(struct timespec){.tv_sec = ns / 1000000000,
				     .tv_nsec = ns % 1000000000},
		  NULL);
}

/* ---- lines ---- */

static void open_way(struct way *w, const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct stat st;

	if (stat(path, &st) < 0)
		err(1, "cannot find '%s'", path);
	w->file = S_ISREG(st.st_mode);
	if (w->file) {
		w->lines = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
		if (w->lines < 0)
			err(1, "cannot open '%s'", path);
		return;
	}
	w->lines = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (w->lines < 0 ||
	    connect(w->lines, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "cannot connect to '%s'", path);
}

static void fail(const struct way *w, const char *address)
{
	char line[512], stamp[32];
	time_t now = time(NULL);
	struct tm tm;
	int n;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
	n = snprintf(line, sizeof(line),
		     "%s%s %spostfix/smtpd[9]: warning: unknown[%s]: SASL "
		     "LOGIN authentication failed: UGFzc3dvcmQ6%s",
		     w->file ? "" : "<22>", stamp, w->file ? "mail " : "",
		     address, w->file ? "\n" : "");
	if (write(w->lines, line, (size_t)n) != n)
		err(1, "cannot write a line");
}

/* ---- the kernel ---- */

static void put(char *at, struct nlmsghdr *h, uint16_t type, const void *data,
		uint16_t len)
{
	struct nlattr *a = (struct nlattr *)(void *)(at + h->nlmsg_len);

	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memcpy((char *)a + NLA_HDRLEN, data, len);
	h->nlmsg_len += NLA_ALIGN(a->nla_len);
}

/* `ipset test`. The address is in two layers of attributes, whose length is
 * what follows them. */
static size_t put_test(char *at, const char *set, struct in_addr ip)
{
	enum { ADDRESS = NLA_HDRLEN + sizeof(ip) };
	char data[NLA_HDRLEN + ADDRESS] = "";
	struct nlattr *outer = (struct nlattr *)(void *)data;
	struct nlattr *inner = (struct nlattr *)(void *)(data + NLA_HDRLEN);
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)at;
	struct nfgenmsg *g;
	uint8_t protocol = PROTOCOL;

	memset(at, 0, MESSAGE);
	h->nlmsg_len = NLMSG_HDRLEN + sizeof(*g);
	h->nlmsg_type = NFNL_SUBSYS_IPSET << 8 | IPSET_CMD_TEST;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	g = NLMSG_DATA(h);
	g->nfgen_family = AF_INET;
	put(at, h, IPSET_ATTR_PROTOCOL, &protocol, sizeof(protocol));
	put(at, h, IPSET_ATTR_SETNAME, set, (uint16_t)(strlen(set) + 1));
	outer->nla_type = IPSET_ATTR_IP | NLA_F_NESTED;
	outer->nla_len = sizeof(data);
	inner->nla_type = IPSET_ATTR_IPADDR_IPV4 | NLA_F_NET_BYTEORDER;
	inner->nla_len = ADDRESS;
	memcpy(data + 2 * NLA_HDRLEN, &ip, sizeof(ip));
	put(at, h, IPSET_ATTR_DATA | NLA_F_NESTED, data, sizeof(data));
	return h->nlmsg_len;
}

static bool holds(const struct way *w, struct in_addr ip)
{
	_Alignas(struct nlmsghdr) char text[MESSAGE];
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)text;
	size_t len = put_test(text, w->set, ip);
	const struct nlmsgerr *e;

	if (send(w->kernel, text, len, 0) != (ssize_t)len)
		err(1, "cannot ask the kernel");
	if (recv(w->kernel, text, sizeof(text), MSG_TRUNC) < NLMSG_HDRLEN ||
	    h->nlmsg_type != NLMSG_ERROR)
		errx(1, "the kernel gives no answer");
	e = NLMSG_DATA(h);
	/* A program that makes its set with the first ban has none yet. */
	if (e->error != 0 && e->error != -IPSET_ERR_EXIST &&
	    e->error != -2 /* ENOENT */)
		errx(1, "the kernel answers %d", e->error);
	return e->error == 0;
}

/* ---- one offender ---- */

static int64_t measure(const struct way *w, int i, int retry)
{
	struct in_addr ip;
	char address[32];
	int64_t start;

	snprintf(address, sizeof(address), "198.%d.%d.%d", 18 + i / 62500,
		 i / 250 % 250, i % 250 + 1);
	if (inet_pton(AF_INET, address, &ip) != 1)
		errx(1, "no address: '%s'", address);
	for (int k = 1; k < retry; k++)
		fail(w, address);
	pause_ns(MOMENT_NS);
	start = now_ns();
	fail(w, address);
	while (!holds(w, ip))
		if (now_ns() - start > patience_ns)
			errx(1, "'%s' is not in the set after 30 s", address);
	return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print(const char *key, const char *which, int64_t ns)
{
	printf("%s.%s\t%.3f\tms\n", key, which, (double)ns / MS_NS);
}

int main(int argc, char **argv)
{
	static int64_t times[MOST];
	struct way w;
	int64_t wait;
	int retry, n;

	n = argc == 7 ? atoi(argv[4]) : 0;
	if (n < 1 || n > MOST)
		errx(2, "usage: latency WAY SET RETRY COUNT PAUSE KEY");
	open_way(&w, argv[1]);
	w.set = argv[2];
	w.kernel =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (w.kernel < 0)
		err(1, "cannot make a socket");
	retry = atoi(argv[3]);
	wait = (int64_t)atoi(argv[5]) * MS_NS;
	measure(&w, n, retry); /* a first ban may have its set to make */
	for (int i = 0; i < n; i++) {
		times[i] = measure(&w, i, retry);
		pause_ns(wait + wait * (i * 37 % 100) / 100);
	}
	qsort(times, (size_t)n, sizeof(times[0]), by_value);
	print(argv[6], "p50", times[n / 2]);
	print(argv[6], "p99", times[n * 99 / 100]);
	return 0;
}
