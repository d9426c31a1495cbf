/* filterfile: see saslban/filterfile.h. */
#include "saslban/filterfile.h"

#include <stdlib.h>
#include <string.h>

#include "datepattern.h"
#include "expand.h"
#include "ini.h"
#include "layers.h"
#include "option.h"
#include "python.h"
#include "spec.h"
#include "tag.h"
#include "text.h"

enum {
	NOTES = 8, /* at least the options of option_idle */
	DATES = 8,
	SESSION_AGE = 600 /* seconds */
};

/* What stands behind a struct filterfile: a pointer to one is a pointer to the
 * other, because it comes first. */
struct whole {
	struct filterfile file;
	struct layers layers;
	struct spec spec;
	struct filterfile_rule prefix;
	struct filterfile_rule *rule;
	struct text daemon;
	struct text file_tags;
	struct text dates[DATES];
	const char *date[DATES];
	const char *note[NOTES];
	char name[NAME_MAX_LEN];
};

static struct filterfile_rule *add_rule(struct whole *w)
{
	struct filterfile_rule *more;

	more = realloc(w->rule, (w->file.nrules + 1) * sizeof(*more));
	if (more == NULL)
		return NULL;
	w->rule = more;
	w->file.rules = more;
	return &more[w->file.nrules++];
}

/* One expression, from what stands in the file to what PCRE2 reads. */
static int make_rule(struct whole *w, struct filterfile_rule *rule,
		     const struct text *value, struct fault *why)
{
	struct text groups = {0}, regex = {0};

	if (tag_to_group(&w->layers, value, &groups, why) < 0 ||
	    python_to_pcre(&w->layers, &groups, &regex, why) < 0) {
		text_drop(&groups);
		text_drop(&regex);
		return -1;
	}
	if (groups.bad || regex.bad) {
		text_drop(&groups);
		text_drop(&regex);
		return layers_fault(&w->layers, text_from(value, 0), why,
				    "expression too long, or out of memory");
	}
	text_drop(&groups);
	rule->regex = regex.at;
	rule->from = regex.from;
	rule->len = regex.len;
	return 0;
}

static int read_list(struct whole *w, const struct expansion *x,
		     enum rule_kind kind, struct fault *why)
{
	struct text all = {0};
	size_t start = 0;
	int result = expand_option(x, rule_kinds[kind].option, &all, why);

	while (result == 0 && start < all.len) {
		const char *nl = memchr(all.at + start, '\n', all.len - start);
		size_t end = nl == NULL ? all.len : (size_t)(nl - all.at);
		struct filterfile_rule *rule;
		struct text one = {0};

		text_copy(&one, &all, start, end);
		start = end + 1;
		if (one.bad) {
			result = fault_set(why, FAULT_MEMORY, "out of memory");
		} else if (strspn(one.at, " \t") < one.len) {
			rule = add_rule(w);
			if (rule == NULL) {
				result = fault_set(why, FAULT_MEMORY,
						   "out of memory");
			} else {
				memset(rule, 0, sizeof(*rule));
				rule->kind = kind;
				result = make_rule(w, rule, &one, why);
			}
		}
		text_drop(&one);
	}
	text_drop(&all);
	return result;
}

static int read_prefix(struct whole *w, const struct expansion *x,
		       struct fault *why)
{
	struct text value = {0};
	int result = expand_option(x, "prefregex", &value, why);

	if (result == 0 && value.len > 0) {
		if (memchr(value.at, '\n', value.len) != NULL)
			result = layers_fault(&w->layers, value.from[0], why,
					      "prefregex is more than one "
					      "line; allowed: one");
		else
			result = make_rule(w, &w->prefix, &value, why);
		w->file.prefix = &w->prefix;
	}
	text_drop(&value);
	return result;
}

/* With maxlines above 1 fail2ban matches several lines at once. We do not. */
static int check_maxlines(struct whole *w, const struct expansion *x,
			  struct fault *why)
{
	struct text value = {0};
	int result = expand_option(x, "maxlines", &value, why);

	if (result == 0 && value.len > 0 && strcmp(value.at, "1") != 0)
		result = layers_fault(&w->layers, value.from[0], why,
				      "maxlines '%s' is not supported: a rule "
				      "sees one line; join lines with "
				      "<F-MLFID>",
				      value.at);
	text_drop(&value);
	return result;
}

static void drop_dates(struct whole *w)
{
	for (size_t i = 0; i < DATES; i++)
		text_drop(&w->dates[i]);
	w->file.ndates = 0;
}

/* Without file= a record has its time already. A pattern that is not
 * understood makes all of them mean nothing. */
static int read_dates(struct whole *w, const struct expansion *x,
		      struct fault *why)
{
	struct text all = {0};
	int result = expand_option(x, "datepattern", &all, why);

	for (size_t start = 0, n; result == 0 && start < all.len;
	     start += n + 1) {
		size_t i = w->file.ndates;
		enum datepattern is;

		n = strcspn(all.at + start, "\n");
		if (w->file.file == NULL || n == 0)
			continue;
		is = i == DATES ? DATEPATTERN_UNKNOWN
				: datepattern_translate(all.at + start, n,
							&w->dates[i]);
		if (is == DATEPATTERN_UNKNOWN) {
			drop_dates(w);
			break;
		}
		w->date[w->file.ndates++] =
			is == DATEPATTERN_ANY ? NULL : w->dates[i].at;
	}
	w->file.dates = w->date;
	text_drop(&all);
	return result;
}

