/* metering: see metering.h. */
#include "metering.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Counted by the store. */
static const struct {
	enum total_kind from;
	enum meter_kind to;
} committed[] = {
	{TOTAL_BANS, METER_BANS},         {TOTAL_OBSERVED, METER_OBSERVED},
	{TOTAL_LIFTED, METER_LIFTED},     {TOTAL_EXPIRED, METER_EXPIRED},
	{TOTAL_BREACHES, METER_BREACHES}, {TOTAL_OUTAGES, METER_OUTAGES},
};

/* Counted by threads. */
static const struct {
	enum meter_kind from;
	enum total_kind to;
} counted[] = {
	{METER_LOGINS, TOTAL_LOGINS},
	{METER_TROUBLE, TOTAL_TROUBLE},
	{METER_DROPPED_FAILURES, TOTAL_LOST_FAILURES},
	{METER_DROPPED_OTHERS, TOTAL_LOST_OTHERS},
	{METER_REFUSED, TOTAL_REFUSED},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void metering_init(struct metering *m, struct meter *meter)
{
	memset(m, 0, sizeof(*m));
	m->meter = meter;
}

void metering_poll(struct metering *m, const struct store *s)
{
	if (m->meter == NULL || s == NULL)
		return;
	for (size_t i = 0; i < COUNT(committed); i++) {
		uint64_t *seen = &m->seen[committed[i].from];
		uint64_t now = total_committed(s, committed[i].from);

		if (now > *seen)
			meter_add(m->meter, committed[i].to, now - *seen);
		*seen = now;
	}
}

static uint64_t news(const struct metering *m, const uint64_t now[METERS],
		     size_t i)
{
	return now[counted[i].from] - m->kept[counted[i].from];
}

static int add_all(const struct metering *m, const uint64_t now[METERS],
		   struct store *s, int64_t jail, struct fault *why)
{
	for (size_t i = 0; i < COUNT(counted); i++)
		if (total_add(s, jail, counted[i].to, "", 0, news(m, now, i),
			      why) < 0)
			return -1;
	return 0;
}

int metering_keep(struct metering *m, struct store *s, int64_t jail,
		  struct fault *why)
{
	uint64_t now[METERS];
	bool any = false;

	if (m->meter == NULL)
		return 0;
	for (int i = 0; i < METERS; i++)
		now[i] = meter_read(m->meter, (enum meter_kind)i);
	for (size_t i = 0; i < COUNT(counted); i++)
		any = any || news(m, now, i) > 0;
	if (!any)
		return 0;
	if (store_begin(s, why) < 0 ||
	    store_end_soon(s, add_all(m, now, s, jail, why), why) < 0)
		return -1;
	memcpy(m->kept, now, sizeof(now));
	return 0;
}
