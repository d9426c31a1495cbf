/*
 * unmatched: the words by which a line that no rule matched looks like a
 * failed login.
 *
 * No verdict, only a hint for people: a line that has such words and that no
 * rule knows may be a shape that a filter lacks. Clients can put the words
 * into their user names, so nothing may be decided by them.
 */
#ifndef SASLBAN_UNMATCHED_H
#define SASLBAN_UNMATCHED_H

#include <stddef.h>
#include <stdint.h>

/* The words that text has, as they stand in the table, in small letters; NULL
 * when it has none. Case does not matter, for ASCII. One pass over the text,
 * which may hold any byte. */
const char *unmatched_find(const char *text, size_t len);

/*
 * The same, for those who look at every line: with an index of what stands at
 * the beginning of the words, only each fifth place of the text is looked at.
 */
enum { UNMATCHED_BITS = 12 };

struct unmatched_index {
	uint8_t offsets[1 << UNMATCHED_BITS]; /* by four bytes, hashed: where
					       * in a word they stand, a bit
					       * for each offset */
};

void unmatched_index(struct unmatched_index *x);
const char *unmatched_scan(const struct unmatched_index *x, const char *text,
			   size_t len);

/* The words, from 0 on; NULL behind the last. */
const char *unmatched_word(size_t i);

#endif
