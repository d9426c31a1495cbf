/*
 * set_header: what a set of the kernel is, and creating one that is missing.
 *
 * A CREATE over a set of another family succeeds and changes nothing, so its
 * answer proves nothing: what counts is the header, read afterwards.
 */
#ifndef SASLBAN_KERNEL_SET_HEADER_H
#define SASLBAN_KERNEL_SET_HEADER_H

#include <stdint.h>

#include "channel.h"
#include "reply.h"
#include "request.h"

/* Reads a set's header. With a member, a list's with its members: *h says
 * whether it has that one. FAULT_SET_GONE when there is no such set. */
int set_header_read(struct channel *c, const char *name, const char *member,
		    struct set_header *h, struct fault *why);

/* The same; a set that is missing is created first, with the newest revision
 * that we (revision_max) and the kernel know. create->revision is set here. */
int set_header_ensure(struct channel *c, struct request_create *create,
		      uint8_t revision_max, const char *member,
		      struct set_header *h, struct fault *why);

/* 0 when the kernel has the type of set, with counters if it is hash:net; sets
 * create->revision, to no more than revision_max. The name is for messages. */
int set_header_choose(struct channel *c, struct request_create *create,
		      uint8_t revision_max, struct fault *why);

/* The fault of a set of another type or family, which cannot be swapped
 * away. Returns -1. */
int set_header_wrong(const char *name, const char *is, const char *needed,
		     struct fault *why);

#endif
