/*
 * match: one line through the rules of one filter.
 *
 * Runs on rsyslog's workers, several at once; writes to the worker's scratch,
 * to the counters of the rules and, behind their locks, to what filters
 * remember of earlier records.
 */
#include "saslban/filter.h"

#include <string.h>

#include "characters.h"
#include "compiled.h"
#include "conclude.h"
#include "count.h"
#include "cuts.h"
#include "dating.h"
#include "dispatch.h"
#include "explain.h"
#include "known.h"
#include "memories.h"
#include "repeated.h"
#include "rule.h"
#include "ruleset.h"
#include "scratch.h"
#include "sieve.h"

enum {
	/* Text this long may have been cut: by us, or by rsyslogd, whose limit
	 * of 8 KiB counts the header too. */
	CUT_FROM = LOGLINE_MAX - 300,
	REPEATED_MAX = 800 /* rsyslogd cuts what it reports as repeated */
};

/* fail2ban's expressions see the rest of a log file's line behind its date,
 * and a newline at the end. A line without a host name was read from a file,
 * and its text is that rest; brackets around the date stay there, empty. */
static struct slice file_form(struct filter_scratch *s, struct logline *line,
			      bool bracketed)
{
	size_t host, text, n = 0;

	logline_need(line, LOGLINE_HOST | LOGLINE_TEXT);
	host = line->host.len;
	text = line->text.len;
	if (host > SUBJECT_MAX - LOGLINE_MAX - 5)
		host = 0;
	if (text > LOGLINE_MAX)
		text = LOGLINE_MAX;
	if (bracketed) {
		s->subject[n++] = '[';
		s->subject[n++] = ']';
	}
	if (host > 0) {
		s->subject[n++] = ' ';
		memcpy(s->subject + n, line->host.at, host);
		n += host;
		s->subject[n++] = ' ';
	}
	if (text > 0)
		memcpy(s->subject + n, line->text.at, text);
	n += text;
	if (s->restoring)
		s->subject[n++] = ' ';
	s->subject[n++] = '\n';
	return (struct slice){s->subject, n};
}

/* Filters of ours see the message alone. */
static struct slice own_form(struct filter_scratch *s,
			     const struct logline *line)
{
	size_t n = line->msg.len;

	if (!s->restoring)
		return line->msg;
	memcpy(s->restored, line->msg.at, n);
	s->restored[n] = ' ';
	return (struct slice){s->restored, n + 1};
}

static enum sighting_kind
match_rulesets(const struct filter *f, struct filter_scratch *s,
	       uint64_t rulesets, struct slice subject, struct logline *line,
	       struct sighting *out)
{
	enum sighting_kind kind = SIGHTING_NOTHING;
	uint64_t wide = rulesets & f->unicode;
	struct slice characters = {NULL, 0};

	if (wide != 0 && characters_beyond(subject))
		characters = characters_of(subject, s->characters);
	else
		wide = 0;
	if ((rulesets & f->borrowed) != 0)
		s->borrowed_text = subject;
	else if (rulesets != 0)
		s->own_text = subject;
	for (; rulesets != 0 && kind == SIGHTING_NOTHING;
	     rulesets &= rulesets - 1) {
		s->wide = (wide & rulesets & -rulesets) != 0;
		kind = ruleset_match(f->ruleset[__builtin_ctzll(rulesets)], s,
				     s->wide ? characters : subject, line, out);
	}
	s->wide = false;
	return kind;
}

/* The filters that see each line of every program. */
static enum sighting_kind match_everyone(const struct filter *f,
					 struct filter_scratch *s,
					 struct logline *line,
					 struct sighting *out)
{
	struct slice form = file_form(s, line, false);

	return match_rulesets(f, s, f->always | sieve_scan(f->sieve, form),
			      form, line, out);
}

/* May the record be a sender's text from its first byte, because its program's
 * logger has cut the one before? Then no filter at all may read it. Where a
 * cut cannot be seen, because blanks are missing, any record may be. What
 * somebody else wrote is no record of that program. */
static bool doubted(const struct filter *f, struct filter_scratch *s,
		    uint64_t rulesets, struct logline *line)
{
	for (; rulesets != 0 && !s->restoring; rulesets &= rulesets - 1) {
		const struct ruleset *r = f->ruleset[__builtin_ctzll(rulesets)];

		logline_need(line, LOGLINE_INPUT);
		if (!line->stripped) {
			if (line->msg.len < r->source->cut &&
			    cuts_idle(r->memories->cuts))
				continue;
			logline_need(line, LOGLINE_HOST | LOGLINE_TIMES |
						   LOGLINE_ORIGIN);
			if (line->foreign || !cuts_doubt(r->memories->cuts,
							 line, r->source->cut))
				continue;
		}
		s->doubted = true;
		if (s->explaining != NULL)
			explain_cut(s, r);
	}
	return s->doubted;
}

/* A line of a file, in s->raw, behind its date. When a syslog daemon wrote that
 * file, its lines have a host name and a tag, and a filter that names its
 * programs wants to see them there. */
static enum sighting_kind match_raw(const struct filter *f,
				    struct filter_scratch *s, uint64_t rulesets,
				    const struct logline *line,
				    struct sighting *out)
{
	struct logline *inner = &s->raw.line;
	enum sighting_kind kind;

