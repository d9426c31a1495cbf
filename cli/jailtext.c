/* jailtext: see jailtext.h. */
#include "jailtext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"

enum { DOUBLINGS = 20 /* fail2ban's own end */ };

/* ---- durations ---- */

struct unit {
	const char *name;
	int64_t seconds;
};

/* A month and a year are those of an average year, as fail2ban has it. */
static const struct unit units[] = {
	{"s", 1},          {"ss", 1},        {"sec", 1},
	{"second", 1},     {"m", 60},        {"mm", 60},
	{"min", 60},       {"minute", 60},   {"h", 3600},
	{"hh", 3600},      {"hour", 3600},   {"d", 86400},
	{"dd", 86400},     {"da", 86400},    {"day", 86400},
	{"w", 604800},     {"ww", 604800},   {"week", 604800},
	{"mo", 2629800},   {"mon", 2629800}, {"month", 2629800},
	{"y", 31557600},   {"yy", 31557600}, {"yea", 31557600},
	{"year", 31557600}};

static int64_t unit_of(const char *word, size_t len)
{
	if (len > 3 && word[len - 1] == 's')
		len--;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len &&
		    strncasecmp(units[i].name, word, len) == 0)
			return units[i].seconds;
	return 0;
}

int jailtext_duration(const char *text, int64_t *seconds)
{
	int64_t sum = 0;
	bool some = false;

	if (*text == '-') {
		*seconds = DURATION_FOREVER;
		return text[1] >= '0' && text[1] <= '9' ? 0 : -1;
	}
	while (*(text += strspn(text, " \t")) != '\0') {
		char *end;
		double n = strtod(text, &end);
		size_t len;
		int64_t unit = 1;

		if (end == text || *text < '0' || *text > '9')
			return -1;
		end += strspn(end, " \t");
		len = strspn(end, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (len > 0)
			unit = unit_of(end, len);
		if (unit == 0 || n * (double)unit > (double)DURATION_MAX)
			return -1;
		sum += (int64_t)(n * (double)unit);
		text = end + len;
		some = true;
	}
	*seconds = sum;
	return some && sum <= DURATION_MAX ? 0 : -1;
}

bool jailtext_is_on(const char *text)
{
	return strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0 ||
	       strcasecmp(text, "on") == 0 || strcmp(text, "1") == 0;
}

/* ---- how bans grow ---- */

static int plain_number(const char *text, double *out)
{
	char *end;

	*out = 1;
	if (text == NULL)
		return 0;
	*out = strtod(text, &end);
	end += strspn(end, " \t\n");
	return end != text && *end == '\0' && *out > 0 && *out < 1e9 ? 0 : -1;
}

static void add_step(struct jailtext_ladder *l, double step)
{
	int64_t seconds =
		step < (double)DURATION_MAX ? (int64_t)step : DURATION_MAX;

	if (l->steps < POLICY_LADDER)
		l->step[l->steps++] =
			seconds < l->longest ? seconds : l->longest;
}

/* The first repetition is number 1: what stands first is of none. */
static int multiply(const struct jailtext_growth *g, double factor,
		    struct jailtext_ladder *out)
{
	const char *at = g->multipliers;
	double by;

	for (size_t i = 0; *(at += strspn(at, " \t\n")) != '\0'; i++) {
		char *end;

		by = strtod(at, &end);
		if (end == at || by <= 0 || by > 1e9)
			return -1;
		at = end;
		/* The first one stands for all if it is alone. */
		if (i > 0 || at[strspn(at, " \t\n")] == '\0')
			add_step(out, (double)g->base * factor * by);
	}
	return 0;
}

int jailtext_ladder(const struct jailtext_growth *g,
		    struct jailtext_ladder *out)
{
	double factor;

	memset(out, 0, sizeof(*out));
	out->longest = g->longest;
	out->step[0] = g->base;
	out->steps = 1;
	if (!g->grows || g->base == DURATION_FOREVER)
		return 0;
	if (plain_number(g->factor, &factor) < 0)
		return -1;
	if (g->multipliers != NULL && *g->multipliers != '\0')
		return multiply(g, factor, out);
	factor = factor < 0.5 ? 0.5 : factor; /* never shorter */
	out->doubles = true;
	add_step(out, (double)g->base * factor * 2);
	if (g->longest == DURATION_FOREVER) {
		double most = (double)g->base * factor * (1 << DOUBLINGS);

		out->longest = most < (double)DURATION_MAX ? (int64_t)most
							   : DURATION_MAX;
	}
	return 0;
}

/* ---- filters ---- */

struct filter_row {
	const char *name;
	const char *mode; /* NULL: any */
	const char *ours;
};

static const struct filter_row filters[] = {
	{"postfix", "auth", "postfix"},
	{"postfix", "rbl", "postfix[mode=rbl]"},
	{"postfix", "ddos", "postfix[mode=ddos]"},
	{"postfix", "normal", "postfix[mode=reject]"},
	{"postfix", "more", "postfix[mode=reject]"},
	{"postfix", "errors", "postfix[mode=reject]"},
	{"postfix", "extra", "postfix[mode=all]"},
	{"postfix", "aggressive", "postfix[mode=all]"},
	{"postfix", NULL, "postfix[mode=reject]"},
	{"postfix-sasl", NULL, "postfix"},
	{"postfix-rbl", NULL, "postfix[mode=rbl]"},
	{"dovecot", "aggressive", "dovecot[mode=aggressive]"},
	{"dovecot", NULL, "dovecot"},
	{"cyrus-imap", NULL, "cyrus-imap"},
	{"sieve", NULL, "cyrus-imap"},
	{"courier-auth", NULL, "courier"},
	{"courier-smtp", NULL, "courier"},
	{"exim", NULL, "exim"},
	{"sendmail-auth", NULL, "sendmail"},
	{"roundcube-auth", NULL, "roundcube"},
	{"sogo-auth", NULL, "sogo"},
	{"horde", NULL, "horde"},
	{"perdition", NULL, "perdition"},
	{"uwimap-auth", NULL, "uw-imap"},
	{"domino-smtp", NULL, "domino"},
	{"directadmin", NULL, "directadmin"},
};

/* The value of mode= within the brackets; empty: there is none. */
static void read_mode(const char *text, char mode[SETTINGS_ITEM])
{
	const char *at = strstr(text, "mode=");
	size_t n = 0;

	mode[0] = '\0';
	if (at == NULL)
		return;
	at += strlen("mode=");
	at += *at == '"' || *at == '\'';
	while (n < SETTINGS_ITEM - 1 &&
	       ((*at >= 'a' && *at <= 'z') || *at == '-'))
		mode[n++] = *at++;
	mode[n] = '\0';
}

char *jailtext_filter(const char *text, char name[SETTINGS_ITEM],
		      char out[SETTINGS_ITEM])
{
	char mode[SETTINGS_ITEM];
	size_t len = strcspn(text, "[ \t\n");

	snprintf(name, SETTINGS_ITEM, "%.*s", (int)len, text);
	read_mode(text + len, mode);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		const struct filter_row *f = &filters[i];

		if (strcmp(f->name, name) != 0 ||
		    (f->mode != NULL && strcmp(f->mode, mode) != 0))
			continue;
		snprintf(out, SETTINGS_ITEM, "%s", f->ours);
		return out;
	}
	return NULL;
}

