/* jailfile: see saslban/jailfile.h. */
#include "saslban/jailfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "layers.h"
#include "textfile.h"

enum { PATH_SIZE = 1024 };

struct jailfile {
	struct layers layers;
	size_t *jail; /* numbers of sections */
	size_t jails;
};

/* ---- files ---- */

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int read_if_there(struct layers *l, const char *path, struct fault *why)
{
	return textfile_exists(path) ? layers_read_file(l, path, why) : 0;
}

/* jail.conf, jail.d/ *.conf, jail.local, jail.d/ *.local. */
static int read_directory(struct layers *l, const char *directory,
			  struct fault *why)
{
	static const char *const ending[] = {"conf", "local"};
	char path[PATH_SIZE];
	size_t before = l->paths;

	for (size_t e = 0; e < 2; e++) {
		snprintf(path, sizeof(path), "%s/jail.%s", directory,
			 ending[e]);
		if (read_if_there(l, path, why) < 0)
			return -1;
		snprintf(path, sizeof(path), "%s/jail", directory);
		if (layers_read_drop_ins(l, path, ending[e], why) < 0)
			return -1;
	}
	if (l->paths > before)
		return 0;
	return fault_set(why, FAULT_FILTER,
			 "no jail.conf and no jail.local in '%s'", directory);
}

static int read_one(struct layers *l, const char *path, struct fault *why)
{
	bool own = strcmp(base(path), "jail.local") == 0 ||
		   strcmp(base(path), "jail.conf") == 0;
	char directory[PATH_SIZE];
	bool is_directory = textfile_is_directory(path);

	if (!is_directory && (!own || !textfile_exists(path)))
		return layers_read_file(l, path, why);
	if (is_directory)
		return read_directory(l, path, why);
	snprintf(directory, sizeof(directory), "%.*s",
		 base(path) == path ? 1 : (int)(base(path) - path - 1),
		 base(path) == path ? "." : path);
	return read_directory(l, directory[0] == '\0' ? "/" : directory, why);
}

/* ---- jails ---- */

static bool is_jail(const char *section)
{
	return strcmp(section, "DEFAULT") != 0 &&
	       strcmp(section, "INCLUDES") != 0 &&
	       strncmp(section, "KNOWN/", 6) != 0;
}

/* %(__name__)s is the jail's own name. */
static int add_name(struct section *s)
{
	char name[NAME_MAX_LEN + 1];
	struct option *o;

	snprintf(name, sizeof(name), "%s", s->name);
	o = ini_option_add(s, "__name__", strlen("__name__"));
	if (o == NULL)
		return -1;
	text_drop(&o->value);
	text_puts(&o->value, name, 0);
	return o->value.bad ? -1 : 0;
}

static int find_jails(struct jailfile *f, struct fault *why)
{
	struct ini *ini = &f->layers.ini;

	f->jail = calloc(ini->sections + 1, sizeof(f->jail[0]));
	if (f->jail == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < ini->sections; i++) {
		if (!is_jail(ini->section[i].name))
			continue;
		if (add_name(&ini->section[i]) < 0)
			return fault_set(why, FAULT_MEMORY, "out of memory");
		f->jail[f->jails++] = i;
	}
	return 0;
}

int jailfile_open(struct jailfile **out, const char *const *paths, size_t n,
		  struct fault *why)
{
	struct jailfile *f = calloc(1, sizeof(*f));
	int result = 0;

	if (f == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	result = layers_begin(&f->layers, "jails", why);
	for (size_t i = 0; i < n && result == 0; i++)
		result = read_one(&f->layers, paths[i], why);
	if (result == 0)
		result = find_jails(f, why);
	if (result < 0)
		jailfile_close(f);
	else
		*out = f;
	return result;
}

void jailfile_close(struct jailfile *f)
{
	layers_drop(&f->layers);
	free(f->jail);
	free(f);
}

size_t jailfile_jails(const struct jailfile *f)
{
	return f->jails;
}

static const struct section *section_of(const struct jailfile *f, size_t jail)
{
	return &f->layers.ini.section[f->jail[jail]];
}

const char *jailfile_name(const struct jailfile *f, size_t jail)
{
	return section_of(f, jail)->name;
}

/* ---- options ---- */

static const char *place_of(const struct jailfile *f, const struct text *value,
			    unsigned *line)
{
	uint64_t from = text_from(value, 0);
	uint32_t file = place_file(from);

	*line = place_line(from);
	return file < f->layers.paths ? f->layers.path[file] : "";
}

static const struct section *defaults(const struct jailfile *f)
{
	return ini_section(&f->layers.ini, "DEFAULT", strlen("DEFAULT"));
}

int jailfile_get(const struct jailfile *f, size_t jail, const char *option,
		 struct jailfile_value *out, struct fault *why)
{
	const struct section *in = section_of(f, jail);
	const struct expansion x = {.layers = &f->layers};
	const struct option *o = ini_option(in, option, strlen(option));
	struct text text = {0};
	int result;

	if (o == NULL)
		o = ini_option(defaults(f), option, strlen(option));
	if (o == NULL)
		return 0;
	result = expand_in(&x, in, o, &text, why);
	out->text = result < 0 ? NULL : strdup(text.at == NULL ? "" : text.at);
	text_drop(&text);
	if (result < 0)
		return -1;
	if (out->text == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	out->file = place_of(f, &o->value, &out->line);
	return 1;
}

/* It came with fail2ban. */
static bool is_stock(const char *path)
{
	return strcmp(base(path), "jail.conf") == 0 ||
	       strncmp(base(path), "paths-", 6) == 0;
}

void jailfile_each(const struct jailfile *f, size_t jail, bool everywhere,
		   void (*see)(void *context, const char *option,
			       const char *file, unsigned line),
		   void *context)
{
	const struct section *s =
		everywhere ? defaults(f) : section_of(f, jail);

	for (size_t i = 0; s != NULL && i < s->options; i++) {
		const struct option *o = &s->option[i];
		unsigned line;
		const char *path = place_of(f, &o->value, &line);

		if (line != 0 && !is_stock(path))
			see(context, o->name, path, line);
	}
}
