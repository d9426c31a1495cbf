/* check_kernel: what sets need, and the sets. */
#include "exam.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "overview.h"
#include "saslban/sockdiag.h"

#define SHARE "/usr/share/saslban"
#define ETC "/etc/saslban"
#define FIREWALL SHARE "/saslban-firewall"

enum { NEARLY_FULL = 90 }; /* percent */

/* Without CAP_NET_ADMIN the kernel answers nothing. */
static void skip(struct exam *x)
{
	finding_add(&x->findings, FINDING_SKIP, "kernel",
		    "only root may ask the kernel for its sets");
	finding_remedy(&x->findings, "sudo saslbanctl doctor");
}

static void judge_kernel(struct exam *x, const struct settings *s)
{
	const struct enforcer_kind *kind;
	struct fault why;

	if (kernel_look(s, &kind, &why) == 0) {
		finding_add(&x->findings, FINDING_OK, "kernel",
			    "it has what the sets of '%s' need: %s", s->set,
			    kind->name);
		return;
	}
	if (geteuid() != 0) {
		skip(x);
		return;
	}
	finding_add(&x->findings, FINDING_FAIL, "kernel", "%s", why.text);
	if (kind != NULL)
		finding_remedy(&x->findings, "modprobe -a %s", kind->modules);
}

/* Of `cut`. Without it bans hold all the same. */
static void judge_cutter(struct exam *x)
{
	struct cutter *c;
	struct fault why;
	int result;

	if (sockdiag_open(&c, &why) < 0) {
		finding_add(&x->findings, FINDING_FAIL, "kernel", "%s",
			    why.text);
		return;
	}
	result = c->ops->look(c, &why);
	c->ops->close(c);
	if (result == 0) {
		finding_add(&x->findings, FINDING_OK, "kernel",
			    "it can end open connections (cut)");
		return;
	}
	finding_add(&x->findings, FINDING_WARN, "kernel", "%s", why.text);
	finding_remedy(&x->findings, "modprobe tcp_diag");
}

static bool has_cutter(const struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];

		if (exam_wants(x, j) && session_has_sets(&x->session, j) &&
		    j->settings.cut)
			return true;
	}
	return false;
}

/* Where no jail has sets, as if one with default settings were to come. */
void check_kernel(struct exam *x)
{
	struct settings defaults;
	size_t judged = 0;

	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];

		if (!exam_wants_sets(x, j))
			continue;
		judge_kernel(x, &j->settings);
		judged++;
	}
	settings_init(&defaults);
	if (judged == 0)
		judge_kernel(x, &defaults);
	if (has_cutter(x))
		judge_cutter(x);
}

/* ---- the sets ---- */

static void judge_missing(struct exam *x, const struct jail *j,
			  const struct overview_set *set, const char *family)
{
	finding_add(&x->findings, FINDING_FAIL, "sets", "%s", set->why.text);
	if (!j->settings.set_create && !set->kind->joint)
		return; /* its owner's to load */
	if (!j->settings.set_create)
		finding_remedy(&x->findings,
			       "ipset create %s hash:net family %s timeout "
			       "172800 counters",
			       set->name, family);
	else if (set->kind->joint && strcmp(j->settings.set, "saslban") == 0)
		finding_remedy(&x->findings, FIREWALL " sets");
	else
		finding_remedy(&x->findings, "systemctl restart rsyslog");
}

/* An ipset twice as large, for one that the engine may not or could not make
 * larger; it notices within a minute and fills it. What others have added is
 * copied. The file of sets is the one that is shipped until there is another.
 */
static void remedy_larger(struct exam *x, const struct overview_set *set,
			  const char *family)
{
	finding_remedy(&x->findings,
		       "ipset create %s.tmp hash:net family %s maxelem "
		       "%" PRIu64 " \\\n"
		       "    timeout 172800 counters\n"
		       "ipset save %s | sed -n 's/^add %s /add %s.tmp /p' |\n"
		       "    ipset -exist restore\n"
		       "ipset swap %s.tmp %s && ipset destroy %s.tmp\n"
		       "mkdir -p " ETC "\n"
		       "cp -n " SHARE "/saslban.sets " ETC "\n"
		       "sed -i '/%s /s/maxelem [0-9]*/maxelem %" PRIu64
		       "/' \\\n"
		       "    " ETC "/saslban.sets",
		       set->name, family, (uint64_t)set->state.maxelem * 2,
		       set->name, set->name, set->name, set->name, set->name,
		       set->name, set->name, (uint64_t)set->state.maxelem * 2);
}

static void judge_set(struct exam *x, const struct jail *j,
		      const struct overview_set *set, const char *family)
{
	const struct set_state *s = &set->state;
	bool full = s->elements >= s->maxelem;
	bool nearly = (uint64_t)s->elements * 100 >=
		      (uint64_t)s->maxelem * NEARLY_FULL;
	bool told = nearly && !set->kind->joint;

	finding_add(
		&x->findings,
		full                     ? FINDING_FAIL
		: nearly || set->waiting ? FINDING_WARN
					 : FINDING_OK,
		"sets", "'%s' has %" PRIu32 " of %" PRIu32 " entries%s%s%s%s",
		set->name, s->elements, s->maxelem, full ? ": it is full" : "",
		set->waiting ? ", and bans are waiting for it" : "",
		told ? "; " : "", told ? set->kind->larger : "");
	if (nearly && !j->settings.set_create)
		return; /* its entries are its owner's, too */
	if (nearly && set->kind->joint)
		remedy_larger(x, set, family);
	else if (!nearly && set->waiting)
		finding_remedy(&x->findings,
			       "journalctl -u rsyslog -n 50 | grep omsaslban");
}

/* It goes out of the list first; the engine makes it anew. What is to be done
 * about one of nftables is in the sentence. */
static void judge_unfit(struct exam *x, const struct jail *j,
			const struct overview_set *set)
{
	finding_add(&x->findings, FINDING_FAIL, "sets", "%s", set->why.text);
	if (set->kind == NULL || !set->kind->joint || !j->settings.set_create)
		return;
	finding_remedy(&x->findings,
		       "ipset -q del %s %s || true\n"
		       "ipset destroy %s\n"
		       "systemctl restart rsyslog",
		       j->settings.set, set->name, set->name);
}

static void look_at_set(struct exam *x, const struct jail *j,
			enum enforcer_set which)
{
	const char *family = which == ENFORCER_V4 ? "inet" : "inet6";
	struct overview_set set = {.waiting = false};
	struct fault why;

	if (overview_take_set(&set, &x->session, j, which, &why) < 0)
		finding_add(&x->findings, FINDING_FAIL, "sets", "%s", why.text);
	else if (set.answered)
		judge_set(x, j, &set, family);
	else if (set.why.kind == FAULT_SET_GONE)
		judge_missing(x, j, &set, family);
	else
		judge_unfit(x, j, &set);
}

void check_sets(struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];
		const struct enforcer_kind *kind;

		if (!exam_wants_sets(x, j) ||
		    kernel_look(&j->settings, &kind, NULL) < 0)
			continue; /* check_kernel has said why */
		look_at_set(x, j, ENFORCER_V4);
		look_at_set(x, j, ENFORCER_V6);
	}
}
