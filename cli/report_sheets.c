/* report_sheets: the tables of a report, see report.h. */
#include "report.h"

#include <string.h>

#include "calendar.h"
#include "geography.h"
#include "saslban/breach.h"
#include "tops.h"

enum { DAY = 86400 };

typedef int make(struct sheet *sheet, struct report *r, struct fault *why);

/* ---- figures ---- */

static const struct sheet_column figure_columns[] = {
	{"figure", "Figure", SHEET_TEXT, 0, 0, false},
	{"total", "Total", SHEET_NUMBER, 0, 0, false},
	{"last_day", "Last 24h", SHEET_NUMBER, 0, 0, false},
	{"day_before", "24h before", SHEET_NUMBER, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

/* lately: of the last day and of the day before, as far as they are in the
 * time of the report; NULL: nobody has counted. */
static void figure(struct sheet *sheet, const struct survey *s,
		   const char *name, int64_t total, const int64_t *lately)
{
	sheet_text(sheet, name);
	sheet_number(sheet, total);
	for (int i = 0; i < 2; i++)
		if (lately == NULL || s->since > s->now - (i + 1) * DAY)
			sheet_none(sheet);
		else
			sheet_number(sheet, lately[i]);
}

static int make_figures(struct sheet *sheet, struct report *r,
			struct fault *why)
{
	static const char *const strikes[SURVEY_STRIKES] = {
		"of a first strike", "of a second", "of a third",
		"of a higher one"};
	const struct survey *s = &r->survey;
	int64_t excused = 0;

	(void)why;
	for (size_t i = 0; i < VERDICT_KINDS; i++)
		if (!survey_is_attempt((enum verdict_kind)i))
			excused += s->verdict[i];
	figure(sheet, s, "attempts", s->attempts, s->lately);
	figure(sheet, s, "failures that count for nobody", excused, NULL);
	figure(sheet, s, "addresses", (int64_t)s->address.n, NULL);
	figure(sheet, s, "networks", (int64_t)s->network.n, NULL);
	figure(sheet, s, "accounts", (int64_t)s->account.n, NULL);
	figure(sheet, s, "bans", s->bans, s->lately_bans);
	for (size_t i = 0; i < SURVEY_STRIKES; i++)
		figure(sheet, s, strikes[i], s->strike[i].bans, NULL);
	figure(sheet, s, "of these lifted by a person", s->lifted, NULL);
	figure(sheet, s, "bans that run now", s->running, NULL);
	if (s->observed > 0)
		figure(sheet, s, "bans that are only observed", s->observed,
		       NULL);
	figure(sheet, s, "breaches", r->breaches, NULL);
	return 0;
}

/* ---- days ---- */

static const struct sheet_column day_columns[] = {
	{"date", "Date", SHEET_TEXT, 0, 0, false},
	{"attempts", "Attempts", SHEET_NUMBER, 0, 0, false},
	{"addresses", "Addresses", SHEET_NUMBER, 0, 0, false},
	{"bans", "Bans", SHEET_NUMBER, 0, 0, false},
	{"first", "1st", SHEET_NUMBER, 0, 0, false},
	{"second", "2nd", SHEET_NUMBER, 0, 0, false},
	{"third", "3rd", SHEET_NUMBER, 0, 0, false},
	{"higher", "Higher", SHEET_NUMBER, 0, 0, false},
	{"lifted", "Lifted", SHEET_NUMBER, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static int make_days(struct sheet *sheet, struct report *r, struct fault *why)
{
	const struct survey *s = &r->survey;
	char date[CALENDAR_TEXT];

	(void)why;
	for (size_t i = 0; i < s->days; i++) {
		const struct survey_span *d = &s->day[i];

		sheet_text(sheet,
			   calendar_date(s->first_day + (int64_t)i, date));
		sheet_number(sheet, d->attempts);
		sheet_number(sheet, d->addresses);
		sheet_number(sheet, d->bans);
		for (size_t k = 0; k < SURVEY_STRIKES; k++)
			sheet_number(sheet, d->strike[k]);
		sheet_number(sheet, d->lifted);
	}
	return 0;
}

/* ---- strikes and grounds ---- */

static const struct sheet_column strike_columns[] = {
	{"strike", "Strike", SHEET_TEXT, 0, 0, false},
	{"bans", "Bans", SHEET_NUMBER, 0, 0, false},
	{"lifted", "Lifted", SHEET_NUMBER, 0, 0, false},
	{"running", "Running", SHEET_NUMBER, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static int make_strikes(struct sheet *sheet, struct report *r,
			struct fault *why)
{
	static const char *const names[SURVEY_STRIKES] = {"1", "2", "3",
							  "4 and more"};

	(void)why;
	for (size_t i = 0; i < SURVEY_STRIKES; i++) {
		const struct survey_strike *k = &r->survey.strike[i];

		sheet_text(sheet, names[i]);
		sheet_number(sheet, k->bans);
		sheet_number(sheet, k->lifted);
		sheet_number(sheet, k->running);
	}
	return 0;
}

static const struct sheet_column ground_columns[] = {
	{"ground", "Ground", SHEET_TEXT, 0, 0, false},
	{"bans", "Bans", SHEET_NUMBER, 0, 0, false},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

static int make_grounds(struct sheet *sheet, struct report *r,
			struct fault *why)
{
	(void)why;
	for (size_t i = 0; i < GROUNDS; i++) {
		if (r->survey.ground[i] == 0)
			continue;
		sheet_text(sheet, ground_word((enum ground)i));
		sheet_number(sheet, r->survey.ground[i]);
	}
	return 0;
}

/* ---- lists ---- */

#define WHO_COLUMNS                                           \
	{"at", "Since", SHEET_TIME, 0, 0, false},             \
	{                                                     \
		"address", "Address", SHEET_TEXT, 0, 0, false \
	}
#define BAN_COLUMNS                                              \
	{"jail", "Jail", SHEET_TEXT, 0, 2, false},               \
		{"strike", "Strike", SHEET_NUMBER, 0, 0, false}, \
		{"ground", "Ground", SHEET_TEXT, 0, 3, false},   \
		{"until", "Until", SHEET_TIME, 0, 1, false},     \
		{"state", "State", SHEET_TEXT, 0, 0, false},     \
	{                                                        \
		NULL, NULL, SHEET_TEXT, 0, 0, false              \
	}

static const struct sheet_column ban_columns[] = {WHO_COLUMNS, BAN_COLUMNS};
static const struct sheet_column ban_placed[] = {WHO_COLUMNS, GEOGRAPHY_SHEET,
						 BAN_COLUMNS};

static const char *state_word(const struct survey_ban *b)
{
	if (b->lifted)
		return "lifted";
	if (!b->runs)
		return "over";
	return b->observed ? "observed" : "runs";
}

static void list_bans(struct sheet *sheet, const struct report *r,
		      const struct survey_latest *of)
{
	for (size_t i = 0; i < of->n; i++) {
		const struct survey_ban *b = &of->ban[i];
		const struct jail *j = session_jail(r->session, b->jail);
		struct address a = {.family = ADDRESS_NONE};

		(void)address_parse(b->address, strlen(b->address), &a);
		sheet_time(sheet, b->at);
		sheet_text(sheet, b->address);
		geography_sheet(sheet, r->session->geo, &a);
		sheet_text(sheet, j == NULL ? "" : j->settings.name);
		sheet_number(sheet, b->strike);
		sheet_text(sheet, ground_word(b->ground));
		sheet_time(sheet, b->until);
		sheet_text(sheet, state_word(b));
	}
}

static int make_third(struct sheet *sheet, struct report *r, struct fault *why)
{
	(void)why;
	list_bans(sheet, r, &r->survey.third);
	return 0;
}

static int make_latest(struct sheet *sheet, struct report *r, struct fault *why)
{
	(void)why;
	list_bans(sheet, r, &r->survey.latest);
	return 0;
}

static const struct sheet_column breach_columns[] = {
	{"at", "First", SHEET_TIME, 0, 0, false},
	{"account", "Account", SHEET_TEXT, 16, 0, false},
	{"address", "Address", SHEET_TEXT, 0, 0, false},
	{"service", "Service", SHEET_TEXT, 8, 1, false},
	{"why", "Why", SHEET_TEXT, 0, 0, true},
	{NULL, NULL, SHEET_TEXT, 0, 0, false},
};

struct breaching {
	struct sheet *sheet;
	struct report *report;
};

enum { LISTED = 20 /* that are listed */ };

static int see_breach(void *context, const struct breach_row *b)
{
	struct breaching *x = context;
	char address[ADDRESS_TEXT];

	if (x->report->breaches++ >= LISTED)
		return 0;
	sheet_time(x->sheet, b->at);
	sheet_text(x->sheet, b->user);
	sheet_text(x->sheet, address_print(&b->host, address));
	sheet_text(x->sheet, b->service);
	sheet_text(x->sheet, b->why);
	return 0;
}

static int make_breaches(struct sheet *sheet, struct report *r,
			 struct fault *why)
{
	struct breaching x = {sheet, r};
	const struct survey *s = &r->survey;

	return breach_each(r->session->store, s->jail == NULL ? 0 : s->jail->id,
			   s->since, 0, see_breach, &x, why);
}

/* ---- all of them ---- */

struct part {
	const char *name;
	const char *title;
	const struct sheet_column *columns;
	make *make;
	const char *top; /* instead of columns: its word in tops.h */
	unsigned parts;  /* of the survey */
	const struct sheet_column *placed; /* with countries; NULL: the same */
};

static const struct part table[REPORT_PARTS] = {
	[REPORT_FIGURES] = {"figures", "In figures", figure_columns,
			    make_figures, NULL,
			    SURVEY_BANS | SURVEY_ADDRESSES | SURVEY_NETWORKS |
				    SURVEY_ACCOUNTS},
	[REPORT_THIRD] = {"third_strikes", "Third strikes, the latest",
			  ban_columns, make_third, NULL, SURVEY_BANS,
			  ban_placed},
	[REPORT_LATEST] = {"latest", "Bans, the latest", ban_columns,
			   make_latest, NULL, SURVEY_BANS, ban_placed},
	[REPORT_BREACHES] = {"breaches", "Breaches: passwords to be changed",
			     breach_columns, make_breaches, NULL, 0},
	[REPORT_GROUNDS] = {"grounds", "Why there were bans", ground_columns,
			    make_grounds, NULL, SURVEY_BANS},
	[REPORT_RULES] = {"rules", "Rules", NULL, NULL, "rules", 0},
	[REPORT_DAYS] = {"days", "Day by day", day_columns, make_days, NULL,
			 SURVEY_BANS | SURVEY_TIME},
	[REPORT_STRIKES] = {"strikes", "Strikes", strike_columns, make_strikes,
			    NULL, SURVEY_BANS},
	[REPORT_ADDRESSES] = {"addresses", "Addresses", NULL, NULL, "addresses",
			      0},
	[REPORT_NETWORKS] = {"networks", "Networks", NULL, NULL, "networks", 0},
	[REPORT_ACCOUNTS] = {"accounts", "Accounts", NULL, NULL, "accounts", 0},
	[REPORT_SERVICES] = {"services", "Services", NULL, NULL, "services", 0},
};

static unsigned parts_of(const struct part *p)
{
	return p->top == NULL ? p->parts : tops_kind(p->top)->parts;
}

static int make_sheet(struct report *r, size_t i, size_t limit,
		      struct fault *why)
{
	const struct part *p = &table[i];
	bool placed = p->placed != NULL && r->session->geo != NULL;

	if (p->top != NULL)
		return tops_sheet(&r->survey, tops_kind(p->top), limit,
				  &r->sheet[i], why);
	r->sheet[i] =
		sheet_open(p->name, p->title, placed ? p->placed : p->columns);
	if (r->sheet[i] == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return p->make(r->sheet[i], r, why);
}

int report_take(struct report *r, unsigned parts, size_t limit,
		struct fault *why)
{
	/* The figures come last: they have the number of the breaches. */
	static const unsigned last = 1U << REPORT_FIGURES;

	for (size_t i = 0; i < REPORT_PARTS; i++)
		if ((parts & 1U << i) != 0)
			r->survey.parts |= parts_of(&table[i]);
	r->survey.limit = limit;
	if (survey_take(&r->survey, why) < 0)
		return -1;
	for (size_t i = 0; i < REPORT_PARTS; i++)
		if ((parts & ~last & 1U << i) != 0 &&
		    make_sheet(r, i, limit, why) < 0)
			return -1;
	return (parts & last) != 0 ? make_sheet(r, REPORT_FIGURES, limit, why)
				   : 0;
}

void report_close(struct report *r)
{
	for (size_t i = 0; i < REPORT_PARTS; i++)
		sheet_close(r->sheet[i]);
	survey_close(&r->survey);
}
