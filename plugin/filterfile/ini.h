/*
 * ini: one file -> sections and options.
 */
#ifndef SASLBAN_FILTERFILE_INI_H
#define SASLBAN_FILTERFILE_INI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "text.h"

enum {
	NAME_MAX_LEN = 128,    /* bytes of an option's or a section's name */
	LINE_MAX_LEN = 1 << 15 /* bytes of a line */
};

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

/* Zero is a valid empty one. */
struct ini {
	struct section *section;
	size_t sections;
};

/* Parse the text of one file; file is its number in places, path its name for
 * faults. On failure -1, FAULT_FILTER or FAULT_MEMORY, and nothing is left. */
int ini_parse(struct ini *out, const char *text, size_t len, uint32_t file,
	      const char *path, struct fault *why);
void ini_drop(struct ini *ini);

/* Find. NULL when there is none; an option of no section is none. Names of
 * options are not case sensitive. */
struct section *ini_section(const struct ini *ini, const char *name,
			    size_t len);
struct option *ini_option(const struct section *s, const char *name,
			  size_t len);

/* Find or create. NULL when out of memory. */
struct section *ini_section_add(struct ini *ini, const char *name, size_t len);
struct option *ini_option_add(struct section *s, const char *name, size_t len);

#endif
