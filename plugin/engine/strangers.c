/* strangers: see strangers.h. */
#include "strangers.h"

#include <stdbool.h>

/* What is still in order: of what should be there, one in so many, and some. */
enum { SHARE = 128, SOME = 1000 };

void strangers_begin(struct strangers *s)
{
	s->now.n = s->now.excess = 0;
}

void strangers_note(struct strangers *s, const struct address *address)
{
	if (s->now.n < STRANGERS_KEPT)
		s->now.address[s->now.n] = *address;
	s->now.n++;
}

void strangers_count(struct strangers *s, size_t holds, size_t should)
{
	size_t excess = holds > should ? holds - should : 0;

	s->now.excess = excess > should / SHARE + SOME ? excess : 0;
}

static bool was_found(const struct strangers_found *f, const struct address *a)
{
	size_t n = f->n < STRANGERS_KEPT ? f->n : STRANGERS_KEPT;

	for (size_t i = 0; i < n; i++)
		if (address_equal(&f->address[i], a))
			return true;
	return false;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void strangers_conclude(struct strangers *s)
{
	s->n = 0;
	s->example = (struct address){.family = ADDRESS_NONE};
	for (size_t i = 0; i < s->now.n && i < STRANGERS_KEPT; i++)
		if (was_found(&s->before, &s->now.address[i]) && s->n++ == 0)
			s->example = s->now.address[i];
	/* Too many to tell apart, and too many to be a passing doubt. */
	if (s->now.n > STRANGERS_KEPT && s->before.n > STRANGERS_KEPT)
		s->n = s->now.n;
	if (s->n == 0)
		s->n = least(s->now.excess, s->before.excess);
	s->before = s->now;
}

void strangers_report(const struct strangers *s, const char *set, size_t before,
		      const struct report *report_to)
{
	char example[ADDRESS_TEXT];

	/* What is counted is never the same number twice. */
	if (s->n == 0 || s->n == before ||
	    (s->example.family == ADDRESS_NONE && before > 0))
		return;
	if (s->example.family == ADDRESS_NONE)
		report(report_to, REPORT_WARNING,
		       "set '%s' holds about %zu entries more than bans are "
		       "known; left alone, 'saslbanctl sync' looks for them",
		       set, s->n);
	else
		report(report_to, REPORT_WARNING,
		       "set '%s' holds %zu entr%s of which no ban is known, "
		       "as %s; left alone, 'saslbanctl unban' removes them",
		       set, s->n, s->n == 1 ? "y" : "ies",
		       address_print(&s->example, example));
}
