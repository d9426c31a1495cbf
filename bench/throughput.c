/*
 * throughput: what a line costs rsyslogd.
 *
 *	throughput LINES PORT PIPE RSYSLOGD [ARGUMENT...]
 *	throughput LINES
 *
 * Starts that rsyslogd, sends LINES innocent lines of a mail host to its
 * listener on the loopback, and one at the end for the named pipe, into which
 * rsyslogd has to write what is of the facility local7. When it comes out
 * there the others are behind it. Before that it does the same with a few
 * lines, so that rsyslogd has done with its start. Prints the wall clock's and
 * rsyslogd's own CPU microseconds between the first of LINES and the end.
 * With LINES alone it prints them as a log file has them.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In a hundred lines of a host with Postfix and Dovecot: so many of each. # is
 * a number that differs from line to line, $ the same in hexadecimal, ~ a
 * small one. The date goes behind the priority. */
static const struct {
	unsigned share;
	const char *text;
} mix[] = {
	{8, "<22>postfix/smtpd[~]: connect from "
	    "mail-#.example.org[198.51.100.~]"},
	{4, "<22>postfix/smtpd[~]: Anonymous TLS connection "
	    "established from mail-#.example.org[198.51.100.~]: TLSv1.3 "
	    "with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange "
	    "X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256"},
	{4, "<22>postfix/smtpd[~]: $~: "
	    "client=mail-#.example.org[198.51.100.~]"},
	{8, "<22>postfix/smtpd[~]: disconnect from "
	    "mail-#.example.org[198.51.100.~] ehlo=2 starttls=1 mail=1 "
	    "rcpt=1 data=1 quit=1 commands=7"},
	{5, "<22>postfix/cleanup[~]: $~: "
	    "message-id=<20251120#.~@example.org>"},
	{5, "<22>postfix/qmgr[~]: $~: "
	    "from=<info@example.org>, size=#, nrcpt=1 (queue active)"},
	{5, "<22>postfix/qmgr[~]: $~: removed"},
	{2, "<22>postfix/smtp[~]: Trusted TLS connection "
	    "established to mx.example.net[203.0.113.~]:25: TLSv1.3 with "
	    "cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"},
	{2, "<22>postfix/smtp[~]: $~: "
	    "to=<alice@example.net>, relay=mx.example.net[203.0.113.~]:25, "
	    "delay=0.~, delays=0.1/0/0.2/0.3, dsn=2.0.0, status=sent (250 "
	    "2.0.0 Ok: queued as $)"},
	{4, "<22>postfix/lmtp[~]: $~: "
	    "to=<bob@example.com>, relay=mail[private/dovecot-lmtp], "
	    "delay=0.~, delays=0.1/0/0.01/0.03, dsn=2.0.0, status=sent (250 "
	    "2.0.0 <bob@example.com> $~ Saved)"},
	{6, "<22>postfix/postscreen[~]: CONNECT from "
	    "[198.51.100.~]:# to [192.0.2.25]:25"},
	{2, "<22>postfix/anvil[~]: statistics: max connection "
	    "rate 2/60s for (smtp:198.51.100.~) at Nov 20 04:58:34"},
	{8, "<22>dovecot: lmtp(bob@example.com)<#><$~>: "
	    "sieve: msgid=<20251120#.~@example.org>: stored mail into "
	    "mailbox 'INBOX'"},
	{8, "<22>dovecot: imap-login: Login: user=<bob@example.com>, "
	    "method=PLAIN, rip=198.51.100.~, lip=192.0.2.25, mpid=#, "
	    "TLS, session=<$cvq+~>"},
	{8, "<22>dovecot: imap(bob@example.com)<#><$~>: "
	    "Disconnected: Logged out in=# out=~ deleted=0 expunged=0 "
	    "trashed=0 hdr_count=3 hdr_bytes=~ body_count=1 "
	    "body_bytes=#"},
	{5, "<30>rspamd[~]: <$>; task; rspamd_task_write_log"
	    ": id: <20251120#.~@example.org>, qid: <$~>, ip: "
	    "198.51.100.~, from: <info@example.org>, (default: F (no "
	    "action): [-1.30/15.00] [MIME_GOOD(-0.10){text/plain;}])"},
	{5, "<78>CRON[#]: (root) CMD (test -x /usr/sbin/anacron "
	    "|| run-parts --report /etc/cron.hourly)"},
	{4, "<30>systemd[1]: Started Session # of User backup."},
	{3, "<86>sshd[#]: Accepted publickey for backup from "
	    "192.0.2.~ port # ssh2: ED25519 "
	    "SHA256:9Zr1PqyKk2Xb6oYv7nJ3sT8uWc4dEf5gHiLmNaQwRzU"},
	{2, "<4>kernel: [#.~] nft-drop: IN=eth0 OUT= "
	    "SRC=203.0.113.~ DST=192.0.2.25 LEN=40 TTL=240 PROTO=TCP "
	    "SPT=# DPT=23 SYN"},
	{2, "<30>named[~]: client @0x7f$ "
	    "192.0.2.25 (example.org): query: example.org IN MX + "
	    "(192.0.2.53)"},
};

