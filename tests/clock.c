/*
 * clock: a clock that stands still, for a program that is started with this
 * in LD_PRELOAD. It is SASLBAN_CLOCK by it, in Unix seconds. It is synchronised
 * unless SASLBAN_ADRIFT is set.
 */
#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

__attribute__((visibility("default"))) int adjtimex(struct timex *t)
{
	t->status = getenv("SASLBAN_ADRIFT") == NULL ? 0 : STA_UNSYNC;
	return t->status == 0 ? TIME_OK : TIME_ERROR;
}

__attribute__((visibility("default"))) time_t time(time_t *out)
{
	const char *text = getenv("SASLBAN_CLOCK");
	time_t now = text == NULL ? -1 : (time_t)strtoll(text, NULL, 10);

	if (out != NULL)
		*out = now;
	return now;
}
