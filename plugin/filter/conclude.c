/* conclude: see conclude.h. */
#include "conclude.h"

#include <stdio.h>
#include <string.h>

#include "compiled.h"
#include "count.h"
#include "echo.h"
#include "excuses.h"
#include "memories.h"
#include "rule.h"
#include "service.h"
#include "session.h"

/* Cut to size; a character of several bytes is not cut in two. */
static void put_word(char *to, size_t size, struct slice from)
{
	size_t n = from.at == NULL ? 0 : from.len;

	if (n > size - 1) {
		n = size - 1;
		while (n > 0 && ((unsigned char)from.at[n] & 0xc0) == 0x80)
			n--;
	}
	if (n > 0)
		memcpy(to, from.at, n);
	to[n] = '\0';
}

unsigned conclude_number(struct slice digits, unsigned otherwise)
{
	unsigned n = 0;

	if (digits.at == NULL || digits.len == 0)
		return otherwise;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return otherwise;
		n = n * 10 + (unsigned)(digits.at[i] - '0');
		if (n > COUNT_MAX)
			n = COUNT_MAX;
	}
	return n;
}

/* Special addresses (loopback, link-local ...) are nobody's to ban, so what
 * comes from them counts for nothing: web mail on the same host. */
static void take_address(const struct finding *found, struct address *out)
{
	static const enum slot order[] = {SLOT_IP4, SLOT_IP6, SLOT_FID};
	struct slice text = {NULL, 0}, cidr = found->slot[SLOT_CIDR];
	char joined[ADDRESS_TEXT];

	for (size_t i = 0; i < 3 && text.len == 0; i++)
		text = found->slot[order[i]];
	if (text.len == 0 || text.len >= ADDRESS_TEXT)
		return;
	if (cidr.len > 0 && cidr.len < 4) {
		if (text.len + 1 + cidr.len >= ADDRESS_TEXT)
			return;
		memcpy(joined, text.at, text.len);
		joined[text.len] = '/';
		memcpy(joined + text.len + 1, cidr.at, cidr.len);
		text = (struct slice){joined, text.len + 1 + cidr.len};
	}
	if (address_parse(text.at, text.len, out) < 0 ||
	    address_special(out, NULL) != NULL)
		memset(out, 0, sizeof(*out));
}

static void put_service(char out[SIGHTING_WORD], const struct logline *line)
{
	struct slice part, program = service_of(line, &part);
	size_t n;

	put_word(out, SIGHTING_WORD, program);
	n = strlen(out);
	if (part.len == 0 || n + 1 + part.len >= SIGHTING_WORD)
		return;
	out[n] = '/';
	put_word(out + n + 1, SIGHTING_WORD - n - 1, part);
}

static void describe(const struct rule *r, const struct finding *found,
		     const struct logline *line, struct sighting *out)
{
	memset(out, 0, sizeof(*out));
	out->arrived = line->arrived;
	out->reported = line->reported;
	take_address(found, &out->address);
	put_word(out->user, sizeof(out->user), found->slot[SLOT_USER]);
	put_word(out->mech, sizeof(out->mech), found->slot[SLOT_MECH]);
	put_word(out->session, sizeof(out->session), found->slot[SLOT_SESSION]);
	put_word(out->code, sizeof(out->code), found->slot[SLOT_CODE]);
	put_word(out->guess, sizeof(out->guess), found->slot[SLOT_GUESS]);
	put_service(out->service, line);
	memcpy(out->rule, r->name, sizeof(out->rule));
}

/* The line names a host, and it is none that may count: a name, a number too
 * many, loopback. Then no session may lend it the address of another line. */
static bool useless_host(const struct finding *found,
			 const struct sighting *seen)
{
	static const enum slot hosts[] = {SLOT_IP4, SLOT_IP6, SLOT_FID,
					  SLOT_DNS};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (found->slot[hosts[i]].len > 0)
			return seen->address.family == ADDRESS_NONE;
	return false;
}

