/*
 * sockdiag: see saslban/sockdiag.h.
 *
 * The kernel goes through its table of connections once for each family and
 * shows those of mail ports; whose they are is found out here, since its filter
 * has no room for thousands of prefixes. (For a few it shows no others; what
 * takes time is to show them.) Each one that is to end is then named
 * to the kernel by what it has shown, cookie included, so that it cannot be a
 * later one with the same ports.
 */
#include "saslban/sockdiag.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "exchange.h"
#include "netlink.h"
#include "sock_message.h"

enum {
	AT_ONCE = 4096,    /* sockets that are kept of one reading */
	READINGS = 16,     /* of one family in one call, if there are more */
	BYTES = 128 * 1024 /* of one request */
};

_Static_assert(BYTES / EXCHANGE_MAX >= 128, "a request fits");

/* Prefixes to look for, in order. */
struct wanted {
	const struct address *from;
	size_t n;
	bool length[2][129]; /* of IPv4 and IPv6: there is one of that length */
};

struct sockdiag {
	struct cutter cutter; /* first: a cast away */
	struct netlink netlink;
	unsigned char *bytes;
	struct wanted wanted;
	struct sock found[AT_ONCE];
	size_t nfound;
	bool more; /* than fit */
};

static struct sockdiag *of(struct cutter *c)
{
	return (struct sockdiag *)(void *)c;
}

/* ---- whose a socket is ---- */

static int compare(const void *left, const void *right)
{
	const struct address *a = left, *b = right;

	if (a->family != b->family)
		return a->family - b->family;
	if (a->prefix != b->prefix)
		return a->prefix - b->prefix;
	return memcmp(a->bytes, b->bytes, address_bits(a) / 8);
}

static void want(struct wanted *w, struct address *from, size_t n)
{
	memset(w, 0, sizeof(*w));
	w->from = from;
	w->n = n;
	if (n > 0)
		qsort(from, n, sizeof(*from), compare);
	for (size_t i = 0; i < n; i++)
		w->length[from[i].family == ADDRESS_V6][from[i].prefix] = true;
}

static bool is_wanted(const struct wanted *w, const struct address *peer)
{
	const bool *length = w->length[peer->family == ADDRESS_V6];

	for (unsigned i = 0; i <= address_bits(peer); i++) {
		struct address key;

		if (!length[i])
			continue;
		key = address_mask(peer, i);
		if (bsearch(&key, w->from, w->n, sizeof(key), compare) != NULL)
			return true;
	}
	return false;
}

static bool has_family(const struct wanted *w, uint8_t family)
{
	/* A socket of IPv6 may serve either. */
	if (family == AF_INET6)
		return w->n > 0;
	return w->n > 0 && w->from[0].family == ADDRESS_V4;
}

/* ---- talk ---- */

static int refuse(struct fault *why, int code)
{
	static const struct {
		int code;
		const char *text;
	} reasons[] = {
		{EPERM, "cannot cut connections: no permission; the capability "
			"CAP_NET_ADMIN is needed in this network namespace"},
		{EOPNOTSUPP, "cannot cut connections: the kernel does not end "
			     "connections of others; it was built without "
			     "CONFIG_INET_DIAG_DESTROY"},
		{ENOENT, "cannot cut connections: the kernel's module "
			 "'tcp_diag' is not there"},
	};
	char buffer[128];

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == code)
			return fault_set(why, FAULT_ENFORCE, "%s",
					 reasons[i].text);
	return fault_set(why, FAULT_ENFORCE, "cannot cut connections: %s",
			 strerror_r(code, buffer, sizeof(buffer)));
}

static struct request empty_request(struct sockdiag *s)
{
	return (struct request){.bytes = s->bytes, .size = BYTES};
}

static void see(void *context, const struct nlmsghdr *reply)
{
	struct sockdiag *s = context;
	struct sock sock;

	if (!sock_message_read(reply, &sock) ||
	    !is_wanted(&s->wanted, &sock.peer))
		return;
	s->more = s->nfound == AT_ONCE;
	if (!s->more)
		s->found[s->nfound++] = sock;
}

static int list(struct sockdiag *s, uint8_t family, struct fault *why)
{
	struct exchange x = {.data = see, .context = s};
	struct request r = empty_request(s);

	s->nfound = 0;
	s->more = false;
	sock_message_list(&r, family, s->wanted.from, s->wanted.n);
	if (exchange_run(&x, &s->netlink, &r, why) < 0)
		return -1;
	return x.code[0] == 0 ? 0 : refuse(why, x.code[0]);
}

/* One that is gone by now, or another with its ports, is none of ours. */
static bool is_gone(int code)
{
	return code == ENOENT || code == ESTALE;
}

static int destroy(struct sockdiag *s, const struct sock *sock, size_t n,
		   size_t *ended, struct fault *why)
{
	struct exchange x = {.data = NULL};
	struct request r = empty_request(s);
	int code = 0;

	for (size_t i = 0; i < n; i++)
		sock_message_destroy(&r, &sock[i]);
	if (exchange_run(&x, &s->netlink, &r, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		*ended += x.code[i] == 0;
		if (code == 0 && !is_gone(x.code[i]))
			code = x.code[i];
	}
	return code == 0 ? 0 : refuse(why, code);
}

/* One that the kernel refuses does not spare the others. */
static int destroy_found(struct sockdiag *s, size_t *ended, struct fault *why)
{
	int result = 0;

	for (size_t at = 0; at < s->nfound; at += EXCHANGE_MAX) {
		size_t n = s->nfound - at;

		if (n > EXCHANGE_MAX)
			n = EXCHANGE_MAX;
		if (destroy(s, &s->found[at], n, ended, why) < 0)
			result = -1;
	}
	return result;
}

/* ---- the verbs ---- */

static int sockdiag_cut(struct cutter *c, struct address *from, size_t n,
			size_t *ended, struct fault *why)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	struct sockdiag *s = of(c);

	*ended = 0;
	want(&s->wanted, from, n);
	for (size_t i = 0; i < sizeof(families); i++) {
		if (!has_family(&s->wanted, families[i]))
			continue;
		s->more = true;
		for (int k = 0; k < READINGS && s->more; k++)
			if (list(s, families[i], why) < 0 ||
			    destroy_found(s, ended, why) < 0)
				return -1;
	}
	return 0;
}

/* The kernel looks for the socket before it asks who we are, so everybody may
 * ask for one that cannot be. */
static int sockdiag_look(struct cutter *c, struct fault *why)
{
	static const struct sock none = {.family = AF_INET};
	struct sockdiag *s = of(c);
	size_t ended = 0;

	want(&s->wanted, NULL, 0);
	if (list(s, AF_INET, why) < 0)
		return -1;
	return destroy(s, &none, 1, &ended, why);
}

static void sockdiag_close(struct cutter *c)
{
	struct sockdiag *s = of(c);

	netlink_close(&s->netlink);
	free(s->bytes);
	free(s);
}

static const struct cutter_ops sockdiag_ops = {
	.look = sockdiag_look,
	.cut = sockdiag_cut,
	.close = sockdiag_close,
};

int sockdiag_open(struct cutter **out, struct fault *why)
{
	struct sockdiag *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	s->cutter.ops = &sockdiag_ops;
	s->bytes = malloc(BYTES);
	if (s->bytes == NULL) {
		free(s);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	if (netlink_open(&s->netlink, why) < 0) {
		free(s->bytes);
		free(s);
		return -1;
	}
	s->netlink.bus = NETLINK_SOCK_DIAG;
	*out = &s->cutter;
	return 0;
}
