/* set_list: see set_list.h. */
#include "set_list.h"

#include <string.h>
#include <sys/socket.h>

#include "refusal.h"
#include "request.h"
#include "set_header.h"

enum { REVISION_MAX = 3 }; /* of list:set, the newest we know */

static int check_type(const char *list, const struct set_header *h,
		      struct fault *why)
{
	if (strcmp(h->type, REQUEST_TYPE_LIST) == 0)
		return 0;
	return set_header_wrong(list, h->type, REQUEST_TYPE_LIST, why);
}

int set_list_read(const char *list, const char *member, struct channel *c,
		  struct set_header *h, struct fault *why)
{
	if (set_header_read(c, list, member, h, why) < 0)
		return -1;
	return check_type(list, h, why);
}

static int add_member(const char *list, const char *member, bool timeouts,
		      struct channel *c, struct fault *why)
{
	struct exchange x = {.data = NULL};
	struct request r;
	int code;

	if (channel_begin(c, &r, why) < 0)
		return -1;
	request_member(&r, list, member, timeouts);
	code = channel_ask(c, &r, &x, why);
	if (code <= 0)
		return code;
	refusal(why, "add to list", list, true, code);
	return fault_prefix(why, "set '%s'", member);
}

int set_list_ensure(const char *list, const char *member, struct channel *c,
		    struct fault *why)
{
	struct request_create create = {
		.name = list, .type = REQUEST_TYPE_LIST, .family = AF_UNSPEC};
	struct set_header h;

	if (set_header_ensure(c, &create, REVISION_MAX, member, &h, why) < 0 ||
	    check_type(list, &h, why) < 0)
		return -1;
	/* Members of a list with timeouts may expire: there it is added again
	 * each time, permanently. */
	if (h.has_member && !h.timeouts)
		return 0;
	return add_member(list, member, h.timeouts, c, why);
}
