/* outage: see saslban/outage.h. */
#include "saslban/outage.h"

#include "query.h"
#include "saslban/total.h"

static const struct query begin_query = {
	"keep an outage in", true,
	"INSERT INTO outage (jail, since, opened, why)"
	" VALUES (?1, ?2, ?3, ?4)"};

static const struct query login_query = {
	"note a login in an outage in", true,
	"UPDATE outage SET login = ?2 WHERE jail = ?1 AND closed IS NULL"
	" AND login = ''"};

static const struct query end_query = {
	"end an outage in", true,
	"UPDATE outage SET closed = ?2 WHERE jail = ?1 AND closed IS NULL"};

static const struct query each_query = {
	"read the outages in", false,
	"SELECT jail, since, opened, coalesce(closed, 0), why, login"
	" FROM outage"
	" WHERE ?1 = 0 OR jail = ?1 ORDER BY id DESC LIMIT ?2"};

int outage_begin(struct store *s, const struct outage_row *o, struct fault *why)
{
	if (outage_end(s, o->jail, o->opened, why) < 0 ||
	    total_add(s, o->jail, TOTAL_OUTAGES, "", 0, 1, why) < 0)
		return -1;
	return query_run(s, &begin_query, why,
			 VALUES(INT(o->jail), INT(o->since), INT(o->opened),
				TEXT(o->why)));
}

int outage_login(struct store *s, int64_t jail, const char *user,
		 struct fault *why)
{
	return query_run(s, &login_query, why, VALUES(INT(jail), TEXT(user)));
}

int outage_end(struct store *s, int64_t jail, int64_t now, struct fault *why)
{
	return query_run(s, &end_query, why, VALUES(INT(jail), INT(now)));
}

int outage_each(struct store *s, int64_t jail, size_t limit,
		int (*see)(void *context, const struct outage_row *o),
		void *context, struct fault *why)
{
	struct statement *st = query_begin(
		s, &each_query, why,
		VALUES(INT(jail), INT(limit == 0 ? -1 : (int64_t)limit)));
	struct outage_row o;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		o.jail = column_int(st, 0);
		o.since = column_time(st, 1);
		o.opened = column_time(st, 2);
		o.closed = column_time(st, 3);
		column_text(st, 4, o.why, sizeof(o.why));
		column_text(st, 5, o.login, sizeof(o.login));
		if ((answer = see(context, &o)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

static const struct query prune_query = {
	"forget outages in", true,
	"DELETE FROM outage WHERE jail = ?1 AND closed < ?2"};

int outage_prune(struct store *s, int64_t jail, int64_t before,
		 struct fault *why)
{
	return query_run(s, &prune_query, why, VALUES(INT(jail), INT(before)));
}
