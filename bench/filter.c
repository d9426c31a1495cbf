/*
 * filter: what judging a line costs.
 *
 *	bench/filter SAMPLES DIRECTORY FILTER FILTER...
 *
 * The annotated lines of the sample files in SAMPLES (a glob pattern), as
 * innocent and guilty ones, through the filters, and through more and more of
 * them. Prints nanoseconds per line: the best of several rounds, because the
 * rest is other programs. The second table has the innocent lines of the first
 * two filters alone, and then lines of a host's many programs in turn, which
 * none of the filters but these two reads: with these two, with 13 and with all
 * filters. A filter for another service should cost them nothing. The last
 * table is the dearest line for each of some expressions made to backtrack.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

enum {
	LINES = 20000,
	ROUNDS = 15,
	TURNS = 150,    /* rounds that take turns, so that the disturbance of
			 * other programs is shared */
	THIRTEEN = 13,  /* filters that there were before others came */
	IN_TURN = 2000, /* lines */
	LINE_BYTES = 16384,
	NOW = 1800000000
};

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

static double round_of(const struct filter *f, struct filter_scratch *scratch,
		       const struct lines *l)
{
	double start = clock_ns();
	struct sighting s;

	for (size_t i = 0; i < l->n; i++)
		(void)filter_match(f, scratch, &l->at[i]->line, &s);
	return (clock_ns() - start) / (double)(l->n + (l->n == 0));
}

static double cost(const struct filter *f, struct filter_scratch *scratch,
		   const struct lines *l)
{
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double ns = round_of(f, scratch, l);

		if (ns < best)
			best = ns;
	}
	return best;
}

static struct filter *open_filters(const char *directory,
				   const char *const *specs, size_t n,
				   struct filter_scratch **scratch)
{
	struct filter *f;
	struct fault why;

	if (filter_open(&f, specs, n, &directory, 1, &why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	*scratch = filter_scratch_open(f);
	if (*scratch == NULL)
		exit(1);
	return f;
}

/* ---- what other services' filters cost ---- */

static void measure_others(const char *title, const char *directory,
			   const char *const *specs, size_t n,
			   const struct lines *innocent)
{
	const size_t sizes[] = {2, n < THIRTEEN ? n : THIRTEEN, n};
	struct filter_scratch *scratch[3];
	struct filter *f[3];
	double best[3] = {1e18, 1e18, 1e18};

	for (size_t i = 0; i < 3; i++)
		f[i] = open_filters(directory, specs, sizes[i], &scratch[i]);
	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < 3; i++) {
			double ns = round_of(f[i], scratch[i], innocent);

			if (ns < best[i])
				best[i] = ns;
		}
	printf("\n%zu innocent lines of %s\n", innocent->n, title);
	printf("filters  ns / line  of the two\n");
	for (size_t i = 0; i < 3; i++) {
		printf("%7zu %10.1f %10.1f%%\n", sizes[i], best[i],
		       100 * best[i] / best[0]);
		filter_scratch_close(scratch[i]);
		filter_close(f[i]);
	}
}

/* Programs of a mail host. Two of them in one place of the memory for programs
 * would show here. */
static const char *const programs[] = {
	"postfix/smtpd",
	"postfix/cleanup",
	"postfix/qmgr",
	"postfix/smtp",
	"postfix/lmtp",
	"postfix/postscreen",
	"postfix/anvil",
	"postfix/bounce",
	"postfix/scache",
	"postfix/tlsproxy",
	"postfix/dnsblog",
	"postfix/pickup",
	"postfix/local",
	"postfix/virtual",
	"postfix/trivial-rewrite",
	"dovecot",
	"rspamd",
	"CRON",
	"systemd",
	"systemd-logind",
	"named",
	"kernel",
	"cron",
	"opendkim",
	"opendmarc",
	"clamd",
	"freshclam",
	"mysqld",
	"redis",
	"unattended-upgrade",
	"dbus-daemon",
	"chronyd",
	"postfix/submission/smtpd",
};

static void make_turns(struct lines *out)
{
	const size_t n = sizeof(programs) / sizeof(programs[0]);
	unsigned state = 1;
	char text[256];

	for (size_t i = 0; i < IN_TURN; i++) {
		state = state * 1103515245 + 12345;
		snprintf(text, sizeof(text),
			 "Nov 20 04:58:34 mx %s[%zu]: connect from "
			 "mail-%zu.example.org[198.51.100.7]",
			 programs[(state >> 16) % n], 100 + i, i);
		add(out, text);
	}
}

static void measure(const char *directory, const char *const *specs, size_t n,
		    const struct lines *innocent, const struct lines *guilty)
{
	struct filter_scratch *scratch;
	struct filter *f = open_filters(directory, specs, n, &scratch);

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

/* Has the file that filter's name? */
static bool is_of(const char *path, const char *filter)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;

	return strncmp(base, filter, strlen(filter)) == 0 &&
	       base[strlen(filter)] == '.';
}

int main(int argc, char **argv)
{
	const char *const *args = (const char *const *)argv;
	static struct lines innocent, guilty, two, turns, unused;
	glob_t found;

	if (argc < 5 || glob(argv[1], 0, NULL, &found) != 0) {
		fprintf(stderr, "usage: filter SAMPLES DIRECTORY FILTER "
				"FILTER...\n");
		return 2;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		load(found.gl_pathv[i], &innocent, &guilty);
		if (is_of(found.gl_pathv[i], args[3]) ||
		    is_of(found.gl_pathv[i], args[4]))
			load(found.gl_pathv[i], &two, &unused);
	}
	globfree(&found);
	printf("%zu innocent lines, %zu guilty ones\n\n", innocent.n, guilty.n);
	printf("filters   rules  ns / innocent  ns / guilty\n");
	for (size_t n = 1; n < (size_t)argc - 3; n *= 2)
		measure(argv[2], args + 3, n, &innocent, &guilty);
	measure(argv[2], args + 3, (size_t)argc - 3, &innocent, &guilty);
	make_turns(&turns);
	measure_others("the first two", argv[2], args + 3, (size_t)argc - 3,
		       &two);
	measure_others("many programs in turn", argv[2], args + 3,
		       (size_t)argc - 3, &turns);
	printf("\nmicroseconds for a line of 100, 300, 1000, 3000, %d bytes\n",
	       LOGLINE_MAX);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++)
		torment(evil[i]);
	return 0;
}
