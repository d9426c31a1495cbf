/*
 * latency: line in -> address in the kernel's set.
 *
 *   latency SOCKET SET COUNT
 *
 * Sends one syslog record of a failed login to a running rsyslogd (its jail
 * has maxretry 1) and asks the kernel over netlink, in a loop, until the
 * address is in the set; COUNT times, each with a new address and after a
 * pause, so that every line travels alone. Prints the distribution, and in
 * the same run what one fork and exec of `ipset test` costs, as a yardstick.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "saslban/ipset.h"

enum { MOST = 4000, PAUSE_NS = 2000000, PATIENCE_NS = 2000000000 };

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int connect_socket(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "cannot connect to '%s'", path);
	return fd;
}

/* Stops the dump at the address that is looked for. */
struct search {
	struct address address;
	int found;
};

static int see(void *context, const struct set_entry *seen)
{
	struct search *s = context;

	s->found = address_equal(&seen->address, &s->address);
	return s->found;
}

/* Nanoseconds from the send to the first dump that holds the address. */
static int64_t measure(int fd, struct enforcer *kernel, int i)
{
	struct search s = {.found = 0};
	char address[32], line[256];
	struct fault why;
	int64_t start;
	int n;

	snprintf(address, sizeof(address), "198.%d.%d.%d", 18 + i / 62500,
		 i / 250 % 250, i % 250 + 1);
	if (address_parse_host(address, strlen(address), &s.address) < 0)
		errx(1, "no address: '%s'", address);
	n = snprintf(line, sizeof(line),
		     "<22>Nov 20 04:58:34 postfix/smtpd[9]: warning: "
		     "unknown[%s]: SASL LOGIN authentication failed: (reason "
		     "unavailable), sasl_username=alice",
		     address);
	start = now_ns();
	if (send(fd, line, (size_t)n, 0) != n)
		err(1, "cannot send");
	while (!s.found) {
		if (kernel->ops->each(kernel, ENFORCER_V4, see, &s, &why) < 0)
			errx(1, "%s", why.text);
		if (now_ns() - start > PATIENCE_NS)
			errx(1, "'%s' is not in the set after 2 s", address);
	}
	return now_ns() - start;
}

static int64_t fork_and_exec(const char *set)
{
	int64_t start = now_ns();
	char name[40];
	pid_t child;

	snprintf(name, sizeof(name), "%s4", set);
	child = fork();
	if (child == 0) {
		execlp("ipset", "ipset", "-q", "test", name, "192.0.2.1",
		       (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		err(1, "cannot fork");
	return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

int main(int argc, char **argv)
{
	static int64_t times[MOST], forks[MOST];
	struct ipset_plan plan = {.default_timeout = 3600,
				  .maxelem = IPSET_MAXELEM};
	struct enforcer *kernel;
	struct fault why;
	int fd, n;

	n = argc == 4 ? atoi(argv[3]) : 0;
	if (n < 1 || n > MOST)
		errx(2, "usage: latency SOCKET SET COUNT (at most %d)", MOST);
	plan.name = argv[2];
	fd = connect_socket(argv[1]);
	if (ipset_open(&kernel, &plan, &why) < 0)
		errx(1, "%s", why.text);
	for (int i = 0; i < n; i++) {
		times[i] = measure(fd, kernel, i);
		forks[i] = fork_and_exec(argv[2]);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	qsort(times, (size_t)n, sizeof(times[0]), by_value);
	qsort(forks, (size_t)n, sizeof(forks[0]), by_value);
	printf("line in -> address in the kernel's set, %d lines: "
	       "min %.2f  median %.2f  p99 %.2f  max %.2f ms\n",
	       n, ms(times[0]), ms(times[n / 2]), ms(times[n * 99 / 100]),
	       ms(times[n - 1]));
	printf("one fork and exec of ipset(8), same run: median %.2f ms; "
	       "ratio %.2f\n",
	       ms(forks[n / 2]), (double)times[n / 2] / (double)forks[n / 2]);
	kernel->ops->close(kernel);
	close(fd);
	return 0;
}
