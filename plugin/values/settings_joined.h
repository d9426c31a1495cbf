/*
 * settings_joined: entries of a list that were written as one text.
 */
#ifndef SASLBAN_VALUES_SETTINGS_JOINED_H
#define SASLBAN_VALUES_SETTINGS_JOINED_H

#include "saslban/fault.h"
#include "saslban/settings.h"

/* An entry of a list with a comma between what should be two: -1 with
 * FAULT_SETTING, which says how they are written. */
int settings_joined(const struct settings_row *row, const char *text,
		    struct fault *why);

#endif
