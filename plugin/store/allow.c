/* allow: who is not to be banned, see saslban/allow.h. */
#include "saslban/allow.h"

#include "query.h"
#include "sql.h"

/* clang-format off */

static const struct query put_query = {
	"allow an address in", true,
	"INSERT OR REPLACE INTO allow (address, comment, \"by\", at, until)"
	" VALUES (?1, ?2, ?3, ?4, nullif(?5, " SQL_FOREVER "))"};

static const struct query delete_query = {
	"take an address from the allow list in", true,
	"DELETE FROM allow WHERE address = ?1"};

static const struct query each_query = {
	"read the allow list in", false,
	"SELECT address, comment, \"by\", at, " SQL_UNTIL("") " FROM allow"
	" WHERE until IS NULL OR until > ?1 ORDER BY at DESC, address"};

static const struct query prune_query = {
	"forget who was allowed in", true,
	"DELETE FROM allow WHERE address IN"
	" (SELECT address FROM allow WHERE until <= ?1 LIMIT ?2)"};

/* clang-format on */

int allow_put(struct store *s, const struct allow *a, struct fault *why)
{
	return query_run(s, &put_query, why,
			 VALUES(ADDRESS(&a->address), TEXT(a->comment),
				TEXT(a->by), INT(a->at), INT(a->until)));
}

int allow_delete(struct store *s, const struct address *a, size_t *n,
		 struct fault *why)
{
	if (query_run(s, &delete_query, why, VALUES(ADDRESS(a))) < 0)
		return -1;
	*n = query_changes(s);
	return 0;
}

int allow_each(struct store *s, int64_t now,
	       int (*see)(void *context, const struct allow *a), void *context,
	       struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why, VALUES(INT(now)));
	struct allow a;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		if (!column_address(st, 0, &a.address))
			continue;
		column_text(st, 1, a.comment, sizeof(a.comment));
		column_text(st, 2, a.by, sizeof(a.by));
		a.at = column_time(st, 3);
		a.until = column_end(st, 4);
		answer = see(context, &a);
		if (answer != 0)
			break;
	}
	query_end(st);
	return answer;
}

int allow_prune(struct store *s, int64_t now, size_t limit, size_t *n,
		struct fault *why)
{
	if (query_run(s, &prune_query, why,
		      VALUES(INT(now), INT((int64_t)limit))) < 0)
		return -1;
	*n = query_changes(s);
	return 0;
}
