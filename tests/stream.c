/*
 * stream: guesses without end, from many addresses, over TCP.
 *
 *   stream PORT FIRST COUNT ADDRESSES RATE [EVERY]
 *
 * Sends COUNT failed logins (0: until the listener goes away), RATE a second
 * (0: as fast as it takes them), from ADDRESSES addresses, of which every
 * fourth is an IPv6 one in a /64 of its own. With EVERY, only every so many of
 * them are; the others are of 172.16.0.1. Each has a user name of its own, u
 * and its number, counted from FIRST. At the end it prints the number after
 * the last one that may have been sent: a line is sent once or not at all, so
 * a name that is recorded twice was recorded twice.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "loopback.h"

enum { LINE = 256, BUFFER = 65536 };

struct plan {
	uint64_t first;
	uint64_t count;
	uint64_t addresses;
	uint64_t rate;
	uint64_t every;
};

/* Numbers that follow each other are far apart in it. */
static void address_of(uint64_t number, uint64_t addresses, char out[48])
{
	uint64_t i = number * UINT64_C(2654435761) % addresses;

	if (i % 4 == 3)
		snprintf(out, 48, "2001:db8:%x:%x::1",
			 (unsigned)(0x8000 + (i >> 16)),
			 (unsigned)(i & 0xffff));
	else
		snprintf(out, 48, "10.%u.%u.%u", (unsigned)(i >> 16 & 0xff),
			 (unsigned)(i >> 8 & 0xff), (unsigned)(i & 0xff));
}

static size_t put_line(char *at, const char *stamp, const struct plan *p,
		       uint64_t number)
{
	char address[48] = "172.16.0.1";

	if (number % p->every == 0)
		address_of(number / p->every, p->addresses, address);
	return (size_t)snprintf(
		at, LINE,
		"<22>%s mail postfix/smtpd[9]: warning: unknown[%s]: SASL "
		"LOGIN authentication failed: (reason unavailable), "
		"sasl_username=u%llu\n",
		stamp, address, (unsigned long long)number);
}

static bool send_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How many should have been sent by now. */
static uint64_t allowed(const struct plan *p, double since)
{
	uint64_t n = p->count == 0 ? UINT64_MAX : p->count;
	double by_now = (seconds() - since) * (double)p->rate;

	return p->rate == 0 || by_now > (double)n ? n : (uint64_t)by_now;
}

static uint64_t stream(int fd, const struct plan *p)
{
	static char buffer[BUFFER];
	double since = seconds();
	uint64_t sent = 0;
	char stamp[32];
	struct tm tm;
	time_t now;

	while (p->count == 0 || sent < p->count) {
		uint64_t until = allowed(p, since);
		size_t len = 0;

		now = time(NULL);
		localtime_r(&now, &tm);
		strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
		for (; sent < until && len + LINE <= BUFFER; sent++)
			len += put_line(buffer + len, stamp, p,
					p->first + sent);
		if (len == 0)
			nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		else if (!send_all(fd, buffer, len))
			break;
	}
	return sent;
}

int main(int argc, char **argv)
{
	struct plan p;
	char rest[256];
	uint64_t sent;
	int fd;

	if (argc != 6 && argc != 7)
		errx(2, "usage: stream PORT FIRST COUNT ADDRESSES RATE "
			"[EVERY]");
	p.first = strtoull(argv[2], NULL, 10);
	p.count = strtoull(argv[3], NULL, 10);
	p.addresses = strtoull(argv[4], NULL, 10);
	p.rate = strtoull(argv[5], NULL, 10);
	p.every = argc == 7 ? strtoull(argv[6], NULL, 10) : 1;
	if (p.addresses == 0 || p.every == 0)
		errx(2, "no addresses");
	fd = loopback_connect(argv[1]);
	sent = stream(fd, &p);
	if (shutdown(fd, SHUT_WR) == 0)
		while (read(fd, rest, sizeof(rest)) > 0)
			;
	printf("%llu\n", (unsigned long long)(p.first + sent));
	return 0;
}
