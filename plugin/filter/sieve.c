/*
 * sieve: which of the filters that know no program a line may concern.
 *
 * fail2ban's filters do not say whose lines they read, so each would have to
 * look at every line. But every match of such a filter holds one of a few
 * plain byte strings. All strings of all of them are looked for at once: four
 * bytes at a time are hashed, and the few hits are compared. The cost depends
 * on the line's length, hardly on the number of filters.
 */
#include "sieve.h"

#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "rule.h"

enum { WINDOW = 4, TABLE_BITS = 12, WORDS_MAX = 1024 };

struct word {
	struct literal text;
	size_t offset; /* of the window in text */
	uint64_t rulesets;
	uint16_t next; /* in the same place of the table; 0: none */
};

struct sieve {
	uint16_t table[1 << TABLE_BITS]; /* first word; 0: none */
	struct word word[WORDS_MAX];     /* from 1 on */
	size_t words;
};

struct sieve *sieve_open(void)
{
	return calloc(1, sizeof(struct sieve));
}

void sieve_close(struct sieve *s)
{
	free(s);
}

static unsigned place(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return (v * 2654435761u) >> (32 - TABLE_BITS);
}

/* How seldom a byte is in log lines, roughly. */
static unsigned rarity(char c)
{
	if (strchr(" etaoinsrldcmp", c) != NULL)
		return 0;
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? 1 : 2;
}

static size_t best_window(const struct literal *l)
{
	size_t best = 0;
	unsigned max = 0;

	for (size_t i = 0; i + WINDOW <= l->len; i++) {
		unsigned sum = 0;

		for (size_t k = 0; k < WINDOW; k++)
			sum += rarity(l->at[i + k]);
		if (sum > max) {
			max = sum;
			best = i;
		}
	}
	return best;
}

static bool add(struct sieve *s, const struct literal *l, uint64_t bit)
{
	struct word *w;
	unsigned at;

	if (l->len < WINDOW || s->words + 1 == WORDS_MAX)
		return false;
	w = &s->word[++s->words];
	w->text = *l;
	w->offset = best_window(l);
	w->rulesets = bit;
	at = place(l->at + w->offset);
	w->next = s->table[at];
	s->table[at] = (uint16_t)s->words;
	return true;
}

/* Its words: for each rule the longest need, or, when one has none, the
 * longest need of prefregex. */
bool sieve_add(struct sieve *s, const struct ruleset *ruleset, uint64_t bit)
{
	for (size_t i = 0; i < ruleset->judging; i++) {
		const struct rule *r = ruleset->order[i];
		const struct literal *longest = NULL;

		for (size_t k = 0; k < r->need.n; k++)
			if (longest == NULL ||
			    r->need.one[k].len > longest->len)
				longest = &r->need.one[k];
		if (r->start.len >= WINDOW &&
		    (longest == NULL || r->start.len > longest->len))
			longest = &r->start;
		if (longest != NULL && add(s, longest, bit))
			continue;
		/* What was added so far does no harm. */
		return ruleset->prefix != NULL && ruleset->prefix->need.n > 0 &&
		       add(s, &ruleset->prefix->need.one[0], bit);
	}
	return true;
}

uint64_t sieve_scan(const struct sieve *s, struct slice text)
{
	uint64_t rulesets = 0;

	for (size_t i = 0; i + WINDOW <= text.len; i++) {
		uint16_t n = s->table[place(text.at + i)];

		for (; n != 0; n = s->word[n].next) {
			const struct word *w = &s->word[n];

			if ((rulesets & w->rulesets) == w->rulesets ||
			    i < w->offset ||
			    text.len - (i - w->offset) < w->text.len ||
			    memcmp(text.at + i - w->offset, w->text.at,
				   w->text.len) != 0)
				continue;
			rulesets |= w->rulesets;
		}
	}
	return rulesets;
}
