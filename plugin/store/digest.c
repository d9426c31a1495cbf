/* digest: see saslban/digest.h. */
#include "saslban/digest.h"

#include "offense_row.h"
#include "query.h"
#include "sql.h"

/* clang-format off */

/* ?1 is the jail, ?2 and ?3 the time, ?4 what is observed. */
#define SQL_STRIKES \
	"coalesce(sum(strike = 1), 0), coalesce(sum(strike = 2), 0)," \
	" coalesce(sum(strike > 2), 0)"
#define SQL_OFFENSES_IN(o) \
	o "jail = ?1 AND " o "at >= ?2 AND " o "at < ?3 AND " \
	o "observed = ?4"

static const struct query bans_query = {
	"sum up the bans in", false,
	"SELECT count(*), count(DISTINCT address), " SQL_STRIKES
	" FROM offense WHERE " SQL_OFFENSES_IN("")};

static const struct query running_query = {
	"sum up the bans that run in", false,
	"SELECT count(*), 0, " SQL_STRIKES
	" FROM offense WHERE jail = ?1 AND observed = ?4 AND "
	SQL_RUNS("", "?2")};

static const struct query worst_query = {
	"read the worst offenses in", false,
	SQL_OFFENSE " WHERE " SQL_OFFENSES_IN("o.") " AND o.strike > 2"
	" ORDER BY o.at DESC LIMIT ?5"};

static const struct query failures_query = {
	"sum up the failures in", false,
	"SELECT " SQL_FAILURES " FROM failure"
	" WHERE jail = ?1 AND at >= ?2 AND at < ?3"};

/* No index has all of it: so it is of the latest rows. */
#define SQL_LATEST(column) \
	" FROM (SELECT " column " AS name, count, address FROM failure" \
	"  WHERE jail = ?1 AND at >= ?2 AND at < ?3" \
	"   AND verdict IN ('counted', 'grace') AND " column " <> ''" \
	"  ORDER BY at DESC LIMIT 200000)" \
	" GROUP BY 1 ORDER BY "
#define SQL_OF_ONE(column) \
	" FROM (SELECT " column " AS name, count, address FROM failure" \
	"  WHERE lo BETWEEN ?1 AND ?2 AND " column " <> ''" \
	"  ORDER BY lo DESC, at DESC LIMIT 10000)" \
	" GROUP BY 1 ORDER BY "
#define SQL_USERS \
	"SELECT lower(name), " SQL_FAILURES ", count(DISTINCT address)"
#define SQL_SERVICES "SELECT name, " SQL_FAILURES ", 0"

_Static_assert(DIGEST_FAILURES == 200000 && DIGEST_OF_ONE == 10000,
	       "as the statements say");

static const struct query names_query[] = {
	[DIGEST_USERS] = {
		"sum up the accounts in", false,
		SQL_USERS SQL_LATEST("user") "3 DESC, 2 DESC, 1 LIMIT ?4"},
	[DIGEST_SERVICES] = {
		"sum up the services in", false,
		SQL_SERVICES SQL_LATEST("service") "2 DESC, 1 LIMIT ?4"},
};

static const struct query names_of_query[] = {
	[DIGEST_USERS] = {
		"sum up the accounts of an address in", false,
		SQL_USERS SQL_OF_ONE("user") "2 DESC, 1 LIMIT ?3"},
	[DIGEST_SERVICES] = {
		"sum up the services of an address in", false,
		SQL_SERVICES SQL_OF_ONE("service") "2 DESC, 1 LIMIT ?3"},
};

static const struct query address_query = {
	"sum up an address in", false,
	"SELECT " SQL_FAILURES ", count(DISTINCT nullif(lower(user), '')),"
	" min(at), max(at)"
	" FROM (SELECT count, user, at FROM failure"
	"  WHERE lo BETWEEN ?1 AND ?2"
	"  ORDER BY lo DESC, at DESC LIMIT 10000)"};

/* clang-format on */

static int read_bans(struct store *s, const struct query *q,
		     const struct digest_time *t, struct digest_bans *out,
		     struct fault *why)
{
	struct statement *st =
		query_begin(s, q, why,
			    VALUES(INT(t->jail), INT(t->from), INT(t->to),
				   INT(t->observed)));
	int answer;

	*out = (struct digest_bans){.bans = 0};
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	if (answer > 0) {
		out->bans = column_count(st, 0);
		out->addresses = column_count(st, 1);
		for (int i = 0; i < DIGEST_STRIKES; i++)
			out->strike[i] = column_count(st, 2 + i);
	}
	query_end(st);
	return 0;
}

int digest_bans(struct store *s, const struct digest_time *t,
		struct digest_bans *out, struct fault *why)
{
	return read_bans(s, &bans_query, t, out, why);
}

int digest_running(struct store *s, int64_t jail, bool observed, int64_t now,
		   struct digest_bans *out, struct fault *why)
{
	const struct digest_time t = {jail, observed, now, now};

	return read_bans(s, &running_query, &t, out, why);
}

int digest_failures(struct store *s, const struct digest_time *t, int64_t *n,
		    struct fault *why)
{
	return query_number(s, &failures_query, why, n,
			    VALUES(INT(t->jail), INT(t->from), INT(t->to)));
}

int digest_worst(struct store *s, const struct digest_time *t, size_t limit,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why)
{
	return offense_rows(
		query_begin(s, &worst_query, why,
			    VALUES(INT(t->jail), INT(t->from), INT(t->to),
				   INT(t->observed), INT((int64_t)limit))),
		see, context, why);
}

static int read_names(struct statement *st,
		      int (*see)(void *context, const struct digest_name *n),
		      void *context, struct fault *why)
{
	struct digest_name n;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		column_text(st, 0, n.name, sizeof(n.name));
		n.failures = column_count(st, 1);
		n.addresses = column_count(st, 2);
		if ((answer = see(context, &n)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int digest_names(struct store *s, enum digest_by by,
		 const struct digest_time *t, size_t limit,
		 int (*see)(void *context, const struct digest_name *n),
		 void *context, struct fault *why)
{
	return read_names(query_begin(s, &names_query[by], why,
				      VALUES(INT(t->jail), INT(t->from),
					     INT(t->to), INT((int64_t)limit))),
			  see, context, why);
}

int digest_names_of(struct store *s, enum digest_by by, const struct address *a,
		    size_t limit,
		    int (*see)(void *context, const struct digest_name *n),
		    void *context, struct fault *why)
{
	return read_names(
		query_begin(s, &names_of_query[by], why,
			    VALUES(FIRST(a), LAST(a), INT((int64_t)limit))),
		see, context, why);
}

int digest_address(struct store *s, const struct address *a,
		   struct digest_address *out, struct fault *why)
{
	struct statement *st =
		query_begin(s, &address_query, why, VALUES(FIRST(a), LAST(a)));
	int answer;

	*out = (struct digest_address){.failures = 0};
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	if (answer > 0) {
		out->failures = column_count(st, 0);
		out->users = column_count(st, 1);
		out->first = column_time(st, 2);
		out->last = column_time(st, 3);
	}
	query_end(st);
	return 0;
}
