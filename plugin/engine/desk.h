/*
 * desk: where a mail is written: a paper for each of its parts, and the way
 * from there into the outlet. It is large, and there is one for each jail that
 * writes mails.
 */
#ifndef SASLBAN_ENGINE_DESK_H
#define SASLBAN_ENGINE_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/letter.h"
#include "saslban/reporter.h"

#define DESK_PART 6144   /* bytes of a part of a mail */
#define DESK_BODY 32768  /* bytes of a body */
#define DESK_JSON 262144 /* bytes of the message */

struct desk {
	const char *host; /* borrowed, as the others are */
	const char *jail;
	const char *letter; /* the template */
	char id[192];       /* `JAIL.MAIL.SECONDS@HOST` */
	char text[LETTER_PARTS][DESK_PART];
	struct paper part[LETTER_PARTS];
	char subject[LETTER_SUBJECT];
	char body[DESK_BODY];
	char crlf[2 * DESK_BODY];
	char json[DESK_JSON];
};

/* A fresh sheet for each part, and the words that every mail has: mail and at
 * say which one it is, date of which day it tells. */
void desk_begin(struct desk *d, int64_t mail, int64_t at, int64_t date);

/* What the subject says. */
void desk_headline(struct desk *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is known of the mail beside its text. */
struct desk_note {
	const char *kind; /* ban, breach, digest */
	enum report_level level;
	int64_t at; /* now */
};

/* False: the outlet takes nothing now, or the mail does not fit it. */
bool desk_submit(struct desk *d, const struct desk_note *note,
		 const struct reporter *r);

#endif
