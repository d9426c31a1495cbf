/* ownaddr: see ownaddr.h. */
#include "ownaddr.h"

#include <errno.h>
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct gathering {
	struct ownaddr *out;
	size_t max;
	size_t n;
	bool gateways; /* that is what is being gathered */
};

static void gather(struct gathering *g, int family, const void *bytes)
{
	char text[INET6_ADDRSTRLEN];
	struct address a;

	if (g->n == g->max ||
	    inet_ntop(family, bytes, text, sizeof(text)) == NULL ||
	    address_parse_host(text, strlen(text), &a) < 0)
		return;
	for (size_t i = 0; i < g->n; i++)
		if (address_equal(&g->out[i].address, &a))
			return;
	g->out[g->n++] = (struct ownaddr){.address = a, .gateway = g->gateways};
}

static int gather_interfaces(struct gathering *g)
{
	struct ifaddrs *list;

	if (getifaddrs(&list) < 0)
		return -1;
	for (struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL)
			continue;
		if (i->ifa_addr->sa_family == AF_INET)
			gather(g, AF_INET,
			       &((struct sockaddr_in *)(void *)i->ifa_addr)
					->sin_addr);
		else if (i->ifa_addr->sa_family == AF_INET6)
			gather(g, AF_INET6,
			       &((struct sockaddr_in6 *)(void *)i->ifa_addr)
					->sin6_addr);
	}
	freeifaddrs(list);
	return 0;
}

/* Interface, destination, gateway, flags; addresses as the hexadecimal of
 * the 32-bit word in memory. */
static void gather_gateways4(struct gathering *g)
{
	FILE *f = fopen("/proc/net/route", "re");
	char line[256];
	unsigned destination, gateway, flags;
	uint32_t word;

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%*31s %8x %8x %4x", &destination, &gateway,
			   &flags) != 3 ||
		    destination != 0 || (flags & RTF_GATEWAY) == 0)
			continue;
		word = gateway;
		gather(g, AF_INET, &word);
	}
	fclose(f);
}

/* Destination, its length, source, its length, next hop, metric, two counts,
 * flags, interface; addresses as 32 hexadecimal digits. */
static void gather_gateways6(struct gathering *g)
{
	FILE *f = fopen("/proc/net/ipv6_route", "re");
	char line[256], hop[33];
	unsigned length, flags, byte;
	uint8_t bytes[16];

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%*32s %2x %*32s %*2x %32s %*x %*x %*x %x",
			   &length, hop, &flags) != 3 ||
		    length != 0 || (flags & RTF_GATEWAY) == 0 ||
		    strlen(hop) != 32)
			continue;
		for (size_t i = 0; i < 16; i++) {
			if (sscanf(hop + 2 * i, "%2x", &byte) != 1)
				byte = 0;
			bytes[i] = (uint8_t)byte;
		}
		gather(g, AF_INET6, bytes);
	}
	fclose(f);
}

size_t ownaddr_read(struct ownaddr *out, size_t max)
{
	struct gathering g = {.out = out, .max = max, .n = 0};

	if (gather_interfaces(&g) < 0)
		return 0;
	g.gateways = true;
	gather_gateways4(&g);
	gather_gateways6(&g);
	errno = 0;
	return g.n;
}
