/* retelling: see retelling.h. */
#include "retelling.h"

#include <inttypes.h>

#include "saslban/jail.h"
#include "saslban/outbox.h"
#include "saslban/schedule.h"
#include "saslban/zone.h"

/* A digest whose time has come since: the next one begins with the last time at
 * which there should have been one. */
static int pass_digest(struct store *s, int64_t jail,
		       const struct settings *settings, int64_t now,
		       int64_t *passed, struct fault *why)
{
	struct schedule_zone zone = zone_local();
	int64_t last = schedule_last(&settings->notify_at, &zone, now);
	int64_t id, since;

	*passed = 0;
	if (outbox_digest(s, jail, &id, &since, why) < 0)
		return -1;
	if (id == 0 || since >= last)
		return 0;
	*passed = 1;
	return outbox_digest_due(s, id, last, now, why);
}

static int end(const struct database *d, const struct settings *settings,
	       int64_t now, struct outbox_passed *sum, int64_t *digests,
	       struct fault *why)
{
	if (outbox_pass(d->store, d->jail, now, sum, why) < 0 ||
	    pass_digest(d->store, d->jail, settings, now, digests, why) < 0)
		return -1;
	return jail_seen_copied(d->store, d->jail, why);
}

int retelling_end(const struct database *d, const struct settings *settings,
		  const struct report *r, struct moment now, struct fault *why)
{
	struct outbox_passed sum = {.bans = 0};
	int64_t digests = 0;
	bool copied;

	if (jail_copied(d->store, d->jail, &copied, why) < 0)
		return -1;
	if (!copied)
		return 0;
	if (store_begin(d->store, why) < 0 ||
	    store_end(d->store, end(d, settings, now.wall, &sum, &digests, why),
		      why) < 0)
		return -1;
	if (settings->notify_mode == NOTIFY_NONE ||
	    sum.bans + sum.breaches + digests == 0)
		return 0;
	report(r, REPORT_WARNING,
	       "the database is a backup that was put back; of what was due "
	       "since it was made, notices of bans (%" PRId64
	       ") and digests (%" PRId64
	       ") are not sent, as they may have been; those of breaches "
	       "(%" PRId64 ") are, perhaps once more",
	       sum.bans, digests, sum.breaches);
	return 0;
}
