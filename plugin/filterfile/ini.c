/*
 * ini: one file -> sections and options.
 *
 * The rules are those of Python's configparser as fail2ban sets it up,
 * because its files are read unchanged: `name = value` or `name : value`,
 * names in lower case, a deeper indented line continues the value (also after
 * empty lines), `#` and `;` begin a comment line, blank and `;` a comment at
 * the end of a line. A name or a section given twice in a file is an error.
 */
#include "ini.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/slice.h"

struct section *ini_section(const struct ini *ini, const char *name, size_t len)
{
	for (size_t i = 0; i < ini->sections; i++)
		if (strlen(ini->section[i].name) == len &&
		    memcmp(ini->section[i].name, name, len) == 0)
			return &ini->section[i];
	return NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *have, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (have[i] == '\0' || have[i] != lower(name[i]))
			return false;
	return have[i] == '\0';
}

struct option *ini_option(const struct section *s, const char *name, size_t len)
{
	for (size_t i = 0; s != NULL && i < s->options; i++)
		if (same_name(s->option[i].name, name, len))
			return &s->option[i];
	return NULL;
}

struct section *ini_section_add(struct ini *ini, const char *name, size_t len)
{
	struct section *s = ini_section(ini, name, len);

	if (s != NULL)
		return s;
	s = realloc(ini->section, (ini->sections + 1) * sizeof(*s));
	if (s == NULL)
		return NULL;
	ini->section = s;
	s += ini->sections;
	memset(s, 0, sizeof(*s));
	s->name = strndup(name, len);
	if (s->name == NULL)
		return NULL;
	ini->sections++;
	return s;
}

struct option *ini_option_add(struct section *s, const char *name, size_t len)
{
	struct option *o = ini_option(s, name, len);

	if (o != NULL)
		return o;
	o = realloc(s->option, (s->options + 1) * sizeof(*o));
	if (o == NULL)
		return NULL;
	s->option = o;
	o += s->options;
	memset(o, 0, sizeof(*o));
	o->name = strndup(name, len);
	if (o->name == NULL)
		return NULL;
	for (char *c = o->name; *c != '\0'; c++)
		*c = lower(*c);
	s->options++;
	return o;
}

void ini_drop(struct ini *ini)
{
	for (size_t i = 0; i < ini->sections; i++) {
		struct section *s = &ini->section[i];

		for (size_t j = 0; j < s->options; j++) {
			free(s->option[j].name);
			text_drop(&s->option[j].value);
		}
		free(s->option);
		free(s->name);
	}
	free(ini->section);
	memset(ini, 0, sizeof(*ini));
}

/* ---- reading ---- */

struct reader {
	struct ini *ini;
	struct section *section;
	struct option *option;
	size_t indent; /* of the line that began the option */
	uint32_t file;
	uint32_t line;
	const char *start; /* of that line */
	const char *path;
	struct fault *why;
};

static int refuse(const struct reader *r, const char *what)
{
	return fault_set(r->why, FAULT_FILTER, "%s:%u: %s", r->path, r->line,
			 what);
}

static int refuse_memory(const struct reader *r)
{
	return fault_set(r->why, FAULT_MEMORY, "out of memory reading '%s'",
			 r->path);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* A line without its comment and without the blanks at both ends. */
static struct slice bare(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] == ';' && (i == 0 || blank(at[i - 1])))
			len = i;
	while (len > 0 && blank(at[len - 1]))
		len--;
	while (len > 0 && blank(*at)) {
		at++;
		len--;
	}
	if (len > 0 && *at == '#')
		len = 0;
	return (struct slice){at, len};
}

static uint64_t here(const struct reader *r, struct slice in_line)
{
	return place(r->file, r->line, (size_t)(in_line.at - r->start));
}

static int begin_section(struct reader *r, struct slice name)
{
	if (name.len == 0 || name.len > NAME_MAX_LEN)
		return refuse(r, "section without a usable name");
	if (ini_section(r->ini, name.at, name.len) != NULL)
		return refuse(r, "section given a second time");
	r->section = ini_section_add(r->ini, name.at, name.len);
	r->option = NULL;
	return r->section == NULL ? refuse_memory(r) : 0;
}

static int begin_option(struct reader *r, struct slice body)
{
	struct slice value;
	size_t name = 0;

	if (r->section == NULL)
		return refuse(r, "text before the first [section]");
	while (name < body.len && body.at[name] != '=' && body.at[name] != ':')
		name++;
	if (name == body.len)
		return refuse(r, "expected 'name = value' or '[section]'");
	value = (struct slice){body.at + name + 1, body.len - name - 1};
	while (value.len > 0 && blank(*value.at)) {
		value.at++;
		value.len--;
	}
	while (name > 0 && blank(body.at[name - 1]))
		name--;
	if (name == 0 || name > NAME_MAX_LEN)
		return refuse(r, "option without a usable name");
	if (ini_option(r->section, body.at, name) != NULL)
		return refuse(r, "option given a second time in this section");
	r->option = ini_option_add(r->section, body.at, name);
	if (r->option == NULL)
		return refuse_memory(r);
	text_put_line(&r->option->value, value.at, value.len, here(r, value));
	return r->option->value.bad ? refuse(r, "value too long") : 0;
}

static int read_line(struct reader *r, const char *at, size_t len)
{
	struct slice body = bare(at, len);
	size_t indent = (size_t)(body.at - at);

	r->start = at;
	if (body.len == 0)
		return 0;
	if (r->option != NULL && indent > r->indent) {
		text_put(&r->option->value, "\n", 1, here(r, body));
		text_put_line(&r->option->value, body.at, body.len,
			      here(r, body));
		return r->option->value.bad ? refuse(r, "value too long") : 0;
	}
	r->indent = indent;
	if (body.at[0] == '[' && body.at[body.len - 1] == ']')
		return begin_section(r,
				     (struct slice){body.at + 1, body.len - 2});
	return begin_option(r, body);
}

int ini_parse(struct ini *out, const char *text, size_t len, uint32_t file,
	      const char *path, struct fault *why)
{
	struct ini ini = {0};
	struct reader r = {.ini = &ini, .file = file, .path = path, .why = why};
	const char *end = text + len;

	if (memchr(text, '\0', len) != NULL)
		return fault_set(why, FAULT_FILTER, "%s: holds a NUL byte",
				 path);
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl != NULL ? nl : end;

		r.line++;
		if ((size_t)(stop - text) > LINE_MAX_LEN) {
			refuse(&r, "line too long; allowed: 32768 bytes");
			ini_drop(&ini);
			return -1;
		}
		if (read_line(&r, text, (size_t)(stop - text)) < 0) {
			ini_drop(&ini);
			return -1;
		}
		text = stop + 1;
	}
	*out = ini;
	return 0;
}
