/* report_head: what stands above the cards of a page, see report.h. */
#include "report.h"

#include "markup.h"

/* `1 ban`, `12 bans` */
static void count(FILE *f, int64_t n, const char *one, const char *many)
{
	markup_number(f, n);
	fprintf(f, " %s", n == 1 ? one : many);
}

/* The whole of it in a few sentences. */
static void put_lead(const struct report *r, FILE *f)
{
	const struct survey *s = &r->survey;
	int64_t hours = (s->now - s->begin + 1800) / 3600;

	fputs("<p class=\"lead\">In ", f);
	if (hours < 72)
		count(f, hours, "hour", "hours");
	else
		count(f, (hours + 12) / 24, "day", "days");
	fputs(", ", f);
	count(f, s->attempts, "attempt", "attempts");
	fputs(" to guess a password came from ", f);
	count(f, (int64_t)s->address.n, "address", "addresses");
	fputs(" in ", f);
	count(f, (int64_t)s->network.n, "network", "networks");
	fputs(", for ", f);
	count(f, (int64_t)s->account.n, "account", "accounts");
	fputs(". ", f);
	count(f, s->bans, "ban", "bans");
	fputs(" began", f);
	if (s->lifted > 0) {
		fputs(", of which ", f);
		markup_number(f, s->lifted);
		fputs(s->lifted == 1 ? " was lifted" : " were lifted", f);
		fputs(" by a person", f);
	}
	if (r->breaches == 0)
		fputs(". No login looks like a guess that hit.</p>\n", f);
	else if (r->breaches == 1)
		fputs(". <strong>One login looks like a guess that hit: its "
		      "password has to be changed.</strong></p>\n",
		      f);
	else {
		fputs(". <strong>", f);
		markup_number(f, r->breaches);
		fputs(" logins look like guesses that hit: their passwords "
		      "have to be changed.</strong></p>\n",
		      f);
	}
}

static void put_jails(const struct report *r, FILE *file)
{
	const struct session *s = r->session;
	char state[REPORT_STATE];
	bool well;

	fputs("<ul class=\"jails\">\n", file);
	for (size_t i = 0; i < s->jails; i++) {
		if (r->survey.jail != NULL && r->survey.jail != &s->jail[i])
			continue;
		report_jail(r, &s->jail[i], state, &well);
		fprintf(file, "<li%s>", well ? "" : " class=\"bad\"");
		markup_html(file, s->jail[i].settings.name);
		fprintf(file, ": %s</li>\n", state);
	}
	fputs("</ul>\n", file);
}

static void put_tile(FILE *file, const char *class, int64_t n, const char *name)
{
	char number[MARKUP_ROUND];

	fprintf(file, "<div class=\"tile%s\"><b>%s</b><span>%s</span></div>\n",
		class, markup_round(n, number), name);
}

static void put_tiles(const struct report *r, FILE *file)
{
	const struct survey *s = &r->survey;

	fputs("<div class=\"tiles\">\n", file);
	put_tile(file, "", s->attempts, "attempts");
	put_tile(file, "", (int64_t)s->address.n, "addresses");
	put_tile(file, "", (int64_t)s->account.n, "accounts tried");
	put_tile(file, "", s->bans, "bans");
	put_tile(file, "", s->running, "bans that run now");
	put_tile(file, r->breaches > 0 ? " bad" : " good", r->breaches,
		 "breaches");
	fputs("</div>\n", file);
}

void report_html_head(const struct report *r, FILE *file, const char *title)
{
	char period[REPORT_PERIOD];

	fputs("<header><h1>", file);
	markup_html(file, title);
	fprintf(file, "</h1>\n<p class=\"soft\">%s</p>\n",
		report_period(r, period));
	if (r->sheet[REPORT_FIGURES] != NULL) {
		put_jails(r, file);
		put_lead(r, file);
		fputs("</header>\n", file);
		put_tiles(r, file);
	} else {
		fputs("</header><br>\n", file);
	}
}
