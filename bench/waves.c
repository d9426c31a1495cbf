/*
 * waves: nothing but failed logins, as fast as they are taken.
 *
 *   waves PORT SECONDS OFFENDERS EACH
 *
 * Over TCP, for so many seconds and until the wave that has begun is over. A
 * wave is OFFENDERS new addresses, all different, which fail in turn until each
 * has failed EACH times. Addresses are of 10.0.0.0/8, user names nobody's, one
 * for each line. Prints how many lines and how many offenders there were, and
 * how many seconds it took.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../tests/loopback.h"

enum { LINE = 256, BUFFER = 262144, MOST = 1 << 24 };

struct sink {
	int fd;
	size_t used;
	char text[BUFFER];
};

static void flush(struct sink *s)
{
	const char *at = s->text;

	while (s->used > 0) {
		ssize_t n = send(s->fd, at, s->used, MSG_NOSIGNAL);

		if (n < 0)
			err(1, "cannot send");
		at += n;
		s->used -= (size_t)n;
	}
}

/* snprintf costs more than all of rsyslogd; each line is written in place. */
static char *put(char *at, const char *text)
{
	size_t n = strlen(text);

	memcpy(at, text, n);
	return at + n;
}

static char *put_number(char *at, uint64_t n)
{
	char digits[24];
	size_t k = sizeof(digits);

	do
		digits[--k] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	memcpy(at, digits + k, sizeof(digits) - k);
	return at + sizeof(digits) - k;
}

static void put_line(struct sink *s, const char *stamp, uint32_t offender,
		     uint64_t line)
{
	char *at = s->text + s->used;

	at = put(at, "<22>");
	at = put(at, stamp);
	at = put(at, " mail postfix/smtpd[9]: warning: unknown[10.");
	at = put_number(at, offender >> 16 & 0xff);
	*at++ = '.';
	at = put_number(at, offender >> 8 & 0xff);
	*at++ = '.';
	at = put_number(at, offender & 0xff);
	at = put(at, "]: SASL LOGIN authentication failed: (reason "
		     "unavailable), sasl_username=u");
	at = put_number(at, line);
	*at++ = '\n';
	s->used = (size_t)(at - s->text);
	if (s->used + LINE > BUFFER)
		flush(s);
}

static void wave(struct sink *s, uint32_t first, uint32_t offenders,
		 uint32_t each, uint64_t *lines)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
	for (uint32_t e = 0; e < each; e++)
		for (uint32_t i = 0; i < offenders; i++)
			put_line(s, stamp, first + i, (*lines)++);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static struct sink sink;
	uint32_t offenders, each, first = 0;
	uint64_t lines = 0;
	double begun, until;
	char rest[256];

	if (argc != 5)
		errx(2, "usage: waves PORT SECONDS OFFENDERS EACH");
	offenders = (uint32_t)strtoul(argv[3], NULL, 10);
	each = (uint32_t)strtoul(argv[4], NULL, 10);
	if (offenders == 0 || each == 0 || offenders > MOST)
		errx(2, "no such waves");
	sink.fd = loopback_connect(argv[1]);
	begun = seconds();
	until = begun + atof(argv[2]);
	while (seconds() < until && first + offenders <= MOST) {
		wave(&sink, first, offenders, each, &lines);
		first += offenders;
	}
	flush(&sink);
	if (shutdown(sink.fd, SHUT_WR) == 0)
		while (read(sink.fd, rest, sizeof(rest)) > 0)
			;
	printf("%llu %u %.2f\n", (unsigned long long)lines, (unsigned)first,
	       seconds() - begun);
	return 0;
}