/* A failure, with the address of its session. In fail2ban's filters the line
 * with the address often comes last, so there a failure without is none that
 * has lost its session. */
static bool belongs(const struct ruleset *ruleset, const struct finding *found,
		    struct sighting *out)
{
	bool classic = ruleset->source->daemon == NULL;
	enum session_answer answer;

	if (useless_host(found, out)) {
		if (!classic)
			sessions_nobody(ruleset->memories->sessions, found,
					out);
		return false;
	}
	answer =
		sessions_join(ruleset->memories->sessions, classic, found, out);
	if (answer == SESSION_ORPHAN && !classic)
		counters_orphan(ruleset->counters, out->count);
	return answer == SESSION_FAILURE;
}

static enum sighting_kind failure(const struct ruleset *ruleset,
				  const struct finding *found,
				  struct sighting *out)
{
	unsigned good = conclude_number(found->slot[SLOT_OKCOUNT], 0);
	unsigned all = conclude_number(found->slot[SLOT_COUNT], good + 1);

	out->count = all > good ? all - good : 0;
	if (found->slot[SLOT_MLFID].at != NULL) {
		if (!belongs(ruleset, found, out))
			return SIGHTING_NOTHING;
	} else if (found->slot[SLOT_NOFAIL].len > 0) {
		return SIGHTING_NOTHING;
	}
	if (out->count == 0 || out->address.family == ADDRESS_NONE)
		return SIGHTING_NOTHING;
	return SIGHTING_FAILURE;
}

/* Did the host's servers report trouble just before? */
static bool excused(const struct ruleset *ruleset, struct logline *line)
{
	if (ruleset->memories->excuses == NULL)
		return false;
	logline_need(line, LOGLINE_HOST);
	return excuses_have(ruleset->memories->excuses, line->host,
			    line->arrived, ruleset->source->excuse);
}

/* Trouble with an address may be the doing of a client. */
static void note_trouble(const struct ruleset *ruleset, struct logline *line,
			 const struct sighting *seen)
{
	if (ruleset->memories->excuses == NULL ||
	    seen->address.family != ADDRESS_NONE)
		return;
	logline_need(line, LOGLINE_HOST);
	excuses_note(ruleset->memories->excuses, line->host, line->arrived);
}

/* What a failure of such a rule is worth. */
static const enum sighting_sort sorts[RULE_KINDS] = {
	[RULE_FAIL] = SIGHTING_CLEAR,
	[RULE_DOUBT] = SIGHTING_DOUBTFUL,
	[RULE_SUMMARY] = SIGHTING_SUMMARY,
};

enum sighting_kind conclude(const struct ruleset *ruleset, struct rule *r,
			    const struct finding *found, struct logline *line,
			    struct sighting *out)
{
	bool has_address;

	logline_need(line, LOGLINE_TIMES);
	describe(r, found, line, out);
	if (r->kind != RULE_OK && r->kind != RULE_TROUBLE) {
		out->sort = sorts[r->kind];
		out->kind = failure(ruleset, found, out);
		if (out->kind == SIGHTING_FAILURE &&
		    ruleset->memories->echoes != NULL &&
		    echoes_match(ruleset->memories->echoes, line))
			out->kind = SIGHTING_NOTHING;
		if (out->kind != SIGHTING_FAILURE || !excused(ruleset, line))
			return out->kind;
		out->sort = SIGHTING_CLEAR;
		return out->kind = SIGHTING_TROUBLE;
	}
	out->count = 1;
	has_address = out->address.family != ADDRESS_NONE;
	if (found->slot[SLOT_MLFID].at != NULL && !useless_host(found, out))
		has_address = sessions_address(ruleset->memories->sessions,
					       found, out);
	if (r->kind == RULE_OK)
		out->kind = has_address ? SIGHTING_SUCCESS : SIGHTING_NOTHING;
	else
		out->kind = SIGHTING_TROUBLE;
	if (r->kind == RULE_TROUBLE)
		note_trouble(ruleset, line, out);
	return out->kind;
}
