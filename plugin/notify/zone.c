/* zone: see saslban/zone.h. */
#include "saslban/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

static int local_offset(const void *context, int64_t at)
{
	time_t seconds = (time_t)at;
	struct tm local;

	(void)context;
	return localtime_r(&seconds, &local) == NULL ? 0 : (int)local.tm_gmtoff;
}

struct schedule_zone zone_local(void)
{
	return (struct schedule_zone){local_offset, NULL};
}

static bool show(int64_t at, struct tm *local)
{
	time_t seconds = (time_t)at;

	return localtime_r(&seconds, local) != NULL;
}

char *zone_day(int64_t at, char buf[ZONE_TEXT])
{
	struct tm local;

	if (!show(at, &local) ||
	    strftime(buf, ZONE_TEXT, "%Y-%m-%d", &local) == 0)
		snprintf(buf, ZONE_TEXT, "-");
	return buf;
}

char *zone_time(int64_t at, char buf[ZONE_TEXT])
{
	struct tm local;

	if (!show(at, &local) ||
	    strftime(buf, ZONE_TEXT, "%Y-%m-%d %H:%M", &local) == 0)
		snprintf(buf, ZONE_TEXT, "-");
	return buf;
}
