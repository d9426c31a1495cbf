/*
 * ipset_datagram: answers of the kernel, written by hand.
 *
 * Each lies in memory of exactly its size, so that the sanitizer sees any
 * byte that is read behind it. Bytes as in ipset_request.c.
 */
#ifndef SASLBAN_TESTS_IPSET_DATAGRAM_H
#define SASLBAN_TESTS_IPSET_DATAGRAM_H

#include "hex.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/reply.h"

#define PROTOCOL "0500 0100 07 000000"

#define ERROR_SIZE "24000000 0200 0000"
#define ECHO " 10000000 0906 0500 00000000 00000000"
#define ACK(seq) ERROR_SIZE seq "00000000 00000000" ECHO
#define REFUSED(seq, code) ERROR_SIZE seq "00000000" code ECHO

/* A refused message of many entries, with the failing line in its echo. */
#define REFUSED_LINE                                    \
	"38000000 0200 0000 09000000 00000000 00efffff" \
	"24000000 0906 0500 09000000 00000000 02000000" \
	"0500 0100 07000000 0800 0940 000005dd"

/* A dump: an entry that is no address, an exception, a whole entry. */
#define DUMP                                                                 \
	"7c000000 0706 0200 09000000 00000000 02000000" PROTOCOL "6000 0880" \
	"0c00 0780 0800 0640 00000032"                                       \
	"1800 0780 0c00 0180 0800 0140 c6336407 0800 0840 00000004"          \
	"3800 0780 0c00 0180 0800 0140 c0000200 0500 0300 18000000"          \
	"0800 0640 00000032 0c00 1840 0000000100000000"                      \
	"0c00 1940 0000000000000003"

/* The headers of a set and of a list. */
#define SET                                                      \
	"70000000 0706 0200 09000000 00000000 02000000" PROTOCOL \
	"0d00 0300 686173683a6e657400 000000"                    \
	"0500 0500 02 000000"                                    \
	"0600 0b40 0003 0000"                                    \
	"3400 0780"                                              \
	"0800 0640 00000258"                                     \
	"0800 0840 00000008"                                     \
	"0800 1140 d182119c"                                     \
	"0800 1340 00040000"                                     \
	"0800 1840 00000007"                                     \
	"0800 1940 00000002"
#define SET_LIST                                                 \
	"58000000 0706 0200 09000000 00000000 02000000" PROTOCOL \
	"0d00 0300 6c6973743a73657400 000000"                    \
	"0600 0b40 0103 0000"                                    \
	"0400 0780"                                              \
	"2000 0880"                                              \
	"0c00 0780 0700 1200 733400 00"                          \
	"0c00 0780 0700 1200 733600 00"                          \
	"0400 0780"

struct datagram {
	void *bytes;
	size_t len;
};

/* Needs free(bytes). */
static inline struct datagram datagram_of(const char *hex, size_t cut)
{
	unsigned char bytes[1024];
	struct datagram d = {.len = from_hex(hex, bytes) - cut};

	d.bytes = malloc(d.len + (d.len == 0));
	assert_non_null(d.bytes);
	memcpy(d.bytes, bytes, d.len);
	return d;
}

/* Its first message, NULL when there is none. */
static inline const struct nlmsghdr *first_of(const struct datagram *d)
{
	size_t at = 0;

	return reply_next(d->bytes, d->len, &at);
}

#endif
