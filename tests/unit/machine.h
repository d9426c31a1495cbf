/*
 * machine: a network and an /etc of the program's own.
 *
 * For what reads interfaces, routes, /etc/hosts and asks a name server: all
 * of it is ours and ends with the process. Enter before any thread starts.
 */
#ifndef SASLBAN_TESTS_MACHINE_H
#define SASLBAN_TESTS_MACHINE_H

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "netns.h"

/* A new file, or what it says from now on. */
static inline int machine_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return -1;
	fputs(text, f);
	return fclose(f);
}

static inline int machine_make(void)
{
	if (netns_enter() < 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/etc", "tmpfs", 0, NULL) < 0)
		return -1;
	/* A lookup that nobody answers takes minutes: longer than any test. */
	if (machine_file("/etc/resolv.conf",
			 "nameserver 127.0.0.1\n"
			 "search .\n"
			 "options timeout:30 attempts:5\n") < 0 ||
	    machine_file("/etc/nsswitch.conf", "hosts: files dns\n") < 0 ||
	    machine_file("/etc/host.conf", "multi on\n") < 0 ||
	    machine_file("/etc/hosts", "127.0.0.1 localhost\n") < 0)
		return -1;
	return system("ip link set lo up");
}

/* Two interfaces, `here` and `there`, joined by a wire. They get no address but
 * those that a test gives them: the kernel would add link-local ones, but in
 * its own time, so that the same look would find them or not. `here` is the
 * second to be up, and has its carrier from the first moment. */
static inline int machine_link(void)
{
	return system("ip link add here type veth peer name there && "
		      "ip link set here addrgenmode none && "
		      "ip link set there addrgenmode none && "
		      "ip link set there up && ip link set here up");
}

/* True when it is made; else says in TAP why not, as the whole answer of the
 * program: *status is then what main returns. */
static inline int machine_ready(int *status)
{
	const char *strict = getenv("SASLBAN_STRICT");

	if (machine_make() == 0)
		return 1;
	*status = strict != NULL && strict[0] != '\0';
	printf("%s no network and mount namespace can be made here\n",
	       *status ? "Bail out!" : "1..0 # SKIP");
	return 0;
}

#endif
