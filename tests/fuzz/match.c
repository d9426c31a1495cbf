/*
 * match: any bytes as a log line, through filters of both kinds.
 *
 * Whatever the line, what comes of it is sound: an address that may be banned,
 * text that ends, a count that is possible; and none of the addresses that
 * the captured lines hold only because attackers wrote them there, unless
 * they stand where the server writes the true one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct judge {
	struct filter *filter;
	struct filter_scratch *scratch;
};

static struct judge open_judge(void)
{
	static const char *const specs[] = {
		"postfix[mode=aggressive]", "dovecot[mode=aggressive]",
		"dovecot[mode=auth]", "dovecot[mode=auth-worker]"};
	const char *srcdir = getenv("srcdir");
	char path[1024];
	const char *dir = path;
	struct judge j;
	struct fault why;

	snprintf(path, sizeof(path), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	if (filter_open(&j.filter, specs, 4, &dir, 1, &why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	j.scratch = filter_scratch_open(j.filter);
	if (j.scratch == NULL)
		exit(1);
	return j;
}

static void want(bool truth)
{
	if (!truth)
		abort();
}

static void check(const struct sighting *s, enum sighting_kind kind)
{
	want(s->kind == kind);
	want(memchr(s->user, '\0', sizeof(s->user)) != NULL);
	want(memchr(s->service, '\0', sizeof(s->service)) != NULL);
	want(memchr(s->mech, '\0', sizeof(s->mech)) != NULL);
	want(memchr(s->session, '\0', sizeof(s->session)) != NULL);
	want(memchr(s->code, '\0', sizeof(s->code)) != NULL);
	want(memchr(s->guess, '\0', sizeof(s->guess)) != NULL);
	want(s->sort == SIGHTING_CLEAR || kind == SIGHTING_FAILURE);
	want(s->rule[0] != '\0');
	want(s->count >= 1 && s->count <= 1000);
	if (kind == SIGHTING_TROUBLE && s->address.family == ADDRESS_NONE)
		return;
	want(address_special(&s->address, NULL) == NULL);
	want(s->address.family == ADDRESS_V4 ||
	     s->address.family == ADDRESS_V6);
}

static enum sighting_kind judge(const struct judge *j, struct logline *line)
{
	enum sighting_kind kind;
	struct sighting s;

	memset(&s, 0x5a, sizeof(s));
	kind = filter_match(j->filter, j->scratch, line, &s);
	if (kind != SIGHTING_NOTHING)
		check(&s, kind);
	return kind;
}

static void fetch(void *source, struct logline *line, unsigned fields)
{
	want(fields == LOGLINE_TEXT);
	line->text.at = source;
}

/* What the first US parts is tag and message, as a syslog parser has them; the
 * same in one piece gives the same. */
static void judge_record(const struct judge *j, const char *data, size_t len)
{
	const char *us = len == 0 ? NULL : memchr(data, 0x1f, len);
	struct logline line = {.arrived = 1, .reported = 1};
	struct logline whole = line;
	enum sighting_kind kind;
	struct slice tag, msg;
	char text[LOGLINE_MAX];

	if (us == NULL)
		return;
	tag = (struct slice){data, (size_t)(us - data)};
	msg = (struct slice){us + 1, len - tag.len - 1};
	logline_cut(&whole, text, logline_join(tag, msg, text));
	kind = judge(j, &whole);
	if (!logline_place(&line, tag, msg))
		return;
	line.lacks = LOGLINE_TEXT;
	line.fetch = fetch;
	line.source = text;
	want(line.tag.len == whole.tag.len && line.msg.len == whole.msg.len &&
	     line.text.len == whole.text.len && line.text.at == NULL);
	want(judge(j, &line) == kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* Loading takes longer than thousands of lines. */
	static struct judge j;
	static struct rawline raw;

	if (j.filter == NULL)
		j = open_judge();
	rawline_parse((const char *)data, len, 1800000000, &raw);
	(void)judge(&j, &raw.line);
	judge_record(&j, (const char *)data, len);
	return 0;
}
