/* matcher: see matcher.h. */
#include "matcher.h"

#include <string.h>

#include "saslban/unmatched.h"

static const char *const words[OUTCOMES] = {
	[OUTCOME_NONE] = "none",         [OUTCOME_FAILURE] = "failure",
	[OUTCOME_DOUBTFUL] = "doubtful", [OUTCOME_SUMMARY] = "summary",
	[OUTCOME_SUCCESS] = "success",   [OUTCOME_TROUBLE] = "trouble",
};

static const enum outcome kinds[] = {
	[SIGHTING_NOTHING] = OUTCOME_NONE,
	[SIGHTING_SUCCESS] = OUTCOME_SUCCESS,
	[SIGHTING_TROUBLE] = OUTCOME_TROUBLE,
};

static const enum outcome sorts[] = {
	[SIGHTING_CLEAR] = OUTCOME_FAILURE,
	[SIGHTING_DOUBTFUL] = OUTCOME_DOUBTFUL,
	[SIGHTING_SUMMARY] = OUTCOME_SUMMARY,
};

struct refusal_row {
	const char *word;
	const char *words;
};

static const struct refusal_row refusals[] = {
	[REFUSED_IGNORED] = {"ignored", "ignoreregex matches"},
	[REFUSED_NAME] = {"name", "a host name instead of an address"},
	[REFUSED_ADDRESS] = {"address", "no address where one should be"},
	[REFUSED_SPECIAL] = {"special", "loopback, link-local, multicast or "
					"unspecified address"},
	[REFUSED_SESSION] = {"session", "no address yet from its session"},
	[REFUSED_ECHO] = {"echo", "the record before it said the same"},
	[REFUSED_PIECE] = {"piece", "a piece of a line, read with its rest"},
	[REFUSED_NO_FAILURE] = {"no-failure", "no failure, the rule says"},
	[REFUSED_KNOWN] = {"known", "known, and not to be counted"},
	[REFUSED_AMBIGUOUS] = {"ambiguous", "what the sender wrote "
					    "hides the address"},
	[REFUSED_CUT] = {"cut", "cut, or behind a record that was cut"},
};

enum outcome judge_outcome(const struct sighting *s)
{
	return s->kind == SIGHTING_FAILURE ? sorts[s->sort] : kinds[s->kind];
}

const char *judge_word(enum outcome outcome)
{
	return words[outcome];
}

const char *matcher_refusal_word(enum filter_refusal refusal)
{
	return refusals[refusal].word;
}

const char *matcher_refusal(enum filter_refusal refusal)
{
	return refusals[refusal].words;
}

size_t matcher_dirs(const struct cli *c, const struct settings *s,
		    const char *dirs[CLI_LIST])
{
	size_t n = 0;

	for (; n < c->path.n; n++)
		dirs[n] = c->path.at[n];
	for (; c->path.n == 0 && n < s->dirs; n++)
		dirs[n] = s->dir[n];
	return n;
}

static size_t specs_of(const struct cli *c, const struct settings *s,
		       const char *specs[CLI_LIST])
{
	size_t n = 0;

	for (; n < c->filter.n; n++)
		specs[n] = c->filter.at[n];
	for (; c->filter.n == 0 && n < s->filters; n++)
		specs[n] = s->filter[n];
	return n;
}

enum status matcher_open(struct matcher *j, const struct cli *c,
			 const struct settings *s)
{
	const char *dirs[CLI_LIST];
	struct fault why;
	size_t ndirs;

	j->filter = NULL;
	j->scratch = NULL;
	j->now = c->now;
	if (s != NULL)
		j->settings = *s;
	else
		settings_init(&j->settings);
	ndirs = matcher_dirs(c, &j->settings, dirs);
	j->specs = specs_of(c, &j->settings, j->spec);
	if (filter_open(&j->filter, j->spec, j->specs, dirs, ndirs, &why) < 0)
		return edge_fail(&why);
	j->scratch = filter_scratch_open(j->filter);
	if (j->scratch != NULL)
		return STATUS_OK;
	matcher_close(j);
	return edge_memory();
}

