/*
 * rule: one expression.
 *
 * Time is bounded. Lines are cut at LOGLINE_MAX. PCRE2's match limit counts
 * steps of backtracking, but anew for each place where a match may begin, and
 * a step or a beginning may scan the rest of the line uncounted. So a rule
 * that is not anchored gets a lower limit, and fewer places to begin, the
 * longer the line is; after one rule ran into its limit the others get a tenth
 * of theirs on that line. So an anchored rule costs 0.1 ms at most and any
 * other one 1 ms; bench/filter measures it.
 *
 * Where the system refuses memory that can be written and run (hardened
 * units), PCRE2 interprets: slower, so with lower limits and the same results.
 */
#include "rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

enum {
	LIMIT_ANCHORED = 20000, /* one place to begin */
	LIMIT_ALL = 400000,     /* over all places to begin */
	LIMIT_MIN = 50,
	SCANNED_ALL = 500000, /* bytes, over all places to begin */
	STARTS_MIN = 256,     /* places, however long the line */
	SLOWER = 6,           /* the interpreter, per step */
	TIRED = 10            /* after an overrun on the same line */
};

/* 10.34 and later. Without it a line that is not UTF-8 matches no rule that
 * has characters beyond ASCII in it. */
#ifndef PCRE2_MATCH_INVALID_UTF
#define PCRE2_MATCH_INVALID_UTF 0
#endif

static const char *const slot_names[SLOTS] = {
	[SLOT_IP4] = "ip4",
	[SLOT_IP6] = "ip6",
	[SLOT_DNS] = "dns",
	[SLOT_FID] = "fid",
	[SLOT_CIDR] = "cidr",
	[SLOT_CONTENT] = "content",
	[SLOT_USER] = "user",
	[SLOT_COUNT] = "count",
	[SLOT_OKCOUNT] = "okcount",
	[SLOT_MECH] = "mech",
	[SLOT_SESSION] = "session",
	[SLOT_CODE] = "code",
	[SLOT_GUESS] = "guess",
	[SLOT_NOFAIL] = "nofail",
	[SLOT_MLFID] = "mlfid",
	[SLOT_MLFFORGET] = "mlfforget",
	[SLOT_MLFGAINED] = "mlfgained",
};

/* The slot of a group's name; alternates (alt_user, alt_user_1) share the
 * slot of what they stand in for. -1: a name of the filter's own. */
static int slot_of(const char *name, bool *alternate)
{
	size_t n;

	*alternate = strncmp(name, "alt_", 4) == 0;
	if (*alternate)
		name += 4;
	n = strlen(name);
	if (*alternate) {
		size_t digits = n;

		while (digits > 0 && name[digits - 1] >= '0' &&
		       name[digits - 1] <= '9')
			digits--;
		if (digits < n && digits > 0 && name[digits - 1] == '_')
			n = digits - 1;
		if (n == 2 && strncmp(name, "id", 2) == 0)
			return SLOT_FID;
	}
	for (int i = 0; i < SLOTS; i++)
		if (strlen(slot_names[i]) == n &&
		    memcmp(slot_names[i], name, n) == 0)
			return i;
	return -1;
}

/* The name table is sorted, so alternates come in the order of their names;
 * the slot's own group stands before them. */
static void find_groups(struct rule *r)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < count; i++, table += size) {
		bool alternate;
		int slot = slot_of((const char *)table + 2, &alternate);
		size_t k = 0;
		uint16_t group = (uint16_t)(table[0] << 8 | table[1]);

		if (slot < 0)
			continue;
		r->has[slot] = true;
		if (!alternate) {
			memmove(&r->group[slot][1], &r->group[slot][0],
				(ALTERNATES - 1) * sizeof(group));
			r->group[slot][0] = group;
			continue;
		}
		while (k < ALTERNATES && r->group[slot][k] != 0)
			k++;
		if (k < ALTERNATES)
			r->group[slot][k] = group;
	}
}

static int refuse(const struct filterfile *file,
		  const struct filterfile_rule *source, int error,
		  size_t offset, struct fault *why)
{
	PCRE2_UCHAR words[128];
	unsigned line;
	const char *path = filterfile_where(file, source, offset, &line);

	pcre2_get_error_message(error, words, sizeof(words));
	fault_set(why, FAULT_FILTER, "%s:%u: %s", path, line, (char *)words);
	filterfile_quote(file, source, offset, why);
	return -1;
}

/* Text is bytes, so \w and . are ASCII, and case too. An expression with
 * other characters in it wants them whole: then, and only then, UTF-8. (Where
 * the filter reads characters, text beyond ASCII has code of its own.) */
static uint32_t options_of(const struct filterfile_rule *source, bool own)
{
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;

	if (own)
		options |= PCRE2_DOLLAR_ENDONLY;
	for (size_t i = 0; i < source->len; i++)
		if ((unsigned char)source->regex[i] >= 0x80)
			return options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
	return options;
}

/* The code for well-formed text beyond ASCII. */
static int compile_wide(struct rule *r, const struct filterfile *file,
			const struct filterfile_rule *source, bool own,
			pcre2_compile_context *context, struct fault *why)
{
	uint32_t options = options_of(source, own) & ~PCRE2_MATCH_INVALID_UTF;
	PCRE2_SIZE offset = 0;
	int error = 0;

	r->wide = pcre2_compile((PCRE2_SPTR)source->regex, source->len,
				options | PCRE2_UTF | PCRE2_UCP, &error,
				&offset, context);
	if (r->wide == NULL)
		return refuse(file, source, error, offset, why);
	r->wide_jit = pcre2_jit_compile(r->wide, PCRE2_JIT_COMPLETE) == 0;
	return 0;
}

