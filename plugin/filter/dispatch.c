/*
 * filter_dispatch: which rulesets a line concerns.
 *
 * A filter of ours says whose lines it reads: `daemon` holds patterns of
 * program names. A host has a few dozen programs, so each worker keeps the
 * answer per program and a line costs one look-up, however many filters are
 * loaded. Whoever floods the log with made-up names gains nothing but the
 * slow way for his own lines.
 */
#include "filter_impl.h"

#include <string.h>

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

/* `*` stands for any bytes, slashes too; everything else for itself. */
static bool fits(const char *pattern, size_t plen, struct slice name)
{
	const char *p = pattern, *pend = pattern + plen;
	const char *n = name.at, *nend = name.at + name.len;
	const char *star = NULL, *retry = NULL;

	while (n < nend) {
		if (p < pend && *p == '*') {
			star = p++;
			retry = n;
		} else if (p < pend && *p == *n) {
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

static bool wants(const char *daemons, struct slice program)
{
	static const char split[] = " \t\n,";
	size_t n;

	for (daemons += strspn(daemons, split); *daemons != '\0';
	     daemons += strspn(daemons, split)) {
		n = strcspn(daemons, split);
		if (fits(daemons, n, program))
			return true;
		daemons += n;
	}
	return false;
}

static struct wanted search(const struct filter *f, struct slice program)
{
	struct wanted w = {.lines = f->everyone};

	for (size_t i = 0; i < sizeof(our_own) / sizeof(our_own[0]); i++)
		if (strlen(our_own[i]) == program.len &&
		    memcmp(our_own[i], program.at, program.len) == 0)
			return (struct wanted){.lines = 0};
	for (size_t i = 0; i < f->sets; i++) {
		const struct filterfile *source = f->set[i]->source;

		if (source->daemon != NULL && wants(source->daemon, program))
			w.lines |= (uint64_t)1 << i;
		if (source->file != NULL && wants(source->file, program))
			w.files |= (uint64_t)1 << i;
	}
	return w;
}

struct wanted dispatch(const struct filter *f, struct filter_scratch *s,
		       struct slice program)
{
	uint32_t hash = 2166136261u;
	struct cached *slot;

	if (program.len > PROGRAM_MAX)
		return search(f, program);
	for (size_t i = 0; i < program.len; i++)
		hash = (hash ^ (unsigned char)program.at[i]) * 16777619u;
	slot = &s->cache[(hash ^ hash >> 16) & (CACHE_SLOTS - 1)];
	if (slot->len == program.len + 1 &&
	    memcmp(slot->program, program.at, program.len) == 0)
		return slot->wanted;
	slot->wanted = search(f, program);
	memcpy(slot->program, program.at, program.len);
	slot->len = (uint8_t)(program.len + 1); /* 0: never used */
	return slot->wanted;
}
