/*
 * layers: all files of one filter, read in their order.
 *
 * NAME.conf comes from the first directory that has it. NAME.local, from the
 * first directory that has one, is read after it and wins option by option,
 * so that an admin changes one line of a shipped filter without a copy of it.
 * Files in NAME.d are read after the file of their ending.
 * Each file's `before` files are read before it and its `after` files after
 * it; an include is looked for beside the file that names it, then in the
 * directories. A missing NAME.local is nothing, any other missing file is an
 * error. What a later file overwrites stays known as KNOWN/section.
 */
#include "layers.h"

#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "available.h"
#include "textfile.h"

enum { PATH_SIZE = 1024 };

int layers_fault(const struct layers *l, uint64_t from, struct fault *why,
		 const char *format, ...)
{
	char text[FAULT_TEXT];
	uint32_t file = place_file(from);
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (file == 0 || file >= l->paths)
		return fault_set(why, FAULT_FILTER, "'%s': %s", l->path[0],
				 text);
	return fault_set(why, FAULT_FILTER, "%s:%u: %s", l->path[file],
			 place_line(from), text);
}

/* Bytes of what stands at a place of a line: a byte, or a tag. */
static size_t width(const char *line, const char *end, uint64_t from)
{
	size_t column = place_column(from), len = (size_t)(end - line);
	const char *close;

	if (column >= len || line[column] != '<')
		return 1;
	close = memchr(line + column, '>', len - column);
	return close == NULL ? 1 : (size_t)(close + 1 - line) - column;
}

int layers_quote(const struct layers *l, uint64_t from, bool behind,
		 struct fault *why)
{
	uint32_t file = place_file(from), line = place_line(from);
	struct textfile f;
	struct fault unused;
	const char *at, *end, *nl;

	/* It was read before; now it may be another one, or gone. */
	if (file == 0 || file >= l->paths ||
	    textfile_read(&f, l->path[file], &unused) < 0)
		return -1;
	at = f.text;
	end = f.text + f.len;
	while (--line > 0 && at < end) {
		nl = memchr(at, '\n', (size_t)(end - at));
		at = nl == NULL ? end : nl + 1;
	}
	nl = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
	end = nl == NULL ? end : nl;
	fault_quote(why, at, (size_t)(end - at),
		    place_column(from) + (behind ? width(at, end, from) : 0));
	free(f.text);
	return -1;
}

/* An option of a later file takes the place of an earlier one, whose value is
 * kept for %(known/name)s. */
static int overlay(struct ini *into, const char *name,
		   const struct option *option)
{
	char known[NAME_MAX_LEN + sizeof("KNOWN/")];
	struct section *s = ini_section_add(into, name, strlen(name));
	struct option *o;

	if (s == NULL)
		return -1;
	o = ini_option(s, option->name, strlen(option->name));
	if (o != NULL && strcmp(name, "DEFAULT") != 0) {
		struct option *old;
		struct text value = o->value;

		memset(&o->value, 0, sizeof(o->value));
		snprintf(known, sizeof(known), "KNOWN/%s", name);
		s = ini_section_add(into, known, strlen(known));
		old = s == NULL ? NULL
				: ini_option_add(s, option->name,
						 strlen(option->name));
		if (old == NULL) {
			text_drop(&value);
			return -1;
		}
		text_drop(&old->value);
		old->value = value;
		s = ini_section(into, name, strlen(name));
	}
	o = ini_option_add(s, option->name, strlen(option->name));
	if (o == NULL)
		return -1;
	text_drop(&o->value);
	text_copy(&o->value, &option->value, 0, option->value.len);
	return o->value.bad ? -1 : 0;
}

static int merge(struct ini *into, const struct ini *one)
{
	for (size_t i = 0; i < one->sections; i++) {
		const struct section *s = &one->section[i];

		/* Even an empty one: a file with [Definition] is a filter. */
		if (ini_section_add(into, s->name, strlen(s->name)) == NULL)
			return -1;
		for (size_t j = 0; j < s->options; j++)
			if (overlay(into, s->name, &s->option[j]) < 0)
				return -1;
	}
	return 0;
}

static int read_tree(struct layers *l, const char *path, unsigned depth,
		     struct fault *why);

