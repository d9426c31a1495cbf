/* scenario_step: what happens in one step of a scenario, see scenario.h. */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"

static const char *read_address(char **at, struct address *out)
{
	const char *word = strsep(at, " ");

	if (word == NULL || address_parse(word, strlen(word), out) < 0)
		return "this is no address";
	return NULL;
}

/* The name of a field in the table, and the field. */
static char *field_of(struct sighting *s, const char *name)
{
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {{"by", offsetof(struct sighting, service)},
		      {"session", offsetof(struct sighting, session)},
		      {"guess", offsetof(struct sighting, guess)},
		      {"mech", offsetof(struct sighting, mech)}};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, name) == 0)
			return (char *)s + fields[i].offset;
	return NULL;
}

static const char *read_fields(struct sighting *s, char *at)
{
	char *word, *value, *field;

	while ((word = strsep(&at, " ")) != NULL) {
		if (*word == '\0')
			continue;
		value = strchr(word, '=');
		if (value == NULL)
			return "this is no field=value";
		*value++ = '\0';
		field = field_of(s, word);
		if (field != NULL)
			snprintf(field, SIGHTING_WORD, "%s", value);
		else if (strcmp(word, "count") == 0)
			s->count = (unsigned)atoi(value);
		else
			return "there is no such field";
	}
	return NULL;
}

/* ADDRESS USER field=value... */
static const char *read_login(struct step *step, enum sighting_sort sort,
			      bool failed, char *at)
{
	struct sighting *s = &step->sighting;
	const char *wrong = read_address(&at, &s->address);
	const char *user = at == NULL ? NULL : strsep(&at, " ");

	if (wrong != NULL)
		return wrong;
	if (user == NULL)
		return "there is no user";
	s->kind = failed ? SIGHTING_FAILURE : SIGHTING_SUCCESS;
	s->sort = sort;
	s->count = 1;
	snprintf(s->user, sizeof(s->user), "%s",
		 strcmp(user, "-") == 0 ? "" : user);
	strcpy(s->service, "postfix/smtpd");
	strcpy(s->rule, "postfix:1");
	return at == NULL ? NULL : read_fields(s, at);
}

static const char *read_trouble(struct step *step, char *at)
{
	step->sighting.kind = SIGHTING_TROUBLE;
	strcpy(step->sighting.service, "dovecot");
	return at == NULL ? NULL : read_address(&at, &step->sighting.address);
}

/* A log line: tag and message. */
static const char *read_line(const struct source *r, struct step *step,
			     char *at)
{
	struct logline line = {.host = {"mail", 4}};

	if (r->filter == NULL)
		return "a log line needs a filter";
	line.arrived = START + step->at;
	line.reported = START + step->told;
	logline_cut(&line, at, strlen(at));
	(void)filter_match(r->filter, r->scratch, &line, &step->sighting);
	return NULL;
}

static const char *read_seconds(struct step *step, const char *at)
{
	return at != NULL && time_read(at, &step->seconds) ? NULL
							   : "this is no time";
}

/* ADDRESS TIME: by hand. */
static const char *read_ban(struct step *step, char *at)
{
	const char *wrong = read_address(&at, &step->sighting.address);

	return wrong != NULL ? wrong : read_seconds(step, at);
}

static const char *read_set(struct step *step, const char *at)
{
	if (at == NULL || strchr(at, '=') == NULL)
		return "this is no parameter=value";
	snprintf(step->value, sizeof(step->value), "%s", at);
	return NULL;
}

struct kind {
	const char *word;
	enum step_kind kind;
};

static const struct kind kinds[] = {
	{"fail", STEP_SIGHTING},    {"doubt", STEP_SIGHTING},
	{"sum", STEP_SIGHTING},     {"ok", STEP_SIGHTING},
	{"trouble", STEP_SIGHTING}, {"line", STEP_SIGHTING},
	{"wait", STEP_WAIT},        {"restart", STEP_RESTART},
	{"kill", STEP_KILL},        {"clock", STEP_CLOCK},
	{"pardon", STEP_PARDON},    {"ban", STEP_BAN},
	{"set", STEP_SET},
};

static const char *read_kind(const char *word, struct step *step)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (word != NULL && strcmp(kinds[i].word, word) == 0) {
			step->kind = kinds[i].kind;
			return NULL;
		}
	return "nothing happens";
}

static const char *read_sighting(const struct source *r, const char *word,
				 struct step *step, char *at)
{
	switch (word[0]) {
	case 'f':
		return read_login(step, SIGHTING_CLEAR, true, at);
	case 'd':
		return read_login(step, SIGHTING_DOUBTFUL, true, at);
	case 's':
		return read_login(step, SIGHTING_SUMMARY, true, at);
	case 'o':
		return read_login(step, SIGHTING_CLEAR, false, at);
	case 't':
		return read_trouble(step, at);
	default:
		return at == NULL ? "there is no line" : read_line(r, step, at);
	}
}

const char *step_read(const struct source *r, struct step *step, char *at)
{
	const char *word = strsep(&at, " ");
	const char *wrong = read_kind(word, step);

	if (wrong != NULL)
		return wrong;
	if (at != NULL)
		at += strspn(at, " ");
	switch (step->kind) {
	case STEP_SIGHTING:
		return read_sighting(r, word, step, at);
	case STEP_CLOCK:
		return read_seconds(step, at);
	case STEP_PARDON:
		return read_address(&at, &step->sighting.address);
	case STEP_BAN:
		return read_ban(step, at);
	case STEP_SET:
		return read_set(step, at);
	default:
		return NULL;
	}
}
