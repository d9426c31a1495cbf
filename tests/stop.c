/*
 * stop: kills the program that is started with this in LD_PRELOAD, when it is
 * about to send a certain request to the kernel: the command SASLBAN_STOP of
 * ipset (IPSET_CMD_*), about a set whose name ends with `.new`.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

static int is_to_stop(const void *bytes, size_t len)
{
	const char *text = getenv("SASLBAN_STOP");
	const struct nlmsghdr *head = bytes;

	return text != NULL && len > sizeof(*head) &&
	       head->nlmsg_type == (NFNL_SUBSYS_IPSET << 8 | atoi(text)) &&
	       memmem(bytes, len, ".new", 4) != NULL;
}

__attribute__((visibility("default"))) ssize_t sendto(int fd, const void *bytes,
						      size_t len, int flags,
						      const struct sockaddr *to,
						      socklen_t to_len)
{
	if (to != NULL && to->sa_family == AF_NETLINK && is_to_stop(bytes, len))
		raise(SIGKILL);
	return syscall(SYS_sendto, fd, bytes, len, flags, to, to_len);
}
