/* stats: what filters and their rules have seen, see saslban/stats.h. */
#include "saslban/stats.h"

#include "query.h"
#include "sql.h"

/* clang-format off */

static const struct query forget_filters_query = {
	"forget filters in", true,
	"DELETE FROM filter WHERE jail = ?1 AND loaded = 0"
	" AND coalesce(last, 0) < ?2"};

static const struct query forget_rules_query = {
	"forget rules in", true,
	"DELETE FROM rule WHERE jail = ?1 AND loaded = 0"
	" AND coalesce(last, 0) < ?2"};

static const struct query unload_filters_query = {
	"unload filters in", true,
	"UPDATE filter SET loaded = 0 WHERE jail = ?1"};

static const struct query unload_rules_query = {
	"unload rules in", true,
	"UPDATE rule SET loaded = 0 WHERE jail = ?1"};

/* ?8 is the time; NULL where nothing has happened. */
static const struct query add_filter_query = {
	"count a filter's lines in", true,
	"INSERT INTO filter (jail, name, lines, unmatched,"
	"  unmatched_since_match, overruns, example, first, last, matched,"
	"  ambiguous, orphans)"
	" VALUES (?1, ?2, ?3, ?4, iif(?5, 0, ?4), ?6, ?7,"
	"  nullif((?3 > 0) * ?8, 0), nullif((?3 > 0) * ?8, 0),"
	"  nullif(?5 * ?8, 0), ?9, ?10)"
	" ON CONFLICT (jail, name) DO UPDATE SET"
	"  loaded = 1,"
	"  lines = " SQL_COUNT("lines") " + ?3,"
	"  unmatched = " SQL_COUNT("unmatched") " + ?4,"
	"  unmatched_since_match ="
	"   iif(?5, 0, " SQL_COUNT("unmatched_since_match") " + ?4),"
	"  ambiguous = " SQL_COUNT("ambiguous") " + ?9,"
	"  orphans = " SQL_COUNT("orphans") " + ?10,"
	"  overruns = " SQL_COUNT("overruns") " + ?6,"
	"  example = iif(?7 = '', example, ?7),"
	"  first = coalesce(first, excluded.first),"
	"  last = coalesce(excluded.last, last),"
	"  matched = coalesce(excluded.matched, matched)"};

static const struct query add_rule_query = {
	"count a rule's hits in", true,
	"INSERT INTO rule (jail, filter, name, kind, regex, hits, overruns,"
	"  first, last)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	"  nullif((?6 > 0) * ?8, 0), nullif((?6 > 0) * ?8, 0))"
	" ON CONFLICT (jail, filter, name, kind, regex) DO UPDATE SET"
	"  loaded = 1,"
	"  hits = " SQL_COUNT("hits") " + ?6,"
	"  overruns = " SQL_COUNT("overruns") " + ?7,"
	"  first = coalesce(first, excluded.first),"
	"  last = coalesce(excluded.last, last)"};

static const struct query warned_query = {
	"note a warning in", true,
	"UPDATE filter SET warned = ?3 WHERE jail = ?1 AND name = ?2"};

static const struct query each_filter_query = {
	"read the filters in", false,
	"SELECT jail, name, lines, unmatched, unmatched_since_match, overruns,"
	" example, coalesce(first, 0), coalesce(last, 0), coalesce(matched, 0),"
	" coalesce(warned, 0), ambiguous, orphans"
	" FROM filter WHERE loaded = 1 AND (?1 = 0 OR jail = ?1)"
	" ORDER BY jail, id"};

static const struct query each_rule_query = {
	"read the rules in", false,
	"SELECT jail, filter, name, kind, regex, hits, overruns,"
	" coalesce(first, 0), coalesce(last, 0)"
	" FROM rule WHERE loaded = 1 AND (?1 = 0 OR jail = ?1)"
	" ORDER BY jail, id"};

/* clang-format on */

int stats_unload(struct store *s, int64_t jail, int64_t before,
		 struct fault *why)
{
	if (query_run(s, &forget_filters_query, why,
		      VALUES(INT(jail), INT(before))) < 0 ||
	    query_run(s, &forget_rules_query, why,
		      VALUES(INT(jail), INT(before))) < 0 ||
	    query_run(s, &unload_filters_query, why, VALUES(INT(jail))) < 0)
		return -1;
	return query_run(s, &unload_rules_query, why, VALUES(INT(jail)));
}

int stats_filter_add(struct store *s, const struct filter_stats *more,
		     int64_t now, struct fault *why)
{
	return query_run(s, &add_filter_query, why,
			 VALUES(INT(more->jail), TEXT(more->filter),
				INT(more->lines), INT(more->unmatched),
				INT(more->matched != 0), INT(more->overruns),
				TEXT(more->example), INT(now),
				INT(more->ambiguous), INT(more->orphans)));
}

int stats_rule_add(struct store *s, const struct rule_stats *more, int64_t now,
		   struct fault *why)
{
	return query_run(s, &add_rule_query, why,
			 VALUES(INT(more->jail), TEXT(more->filter),
				TEXT(more->name), TEXT(more->kind),
				TEXT(more->regex), INT(more->hits),
				INT(more->overruns), INT(now)));
}

int stats_filter_warned(struct store *s, int64_t jail, const char *filter,
			int64_t now, struct fault *why)
{
	return query_run(s, &warned_query, why,
			 VALUES(INT(jail), TEXT(filter), INT(now)));
}

static void read_filter(struct statement *st, struct filter_stats *out)
{
	out->jail = column_int(st, 0);
	column_text(st, 1, out->filter, sizeof(out->filter));
	out->lines = column_count(st, 2);
	out->unmatched = column_count(st, 3);
	out->unmatched_since_match = column_count(st, 4);
	out->overruns = column_count(st, 5);
	column_text(st, 6, out->example, sizeof(out->example));
	out->first = column_time(st, 7);
	out->last = column_time(st, 8);
	out->matched = column_time(st, 9);
	out->warned = column_time(st, 10);
	out->ambiguous = column_count(st, 11);
	out->orphans = column_count(st, 12);
}

int stats_filter_each(struct store *s, int64_t jail,
		      int (*see)(void *context,
				 const struct filter_stats *filter),
		      void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_filter_query, why, VALUES(INT(jail)));
	struct filter_stats one;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		read_filter(st, &one);
		if ((answer = see(context, &one)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

static void read_rule(struct statement *st, struct rule_stats *out)
{
	out->jail = column_int(st, 0);
	column_text(st, 1, out->filter, sizeof(out->filter));
	column_text(st, 2, out->name, sizeof(out->name));
	out->kind = column_borrow(st, 3);
	out->regex = column_borrow(st, 4);
	out->hits = column_count(st, 5);
	out->overruns = column_count(st, 6);
	out->first = column_time(st, 7);
	out->last = column_time(st, 8);
}

int stats_rule_each(struct store *s, int64_t jail,
		    int (*see)(void *context, const struct rule_stats *rule),
		    void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_rule_query, why, VALUES(INT(jail)));
	struct rule_stats one;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		read_rule(st, &one);
		if (one.kind == NULL || one.regex == NULL) {
			fault_set(why, FAULT_MEMORY, "out of memory");
			answer = -1;
			break;
		}
		if ((answer = see(context, &one)) != 0)
			break;
	}
	query_end(st);
	return answer;
}
