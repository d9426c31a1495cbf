/*
 * judging: what it costs to match an innocent line, and nothing else.
 *
 *   judging FILE DIRECTORY ROUNDS KEY FILTER...
 *
 * The lines of a log file through the filters, as one jail's worker does it:
 * the line is there in its parts. ROUNDS times; prints processor time for a
 * line in microseconds, once a round.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

/* Few enough to stay in the processor's cache, as a record does that rsyslogd
 * has just read. */
enum { LINES = 2000, LINE = 1024, PASSES = 20, WARM = 2 };

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static size_t load(const char *path, struct rawline **lines)
{
	FILE *in = fopen(path, "r");
	char text[LINE];
	size_t n = 0;

	if (in == NULL)
		err(1, "cannot open '%s'", path);
	while (n < LINES && fgets(text, sizeof(text), in) != NULL) {
		struct rawline *r = malloc(sizeof(*r));

		if (r == NULL)
			err(1, "cannot keep a line");
		rawline_parse(text, strcspn(text, "\n"), time(NULL), r);
		lines[n++] = r;
	}
	fclose(in);
	if (n == 0)
		errx(1, "no lines in '%s'", path);
	return n;
}

/* The lines that somebody would be banned for. */
static size_t match_all(const struct filter *f, struct filter_scratch *scratch,
			struct rawline *const *lines, size_t n)
{
	struct sighting s;
	size_t failures = 0;

	for (size_t i = 0; i < n; i++)
		failures += filter_match(f, scratch, &lines[i]->line, &s) &&
			    s.kind == SIGHTING_FAILURE;
	return failures;
}

int main(int argc, char **argv)
{
	static struct rawline *lines[LINES];
	const char *const *specs = (const char *const *)argv + 5;
	const char *directory = argc > 5 ? argv[2] : NULL;
	struct filter_scratch *scratch;
	struct filter *f;
	struct fault why;
	size_t n;

	if (argc < 6)
		errx(2, "usage: judging FILE DIRECTORY ROUNDS KEY FILTER...");
	n = load(argv[1], lines);
	if (filter_open(&f, specs, (size_t)argc - 5, &directory, 1, &why) < 0)
		errx(1, "%s", why.text);
	scratch = filter_scratch_open(f);
	if (scratch == NULL)
		errx(1, "out of memory");
	for (int round = -WARM; round < atoi(argv[3]); round++) {
		double begun = cpu_us();

		for (int pass = 0; pass < PASSES; pass++)
			if (match_all(f, scratch, lines, n) != 0)
				errx(1, "a line is not innocent");
		if (round >= 0)
			printf("%s\t%.4f\tus\n", argv[4],
			       (cpu_us() - begun) / (double)(n * PASSES));
	}
	filter_scratch_close(scratch);
	filter_close(f);
	return 0;
}
