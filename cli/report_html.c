/* report_html: a report as one page with charts, see report.h. */
#include "report.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "calendar.h"
#include "chart.h"
#include "markup.h"
#include "page.h"
#include "timeline.h"

enum { HOST = 256 };

/* What is written, and to where. */
struct writing {
	const struct report *report;
	const struct survey *survey;
	FILE *file;
};

/* ---- cards ---- */

static void begin_card(const struct writing *w, const char *class,
		       const char *title, const char *sub)
{
	fprintf(w->file,
		"<section class=\"card %s\"><h2>%s</h2>"
		"<p class=\"sub\">%s</p>\n",
		class, title, sub);
}

static void end_card(const struct writing *w)
{
	fputs("</section>\n", w->file);
}

/* The numbers behind a chart. */
static int put_numbers(const struct writing *w, enum report_part part)
{
	fputs("<details><summary>The numbers</summary>", w->file);
	if (sheet_html(w->report->sheet[part], w->file) < 0)
		return -1;
	fputs("</details>\n", w->file);
	return 0;
}

/* ---- over time ---- */

static const char *const strike_styles[CHART_SERIES] = {"s1", "s2", "s3", "s4"};
static const char *const strike_names[CHART_SERIES] = {
	"first strike", "second", "third", "fourth and more"};

static void put_key(const struct writing *w)
{
	fputs("<ul class=\"key\">", w->file);
	for (size_t i = 0; i < CHART_SERIES; i++)
		fprintf(w->file, "<li><i class=\"%s\"></i>%s</li>",
			strike_styles[i], strike_names[i]);
	fputs("</ul>\n", w->file);
}

static void put_attempts(const struct writing *w, const struct timeline *t)
{
	char sub[160];
	struct chart c = {w->file, "attempts", "Attempts over time", sub};
	struct chart_columns of = {
		.points = t->points,
		.series = 1,
		.name = {"attempts"},
		.style = {"bar"},
		.value = t->attempts,
		.label = (const char(*)[CHART_LABEL])t->label,
		.whole = (const char(*)[CHART_LABEL])t->whole,
	};

	snprintf(sub, sizeof(sub), "Attempts to guess a password, %s", t->unit);
	begin_card(w, "all", "Attempts", sub);
	chart_columns(&c, &of);
}

static void put_bans(const struct writing *w, const struct timeline *t)
{
	char sub[160];
	struct chart c = {w->file, "bans", "Bans over time", sub};
	struct chart_columns of = {
		.points = t->points,
		.series = CHART_SERIES,
		.value = t->bans,
		.label = (const char(*)[CHART_LABEL])t->label,
		.whole = (const char(*)[CHART_LABEL])t->whole,
	};

	memcpy(of.name, strike_names, sizeof(of.name));
	memcpy(of.style, strike_styles, sizeof(of.style));
	snprintf(sub, sizeof(sub), "Bans by their strike, %s", t->unit);
	begin_card(w, "all", "Bans", sub);
	chart_columns(&c, &of);
	put_key(w);
}

static int put_time(const struct writing *w)
{
	struct timeline t;
	int result = timeline_take(&t, w->survey);

	if (result == 0) {
		put_attempts(w, &t);
		result = put_numbers(w, REPORT_DAYS);
		end_card(w);
		put_bans(w, &t);
		end_card(w);
	}
	timeline_close(&t);
	return result;
}

/* ---- the others ---- */

static void put_heat_numbers(const struct writing *w)
{
	fputs("<details><summary>The numbers</summary><div class=\"scroll\">"
	      "<table><thead><tr><td></td>",
	      w->file);
	for (int hour = 0; hour < 24; hour++)
		fprintf(w->file, "<th scope=\"col\" class=\"n\">%d</th>", hour);
	fputs("</tr></thead><tbody>\n", w->file);
	for (int day = 0; day < 7; day++) {
		fprintf(w->file, "<tr><th scope=\"row\">%s</th>",
			calendar_weekdays[day]);
		for (int hour = 0; hour < 24; hour++) {
			fputs("<td class=\"n\">", w->file);
			markup_number(w->file, w->survey->heat[day][hour]);
			fputs("</td>", w->file);
		}
		fputs("</tr>\n", w->file);
	}
	fputs("</tbody></table></div></details>\n", w->file);
}

static void put_heat(const struct writing *w)
{
	static const char what[] = "Attempts by weekday and hour, local time";
	struct chart c = {w->file, "heat", "When they come", what};

	begin_card(w, "all", "When they come", what);
	chart_heat(&c, w->survey->heat);
	fputs("<ul class=\"key\"><li class=\"heat\">none <i class=\"h0\"></i>",
	      w->file);
	for (int i = 1; i <= 5; i++)
		fprintf(w->file, "<i class=\"h%d\"></i>", i);
	fputs(" most</li></ul>\n", w->file);
	put_heat_numbers(w);
	end_card(w);
}

enum { BARS = 10 };

