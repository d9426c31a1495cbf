/*
 * lacking: a kernel without some subsystems of netfilter, for a program that
 * is started with this in LD_PRELOAD. SASLBAN_LACKING has their numbers: 6 is
 * ipset, 10 is nftables.
 *
 * Messages to them go to a number that no subsystem has, so that what they are
 * answered is the kernel's own answer.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

enum { NOBODY = 200, MOST = 65536 };

static bool is_lacking(unsigned subsystem)
{
	const char *at = getenv("SASLBAN_LACKING");

	while (at != NULL && *at != '\0') {
		char *end;

		if (strtoul(at, &end, 10) == subsystem)
			return true;
		at = *end == ' ' ? end + 1 : NULL;
	}
	return false;
}

static void divert(unsigned char *bytes, size_t len)
{
	const size_t head =
		(size_t)NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));
	struct nlmsghdr h;
	struct nfgenmsg g;

	for (size_t at = 0; at + head <= len; at += NLMSG_ALIGN(h.nlmsg_len)) {
		memcpy(&h, bytes + at, sizeof(h));
		memcpy(&g, bytes + at + NLMSG_HDRLEN, sizeof(g));
		if (h.nlmsg_len < head)
			return;
		if (h.nlmsg_type == NFNL_MSG_BATCH_BEGIN &&
		    is_lacking(ntohs(g.res_id)))
			g.res_id = htons(NOBODY);
		else if (h.nlmsg_type >> 8 != 0 &&
			 is_lacking(h.nlmsg_type >> 8))
			h.nlmsg_type =
				(uint16_t)(NOBODY << 8 | (h.nlmsg_type & 0xff));
		memcpy(bytes + at, &h, sizeof(h));
		memcpy(bytes + at + NLMSG_HDRLEN, &g, sizeof(g));
	}
}

__attribute__((visibility("default"))) ssize_t sendto(int fd, const void *bytes,
						      size_t len, int flags,
						      __CONST_SOCKADDR_ARG to,
						      socklen_t to_len)
{
	static _Thread_local unsigned char copy[MOST];
	const struct sockaddr *address = to.__sockaddr__;
	struct iovec part = {.iov_base = (void *)(uintptr_t)bytes,
			     .iov_len = len};
	struct msghdr m = {.msg_name = (void *)(uintptr_t)address,
			   .msg_namelen = to_len,
			   .msg_iov = &part,
			   .msg_iovlen = 1};

	if (address != NULL && address->sa_family == AF_NETLINK &&
	    len <= sizeof(copy)) {
		memcpy(copy, bytes, len);
		divert(copy, len);
		part.iov_base = copy;
	}
	return sendmsg(fd, &m, flags);
}
