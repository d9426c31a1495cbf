/*
 * ipset_exchange: a kernel that refuses, is silent, or whose answers are lost
 * or forged.
 */
#include "ipset_kernel.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include "kernel/set_change.h"

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	if (syscall(SYS_capset, &head, none) < 0)
		_exit(9);
}

/* ---- without the capability ---- */

/* In the child: exits with the number of the step that went wrong. */
static void without_permission(struct enforcer *e)
{
	static struct set_change changes[400];
	static const char says[] =
		"cannot add to set 't4': no permission; the capability "
		"CAP_NET_ADMIN is needed";
	struct set_state st;
	struct fault why;
	bool more;

	drop_capabilities();
	number_changes(changes, ENFORCER_V4, 0, 400);
	if (e->ops->add(e, ENFORCER_V4, changes, 128, &why) == 0 ||
	    why.kind != FAULT_ENFORCE ||
	    strncmp(why.text, says, strlen(says)) != 0 ||
	    count_done(changes, 128) != 0)
		_exit(1);
	if (e->ops->add(e, ENFORCER_V4, changes, 400, &why) == 0 ||
	    strncmp(why.text, says, strlen(says)) != 0 ||
	    count_done(changes, 400) != 0)
		_exit(2);
	if (e->ops->ensure(e, ENFORCER_V6, &why) == 0 ||
	    strstr(why.text, "CAP_NET_ADMIN") == NULL)
		_exit(3);
	if (e->ops->state(e, ENFORCER_V6, &st, &why) == 0 ||
	    strstr(why.text, "CAP_NET_ADMIN") == NULL)
		_exit(4);
	if (e->ops->read_begin(e, ENFORCER_V4, &why) == 0 &&
	    e->ops->read_more(e, tally, NULL, &more, &why) == 0)
		_exit(5);
	if (strstr(why.text, "CAP_NET_ADMIN") == NULL)
		_exit(6);
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
	assert_int_equal(add_one(e, "192.0.2.1", 9, true, &why), 0);
	e->ops->close(e);
}

/* ---- the sockets themselves ---- */

static struct set four = {.name = "t4",
			  .which = ENFORCER_V4,
			  .default_timeout = DEFAULT_TIMEOUT,
			  .maxelem = MAXELEM};

/* A channel that has been used, and set t4. */
static struct channel connected(void)
{
	struct fault why = {.text = ""};
	struct channel c;

	assert_int_equal(channel_open(&c, "t", &why), 0);
	if (set_ensure(&four, &c, &why) < 0)
		fail_msg("%s", why.text);
	return c;
}

static int add(struct channel *c, struct set_change *changes, size_t n,
	       struct fault *why)
{
	return set_change_run(&four, c, REQUEST_ADD, changes, n, why);
}

static int add_text(struct channel *c, const char *text, struct fault *why)
{
	struct set_change one = change_of(text, 9, true);
	int result = add(c, &one, 1, why);

	assert_int_equal(one.done, result == 0);
	return result;
}

/* The answers to 128 refusals do not fit: nothing of them may be believed,
 * and everything is sent again on a new socket. */
static void answers_lost(void **state)
{
	struct channel c = connected();
	struct set_change in[EXCHANGE_MAX];
	struct fault why;
	int smallest = 1;

	(void)state;
	assert_int_equal(setsockopt(mnl_socket_get_fd(c.netlink.socket),
				    SOL_SOCKET, SO_RCVBUF, &smallest,
				    sizeof(smallest)),
			 0);
	for (unsigned i = 0; i < EXCHANGE_MAX; i++)
		in[i] = change_of("0.0.0.0/0", 9, true);
	in[77] = change_of("192.0.2.77", 9, true);
	assert_int_equal(add(&c, in, EXCHANGE_MAX, &why), -1);
	assert_non_null(strstr(why.text, "prefix length"));
	assert_int_equal(count_done(in, EXCHANGE_MAX), 1);
	assert_true(in[77].done);
	channel_close(&c);
}

