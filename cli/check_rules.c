/* check_rules: the firewall rules that ask the sets, and what stands before
 * them. */
#include "exam.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nftrules.h"
#include "overview.h"
#include "program.h"
#include "ruleset.h"

#define FIREWALL "/usr/share/saslban/saslban-firewall"

struct family_row {
	enum enforcer_set set;
	const char *name;
	const char *needs;   /* a file that is there when the family is */
	const char *command; /* to put a rule in */
	const char *save[4]; /* to read them; ends with NULL */
};

/* Of several, the rules may be in either. */
static const struct family_row families[] = {
	{ENFORCER_V4,
	 "IPv4",
	 "/proc/net/dev",
	 "iptables",
	 {"iptables-save", "iptables-nft-save", "iptables-legacy-save", NULL}},
	{ENFORCER_V6,
	 "IPv6",
	 "/proc/net/if_inet6",
	 "ip6tables",
	 {"ip6tables-save", "ip6tables-nft-save", "ip6tables-legacy-save",
	  NULL}},
};

/* A packet meets the rules of all kinds of iptables. */
static void merge(struct ruleset *out, const struct ruleset *one)
{
	if (out->input == RULESET_NONE) {
		out->input = one->input;
		memcpy(out->before, one->before, sizeof(out->before));
	}
	if (out->forward == RULESET_NONE)
		out->forward = one->forward;
	if (!out->forwards) {
		out->forwards = one->forwards;
		memcpy(out->dnat, one->dnat, sizeof(out->dnat));
	}
	out->docker = out->docker || one->docker;
}

/* What the programs print. False: none has answered. */
static bool read_rules(const struct family_row *row, const char *base,
		       struct ruleset *out)
{
	char name[ENFORCER_NAME];
	const char *const sets[RULESET_SETS] = {
		base, enforcer_set_name(base, row->set, name), NULL};
	bool answered = false;

	*out = (struct ruleset){.input = RULESET_NONE};
	for (int i = 0; row->save[i] != NULL; i++) {
		const char *const argv[] = {row->save[i], NULL};
		struct ruleset one;
		struct program p;

		if (!program_exists(argv[0]) || program_run(&p, argv) < 0)
			continue;
		if (p.status == 0) {
			ruleset_read(&one, p.text, sets);
			merge(out, &one);
			answered = true;
		}
		program_close(&p);
	}
	return answered;
}

static void remedy_first(struct exam *x, const struct family_row *row,
			 const char *base)
{
	if (strcmp(base, "saslban") == 0)
		finding_remedy(&x->findings, FIREWALL " install");
	else
		finding_remedy(&x->findings,
			       "%s -I INPUT 1 -p tcp -m set --match-set %s "
			       "src \\\n    -j DROP",
			       row->command, base);
}

static void judge_input(struct exam *x, const struct family_row *row,
			const char *base, const struct ruleset *r)
{
	switch (r->input) {
	case RULESET_FIRST:
		finding_add(&x->findings, FINDING_OK, "rules",
			    "%s: what is in '%s' is dropped before anything "
			    "else lets it pass",
			    row->name, base);
		return;
	case RULESET_ESTABLISHED:
		finding_add(&x->findings, FINDING_WARN, "rules",
			    "%s: the rule of '%s' is below '%s': a guesser "
			    "goes on in the session that he has",
			    row->name, base, r->before);
		break;
	case RULESET_ACCEPTED:
		finding_add(&x->findings, FINDING_FAIL, "rules",
			    "%s: the rule of '%s' is below '%s', which lets "
			    "everybody pass",
			    row->name, base, r->before);
		break;
	case RULESET_NONE:
		finding_add(&x->findings, FINDING_FAIL, "rules",
			    "%s: no rule of INPUT drops what is in '%s': "
			    "nobody is kept out",
			    row->name, base);
		break;
	}
	remedy_first(x, row, base);
}

/* The packets of a container's mail server are forwarded, and never see
 * INPUT. */
static void judge_forward(struct exam *x, const struct family_row *row,
			  const char *base, const struct ruleset *r)
{
	if (!r->forwards || r->forward == RULESET_FIRST)
		return;
	finding_add(&x->findings, FINDING_FAIL, "forward",
		    "%s: mail is forwarded ('%s'), and no rule drops what is "
		    "in '%s' on that way%s",
		    row->name, r->dnat, base,
		    r->forward == RULESET_NONE ? "" : " before it is accepted");
	finding_remedy(
		&x->findings, "%s -I %s -m set --match-set %s src -j DROP",
		row->command, r->docker ? "DOCKER-USER" : "FORWARD", base);
}

