/* progress: see progress.h. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST = 1000, /* milliseconds before the first word */
	AGAIN = 250,
	LINES = 4096 /* between two looks at the clock; power of 2 */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p)
{
	p->wanted = isatty(STDERR_FILENO) == 1;
	p->shown = false;
	p->next = now_ms() + FIRST;
}

void progress_print(struct progress *p, uint64_t lines, uint64_t done,
		    uint64_t all)
{
	int64_t now;

	if (!p->wanted || (lines & (LINES - 1)) != 0)
		return;
	now = now_ms();
	if (now < p->next)
		return;
	p->next = now + AGAIN;
	p->shown = true;
	fprintf(stderr, "\r%" PRIu64 " lines", lines);
	if (all > 0)
		fprintf(stderr, ", %d%%",
			(int)(done >= all
				      ? 100
				      : 100.0 * (double)done / (double)all));
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
