/* logins: see logins.h. */
#include "logins.h"

#include <string.h>

#include "saslban/jail.h"

/* Its number, or n. */
static size_t find(const struct logins *l, const struct address *a,
		   const char *user)
{
	size_t i = 0;

	while (i < l->n && (strcmp(l->row[i].user, user) != 0 ||
			    !address_equal(&l->row[i].address, a)))
		i++;
	return i;
}

bool logins_add(struct logins *l, const struct login *login)
{
	size_t i = find(l, &login->address, login->user);

	if (i == LOGINS_MOST)
		return false;
	if (i == l->n)
		l->row[l->n++] = *login;
	else if (login->last > l->row[i].last)
		l->row[i].last = login->last;
	return true;
}

void logins_drop(struct logins *l, const struct address *a, const char *user)
{
	size_t i = find(l, a, user);

	if (i < l->n)
		l->row[i] = l->row[--l->n];
}

void logins_trouble(struct logins *l, int64_t at, int64_t boot)
{
	if (at > l->trouble)
		l->trouble = at;
	if (l->since == 0)
		l->since = boot;
}

bool logins_wait(const struct logins *l)
{
	return l->n > 0 || l->last != 0 || l->trouble != 0;
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
	if (l->last != 0 && jail_logged_in(s, jail, l->last, why) < 0)
		return -1;
	return l->trouble == 0 ? 0 : jail_in_trouble(s, jail, l->trouble, why);
}

void logins_done(struct logins *l)
{
	l->n = 0;
	l->last = l->trouble = 0;
	l->since = 0;
}
