/* channel: see channel.h. */
#include "channel.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"
#include "reply.h"

enum {
	PROTOCOL_MIN = 6, /* versions of the ipset protocol that we speak */
	PROTOCOL_MAX = 7
};

int channel_open(struct channel *c, const char *user, struct fault *why)
{
	memset(c, 0, sizeof(*c));
	c->user = user;
	c->bytes = malloc(CHANNEL_BYTES);
	if (c->bytes == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (netlink_open(&c->netlink, why) == 0)
		return 0;
	free(c->bytes);
	c->bytes = NULL;
	return -1;
}

void channel_close(struct channel *c)
{
	netlink_close(&c->netlink);
	free(c->bytes);
	c->bytes = NULL;
}

static struct request empty_request(struct channel *c, uint8_t protocol)
{
	return (struct request){
		.bytes = c->bytes, .size = CHANNEL_BYTES, .protocol = protocol};
}

void channel_begin_plain(struct channel *c, struct request *r)
{
	*r = empty_request(c, PROTOCOL_MIN);
}

struct range {
	bool known;
	uint8_t max;
	uint8_t min;
};

static void see_range(void *context, const struct nlmsghdr *reply)
{
	struct range *range = context;

	range->known = reply_range(reply, false, &range->max, &range->min) == 0;
}

/* PROTOCOL is the one request whose own version the kernel ignores. */
static int agree_on_protocol(struct channel *c, struct fault *why)
{
	struct range range = {.known = false};
	struct exchange x = {.data = see_range, .context = &range};
	struct request r;
	int code;

	channel_begin_plain(c, &r);
	request_protocol(&r);
	code = channel_ask(c, &r, &x, why);
	if (code < 0)
		return -1;
	if (code > 0)
		return refusal(why, "use the kernel's ipset for", c->user,
			       false, code);
	if (!range.known || range.max < PROTOCOL_MIN ||
	    range.min > PROTOCOL_MAX)
		return fault_set(why, FAULT_ENFORCE,
				 "the kernel's ipset speaks protocol %u to %u; "
				 "known here: %d to %d",
				 range.min, range.max, PROTOCOL_MIN,
				 PROTOCOL_MAX);
	c->protocol = range.max < PROTOCOL_MAX ? range.max : PROTOCOL_MAX;
	return 0;
}

int channel_begin(struct channel *c, struct request *r, struct fault *why)
{
	if (c->protocol == 0 && agree_on_protocol(c, why) < 0)
		return -1;
	*r = empty_request(c, c->protocol);
	return 0;
}

int channel_ask(struct channel *c, const struct request *r, struct exchange *x,
		struct fault *why)
{
	if (exchange_run(x, &c->netlink, r, why) < 0)
		return -1;
	return x->code[0];
}
