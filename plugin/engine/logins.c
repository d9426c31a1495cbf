/* logins: see logins.h. */
#include "logins.h"

#include <string.h>

#include "saslban/jail.h"

bool logins_add(struct logins *l, const struct login *login)
{
	for (size_t i = 0; i < l->n; i++) {
		struct login *row = &l->row[i];

		if (strcmp(row->user, login->user) != 0 ||
		    !address_equal(&row->address, &login->address))
			continue;
		if (login->last > row->last)
			row->last = login->last;
		return true;
	}
	if (l->n == LOGINS_MOST)
		return false;
	l->row[l->n++] = *login;
	return true;
}

int64_t logins_due(const struct logins *l)
{
	return l->since == 0 ? INT64_MAX : l->since + LOGINS_WAIT;
}

int logins_write(const struct logins *l, struct store *s, int64_t jail,
		 struct fault *why)
{
	for (size_t i = 0; i < l->n; i++)
		if (login_put(s, &l->row[i], why) < 0)
			return -1;
	if (l->last == 0)
		return 0;
	return jail_logged_in(s, jail, l->last, why);
}

void logins_done(struct logins *l)
{
	l->n = 0;
	l->last = 0;
	l->since = 0;
}