/* What an earlier exchange left unread is not taken for an answer. */
static void stale_answers(void **state)
{
	struct channel c = connected();
	struct set_change bad = change_of("0.0.0.0/0", 9, true);
	struct request r;
	struct fault why;

	(void)state;
	assert_int_equal(channel_begin(&c, &r, &why), 0);
	request_entry(&r, REQUEST_ADD, "t4", &bad, true);
	request_type(&r, "hash:net", AF_INET);
	assert_int_equal(mnl_socket_sendto(c.netlink.socket, r.bytes, r.len),
			 r.len);
	assert_int_equal(add_text(&c, "192.0.2.1", &why), 0);
	assert_int_equal(add_text(&c, "0.0.0.0/0", &why), -1);
	channel_close(&c);
}

/* Somebody else who may administer the network sends us what looks like the
 * answer to the next request: it is none, and neither is a length that lies.
 */
static void forged_answer(void **state)
{
	struct channel c = connected();
	struct mnl_socket *other = mnl_socket_open(NETLINK_NETFILTER);
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} forged = {.head = {.nlmsg_len = sizeof(forged),
			     .nlmsg_type = NLMSG_ERROR,
			     .nlmsg_seq = c.netlink.seq + 1}};
	struct sockaddr_nl ours = {
		.nl_family = AF_NETLINK,
		.nl_pid = mnl_socket_get_portid(c.netlink.socket)};
	struct fault why;

	(void)state;
	assert_non_null(other);
	assert_int_equal(mnl_socket_bind(other, 0, MNL_SOCKET_AUTOPID), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sendto(mnl_socket_get_fd(other), &forged,
					sizeof(forged), 0,
					(struct sockaddr *)(void *)&ours,
					sizeof(ours)),
				 sizeof(forged));
		forged.head.nlmsg_len = UINT32_C(0x80000000);
	}
	assert_int_equal(add_text(&c, "0.0.0.0/0", &why), -1);
	assert_non_null(strstr(why.text, "prefix length"));
	assert_int_equal(add_text(&c, "192.0.2.1", &why), 0);
	mnl_socket_close(other);
	channel_close(&c);
}

static void ring(int signal)
{
	(void)signal;
}

/* A request that asks for no answer gets none. A signal meanwhile is no
 * answer either. */
static void silence(void **state)
{
	const struct sigaction action = {.sa_handler = ring};
	const struct itimerval soon = {.it_value = {.tv_usec = 100000}};
	struct channel c = connected();
	struct set_change one = change_of("192.0.2.1", 9, true);
	struct exchange x = {.data = NULL};
	struct request r;
	struct fault why;

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(channel_begin(&c, &r, &why), 0);
	request_entry(&r, REQUEST_ADD, "t4", &one, false);
	assert_int_equal(channel_ask(&c, &r, &x, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text,
			    "cannot read from the kernel over netlink: no "
			    "answer within 2 seconds");
	assert_int_equal(add_text(&c, "192.0.2.1", &why), 0);
	channel_close(&c);
}

static void does_not_fit(void **state)
{
	struct channel c = connected();
	struct exchange x = {.data = NULL};
	struct request r;
	struct fault why;

	(void)state;
	assert_int_equal(channel_begin(&c, &r, &why), 0);
	request_list(&r, "", true);
	assert_int_equal(channel_ask(&c, &r, &x, &why), -1);
	assert_string_equal(why.text,
			    "cannot send to the kernel over netlink: the "
			    "request cannot be built in 65536 bytes");
	channel_close(&c);
}

int main(void)
{
	struct CMUnitTest tests[8];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(no_permission, "without CAP_NET_ADMIN the sentence says so");
	ONE(answers_lost, "answers that were lost are asked for again");
	ONE(stale_answers, "answers to earlier requests are passed over");
	ONE(forged_answer, "only the kernel answers");
	ONE(silence, "no answer is a fault, and the next request works");
	ONE(does_not_fit, "what could not be built is not sent");
	return ipset_kernel_run("ipset_exchange", tests, n);
}
