/*
 * refusal: what the kernel's codes mean, as sentences.
 */
#ifndef SASLBAN_KERNEL_REFUSAL_H
#define SASLBAN_KERNEL_REFUSAL_H

#include <stdbool.h>

#include "saslban/fault.h"

/* FAULT_ENFORCE (FAULT_SET_GONE for a set that is not there): cannot DOING
 * 'SUBJECT': reason. of_list: codes of list:set are meant. Returns -1. */
int refusal(struct fault *why, const char *doing, const char *subject,
	    bool of_list, int code);

/* The sentence for a socket that cannot be opened. Returns -1. */
int refusal_no_socket(struct fault *why, int code);

#endif