/* `before` and `after` name files, one on each line. beside is the directory
 * of the file that names them, with its slash. */
static int read_include(struct layers *l, const char *beside, const char *name,
			unsigned depth, struct fault *why)
{
	size_t n = strlen(name);
	bool local = n > 6 && strcmp(name + n - 6, ".local") == 0;
	char path[PATH_SIZE];

	if (name[0] == '/') {
		if (local && !textfile_exists(name))
			return 0;
		return read_tree(l, name, depth, why);
	}
	snprintf(path, sizeof(path), "%s%s", beside, name);
	for (size_t i = 0; !textfile_exists(path); i++) {
		if (i == l->ndirs && local)
			return 0;
		if (i == l->ndirs)
			return fault_set(why, FAULT_FILTER,
					 "cannot find '%s' beside it in '%s'",
					 name, beside);
		snprintf(path, sizeof(path), "%s/%s", l->dirs[i], name);
	}
	return read_tree(l, path, depth, why);
}

static int read_includes(struct layers *l, const struct ini *one,
			 const char *which, const char *path, unsigned depth,
			 struct fault *why)
{
	const struct option *o = ini_option(ini_section(one, "INCLUDES", 8),
					    which, strlen(which));
	const char *slash = strrchr(path, '/');
	char beside[PATH_SIZE];
	char *names, *save, *name;
	int result = 0;

	if (o == NULL || o->value.len == 0)
		return 0;
	snprintf(beside, sizeof(beside), "%.*s",
		 slash == NULL ? 0 : (int)(slash - path + 1), path);
	names = strdup(o->value.at);
	if (names == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (name = strtok_r(names, "\n", &save); name != NULL && result == 0;
	     name = strtok_r(NULL, "\n", &save)) {
		result = read_include(l, beside, name, depth + 1, why);
		if (result < 0)
			fault_prefix(why, "%s:%u", path,
				     place_line(text_from(&o->value, 0)));
	}
	free(names);
	return result;
}

static bool was_read(const struct layers *l, const struct textfile *file)
{
	for (size_t i = 1; i < l->paths; i++)
		if (l->identity[i].device == file->device &&
		    l->identity[i].inode == file->inode)
			return true;
	return false;
}

/* Give the file the next number and parse it. */
static int parse(struct layers *l, const char *path,
		 const struct textfile *file, struct ini *out,
		 struct fault *why)
{
	struct identity who = {file->device, file->inode};

	l->identity[l->paths] = who;
	l->path[l->paths] = strdup(path);
	if (l->path[l->paths] == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	l->paths++;
	return ini_parse(out, file->text, file->len, (uint32_t)(l->paths - 1),
			 path, why);
}

/* Read a file and what it includes. A file that was read before is left out:
 * it is included twice, or includes itself. */
static int read_tree(struct layers *l, const char *path, unsigned depth,
		     struct fault *why)
{
	struct textfile file;
	struct ini one = {0};
	int result;

	if (l->paths == FILES_MAX || depth > INCLUDE_DEPTH)
		return fault_set(why, FAULT_FILTER,
				 "too many includes; allowed: %d files, %d "
				 "deep",
				 FILES_MAX - 1, INCLUDE_DEPTH);
	if (textfile_read(&file, path, why) < 0)
		return -1;
	if (was_read(l, &file)) {
		free(file.text);
		return 0;
	}
	result = parse(l, path, &file, &one, why);
	free(file.text);
	if (result < 0)
		return -1;
	result = read_includes(l, &one, "before", path, depth, why);
	if (result == 0 && merge(&l->ini, &one) < 0)
		result = fault_set(why, FAULT_MEMORY,
				   "out of memory reading '%s'", path);
	if (result == 0)
		result = read_includes(l, &one, "after", path, depth, why);
	ini_drop(&one);
	return result;
}

/* The files of NAME.d that have the ending, in the order of their names. */
int layers_read_drop_ins(struct layers *l, const char *stem, const char *ending,
			 struct fault *why)
{
	char pattern[PATH_SIZE];
	glob_t found = {0};
	int result = 0;

