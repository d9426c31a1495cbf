/*
 * tally: lines that a rule matched and that count for nothing, because somebody
 * else wrote them than the servers of the jail (origin.uid and its like). From
 * rsyslog's workers to the one engine thread, which keeps and reports the
 * number.
 *
 * Any thread may add; one thread reads. Nobody waits for longer than a copy.
 */
#ifndef SASLBAN_TALLY_H
#define SASLBAN_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#define TALLY_WORD 64

/* What an input does not tell of any line, so that it is not checked: bits. */
enum tally_gap { TALLY_NO_UID = 1 << 0, TALLY_NO_UNIT = 1 << 1 };

struct tally_news {
	uint64_t lines;           /* since tally_open */
	char writer[TALLY_WORD];  /* of the last one: `uid 65534` */
	char program[TALLY_WORD]; /* that it was said to be from */
	unsigned gaps;            /* enum tally_gap */
};

struct tally;

/* NULL when out of memory. */
struct tally *tally_open(void);
void tally_close(struct tally *t);

/* One line more. Both texts may hold anything: what is not a letter, a digit
 * a blank or one of -_./:@ becomes a question mark. */
void tally_add(struct tally *t, const char *writer, const char *program);

void tally_gap(struct tally *t, enum tally_gap gap);

void tally_read(struct tally *t, struct tally_news *out);

#endif
