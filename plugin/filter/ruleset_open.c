/* ruleset_open: the rules of one filter, from its files. See ruleset.h. */
#include "ruleset.h"

#include <stdio.h>
#include <stdlib.h>

#include "compiled.h"
#include "count.h"
#include "dating.h"
#include "memories.h"
#include "needs.h"
#include "rule.h"

static void name_rule(struct rule *r, const char *filter, unsigned number)
{
	snprintf(r->name, sizeof(r->name), "%.40s:%s%u", filter,
		 rule_kinds[r->kind].mark, number);
}

/* A rule must have a group for the host. */
static int check_host(const struct ruleset *ruleset, const struct rule *r,
		      struct fault *why)
{
	static const enum slot hosts[] = {SLOT_IP4, SLOT_IP6, SLOT_FID,
					  SLOT_MLFID};
	const struct rule *p = ruleset->prefix;

	if (r->kind == RULE_TROUBLE || r->kind >= RULE_IGNORE)
		return 0;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (r->has[hosts[i]] || (p != NULL && p->has[hosts[i]]))
			return 0;
	if (r->has[SLOT_DNS] || (p != NULL && p->has[SLOT_DNS]))
		return fault_set(why, FAULT_FILTER,
				 "%s:%u: <DNS> gives a host name, not an "
				 "address; allowed: <HOST> <ADDR> <IP4> <IP6> "
				 "<SUBNET> <F-ID> <F-MLFID>",
				 r->file, r->line);
	return fault_set(why, FAULT_FILTER,
			 "%s:%u: rule without a host; allowed: <HOST> <ADDR> "
			 "<IP4> <IP6> <SUBNET> <F-ID> <F-MLFID>",
			 r->file, r->line);
}

/* In doubt no failure: trouble and success are asked first. And what is a
 * failure for certain is neither doubtful nor a sum. */
static void put_in_order(struct ruleset *ruleset)
{
	static const enum rule_kind order[] = {RULE_TROUBLE, RULE_OK, RULE_FAIL,
					       RULE_DOUBT, RULE_SUMMARY};
	size_t n = 0;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < ruleset->rules; i++)
			if (ruleset->rule[i].kind == order[k])
				ruleset->order[n++] = &ruleset->rule[i];
	for (size_t i = 0; i < n; i++)
		ruleset->gate[i] = (struct gate){
			.first = ruleset->order[i]->start.at[0],
			.need = ruleset->order[i]->need_id[0],
		};
}

static int compile_prefix(struct ruleset *ruleset, bool own, struct fault *why)
{
	if (ruleset->source->prefix == NULL)
		return 0;
	ruleset->prefix = calloc(1, sizeof(*ruleset->prefix));
	if (ruleset->prefix == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return rule_compile(ruleset->prefix, ruleset->source,
			    ruleset->source->prefix, own, why);
}

/* What it counts, and remembers, of the lines that it reads. */
static int open_memories(struct ruleset *ruleset, bool joins, struct fault *why)
{
	ruleset->counters = counters_open();
	ruleset->memories = memories_open(ruleset->source, joins);
	if (ruleset->counters == NULL || ruleset->memories == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int compile(struct ruleset *ruleset, struct fault *why)
{
	const struct filterfile *source = ruleset->source;
	bool own = source->daemon != NULL;
	unsigned number[RULE_KINDS] = {0};
	bool joins;

	if (compile_prefix(ruleset, own, why) < 0)
		return -1;
	joins = ruleset->prefix != NULL && ruleset->prefix->has[SLOT_MLFID];
	ruleset->rule = calloc(source->nrules + 1, sizeof(*ruleset->rule));
	ruleset->order = calloc(source->nrules + 1, sizeof(*ruleset->order));
	ruleset->gate = calloc(source->nrules + 1, sizeof(*ruleset->gate));
	if (ruleset->rule == NULL || ruleset->order == NULL ||
	    ruleset->gate == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < source->nrules; i++) {
		struct rule *r = &ruleset->rule[i];

		ruleset->rules = i + 1;
		if (rule_compile(r, source, &source->rules[i], own, why) < 0 ||
		    check_host(ruleset, r, why) < 0)
			return -1;
		name_rule(r, source->name, ++number[r->kind]);
		joins = joins || r->has[SLOT_MLFID];
	}
	needs_share(ruleset);
	put_in_order(ruleset);
	ruleset->ignores = number[RULE_IGNORE];
	ruleset->knowns = number[RULE_KNOWN];
	ruleset->judging = ruleset->rules - ruleset->ignores - ruleset->knowns -
			   number[RULE_AMBIGUOUS];
	ruleset->early = !own && number[RULE_IGNORE] > 0 &&
			 number[RULE_IGNORE] + 2 < number[RULE_FAIL];
	ruleset->fails = number[RULE_FAIL] > 0;
	return open_memories(ruleset, joins, why);
}

int ruleset_open(struct ruleset **out, const char *spec,
		 const char *const *dirs, size_t ndirs, struct fault *why)
{
	struct ruleset *ruleset = calloc(1, sizeof(*ruleset));

	if (ruleset == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (filterfile_open(&ruleset->source, spec, dirs, ndirs, why) < 0 ||
	    compile(ruleset, why) < 0) {
		ruleset_close(ruleset);
		return -1;
	}
	if (ruleset->judging == 0) {
		fault_set(why, FAULT_FILTER,
			  "filter '%s' has no rules; allowed: failregex, "
			  "doubtregex, summaryregex, okregex, troubleregex",
			  spec);
		ruleset_close(ruleset);
		return -1;
	}
	if (ruleset->source->ndates > 0)
		ruleset->dating = dating_open(ruleset->source);
	*out = ruleset;
	return 0;
}

void ruleset_close(struct ruleset *ruleset)
{
	if (ruleset == NULL)
		return;
	for (size_t i = 0; i < ruleset->rules; i++)
		rule_drop(&ruleset->rule[i]);
	free(ruleset->rule);
	free(ruleset->order);
	free(ruleset->gate);
	if (ruleset->prefix != NULL)
		rule_drop(ruleset->prefix);
	free(ruleset->prefix);
	memories_close(ruleset->memories);
	counters_close(ruleset->counters);
	dating_close(ruleset->dating);
	filterfile_close(ruleset->source);
	free(ruleset);
}