/* A chart of what has the most attempts, and its table. */
static int put_ranking(const struct writing *w, enum report_part part,
		       const struct groups *g, const char *id,
		       const char *title, const char *sub)
{
	struct chart_bar bar[BARS];
	struct chart c = {w->file, id, title, sub};
	size_t n = 0;
	int result;

	if (w->report->sheet[part] == NULL || g->n == 0)
		return 0;
	for (; n < g->n && n < BARS; n++)
		bar[n] = (struct chart_bar){
			g->at[n].name[0] == '\0' ? "(none)" : g->at[n].name,
			g->at[n].attempts, "bar"};
	begin_card(w, "half", title, sub);
	chart_bars(&c, bar, n);
	result = put_numbers(w, part);
	end_card(w);
	return result;
}

static int put_strikes(const struct writing *w)
{
	static const char sub[] = "Bans that began, by their strike";
	struct chart_bar bar[SURVEY_STRIKES];
	struct chart c = {w->file, "strikes", "Strikes", sub};
	int result;

	if (w->report->sheet[REPORT_STRIKES] == NULL)
		return 0;
	for (size_t i = 0; i < SURVEY_STRIKES; i++)
		bar[i] = (struct chart_bar){strike_names[i],
					    w->survey->strike[i].bans,
					    strike_styles[i]};
	begin_card(w, "half", "Strikes", sub);
	chart_bars(&c, bar, SURVEY_STRIKES);
	result = put_numbers(w, REPORT_STRIKES);
	end_card(w);
	return result;
}

static int put_grounds(const struct writing *w)
{
	static const char sub[] = "Bans that began, by their ground";
	static const char *const names[GROUNDS] = {
		[GROUND_COUNT] = "too many failures",
		[GROUND_ACCOUNT] = "account under attack",
		[GROUND_TRAP] = "trap user",
		[GROUND_NETWORK] = "network",
		[GROUND_BREACH] = "guess that hit",
		[GROUND_PERSON] = "by hand",
		[GROUND_FOUND] = "found in a set"};
	struct chart_bar bar[GROUNDS];
	struct chart c = {w->file, "grounds", "Grounds", sub};
	size_t n = 0;
	int result;

	if (w->report->sheet[REPORT_GROUNDS] == NULL)
		return 0;
	for (size_t i = 0; i < GROUNDS; i++)
		if (w->survey->ground[i] > 0)
			bar[n++] = (struct chart_bar){
				names[i], w->survey->ground[i], "bar"};
	if (n == 0)
		return 0;
	begin_card(w, "half", "Why there were bans", sub);
	chart_bars(&c, bar, n);
	result = put_numbers(w, REPORT_GROUNDS);
	end_card(w);
	return result;
}

/* A table as a card of its own, if it has rows. */
static int put_table(const struct writing *w, enum report_part part,
		     const char *sub)
{
	const struct sheet *s = w->report->sheet[part];
	int result;

	if (sheet_rows(s) == 0)
		return 0;
	begin_card(w, "all", sheet_title(s), sub);
	result = sheet_html(s, w->file);
	end_card(w);
	return result;
}

static int put_rankings(const struct writing *w)
{
	const struct survey *s = w->survey;

	if (put_ranking(w, REPORT_NETWORKS, &s->network, "networks", "Networks",
			"Those with the most attempts") < 0 ||
	    put_ranking(w, REPORT_ACCOUNTS, &s->account, "accounts", "Accounts",
			"Names that were tried the most") < 0 ||
	    put_ranking(w, REPORT_ADDRESSES, &s->address, "addresses",
			"Addresses", "Those with the most attempts") < 0 ||
	    put_ranking(w, REPORT_SERVICES, &s->service, "services", "Services",
			"Where they tried") < 0)
		return -1;
	return 0;
}

static int put_cards(const struct writing *w)
{
	if (put_table(w, REPORT_BREACHES,
		      "Logins that look like a guess that hit") < 0)
		return -1;
	if (w->report->sheet[REPORT_DAYS] != NULL) {
		if (put_time(w) < 0)
			return -1;
		put_heat(w);
	}
	if (put_strikes(w) < 0 || put_grounds(w) < 0 || put_rankings(w) < 0)
		return -1;
	return put_table(w, REPORT_THIRD,
			 "Whoever comes back gets longer bans") < 0 ||
			       put_table(w, REPORT_LATEST, "Newest first") < 0
		       ? -1
		       : 0;
}

int report_html(const struct report *r, FILE *file)
{
	const struct writing w = {r, &r->survey, file};
	char host[HOST] = "", title[HOST + 32];
	char now[OUTPUT_TIME];
	int result;

	if (gethostname(host, sizeof(host) - 1) < 0)
		host[0] = '\0';
	snprintf(title, sizeof(title), "Attacks on mail accounts of %s", host);
	page_begin(file, title);
	report_html_head(r, file, title);
	fputs("<div class=\"cards\">\n", file);
	result = put_cards(&w);
	fprintf(file,
		"</div>\n<footer>Written by saslbanctl " SASLBAN_VERSION
		" on %s. An attempt is a failed login that counts, or that "
		"came from who was banned already.</footer>\n",
		output_time(r->survey.now, now));
	page_end(file);
	return result;
}
