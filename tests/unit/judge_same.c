/*
 * judge: the same verdicts, whether lines are judged one by one or many at
 * once, and whether rsyslogd is started anew between any two of them.
 *
 * Random traffic is judged in one go, then cut; all that the database says is
 * compared. What differs is cut down to the lines that matter, and told.
 */
#include "judgekit.h"
#include "random.h"
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 900 };

/* Everything is on, and small enough to happen often. */
static const char policy[] =
	"maxretry=4;findtime=2h;bantime=1h;bantime=8d;forget=32d;"
	"known.maxretry=5;known.window=30d;repeat.window=1d;"
	"account.hosts=4;account.window=6h;network.hosts=4;network.window=6h;"
	"trap=oracle;trap.hosts=2;breaker=3;breach=ban";

/* Between two lines. */
enum cut {
	CUT_NONE, /* one batch, if they came in the same second */
	CUT_BATCH,
	CUT_CATCH_UP, /* somebody has written to the store */
	CUT_RESTART
};

static const char dump[] =
	"SELECT 'offense', address, strike, at, until, failures, ground, why,"
	"  lifted FROM offense"
	" UNION ALL SELECT 'breach', host, user, at, last, count, kind, why, ''"
	"  FROM breach"
	" UNION ALL SELECT 'outage', since, opened, closed, '', '', '', '', ''"
	"  FROM outage"
	" UNION ALL SELECT 'failure', id, host, user, at, count, verdict, '',"
	"  '' FROM failure";

/* n lines, of which those count whose `out` is false. */
struct plan {
	const struct sighting *line;
	const enum cut *cut; /* before the line */
	const bool *out;
	size_t n;
};

static void do_cut(struct trial *c, enum cut cut)
{
	struct fault why = {.text = ""};

	if (cut == CUT_RESTART)
		trial_restart(c);
	else if (cut == CUT_CATCH_UP &&
		 judge_catch_up(c->judge, c->now.wall, &why) < 0)
		fail_msg("%s", why.text);
}

static void judge_all(struct trial *c, const struct sighting *batch, size_t n)
{
	static struct offense fresh[LINES + JUDGE_FRESH];

	if (n == 0)
		return;
	(void)trial_judge(c, batch, n, fresh);
	trial_upkeep(c, false);
}

static char *run(const struct plan *p)
{
	static struct sighting batch[LINES];
	struct trial c;
	size_t n = 0;
	char *said;

	trial_open(&c, policy);
	for (size_t i = 0; i < p->n; i++) {
		if (p->out != NULL && p->out[i])
			continue;
		if (p->line[i].arrived > c.now.wall || p->cut[i] != CUT_NONE) {
			judge_all(&c, batch, n);
			n = 0;
			do_cut(&c, p->cut[i]);
		}
		if (p->line[i].arrived > c.now.wall)
			trial_wait(&c, p->line[i].arrived - c.now.wall);
		batch[n++] = p->line[i];
	}
	judge_all(&c, batch, n);
	trial_upkeep(&c, true);
	said = trial_ask(&c, dump);
	trial_close(&c);
	return said;
}

/* ---- what differs, and why ---- */

static bool differs(const struct plan *p, const enum cut *other)
{
	struct plan q = *p;
	char *one = run(p), *two;
	bool differ;

	q.cut = other;
	two = run(&q);
	differ = strcmp(one, two) != 0;
	free(one);
	free(two);
	return differ;
}

/* Leaves out lines, and cuts, as long as it goes on differing. */
static void shrink(struct plan *p, enum cut *cut, bool *out)
{
	p->out = out;
	for (size_t step = p->n; step > 0; step /= 2)
		for (size_t i = 0; i < p->n; i += step) {
			bool was[LINES];

			memcpy(was, out, p->n * sizeof(*out));
			for (size_t k = i; k < p->n && k < i + step; k++)
				out[k] = true;
			if (!differs(p, cut))
				memcpy(out, was, p->n * sizeof(*out));
		}
	for (size_t i = 0; i < p->n; i++) {
		enum cut was = cut[i];

		cut[i] = CUT_NONE;
		if (!out[i] && was != CUT_NONE && !differs(p, cut))
			cut[i] = was;
	}
}

