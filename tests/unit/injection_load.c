/* injection_load: the filters, and the guilty lines of tests/samples. */
#include "injection.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILTERS = 64,
	PER_RULE = 4,        /* guilty lines of one rule that are taken */
	LONGEST_GUILTY = 700 /* bytes; longer ones are left out */
};

static void give_up(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(99);
}

/* All files that fit `srcdir`/pattern. */
static void find_files(const char *pattern, glob_t *found)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", srcdir == NULL ? "." : srcdir,
		 pattern);
	if (glob(path, 0, NULL, found) != 0)
		give_up(path);
}

static void open_jail(struct injection_jail *jail, const char *const *specs,
		      size_t n)
{
	const char *srcdir = getenv("srcdir");
	const char *dirs[1];
	char path[1024];
	struct fault why;

	snprintf(path, sizeof(path), "%s/filter.d",
		 srcdir == NULL ? "." : srcdir);
	dirs[0] = path;
	if (filter_open(&jail->filter, specs, n, dirs, 1, &why) < 0)
		give_up(why.text);
	jail->scratch = filter_scratch_open(jail->filter);
	if (jail->scratch == NULL)
		give_up("out of memory");
}

static void close_jail(struct injection_jail *jail)
{
	filter_scratch_close(jail->scratch);
	filter_close(jail->filter);
}

static void load_filters(struct injection *j)
{
	const char *specs[FILTERS];
	glob_t found;

	find_files("filter.d/*.conf", &found);
	if (found.gl_pathc > FILTERS)
		give_up("too many filters");
	for (size_t i = 0; i < found.gl_pathc; i++)
		specs[i] = found.gl_pathv[i];
	open_jail(&j->shipped, specs, found.gl_pathc);
	globfree(&found);
}

/* The jail of a mode that a sample file has lines for. One that gives a filter
 * the name of Courier's program is for hosts without Courier, one that looks
 * for an address where others have the realm for those that do write it. */
static struct injection_jail *add_mode(struct injection *j, const char *spec)
{
	if (strchr(spec, '[') == NULL || strstr(spec, "imapd=") != NULL ||
	    strstr(spec, "remote=") != NULL)
		return &j->shipped;
	for (size_t i = 0; i < j->modes; i++)
		if (strcmp(j->spec[i], spec) == 0)
			return &j->mode[i];
	if (j->modes == INJECTION_MODES)
		give_up("too many modes");
	snprintf(j->spec[j->modes], sizeof(j->spec[0]), "%s", spec);
	open_jail(&j->mode[j->modes], &spec, 1);
	return &j->mode[j->modes++];
}

static const char *find_address(const char *message, const struct sighting *s)
{
	char text[ADDRESS_TEXT];
	const char *at = NULL;

	if (s->address.family != ADDRESS_NONE)
		at = strstr(message, address_print(&s->address, text));
	return at == NULL ? message : at;
}

/* A few lines of each rule are enough; lines that another line completes are
 * always taken. */
static bool wanted(const struct injection *j, const struct injection_jail *jail,
		   const struct sighting *s)
{
	size_t seen = 0;

	if (s->kind == SIGHTING_NOTHING)
		return true;
	for (size_t i = 0; i < j->payloads; i++)
		seen += j->taker[i] == jail && strcmp(j->rule[i], s->rule) == 0;
	return seen < PER_RULE;
}

static void add_payload(struct injection *j, const struct injection_jail *jail,
			struct rawline *raw)
{
	struct injection_payload *p = &j->payload[j->payloads];
	struct sighting s = {.kind = SIGHTING_NOTHING};

	(void)filter_match(jail->filter, jail->scratch, &raw->line, &s);
	if (raw->line.text.len > LONGEST_GUILTY || !wanted(j, jail, &s))
		return;
	if (j->payloads == INJECTION_PAYLOADS)
		give_up("too many guilty lines");
	p->whole = strndup(raw->line.text.at, raw->line.text.len);
	if (p->whole == NULL)
		give_up("out of memory");
	p->message = p->whole + (raw->line.msg.at - raw->line.text.at);
	p->address = find_address(p->message, &s);
	j->taker[j->payloads] = jail;
	memcpy(j->rule[j->payloads++], s.rule, SIGHTING_WORD);
}

/* The note of a line that a filter takes. */
static bool is_guilty(const char *note)
{
	static const char *const words[] = {"# fail", "# doubtful", "# summary",
					    "# ok", "# trouble"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(note, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static void load_samples(struct injection *j, const char *path)
{
	FILE *in = fopen(path, "r");
	struct rawline *raw = malloc(sizeof(*raw));
	const struct injection_jail *jail = &j->shipped;
	bool guilty = false;

	if (in == NULL || raw == NULL)
		give_up(path);
	while (fgets(j->line, sizeof(j->line), in) != NULL) {
		j->line[strcspn(j->line, "\n")] = '\0';
		if (guilty && j->line[0] != '#' && j->line[0] != '\0') {
			rawline_parse(j->line, strlen(j->line), 1800000000,
				      raw);
			add_payload(j, jail, raw);
		}
		if (strncmp(j->line, "# filter ", 9) == 0)
			jail = add_mode(j, j->line + 9);
		guilty = is_guilty(j->line);
	}
	free(raw);
	fclose(in);
}

void injection_load(struct injection *j)
{
	glob_t found;

	load_filters(j);
	find_files("tests/samples/*.log", &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_samples(j, found.gl_pathv[i]);
	globfree(&found);
}

void injection_drop(struct injection *j)
{
	for (size_t i = 0; i < j->payloads; i++)
		free(j->payload[i].whole);
	close_jail(&j->shipped);
	for (size_t i = 0; i < j->modes; i++)
		close_jail(&j->mode[i]);
}