enum {
	HUNDREDS = 200, /* lines that are made, in hundreds; then again */
	LINE = 512,
	WARM = HUNDREDS * 100,
	PATIENCE = 120 /* seconds */
};

struct lines {
	char *text;
	size_t used;
	size_t end[HUNDREDS * 100]; /* of each line */
};

static uint64_t clock_us(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		err(1, "cannot read a clock");
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* The lines of a hundred in an order that mixes them: 37 and 100 have no
 * common divisor. */
static const char *text_of(unsigned i)
{
	unsigned place = i * 37 % 100;
	size_t k = 0;

	while (place >= mix[k].share)
		place -= mix[k++].share;
	return mix[k].text;
}

/* Returns its length, newline and all. */
static size_t put_line(char *at, const char *text, const char *stamp,
		       unsigned number)
{
	size_t n = strcspn(text, ">") + 1;

	memcpy(at, text, n);
	n += (size_t)sprintf(at + n, "%s mail ", stamp);
	for (text += strcspn(text, ">") + 1; *text != '\0'; text++) {
		if (n + 16 > LINE)
			errx(1, "a line is too long");
		if (*text == '#')
			n += (size_t)sprintf(at + n, "%u", number);
		else if (*text == '$')
			n += (size_t)sprintf(at + n, "%05X", number);
		else if (*text == '~')
			n += (size_t)sprintf(at + n, "%u", number % 251 + 1);
		else
			at[n++] = *text;
	}
	at[n++] = '\n';
	return n;
}

static void make_lines(struct lines *l)
{
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
	l->text = malloc((size_t)HUNDREDS * 100 * LINE);
	if (l->text == NULL)
		err(1, "cannot make lines");
	for (unsigned i = 0; i < HUNDREDS * 100; i++) {
		l->used += put_line(l->text + l->used, text_of(i), stamp,
				    i * 2654435761u >> 12);
		l->end[i] = l->used;
	}
}

static void send_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n < 0)
			err(1, "cannot send");
		text += n;
		len -= (size_t)n;
	}
}

/* Once rsyslogd listens. */
static int connect_to(const char *port, pid_t child)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	for (int i = 0; i < PATIENCE * 20; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd < 0)
			err(1, "cannot make a socket");
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		close(fd);
		if (waitpid(child, NULL, WNOHANG) != 0)
			errx(1, "rsyslogd does not run");
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	}
	errx(1, "rsyslogd does not listen");
}

static pid_t start(char **command)
{
	pid_t child = fork();

	if (child == 0) {
		execv(command[0], command);
		_exit(127);
	}
	if (child < 0)
		err(1, "cannot fork");
	return child;
}

static void send_lines(int fd, const struct lines *l, unsigned long count)
{
	unsigned long all = HUNDREDS * 100;

	for (; count >= all; count -= all)
		send_all(fd, l->text, l->used);
	if (count > 0)
		send_all(fd, l->text, l->end[count - 1]);
}

/* So many lines, until rsyslogd has done with them. */
static void flood(int fd, int out, const struct lines *l, unsigned long count)
{
	static const char last[] = "<190>Jan  1 00:00:00 mail last: line\n";
	char text[256] = "";

	send_lines(fd, l, count);
	send_all(fd, last, sizeof(last) - 1);
	while (memchr(text, '\n', sizeof(text)) == NULL) {
		memset(text, 0, sizeof(text));
		if (read(out, text, sizeof(text)) <= 0)
			err(1, "cannot read the pipe");
	}
}

static void print_lines(const struct lines *l, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		size_t k = i % WARM;
		const char *at = l->text + (k == 0 ? 0 : l->end[k - 1]);
		const char *end = l->text + l->end[k];

		at = strchr(at, '>') + 1;
		fwrite(at, 1, (size_t)(end - at), stdout);
	}
}

int main(int argc, char **argv)
{
	static struct lines lines;
	uint64_t wall, cpu;
	clockid_t clock;
	int fd, out;
	pid_t child;

	if (argc != 2 && argc < 5)
		errx(2, "usage: throughput LINES [PORT PIPE RSYSLOGD "
			"[ARGUMENT...]]");
	make_lines(&lines);
	if (argc == 2) {
		print_lines(&lines, strtoul(argv[1], NULL, 10));
		return 0;
	}
	out = open(argv[3], O_RDWR | O_CLOEXEC);
	if (out < 0)
		err(1, "cannot open '%s'", argv[3]);
	child = start(argv + 4);
	fd = connect_to(argv[2], child);
	if (clock_getcpuclockid(child, &clock) != 0)
		errx(1, "cannot read rsyslogd's clock");
	alarm(PATIENCE);
	flood(fd, out, &lines, WARM);
	wall = clock_us(CLOCK_MONOTONIC);
	cpu = clock_us(clock);
	flood(fd, out, &lines, strtoul(argv[1], NULL, 10));
	printf("%llu %llu\n",
	       (unsigned long long)(clock_us(CLOCK_MONOTONIC) - wall),
	       (unsigned long long)(clock_us(clock) - cpu));
	close(fd);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	return 0;
}
