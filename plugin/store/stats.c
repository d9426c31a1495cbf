/* stats: what filters and their rules have seen, see saslban/stats.h. */
#include "saslban/stats.h"

#include "store_impl.h"

static const struct store_query forgets[] = {
	{SLOT_SOURCE_FORGET, true, "forget filters in",
	 "DELETE FROM source WHERE jail = ?1 AND loaded = 0"
	 " AND coalesce(last, 0) < ?2"},
	{SLOT_RULE_FORGET, true, "forget rules in",
	 "DELETE FROM rule WHERE jail = ?1 AND loaded = 0"
	 " AND coalesce(last, 0) < ?2"},
	{SLOT_SOURCE_UNLOAD, true, "unload filters in",
	 "UPDATE source SET loaded = 0 WHERE jail = ?1"},
	{SLOT_RULE_UNLOAD, true, "unload rules in",
	 "UPDATE rule SET loaded = 0 WHERE jail = ?1"},
};

/* ?8 is the time; NULL where nothing has happened. */
static const struct store_query add_filter_query = {
	SLOT_SOURCE_ADD, true, "count a filter's lines in",
	"INSERT INTO source (jail, filter, lines, telltales, missed, overruns,"
	"  example, first, last, matched)"
	" VALUES (?1, ?2, ?3, ?4, CASE WHEN ?5 THEN 0 ELSE ?4 END, ?6, ?7,"
	"  nullif((?3 > 0) * ?8, 0), nullif((?3 > 0) * ?8, 0),"
	"  nullif(?5 * ?8, 0))"
	" ON CONFLICT (jail, filter) DO UPDATE SET"
	"  loaded = 1, lines = lines + ?3, telltales = telltales + ?4,"
	"  missed = CASE WHEN ?5 THEN 0 ELSE missed + ?4 END,"
	"  overruns = overruns + ?6,"
	"  example = CASE WHEN ?7 = '' THEN example ELSE ?7 END,"
	"  first = coalesce(first, excluded.first),"
	"  last = coalesce(excluded.last, last),"
	"  matched = coalesce(excluded.matched, matched)"};

static const struct store_query add_rule_query = {
	SLOT_RULE_ADD, true, "count a rule's hits in",
	"INSERT INTO rule (jail, filter, name, kind, regex, hits, overruns,"
	"  first, last)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	"  nullif((?6 > 0) * ?8, 0), nullif((?6 > 0) * ?8, 0))"
	" ON CONFLICT (jail, filter, name, kind, regex) DO UPDATE SET"
	"  loaded = 1, hits = hits + ?6, overruns = overruns + ?7,"
	"  first = coalesce(first, excluded.first),"
	"  last = coalesce(excluded.last, last)"};

static const struct store_query warned_query = {
	SLOT_SOURCE_WARNED, true, "note a warning in",
	"UPDATE source SET warned = ?3 WHERE jail = ?1 AND filter = ?2"};

static const struct store_query each_filter_query = {
	SLOT_SOURCE_EACH, false, "read the filters in",
	"SELECT jail, filter, lines, telltales, missed, overruns, example,"
	" coalesce(first, 0), coalesce(last, 0), coalesce(matched, 0),"
	" coalesce(warned, 0)"
	" FROM source WHERE loaded = 1 AND (?1 = 0 OR jail = ?1)"
	" ORDER BY jail, id"};

static const struct store_query each_rule_query = {
	SLOT_RULE_EACH, false, "read the rules in",
	"SELECT jail, filter, name, kind, regex, hits, overruns,"
	" coalesce(first, 0), coalesce(last, 0)"
	" FROM rule WHERE loaded = 1 AND (?1 = 0 OR jail = ?1)"
	" ORDER BY jail, id"};

int stats_unload(struct store *s, int64_t jail, int64_t before,
		 struct fault *why)
{
	for (size_t i = 0; i < sizeof(forgets) / sizeof(forgets[0]); i++) {
		sqlite3_stmt *q = store_prepare(s, &forgets[i], why);

		if (q == NULL)
			return -1;
		sqlite3_bind_int64(q, 1, jail);
		if (sqlite3_bind_parameter_count(q) > 1)
			sqlite3_bind_int64(q, 2, before);
		if (store_run(s, &forgets[i], why) < 0)
			return -1;
	}
	return 0;
}