void matcher_close(struct matcher *j)
{
	filter_scratch_close(j->scratch);
	filter_close(j->filter);
}

static bool same_texts(const char *const *a, size_t n, const char *const *b,
		       size_t m)
{
	for (size_t i = 0; i < n && i < m; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return n == m;
}

bool matcher_fits(const struct matcher *j, const struct cli *c,
		  const struct settings *s)
{
	const char *ours[CLI_LIST], *theirs[CLI_LIST];
	size_t n = specs_of(c, s, theirs);

	if (!same_texts(j->spec, j->specs, theirs, n))
		return false;
	n = matcher_dirs(c, &j->settings, ours);
	return same_texts(ours, n, theirs, matcher_dirs(c, s, theirs));
}

struct watching {
	const struct filter_watch *outer; /* or NULL */
	struct judged *judged;
	bool known; /* a rule matches, whatever became of it */
};

static void see(void *context, const struct filter_step *step)
{
	struct watching *w = context;
	struct judged *j = w->judged;

	if (w->outer != NULL)
		w->outer->see(w->outer->context, step);
	if (step->kind != STEP_REFUSED)
		return;
	w->known = true;
	/* These are as they should be. */
	if (step->refusal == REFUSED_ECHO || step->refusal == REFUSED_PIECE ||
	    step->refusal == REFUSED_NO_FAILURE ||
	    step->refusal == REFUSED_KNOWN || j->refused)
		return;
	j->refused = true;
	j->refusal = step->refusal;
	memccpy(j->rule, step->rule, '\0', sizeof(j->rule));
}

/* The first word of the first filter's tags; it fits itself, a * as well. */
static struct slice file_tag(const struct matcher *j)
{
	static const char split[] = " \t\n,";

	for (size_t i = 0; i < filter_specs(j->filter); i++) {
		const char *tag = filter_file(j->filter, i);

		if (tag == NULL)
			continue;
		tag += strspn(tag, split);
		return (struct slice){tag, strcspn(tag, split)};
	}
	return (struct slice){"", 0};
}

void matcher_read(struct matcher *j, struct slice text, struct judged *out)
{
	struct logline *line = &out->line;
	struct slice tag = file_tag(j);

	rawline_parse(text.at, text.len, j->now, &j->raw);
	*line = j->raw.line;
	if (tag.len == 0 || !j->raw.dated || line->host.len > 0)
		return;
	line->tag = tag;
	line->msg = text;
	if (text.len > LOGLINE_MAX)
		line->msg.len = LOGLINE_MAX;
	line->text = line->msg;
}

void matcher_line(struct matcher *j, const struct filter_watch *watch,
		  struct judged *out)
{
	struct watching w = {.outer = watch, .judged = out};
	struct filter_watch inner = {see, &w, watch != NULL};

	out->sighting.kind = SIGHTING_NOTHING;
	out->refused = false;
	out->unmatched = NULL;
	if (filter_explain(j->filter, j->scratch, &out->line, &out->sighting,
			   &inner) != SIGHTING_NOTHING)
		out->refused = false; /* another filter took it */
	else if (!w.known)
		out->unmatched =
			unmatched_find(out->line.text.at, out->line.text.len);
}

bool matcher_sight(struct matcher *j, struct logline *line,
		   struct sighting *out)
{
	return filter_match(j->filter, j->scratch, line, out) !=
	       SIGHTING_NOTHING;
}

uint64_t matcher_unmatched(const struct matcher *j)
{
	struct spec_info info;
	uint64_t n = 0;

	for (size_t i = 0; i < filter_specs(j->filter); i++) {
		filter_spec(j->filter, i, &info);
		n += info.unmatched;
	}
	return n;
}
