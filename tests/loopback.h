/*
 * loopback: a connection to a TCP port of this machine.
 */
#ifndef SASLBAN_TESTS_LOOPBACK_H
#define SASLBAN_TESTS_LOOPBACK_H

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Ends the program when nobody listens. */
static inline int loopback_connect(const char *port)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)(const void *)&to,
			      sizeof(to)) < 0)
		err(1, "cannot connect to port '%s'", port);
	return fd;
}

#endif
