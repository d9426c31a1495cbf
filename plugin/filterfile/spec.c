/*
 * spec: name[mode=auth, x="a, b"][y=z] -> name and parameters.
 *
 * Values may stand in single or double quotes; without quotes they end at a
 * comma or a closing bracket.
 */
#include "spec.h"

#include <stdlib.h>
#include <string.h>

static int refuse(const char *text, const char *what, struct fault *why)
{
	return fault_set(why, FAULT_FILTER,
			 "'%s': %s; allowed: name[mode=x, other=\"y\"]", text,
			 what);
}

static const char *skip(const char *at)
{
	return at + strspn(at, " \t\n");
}

/* Read `name=value` at *at, and step over it. */
static int take_parameter(struct section *into, const char **at,
			  struct fault *why, const char *text)
{
	const char *name = skip(*at), *value;
	struct option *o;
	size_t n, len;

	n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	if (n == 0 || n > NAME_MAX_LEN || name[n] != '=')
		return refuse(text, "expected name=value in the brackets", why);
	value = name + n + 1;
	if (*value == '"' || *value == '\'') {
		const char *end = strchr(value + 1, *value);

		if (end == NULL)
			return refuse(text, "quote not closed", why);
		*at = skip(end + 1);
		value++;
		len = (size_t)(end - value);
	} else {
		len = strcspn(value, ",]");
		*at = value + len;
		while (len > 0 && value[len - 1] == ' ')
			len--;
	}
	if (ini_option(into, name, n) != NULL)
		return refuse(text, "parameter given twice", why);
	o = ini_option_add(into, name, n);
	if (o == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	text_put(&o->value, value, len, 0);
	return o->value.bad ? refuse(text, "value too long", why) : 0;
}

static int take_group(struct section *into, const char **at, struct fault *why,
		      const char *text)
{
	*at = skip(*at);
	while (**at != ']') {
		if (**at == '\0')
			return refuse(text, "bracket not closed", why);
		if (take_parameter(into, at, why, text) < 0)
			return -1;
		if (**at == ',')
			*at = skip(*at + 1);
		else if (**at != ']' && **at != '\0')
			return refuse(text, "expected a comma or ]", why);
	}
	*at = skip(*at + 1);
	return 0;
}

int spec_parse(struct spec *out, const char *text, struct fault *why)
{
	struct spec s = {0};
	size_t n = strcspn(text, "[");
	const char *at = text + n;
	struct section *into;

	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (n == 0)
		return refuse(text, "filter without a name", why);
	s.name = strndup(text, n);
	into = ini_section_add(&s.parameters, "parameters", 10);
	if (s.name == NULL || into == NULL) {
		spec_drop(&s);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	while (*at == '[') {
		at = skip(at + 1);
		if (take_group(into, &at, why, text) < 0) {
			spec_drop(&s);
			return -1;
		}
	}
	if (*at != '\0') {
		spec_drop(&s);
		return refuse(text, "text behind the brackets", why);
	}
	*out = s;
	return 0;
}

void spec_drop(struct spec *s)
{
	free(s->name);
	ini_drop(&s->parameters);
	s->name = NULL;
}
