/* court: see court.h. */
#include "court.h"

void court_init(struct court *c, const struct settings *settings,
		struct events *events)
{
	*c = (struct court){
		.settings = settings, .events = events, .unsure = true};
}

void court_close(struct court *c)
{
	judge_close(c->judge);
	c->judge = NULL;
	c->unsure = true;
}

int court_open(struct court *c, const struct exempt *exempt,
	       struct store *store, int64_t jail, struct moment now,
	       struct fault *why)
{
	struct judge *old = c->judge, *judge = NULL;

	c->unsure = true;
	if (judge_open(&judge, c->settings, exempt, store, jail, now, why) < 0)
		return -1;
	if (old != NULL && judge_inherit(judge, old, why) < 0) {
		judge_close(judge);
		return -1;
	}
	judge_close(old);
	c->judge = judge;
	c->unsure = false;
	return 0;
}

static int tell(struct court *c, int result, struct moment now)
{
	enum report_level level;
	const char *text;
	struct event e;

	if (result < 0) {
		c->unsure = judge_is_tainted(c->judge);
		return -1;
	}
	for (size_t i = 0; judge_news(c->judge, i, &level, &text); i++) {
		judge_event(c->judge, i, &e);
		events_tell(c->events, level, &e, now, "%s", text);
	}
	events_lose(c->events, judge_left_out(c->judge));
	return 0;
}

int court_judge(struct court *c, const struct sighting *batch, size_t n,
		struct moment now, struct offense *fresh, size_t *nfresh,
		struct fault *why)
{
	return tell(c, judge_batch(c->judge, batch, n, now, fresh, nfresh, why),
		    now);
}

int court_upkeep(struct court *c, struct moment now, bool all,
		 struct offense *fresh, size_t *nfresh, struct fault *why)
{
	return tell(c, judge_upkeep(c->judge, now, all, fresh, nfresh, why),
		    now);
}

int64_t court_due(const struct court *c, struct moment now)
{
	return c->judge == NULL ? INT64_MAX : judge_due(c->judge, now);
}
