/*
 * filter: what judging a line costs.
 *
 *	bench/filter SAMPLES DIRECTORY FILTER...
 *
 * The annotated lines of the sample files in SAMPLES (a glob pattern), as
 * innocent and guilty ones, through the filters, and through more and more of
 * them. Prints nanoseconds per line: the best of several rounds, because the
 * rest is other programs. The last table is the dearest line for each of some
 * expressions made to backtrack.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

enum { LINES = 20000, ROUNDS = 15, LINE_BYTES = 16384, NOW = 1800000000 };

struct lines {
	struct rawline *at[LINES];
	size_t n;
};

static double clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void add(struct lines *l, const char *text)
{
	struct rawline *r = malloc(sizeof(*r));

	if (r == NULL || l->n == LINES)
		exit(1);
	rawline_parse(text, strlen(text), NOW, r);
	l->at[l->n++] = r;
}

static void load(const char *path, struct lines *innocent, struct lines *guilty)
{
	static char text[LINE_BYTES];
	FILE *in = fopen(path, "r");
	char kind = 'n'; /* a plain log file is innocent */

	if (in == NULL)
		exit(1);
	while (fgets(text, sizeof(text), in) != NULL) {
		if (text[0] == '#') {
			if (strncmp(text, "# filter", 8) == 0)
				break;
			kind = text[1] == ' ' ? text[2] : kind;
		} else if (text[0] != '\n') {
			add(kind == 'n' ? innocent : guilty, text);
		}
	}
	fclose(in);
}

static double cost(const struct filter *f, struct filter_scratch *scratch,
		   const struct lines *l)
{
	struct sighting s;
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double start = clock_ns();

		for (size_t i = 0; i < l->n; i++)
			(void)filter_match(f, scratch, &l->at[i]->line, &s);
		start = (clock_ns() - start) / (double)(l->n + (l->n == 0));
		if (start < best)
			best = start;
	}
	return best;
}

static void measure(const char *directory, const char *const *specs, size_t n,
		    const struct lines *innocent, const struct lines *guilty)
{
	struct filter_scratch *scratch;
	struct filter *f;
	struct fault why;

	if (filter_open(&f, specs, n, &directory, 1, &why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	scratch = filter_scratch_open(f);
	if (scratch == NULL)
		exit(1);
	printf("%7zu %7zu %14.0f %12.0f\n", n, filter_rules(f),
	       cost(f, scratch, innocent), cost(f, scratch, guilty));
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- made to backtrack ---- */

static const char *const evil[] = {
	"^ ?(?:a+)+$ <HOST>",
	"(?:a+)+$ <HOST>",
	"^ ?(a|aa)+$ <HOST>",
	"(.*)(.*)(.*)(.*)(.*)xz*Q?$|<HOST>",
	"^ ?(?:.*a){12}$|^<HOST>x",
	"\\S+\\s*\\S+\\s*\\S+x$|<HOST>x",
	"(?=(a+))a*b\\1|<HOST>y",
	"(?:(?:a*)*)*b|<HOST>y",
	"[^z]*[^z]*[^z]*[^z]*xa|<HOST>y",
	"^ ?(([a-z])+.)+[A-Z]([a-z])+$|<HOST>y",
	"(?:.*?,){11}P|<HOST>y",
};

static void torment(const char *regex)
{
	static char text[LOGLINE_MAX + 1];
	static const size_t sizes[] = {100, 300, 1000, 3000, LOGLINE_MAX};
	char path[] = "/tmp/saslban-bench-XXXXXX";
	const char *spec = path;
	int fd = mkstemp(path);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	struct filter_scratch *scratch;
	struct rule_info info;
	struct filter *f;
	struct fault why;

	if (out == NULL)
		exit(1);
	fprintf(out, "[Definition]\nfailregex = %s\n", regex);
	fclose(out);
	if (filter_open(&f, &spec, 1, NULL, 0, &why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	unlink(path);
	scratch = filter_scratch_open(f);
	printf("%-40s", regex);
	for (size_t i = 0; i < 5; i++) {
		struct lines one = {.n = 0};

		memset(text, 'a', sizes[i]);
		memcpy(text + sizes[i] - 8, "xybPA,!!", 8);
		text[sizes[i]] = '\0';
		add(&one, text);
		printf(" %8.1f", cost(f, scratch, &one) / 1000);
		free(one.at[0]);
	}
	filter_rule(f, 0, &info);
	printf("  %s\n", info.overruns > 0 ? "overran" : "");
	filter_scratch_close(scratch);
	filter_close(f);
}

int main(int argc, char **argv)
{
	const char *const *args = (const char *const *)argv;
	static struct lines innocent, guilty;
	glob_t found;

	if (argc < 4 || glob(argv[1], 0, NULL, &found) != 0) {
		fprintf(stderr, "usage: filter SAMPLES DIRECTORY FILTER...\n");
		return 2;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		load(found.gl_pathv[i], &innocent, &guilty);
	globfree(&found);
	printf("%zu innocent lines, %zu guilty ones\n\n", innocent.n, guilty.n);
	printf("filters   rules  ns / innocent  ns / guilty\n");
	for (size_t n = 1; n < (size_t)argc - 3; n *= 2)
		measure(argv[2], args + 3, n, &innocent, &guilty);
	measure(argv[2], args + 3, (size_t)argc - 3, &innocent, &guilty);
	printf("\nmicroseconds for a line of 100, 300, 1000, 3000, %d bytes\n",
	       LOGLINE_MAX);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++)
		torment(evil[i]);
	return 0;
}
