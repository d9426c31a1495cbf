/*
 * send: syslog records from standard input to a syslog socket.
 *
 *   send SOCKET < lines
 *
 * Each line is `TAG MESSAGE`, as a log file shows it behind the host name;
 * it becomes `<22>Mon dd hh:mm:ss TAG MESSAGE`, facility mail, as syslog(3)
 * would write it. SOCKET is a path (datagrams) or, with a leading @, the
 * port of a TCP listener on the loopback (one record a line; the connection
 * is closed for sending and read to its end, so that the listener has taken
 * everything when this program ends).
 *
 *   -t SECONDS   the time that the records report, Unix seconds
 *   -n COUNT     send the input COUNT times
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "loopback.h"

enum { RECORD = 16384 };

static int connect_unix(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (strlen(path) >= sizeof(to.sun_path))
		errx(1, "the path '%s' is too long", path);
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "cannot connect to '%s'", path);
	return fd;
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

static void send_line(int fd, bool stream, time_t at, const char *line)
{
	char stamp[32], record[RECORD];
	struct tm tm;
	int n;

	localtime_r(&at, &tm);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
	n = snprintf(record, sizeof(record), "<22>%s %s%s%s", stamp,
		     stream ? "mail " : "", line, stream ? "\n" : "");
	if (n < 0 || n >= RECORD)
		errx(1, "a line is too long");
	send_all(fd, record, (size_t)n);
}

static char *read_input(void)
{
	size_t size = 0, used = 0, n;
	char *text = NULL;

	do {
		if (used + 4096 >= size) {
			size = size == 0 ? 65536 : 2 * size;
			text = realloc(text, size);
			if (text == NULL)
				err(1, "cannot read");
		}
		n = fread(text + used, 1, size - used - 1, stdin);
		used += n;
	} while (n > 0);
	text[used] = '\0';
	return text;
}

int main(int argc, char **argv)
{
	time_t at = time(NULL);
	long count = 1;
	bool stream;
	char *input, *copy, *line, *save;
	char rest[256];
	int fd, c;

	while ((c = getopt(argc, argv, "t:n:")) != -1) {
		if (c == 't')
			at = (time_t)strtoll(optarg, NULL, 10);
		else if (c == 'n')
			count = strtol(optarg, NULL, 10);
		else
			return 2;
	}
	if (optind + 1 != argc)
		errx(2, "usage: send [-t SECONDS] [-n COUNT] SOCKET");
	stream = argv[optind][0] == '@';
	fd = stream ? loopback_connect(argv[optind] + 1)
		    : connect_unix(argv[optind]);
	input = read_input();
	for (long i = 0; i < count; i++) {
		copy = strdup(input);
		if (copy == NULL)
			err(1, "cannot send");
		for (line = strtok_r(copy, "\n", &save); line != NULL;
		     line = strtok_r(NULL, "\n", &save))
			send_line(fd, stream, at, line);
		free(copy);
	}
	if (stream && shutdown(fd, SHUT_WR) == 0)
		while (read(fd, rest, sizeof(rest)) > 0)
			;
	close(fd);
	free(input);
	return 0;
}
