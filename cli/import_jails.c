/*
 * import_jails: the jails of fail2ban, as they would be here, on standard
 * output. Comments say where each value comes from, and what has no equivalent.
 */
#include "import.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jailtext.h"
#include "saslban/duration.h"
#include "saslban/jailfile.h"
#include "saslban/plural.h"
#include "text.h"

enum { NOTES = 64, NOTE = 320, VALUE = 64 };

/* One jail while it is written: comments first, then what is behind them. */
struct draft_jail {
	const struct cli *cli;
	const struct jailfile *file;
	size_t jail;
	char note[NOTES][NOTE];
	size_t notes;
	char filter[SETTINGS_ITEM];
	char maxretry[VALUE], findtime[VALUE];
	struct jailtext_ladder ladder;
	char ignored[SETTINGS_IGNORED][SETTINGS_ITEM];
	size_t ignoreds;
};

/* ---- comments ---- */

static void __attribute__((format(printf, 2, 3)))
note(struct draft_jail *d, const char *format, ...)
{
	va_list args;

	if (d->notes == NOTES)
		return;
	va_start(args, format);
	vsnprintf(d->note[d->notes++], NOTE, format, args);
	va_end(args);
}

static void note_option(void *context, const char *option, const char *file,
			unsigned line)
{
	const char *instead = jailtext_instead(option);

	if (instead != NULL)
		note(context, "%s:%u: %s: %s", file, line, option, instead);
}

/* ---- values ---- */

/* The text of an option, the caller's to free; NULL: there is none, or it
 * cannot be put together, which is noted. */
static char *get(struct draft_jail *d, const char *option)
{
	struct jailfile_value v = {.text = NULL};
	struct fault why = {.text = ""};

	if (jailfile_get(d->file, d->jail, option, &v, &why) < 0) {
		note(d, "%s: %.240s", option, why.text);
		return NULL;
	}
	return v.text;
}

static char *get_or(struct draft_jail *d, const char *option, const char *none)
{
	char *text = get(d, option);

	return text == NULL ? strdup(none) : text;
}

/* The module takes it; else a note says why not. */
static bool is_allowed(struct draft_jail *d, const char *name, const char *text)
{
	struct settings *s = malloc(sizeof(*s));
	struct fault why;
	bool good;

	if (s == NULL)
		return false;
	settings_init(s);
	good = settings_set(s, name, text, &why) == 0;
	if (!good)
		note(d, "%.300s", why.text);
	free(s);
	return good;
}

static void take_number(struct draft_jail *d, const char *option,
			char out[VALUE])
{
	char *text = get(d, option);

	if (text != NULL && is_allowed(d, option, text))
		snprintf(out, VALUE, "%s", text);
	free(text);
}

static bool take_duration(struct draft_jail *d, const char *option,
			  int64_t *out)
{
	char *text = get(d, option);
	bool good = text != NULL && jailtext_duration(text, out) == 0;

	if (text != NULL && !good)
		note(d, "%s: '%.100s' is no duration", option, text);
	free(text);
	return good;
}

static void take_findtime(struct draft_jail *d)
{
	char text[DURATION_TEXT];
	int64_t seconds;

	if (take_duration(d, "findtime", &seconds) &&
	    is_allowed(d, "findtime", duration_print(seconds, text)))
		snprintf(d->findtime, sizeof(d->findtime), "%s", text);
}

static void take_ladder(struct draft_jail *d)
{
	struct jailtext_growth g = {.base = 600, .longest = DURATION_FOREVER};
	char *grows = get_or(d, "bantime.increment", "false");
	char *factor = get(d, "bantime.factor");
	char *multipliers = get(d, "bantime.multipliers");

	(void)take_duration(d, "bantime", &g.base);
	(void)take_duration(d, "bantime.maxtime", &g.longest);
	g.grows = grows != NULL && jailtext_is_on(grows);
	g.factor = factor;
	g.multipliers = multipliers;
	if (jailtext_ladder(&g, &d->ladder) < 0) {
		note(d,
		     "bantime.factor, bantime.multipliers: no plain numbers; "
		     "bans double instead");
		g.factor = g.multipliers = NULL;
		(void)jailtext_ladder(&g, &d->ladder);
	}
	free(grows);
	free(factor);
	free(multipliers);
}

static void ignore(struct draft_jail *d, const char *entry)
{
	if (d->ignoreds < SETTINGS_IGNORED && is_allowed(d, "ignoreip", entry))
		snprintf(d->ignored[d->ignoreds++], SETTINGS_ITEM, "%s", entry);
}

static void take_ignored(struct draft_jail *d)
{
	static const char between[] = ", \t\n";
	char *self = get_or(d, "ignoreself", "true");
	char *text = get_or(d, "ignoreip", "");
	char *save, *word;

	if (self != NULL && jailtext_is_on(self))
		ignore(d, "self");
	for (word = text == NULL ? NULL : strtok_r(text, between, &save);
	     word != NULL; word = strtok_r(NULL, between, &save)) {
		struct address a;

		/* Nobody can be banned there. */
		if (address_parse(word, strlen(word), &a) == 0 &&
		    address_special(&a, NULL) != NULL)
			continue;
		ignore(d, word);
	}
	free(self);
	free(text);
}

/* One of its own, that no shipped one stands for, is read as it is. */
static void take_filter(struct draft_jail *d, const char *text)
{
	char name[SETTINGS_ITEM];

	if (jailtext_filter(text, name, d->filter) != NULL)
		return;
	snprintf(d->filter, sizeof(d->filter), "/etc/fail2ban/filter.d/%.200s",
		 name);
	note(d,
	     "no shipped filter does what '%.100s' does: fail2ban's own is "
	     "read, unchanged. Copy it to /etc/saslban/filter.d before you "
	     "remove fail2ban",
	     name);
}

