/*
 * letter: a mail, made of a template and of what there is to say.
 *
 * A template is text. Its first line is `Subject: ...`, the second is empty,
 * and what follows is the body. `%name%` stands for a part of the letter, `%%`
 * for a percent sign. A part is a few words or several lines; those of several
 * lines stand alone in a line of the body, and one that has nothing to say
 * takes that line and an empty one behind it away.
 *
 * Pure, but for letter_read, which reads a file.
 */
#ifndef SASLBAN_LETTER_H
#define SASLBAN_LETTER_H

#include <stddef.h>

#include "saslban/fault.h"
#include "saslban/paper.h"

#define LETTER_TEMPLATE 16384 /* bytes of a template, with NUL */
#define LETTER_SUBJECT 200    /* bytes of a subject, with NUL */

enum letter_part {
	/* Words; the only ones that a subject may have. */
	LETTER_HOST,
	LETTER_JAIL,
	LETTER_PLACE, /* the host; and the jail, unless it is `sasl` */
	LETTER_DATE,  /* 2026-11-29 */
	LETTER_ID,
	LETTER_HEADLINE,
	/* Lines. */
	LETTER_NEWS,     /* what has happened */
	LETTER_ADVICE,   /* what is to be done */
	LETTER_HISTORY,  /* of the address */
	LETTER_TOTALS,   /* of a time */
	LETTER_THIRD,    /* new third strikes */
	LETTER_BREACHES, /* of that time */
	LETTER_DAYS,     /* a table */
	LETTER_ACCOUNTS, /* under attack */
	LETTER_ALIVE,    /* whether everything is alive */
	LETTER_PARTS
};

extern const char letter_builtin[];

/* -1, FAULT_SETTING: it is no template; name is the file's. */
int letter_check(const char *text, const char *name, struct fault *why);

/* Reads and checks a file. */
int letter_read(const char *path, char text[LETTER_TEMPLATE],
		struct fault *why);

/* part: texts, lines with their ends; "" is nothing to say. What a subject
 * cannot have (control characters, what is not ASCII) becomes a question mark
 * in it, and it is cut. */
void letter_write(const char *text, const char *const part[LETTER_PARTS],
		  char subject[LETTER_SUBJECT], struct paper *body);

#endif
