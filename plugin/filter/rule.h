/*
 * rule: one expression, compiled, and what a match of it finds.
 */
#ifndef SASLBAN_FILTER_RULE_H
#define SASLBAN_FILTER_RULE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "literal.h"
#include "saslban/fault.h"
#include "saslban/filterfile.h"
#include "saslban/sighting.h"
#include "saslban/slice.h"

struct filter_scratch;

enum { ALTERNATES = 8 }; /* <F-ALT_...> for one slot */

/* What a match can find, by the names of its groups. */
enum slot {
	SLOT_IP4,
	SLOT_IP6,
	SLOT_DNS,
	SLOT_FID,
	SLOT_CIDR,
	SLOT_CONTENT,
	SLOT_USER,
	SLOT_COUNT,
	SLOT_OKCOUNT,
	SLOT_MECH,
	SLOT_SESSION,
	SLOT_CODE,
	SLOT_GUESS,
	SLOT_NOFAIL,
	SLOT_MLFID,
	SLOT_MLFFORGET,
	SLOT_MLFGAINED,
	SLOTS
};

/* Borrowed from the text that was matched. */
struct finding {
	struct slice slot[SLOTS]; /* at NULL: not there */
};

struct rule {
	enum rule_kind kind;
	char name[SIGHTING_WORD]; /* `postfix:3` */
	const char *file;         /* where it stands; borrowed */
	unsigned line;
	const char *regex; /* borrowed */
	pcre2_code *code;
	pcre2_code *wide; /* the same for text beyond ASCII, if the filter
			   * reads characters; or NULL */
	bool jit; /* compiled to machine code: pcre2_jit_match may be used */
	bool wide_jit;
	bool anchored; /* a match can only begin where the text does */
	struct literal start;
	struct literals need;
	uint8_t need_id[NEEDS]; /* rules of a ruleset share one for the same
				 * need; 0: it is looked for each time */
	uint16_t group[SLOTS][ALTERNATES]; /* the first that took part wins */
	bool has[SLOTS];
	atomic_uint_fast64_t hits;
	atomic_uint_fast64_t overruns; /* times it ran into its limits */
};

/* Compile into a rule that is all zero. own: `$` is the very end and there is
 * no newline behind the text. file and source have to live as long. On failure
 * -1 with FAULT_FILTER; rule_drop may be called all the same. */
int rule_compile(struct rule *r, const struct filterfile *file,
		 const struct filterfile_rule *source, bool own,
		 struct fault *why);
void rule_drop(struct rule *r);

/* True when it matches; then found gets what its groups took, and the rest of
 * it stays as it is. A rule that runs into its limits has not
 * matched, and that is counted. */
bool rule_match(struct rule *r, struct filter_scratch *s, struct slice subject,
		struct finding *found);

#endif
