/*
 * scratch: what one worker needs to judge lines, and what is known of
 * the line at hand.
 */
#ifndef SASLBAN_FILTER_SCRATCH_H
#define SASLBAN_FILTER_SCRATCH_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdbool.h>
#include <stdint.h>

#include "compiled.h"
#include "dispatch.h"
#include "pieces.h"
#include "rule.h"
#include "saslban/rawline.h"
#include "saslban/slice.h"

struct explaining;

enum {
	SUBJECT_MAX = LOGLINE_MAX + 300, /* a line with its host name */
	WIDE_MAX = 3 * SUBJECT_MAX       /* and as characters, well-formed */
};

struct filter_scratch {
	const struct filter *filter;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	int8_t needed[NEEDS_MAX]; /* by id, for the text at hand: is it there?
				   * 0: not looked yet; of id 0, always */
	struct finding found;     /* all zero but during a match */
	uint64_t asked;        /* rulesets of which prefregex, if any, let the
				* line pass */
	bool matched;          /* a rule matches the line */
	bool doubted;          /* it may be a sender's own text */
	struct slice own_text; /* what filters of ours were asked about, and
				* the others; at NULL: none was asked */
	struct slice borrowed_text;
	bool wide;       /* the text at hand goes beyond ASCII, is well-formed,
			  * and is read as characters */
	bool cut;        /* the line may have lost its end */
	unsigned tired;  /* times that rules ran into their limits on
			  * this line */
	bool repeated;   /* the line stands for several */
	bool unfinished; /* the text goes on in another record: only a
			  * failure may be told from it */
	uint64_t pieces; /* rulesets for which the record is a piece of a
			  * line that they have not seen the end of, or of
			  * one that they have done with */
	uint64_t wholes; /* those for which it completed whole */
	struct logline whole;
	struct explaining *explaining; /* NULL: nobody watches */
	struct cached cache[1 << CACHE_BITS];
	unsigned evicted; /* programs that made room for others */
	char subject[SUBJECT_MAX + 2];
	char content[WIDE_MAX + 2];
	char characters[WIDE_MAX + 2];
	bool restoring; /* the line gets back the blank that it lost */
	char restored[LOGLINE_MAX + 1];
	struct rawline raw;       /* a line of a file */
	char joined[PIECES_TEXT]; /* whole's */
};

/* A scratch for the new one in place of that for the old one, which is closed
 * then. NULL when out of memory: the old one is as it was. */
struct filter_scratch *filter_scratch_renew(struct filter_scratch *old,
					    const struct filter *new);

#endif