	inner->arrived = line->arrived;
	inner->foreign = line->foreign;
	inner->lacks = line->lacks & LOGLINE_ORIGIN;
	inner->fetch = line->fetch;
	inner->source = line->source;
	if (inner->host.len > 0)
		rulesets &= f->borrowed | dispatch(f, s, inner->tag).lines;
	else
		inner->tag = line->tag;
	if (doubted(f, s, rulesets & f->cutting, inner))
		return SIGHTING_NOTHING;
	kind = match_rulesets(f, s, rulesets & ~f->borrowed, own_form(s, inner),
			      inner, out);
	if (kind == SIGHTING_NOTHING && (rulesets & f->borrowed) != 0)
		kind = match_rulesets(f, s, rulesets & f->borrowed,
				      file_form(s, inner, s->raw.bracketed),
				      inner, out);
	return kind;
}

/* The message is a whole line of a log file that rsyslogd reads: its own date
 * is cut and is the time that counts. Filters with a datepattern find it each
 * in their own way. */
static enum sighting_kind match_file(const struct filter *f,
				     struct filter_scratch *s,
				     uint64_t rulesets, struct logline *line,
				     struct sighting *out)
{
	uint64_t dated = rulesets & f->dated;
	enum sighting_kind kind = SIGHTING_NOTHING;

	logline_need(line, LOGLINE_TIMES);
	rulesets &= ~dated;
	if (rulesets != 0) {
		rawline_parse(line->msg.at, line->msg.len, line->arrived,
			      &s->raw);
		if (s->raw.dated)
			kind = match_raw(f, s, rulesets, line, out);
	}
	for (; dated != 0 && kind == SIGHTING_NOTHING; dated &= dated - 1)
		if (dating_cut(f->ruleset[__builtin_ctzll(dated)]->dating, s,
			       line, &s->raw))
			kind = match_raw(f, s, dated & -dated, line, out);
	return kind;
}

static enum sighting_kind match_line(const struct filter *f,
				     struct filter_scratch *s,
				     struct readers readers,
				     struct logline *line, struct sighting *out)
{
	enum sighting_kind kind;

	if (doubted(f, s, readers.lines & f->cutting, line))
		return SIGHTING_NOTHING;
	kind = match_rulesets(f, s, readers.lines & ~f->borrowed,
			      own_form(s, line), line, out);
	if (kind == SIGHTING_NOTHING && readers.files != 0)
		kind = match_file(f, s, readers.files, line, out);
	if (kind == SIGHTING_NOTHING && (readers.lines & f->everyone) != 0 &&
	    !s->doubted)
		kind = match_everyone(f, s, line, out);
	return kind;
}

/* Whatever strips the blanks at a line's end takes the one behind a last colon
 * as well, where the text that was to follow is empty. A line that nothing
 * matches gets it back. */
static enum sighting_kind
match_whole(const struct filter *f, struct filter_scratch *s,
	    struct readers readers, struct logline *line, struct sighting *out)
{
	enum sighting_kind kind = match_line(f, s, readers, line, out);

	if (s->matched || s->doubted || line->msg.len == 0 ||
	    line->msg.at[line->msg.len - 1] != ':')
		return kind;
	s->restoring = true;
	kind = match_line(f, s, readers, line, out);
	s->restoring = false;
	return kind;
}

static void begin(struct filter_scratch *s, const struct logline *line)
{
	s->tired = 0;
	s->asked = s->pieces = s->wholes = 0;
	s->matched = s->doubted = false;
	s->own_text.at = s->borrowed_text.at = NULL;
	s->cut = line->text.len >= CUT_FROM;
}

enum sighting_kind filter_match(const struct filter *f,
				struct filter_scratch *s, struct logline *line,
				struct sighting *out)
{
	struct readers readers = dispatch(f, s, line->tag);
	unsigned times;
	uint64_t rulesets;
	struct known known;
	enum sighting_kind kind;
	struct logline inner;
	struct sighting seen;

	if ((readers.lines | readers.files) == 0)
		return SIGHTING_NOTHING;
	logline_need(line, LOGLINE_MSG);
	begin(s, line);
	times = readers.files != 0 || (readers.lines & f->no_repeats) != 0
			? 0
			: repeated(line, &inner);
	s->repeated = times > 0;
	if (times > 0) {
		s->cut = s->cut || inner.msg.len >= REPEATED_MAX;
		readers.lines &= ~f->borrowed;
		kind = match_whole(f, s, readers, &inner, &seen);
		if (kind == SIGHTING_FAILURE)
			seen.count = seen.count * times < COUNT_MAX
					     ? seen.count * times
					     : COUNT_MAX;
	} else {
		kind = match_whole(f, s, readers, line, &seen);
	}
	rulesets = (readers.lines & ~f->borrowed) | (s->asked & f->counted);
	if (times > 0)
		line = &inner;
	if (s->wholes != 0)
		line = &s->whole;
	known = known_judge(f, s, rulesets & ~s->pieces, line);
	counters_add(f, rulesets, known, line, times > 0 ? times : 1);
	if (kind != SIGHTING_NOTHING)
		*out = seen;
	return kind;
}
