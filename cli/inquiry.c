/* inquiry: see inquiry.h. */
#include "inquiry.h"

#include <string.h>

int inquiry_open(struct inquiry *out, const struct session *s,
		 const struct jail *jail, struct fault *why)
{
	const struct moment now = {.wall = s->now};

	memset(out, 0, sizeof(*out));
	out->session = s;
	out->jail = jail;
	out->now = s->now;
	if (session_exempt(s, jail, &out->exempt, why) < 0)
		return -1;
	/* Without the machine's own addresses it is still most of the truth. */
	(void)exempt_look(out->exempt, NULL);
	if (judge_open(&out->judge, &jail->settings, out->exempt, s->store,
		       jail->id, now, why) < 0) {
		inquiry_close(out);
		return -1;
	}
	return 0;
}

void inquiry_close(struct inquiry *q)
{
	judge_close(q->judge);
	exempt_close(q->exempt);
	memset(q, 0, sizeof(*q));
}

int inquiry_ask(const struct inquiry *q, const struct address *offender,
		const char *user, struct prospect *out, struct fault *why)
{
	return judge_ask(q->judge, offender, user, q->now, out, why);
}

const struct policy *inquiry_policy(const struct inquiry *q)
{
	return &q->jail->settings.policy;
}

struct memory *inquiry_memory(const struct inquiry *q)
{
	return judge_memory(q->judge);
}

int64_t inquiry_span(const struct policy *p, const struct history *h,
		     int64_t now)
{
	struct history unbanned = *h;

	unbanned.last_end = 0;
	return now - policy_window(p, &unbanned, now);
}
