/*
 * knock: a packet every tenth of a millisecond or so, until killed.
 *
 *   knock SOURCE TARGET PORT
 *
 * UDP from one address to another. Who is refused goes on.
 */
#include <err.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *look_up(const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST,
				       .ai_socktype = SOCK_DGRAM};
	struct addrinfo *out;
	int error = getaddrinfo(host, port, &hints, &out);

	if (error != 0)
		errx(1, "'%s': %s", host, gai_strerror(error));
	return out;
}

int main(int argc, char **argv)
{
	struct addrinfo *from, *to;
	int fd;

	if (argc != 4)
		errx(2, "usage: knock SOURCE TARGET PORT");
	from = look_up(argv[1], NULL);
	to = look_up(argv[2], argv[3]);
	fd = socket(to->ai_family, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, from->ai_addr, from->ai_addrlen) < 0 ||
	    connect(fd, to->ai_addr, to->ai_addrlen) < 0)
		err(1, "cannot send from '%s' to '%s'", argv[1], argv[2]);
	for (;;) {
		(void)send(fd, "", 1, 0);
		usleep(50);
	}
}
