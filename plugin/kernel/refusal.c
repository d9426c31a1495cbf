/*
 * refusal: see refusal.h.
 *
 * ipset has codes of its own from 4096 up, unknown to strerror. Above 4351
 * each type of set counts anew.
 */
#include "refusal.h"

#include <errno.h>
#include <string.h>

#include <linux/netfilter/ipset/ip_set_hash.h>
#include <linux/netfilter/ipset/ip_set_list.h>

struct reason {
	int code;
	enum fault_kind kind;
	const char *text;
};

static const struct reason common[] = {
	{EPERM, FAULT_ENFORCE,
	 "no permission; the capability CAP_NET_ADMIN is needed in this "
	 "network namespace (root has it; a systemd unit grants it with "
	 "CapabilityBoundingSet= and AmbientCapabilities=)"},
	{ENOENT, FAULT_SET_GONE, "there is no such set"},
	{EINVAL, FAULT_ENFORCE,
	 "the kernel does not know the request; is the module 'ip_set' "
	 "there?"},
	{IPSET_ERR_PROTOCOL, FAULT_ENFORCE,
	 "the kernel finds the request malformed, or the set is of another "
	 "kind than it was"},
	{IPSET_ERR_FIND_TYPE, FAULT_ENFORCE,
	 "the kernel has no such type of set; are the modules "
	 "'ip_set_hash_net' and 'ip_set_list_set' there?"},
	{IPSET_ERR_MAX_SETS, FAULT_ENFORCE,
	 "the kernel has as many sets as it takes"},
	{IPSET_ERR_BUSY, FAULT_ENFORCE, "the set is in use"},
	{IPSET_ERR_TYPE_MISMATCH, FAULT_ENFORCE, "the types differ"},
	{IPSET_ERR_EXIST, FAULT_ENFORCE, "it is there already, or not there"},
	{IPSET_ERR_INVALID_CIDR, FAULT_ENFORCE,
	 "the kernel does not take the prefix length; allowed: 1 to 32, or 1 "
	 "to 128"},
	{IPSET_ERR_INVALID_FAMILY, FAULT_ENFORCE,
	 "the kernel does not take the address family"},
	{IPSET_ERR_TIMEOUT, FAULT_ENFORCE, "the set has no timeouts"},
	{IPSET_ERR_REFERENCED, FAULT_ENFORCE, "something refers to the set"},
	{IPSET_ERR_IPADDR_IPV4, FAULT_ENFORCE,
	 "the kernel wants an IPv4 address"},
	{IPSET_ERR_IPADDR_IPV6, FAULT_ENFORCE,
	 "the kernel wants an IPv6 address"},
	{IPSET_ERR_COUNTER, FAULT_ENFORCE, "the set has no counters"},
	{IPSET_ERR_COMMENT, FAULT_ENFORCE, "the set has no comments"},
	{0, FAULT_NONE, NULL},
};

static const struct reason hash[] = {
	{IPSET_ERR_HASH_FULL, FAULT_ENFORCE, "the set is full"},
	{IPSET_ERR_HASH_ELEM, FAULT_ENFORCE,
	 "the kernel does not take the unspecified address"},
	{0, FAULT_NONE, NULL},
};

static const struct reason list[] = {
	{IPSET_ERR_NAME, FAULT_SET_GONE, "a member of the list is gone"},
	{IPSET_ERR_LOOP, FAULT_ENFORCE, "a list cannot hold a list"},
	{IPSET_ERR_LIST_FULL, FAULT_ENFORCE, "the list is full"},
	{0, FAULT_NONE, NULL},
};

static const struct reason *find(const struct reason *r, int code)
{
	while (r->text != NULL && r->code != code)
		r++;
	return r->text == NULL ? NULL : r;
}

int refusal(struct fault *why, const char *doing, const char *subject,
	    bool of_list, int code)
{
	const struct reason *r = find(common, code);
	char buffer[128];

	if (r == NULL)
		r = find(of_list ? list : hash, code);
	if (r != NULL)
		return fault_set(why, r->kind, "cannot %s '%s': %s", doing,
				 subject, r->text);
	if (code < IPSET_ERR_PRIVATE)
		return fault_set(why, FAULT_ENFORCE, "cannot %s '%s': %s",
				 doing, subject,
				 strerror_r(code, buffer, sizeof(buffer)));
	return fault_set(why, FAULT_ENFORCE,
			 "cannot %s '%s': the kernel's ipset says %d", doing,
			 subject, code);
}

int refusal_no_socket(struct fault *why, int code)
{
	const char *hint = "";
	char buffer[128];

	if (code == EAFNOSUPPORT)
		hint = "; a systemd unit with RestrictAddressFamilies= has to "
		       "list AF_NETLINK";
	else if (code == EPROTONOSUPPORT)
		hint = "; the kernel's module 'nfnetlink' is not there";
	return fault_set(why, FAULT_ENFORCE,
			 "cannot open a netlink socket: %s%s",
			 strerror_r(code, buffer, sizeof(buffer)), hint);
}
