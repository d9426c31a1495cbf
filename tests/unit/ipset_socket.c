/*
 * ipset_socket: a kernel that refuses, is silent, or whose answers are lost.
 */
#include "ipset_kernel.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <libmnl/libmnl.h>

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
				    SO_RCVBUF, &least, sizeof(least)),
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
	struct enforcer *e = ensured();
	struct ipset *s = (struct ipset *)e;
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	struct fault why;
	struct entry one = entry_of("192.0.2.1", 9, true);

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(ipset_start(s, &r, &why), 0);
	ipset_put_entry(&r, IPSET_BAN, "t4", &one, false);
	assert_int_equal(ipset_ask(s, &r, &t, &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text,
			    "cannot hear the kernel over netlink: no answer "
			    "within 2 seconds");
	assert_int_equal(ban_one(e, "192.0.2.1", 9, true, &why), 0);
	e->ops->close(e);
}

static void does_not_fit(void **state)
{
	struct enforcer *e = ensured();
	struct ipset *s = (struct ipset *)e;
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	struct fault why;

	(void)state;
	assert_int_equal(ipset_start(s, &r, &why), 0);
	ipset_put_list(&r, "", true);
	assert_int_equal(ipset_ask(s, &r, &t, &why), -1);
	assert_string_equal(why.text,
			    "cannot ask the kernel over netlink: the request "
			    "cannot be built in 65536 bytes");
	e->ops->close(e);
}

int main(void)
{
	struct CMUnitTest tests[8];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ONE(no_permission, "without CAP_NET_ADMIN the sentence says so");
	ONE(answers_lost, "answers that were lost are asked for again");
	ONE(stale_answers, "answers to earlier requests are passed over");
	ONE(silence, "no answer is a fault, and the next request works");
	ONE(does_not_fit, "what could not be built is not sent");
	return ipset_kernel_run("ipset_socket", tests, n);
}
