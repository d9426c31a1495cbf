/*
 * evidence: breaches and outages, as far as they concern an address or a user;
 * or nobody in particular.
 */
#ifndef SASLBAN_CLI_EVIDENCE_H
#define SASLBAN_CLI_EVIDENCE_H

#include "json.h"
#include "output.h"
#include "saslban/breach.h"
#include "saslban/outage.h"

enum { EVIDENCE_ROWS = 3 };

struct evidence {
	struct breach_row breach[EVIDENCE_ROWS]; /* the latest */
	size_t breaches;                         /* all of them */
	struct outage_row outage[EVIDENCE_ROWS];
	size_t outages;
};

/* What is asked for. */
struct evidence_query {
	int64_t jail;
	int64_t breaches; /* since then */
	int64_t outages;  /* that were not over then */
	const struct address
		*from;    /* breaches from there; NULL: from anywhere */
	const char *user; /* of his account; NULL: of any */
};

int evidence_take(struct evidence *out, struct store *s,
		  const struct evidence_query *q, struct fault *why);

/* A line or more for each; nothing where there is nothing. Headings are so
 * wide. when: as ` in the last 7d`. */
void evidence_print_breaches(const struct evidence *e, const struct output *o,
			     size_t indent, int width, const char *when);
void evidence_print_outages(const struct evidence *e, const struct output *o,
			    size_t indent, int width, int64_t now);

void evidence_breaches_json(const struct evidence *e, struct json *j);
/* One of them, for any array. */
void evidence_outage_json(const struct outage_row *o, struct json *j);
void evidence_outages_json(const struct evidence *e, struct json *j);

#endif
