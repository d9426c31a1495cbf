/*
 * geography: where addresses are, in each form of output.
 *
 * By the files that the jails' parameter geoip names. Where none does, geo is
 * NULL and nothing is written: output is the same as ever. What is not known
 * is `-`, null or an empty cell.
 */
#ifndef SASLBAN_CLI_GEOGRAPHY_H
#define SASLBAN_CLI_GEOGRAPHY_H

#include "csv.h"
#include "json.h"
#include "output.h"
#include "saslban/address.h"
#include "saslban/geo.h"
#include "session.h"
#include "sheet.h"
#include "table.h"

/* Opens what the jails name, into s->geo; session_close closes it. What cannot
 * be used is a line on standard error, and no end. */
void geography_open(struct session *s);

/* Two columns of a table: the country; number and name of the operator. */
#define GEOGRAPHY_COLUMNS                              \
	{.heading = "COUNTRY"},                        \
	{                                              \
		.heading = "AS", .min = 10, .spare = 3 \
	}
void geography_cells(struct table *t, enum style style, const struct geo *geo,
		     const struct address *a);

/* Three of a sheet. */
#define GEOGRAPHY_SHEET                                       \
	{"country", "Country", SHEET_TEXT, 0, 0, false},      \
		{"asn", "AS", SHEET_CODE, 0, 3, false},       \
	{                                                     \
		"as_name", "AS name", SHEET_TEXT, 8, 1, false \
	}
void geography_sheet(struct sheet *sheet, const struct geo *geo,
		     const struct address *a);

/* A line behind the name of an address. */
void geography_print(const struct output *o, const struct geo *geo,
		     const struct address *a);

/* country, asn, as_name, into an object that is open. */
void geography_json(struct json *j, const struct geo *geo,
		    const struct address *a);

#define GEOGRAPHY_HEADINGS "country", "asn", "as_name"
void geography_csv(struct csv *c, const struct geo *geo,
		   const struct address *a);

#endif
