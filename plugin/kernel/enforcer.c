/* enforcer: see saslban/enforcer.h. Pure. */
#include "saslban/enforcer.h"

#include <stdio.h>

enum enforcer_set enforcer_set_of(const struct address *a)
{
	return a->family == ADDRESS_V6 ? ENFORCER_V6 : ENFORCER_V4;
}

char *enforcer_set_name(const char *base, enum enforcer_set set,
			char out[ENFORCER_NAME])
{
	snprintf(out, ENFORCER_NAME, "%.*s%c", ENFORCER_NAME - 2, base,
		 set == ENFORCER_V6 ? '6' : '4');
	return out;
}
