/* option: see option.h. */
#include "option.h"

#include <string.h>

#include "saslban/duration.h"

/* rsyslogd gives us each record with its time, and decides where the log comes
 * from. */
const char *const option_idle[] = {
	"datepattern", "journalmatch", "logtype", "usedns",
	"logencoding", "maxlines",     NULL,
};

bool option_declared(const struct expansion *x, const char *name)
{
	static const char *const sections[] = {"Definition", "Init", "DEFAULT"};
	const struct ini *ini = &x->layers->ini;
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const char *s = sections[i];

		if (ini_option(ini_section(ini, s, strlen(s)), name, n) != NULL)
			return true;
	}
	return false;
}

static bool is_idle(const char *name)
{
	for (size_t i = 0; option_idle[i] != NULL; i++)
		if (strcmp(option_idle[i], name) == 0)
			return true;
	return false;
}

/* Left alone, `mod=rbl` for `mode=rbl` would let a jail ban for something that
 * its owner never thought of. */
int option_check_parameters(const struct expansion *x, const char *spec,
			    struct fault *why)
{
	for (size_t i = 0; i < x->parameters->options; i++) {
		const struct option *o = &x->parameters->option[i];

		if (!o->used && !is_idle(o->name) &&
		    !option_declared(x, o->name))
			return fault_set(why, FAULT_FILTER,
					 "'%s': the filter has no use for "
					 "'%s'; allowed: options that its "
					 "files name",
					 spec, o->name);
	}
	return 0;
}

static int misunderstood(const struct expansion *x, const char *name,
			 const struct text *value, const char *allowed,
			 struct fault *why)
{
	return layers_fault(x->layers, value->from[0], why,
			    "%s '%s' is not understood; allowed: %s", name,
			    value->at, allowed);
}

int option_switch(const struct expansion *x, const char *name, bool *out,
		  struct fault *why)
{
	struct text value = {0};
	int result = expand_option(x, name, &value, why);

	if (result == 0 && value.len > 0) {
		*out = strcmp(value.at, "yes") == 0;
		if (!*out && strcmp(value.at, "no") != 0)
			result = misunderstood(x, name, &value, "yes, no", why);
	}
	text_drop(&value);
	return result;
}

/* Digits alone, and few enough of them. */
static bool number(const struct text *value, int64_t *out)
{
	*out = 0;
	if (value->len > 15)
		return false;
	for (size_t i = 0; i < value->len; i++) {
		if (value->at[i] < '0' || value->at[i] > '9')
			return false;
		*out = *out * 10 + (value->at[i] - '0');
	}
	return true;
}

int option_number(const struct expansion *x, const char *name,
		  const struct option_range *range, int64_t *out,
		  struct fault *why)
{
	struct text value = {0};
	int result = expand_option(x, name, &value, why);

	if (result == 0 && value.len > 0) {
		if (strcmp(value.at, "no") == 0)
			*out = 0;
		else if (!number(&value, out) || *out < range->least ||
			 *out > range->most)
			result = misunderstood(x, name, &value, range->allowed,
					       why);
	}
	text_drop(&value);
	return result;
}

int option_duration(const struct expansion *x, const char *name,
		    const struct option_range *range, int64_t *out,
		    struct fault *why)
{
	struct text value = {0};
	int result = expand_option(x, name, &value, why);

	if (result == 0 && value.len > 0 &&
	    (duration_parse(value.at, value.len, out) < 0 ||
	     *out < range->least || *out > range->most))
		result = misunderstood(x, name, &value, range->allowed, why);
	text_drop(&value);
	return result;
}

int option_refuse(const struct expansion *x, const char *name,
		  const char *reason, struct fault *why)
{
	struct text value = {0};

	if (expand_option(x, name, &value, why) == 0)
		layers_fault(x->layers, value.len > 0 ? value.from[0] : 0, why,
			     "%s %s", name, reason);
	text_drop(&value);
	return -1;
}
