/* breach: see saslban/breach.h. */
#include "saslban/breach.h"

#include "query.h"
#include "saslban/total.h"

static const struct query again_query = {
	"count a breach in", true,
	"UPDATE breach SET last = max(last, ?4), count = count + 1"
	" WHERE id = (SELECT id FROM breach WHERE jail = ?1 AND user = ?2"
	"  AND host = ?3 AND last >= ?5 ORDER BY last DESC LIMIT 1)"};

static const struct query add_query = {
	"keep a breach in", true,
	"INSERT INTO breach (jail, user, host, at, last, service, kind, why)"
	" VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)"};

static const struct query each_query = {
	"read the breaches in", false,
	"SELECT id, jail, at, last, count, user, host, service, kind, why"
	" FROM breach WHERE (?1 = 0 OR jail = ?1) AND at >= ?2"
	" ORDER BY id DESC LIMIT ?3"};

static const struct query prune_query = {
	"forget breaches in", true,
	"DELETE FROM breach WHERE jail = ?1 AND at < ?2 AND last < ?2"};

int breach_add(struct store *s, struct breach_row *b, bool *fresh,
	       struct fault *why)
{
	if (query_run(s, &again_query, why,
		      VALUES(INT(b->jail), TEXT(b->user), ADDRESS(&b->host),
			     INT(b->at), INT(b->at - BREACH_AGAIN))) < 0)
		return -1;
	*fresh = query_changes(s) == 0;
	if (!*fresh)
		return 0;
	if (total_add(s, b->jail, TOTAL_BREACHES, b->kind, 0, 1, why) < 0 ||
	    query_run(s, &add_query, why,
		      VALUES(INT(b->jail), TEXT(b->user), ADDRESS(&b->host),
			     INT(b->at), TEXT(b->service), TEXT(b->kind),
			     TEXT(b->why))) < 0)
		return -1;
	b->id = query_added(s);
	return 0;
}

int breach_each(struct store *s, int64_t jail, int64_t since, size_t limit,
		int (*see)(void *context, const struct breach_row *b),
		void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why,
			    VALUES(INT(jail), INT(since),
				   INT(limit == 0 ? -1 : (int64_t)limit)));
	struct breach_row b;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		b.id = column_int(st, 0);
		b.jail = column_int(st, 1);
		b.at = column_time(st, 2);
		b.last = column_time(st, 3);
		b.count = column_count(st, 4);
		column_text(st, 5, b.user, sizeof(b.user));
		column_text(st, 7, b.service, sizeof(b.service));
		column_text(st, 8, b.kind, sizeof(b.kind));
		column_text(st, 9, b.why, sizeof(b.why));
		if (!column_address(st, 6, &b.host))
			continue;
		if ((answer = see(context, &b)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int breach_prune(struct store *s, int64_t jail, int64_t before,
		 struct fault *why)
{
	return query_run(s, &prune_query, why, VALUES(INT(jail), INT(before)));
}
