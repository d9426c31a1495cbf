/* scenario_run: a scenario in one of its variants, see scenario.h. */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/exempt.h"
#include "saslban/failure.h"
#include "scenario_stage.h"

enum {
	RESTARTS = 25,
	/* of one run, about */ TOLD = 3 /* wrong verdicts, at most */
};

struct run {
	const struct scenario *scenario;
	const struct variant *variant;
	struct stage stage;
	int64_t seen; /* the latest failure's id */
	struct sighting batch[BATCH];
	size_t n;
	unsigned wrong; /* verdicts */
};

/* ---- lines ---- */

static int flush(struct run *r, size_t *fresh)
{
	size_t n = r->n;

	r->n = 0;
	*fresh = 0;
	if (n == 0)
		return 0;
	return stage_judge(&r->stage, r->batch, n, fresh);
}

struct latest {
	int64_t id;
	enum verdict_kind verdict;
};

static int see_latest(void *context, const struct failure *f)
{
	struct latest *l = context;

	if (f->id > l->id)
		*l = (struct latest){f->id, f->verdict};
	return 0;
}

/* What became of the line that came last. Late and old ones may have got no
 * row of their own: then they are what they were before. */
static const char *verdict_of_latest(struct run *r, const struct step *step,
				     size_t fresh)
{
	struct latest l = {.id = r->seen};
	static const char *const kinds[] = {[SIGHTING_NOTHING] = "none",
					    [SIGHTING_SUCCESS] = "ok",
					    [SIGHTING_TROUBLE] = "trouble"};

	if (step->sighting.kind != SIGHTING_FAILURE)
		return kinds[step->sighting.kind];
	if (failure_recent(r->stage.store, r->stage.jail, 0, see_latest, &l,
			   &r->stage.why) < 0)
		return "unreadable";
	if (l.id == r->seen)
		return exempt_find(r->stage.exempt, &step->sighting.address,
				   NULL)
			       ? "exempt"
			       : "folded";
	r->seen = l.id;
	return fresh > 0 ? "ban" : verdict_word(l.verdict);
}

static void check_verdict(struct run *r, const struct step *step, size_t fresh)
{
	const char *got = verdict_of_latest(r, step, fresh);

	if (step->verdict[0] == '\0' || strcmp(step->verdict, got) == 0)
		return;
	r->wrong++;
	if (r->wrong > TOLD)
		return;
	complain(r->scenario, step->line, "line by line: expected %s, got %s",
		 step->verdict, got);
}

static void take(struct run *r, const struct step *step)
{
	struct sighting *s = &r->batch[r->n++];

	*s = step->sighting;
	s->arrived = stage_wall(&r->stage);
	s->reported = START + r->stage.shifted + step->told;
}

static int other_step(struct run *r, const struct step *step)
{
	switch (step->kind) {
	case STEP_RESTART:
		return stage_restart(&r->stage, false);
	case STEP_KILL:
		return stage_restart(&r->stage, true);
	case STEP_CLOCK:
		return stage_set_clock(&r->stage, step->seconds);
	case STEP_PARDON:
	case STEP_BAN:
		return stage_by_hand(&r->stage, step);
	case STEP_SET:
		return stage_set(&r->stage, step->value);
	default:
		return 0;
	}
}

/* More of the same second are to come. */
static bool goes_on(const struct run *r, size_t i)
{
	const struct scenario *s = r->scenario;

	return r->variant->kind == VARIANT_BATCHED && i + 1 < s->n &&
	       s->step[i + 1].at == s->step[i].at &&
	       s->step[i + 1].kind == STEP_SIGHTING && r->n < BATCH;
}

static int one_step(struct run *r, size_t i)
{
	const struct step *step = &r->scenario->step[i];
	size_t fresh;

	if (step->kind != STEP_SIGHTING)
		return other_step(r, step);
	take(r, step);
	if (goes_on(r, i))
		return 0;
	if (flush(r, &fresh) < 0)
		return -1;
	if (r->variant->kind == VARIANT_PLAIN)
		check_verdict(r, step, fresh);
	return 0;
}

/* ---- variants ---- */

/* What the variant wants to happen before a step. Who is killed may lose the
 * logins of the last seconds; that is said elsewhere. */
static int disturb(struct run *r, size_t i)
{
	const struct variant *v = r->variant;
	bool here = i == v->place;

	switch (v->kind) {
	case VARIANT_RESTART:
		return here ? stage_restart(&r->stage, false) : 0;
	case VARIANT_RESTARTS:
		return i % (1 + r->scenario->n / RESTARTS) == 0
			       ? stage_restart(&r->stage, false)
			       : 0;
	case VARIANT_KILL:
		return here && judge_due(r->stage.judge,
					 stage_now(&r->stage)) == INT64_MAX
			       ? stage_restart(&r->stage, true)
			       : 0;
	case VARIANT_CLOCK:
		return here ? stage_set_clock(&r->stage, v->seconds) : 0;
	default:
		return 0;
	}
}

/* All that came since the beginning comes at the end, the last one first. */
static int run_reversed(struct run *r, size_t first)
{
	const struct scenario *s = r->scenario;
	size_t fresh;

	if (first < s->n && stage_pass(&r->stage, s->step[s->n - 1].at) < 0)
		return -1;
	for (size_t i = s->n; i-- > first;) {
		if (s->step[i].kind != STEP_SIGHTING)
			continue;
		take(r, &s->step[i]);
		if (flush(r, &fresh) < 0)
			return -1;
	}
	return 0;
}

static int run_steps(struct run *r)
{
	const struct scenario *s = r->scenario;

	for (size_t i = 0; i < s->n; i++) {
		if (r->variant->kind == VARIANT_REVERSED && s->step[i].at >= 0)
			return run_reversed(r, i);
		if (r->n == 0 && (stage_pass(&r->stage, s->step[i].at) < 0 ||
				  disturb(r, i) < 0))
			return -1;
		if (one_step(r, i) < 0)
			return -1;
	}
	return 0;
}

static bool finish(struct run *r, const struct results *expected,
		   struct results *out)
{
	size_t bans = 0;

	if (!results_read(r->stage.store, r->stage.jail, r->stage.at,
			  r->stage.shifted, expected, out)) {
		complain(r->scenario, r->scenario->line,
			 "the store cannot be read, or too much came");
		return false;
	}
	for (size_t i = 0; i < out->n; i++)
		bans += strncmp(out->row[i].text, "ban ", 4) == 0 ||
			strncmp(out->row[i].text, "observed ", 9) == 0;
	if (bans == r->stage.bans)
		return r->wrong == 0;
	complain(r->scenario, r->scenario->line,
		 "the judge has told of %zu bans, the store has %zu",
		 r->stage.bans, bans);
	return false;
}

bool scenario_run(const struct scenario *s, const struct variant *v,
		  struct results *out)
{
	const struct results *expected = v->same ? &s->expected : &v->expected;
	struct run *r = calloc(1, sizeof(*r));
	bool fine = false;

	if (r == NULL)
		return false;
	r->scenario = s;
	r->variant = v;
	if (stage_open(&r->stage, &s->settings, s->step[0].at) == 0 &&
	    run_steps(r) == 0)
		fine = finish(r, expected, out);
	else
		complain(s, s->line, "%s", r->stage.why.text);
	stage_close(&r->stage);
	free(r);
	return fine;
}
