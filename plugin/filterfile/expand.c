/*
 * expand: %(name)s and <tag>.
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
#include "expand.h"

#include <stdio.h>
#include <string.h>

static const struct section *section_of(const struct expansion *x,
					const char *name, size_t len)
{
	return ini_section(&x->layers->ini, name, len);
}

static const struct option *defaults(const struct expansion *x,
				     const char *name, size_t len)
{
	return ini_option(section_of(x, "DEFAULT", 7), name, len);
}

/* A parameter from the stanza's brackets. That it was asked for is noted: one
 * that nobody asks for has a typing error in its name. */
static const struct option *parameter(const struct expansion *x,
				      const char *name, size_t len)
{
	struct option *o = ini_option(x->parameters, name, len);

	if (o != NULL)
		o->used = true;
	return o;
}

static bool word_is(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && strncasecmp(word, what, len) == 0;
}

/* `section/name`, written in a section. *in becomes the section in which the
 * names inside the value are looked up. */
static const struct option *qualified(const struct expansion *x,
				      const char *section, const char *name,
				      size_t len, const struct section **in)
{
	const char *slash = memchr(name, '/', len);
	size_t head = (size_t)(slash - name), tail = len - head - 1;
	const struct option *o = NULL;
	char known[NAME_MAX_LEN + 8] = "KNOWN/";

	if (word_is(name, head, "known")) {
		strncat(known, section, NAME_MAX_LEN);
		o = ini_option(section_of(x, known, strlen(known)), slash + 1,
			       tail);
	} else if (!word_is(name, head, "default")) {
		*in = section_of(x, name, head);
		if (*in == NULL)
			return NULL;
		o = ini_option(*in, slash + 1, tail);
	}
	return o != NULL ? o : defaults(x, slash + 1, tail);
}

static const struct option *percent_value(const struct expansion *x,
					  const struct section *in,
					  const char *name, size_t len)
{
	const struct section *unused = NULL;
	const struct option *o = NULL;

	if (memchr(name, '/', len) != NULL)
		return qualified(x, in->name, name, len, &unused);
	if (strcmp(in->name, "Definition") == 0)
		o = parameter(x, name, len);
	if (o == NULL)
		o = ini_option(in, name, len);
	return o != NULL ? o : defaults(x, name, len);
}

static int percent(const struct expansion *x, const struct section *in,
		   const struct text *value, unsigned depth, struct text *out,
		   struct fault *why)
{
	const struct layers *l = x->layers;
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
		o = percent_value(x, in, at, (size_t)(end - at));
		if (o == NULL)
			return layers_fault(l, value->from[i], why,
					    "no option '%.*s' for %%(%.*s)s",
					    (int)(end - at), at,
					    (int)(end - at), at);
		if (depth == EXPAND_DEPTH)
			return layers_fault(l, value->from[i], why,
					    "'%.*s' is defined by itself",
					    (int)(end - at), at);
		if (percent(x, in, &o->value, depth + 1, out, why) < 0)
			return -1;
		i = (size_t)(end + 2 - value->at);
	}
	return 0;
}

/* The option that a tag stands for, and the section in which the names inside
 * its value are looked up. */
static const struct option *tag_value(const struct expansion *x,
				      const char *name, size_t len,
				      const struct section **in)
{
	const struct option *o;

	*in = section_of(x, "Definition", 10);
	if (memchr(name, '/', len) != NULL) {
		o = qualified(x, "Definition", name, len, in);
		return o;
	}
	o = parameter(x, name, len);
	if (o != NULL)
		return o;
	o = ini_option(section_of(x, "Init", 4), name, len);
	if (o != NULL) {
		*in = section_of(x, "Init", 4);
		return o;
	}
	o = ini_option(*in, name, len);
	return o != NULL ? o : defaults(x, name, len);
}

/* <HOST>, </F-USER>, <F-ID/>: a name without small letters is no option's. */
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

