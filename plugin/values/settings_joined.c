/* settings_joined: see settings_joined.h. */
#include "settings_joined.h"

#include <stdbool.h>
#include <string.h>

/* Bytes up to the comma that ends the first of several entries written as one;
 * all when it is one. Brackets may hold commas, and so may paths, but not
 * before a blank or another path. */
static size_t first_entry(const char *text)
{
	bool path = text[0] == '/';
	size_t n = 0, quoted;
	int depth = 0;

	for (; text[n] != '\0'; n++) {
		depth += (text[n] == '[') - (text[n] == ']');
		if (depth > 0 && (text[n] == '"' || text[n] == '\'')) {
			quoted = strcspn(text + n + 1,
					 text[n] == '"' ? "\"" : "'");
			n += text[n + 1 + quoted] == '\0' ? 0 : quoted + 1;
		} else if (text[n] == ',' && depth <= 0 &&
			   (!path || text[n + 1] == ' ' ||
			    text[n + 1] == '/')) {
			break;
		}
	}
	return n;
}

int settings_joined(const struct settings_row *row, const char *text,
		    struct fault *why)
{
	const int shown = 60;
	size_t first = first_entry(text), second;
	const char *next = text + first + 1;

	if (text[first] == '\0')
		return 0;
	next += strspn(next, " ");
	second = first_entry(next);
	return fault_set(why, FAULT_SETTING,
			 "parameter '%s': '%.200s' is one text; a list is "
			 "written [\"%.*s\", \"%.*s\"%s]",
			 row->name, text,
			 (int)first < shown ? (int)first : shown, text,
			 (int)second < shown ? (int)second : shown, next,
			 next[second] == ',' ? ", ..." : "");
}
