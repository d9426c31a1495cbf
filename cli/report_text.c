/* report_text: a report as text, as Markdown and as JSON, see report.h. */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "markup.h"

enum { MINUTE = 16 /* bytes of a time without its seconds */ };

const char *report_jail(const struct report *r, const struct jail *j,
			char buf[REPORT_STATE], bool *well)
{
	enum alive_state engine = session_engine(r->session, j);
	const char *runs = "its engine runs";

	*well = session_has_engine(r->session, j, r->survey.now);
	if (!*well)
		runs = "NO ENGINE RUNS";
	else if (engine != ALIVE_RUNS)
		runs = "its engine has written lately";
	snprintf(buf, REPORT_STATE, "%s, %s",
		 j->settings.enforce ? "enforces" : "only observes", runs);
	return buf;
}

const char *report_period(const struct report *r, char buf[REPORT_PERIOD])
{
	const struct survey *s = &r->survey;
	char from[OUTPUT_TIME], to[OUTPUT_TIME];
	int64_t hours = (s->now - s->begin + 1800) / 3600;
	bool days = hours >= SURVEY_HOURS;

	output_time(s->begin, from);
	output_time(s->now, to);
	snprintf(buf, REPORT_PERIOD, "%.*s to %.*s (%" PRId64 "%s)", MINUTE,
		 from, MINUTE, to, days ? (hours + 12) / 24 : hours,
		 days ? "d" : "h");
	return buf;
}

static bool is_meant(const struct report *r, const struct jail *j)
{
	return r->survey.jail == NULL || r->survey.jail == j;
}

/* In the order in which somebody reads them. */
static const enum report_part order[] = {
	REPORT_FIGURES,  REPORT_BREACHES,  REPORT_DAYS,     REPORT_STRIKES,
	REPORT_GROUNDS,  REPORT_THIRD,     REPORT_LATEST,   REPORT_NETWORKS,
	REPORT_ACCOUNTS, REPORT_ADDRESSES, REPORT_SERVICES, REPORT_RULES,
};

enum { ORDER = sizeof(order) / sizeof(order[0]) };

/* What has no rows is left out; a table alone is there all the same. */
static const struct sheet *sheet_at(const struct report *r, size_t i)
{
	const struct sheet *s = r->sheet[order[i]];

	return sheet_rows(s) > 0 ? s : NULL;
}

int report_text(const struct report *r, const struct output *o)
{
	char buf[REPORT_PERIOD], state[REPORT_STATE];
	bool well;

	output_print(o, STRONG, "saslban: %s", report_period(r, buf));
	fputs("\n\n", o->file);
	for (size_t i = 0; i < r->session->jails; i++) {
		const struct jail *j = &r->session->jail[i];

		if (!is_meant(r, j))
			continue;
		report_jail(r, j, state, &well);
		fprintf(o->file, "%s: ", j->settings.name);
		output_print(o, well ? PLAIN : BAD, "%s", state);
		fputc('\n', o->file);
	}
	for (size_t i = 0; i < ORDER; i++) {
		const struct sheet *s = sheet_at(r, i);

		if (s == NULL)
			continue;
		fputc('\n', o->file);
		output_print(o, STRONG, "%s", sheet_title(s));
		fputc('\n', o->file);
		if (sheet_print(s, o) < 0)
			return -1;
	}
	return 0;
}

int report_markdown(const struct report *r, FILE *file)
{
	char buf[REPORT_PERIOD], state[REPORT_STATE];
	bool well;

	fprintf(file, "# saslban: %s\n\n", report_period(r, buf));
	for (size_t i = 0; i < r->session->jails; i++) {
		const struct jail *j = &r->session->jail[i];

		if (!is_meant(r, j))
			continue;
		fputs("- ", file);
		markup_markdown(file, j->settings.name);
		report_jail(r, j, state, &well);
		fprintf(file, ": %s%s%s\n", well ? "" : "**", state,
			well ? "" : "**");
	}
	for (size_t i = 0; i < ORDER; i++) {
		const struct sheet *s = sheet_at(r, i);

		if (s == NULL)
			continue;
		fprintf(file, "\n## %s\n\n", sheet_title(s));
		if (sheet_markdown(s, file) < 0)
			return -1;
	}
	return 0;
}

/* ---- for programs ---- */

static void json_jails(const struct report *r, struct json *j)
{
	json_array(j, "jails");
	for (size_t i = 0; i < r->session->jails; i++) {
		const struct jail *jail = &r->session->jail[i];

		if (!is_meant(r, jail))
			continue;
		json_object(j, NULL);
		json_text(j, "name", jail->settings.name);
		json_bool(j, "enforce", jail->settings.enforce);
		json_bool(j, "alive",
			  session_has_engine(r->session, jail, r->survey.now));
		json_end(j);
	}
	json_end(j);
}

static void json_heat(const struct survey *s, struct json *j)
{
	json_array(j, "heat");
	for (int day = 0; day < 7; day++) {
		json_array(j, NULL);
		for (int hour = 0; hour < 24; hour++)
			json_number(j, NULL, s->heat[day][hour]);
		json_end(j);
	}
	json_end(j);
}

int report_json(const struct report *r, FILE *file)
{
	const struct survey *s = &r->survey;
	struct json *j = json_begin(file);
	int result = 0;

	json_number(j, "now", s->now);
	json_number(j, "since", s->since);
	json_number(j, "begin", s->begin);
	json_number(j, "attempts", s->attempts);
	if (r->sheet[REPORT_FIGURES] != NULL) {
		json_jails(r, j);
		json_heat(s, j);
	}
	for (size_t i = 0; i < ORDER && result == 0; i++)
		if (r->sheet[order[i]] != NULL)
			result = sheet_json(r->sheet[order[i]], j);
	return json_finish(j) < 0 ? -1 : result;
}
