/* sockets: see sockets.h. */
#include "sockets.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf.h"
#include "stanza.h"

struct reading {
	struct sockets *out;
	const char *path;
	int depth;
};

static void read_file(struct reading *r);

/* ---- one object ---- */

struct object {
	char type[STANZA_NAME]; /* load= of a module, type= of an input */
	char socket[SOCKETS_PATH];
	char file[SOCKETS_PATH];
	bool annotate;
	bool trusted;
	bool off;
};

struct text_row {
	const char *name;
	size_t offset;
	size_t size;
};

#define TEXT(name, member)                                      \
	{                                                       \
		name, offsetof(struct object, member),          \
			sizeof(((struct object *)NULL)->member) \
	}

static const struct text_row texts[] = {
	TEXT("load", type),
	TEXT("type", type),
	TEXT("socket", socket),
	TEXT("file", file),
};

static bool is_on(const char *value)
{
	return strcasecmp(value, "on") == 0 || strcasecmp(value, "yes") == 0 ||
	       strcmp(value, "1") == 0;
}

static int take(void *context, const char *name, const char *value,
		struct fault *why)
{
	struct object *o = context;

	(void)why;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(name, texts[i].name) == 0)
			snprintf((char *)o + texts[i].offset, texts[i].size,
				 "%s", value);
	if (strcmp(name, "syssock.annotate") == 0 ||
	    strcmp(name, "annotate") == 0)
		o->annotate = is_on(value);
	if (strcmp(name, "syssock.parsetrusted") == 0 ||
	    strcmp(name, "parsetrusted") == 0)
		o->trusted = is_on(value);
	if (strcmp(name, "syssock.use") == 0)
		o->off = !is_on(value);
	return 0;
}

static void note_socket(const struct reading *r, const struct object *o)
{
	struct sockets *out = r->out;

	if (o->annotate && o->trusted) {
		out->annotated++;
		return;
	}
	if (out->silent++ > 0)
		return;
	snprintf(out->at, sizeof(out->at), "%s", r->path);
	snprintf(out->what, sizeof(out->what), "%s", o->socket);
}

static void include(const struct reading *r, const char *pattern)
{
	struct reading inner = {.out = r->out, .depth = r->depth + 1};
	glob_t found;

	if (inner.depth > SOCKETS_DEPTH || glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		inner.path = found.gl_pathv[i];
		read_file(&inner);
	}
	globfree(&found);
}

static void take_object(const struct reading *r, const char *kind,
			const struct object *o)
{
	bool module = strcmp(kind, "module") == 0;

	if (strcmp(kind, "include") == 0)
		include(r, o->file);
	else if (strcasecmp(o->type, "imuxsock") == 0 && !o->off)
		note_socket(r, o);
	else if (module && strcasecmp(o->type, "imjournal") == 0)
		r->out->journal = true;
}

/* ---- lines of the old form ---- */

static void take_line(const struct reading *r, char *line)
{
	static const struct object silent;
	struct object socket = {.annotate = false};
	char *rest = line;
	const char *word = strsep(&rest, " \t");
	char *value = rest == NULL ? line + strlen(line) : rest;

	value += strspn(value, " \t");
	value[strcspn(value, " \t\r")] = '\0';
	if (word == NULL)
		return;
	if (strcasecmp(word, "$IncludeConfig") == 0)
		include(r, value);
	else if (strcasecmp(word, "$ModLoad") == 0 &&
		 strcasecmp(value, "imuxsock") == 0)
		note_socket(r, &silent);
	else if (strcasecmp(word, "$AddUnixListenSocket") == 0) {
		snprintf(socket.socket, sizeof(socket.socket), "%s", value);
		note_socket(r, &socket);
	}
}

static void read_lines(const struct reading *r, char *text)
{
	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n")) != NULL;)
		if (line[0] == '$')
			take_line(r, line);
}

/* ---- files ---- */

static void read_objects(const struct reading *r, const char *text, size_t len)
{
	static const char *const objects[] = {"module", "input", "include",
					      NULL};
	struct stanza at = {text, text, text + len};
	const char *kind;
	struct fault why;

	while ((kind = conf_next(&at, objects)) != NULL) {
		struct object o = {.annotate = false};
		const struct stanza_reader takes = {.take = take,
						    .context = &o};

		if (stanza_read(&at, &takes, &why) == 0)
			take_object(r, kind, &o);
	}
}

static void read_file(struct reading *r)
{
	FILE *file = fopen(r->path, "re");
	char *text = malloc(CONF_MOST + 1);
	size_t len;

	if (file == NULL || text == NULL) {
		r->out->blind = true;
	} else {
		r->out->read |= r->depth == 0;
		len = fread(text, 1, CONF_MOST, file);
		text[len] = '\0';
		read_objects(r, text, len);
		read_lines(r, text);
	}
	if (file != NULL)
		fclose(file);
	free(text);
}

void sockets_read(struct sockets *out, const char *path)
{
	struct reading r = {.out = out, .path = path};

	memset(out, 0, sizeof(*out));
	read_file(&r);
}
