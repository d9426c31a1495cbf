/*
 * injection: what the parts of the injection test share.
 *
 *   injection.c           the attacks
 *   injection_stretch.c   more of them: texts that fill a record
 *   injection_judge.c     how they are logged, and what may come of them
 *   injection_load.c      the filters, and the guilty lines of tests/samples
 *   injection_template.c  the lines into which a sender can write
 *   injection_write.c     what servers do to such text before they log it
 */
#ifndef SASLBAN_TESTS_INJECTION_H
#define SASLBAN_TESTS_INJECTION_H

#include <stddef.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

enum {
	INJECTION_LONGEST = 16384, /* bytes of a line before it is cut */
	INJECTION_PAYLOADS = 2000,
	INJECTION_MODES = 64,
	INJECTION_EXIM = 870,          /* bytes of a message in one record */
	INJECTION_COURIER_FIRST = 505, /* the same, without `INFO: ` */
	INJECTION_COURIER = 511
};

#define INJECTION_FIELD "\001" /* where the sender's text goes */

/* The only addresses that any of these lines ever came from. */
#define INJECTION_TRUE4 "203.0.113.250"
#define INJECTION_TRUE6 "2001:db8:7::250"

/* How a line becomes records. */
enum injection_split {
	SPLIT_NONE,
	SPLIT_COURIER, /* records of 511 bytes, severity word included */
	SPLIT_EXIM,    /* [1/3], [2/3] and [3/3] */
	SPLIT_LINES,   /* a line feed begins a record */
	SPLIT_CUT      /* the rest is lost */
};

/* What a server makes of the sender's text. Each writes at most size bytes, and
 * returns how many. */
size_t write_raw(char *out, size_t size, const char *field);
size_t write_31(char *out, size_t size, const char *field); /* cut */
size_t write_64(char *out, size_t size, const char *field);
size_t write_80(char *out, size_t size, const char *field);
size_t write_128(char *out, size_t size, const char *field);
size_t write_155(char *out, size_t size, const char *field);
size_t write_300(char *out, size_t size, const char *field);
size_t write_word(char *out, size_t size, const char *field);
size_t write_capitals(char *out, size_t size, const char *field);
size_t write_host(char *out, size_t size, const char *field);
size_t write_helo(char *out, size_t size, const char *field);
size_t write_exim_helo(char *out, size_t size, const char *field);
size_t write_quoted(char *out, size_t size, const char *field);
size_t write_apostrophe(char *out, size_t size, const char *field);
size_t write_ldap(char *out, size_t size, const char *field);
size_t write_octal(char *out, size_t size, const char *field);
size_t write_zimbra(char *out, size_t size, const char *field);
size_t write_address(char *out, size_t size, const char *field);
size_t write_percent(char *out, size_t size, const char *field);
size_t write_untagged(char *out, size_t size, const char *field);
size_t write_untagged_long(char *out, size_t size, const char *field);

/*
 * One shape of one server, with one field of the sender's own. Where a version
 * or a setting could be more generous than the one that was looked at, the
 * field here is the more generous.
 */
struct injection_template {
	const char *title;
	const char *before; /* a line that goes before it, or NULL */
	const char *tag;    /* `exim[4]: ` */
	const char *message;
	size_t (*write)(char *out, size_t size, const char *field);
	enum injection_split split;
	size_t cut; /* bytes of the message; 0: the server does not cut */
	enum sighting_kind kind; /* what an honest field gives */
	enum sighting_sort sort; /* of a failure */
	const char *truth;       /* its address; NULL: the line has none */
};

extern const struct injection_template injection_templates[];
extern const size_t injection_template_count;

/* A guilty line. */
struct injection_payload {
	char *whole;         /* tag and message */
	const char *message; /* in whole */
	const char *address; /* where an address begins in it */
};

struct injection_jail {
	struct filter *filter;
	struct filter_scratch *scratch;
};

struct injection {
	struct injection_jail shipped; /* all filters as they stand */
	struct injection_jail mode[INJECTION_MODES]; /* each by itself */
	char spec[INJECTION_MODES][64];              /* `postfix[mode=rbl]` */
	size_t modes;
	struct injection_payload payload[INJECTION_PAYLOADS];
	const struct injection_jail *taker[INJECTION_PAYLOADS]; /* by which */
	char rule[INJECTION_PAYLOADS][SIGHTING_WORD];           /* rule */
	size_t payloads;
	size_t combinations;
	bool every_cut; /* the long form */
	char line[INJECTION_LONGEST];
	char text[INJECTION_LONGEST + 64];
	char field[INJECTION_LONGEST];
	char wrapped[INJECTION_LONGEST];
	char stretched[INJECTION_LONGEST];
};

struct trial {
	const struct injection_template *template;
	struct injection *j;
};

/* Puts field into the line, cuts it behind limit bytes if that is not 0, lets
 * it be logged, and fails the test if anything comes of it that may not.
 * Returns what came of the first record. */
enum sighting_kind injection_strike(const struct trial *trial,
				    const char *field, size_t limit);

/* The same, padded so that the line's byte number `at` is the first of text.
 * None, if it cannot be. */
void injection_strike_from(const struct trial *trial, const char *text,
			   size_t at, size_t limit);

/* All that can be made of a text by stretching it. */
void injection_stretch(const struct trial *trial, const char *text);

/* n letters and a zero byte. */
void injection_fill(char *out, size_t n);

/* Fills all of it; ends the program when it cannot. */
void injection_load(struct injection *j);
void injection_drop(struct injection *j);

#endif
