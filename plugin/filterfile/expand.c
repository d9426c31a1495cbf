/*
 * filterfile_expand: %(name)s and <tag>.
 *
 * Two passes, as in fail2ban. First %(name)s, innermost values included: the
 * stanza's parameters, then the section's own options, then [DEFAULT];
 * %(section/name)s from that section, %(known/name)s from what a later file
 * overwrote. Then <tag>, again and again until nothing changes, so that
 * <mdre-<mode>> finds its mode first: parameters, then [Init], then
 * [Definition] and [DEFAULT], <section/name> from there. Tags in capital
 * letters (<HOST>, <F-USER>) are no options and stay for the next step, and
 * so does what no option is called.
 */
#include "filterfile_impl.h"

#include <string.h>

static const struct section *section_of(const struct values *v,
					const char *name, size_t len)
{
	return ini_section(&v->layers->ini, name, len);
}

static const struct option *defaults(const struct values *v, const char *name,
				     size_t len)
{
	return ini_option(section_of(v, "DEFAULT", 7), name, len);
}

/* What the stanza's brackets say; noted, so that a slip in a name is seen. */
static const struct option *parameter(const struct values *v, const char *name,
				      size_t len)
{
	struct option *o = ini_option(v->parameters, name, len);

	if (o != NULL)
		o->used = true;
	return o;
}

static bool word_is(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && strncasecmp(word, what, len) == 0;
}

/* `section/name` as seen from a section. *from is the section whose options
 * the value's own %(name)s mean. */
static const struct option *qualified(const struct values *v,
				      const char *section, const char *name,
				      size_t len, const struct section **in)
{
	const char *slash = memchr(name, '/', len);
	size_t head = (size_t)(slash - name), tail = len - head - 1;
	const struct option *o = NULL;
	char known[NAME_MAX_LEN + 8] = "KNOWN/";

	if (word_is(name, head, "known")) {
		strncat(known, section, NAME_MAX_LEN);
		o = ini_option(section_of(v, known, strlen(known)), slash + 1,
			       tail);
	} else if (!word_is(name, head, "default")) {
		*in = section_of(v, name, head);
		if (*in == NULL)
			return NULL;
		o = ini_option(*in, slash + 1, tail);
	}
	return o != NULL ? o : defaults(v, slash + 1, tail);
}

static const struct option *percent_value(const struct values *v,
					  const struct section *in,
					  const char *name, size_t len)
{
	const struct section *unused = NULL;
	const struct option *o = NULL;

	if (memchr(name, '/', len) != NULL)
		return qualified(v, in->name, name, len, &unused);
	if (strcmp(in->name, "Definition") == 0)
		o = parameter(v, name, len);
	if (o == NULL)
		o = ini_option(in, name, len);
	return o != NULL ? o : defaults(v, name, len);
}

static int percent(const struct values *v, const struct section *in,
		   const struct text *value, unsigned depth, struct text *out,
		   struct fault *why)
{
	const struct layers *l = v->layers;
	size_t i = 0;

	while (i < value->len) {
		const char *at = value->at + i;
		const char *end = memchr(at, '%', value->len - i);
		const struct option *o;
		size_t n = end == NULL ? value->len - i : (size_t)(end - at);

		text_copy(out, value, i, i + n);
		i += n;
		if (end == NULL)
			break;
		if (i + 1 < value->len && end[1] == '%') {
			text_copy(out, value, i, i + 1);
			i += 2;
			continue;
		}
		at = end + 2;
		end = i + 1 < value->len && end[1] == '('
			      ? memchr(at, ')', value->len - i - 2)
			      : NULL;
		if (end == NULL || end[1] != 's')
			return layers_fault(l, value->from[i], why,
					    "'%%' without a name; allowed: "
					    "%%(name)s, or %%%% for itself");
		o = percent_value(v, in, at, (size_t)(end - at));
		if (o == NULL)
			return layers_fault(l, value->from[i], why,
					    "no option '%.*s' for %%(%.*s)s",
					    (int)(end - at), at,
					    (int)(end - at), at);
		if (depth == EXPAND_DEPTH)
			return layers_fault(l, value->from[i], why,
					    "'%.*s' is defined by itself",
					    (int)(end - at), at);
		if (percent(v, in, &o->value, depth + 1, out, why) < 0)
			return -1;
		i = (size_t)(end + 2 - value->at);
	}
	return 0;
}

