/* sock_message: see sock_message.h. */
#include "sock_message.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include "attribute.h"

_Static_assert(sizeof(struct inet_diag_sockid) == SOCK_NAME,
	       "as the kernel has it");

/* As in ipset/saslban-firewall. */
static const uint16_t mail_port[] = {25, 465, 587, 110, 995, 143, 993, 4190};

enum { PORTS = sizeof(mail_port) / sizeof(mail_port[0]) };

/* Not those that listen, and none that has nothing left but to wait. */
#define CONNECTED                                                           \
	(1U << TCP_ESTABLISHED | 1U << TCP_SYN_RECV | 1U << TCP_FIN_WAIT1 | \
	 1U << TCP_FIN_WAIT2 | 1U << TCP_CLOSE_WAIT | 1U << TCP_LAST_ACK |  \
	 1U << TCP_CLOSING)

static bool is_mail_port(uint16_t port)
{
	for (size_t i = 0; i < PORTS; i++)
		if (mail_port[i] == port)
			return true;
	return false;
}

static void put_message(struct request *r, uint16_t type, uint16_t flags,
			const struct inet_diag_req_v2 *what, const void *filter,
			size_t len)
{
	size_t need = MNL_ALIGN(sizeof(struct nlmsghdr)) +
		      MNL_ALIGN(sizeof(*what)) +
		      MNL_ALIGN(sizeof(struct nlattr)) + MNL_ALIGN(len);
	struct nlmsghdr *head;

	r->full = r->full || need > r->size - r->len;
	if (r->full)
		return;
	head = mnl_nlmsg_put_header(r->bytes + r->len);
	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(mnl_nlmsg_put_extra_header(head, sizeof(*what)), what,
	       sizeof(*what));
	if (len > 0)
		mnl_attr_put(head, INET_DIAG_REQ_BYTECODE, len, filter);
	r->len += MNL_ALIGN(head->nlmsg_len);
}

/* ---- the filter ---- */

/*
 * The kernel runs it for each socket: from an operation to another that is so
 * many bytes further on, by yes or no. Whoever comes to the end of the code is
 * taken, and who comes 4 bytes beyond it is left out. The kernel refuses code
 * that it cannot walk through from the first to the last byte by `yes` alone;
 * so that leads to what comes next, and a jump is a `no`.
 */
struct code {
	unsigned char bytes[1024];
	size_t len;
	size_t end; /* what it will be */
};

enum {
	STEP = sizeof(struct inet_diag_bc_op),
	PORT = 5 * STEP, /* two comparisons and a jump */
	PEER = STEP + sizeof(struct inet_diag_hostcond), /* and the address */
};

_Static_assert(PORTS *PORT + SOCK_PEERS * (PEER + 16 + STEP) <=
		       sizeof(((struct code *)NULL)->bytes),
	       "the longest code");

/* yes: bytes of the operation. no: where to, from the beginning. */
static void put_step(struct code *c, unsigned char what, size_t yes, size_t no)
{
	const struct inet_diag_bc_op op = {what, (unsigned char)yes,
					   (unsigned short)(no - c->len)};

	memcpy(c->bytes + c->len, &op, sizeof(op));
	c->len += sizeof(op);
}

static void put_operand(struct code *c, const void *bytes, size_t len)
{
	memcpy(c->bytes + c->len, bytes, len);
	c->len += len;
}

/* At least the port, and at most. */
static void put_port(struct code *c, uint16_t port, size_t found, size_t next)
{
	const struct inet_diag_bc_op operand = {.no = port};

	put_step(c, INET_DIAG_BC_S_GE, 2 * STEP, next);
	put_operand(c, &operand, sizeof(operand));
	put_step(c, INET_DIAG_BC_S_LE, 2 * STEP, next);
	put_operand(c, &operand, sizeof(operand));
	put_step(c, INET_DIAG_BC_JMP, STEP, found);
}

