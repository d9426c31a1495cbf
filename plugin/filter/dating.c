/* dating: see dating.h. */
#include "dating.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scratch.h"

enum {
	LIMIT = 5000, /* steps of backtracking: patterns are short */
	SEARCH = 200, /* bytes from the start in which a date may begin */
	DATE_TEXT = 64
};

/* The groups that say what the date is. */
enum part {
	PART_YEAR,
	PART_YEAR2,
	PART_MONTH,
	PART_MONTH_NAME,
	PART_DAY,
	PART_HOUR,
	PART_HOUR12,
	PART_HALF,
	PART_MINUTE,
	PART_SECOND,
	PART_ZONE,
	PARTS
};

static const char *const part_names[PARTS] = {
	[PART_YEAR] = "Y",       [PART_YEAR2] = "y", [PART_MONTH] = "m",
	[PART_MONTH_NAME] = "b", [PART_DAY] = "d",   [PART_HOUR] = "H",
	[PART_HOUR12] = "I",     [PART_HALF] = "p",  [PART_MINUTE] = "M",
	[PART_SECOND] = "S",     [PART_ZONE] = "z",
};

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct date_rule {
	pcre2_code *code; /* NULL: any date that is known */
	int group[PARTS]; /* negative: it has none */
	bool parted;      /* it has any */
};

struct dating {
	struct date_rule *rule;
	size_t rules;
};

static bool compile(struct date_rule *r, const char *regex)
{
	PCRE2_SIZE offset;
	int error;

	r->code =
		pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
			      PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
			      &error, &offset, NULL);
	for (int i = 0; r->code != NULL && i < PARTS; i++) {
		r->group[i] = pcre2_substring_number_from_name(
			r->code, (PCRE2_SPTR)part_names[i]);
		r->parted = r->parted || r->group[i] >= 0;
	}
	return r->code != NULL;
}

struct dating *dating_open(const struct filterfile *file)
{
	struct dating *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->rule = calloc(file->ndates, sizeof(*d->rule));
	for (size_t i = 0; d->rule != NULL && i < file->ndates; i++) {
		d->rules = i + 1;
		if (file->dates[i] != NULL &&
		    !compile(&d->rule[i], file->dates[i])) {
			dating_close(d);
			return NULL;
		}
	}
	return d;
}

void dating_close(struct dating *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->rules; i++)
		pcre2_code_free(d->rule[i].code);
	free(d->rule);
	free(d);
}

/* ---- what the date says ---- */

struct found {
	const struct date_rule *rule;
	struct slice line;
	const size_t *ovector;
	int groups; /* that took part, or stand before one that did */
};

static struct slice group(const struct found *f, int n)
{
	if (n < 0 || n >= f->groups || f->ovector[2 * n] == PCRE2_UNSET)
		return (struct slice){"", 0};
	return (struct slice){f->line.at + f->ovector[2 * n],
			      f->ovector[2 * n + 1] - f->ovector[2 * n]};
}

/* Blanks in front are nothing; -1 when there is no such part. */
static int number(const struct found *f, enum part part)
{
	struct slice digits = group(f, f->rule->group[part]);
	int n = digits.len > 0 ? 0 : -1;

	for (size_t i = 0; i < digits.len; i++)
		if (digits.at[i] >= '0' && digits.at[i] <= '9')
			n = n * 10 + digits.at[i] - '0';
	return n;
}

static int month(const struct found *f)
{
	struct slice name = group(f, f->rule->group[PART_MONTH_NAME]);

	for (int i = 0; i < 12 && name.len >= 3; i++)
		if (strncasecmp(name.at, months + 3 * i, 3) == 0)
			return i + 1;
	return number(f, PART_MONTH);
}

static int hour(const struct found *f)
{
	struct slice half = group(f, f->rule->group[PART_HALF]);
	int n = number(f, PART_HOUR);

	if (n >= 0)
		return n;
	n = number(f, PART_HOUR12);
	if (n >= 0 && half.len > 0)
		n = n % 12 + (*half.at == 'p' || *half.at == 'P' ? 12 : 0);
	return n;
}

static int at_least_nought(int n)
{
	return n < 0 ? 0 : n;
}

/* The date in a form that is known, from its parts. Empty when they do not
 * make a day: a time alone. */
static struct slice spell(const struct found *f, char out[DATE_TEXT])
{
	struct slice zone = group(f, f->rule->group[PART_ZONE]);
	int year = number(f, PART_YEAR), mon = month(f);
	int day = number(f, PART_DAY), n = 0;
	char time[32];

	if (year < 0 && number(f, PART_YEAR2) >= 0)
		year = 2000 + number(f, PART_YEAR2);
	snprintf(time, sizeof(time), "%02d:%02d:%02d", at_least_nought(hour(f)),
		 at_least_nought(number(f, PART_MINUTE)),
		 at_least_nought(number(f, PART_SECOND)));
	if (zone.len > 0 && *zone.at != '+' && *zone.at != '-')
		zone = (struct slice){"Z", 1};
	if (mon >= 1 && mon <= 12 && day >= 1 && year >= 0)
		n = snprintf(out, DATE_TEXT, "%04d-%02d-%02d %s%.*s", year, mon,
			     day, time, (int)zone.len, zone.at);
	else if (mon >= 1 && mon <= 12 && day >= 1)
		n = snprintf(out, DATE_TEXT, "%.3s %2d %s",
			     months + 3 * (mon - 1), day, time);
	return (struct slice){out, n > 0 && n < DATE_TEXT ? (size_t)n : 0};
}

static bool cut(const struct found *f, const struct logline *line,
		struct rawline *out)
{
	struct slice all = group(f, 1), date = all;
	char text[DATE_TEXT];

	if (f->rule->parted)
		date = spell(f, text);
	rawline_cut(line->msg.at, line->msg.len,
		    (size_t)(all.at - line->msg.at),
		    (size_t)(all.at + all.len - line->msg.at), date,
		    line->arrived, out);
	return out->dated;
}

static bool match(const struct date_rule *r, struct filter_scratch *s,
		  const struct logline *line, struct rawline *out)
{
	struct found f = {.rule = r, .line = line->msg};

	pcre2_set_match_limit(s->limits, LIMIT);
	pcre2_set_offset_limit(s->limits, SEARCH);
	f.groups = pcre2_match(r->code, (PCRE2_SPTR)line->msg.at, line->msg.len,
			       0, 0, s->match, s->limits);
	f.ovector = pcre2_get_ovector_pointer(s->match);
	/* Group 1 may have taken nothing, but it took part. */
	return f.groups > 1 && f.ovector[2] != PCRE2_UNSET &&
	       cut(&f, line, out);
}

uint32_t dating_groups(const struct dating *d)
{
	uint32_t most = 0;

	for (size_t i = 0; i < d->rules; i++) {
		uint32_t n = 0;

		if (d->rule[i].code != NULL)
			pcre2_pattern_info(d->rule[i].code,
					   PCRE2_INFO_CAPTURECOUNT, &n);
		most = n > most ? n : most;
	}
	return most;
}

bool dating_cut(const struct dating *d, struct filter_scratch *s,
		const struct logline *line, struct rawline *out)
{
	for (size_t i = 0; i < d->rules; i++) {
		if (d->rule[i].code != NULL) {
			if (match(&d->rule[i], s, line, out))
				return true;
			continue;
		}
		rawline_parse(line->msg.at, line->msg.len, line->arrived, out);
		if (out->dated)
			return true;
	}
	return false;
}
