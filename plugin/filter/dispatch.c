/*
 * dispatch: which rulesets a line concerns.
 *
 * A filter of ours says whose lines it reads: `daemon` holds patterns of
 * program names. A host has a few dozen programs, so each worker keeps the
 * answer per program and a line costs one look-up, however many filters are
 * loaded. Each program has several places where its answer may be: if two that
 * write in turn had one place between them, each of their lines would have to
 * ask all filters. Whoever floods the log with invented names only makes lines
 * slower to match.
 */
#include "dispatch.h"

#include <string.h>

#include "compiled.h"
#include "scratch.h"

/* Programs that report about us: their lines are never judged, or a report of
 * a ban could lead to one. */
static const char *const our_own[] = {"rsyslogd", "omsaslban", "saslban",
				      "saslbanctl"};

struct slice dispatch_program(struct slice tag)
{
	const char *pid = memchr(tag.at, '[', tag.len);

	if (pid != NULL)
		tag.len = (size_t)(pid - tag.at);
	else if (tag.len > 0 && tag.at[tag.len - 1] == ':')
		tag.len--;
	return tag;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `*` stands for any bytes, slashes too; everything else for itself, in either
 * case. */
static bool fits(const char *pattern, size_t plen, struct slice name)
{
	const char *p = pattern, *pend = pattern + plen;
	const char *n = name.at, *nend = name.at + name.len;
	const char *star = NULL, *retry = NULL;

	while (n < nend) {
		if (p < pend && *p == '*') {
			star = p++;
			retry = n;
		} else if (p < pend && lower(*p) == lower(*n)) {
			p++;
			n++;
		} else if (star != NULL) {
			p = star + 1;
			n = ++retry;
		} else {
			return false;
		}
	}
	while (p < pend && *p == '*')
		p++;
	return p == pend;
}

/* numbered: the names that end in [], and no others. */
static bool names(const char *daemons, struct slice program, bool numbered)
{
	static const char split[] = " \t\n,";
	size_t n, len;

	for (daemons += strspn(daemons, split); *daemons != '\0';
	     daemons += strspn(daemons, split)) {
		n = len = strcspn(daemons, split);
		if (n > 2 && memcmp(daemons + n - 2, "[]", 2) == 0)
			len -= 2;
		if ((len < n) == numbered && fits(daemons, len, program))
			return true;
		daemons += n;
	}
	return false;
}

/* Two servers have a program of that name: who reads it with a pid alone
 * leaves it to who reads it anyway. */
static struct readers search(const struct filter *f, struct slice program)
{
	struct readers r = {.lines = 0};

	for (size_t i = 0; i < sizeof(our_own) / sizeof(our_own[0]); i++)
		if (fits(our_own[i], strlen(our_own[i]), program))
			return r;
	for (size_t i = 0; i < f->nrulesets; i++) {
		const struct filterfile *source = f->ruleset[i]->source;
		uint64_t bit = (uint64_t)1 << i;

		if (source->daemon != NULL &&
		    names(source->daemon, program, false))
			r.lines |= bit;
		if (source->daemon != NULL &&
		    names(source->daemon, program, true))
			r.numbered |= bit;
		if (source->file != NULL && names(source->file, program, false))
			r.files |= bit;
	}
	if (r.lines != 0)
		r.numbered = 0;
	r.lines |= f->everyone;
	return r;
}

/* A tag that was not cut yet ends at its first blank. */
static struct readers search_tag(const struct filter *f, struct slice tag)
{
	const char *blank = tag.len == 0 ? NULL : memchr(tag.at, ' ', tag.len);

	if (blank != NULL)
		tag.len = (size_t)(blank - tag.at);
	return search(f, dispatch_program(tag));
}

enum { WORD = sizeof(uint64_t), HALF = sizeof(uint32_t) };

/* The first and the last bytes of a name, in words: with its length, all of a
 * name of up to sixteen. */
struct ends {
	uint64_t first;
	uint64_t last;
};

static uint32_t half(const char *at)
{
	uint32_t v;

	memcpy(&v, at, HALF);
	return v;
}

static struct ends ends_of(struct slice name)
{
	const char *end = name.at + name.len;
	struct ends e = {0, 0};

	if (name.len >= WORD) {
		memcpy(&e.first, name.at, WORD);
		memcpy(&e.last, end - WORD, WORD);
	} else if (name.len >= HALF) {
		e.first = half(name.at);
		e.last = half(end - HALF);
	} else if (name.len > 0) {
		e.first = (unsigned char)name.at[0] |
			  (uint64_t)(unsigned char)name.at[name.len / 2] << 8;
		e.last = (unsigned char)end[-1];
	}
	return e;
}

static bool is_cached(const struct cached *slot, struct slice name,
		      struct ends ends)
{
	return slot->len == name.len + 1 && slot->first == ends.first &&
	       slot->last == ends.last &&
	       (name.len <= 2 * WORD ||
		memcmp(slot->rest, name.at + WORD, name.len - 2 * WORD) == 0);
}

/* With a pid, which is a number, or without. */
static struct readers settle(struct readers r, struct slice name,
			     struct slice tag)
{
	size_t digit = name.len + 1;

	if (digit < tag.len && tag.at[digit] >= '0' && tag.at[digit] <= '9')
		r.lines |= r.numbered;
	return r;
}

struct readers dispatch(const struct filter *f, struct filter_scratch *s,
			struct slice tag)
{
	struct slice name = dispatch_program(tag);
	struct ends ends = ends_of(name);
	struct cached *slot = NULL;
	uint64_t hash;
	unsigned probe;

	if (name.len > PROGRAM_MAX)
		return settle(search_tag(f, tag), name, tag);
	hash = (ends.first + ends.last + name.len) *
		       UINT64_C(0x9e3779b97f4a7c15) >>
	       (64 - CACHE_BITS);
	for (probe = 0; probe < CACHE_PROBES; probe++) {
		slot = &s->cache[(hash + probe) % (1 << CACHE_BITS)];
		if (is_cached(slot, name, ends))
			return settle(slot->readers, name, tag);
		if (slot->len == 0)
			break;
	}
	if (probe == CACHE_PROBES) /* all taken: each has its turn to go */
		slot = &s->cache[(hash + s->evicted++ % CACHE_PROBES) %
				 (1 << CACHE_BITS)];
	slot->readers = search_tag(f, tag);
	slot->first = ends.first;
	slot->last = ends.last;
	if (name.len > 2 * WORD)
		memcpy(slot->rest, name.at + WORD, name.len - 2 * WORD);
	slot->len = (uint8_t)(name.len + 1);
	return settle(slot->readers, name, tag);
}
