/*
 * zone: the local time: the one place where Unix seconds become what a clock
 * on the wall shows, for mails. What zone that is, the C library knows (TZ,
 * /etc/localtime).
 */
#ifndef SASLBAN_ZONE_H
#define SASLBAN_ZONE_H

#include <stdint.h>

#include "saslban/schedule.h"

#define ZONE_TEXT 32 /* bytes that either ever needs */

struct schedule_zone zone_local(void);

/* `2027-03-28`, `2027-03-28 01:59`; `-` when there is no such time. Return
 * buf. */
char *zone_day(int64_t at, char buf[ZONE_TEXT]);
char *zone_time(int64_t at, char buf[ZONE_TEXT]);

#endif