/* ---- mail ---- */

static const char *const mail_ports[] = {
	"smtp",  "smtps", "465",  "submission", "submissions", "imap", "imaps",
	"imap2", "imap3", "pop3", "pop3s",      "sieve",       "25",   "587",
	"143",   "993",   "110",  "995",        "4190",        NULL};

static bool has_mail_port(const char *ports)
{
	for (const char *at = ports; *at != '\0';) {
		size_t len = strcspn(at, ", \t\n");

		for (const char *const *p = mail_ports; *p != NULL; p++)
			if (strlen(*p) == len && strncmp(*p, at, len) == 0)
				return true;
		at += len;
		at += strspn(at, ", \t\n");
	}
	return false;
}

bool jailtext_is_mail(const char *jail, const char *filter, const char *port)
{
	static const char *const words[] = {
		"postfix", "dovecot", "sasl", "smtp", "imap", "pop3", NULL};
	char name[SETTINGS_ITEM], ours[SETTINGS_ITEM];

	if (jailtext_filter(filter, name, ours) != NULL || has_mail_port(port))
		return true;
	for (const char *const *w = words; *w != NULL; w++)
		if (strcasestr(jail, *w) != NULL ||
		    strcasestr(filter, *w) != NULL)
			return true;
	return false;
}

/* ---- what has no equivalent ---- */

