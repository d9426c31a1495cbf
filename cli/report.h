/*
 * report: what happened in a time, for one reader or for many.
 *
 * It is taken once, as a survey and tables, and written in one of the forms.
 */
#ifndef SASLBAN_CLI_REPORT_H
#define SASLBAN_CLI_REPORT_H

#include <stddef.h>
#include <stdio.h>

#include "session.h"
#include "sheet.h"
#include "survey.h"

/* The tables that there are. Those from REPORT_DAYS on are what --by has. */
enum report_part {
	REPORT_FIGURES, /* totals, and those of the last two days */
	REPORT_THIRD,   /* the latest bans of a third strike or higher */
	REPORT_LATEST,  /* the latest bans */
	REPORT_BREACHES,
	REPORT_GROUNDS,
	REPORT_RULES,
	REPORT_DAYS,
	REPORT_STRIKES,
	REPORT_ADDRESSES,
	REPORT_NETWORKS,
	REPORT_ACCOUNTS,
	REPORT_SERVICES,
	REPORT_PARTS
};

struct report {
	const struct session *session;
	struct survey survey;
	int64_t breaches;                  /* all of that time */
	struct sheet *sheet[REPORT_PARTS]; /* NULL: not asked for */
};

/* A bit for each part that the summary has. */
#define REPORT_SUMMARY ((1U << REPORT_PARTS) - 1)

/* The survey's questions are set. Takes those parts; limit: of how many rows,
 * where these are ranked; 0: all. The caller closes it, after -1 as well. */
int report_take(struct report *r, unsigned parts, size_t limit,
		struct fault *why);
void report_close(struct report *r);

/* As text, as Markdown, as one JSON document, as one page. -1: out of memory.
 */
int report_text(const struct report *r, const struct output *o);
int report_markdown(const struct report *r, FILE *file);
int report_json(const struct report *r, FILE *file);
int report_html(const struct report *r, FILE *file);

/* ---- for those ---- */

/* A line on each jail: that it enforces, and whether its engine runs. Returns
 * buf; *well: nothing is wrong. */
enum { REPORT_STATE = 96 };
const char *report_jail(const struct report *r, const struct jail *j,
			char buf[REPORT_STATE], bool *well);

/* `2026-11-23 12:00 to 2026-11-30 12:00 (7d)`. Returns buf. */
enum { REPORT_PERIOD = 96 };
const char *report_period(const struct report *r, char buf[REPORT_PERIOD]);

/* What stands above the cards of a page: its title, which may be anybody's
 * text, the time, and of a summary the jails, sentences and the totals. */
void report_html_head(const struct report *r, FILE *file, const char *title);

#endif
