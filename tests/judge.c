/*
 * judge: log lines on standard input, as a file has them or as `HOST US TEXT`
 * (0x1f) of a record, one answer for each on standard output: verdict,
 * address, count, rule and user, split by tabs, `-` for what is not there. For
 * tests that bring their own lines.
 *
 *	judge DIRECTORY FILTER...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/filter.h"
#include "saslban/rawline.h"

enum { NOW = 1800000000, LINE_BYTES = 65536, US = 0x1f };

static const char *const kinds[] = {[SIGHTING_NOTHING] = "none",
				    [SIGHTING_FAILURE] = "fail",
				    [SIGHTING_SUCCESS] = "ok",
				    [SIGHTING_TROUBLE] = "trouble"};

static const char *const sorts[] = {[SIGHTING_CLEAR] = "fail",
				    [SIGHTING_DOUBTFUL] = "doubtful",
				    [SIGHTING_SUMMARY] = "summary"};

static bool read_record(const char *text, struct logline *out)
{
	const char *us = strchr(text, US);

	if (us == NULL)
		return false;
	memset(out, 0, sizeof(*out));
	out->arrived = out->reported = NOW;
	out->host = (struct slice){text, (size_t)(us - text)};
	logline_cut(out, us + 1, strlen(us + 1));
	return true;
}

static void answer(const struct filter *f, struct filter_scratch *scratch,
		   char *text)
{
	struct sighting s = {.kind = SIGHTING_NOTHING};
	char ip[ADDRESS_TEXT] = "-";
	struct rawline raw;

	text[strcspn(text, "\n")] = '\0';
	if (!read_record(text, &raw.line))
		rawline_parse(text, strlen(text), NOW, &raw);
	if (filter_match(f, scratch, &raw.line, &s) != SIGHTING_NOTHING &&
	    s.address.family != ADDRESS_NONE)
		address_print(&s.address, ip);
	printf("%s\t%s\t%u\t%s\t%s\n",
	       s.kind == SIGHTING_FAILURE ? sorts[s.sort] : kinds[s.kind], ip,
	       s.count, s.rule[0] != '\0' ? s.rule : "-",
	       s.user[0] != '\0' ? s.user : "-");
}

int main(int argc, char **argv)
{
	const char *const *args = (const char *const *)argv;
	static char text[LINE_BYTES];
	struct filter_scratch *scratch;
	struct filter *f = NULL;
	struct rule_info r;
	struct fault why;

	if (argc < 3) {
		fprintf(stderr, "usage: judge DIRECTORY FILTER...\n");
		return 2;
	}
	if (filter_open(&f, args + 2, (size_t)argc - 2, args + 1, 1, &why) <
	    0) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	scratch = filter_scratch_open(f);
	while (scratch != NULL && fgets(text, sizeof(text), stdin) != NULL)
		answer(f, scratch, text);
	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &r);
		if (r.overruns > 0)
			fprintf(stderr, "%s:%u: rule %s ran into a limit\n",
				r.file, r.line, r.name);
	}
	filter_scratch_close(scratch);
	filter_close(f);
	return 0;
}