/* The kernel compares IPv4 with a socket of IPv6 that serves it, too. */
static void put_peer(struct code *c, const struct address *a, bool last)
{
	struct inet_diag_hostcond host;
	size_t len = address_bits(a) / 8;
	size_t next = c->len + PEER + len + STEP;

	memset(&host, 0, sizeof(host)); /* it has padding */
	host.family = a->family == ADDRESS_V4 ? AF_INET : AF_INET6;
	host.prefix_len = a->prefix;
	host.port = -1;
	put_step(c, INET_DIAG_BC_D_COND, PEER + len,
		 last ? c->end + STEP : next);
	put_operand(c, &host, sizeof(host));
	put_operand(c, a->bytes, len);
	put_step(c, INET_DIAG_BC_JMP, STEP, c->end);
}

/* One of the ports, and then one of the peers. */
static void write_code(struct code *c, const struct address *peer, size_t n)
{
	const size_t peers = PORTS * PORT;

	c->len = 0;
	c->end = peers;
	for (size_t i = 0; i < n; i++)
		c->end += PEER + address_bits(&peer[i]) / 8 + STEP;
	for (size_t i = 0; i < PORTS; i++)
		put_port(c, mail_port[i], peers,
			 i + 1 == PORTS ? c->end + STEP : (i + 1) * PORT);
	for (size_t i = 0; i < n; i++)
		put_peer(c, &peer[i], i + 1 == n);
}

/* ---- messages ---- */

/* As the kernel's inet_diag has it. */
enum { TIMER_TIME_WAIT = 3 };

void sock_message_list(struct request *r, uint8_t family,
		       const struct address *peer, size_t n)
{
	const struct inet_diag_req_v2 what = {
		.sdiag_family = family,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_states = n == 0 ? 0 : CONNECTED,
	};
	struct code code;

	write_code(&code, peer, n > SOCK_PEERS ? 0 : n);
	put_message(r, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &what, code.bytes,
		    code.len);
}

void sock_message_destroy(struct request *r, const struct sock *s)
{
	struct inet_diag_req_v2 what = {
		.sdiag_family = s->family,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_states = CONNECTED,
	};

	memcpy(&what.id, s->name, sizeof(what.id));
	put_message(r, SOCK_DESTROY, NLM_F_ACK, &what, NULL, 0);
}

/* A socket of IPv6 may serve IPv4: then the packets are IPv4's. */
static bool read_peer(const struct inet_diag_msg *m, struct address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint8_t bytes[16];

	memset(a, 0, sizeof(*a));
	memcpy(bytes, m->id.idiag_dst, sizeof(bytes));
	if (m->idiag_family == AF_INET) {
		a->family = ADDRESS_V4;
		memcpy(a->bytes, bytes, 4);
	} else if (m->idiag_family != AF_INET6) {
		return false;
	} else if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
		a->family = ADDRESS_V4;
		memcpy(a->bytes, bytes + sizeof(mapped), 4);
	} else {
		a->family = ADDRESS_V6;
		memcpy(a->bytes, bytes, sizeof(bytes));
	}
	a->prefix = (uint8_t)address_bits(a);
	return true;
}

bool sock_message_read(const struct nlmsghdr *reply, struct sock *out)
{
	struct part p = part_payload(reply);
	struct inet_diag_msg m;

	if (reply->nlmsg_type != SOCK_DIAG_BY_FAMILY || p.left < sizeof(m))
		return false;
	memcpy(&m, p.at, sizeof(m));
	/* What only waits for late packets is shown among those in FIN_WAIT2,
	 * and before Linux 6.2 the kernel refuses to end it. */
	if (m.idiag_timer == TIMER_TIME_WAIT)
		return false;
	out->family = m.idiag_family;
	memcpy(out->name, &m.id, sizeof(m.id));
	return is_mail_port(ntohs(m.id.idiag_sport)) &&
	       read_peer(&m, &out->peer);
}
