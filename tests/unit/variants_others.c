/* variants_others: Postfix. */
#include "variants.h"
#define L VARIANT_LIST
const struct variant_row variants_others[] = {
	{"x", "postfix", {L("postfix/smtpd: x")}, VARIANT_NEVER},
};
const size_t variants_others_count =
	sizeof(variants_others) / sizeof(variants_others[0]);
