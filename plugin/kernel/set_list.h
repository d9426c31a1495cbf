/*
 * set_list: the list:set that holds both sets, so that one firewall rule
 * serves. Other members of it are left alone.
 */
#ifndef SASLBAN_KERNEL_SET_LIST_H
#define SASLBAN_KERNEL_SET_LIST_H

#include "channel.h"
#include "reply.h"

/* Reads the header of the list, and whether the member is in it (has_member).
 * 0 when it is a list; FAULT_SET_GONE when there is none. */
int set_list_read(const char *list, const char *member, struct channel *c,
		  struct set_header *h, struct fault *why);

/* Creates the list if it is missing, and adds the member if it is not in it,
 * permanently. The member must exist. */
int set_list_ensure(const char *list, const char *member, struct channel *c,
		    struct fault *why);

#endif