struct instead {
	const char *option; /* with a * at its end: all that begin so */
	const char *text;
};

static const struct instead insteads[] = {
	{"port", "the firewall rule has the ports, not the jail: "
		 "saslban-firewall, saslban.nft"},
	{"logpath", "rsyslogd hands over the lines; of a program that writes "
		    "files only, rsyslogd reads them (examples/imfile)"},
	{"backend", "there is none to choose: rsyslogd has the lines"},
	{"journalmatch", "rsyslogd has the lines; see origin.unit"},
	{"logencoding", "lines are taken as bytes"},
	{"logtimezone", "rsyslogd has the time of a line"},
	{"datepattern", "belongs to a filter: /etc/saslban/filter.d"},
	{"failregex", "belongs to a filter of your own: /etc/saslban/filter.d"},
	{"ignoreregex",
	 "belongs to a filter of your own: /etc/saslban/filter.d"},
	{"usedns", "names in lines are never looked up"},
	{"maxmatches", "lines are not kept"},
	{"ignorecommand", "no program is run; ignoreip takes files, which are "
			  "read again when they change"},
	{"ignorecache", "nothing is run that would have to be spared"},
	{"banaction*", "a kernel set, which your firewall names; see enforcer"},
	{"action*", "a ban is an entry of a kernel set; notify has mails, and "
		    "events.ruleset tells other programs"},
	{"chain", "the firewall rule has its place"},
	{"protocol", "the firewall rule has it"},
	{"blocktype", "the firewall rule drops or rejects"},
	{"destemail", "notify has mails; mailto of 32-saslban-notify.conf"},
	{"sender*", "notify has mails; mailfrom of 32-saslban-notify.conf"},
	{"mta", "rsyslogd's ommail needs none"},
	{"fail2ban_agent", "nothing is sent to others"},
	{"bantime.formula", "bans double, or have the steps that you name in "
			    "bantime"},
	{"bantime.rndtime", "a ban is as long as it says"},
	{"bantime.overalljails", "strikes are of a jail; one jail may have "
				 "several filters, and counts them together"},
	{"dbpurgeage", "see forget and retain"},
	{"skip_if_nologs", "there are no files to be missing"},
	{"systemd_if_nologs", "there are no files to be missing"},
	{"prefregex", "belongs to a filter of your own: /etc/saslban/filter.d"},
	{"maxlines", "filters join lines by themselves (<F-MLFID>)"},
};

/* Those that are translated, or only serve others. */
static const char *const done[] = {"enabled",         "filter",
				   "maxretry",        "findtime",
				   "bantime",         "bantime.increment",
				   "bantime.factor",  "bantime.multipliers",
				   "bantime.maxtime", "ignoreip",
				   "ignoreself",      "mode",
				   "__name__",        NULL};

const char *jailtext_instead(const char *option)
{
	for (const char *const *d = done; *d != NULL; d++)
		if (strcmp(*d, option) == 0)
			return NULL;
	for (size_t i = 0; i < sizeof(insteads) / sizeof(insteads[0]); i++) {
		const char *name = insteads[i].option;
		size_t len = strlen(name);

		if (name[len - 1] == '*' ? strncmp(name, option, len - 1) == 0
					 : strcmp(name, option) == 0)
			return insteads[i].text;
	}
	return "nothing here is called so";
}
