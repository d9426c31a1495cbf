/*
 * frame: one netlink message being written into a request. Pure.
 */
#ifndef SASLBAN_KERNEL_FRAME_H
#define SASLBAN_KERNEL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request.h"

struct nlattr;
struct nlmsghdr;

/* ok turns false when something does not fit; nothing is written from then on
 * and frame_end sets `full` instead of adding the message. */
struct frame {
	struct request *request;
	struct nlmsghdr *head;
	size_t size;
	bool ok;
};

/* A message of that type with the header that all of netfilter's have. */
struct frame frame_begin(struct request *r, unsigned type, unsigned flags,
			 uint8_t family, uint16_t resource);
void frame_end(struct frame *f);

void frame_put(struct frame *f, unsigned type, size_t len, const void *data);

/* Numbers, in the order of the network. */
void frame_put32(struct frame *f, unsigned type, uint32_t value);
void frame_put64(struct frame *f, unsigned type, uint64_t value);

/* A name: 1 to 31 characters, or the message is not built. */
void frame_put_name(struct frame *f, unsigned type, const char *name);

/* What is put between the two is inside. NULL when it does not fit. */
struct nlattr *frame_nest(struct frame *f, uint16_t type);
void frame_unnest(struct frame *f, struct nlattr *start);

#endif
