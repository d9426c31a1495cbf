/* geography: see geography.h. */
#include "geography.h"

#include <inttypes.h>
#include <string.h>

#include "edge.h"
#include "text.h"

/* An earlier jail, or the same one, names the file, too. */
static bool is_known(const struct session *s, size_t jail, size_t entry)
{
	const struct settings *its = &s->jail[jail].settings;

	for (size_t i = 0; i <= jail; i++) {
		const struct settings *other = &s->jail[i].settings;
		size_t n = i == jail ? entry : other->geoips;

		for (size_t k = 0; k < n; k++)
			if (strcmp(other->geoip[k], its->geoip[entry]) == 0)
				return true;
	}
	return false;
}

/* False: without the library the others cannot be opened either. */
static bool add(struct session *s, const char *path)
{
	struct fault why;

	if (s->geo == NULL && geo_open(&s->geo, &why) < 0) {
		edge_note("%s", why.text);
		return false;
	}
	if (geo_add(s->geo, path, &why) < 0)
		edge_note("%s", why.text);
	return true;
}

void geography_open(struct session *s)
{
	for (size_t i = 0; i < s->jails; i++)
		for (size_t k = 0; k < s->jail[i].settings.geoips; k++)
			if (!is_known(s, i, k) &&
			    !add(s, s->jail[i].settings.geoip[k]))
				return;
}

/* ---- for people ---- */

static void operator_cell(struct table *t, enum style style,
			  const struct geo_place *p)
{
	if (p->asn == 0)
		table_cell(t, style, "-");
	else
		table_cell(t, style, "%" PRIu32 "%s%s", p->asn,
			   p->as_name[0] == '\0' ? "" : " ", p->as_name);
}

void geography_cells(struct table *t, enum style style, const struct geo *geo,
		     const struct address *a)
{
	struct geo_place p;

	if (geo == NULL)
		return;
	(void)geo_find(geo, a, &p);
	table_cell(t, style, "%s", p.country);
	operator_cell(t, style, &p);
}

void geography_print(const struct output *o, const struct geo *geo,
		     const struct address *a)
{
	struct geo_place p;

	if (!geo_find(geo, a, &p))
		return;
	fprintf(o->file, "  country %s",
		p.country[0] == '\0' ? "unknown" : p.country);
	if (p.asn != 0) {
		fprintf(o->file, ", AS %" PRIu32 " ", p.asn);
		text_show(o->file, p.as_name, o->utf8);
	}
	fputc('\n', o->file);
}

static void text_or_none(struct sheet *sheet, const char *text)
{
	if (text[0] == '\0')
		sheet_none(sheet);
	else
		sheet_text(sheet, text);
}

void geography_sheet(struct sheet *sheet, const struct geo *geo,
		     const struct address *a)
{
	struct geo_place p;

	if (geo == NULL)
		return;
	(void)geo_find(geo, a, &p);
	text_or_none(sheet, p.country);
	if (p.asn == 0)
		sheet_none(sheet);
	else
		sheet_number(sheet, p.asn);
	text_or_none(sheet, p.as_name);
}

/* ---- for programs ---- */

static void text_or_null(struct json *j, const char *key, const char *text)
{
	if (text[0] == '\0')
		json_null(j, key);
	else
		json_text(j, key, text);
}

void geography_json(struct json *j, const struct geo *geo,
		    const struct address *a)
{
	struct geo_place p;

	if (geo == NULL)
		return;
	(void)geo_find(geo, a, &p);
	text_or_null(j, "country", p.country);
	if (p.asn == 0)
		json_null(j, "asn");
	else
		json_number(j, "asn", p.asn);
	text_or_null(j, "as_name", p.as_name);
}

void geography_csv(struct csv *c, const struct geo *geo,
		   const struct address *a)
{
	struct geo_place p;

	if (geo == NULL)
		return;
	(void)geo_find(geo, a, &p);
	csv_text(c, p.country);
	if (p.asn == 0)
		csv_empty(c, 1);
	else
		csv_number(c, p.asn);
	csv_text(c, p.as_name);
}
