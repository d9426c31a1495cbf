/* check_engine: rsyslogd, its privileges and its configuration. */
#include "exam.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "families.h"
#include "program.h"
#include "quote.h"
#include "sockets.h"

#define UNIT "rsyslog.service"
#define DROP_IN "saslban.conf"

/* ---- the process ---- */

static const char *unit_of(const struct exam *x)
{
	return x->process.unit[0] != '\0' ? x->process.unit : UNIT;
}

/* The commands that put a line into the unit. */
static void remedy_unit(struct exam *x, const char *line)
{
	char unit[QUOTE_TEXT];

	quote_shell(unit_of(x), unit);
	finding_remedy(&x->findings,
		       "d=/etc/systemd/system/%s.d\n"
		       "mkdir -p $d\n"
		       "(echo '[Service]'; echo %s) \\\n"
		       "    >>$d/" DROP_IN "\n"
		       "systemctl daemon-reload\n"
		       "systemctl restart %s",
		       unit, line, unit);
}

static void judge_capability(struct exam *x)
{
	const struct process *p = &x->process;

	if (p->able) {
		finding_add(&x->findings, FINDING_OK, "capability",
			    "rsyslogd (pid %d) has CAP_NET_ADMIN%s",
			    (int)p->pid,
			    p->uid == 0 ? "" : " in a thread of its own");
		return;
	}
	finding_add(&x->findings, FINDING_FAIL, "capability",
		    "rsyslogd (pid %d) %s CAP_NET_ADMIN: bans are recorded, "
		    "and nobody is kept out",
		    (int)p->pid,
		    p->bounded ? "is not allowed to have" : "does not have");
	remedy_unit(x, p->bounded ? "CapabilityBoundingSet=CAP_NET_ADMIN"
				  : "AmbientCapabilities=CAP_NET_ADMIN");
}

void check_process(struct exam *x)
{
	const struct process *p = &x->process;

	if (p->pid == 0) {
		if (!p->hidden)
			return; /* check_engines says that there is none */
		finding_add(&x->findings, FINDING_SKIP, "capability",
			    "only root sees what rsyslogd is allowed to do");
		finding_remedy(&x->findings, "sudo saslbanctl doctor");
		return;
	}
	judge_capability(x);
	if (!p->elsewhere)
		return;
	finding_add(&x->findings, FINDING_WARN, "namespace",
		    "rsyslogd (pid %d) has a network of its own: what follows "
		    "about sets and rules is not about its sets",
		    (int)p->pid);
	finding_remedy(&x->findings, "nsenter -n -t %d saslbanctl doctor",
		       (int)p->pid);
}

/* ---- the unit ---- */

void check_unit(struct exam *x)
{
	const char *const argv[] = {
		"systemctl", "show",     "--property=RestrictAddressFamilies",
		"--value",   unit_of(x), NULL};
	struct program p;

	if (access("/run/systemd/system", F_OK) != 0)
		return;
	if (program_run(&p, argv) < 0) {
		x->findings.lost = true;
		return;
	}
	if (p.status != 0) {
		finding_add(&x->findings, FINDING_SKIP, "unit",
			    "systemctl does not answer for '%s': %.*s",
			    unit_of(x), (int)strcspn(p.text, "\n"), p.text);
	} else if (families_allow_netlink(p.text)) {
		finding_add(&x->findings, FINDING_OK, "unit",
			    "'%s' allows netlink sockets", unit_of(x));
	} else {
		finding_add(&x->findings, FINDING_FAIL, "unit",
			    "'%s' allows no netlink sockets, without which "
			    "nobody is banned: RestrictAddressFamilies=%.*s",
			    unit_of(x), (int)strcspn(p.text, "\n"), p.text);
		remedy_unit(x, "RestrictAddressFamilies=AF_NETLINK");
	}
	program_close(&p);
}

/* ---- the configuration ---- */

static const char *conf_of(const struct exam *x)
{
	return x->process.conf[0] != '\0' ? x->process.conf
					  : "/etc/rsyslog.conf";
}

static const char *exe_of(const struct exam *x)
{
	return x->process.exe[0] != '\0' ? x->process.exe : "rsyslogd";
}

/* The line that says what is wrong, without the name in front. */
static void complaint(const char *text, char out[FINDING_TEXT / 2])
{
	const char *at = strcasestr(text, "error");

	if (at == NULL)
		at = text;
	while (at > text && at[-1] != '\n')
		at--;
	if (strncmp(at, "rsyslogd: ", 10) == 0)
		at += 10;
	snprintf(out, FINDING_TEXT / 2, "%.*s", (int)strcspn(at, "\n"), at);
}

static void judge_config(struct exam *x, const struct program *p)
{
	char quoted[QUOTE_TEXT], said[FINDING_TEXT / 2];
	const char *conf = conf_of(x);

	if (p->status < 0) {
		finding_add(&x->findings, FINDING_SKIP, "config",
			    "'%s -N1' does not answer", exe_of(x));
	} else if (p->status == 0) {
		finding_add(&x->findings, FINDING_OK, "config",
			    "rsyslogd has nothing to say about '%s'", conf);
	} else {
		complaint(p->text, said);
		finding_add(&x->findings, FINDING_FAIL, "config",
			    "rsyslogd finds fault with '%s', and would start "
			    "without what is wrong in it: %s",
			    conf, said);
		finding_remedy(&x->findings, "rsyslogd -N1 -f %s",
			       quote_shell(conf, quoted));
	}
}

