/*
 * judging: one filter file and lines for it, for the tests of filter.
 */
#ifndef SASLBAN_TESTS_JUDGING_H
#define SASLBAN_TESTS_JUDGING_H

#include "row.h"

#include <stdio.h>
#include <string.h>

#include "saslban/filter.h"
#include "scratchdir.h"

#define OWN "[Definition]\ndaemon = d\n"
#define FOREIGN "[Definition]\n"
#define OR_DASH(text) ((text)[0] == '\0' ? "-" : (text))

/* Verdict, address, user, count, mech, session, code, rule; and what was
 * guessed, if it is known. */
static inline const char *answer(enum sighting_kind kind,
				 const struct sighting *s, char *out,
				 size_t size)
{
	static const char *const names[] = {[SIGHTING_NOTHING] = "none",
					    [SIGHTING_FAILURE] = "fail",
					    [SIGHTING_SUCCESS] = "ok",
					    [SIGHTING_TROUBLE] = "trouble"};
	static const char *const sorts[] = {[SIGHTING_CLEAR] = "fail",
					    [SIGHTING_DOUBTFUL] = "doubtful",
					    [SIGHTING_SUMMARY] = "summary"};
	bool failure = kind == SIGHTING_FAILURE;
	char ip[ADDRESS_TEXT] = "-";

	if (kind == SIGHTING_NOTHING)
		return "none";
	if (s->address.family != ADDRESS_NONE)
		address_print(&s->address, ip);
	snprintf(out, size, "%s %s %s %u %s %s %s %s%s%s",
		 failure ? sorts[s->sort] : names[kind], ip, OR_DASH(s->user),
		 s->count, OR_DASH(s->mech), OR_DASH(s->session),
		 OR_DASH(s->code), s->rule, s->guess[0] == '\0' ? "" : " ",
		 s->guess);
	return out;
}

/* text is HOST|TAG MSG. */
static inline void cut(struct logline *l, const char *text, int64_t at)
{
	const char *bar = strchr(text, '|');

	memset(l, 0, sizeof(*l));
	l->arrived = l->reported = at;
	l->host = (struct slice){text, (size_t)(bar - text)};
	logline_cut(l, bar + 1, strlen(bar + 1));
}

/* The filter gives this answer to the line. */
static inline void judge_line(const struct filter *f, struct filter_scratch *s,
			      struct logline *line, const char *wanted)
{
	struct sighting seen;
	enum sighting_kind kind = filter_match(f, s, line, &seen);
	char got[512];

	assert_string_equal(answer(kind, &seen, got, sizeof(got)), wanted);
}

/* The file as filter x. */
static inline struct filter *open_one(const char *file, struct fault *why)
{
	static const char *const here[] = {"."};
	const char *spec = "x";
	struct filter *f = NULL;
	struct scratchdir d;

	scratchdir_open(&d);
	scratchdir_put(&d, "x.conf", file);
	(void)filter_open(&f, &spec, 1, here, 1, why);
	scratchdir_close(&d);
	return f;
}

#endif