/* What the filter remembers of earlier records. */
static int read_memory(struct whole *w, const struct expansion *x,
		       struct fault *why)
{
	static const struct option_range bytes = {64, 4096,
						  "no, 64 to 4096 bytes"};
	static const struct option_range age = {1, 7 * 86400, "1s to 7d"};
	static const struct option_range number = {0, 86400,
						   "a number up to 86400"};
	int64_t cut = 0, excuse = 0;

	w->file.session_age = SESSION_AGE;
	if (option_number(x, "cut", &number, &cut, why) < 0 ||
	    option_number(x, "excuse", &number, &excuse, why) < 0 ||
	    option_number(x, "split_at", &bytes, &w->file.split_at, why) < 0 ||
	    option_duration(x, "session_age", &age, &w->file.session_age, why) <
		    0)
		return -1;
	w->file.cut = (unsigned)cut;
	w->file.excuse = (unsigned)excuse;
	/* A record behind a cut may begin with what a client likes. */
	if (cut > 0)
		w->file.repeats = false;
	if (w->file.split_at > 0 && w->file.daemon == NULL)
		return option_refuse(x, "split_at", "needs daemon", why);
	if (w->file.split_at > 0 && w->file.unicode)
		return option_refuse(x, "split_at", "does not go with unicode",
				     why);
	return 0;
}

static void take_notes(struct whole *w, const struct expansion *x)
{
	for (size_t i = 0; option_idle[i] != NULL; i++)
		if (option_declared(x, option_idle[i]) &&
		    (w->file.ndates == 0 ||
		     strcmp(option_idle[i], "datepattern") != 0))
			w->note[w->file.nnotes++] = option_idle[i];
	w->file.notes = w->note;
}

static void take_name(struct whole *w)
{
	const char *slash = strrchr(w->spec.name, '/');
	const char *base = slash == NULL ? w->spec.name : slash + 1;
	size_t n = strlen(base);

	if (n > 5 && strcmp(base + n - 5, ".conf") == 0)
		n -= 5;
	if (n >= sizeof(w->name))
		n = sizeof(w->name) - 1;
	memcpy(w->name, base, n);
	w->file.name = w->name;
}

static int read_all(struct whole *w, const char *spec, struct fault *why)
{
	struct expansion x = {.layers = &w->layers,
			      .parameters = ini_section(&w->spec.parameters,
							"parameters", 10)};

	if (check_maxlines(w, &x, why) < 0 || read_prefix(w, &x, why) < 0)
		return -1;
	for (int kind = 0; kind < RULE_KINDS; kind++)
		if (read_list(w, &x, kind, why) < 0)
			return -1;
	if (expand_option(&x, "daemon", &w->daemon, why) < 0 ||
	    expand_option(&x, "file", &w->file_tags, why) < 0)
		return -1;
	w->file.daemon = w->daemon.len > 0 ? w->daemon.at : NULL;
	w->file.unicode = w->file.daemon == NULL;
	w->file.repeats = true;
	if (option_switch(&x, "doubled", &w->file.doubled, why) < 0 ||
	    option_switch(&x, "repeats", &w->file.repeats, why) < 0 ||
	    option_switch(&x, "unicode", &w->file.unicode, why) < 0)
		return -1;
	w->file.file = w->file_tags.len > 0 ? w->file_tags.at : NULL;
	if (read_dates(w, &x, why) < 0 || read_memory(w, &x, why) < 0)
		return -1;
	take_notes(w, &x);
	return option_check_parameters(&x, spec, why);
}

int filterfile_open(struct filterfile **out, const char *spec,
		    const char *const *dirs, size_t ndirs, struct fault *why)
{
	struct whole *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	w->layers.dirs = dirs;
	w->layers.ndirs = ndirs;
	if (spec_parse(&w->spec, spec, why) < 0 ||
	    layers_read(&w->layers, w->spec.name, why) < 0) {
		filterfile_close(&w->file);
		return -1;
	}
	take_name(w);
	if (read_all(w, spec, why) < 0) {
		filterfile_close(&w->file);
		return -1;
	}
	*out = &w->file;
	return 0;
}

static void drop_rule(struct filterfile_rule *rule)
{
	free((void *)rule->regex);
	free((void *)rule->from);
}

void filterfile_close(struct filterfile *f)
{
	struct whole *w = (struct whole *)f;

	if (f == NULL)
		return;
	for (size_t i = 0; i < w->file.nrules; i++)
		drop_rule(&w->rule[i]);
	free(w->rule);
	drop_rule(&w->prefix);
	text_drop(&w->daemon);
	text_drop(&w->file_tags);
	drop_dates(w);
	layers_drop(&w->layers);
	spec_drop(&w->spec);
	free(w);
}

const char *filterfile_where(const struct filterfile *f,
			     const struct filterfile_rule *rule, size_t offset,
			     unsigned *line)
{
	const struct whole *w = (const struct whole *)f;
	uint64_t from = 0;

	if (rule->len > 0)
		from = rule->from[offset < rule->len ? offset : rule->len - 1];
	*line = place_line(from);
	return w->layers.path[place_file(from)];
}

void filterfile_quote(const struct filterfile *f,
		      const struct filterfile_rule *rule, size_t offset,
		      struct fault *why)
{
	const struct whole *w = (const struct whole *)f;
	bool behind = offset >= rule->len;

	if (rule->len > 0)
		(void)layers_quote(&w->layers,
				   rule->from[behind ? rule->len - 1 : offset],
				   behind, why);
}