void check_config(struct exam *x)
{
	const char *conf = conf_of(x);
	const char *const argv[] = {exe_of(x), "-N1", "-f", conf, NULL};
	struct program p;

	if (conf[0] != '/' || access(conf, F_OK) != 0 ||
	    (x->process.exe[0] == '\0' && !program_exists("rsyslogd")))
		return;
	if (geteuid() != 0) {
		finding_add(&x->findings, FINDING_SKIP, "config",
			    "only root sees all of what '%s' includes", conf);
		finding_remedy(&x->findings, "sudo saslbanctl doctor");
		return;
	}
	if (program_run(&p, argv) < 0) {
		x->findings.lost = true;
		return;
	}
	judge_config(x, &p);
	program_close(&p);
}

/* ---- who writes a line ---- */

/* The socket says it from now on, in the line in which it stands; one of the
 * old form becomes one that can. */
static void remedy_socket(struct exam *x, const struct sockets *s)
{
	char line[2 * SOCKETS_PATH + 256];
	char file[QUOTE_TEXT], old[QUOTE_TEXT], new[QUOTE_TEXT];

	snprintf(line, sizeof(line),
		 "s|^$AddUnixListenSocket[[:space:]]*%s[[:space:]]*$|"
		 "input(type=\"imuxsock\" Socket=\"%s\")|",
		 s->what, s->what);
	quote_shell(line, old);
	snprintf(line, sizeof(line),
		 "s|Socket=\"%s\"|& Annotate=\"on\" ParseTrusted=\"on\"|I",
		 s->what);
	quote_shell(line, new);
	finding_remedy(&x->findings,
		       "sed -i -e %s \\\n    -e %s \\\n    %s\n"
		       "systemctl restart rsyslog",
		       old, new, quote_shell(s->at, file));
}

static void remedy_system_socket(struct exam *x, const struct sockets *s)
{
	char file[QUOTE_TEXT];

	finding_remedy(
		&x->findings,
		"sed -i -e "
		"'s|^$ModLoad[[:space:]]*imuxsock|module(load=\"imuxsock\")|' "
		"\\\n    -e 's|load=\"imuxsock\"|& SysSock.Annotate=\"on\" "
		"SysSock.ParseTrusted=\"on\"|I' \\\n    %s\n"
		"systemctl restart rsyslog",
		quote_shell(s->at, file));
}

static void judge_sockets(struct exam *x, const struct sockets *s)
{
	if (s->silent == 0) {
		if (s->annotated > 0 || s->journal)
			finding_add(&x->findings, FINDING_OK, "origin",
				    "the inputs say who wrote a line");
		return;
	}
	finding_add(&x->findings, FINDING_WARN, "origin",
		    "origin.uid is not checked for every line, and local users "
		    "can have anybody banned: %s%s of '%s' does not say who "
		    "wrote a line",
		    s->what[0] == '\0' ? "imuxsock's own socket" : "socket ",
		    s->what, s->at);
	if (s->what[0] == '\0')
		remedy_system_socket(x, s);
	else
		remedy_socket(x, s);
}

void check_origin(struct exam *x)
{
	struct sockets s;
	bool asked = false;

	for (size_t i = 0; i < x->session.jails; i++) {
		const struct settings *jail = &x->session.jail[i].settings;

		asked |= exam_wants(x, &x->session.jail[i]) &&
			 jail->origin_uid.entries + jail->origin_unit.entries >
				 0;
	}
	if (!asked)
		return;
	sockets_read(&s, conf_of(x));
	if (s.read)
		judge_sockets(x, &s);
}

/* ---- the engines ---- */

static void judge_engine(struct exam *x, const struct jail *j)
{
	bool runs = session_has_engine(&x->session, j, x->cli->now);
	int64_t silence = x->cli->now - j->seen;
	const char *name = j->settings.name;
	char ago[DURATION_TEXT];

	output_left(x->cli->now, j->seen, ago);
	if (!runs && j->seen == 0)
		finding_add(&x->findings, FINDING_FAIL, "engine",
			    "jail '%s' has no engine and never had one", name);
	else if (!runs)
		finding_add(&x->findings, FINDING_FAIL, "engine",
			    "jail '%s' has no engine: nobody is banned; the "
			    "last one wrote %s ago",
			    name, ago);
	else if (j->seen == 0 || silence > SESSION_SILENT)
		finding_add(&x->findings, FINDING_FAIL, "engine",
			    "jail '%s' has an engine that has not written for "
			    "%s: the database refuses it",
			    name, j->seen == 0 ? "long" : ago);
	else
		finding_add(&x->findings, FINDING_OK, "engine",
			    "jail '%s' %s, and its engine wrote %s ago", name,
			    j->settings.enforce ? "enforces" : "only observes",
			    ago);
	if (!runs)
		finding_remedy(&x->findings,
			       "rsyslogd -N1 && systemctl restart rsyslog");
	else if (j->seen == 0 || silence > SESSION_SILENT)
		finding_remedy(&x->findings,
			       "journalctl -u rsyslog -n 50 | grep omsaslban");
}

void check_engines(struct exam *x)
{
	if (x->session.jails == 0) {
		finding_add(&x->findings, FINDING_FAIL, "engine",
			    "the database has no jail: no engine has ever run "
			    "with it");
		finding_remedy(&x->findings,
			       "rsyslogd -N1 && systemctl restart rsyslog");
	}
	for (size_t i = 0; i < x->session.jails; i++)
		if (exam_wants(x, &x->session.jail[i]))
			judge_engine(x, &x->session.jail[i]);
}
