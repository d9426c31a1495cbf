/*
 * netns: a network namespace of the program's own.
 *
 * Its sets and rules are nobody else's and end with the process. Without
 * root it is made inside a user namespace, where that is allowed.
 */
#ifndef SASLBAN_TESTS_NETNS_H
#define SASLBAN_TESTS_NETNS_H

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int netns_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* Root of the new user namespace is who we are outside; programs that we
 * start keep the capabilities that way. */
static inline int netns_become_root(unsigned uid, unsigned gid)
{
	char map[32];

	(void)netns_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	if (netns_write("/proc/self/uid_map", map) < 0)
		return -1;
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	return netns_write("/proc/self/gid_map", map);
}

/* 0 when the program now has a network namespace to itself. */
static inline int netns_enter(void)
{
	unsigned uid = getuid();
	unsigned gid = getgid();

	/* iptables' lock lies where only root may write. */
	setenv("XTABLES_LOCKFILE", "/dev/null", 0);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return -1;
	return netns_become_root(uid, gid);
}

#endif