	snprintf(pattern, sizeof(pattern), "%s.d/*.%s", stem, ending);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
			result = read_tree(l, found.gl_pathv[i], 0, why);
	globfree(&found);
	return result;
}

/* The file's name, not the filter's. */
static bool is_whole(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

static int unknown_filter(const struct layers *l, const char *name,
			  struct fault *why)
{
	char searched[PATH_SIZE / 2] = "", known[FAULT_TEXT];
	size_t words;

	for (size_t i = 0; i < l->ndirs; i++) {
		size_t used = strlen(searched);

		snprintf(searched + used, sizeof(searched) - used, "%s'%s'",
			 i == 0 ? "" : ", ", l->dirs[i]);
	}
	/* As many as the fault has room for. */
	words = sizeof("unknown filter ''; in  there are: ") + strlen(name) +
		strlen(searched);
	available_filters(l->dirs, l->ndirs, known,
			  words < FAULT_TEXT / 2 ? FAULT_TEXT - words
						 : FAULT_TEXT / 2);
	return fault_set(why, FAULT_FILTER,
			 "unknown filter '%s'; in %s there are: %s", name,
			 searched, known[0] == '\0' ? "none" : known);
}

/* A name, which may be written with .conf: NAME.conf, then NAME.local, each
 * from the first directory that has it, and behind each of the two the drop-ins
 * of all directories. */
static int read_named(struct layers *l, const char *name, struct fault *why)
{
	static const char *const ending[] = {"conf", "local"};
	char path[PATH_SIZE], stem[PATH_SIZE];
	int n = (int)(strlen(name) - (is_whole(name) ? 5 : 0));
	bool found = false;

	for (size_t e = 0; e < 2; e++) {
		for (size_t i = 0; i < l->ndirs; i++) {
			snprintf(path, sizeof(path), "%s/%.*s.%s", l->dirs[i],
				 n, name, ending[e]);
			if (!textfile_exists(path))
				continue;
			if (read_tree(l, path, 0, why) < 0)
				return -1;
			found = true;
			break;
		}
		for (size_t i = 0; i < l->ndirs; i++) {
			snprintf(stem, sizeof(stem), "%s/%.*s", l->dirs[i], n,
				 name);
			if (layers_read_drop_ins(l, stem, ending[e], why) < 0)
				return -1;
		}
	}
	return found ? 0 : unknown_filter(l, name, why);
}

/* A path: the file itself, written with or without .conf, then the .local file
 * beside it; behind each of the two its drop-ins. */
static int read_path(struct layers *l, const char *name, struct fault *why)
{
	size_t n = strlen(name);
	bool whole = is_whole(name);
	int stem = (int)(whole ? n - 5 : n);
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s", name);
	if (!whole && !textfile_exists(path))
		snprintf(path, sizeof(path), "%s.conf", name);
	if (read_tree(l, path, 0, why) < 0)
		return -1;
	snprintf(path, sizeof(path), "%.*s", stem, name);
	if (layers_read_drop_ins(l, path, "conf", why) < 0)
		return -1;
	snprintf(path, sizeof(path), "%.*s.local", stem, name);
	if (textfile_exists(path) && read_tree(l, path, 0, why) < 0)
		return -1;
	snprintf(path, sizeof(path), "%.*s", stem, name);
	return layers_read_drop_ins(l, path, "local", why);
}

int layers_begin(struct layers *l, const char *name, struct fault *why)
{
	l->path[0] = strdup(name);
	if (l->path[0] == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	l->paths = 1;
	return 0;
}

int layers_read_file(struct layers *l, const char *path, struct fault *why)
{
	return read_tree(l, path, 0, why);
}

int layers_read(struct layers *l, const char *name, struct fault *why)
{
	if (layers_begin(l, name, why) < 0)
		return -1;
	if (strchr(name, '/') != NULL ? read_path(l, name, why) < 0
				      : read_named(l, name, why) < 0)
		return -1;
	if (ini_section(&l->ini, "Definition", strlen("Definition")) == NULL)
		return fault_set(why, FAULT_FILTER,
				 "%s: no section [Definition]",
				 l->path[l->paths - 1]);
	return 0;
}

void layers_drop(struct layers *l)
{
	ini_drop(&l->ini);
	for (size_t i = 0; i < l->paths; i++)
		free(l->path[i]);
	l->paths = 0;
}
