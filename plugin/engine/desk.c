/* desk: see desk.h. */
#include "desk.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "saslban/jsontext.h"
#include "saslban/plain.h"
#include "saslban/zone.h"

/* As settings_table says; its sets have no jail's name in theirs, either. */
#define DEFAULT_JAIL "sasl"

static void word(struct desk *d, enum letter_part part, const char *text)
{
	plain_copy(d->text[part], DESK_PART, text);
}

/* It becomes an address in a header. */
static void make_id(struct desk *d, int64_t mail, int64_t at)
{
	snprintf(d->id, sizeof(d->id), "%s.%" PRId64 ".%" PRId64 "@%.100s",
		 d->jail, mail, at, d->host);
	for (char *c = d->id; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("_.-@", *c) == NULL)
			*c = '-';
}

void desk_begin(struct desk *d, int64_t mail, int64_t at, int64_t date)
{
	bool only = strcmp(d->jail, DEFAULT_JAIL) == 0;
	char place[160], day[ZONE_TEXT];

	for (int i = 0; i < LETTER_PARTS; i++)
		d->part[i] = paper_new(d->text[i], DESK_PART);
	make_id(d, mail, at);
	snprintf(place, sizeof(place), "%.100s%s%s", d->host, only ? "" : "/",
		 only ? "" : d->jail);
	word(d, LETTER_HOST, d->host);
	word(d, LETTER_JAIL, d->jail);
	word(d, LETTER_PLACE, place);
	word(d, LETTER_ID, d->id);
	word(d, LETTER_DATE, zone_day(date, day));
}

void desk_headline(struct desk *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(d->text[LETTER_HEADLINE], DESK_PART, format, args);
	va_end(args);
}

/* As mail has its lines. */
static void end_lines(const char *from, char *to)
{
	for (; *from != '\0'; from++) {
		if (*from == '\n')
			*to++ = '\r';
		*to++ = *from;
	}
	*to = '\0';
}

static const char *priority(enum report_level level)
{
	static const char *const of[] = {
		[REPORT_INFO] = "low",
		[REPORT_NOTICE] = "normal",
		[REPORT_WARNING] = "high",
		[REPORT_ERROR] = "urgent",
	};

	return of[level];
}

bool desk_submit(struct desk *d, const struct desk_note *note,
		 const struct reporter *r)
{
	struct outgoing m = {d->subject, d->json, note->level};
	struct paper body = paper_new(d->body, sizeof(d->body));
	const char *part[LETTER_PARTS];
	struct jsontext j;

	for (int i = 0; i < LETTER_PARTS; i++)
		part[i] = d->text[i];
	letter_write(d->letter, part, d->subject, &body);
	end_lines(d->body, d->crlf);
	jsontext_begin(&j, d->json, sizeof(d->json));
	jsontext_string(&j, "id", d->id);
	jsontext_string(&j, "kind", note->kind);
	jsontext_string(&j, "jail", d->jail);
	jsontext_string(&j, "host", d->host);
	jsontext_string(&j, "priority", priority(note->level));
	jsontext_number(&j, "at", note->at);
	jsontext_string(&j, "subject", d->subject);
	jsontext_string(&j, "body", d->crlf);
	return jsontext_end(&j) && r->submit != NULL &&
	       r->submit(r->context, OUTLET_NOTIFY, &m);
}