/* What nft prints, without the sets' content. False: it has not answered. */
static bool read_nft(struct nftrules *out, const char *set,
		     enum enforcer_set which)
{
	static const char *const argv[] = {"nft",  "-n",      "-t",
					   "list", "ruleset", NULL};
	struct program p;
	bool answered;

	*out = (struct nftrules){.forwards = false};
	if (!program_exists(argv[0]) || program_run(&p, argv) < 0)
		return false;
	answered = p.status == 0;
	if (answered)
		nftrules_read(out, p.text, set, which);
	program_close(&p);
	return answered;
}

/* A rule of nft forwards as well as one of iptables. */
static void find_nft_forward(struct ruleset *r, const struct family_row *row,
			     const char *base)
{
	struct nftrules n;

	if (!read_nft(&n, base, row->set) || !n.forwards)
		return;
	r->forwards = true;
	snprintf(r->dnat, sizeof(r->dnat), "%.*s", RULESET_RULE - 1, n.dnat);
}

/* The same with nftables, whose own rules stand before any route. */
static void judge_forward_nft(struct exam *x, const struct family_row *row,
			      const char *base)
{
	char name[ENFORCER_NAME];
	struct nftrules n;
	struct ruleset r;

	if (!read_nft(&n, enforcer_set_name(base, row->set, name), row->set) ||
	    n.asked)
		return;
	if (!n.forwards && (!read_rules(row, base, &r) || !r.forwards))
		return;
	finding_add(&x->findings, FINDING_FAIL, "forward",
		    "%s: mail is forwarded ('%s'), and no chain of the hooks "
		    "ingress, prerouting or forward drops what is in '%s'",
		    row->name, n.forwards ? n.dnat : r.dnat, name);
	if (strcmp(base, "saslban") == 0)
		finding_remedy(&x->findings,
			       "nft -f /usr/share/saslban/saslban.nft");
}

/* Where each set needs its own, rules stand in the table of the sets, and what
 * comes before them is not read. */
static void judge_each(struct exam *x, const struct family_row *row,
		       const char *base, const struct overview_set *set)
{
	if (set->state.references > 0) {
		finding_add(&x->findings, FINDING_OK, "rules",
			    "%s: a rule refers to each set of '%s'", row->name,
			    base);
		judge_forward_nft(x, row, base);
		return;
	}
	finding_add(&x->findings, FINDING_FAIL, "rules",
		    "%s: no rule refers to some of the sets of '%s': bans in "
		    "them block nothing; see %s",
		    row->name, base, set->kind->rules);
	if (strcmp(base, "saslban") == 0)
		finding_remedy(&x->findings,
			       "nft -f /usr/share/saslban/saslban.nft");
}

static void look_at_rules(struct exam *x, const struct jail *j,
			  const struct family_row *row)
{
	struct overview_set set = {.waiting = false};
	const char *base = j->settings.set;
	struct fault unused;
	struct ruleset r;
	bool read, referred;

	if (overview_take_set(&set, &x->session, j, row->set, &unused) < 0 ||
	    !set.answered)
		return; /* check_sets has said why */
	if (!set.kind->joint) {
		judge_each(x, row, base, &set);
		return;
	}
	referred = set.state.references > 0;
	read = read_rules(row, base, &r);
	if (!referred)
		r.input = r.forward = RULESET_NONE;
	if (read || !referred)
		judge_input(x, row, base, &r);
	else
		finding_add(&x->findings, FINDING_OK, "rules",
			    "%s: a rule refers to '%s'; where it stands is not "
			    "known without %s",
			    row->name, base, row->save[0]);
	if (read && !r.forwards)
		find_nft_forward(&r, row, base);
	if (read)
		judge_forward(x, row, base, &r);
}

void check_rules(struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];

		if (!exam_wants_sets(x, j))
			continue;
		for (size_t k = 0; k < sizeof(families) / sizeof(families[0]);
		     k++)
			if (access(families[k].needs, F_OK) == 0)
				look_at_rules(x, j, &families[k]);
	}
}
