/* person: see person.h. */
#include "person.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *person_name(char *buf, size_t size)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user;

	if (sudo != NULL && sudo[0] != '\0') {
		snprintf(buf, size, "%s", sudo);
		return buf;
	}
	user = getpwuid(getuid());
	if (user != NULL)
		snprintf(buf, size, "%s", user->pw_name);
	else
		snprintf(buf, size, "uid %lu", (unsigned long)getuid());
	return buf;
}
