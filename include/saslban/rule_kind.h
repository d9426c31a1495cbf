/*
 * rule_kind: the kinds of rules that a filter file can have, and what each is
 * called.
 */
#ifndef SASLBAN_RULE_KIND_H
#define SASLBAN_RULE_KIND_H

/* In the order in which the rules of a file are numbered and listed. */
enum rule_kind {
	RULE_FAIL,
	RULE_DOUBT,
	RULE_SUMMARY,
	RULE_OK,
	RULE_TROUBLE,
	RULE_IGNORE,
	RULE_KNOWN,
	RULE_AMBIGUOUS,
	RULE_KINDS
};

struct rule_kind_row {
	const char *option; /* of the filter file: `failregex` */
	const char *word;   /* in reports and in the database: `failure` */
	const char *mark;   /* in a rule's name, before its number: `ok:` */
};

extern const struct rule_kind_row rule_kinds[RULE_KINDS];

#endif
