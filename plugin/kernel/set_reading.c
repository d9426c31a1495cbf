/* set_reading: see set_reading.h. */
#include "set_reading.h"

#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "refusal.h"
#include "reply.h"

int set_reading_open(struct set_reading *reading, struct fault *why)
{
	memset(reading, 0, sizeof(*reading));
	return netlink_open(&reading->netlink, why);
}

void set_reading_close(struct set_reading *reading)
{
	reading->running = false;
	netlink_close(&reading->netlink);
}

void set_reading_end(struct set_reading *reading)
{
	if (reading->running)
		netlink_disconnect(&reading->netlink);
	reading->running = false;
}

int set_reading_begin(struct set_reading *reading, struct channel *c,
		      const char *name, struct fault *why)
{
	struct request r;

	set_reading_end(reading);
	if (channel_begin(c, &r, why) < 0)
		return -1;
	request_list(&r, name, false);
	reading->seq = ++reading->netlink.seq;
	request_number(&r, reading->seq);
	snprintf(reading->name, sizeof(reading->name), "%s", name);
	if (netlink_send(&reading->netlink, r.bytes, r.len, why) !=
	    NETLINK_OK) {
		netlink_disconnect(&reading->netlink);
		return -1;
	}
	reading->running = true;
	return 0;
}

/* What one datagram brought. */
struct datagram {
	int (*see)(void *context, const struct set_entry *entry);
	int (*see_raw)(void *context, struct part entry); /* instead */
	void *context;
	bool over; /* the dump's last message */
	int code;  /* with it: the kernel's error */
	int answer;
};

static void parse_datagram(const struct set_reading *reading, size_t len,
			   struct datagram *d)
{
	const struct nlmsghdr *reply;
	size_t at = 0;

	while (!d->over && d->answer == 0 &&
	       (reply = reply_next(reading->netlink.reply, len, &at)) != NULL) {
		if (reply->nlmsg_seq != reading->seq)
			continue;
		if (reply->nlmsg_type == NLMSG_ERROR ||
		    reply->nlmsg_type == NLMSG_DONE) {
			d->over = true;
			d->code = reply_code(reply);
		} else if (d->see_raw != NULL) {
			d->answer = reply_raw(reply, d->see_raw, d->context);
		} else if (reply->nlmsg_type != NLMSG_NOOP) {
			d->answer = reply_entries(reply, d->see, d->context);
		}
	}
}

static int more_of(struct set_reading *reading, struct datagram *d, bool *more,
		   struct fault *why)
{
	size_t len;

	*more = false;
	if (!reading->running)
		return 0;
	if (netlink_receive(&reading->netlink, &len, why) != NETLINK_OK) {
		set_reading_end(reading);
		return -1;
	}
	parse_datagram(reading, len, d);
	*more = !d->over && d->answer == 0;
	if (*more)
		return 0;
	/* After its last message the socket is free for another dump. */
	if (d->over)
		reading->running = false;
	set_reading_end(reading);
	if (d->code != 0)
		return refusal(why, "read set", reading->name, false, d->code);
	return 0;
}

int set_reading_more(struct set_reading *reading,
		     int (*see)(void *context, const struct set_entry *entry),
		     void *context, bool *more, struct fault *why)
{
	struct datagram d = {.see = see, .context = context};

	return more_of(reading, &d, more, why);
}

int set_reading_more_raw(struct set_reading *reading,
			 int (*see)(void *context, struct part entry),
			 void *context, bool *more, struct fault *why)
{
	struct datagram d = {.see_raw = see, .context = context};

	return more_of(reading, &d, more, why);
}