int rule_compile(struct rule *r, const struct filterfile *file,
		 const struct filterfile_rule *source, bool own,
		 struct fault *why)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	uint32_t options = options_of(source, own);
	PCRE2_SIZE offset = 0;
	int error = 0;

	if (context == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	r->kind = source->kind;
	r->regex = source->regex;
	r->file = filterfile_where(file, source, 0, &r->line);
	r->code = pcre2_compile((PCRE2_SPTR)source->regex, source->len, options,
				&error, &offset, context);
	if (r->code != NULL && file->unicode &&
	    compile_wide(r, file, source, own, context, why) < 0) {
		pcre2_compile_context_free(context);
		return -1;
	}
	pcre2_compile_context_free(context);
	if (r->code == NULL)
		return refuse(file, source, error, offset, why);
	r->jit = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0 &&
		 (options & PCRE2_UTF) == 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
	r->anchored = (options & PCRE2_ANCHORED) != 0;
	find_groups(r);
	literal_derive(source->regex, source->len, &r->start, &r->need);
	for (size_t i = 0; i < r->need.n; i++)
		literal_index(&r->need.one[i]);
	return 0;
}

void rule_drop(struct rule *r)
{
	pcre2_code_free(r->code);
	pcre2_code_free(r->wide);
}

static struct slice group_slice(const size_t *ovector, uint32_t pairs,
				unsigned group, struct slice subject)
{
	if (group >= pairs || ovector[2 * group] == PCRE2_UNSET ||
	    ovector[2 * group] > ovector[2 * group + 1])
		return (struct slice){NULL, 0};
	return (struct slice){subject.at + ovector[2 * group],
			      ovector[2 * group + 1] - ovector[2 * group]};
}

/* A slot takes the first of its groups that took part and is not empty; an
 * empty one only if there is no better. Where none did, what prefregex found
 * stays, as in fail2ban. */
static void take(const struct rule *r, const pcre2_match_data *match,
		 uint32_t pairs, struct slice subject, struct finding *found)
{
	const size_t *ovector =
		pcre2_get_ovector_pointer((pcre2_match_data *)match);

	for (int i = 0; i < SLOTS; i++) {
		struct slice best = {NULL, 0};

		for (size_t k = 0; k < ALTERNATES && r->group[i][k] != 0; k++) {
			struct slice s = group_slice(ovector, pairs,
						     r->group[i][k], subject);

			if (s.at != NULL && (best.at == NULL || best.len == 0))
				best = s;
		}
		if (best.at != NULL)
			found->slot[i] = best;
	}
}

static bool could_match(const struct rule *r, struct filter_scratch *s,
			struct slice subject)
{
	if (r->start.len > 0 &&
	    (subject.len < r->start.len ||
	     memcmp(subject.at, r->start.at, r->start.len) != 0))
		return false;
	for (size_t i = 0; i < r->need.n; i++) {
		unsigned id = r->need_id[i];
		int8_t known = s->needed[id];

		if (known == 0)
			known = literal_in(&r->need.one[i], subject) ? 1 : -1;
		if (id != 0)
			s->needed[id] = known;
		if (known < 0)
			return false;
	}
	return true;
}

static void set_limits(const struct rule *r, struct filter_scratch *s,
		       size_t len, bool jit)
{
	size_t limit = LIMIT_ANCHORED, starts = PCRE2_UNSET;

	if (!r->anchored) {
		starts = SCANNED_ALL / (len + 1);
		if (starts < STARTS_MIN)
			starts = STARTS_MIN;
		limit = LIMIT_ALL / ((starts < len ? starts : len) + 1);
		if (limit > LIMIT_ANCHORED)
			limit = LIMIT_ANCHORED;
	}
	limit /= (jit ? 1 : SLOWER) * (s->tired ? TIRED : 1);
	if (limit < LIMIT_MIN)
		limit = LIMIT_MIN;
	pcre2_set_match_limit(s->limits, (uint32_t)limit);
	pcre2_set_offset_limit(s->limits, starts);
}

bool rule_match(struct rule *r, struct filter_scratch *s, struct slice subject,
		struct finding *found)
{
	/* A line that was cut has no end to be found: what stands there may
	 * be in the middle of a user name. */
	uint32_t options = s->cut ? PCRE2_NOTEOL : 0;
	bool wide = s->wide && r->wide != NULL;
	bool jit = wide ? r->wide_jit : r->jit;
	int n;

	if (!could_match(r, s, subject))
		return false;
	set_limits(r, s, subject.len, jit);
	if (wide && !jit)
		options |= PCRE2_NO_UTF_CHECK;
	n = (jit ? pcre2_jit_match : pcre2_match)(
		wide ? r->wide : r->code, (PCRE2_SPTR)subject.at, subject.len,
		0, options, s->match, s->limits);
	if (n > 0) {
		take(r, s->match, (uint32_t)n, subject, found);
		return true;
	}
	if (n != PCRE2_ERROR_NOMATCH) {
		s->tired++;
		atomic_fetch_add_explicit(&r->overruns, 1,
					  memory_order_relaxed);
	}
	return false;
}