/* Where to go on after the tag at `at` was replaced. In <mdre-<mode>> the value
 * of the inner tag completes the outer one, so the search goes back as far as
 * such an outer tag could begin: it has no blank in it and is no longer than a
 * name. */
static size_t before(const struct text *t, size_t at)
{
	size_t start = at;

	while (start > 0 && t->at[start - 1] != ' ' &&
	       at - start < NAME_MAX_LEN)
		start--;
	return start;
}

static int tags(const struct expansion *x, const char *option, struct text *t,
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

		o = built_in(name, len) ? NULL : tag_value(x, name, len, &in);
		if (o == NULL) {
			start = end;
			continue;
		}
		if (left-- == 0 || word_is(name, len, option))
			return layers_fault(x->layers, t->from[at], why,
					    "<%.*s> is defined by itself",
					    (int)len, name);
		result = percent(x, in, &o->value, 0, &value, why);
		if (result == 0)
			text_splice(t, at, end, &value);
		text_drop(&value);
		if (result < 0)
			return -1;
		start = before(t, at);
	}
	return 0;
}

/* What follows `mdre-` in the names of options: the modes that there are. `...`
 * when out has no room for more. */
static void put_modes(const struct expansion *x, const char *prefix, char *out,
		      size_t size)
{
	static const char *const sections[] = {"Definition", "Init", "DEFAULT"};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *s =
			section_of(x, sections[i], strlen(sections[i]));

		for (size_t k = 0; s != NULL && k < s->options; k++) {
			const char *name = s->option[k].name;
			const char *mode = name + strlen(prefix);
			const char *split = used == 0 ? "" : ", ";

			if (strncmp(name, prefix, strlen(prefix)) != 0)
				continue;
			if (used + strlen(mode) + sizeof(", , ...") > size) {
				snprintf(out + used, size - used, "%s...",
					 split);
				return;
			}
			used += (size_t)snprintf(out + used, size - used,
						 "%s%s", split, mode);
		}
	}
}

static int unknown_mode(const struct expansion *x, uint64_t from,
			const char *tag, size_t len, struct fault *why)
{
	char prefix[] = "mdre-", modes[FAULT_TEXT / 2];

	memcpy(prefix, tag, 5);
	put_modes(x, prefix, modes, sizeof(modes));
	return layers_fault(x->layers, from, why,
			    "unknown mode '%.*s'; allowed: %s", (int)(len - 5),
			    tag + 5, modes[0] == '\0' ? "none" : modes);
}

/* <mdre-auht> that is still there names a mode that the file does not have. */
static int check_modes(const struct expansion *x, const struct text *t,
		       struct fault *why)
{
	size_t at, end, start = 0;

	for (; find_tag(t, start, &at, &end); start = end)
		if (strncmp(t->at + at, "<mdre-", 6) == 0 ||
		    strncmp(t->at + at, "<mdpr-", 6) == 0)
			return unknown_mode(x, t->from[at], t->at + at + 1,
					    end - at - 2, why);
	return 0;
}

int expand_option(const struct expansion *x, const char *option,
		  struct text *out, struct fault *why)
{
	const struct section *in;
	const struct option *o = tag_value(x, option, strlen(option), &in);

	if (o == NULL || o->value.len == 0)
		return 0;
	if (percent(x, in, &o->value, 0, out, why) < 0 ||
	    tags(x, option, out, why) < 0 || check_modes(x, out, why) < 0)
		return -1;
	if (out->bad)
		return layers_fault(x->layers, text_from(&o->value, 0), why,
				    "'%s' is longer than %d bytes after all "
				    "substitution",
				    option, TEXT_MAX);
	return 0;
}

int expand_in(const struct expansion *x, const struct section *in,
	      const struct option *o, struct text *out, struct fault *why)
{
	if (percent(x, in, &o->value, 0, out, why) < 0)
		return -1;
	if (out->bad)
		return layers_fault(x->layers, text_from(&o->value, 0), why,
				    "'%s' is longer than %d bytes after all "
				    "substitution",
				    o->name, TEXT_MAX);
	return 0;
}
