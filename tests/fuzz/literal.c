/*
 * literal: is what a rule is said to need really needed?
 *
 * The first line of the input is an expression, the rest a text. When the
 * expression matches the text, the text has to hold all the plain bytes that
 * were derived from the expression; else a rule would be blind.
 */
#include "filter/literal.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool matches(const char *regex, size_t rlen, const char *text,
		    size_t tlen)
{
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	size_t offset;
	int error, n;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)regex, rlen, PCRE2_NEVER_BACKSLASH_C,
			      &error, &offset, NULL);

	if (code == NULL || limits == NULL || match == NULL) {
		n = -1;
	} else {
		pcre2_set_match_limit(limits, 2000);
		pcre2_set_heap_limit(limits, 256);
		n = pcre2_match(code, (PCRE2_SPTR)text, tlen, 0, 0, match,
				limits);
	}
	pcre2_match_data_free(match);
	pcre2_match_context_free(limits);
	pcre2_code_free(code);
	return n >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *regex = (const char *)data, *text;
	const char *nl = len == 0 ? NULL : memchr(regex, '\n', len);
	struct literal start;
	struct literals needs;
	size_t rlen, tlen;

	if (nl == NULL || memchr(regex, '\0', (size_t)(nl - regex)) != NULL)
		return 0;
	rlen = (size_t)(nl - regex);
	text = nl + 1;
	tlen = len - rlen - 1;
	/* What python_to_pcre refuses does not come here. */
	if (memmem(regex, rlen, "(*", 2) != NULL)
		return 0;
	literal_derive(regex, rlen, &start, &needs);
	if ((start.len == 0 && needs.n == 0) ||
	    !matches(regex, rlen, text, tlen))
		return 0;
	if (start.len > 0 &&
	    (tlen < start.len || memcmp(text, start.at, start.len) != 0))
		abort();
	for (size_t i = 0; i < needs.n; i++)
		if (memmem(text, tlen, needs.one[i].at, needs.one[i].len) ==
		    NULL)
			abort();
	return 0;
}
