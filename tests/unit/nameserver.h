/*
 * nameserver: a name server that answers when the test wants it to.
 *
 * One UDP socket on 127.0.0.1:53 of a machine of our own (machine.h), without
 * a thread: while nobody calls nameserver_answer, every lookup waits. So an
 * answer that the code under test has is one that it did not wait for.
 */
#ifndef SASLBAN_TESTS_NAMESERVER_H
#define SASLBAN_TESTS_NAMESERVER_H

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DNS_OK = 0, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3 };
enum { DNS_HEADER = 12, DNS_A = 1, DNS_AAAA = 28, DNS_MOST = 48 };

/* What is said to whoever asks for anything. */
struct answer {
	int rcode;
	const char *addresses[DNS_MOST]; /* of either family; NULL ends */
};

static inline int nameserver_open(void)
{
	struct sockaddr_in here = {.sin_family = AF_INET,
				   .sin_port = htons(53),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)) < 0)
		return -1;
	return fd;
}

/* Is there a question that waits, now or within a minute? */
static inline int nameserver_asked(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 60000) == 1;
}

/* One record behind the header and question (RFC 1035, 4.1.3): the name is a
 * pointer to the question's. Returns its length; 0: not of that type. */
static inline size_t nameserver_record(uint8_t *out, int type, const char *text)
{
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	size_t len = family == AF_INET ? 4 : 16;

	if ((family == AF_INET ? DNS_A : DNS_AAAA) != type)
		return 0;
	memcpy(out, "\xc0\x0c\0\0\0\1\0\0\0\0\0\0", 12);
	out[3] = (uint8_t)type;
	out[11] = (uint8_t)len;
	inet_pton(family, text, out + 12);
	return 12 + len;
}

/* Answers what has been asked so far; returns how many questions that were. */
static inline unsigned nameserver_answer(int fd, const struct answer *a)
{
	uint8_t text[2048];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	unsigned n = 0;
	ssize_t got;

	while ((got = recvfrom(fd, text, 512, MSG_DONTWAIT, (void *)&from,
			       &size)) > DNS_HEADER) {
		size_t at = DNS_HEADER, records = 0, len;
		int type;

		while (at < (size_t)got && text[at] != 0)
			at += text[at] + 1u;
		type = text[at + 2];
		at += 5;
		text[2] = 0x81; /* an answer, recursion desired */
		text[3] = (uint8_t)(0x80 | a->rcode);
		for (size_t i = 0; a->addresses[i] != NULL; i++) {
			len = nameserver_record(text + at, type,
						a->addresses[i]);
			records += len > 0;
			at += len;
		}
		memset(text + 6, 0, 6); /* no authority, nothing additional */
		text[7] = (uint8_t)records;
		sendto(fd, text, at, 0, (void *)&from, size);
		size = sizeof(from);
		n++;
	}
	return n;
}

#endif
