/*
 * attribute: the attributes of a netlink message, read from its bytes. Pure.
 *
 * Every length is checked against the bytes that are there. An attribute that
 * is missing or too short reads as nought.
 */
#ifndef SASLBAN_KERNEL_ATTRIBUTE_H
#define SASLBAN_KERNEL_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"

#define ATTRIBUTES 32 /* above the numbers of all attributes we read */

struct nlattr;
struct nlmsghdr;

/* Some bytes of a message. */
struct part {
	const unsigned char *at;
	size_t left;
};

/* Attributes by their number; of two with the same the later one. */
struct attributes {
	const struct nlattr *attr[ATTRIBUTES];
};

/* What is behind the first skip of len bytes, aligned. */
struct part part_of(const void *at, size_t len, size_t skip);

/* Netlink aligns what follows; the last one may lack its padding. */
void part_step(struct part *p, size_t len);

/* A message without its header. */
struct part part_payload(const struct nlmsghdr *reply);

/* The next attribute, NULL when no whole one is left. */
const struct nlattr *attribute_next(struct part *p);

/* Nothing for NULL. */
struct part attribute_inside(const struct nlattr *a);

struct attributes attributes_of(struct part p);

/* Those of a message of netfilter's, behind its own header. */
struct attributes attributes_top(const struct nlmsghdr *reply);

/* At least len bytes, or NULL. */
const void *attribute_bytes(const struct nlattr *a, size_t len);

uint8_t attribute_8(const struct nlattr *a);
uint32_t attribute_32(const struct nlattr *a);
uint64_t attribute_64(const struct nlattr *a);

/* "" when there is none or it is too long. */
void attribute_name(const struct nlattr *a, char name[ENFORCER_NAME]);

#endif
