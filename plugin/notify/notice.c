/* notice: see saslban/notice.h. */
#include "saslban/notice.h"

enum { DAY = 86400 };

const char *notify_word(enum notify_mode mode)
{
	static const char *const words[] = {
		[NOTIFY_NONE] = "none",           [NOTIFY_SMART] = "smart",
		[NOTIFY_IMMEDIATE] = "immediate", [NOTIFY_DAILY] = "daily",
		[NOTIFY_WEEKLY] = "weekly",
	};

	return words[mode];
}

const char *notice_word(enum notice_kind kind)
{
	static const char *const words[] = {
		[NOTICE_BAN] = "ban",
		[NOTICE_BREACH] = "breach",
		[NOTICE_DIGEST] = "digest",
	};

	return words[kind];
}

int64_t notice_due(enum notify_mode mode, int64_t wait, enum notice_kind kind,
		   unsigned strike, int64_t now)
{
	if (mode == NOTIFY_NONE)
		return NOTICE_NEVER;
	if (kind == NOTICE_BREACH || mode == NOTIFY_IMMEDIATE)
		return now;
	if (mode != NOTIFY_SMART)
		return NOTICE_NEVER;
	return strike >= NOTICE_STRIKE ? now : now + wait;
}

enum notice_way notice_way(const struct notice_load *load, size_t max,
			   int64_t wait, int64_t now, int64_t *later)
{
	if (load->sent < max && load->due <= max - load->sent)
		return NOTICE_EACH;
	if (load->gathered == 0 || load->gathered + wait <= now)
		return NOTICE_TOGETHER;
	*later = load->gathered + wait;
	return NOTICE_LATER;
}

int64_t notice_digest(const struct schedule *at,
		      const struct schedule_zone *zone, int64_t since,
		      int64_t now)
{
	return schedule_next(at, zone, since > now + DAY ? now : since);
}
