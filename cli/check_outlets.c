/* check_outlets: do the rulesets get what they are to tell people and programs?
 */
#include "exam.h"

#include <inttypes.h>
#include <stdio.h>

#include "quote.h"
#include "saslban/outbox.h"

/* Seconds beyond notify.wait after which what is due should have gone: a digest
 * waits up to ten minutes for a quiet moment. */
enum { PATIENCE = 900 };

/* ---- the ruleset ---- */

/* True when it gets nothing at all. */
static bool judge_ruleset(struct exam *x, const struct jail *j,
			  const char *check, const char *name, const char *why)
{
	char quoted[QUOTE_TEXT];

	if (why[0] == '\0')
		return false;
	finding_add(&x->findings, FINDING_FAIL, check,
		    "jail '%s': %s.ruleset gets nothing: %s", j->settings.name,
		    check, why);
	quote_shell(name, quoted);
	finding_remedy(&x->findings,
		       "grep -rnF -e %s -e queue.type \\\n"
		       "    /etc/rsyslog.conf /etc/rsyslog.d\n"
		       "rsyslogd -N1 && systemctl restart rsyslog",
		       quoted);
	return true;
}

static void judge_events(struct exam *x, const struct jail *j)
{
	const struct settings *s = &j->settings;

	if (s->events[0] == '\0' ||
	    judge_ruleset(x, j, "events", s->events, j->events_why))
		return;
	finding_add(&x->findings, FINDING_OK, "events",
		    "jail '%s' tells them to ruleset '%s'", s->name, s->events);
}

/* ---- mails ---- */

/* `the last one 2h ago`. */
static const char *last_mail(const struct outbox_delay *d, int64_t now,
			     char out[DURATION_TEXT + 24])
{
	char ago[DURATION_TEXT];

	if (d->sent == 0)
		return "none in the last week";
	snprintf(out, DURATION_TEXT + 24, "the last one %s ago",
		 output_left(now, d->sent, ago));
	return out;
}

static void report_overdue(struct exam *x, const struct jail *j,
			   const struct outbox_delay *d)
{
	int64_t now = x->cli->now;
	char first[DURATION_TEXT], latest[DURATION_TEXT];
	char mail[DURATION_TEXT + 24], breaches[48] = "";

	if (d->breaches > 0)
		snprintf(breaches, sizeof(breaches),
			 ", %" PRId64 " of breaches", d->breaches);
	finding_add(
		&x->findings, d->breaches > 0 ? FINDING_FAIL : FINDING_WARN,
		"notify",
		"jail '%s': %" PRId64 " notice%s overdue%s: due for %s, "
		"the latest for %s; mails that rsyslogd has taken: %s",
		j->settings.name, d->notices, d->notices == 1 ? " is" : "s are",
		breaches, output_left(now, d->first, first),
		output_left(now, d->latest, latest), last_mail(d, now, mail));
	finding_remedy(&x->findings,
		       "journalctl -u rsyslog -n 200 |\n"
		       "    grep -i -e omsaslban -e ommail -e suspended");
}

static void judge_mails(struct exam *x, const struct jail *j)
{
	const struct settings *s = &j->settings;
	char mail[DURATION_TEXT + 24];
	struct outbox_delay d;
	struct fault why;

	if (s->notify_mode == NOTIFY_NONE)
		return;
	if (outbox_delay(x->session.store, j->id,
			 x->cli->now - s->notify_wait - PATIENCE, &d,
			 &why) < 0) {
		finding_add(&x->findings, FINDING_FAIL, "notify", "%s",
			    why.text);
		return;
	}
	if (judge_ruleset(x, j, "notify", s->notify, j->notify_why))
		return;
	if (d.notices > 0)
		report_overdue(x, j, &d);
	else
		finding_add(&x->findings, FINDING_OK, "notify",
			    "jail '%s' writes mails (%s), and none is overdue; "
			    "mails that rsyslogd has taken: %s",
			    s->name, notify_word(s->notify_mode),
			    last_mail(&d, x->cli->now, mail));
}

void check_outlets(struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];

		if (!exam_wants(x, j))
			continue;
		judge_events(x, j);
		judge_mails(x, j);
	}
}
