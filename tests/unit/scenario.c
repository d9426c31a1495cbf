/*
 * scenario: every scenario of tests/scenarios, in every way in which its lines
 * may come. Prints TAP. Files may be named on the command line.
 */
#include "scenario.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME = 64,  /* of a variant, with NUL */
	PLACES = 4, /* at which a scenario is broken off, at most */
	ALL = STEPS /* ... if its file was named: at each */
};

struct tally {
	size_t places;
	unsigned scenarios, wrong, runs;
};

static char *name_of(const struct scenario *s, const struct variant *v,
		     char out[NAME])
{
	unsigned line = v->place < s->n ? s->step[v->place].line : 0;
	char text[64];

	switch (v->kind) {
	case VARIANT_PLAIN:
		snprintf(out, NAME, "line by line");
		break;
	case VARIANT_BATCHED:
		snprintf(out, NAME, "in batches");
		break;
	case VARIANT_RESTART:
		snprintf(out, NAME, "restart before line %u (step %zu)", line,
			 v->place);
		break;
	case VARIANT_KILL:
		snprintf(out, NAME, "killed before line %u (step %zu)", line,
			 v->place);
		break;
	case VARIANT_RESTARTS:
		snprintf(out, NAME, "restarts everywhere");
		break;
	case VARIANT_REVERSED:
		snprintf(out, NAME, "reversed");
		break;
	case VARIANT_CLOCK:
		snprintf(out, NAME, "clock set by %s before line %u",
			 time_print(v->seconds, text), line);
		break;
	}
	return out;
}

/* False when something else came. */
static bool run_one(const struct scenario *s, const struct variant *v,
		    struct tally *t)
{
	static struct results got;
	char name[NAME];

	t->runs++;
	name_of(s, v, name);
	if (!scenario_run(s, v, &got)) {
		complain(s, s->line, "%s: went wrong", name);
		return false;
	}
	return results_compare(s, name, v->same ? &s->expected : &v->expected,
			       &got,
			       v->kind == VARIANT_REVERSED ||
				       v->kind == VARIANT_CLOCK) == 0;
}

static bool run_kind(const struct scenario *s, enum variant_kind kind,
		     size_t place, struct tally *t)
{
	const struct variant v = {.kind = kind, .place = place, .same = true};

	return run_one(s, &v, t);
}

/* Broken off at every place, or, if they are many, at some of them, spread
 * over all. */
static bool run_broken(const struct scenario *s, enum variant_kind kind,
		       struct tally *t)
{
	size_t places = s->n < t->places ? s->n : t->places;

	for (size_t i = 1; i < places; i++)
		if (!run_kind(s, kind, i * s->n / places, t))
			return false;
	return true;
}

static bool run_all(struct scenario *s, struct tally *t)
{
	bool fine = run_kind(s, VARIANT_PLAIN, 0, t);

	if (!fine)
		return false;
	fine = run_kind(s, VARIANT_BATCHED, 0, t);
	fine = run_kind(s, VARIANT_RESTARTS, 0, t) && fine;
	fine = run_broken(s, VARIANT_RESTART, t) && fine;
	fine = run_broken(s, VARIANT_KILL, t) && fine;
	for (size_t i = 0; i < s->variants; i++) {
		s->variant[i].place = (s->n + 1) / 2;
		fine = run_one(s, &s->variant[i], t) && fine;
	}
	return fine;
}

static void run_file(const char *path, const char *filters, struct tally *t)
{
	struct reader *r = reader_open(path, filters);
	static struct scenario s;
	int more;

	while (r != NULL && (more = reader_next(r, &s)) != 0) {
		bool fine = more > 0 && run_all(&s, t);

		t->scenarios++;
		t->wrong += !fine;
		printf("%s %u - %s\n", fine ? "ok" : "not ok", t->scenarios,
		       s.name);
		fflush(stdout);
		free(s.step);
	}
	t->wrong += r == NULL;
	reader_close(r);
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	char pattern[1024], filters[1024];
	struct tally t = {.places = argc > 1 ? ALL : PLACES};
	glob_t found = {0};

	if (srcdir == NULL)
		srcdir = ".";
	snprintf(filters, sizeof(filters), "%s/filter.d", srcdir);
	snprintf(pattern, sizeof(pattern), "%s/tests/scenarios/*.txt", srcdir);
	for (int i = 1; i < argc; i++)
		run_file(argv[i], filters, &t);
	if (argc == 1 && glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			run_file(found.gl_pathv[i], filters, &t);
	globfree(&found);
	printf("1..%u\n# %u runs\n", t.scenarios, t.runs);
	return t.wrong == 0 && t.scenarios > 0 ? 0 : 1;
}