/* The raw value of a tag and the section it is to be read in. */
static const struct option *tag_value(const struct values *v, const char *name,
				      size_t len, const struct section **in)
{
	const struct option *o;

	*in = section_of(v, "Definition", 10);
	if (memchr(name, '/', len) != NULL) {
		o = qualified(v, "Definition", name, len, in);
		return o;
	}
	o = parameter(v, name, len);
	if (o != NULL)
		return o;
	o = ini_option(section_of(v, "Init", 4), name, len);
	if (o != NULL) {
		*in = section_of(v, "Init", 4);
		return o;
	}
	o = ini_option(*in, name, len);
	return o != NULL ? o : defaults(v, name, len);
}

/* <HOST>, </F-USER>, <F-ID/>: in capital letters, not an option's name. */
static bool built_in(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] >= 'a' && name[i] <= 'z')
			return false;
	return true;
}

/* The first innermost <tag> at or after start. */
static bool find_tag(const struct text *t, size_t start, size_t *at,
		     size_t *end)
{
	size_t open = t->len;

	for (size_t i = start; i < t->len; i++) {
		char c = t->at[i];

		if (c == '<' || c == ' ') {
			open = c == '<' ? i : t->len;
		} else if (c == '>') {
			if (open < i && i > open + 1) {
				*at = open;
				*end = i + 1;
				return true;
			}
			open = t->len;
		}
	}
	return false;
}

/* Where to look on after a tag at `at` was replaced: its value may have
 * completed a tag that began before it, which has no blank in it and is no
 * longer than a name. */
static size_t before(const struct text *t, size_t at)
{
	size_t start = at;

	while (start > 0 && t->at[start - 1] != ' ' &&
	       at - start < NAME_MAX_LEN)
		start--;
	return start;
}

static int tags(const struct values *v, const char *option, struct text *t,
		struct fault *why)
{
	size_t at, end, start = 0, left = EXPAND_TAGS;

	while (find_tag(t, start, &at, &end)) {
		const char *name = t->at + at + 1;
		size_t len = end - at - 2;
		const struct section *in;
		const struct option *o;
		struct text value = {0};
		int result;

		o = built_in(name, len) ? NULL : tag_value(v, name, len, &in);
		if (o == NULL) {
			start = end;
			continue;
		}
		if (left-- == 0 || word_is(name, len, option))
			return layers_fault(v->layers, t->from[at], why,
					    "<%.*s> is defined by itself",
					    (int)len, name);
		result = percent(v, in, &o->value, 0, &value, why);
		if (result == 0)
			text_splice(t, at, end, &value);
		text_drop(&value);
		if (result < 0)
			return -1;
		start = before(t, at);
	}
	return 0;
}

/* A composed tag that found nothing is a mode that is not there. */
static int check_modes(const struct values *v, const struct text *t,
		       struct fault *why)
{
	size_t at, end, start = 0;

	for (; find_tag(t, start, &at, &end); start = end)
		if (strncmp(t->at + at, "<mdre-", 6) == 0 ||
		    strncmp(t->at + at, "<mdpr-", 6) == 0)
			return layers_fault(v->layers, t->from[at], why,
					    "unknown mode '%.*s'; no option "
					    "'%.*s'",
					    (int)(end - at - 7), t->at + at + 6,
					    (int)(end - at - 2),
					    t->at + at + 1);
	return 0;
}

int values_get(const struct values *v, const char *option, struct text *out,
	       struct fault *why)
{
	const struct section *in;
	const struct option *o = tag_value(v, option, strlen(option), &in);

	if (o == NULL || o->value.len == 0)
		return 0;
	if (percent(v, in, &o->value, 0, out, why) < 0 ||
	    tags(v, option, out, why) < 0 || check_modes(v, out, why) < 0)
		return -1;
	if (out->bad)
		return layers_fault(v->layers, text_from(&o->value, 0), why,
				    "'%s' is longer than %d bytes after all "
				    "substitution",
				    option, TEXT_MAX);
	return 0;
}
