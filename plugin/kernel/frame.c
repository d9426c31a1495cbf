/* frame: see frame.h. */
#include "frame.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

/* libmnl leaves the padding of an attribute as it was in the buffer; the
 * kernel is not to see what our memory held. */
void frame_put(struct frame *f, unsigned type, size_t len, const void *data)
{
	size_t pad = MNL_ALIGN(len) - len;
	char *tail;

	f->ok = f->ok &&
		mnl_attr_put_check(f->head, f->size, (uint16_t)type, len, data);
	if (f->ok && pad > 0) {
		tail = mnl_nlmsg_get_payload_tail(f->head);
		memset(tail - pad, 0, pad);
	}
}

void frame_put32(struct frame *f, unsigned type, uint32_t value)
{
	value = htonl(value);
	frame_put(f, type, sizeof(value), &value);
}

void frame_put64(struct frame *f, unsigned type, uint64_t value)
{
	value = htobe64(value);
	frame_put(f, type, sizeof(value), &value);
}

void frame_put_name(struct frame *f, unsigned type, const char *name)
{
	size_t len = strnlen(name, ENFORCER_NAME);

	f->ok = f->ok && len > 0 && len < ENFORCER_NAME;
	frame_put(f, type, len + 1, name);
}

struct frame frame_begin(struct request *r, unsigned type, unsigned flags,
			 uint8_t family, uint16_t resource)
{
	struct frame f = {.request = r, .size = r->size - r->len, .ok = true};
	struct nfgenmsg *header;

	if (f.size < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*header))) {
		f.ok = false;
		return f;
	}
	f.head = mnl_nlmsg_put_header(r->bytes + r->len);
	f.head->nlmsg_type = (uint16_t)type;
	f.head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header = mnl_nlmsg_put_extra_header(f.head, sizeof(*header));
	header->nfgen_family = family;
	header->version = NFNETLINK_V0;
	header->res_id = htons(resource);
	return f;
}

void frame_end(struct frame *f)
{
	if (f->ok)
		f->request->len += MNL_ALIGN(f->head->nlmsg_len);
	else
		f->request->full = true;
}

struct nlattr *frame_nest(struct frame *f, uint16_t type)
{
	struct nlattr *start = NULL;

	if (f->ok)
		start = mnl_attr_nest_start_check(f->head, f->size, type);
	f->ok = start != NULL;
	return start;
}

void frame_unnest(struct frame *f, struct nlattr *start)
{
	if (start != NULL && f->ok)
		mnl_attr_nest_end(f->head, start);
}