/* ---- writing ---- */

static void put(const char *text)
{
	char piece[TEXT_PIECE];
	size_t len = strlen(text);

	while (len > 0) {
		size_t n = text_piece(text, len, piece);

		fputs(piece, stdout);
		text += n;
		len -= n;
	}
}

/* A value in quotes, in which a backslash and a quote need one. */
static void put_quoted(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		if ((unsigned char)*text >= ' ' && *text != 0x7f)
			putchar(*text);
	}
	putchar('"');
}

static void put_value(const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	printf("\t\t%s=", name);
	put_quoted(value);
	putchar('\n');
}

static void put_ladder(const struct jailtext_ladder *l)
{
	char text[DURATION_TEXT];

	fputs("\t\tbantime=[", stdout);
	for (size_t i = 0; i < l->steps; i++)
		printf("%s\"%s\"", i == 0 ? "" : ", ",
		       duration_print(l->step[i] < 1 ? 1 : l->step[i], text));
	puts("]");
	if (l->doubles)
		puts("\t\tbantime.factor=\"2\"");
	if (l->doubles && l->longest != DURATION_FOREVER)
		printf("\t\tbantime.max=\"%s\"\n",
		       duration_print(l->longest, text));
}

static void put_ignored(const struct draft_jail *d)
{
	fputs("\t\tignoreip=[", stdout);
	for (size_t i = 0; i < d->ignoreds; i++) {
		fputs(i == 0 ? "" : ", ", stdout);
		put_quoted(d->ignored[i]);
	}
	puts("]");
}

/* Jails have shorter names here, of fewer characters. */
static void put_name(const char *name)
{
	char ours[SETTINGS_NAME];
	size_t n = 0;

	for (; *name != '\0' && n < sizeof(ours) - 1; name++)
		ours[n++] = (*name >= 'a' && *name <= 'z') ||
					    (*name >= 'A' && *name <= 'Z') ||
					    (*name >= '0' && *name <= '9')
				    ? *name
				    : '-';
	ours[n] = '\0';
	put_value("name", ours);
}

static void put_jail(const struct draft_jail *d)
{
	fputs("\n\t# [", stdout);
	put(jailfile_name(d->file, d->jail));
	puts("]");
	for (size_t i = 0; i < d->notes; i++) {
		fputs("\t#   ", stdout);
		put(d->note[i]);
		putchar('\n');
	}
	puts("\taction(\n\t\ttype=\"omsaslban\"");
	put_name(jailfile_name(d->file, d->jail));
	put_value("filter", d->filter);
	for (size_t i = 0; i < d->cli->path.n; i++)
		put_value("filter.path", d->cli->path.at[i]);
	put_value("maxretry", d->maxretry);
	put_value("findtime", d->findtime);
	put_ladder(&d->ladder);
	put_ignored(d);
	puts("\t\tset=\"saslban\"\n"
	     "\t\t# Nobody is banned until you take this line away:\n"
	     "\t\tenforce=\"off\"\n\t)");
}

/* ---- the verb ---- */

struct tally {
	size_t written, disabled;
};

static void write_jail(struct draft_jail *d, const char *filter)
{
	take_filter(d, filter);
	take_number(d, "maxretry", d->maxretry);
	take_findtime(d);
	take_ladder(d);
	take_ignored(d);
	jailfile_each(d->file, d->jail, true, note_option, d);
	jailfile_each(d->file, d->jail, false, note_option, d);
	put_jail(d);
}

static void look_at(const struct cli *c, const struct jailfile *f, size_t jail,
		    struct draft_jail *d, struct tally *t)
{
	const char *name = jailfile_name(f, jail);
	char *enabled, *filter, *port;

	memset(d, 0, sizeof(*d));
	d->cli = c;
	d->file = f;
	d->jail = jail;
	enabled = get_or(d, "enabled", "false");
	filter = get_or(d, "filter", name);
	port = get_or(d, "port", "");
	if (enabled != NULL && filter != NULL && port != NULL &&
	    jailtext_is_mail(name, filter, port)) {
		if (jailtext_is_on(enabled)) {
			write_jail(d, filter);
			t->written++;
		} else {
			t->disabled++;
		}
	}
	free(enabled);
	free(filter);
	free(port);
}

static void write_all(const struct cli *c, const struct jailfile *f,
		      struct draft_jail *d, struct tally *t)
{
	puts("# The mail jails of fail2ban, as omsaslban(8) has them. What it "
	     "does beyond that\n"
	     "# (customers, accounts, networks, outages) has its defaults: see "
	     "JUDGEMENT there.\n\n"
	     "module(load=\"omsaslban\")\n\n"
	     "if prifilt(\"mail,auth,authpriv.*\") then {");
	for (size_t i = 0; i < jailfile_jails(f); i++)
		look_at(c, f, i, d, t);
	if (t->written == 0)
		puts("\t# No mail jail is enabled.\n\tcontinue");
	puts("}");
	if (t->disabled > 0)
		printf("\n# %zu mail jail%s that %s not enabled: left out\n",
		       t->disabled, plural(t->disabled),
		       t->disabled == 1 ? "is" : "are");
}

enum status import_jails(const struct cli *c)
{
	struct draft_jail *d = malloc(sizeof(*d));
	struct tally t = {0, 0};
	struct jailfile *f;
	struct fault why;

	if (d == NULL)
		return edge_memory();
	if (jailfile_open(&f, &c->word[1], c->words - 1, &why) < 0) {
		free(d);
		return edge_fail(&why);
	}
	write_all(c, f, d, &t);
	jailfile_close(f);
	free(d);
	return t.written > 0 ? STATUS_OK : STATUS_NOTHING;
}