static void tell(const struct plan *p, const enum cut *cut, const char *said,
		 const char *other)
{
	static const char *const words[] = {"", "[batch]", "[catch up]",
					    "[restart]"};
	char address[ADDRESS_TEXT];

	for (size_t i = 0; i < p->n; i++) {
		const struct sighting *s = &p->line[i];

		if (p->out == NULL || !p->out[i])
			fprintf(stderr,
				"# %s +%lld (%lld) %s%d %s '%s' %s %s*%u %s\n",
				words[cut[i]], (long long)(s->arrived - NOW),
				(long long)(s->reported - s->arrived),
				s->kind == SIGHTING_FAILURE   ? "fail"
				: s->kind == SIGHTING_SUCCESS ? "ok"
							      : "trouble",
				s->sort, address_print(&s->address, address),
				s->user, s->service, s->session, s->count,
				s->guess);
	}
	fprintf(stderr, "# in one go:\n%s# cut:\n%s", said, other);
}

/* The first lines that differ. */
static void point(const char *said, const char *other)
{
	const char *a = said, *b = other;
	size_t n, m;

	while ((n = strcspn(a, "\n")) == (m = strcspn(b, "\n")) && n > 0 &&
	       strncmp(a, b, n) == 0) {
		a += n + 1;
		b += m + 1;
	}
	fprintf(stderr, "# in one go: %.*s\n# cut: %.*s\n", (int)n, a, (int)m,
		b);
}

/* ---- the tests ---- */

struct same_row {
	const char *title;
	unsigned of1000[CUT_RESTART + 1]; /* how often */
};

static const struct same_row same_rows[] = {
	{"one by one or many at once", {0, 500, 0, 0}},
	{"somebody else writes to the database", {0, 0, 100, 0}},
	{"rsyslogd is started anew now and then", {0, 0, 0, 20}},
	{"rsyslogd is started anew after every line", {0, 0, 0, 1000}},
	{"all of it", {0, 200, 100, 100}},
};

static enum cut draw_cut(const struct same_row *r, uint64_t *seed)
{
	uint64_t x = random_below(seed, 1000);

	for (int cut = CUT_BATCH; cut <= CUT_RESTART; cut++) {
		if (x < r->of1000[cut])
			return (enum cut)cut;
		x -= r->of1000[cut];
	}
	return CUT_NONE;
}

static void same_test(void **state)
{
	const struct same_row *r = *state;
	const char *from = getenv("SEED"), *rounds = getenv("ROUNDS");
	uint64_t first = from == NULL ? 1 : strtoull(from, NULL, 10);
	uint64_t last =
		first + (rounds == NULL ? 2 : strtoull(rounds, NULL, 10));

	for (uint64_t seed = first; seed < last; seed++) {
		static enum cut none[LINES], cut[LINES];
		static bool out[LINES];
		uint64_t cuts = seed;
		struct sighting *line = traffic(seed, NOW, LINES);
		struct plan p = {line, none, NULL, LINES};
		char *one, *two;

		assert_non_null(line);
		for (size_t i = 0; i < LINES; i++)
			cut[i] = draw_cut(r, &cuts);
		if (differs(&p, cut)) {
			memset(out, 0, sizeof(out));
			if (getenv("SHRINK") != NULL)
				shrink(&p, cut, out);
			one = run(&p);
			p.cut = cut;
			two = run(&p);
			if (getenv("SHRINK") != NULL)
				tell(&p, cut, one, two);
			point(one, two);
			fail_msg("seed %llu", (unsigned long long)seed);
		}
		free(line);
	}
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, same_rows, same_test);
	return _cmocka_run_group_tests("judge_same", tests, n, NULL, NULL);
}
