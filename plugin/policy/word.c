/* word: what verdicts and grounds are called, see saslban/policy.h. */
#include <string.h>

#include "saslban/policy.h"

static const char *const verdicts[VERDICT_KINDS] = {
	[VERDICT_COUNT] = "counted", [VERDICT_BAN] = "ban",
	[VERDICT_LATE] = "late",     [VERDICT_OLD] = "old",
	[VERDICT_ECHO] = "echo",     [VERDICT_REPEAT] = "repeat",
	[VERDICT_OUTAGE] = "outage", [VERDICT_DOUBT] = "doubtful",
	[VERDICT_GRACE] = "grace",   [VERDICT_FORGIVEN] = "forgiven",
};

static const char *const grounds[GROUNDS] = {
	[GROUND_COUNT] = "count",   [GROUND_ACCOUNT] = "account",
	[GROUND_TRAP] = "trap",     [GROUND_NETWORK] = "network",
	[GROUND_BREACH] = "breach", [GROUND_PERSON] = "person",
	[GROUND_FOUND] = "found",
};

static const char *const breaches[BREACHES] = {
	[BREACH_NONE] = "none",         [BREACH_BANNED] = "banned",
	[BREACH_OTHERS] = "others",     [BREACH_GUESSED] = "guessed",
	[BREACH_ATTACKED] = "attacked", [BREACH_HINDSIGHT] = "hindsight",
};

const char *verdict_word(enum verdict_kind kind)
{
	return verdicts[kind];
}

const char *ground_word(enum ground ground)
{
	return grounds[ground];
}

const char *breach_word(enum breach breach)
{
	return breaches[breach];
}

static int find(const char *const words[], int n, const char *word)
{
	while (--n >= 0 && strcmp(words[n], word) != 0)
		;
	return n;
}

bool verdict_of(const char *word, enum verdict_kind *out)
{
	int i = find(verdicts, VERDICT_KINDS, word);

	*out = i < 0 ? VERDICT_COUNT : (enum verdict_kind)i;
	return i >= 0;
}

bool ground_of(const char *word, enum ground *out)
{
	int i = find(grounds, GROUNDS, word);

	*out = i < 0 ? GROUND_COUNT : (enum ground)i;
	return i >= 0;
}
