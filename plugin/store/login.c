/* login: who logged in from where, see saslban/login.h. */
#include "saslban/login.h"

#include "query.h"

static const struct query put_query = {
	"keep a login in", true,
	"INSERT INTO login (address, user, first, last, lo)"
	" VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT (address, user) DO UPDATE SET"
	" first = min(first, excluded.first), last = max(last, excluded.last)"};

#define SQL_LOGIN "SELECT address, user, first, last FROM login"

/* The latest ones, turned round. */
static const struct query each_query = {
	"read the logins in", false,
	"SELECT * FROM (" SQL_LOGIN " WHERE last >= ?1"
	" ORDER BY last DESC LIMIT ?2) ORDER BY last"};

static const struct query address_query = {
	"read the logins in", false,
	SQL_LOGIN " WHERE lo BETWEEN ?1 AND ?2 ORDER BY last DESC LIMIT ?3"};

static const struct query user_query = {
	"read the logins in", false,
	SQL_LOGIN " WHERE user = ?1 ORDER BY last DESC LIMIT ?2"};

static const struct query learning_query = {
	"note what was learned in", true,
	"INSERT INTO learning (at, pairs) VALUES (?1, ?2)"};

static const struct query learnings_query = {
	"read what was learned in", false,
	"SELECT coalesce(max(rowid), 0) FROM learning"};

static const struct query count_query = {"count the logins in", false,
					 "SELECT count(*) FROM login"};

static const struct query forget_query = {
	"forget a login in", true,
	"DELETE FROM login WHERE address = ?1 AND user = ?2"};

static const struct query prune_query = {
	"forget logins in", true,
	"DELETE FROM login WHERE (address, user) IN"
	" (SELECT address, user FROM login WHERE last < ?1"
	"  ORDER BY last LIMIT ?2)"};

static const struct query crowd_query = {
	"forget logins in", true,
	"DELETE FROM login WHERE (address, user) IN"
	" (SELECT address, user FROM login ORDER BY last"
	"  LIMIT max(0, min(?2, (SELECT count(*) FROM login) - ?1)))"};

int login_put(struct store *s, const struct login *l, struct fault *why)
{
	return query_run(s, &put_query, why,
			 VALUES(ADDRESS(&l->address), TEXT(l->user),
				INT(l->first), INT(l->last),
				FIRST(&l->address)));
}

static int read_logins(struct statement *st,
		       int (*see)(void *context, const struct login *l),
		       void *context, struct fault *why)
{
	struct login l;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		column_text(st, 1, l.user, sizeof(l.user));
		l.first = column_time(st, 2);
		l.last = column_time(st, 3);
		if (!column_address(st, 0, &l.address))
			continue;
		if ((answer = see(context, &l)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

static struct value most(size_t limit)
{
	return INT(limit == 0 ? -1 : (int64_t)limit);
}

int login_each(struct store *s, int64_t since, size_t limit,
	       int (*see)(void *context, const struct login *l), void *context,
	       struct fault *why)
{
	return read_logins(query_begin(s, &each_query, why,
				       VALUES(INT(since), most(limit))),
			   see, context, why);
}

int login_of_address(struct store *s, const struct address *a, size_t limit,
		     int (*see)(void *context, const struct login *l),
		     void *context, struct fault *why)
{
	return read_logins(query_begin(s, &address_query, why,
				       VALUES(FIRST(a), LAST(a), most(limit))),
			   see, context, why);
}

int login_of_user(struct store *s, const char *user, size_t limit,
		  int (*see)(void *context, const struct login *l),
		  void *context, struct fault *why)
{
	return read_logins(query_begin(s, &user_query, why,
				       VALUES(TEXT(user), most(limit))),
			   see, context, why);
}

int login_count(struct store *s, int64_t *n, struct fault *why)
{
	return query_number(s, &count_query, why, n, NO_VALUES);
}

int login_prune(struct store *s, int64_t before, size_t limit, size_t *n,
		struct fault *why)
{
	if (query_run(s, &prune_query, why,
		      VALUES(INT(before), INT((int64_t)limit))) < 0)
		return -1;
	*n = query_changes(s);
	if (query_run(s, &crowd_query, why,
		      VALUES(INT(LOGIN_MOST), INT((int64_t)limit))) < 0)
		return -1;
	*n += query_changes(s);
	return 0;
}

int login_forget(struct store *s, const struct address *a, const char *user,
		 struct fault *why)
{
	return query_run(s, &forget_query, why, VALUES(ADDRESS(a), TEXT(user)));
}

int login_learning_add(struct store *s, int64_t now, int64_t pairs,
		       struct fault *why)
{
	return query_run(s, &learning_query, why, VALUES(INT(now), INT(pairs)));
}

int login_learnings(struct store *s, int64_t *n, struct fault *why)
{
	return query_number(s, &learnings_query, why, n, NO_VALUES);
}
