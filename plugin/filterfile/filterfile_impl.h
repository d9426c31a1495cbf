/*
 * filterfile_impl: what the filterfile*.c share.
 *
 *   filterfile_text.c    text whose bytes remember where they stood
 *   filterfile_ini.c     one file -> sections and options
 *   filterfile_layer.c   includes, .local and directories -> one ini
 *   filterfile_spec.c    name[mode=auth] -> name and parameters
 *   filterfile_expand.c  %(name)s and <tag>
 *   filterfile_tag.c     <HOST>, <F-USER> ... -> groups
 *   filterfile_python.c  what Python's expressions write differently
 *   filterfile.c         the order of these
 */
#ifndef SASLBAN_FILTERFILE_IMPL_H
#define SASLBAN_FILTERFILE_IMPL_H

#include "saslban/filterfile.h"

enum {
	TEXT_MAX = 1 << 18,     /* bytes of one value, all substituted */
	LINE_MAX_LEN = 1 << 15, /* bytes of one line of a file */
	FILES_MAX = 64,         /* files of one filter, includes counted */
	NAME_MAX_LEN = 128,     /* bytes of an option's or section's name */
	INCLUDE_DEPTH = 8,      /* includes in includes */
	EXPAND_DEPTH = 10,      /* %(name)s in %(name)s, as in Python */
	EXPAND_TAGS = 1000,     /* <tag>s put into one value */
	LINE_BITS = 20          /* of a from: file << LINE_BITS | line */
};

/* ---- text ---- */

/* Grows as it is written. Running out of memory or of TEXT_MAX makes it bad:
 * all that is written to it later is dropped, and whoever wrote asks once, at
 * the end. Zero is a valid empty text. */
struct text {
	char *at; /* with a NUL behind it once anything was written */
	uint32_t *from;
	size_t len;
	size_t room;
	bool bad;
};

void text_put(struct text *t, const char *bytes, size_t len, uint32_t from);
void text_copy(struct text *t, const struct text *source, size_t start,
	       size_t end);
/* Replace the bytes start..end of t. */
void text_splice(struct text *t, size_t start, size_t end,
		 const struct text *with);
/* Append C text whose bytes all come from one place. */
void text_puts(struct text *t, const char *words, uint32_t from);
void text_drop(struct text *t);

static inline uint32_t text_from(const struct text *t, size_t offset)
{
	if (t->len == 0)
		return 0;
	return t->from[offset < t->len ? offset : t->len - 1];
}

/* ---- files ---- */

struct option {
	char *name; /* lower case */
	struct text value;
	bool used; /* of parameters: something asked for it */
};

struct section {
	char *name;
	struct option *option;
	size_t options;
};

struct ini {
	struct section *section;
	size_t sections;
};

struct section *ini_section(const struct ini *ini, const char *name,
			    size_t len);
struct option *ini_option(const struct section *s, const char *name,
			  size_t len);
/* Find or make. NULL when out of memory. */
struct section *ini_section_add(struct ini *ini, const char *name, size_t len);
struct option *ini_option_add(struct section *s, const char *name, size_t len);
void ini_drop(struct ini *ini);

/* Parse the text of one file. file is its number, path its name for
 * messages. */
int ini_parse(struct ini *out, const char *text, size_t len, uint32_t file,
	      const char *path, struct fault *why);

/* All files of one filter as one, and what they were called. File 0 is the
 * stanza itself. */
struct layers {
	const char *const *dirs;
	size_t ndirs;
	struct ini ini;
	char *path[FILES_MAX];
	struct identity {
		uint64_t device;
		uint64_t inode;
	} identity[FILES_MAX]; /* a file by two names is one */
	size_t paths;
};

/* name without directory is searched in dirs, a path is taken as it is. */
int layers_read(struct layers *l, const char *name, struct fault *why);
void layers_drop(struct layers *l);

/* ---- the stanza's own words ---- */

struct spec {
	char *name;            /* `postfix`, or a path */
	struct ini parameters; /* one section */
};

int spec_parse(struct spec *out, const char *text, struct fault *why);
void spec_drop(struct spec *s);

/* ---- values ---- */

struct values {
	const struct layers *layers;
	const struct section *parameters;
};

/* The value of an option of [Definition], all %(name)s and <tag> put in.
 * out stays empty when there is none. */
int values_get(const struct values *v, const char *option, struct text *out,
	       struct fault *why);

/* FAULT_FILTER with file and line in front. */
int layers_fault(const struct layers *l, uint32_t from, struct fault *why,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- expressions ---- */

/* Replace host and F- tags by groups. */
int tags_to_groups(const struct layers *l, const struct text *in,
		   struct text *out, struct fault *why);

/* From Python's syntax to PCRE2's; refuses what has no equal. */
int python_to_pcre(const struct layers *l, const struct text *in,
		   struct text *out, struct fault *why);

#endif
