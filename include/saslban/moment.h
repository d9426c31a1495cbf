/*
 * moment: a reading of two clocks, and what they say of each other.
 *
 * wall is CLOCK_REALTIME, boot is CLOCK_BOOTTIME (clock_gettime(2)), both in
 * whole seconds. The wall clock can be set; the boot clock only runs, also
 * while the machine sleeps. Bans are kept in wall time, so a wall clock that
 * is set back would make every running ban longer and let ended ones run
 * again, and one that is set forward would end them all; moment_step finds
 * that out.
 */
#ifndef SASLBAN_MOMENT_H
#define SASLBAN_MOMENT_H

#include <stdint.h>

/* Smaller steps are left alone: NTP slews, and two clocks read one after the
 * other and rounded differ by a second. */
#define MOMENT_SLACK 5

struct moment {
	int64_t wall; /* Unix seconds */
	int64_t boot; /* seconds since boot */
};

/* By how many seconds the wall clock was set between two readings of one
 * boot: forward, or, negative, back; 0 when it was not. */
int64_t moment_step(const struct moment *before, const struct moment *after);

#endif
