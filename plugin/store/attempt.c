/* attempt: see saslban/attempt.h. */
#include "saslban/attempt.h"

#include "query.h"
#include "sql.h"

static const struct query each_query = {
	"look for an account's failures in", false,
	"SELECT jail, host, " SQL_FAILURES ", min(at), max(at) FROM failure"
	" WHERE (?1 = 0 OR jail = ?1) AND user = ?2 COLLATE NOCASE"
	" GROUP BY host, jail ORDER BY max(at) DESC, host LIMIT ?3"};

int attempt_each(struct store *s, int64_t jail, const char *user, size_t limit,
		 int (*see)(void *context, const struct attempt *a),
		 void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why,
			    VALUES(INT(jail), TEXT(user),
				   INT(limit == 0 ? -1 : (int64_t)limit)));
	struct attempt a;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		a.jail = column_int(st, 0);
		a.count = column_count(st, 2);
		a.first = column_time(st, 3);
		a.last = column_time(st, 4);
		if (!column_address(st, 1, &a.host))
			continue;
		if ((answer = see(context, &a)) != 0)
			break;
	}
	query_end(st);
	return answer;
}
