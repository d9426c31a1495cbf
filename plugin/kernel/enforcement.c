/* enforcement: see saslban/enforcement.h. */
#include "saslban/enforcement.h"

#include <errno.h>
#include <sys/socket.h>

#include <linux/netfilter/ipset/ip_set.h>

#include "channel.h"
#include "saslban/ipset.h"
#include "saslban/nftables.h"

enum { TIMEOUT = 86400 /* seconds: default timeout of sets that we create */ };

enum settings_enforcer enforcement_choose(enum settings_enforcer asked,
					  int code)
{
	if (asked != SETTINGS_AUTO)
		return asked;
	/* Without the subsystem a message of it is invalid. */
	if (code == EINVAL || code == EOPNOTSUPP || code == IPSET_ERR_FIND_TYPE)
		return SETTINGS_NFTABLES;
	return SETTINGS_IPSET;
}

static int ask_ipset(void)
{
	struct exchange x = {.data = NULL};
	struct channel c;
	struct request r;
	int code;

	if (channel_open(&c, "", NULL) < 0)
		return -1;
	channel_begin_plain(&c, &r);
	request_type(&r, REQUEST_TYPE_NET, AF_INET);
	code = channel_ask(&c, &r, &x, NULL);
	channel_close(&c);
	return code;
}

static int open_ipset(struct enforcer **out, const struct settings *s,
		      struct fault *why)
{
	const struct ipset_plan plan = {
		.name = s->set,
		.database = s->database,
		.default_timeout = TIMEOUT,
		.maxelem = IPSET_MAXELEM,
		.largest = s->set_create ? s->set_max : 0,
		.fixed = !s->set_create,
	};

	return ipset_open(out, &plan, why);
}

/* An address that a translator made (address_translated) is cut to its prefix
 * of IPv4 behind the translator's 96 bits. */
static int open_nftables(struct enforcer **out, const struct settings *s,
			 bool instead, struct fault *why)
{
	const struct nftables_plan plan = {
		.instead = instead,
		.name = s->set,
		.length = {[ENFORCER_V4] = {s->prefix4, s->policy.network4},
			   [ENFORCER_V6] = {s->prefix6, s->policy.network6,
					    s->policy.network6_wide,
					    96 + s->prefix4}},
		.default_timeout = TIMEOUT,
		.maxelem = IPSET_MAXELEM,
		.largest = s->set_create ? s->set_max : 0,
		.fixed = !s->set_create,
	};

	return nftables_open(out, &plan, why);
}

int enforcement_open(struct enforcer **out, const struct settings *s,
		     struct fault *why)
{
	enum settings_enforcer asked = (enum settings_enforcer)s->enforcer;
	int code = 0;

	/* A name that only ipset takes was chosen for ipset. */
	if (asked == SETTINGS_AUTO && settings_is_nft_name(s->set))
		code = ask_ipset();
	if (enforcement_choose(asked, code) == SETTINGS_NFTABLES)
		return open_nftables(out, s, asked == SETTINGS_AUTO, why);
	return open_ipset(out, s, why);
}