int stats_filter_add(struct store *s, const struct filter_stats *more,
		     int64_t now, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &add_filter_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, more->jail);
	store_bind_text(q, 2, more->filter);
	sqlite3_bind_int64(q, 3, more->lines);
	sqlite3_bind_int64(q, 4, more->unmatched);
	sqlite3_bind_int(q, 5, more->matched != 0);
	sqlite3_bind_int64(q, 6, more->overruns);
	store_bind_text(q, 7, more->example);
	sqlite3_bind_int64(q, 8, now);
	return store_run(s, &add_filter_query, why);
}

int stats_rule_add(struct store *s, const struct rule_stats *more, int64_t now,
		   struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &add_rule_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, more->jail);
	store_bind_text(q, 2, more->filter);
	store_bind_text(q, 3, more->name);
	store_bind_text(q, 4, more->kind);
	store_bind_text(q, 5, more->regex);
	sqlite3_bind_int64(q, 6, more->hits);
	sqlite3_bind_int64(q, 7, more->overruns);
	sqlite3_bind_int64(q, 8, now);
	return store_run(s, &add_rule_query, why);
}

int stats_filter_warned(struct store *s, int64_t jail, const char *filter,
			int64_t now, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &warned_query, why);

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	store_bind_text(q, 2, filter);
	sqlite3_bind_int64(q, 3, now);
	return store_run(s, &warned_query, why);
}

static void read_filter(sqlite3_stmt *q, struct filter_stats *out)
{
	out->jail = sqlite3_column_int64(q, 0);
	store_column_text(q, 1, out->filter, sizeof(out->filter));
	out->lines = sqlite3_column_int64(q, 2);
	out->unmatched = sqlite3_column_int64(q, 3);
	out->unmatched_since_match = sqlite3_column_int64(q, 4);
	out->overruns = sqlite3_column_int64(q, 5);
	store_column_text(q, 6, out->example, sizeof(out->example));
	out->first = sqlite3_column_int64(q, 7);
	out->last = sqlite3_column_int64(q, 8);
	out->matched = sqlite3_column_int64(q, 9);
	out->warned = sqlite3_column_int64(q, 10);
}

int stats_filter_each(struct store *s, int64_t jail,
		      int (*see)(void *context,
				 const struct filter_stats *filter),
		      void *context, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &each_filter_query, why);
	struct filter_stats one;
	int answer;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	while ((answer = store_step(s, &each_filter_query, why)) > 0) {
		read_filter(q, &one);
		if ((answer = see(context, &one)) != 0)
			break;
	}
	store_reset(s, &each_filter_query);
	return answer;
}

static void read_rule(sqlite3_stmt *q, struct rule_stats *out)
{
	out->jail = sqlite3_column_int64(q, 0);
	store_column_text(q, 1, out->filter, sizeof(out->filter));
	store_column_text(q, 2, out->name, sizeof(out->name));
	out->kind = (const char *)sqlite3_column_text(q, 3);
	out->regex = (const char *)sqlite3_column_text(q, 4);
	out->hits = sqlite3_column_int64(q, 5);
	out->overruns = sqlite3_column_int64(q, 6);
	out->first = sqlite3_column_int64(q, 7);
	out->last = sqlite3_column_int64(q, 8);
}

int stats_rule_each(struct store *s, int64_t jail,
		    int (*see)(void *context, const struct rule_stats *rule),
		    void *context, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &each_rule_query, why);
	struct rule_stats one;
	int answer;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	while ((answer = store_step(s, &each_rule_query, why)) > 0) {
		read_rule(q, &one);
		if (one.kind == NULL || one.regex == NULL) {
			fault_set(why, FAULT_MEMORY, "out of memory");
			answer = -1;
			break;
		}
		if ((answer = see(context, &one)) != 0)
			break;
	}
	store_reset(s, &each_rule_query);
	return answer;
}
