/*
 * entry: what is wanted of the kernel against what it holds, see
 * saslban/entry.h. Here the rows are read, and what the kernel holds is noted;
 * what is wanted is entry_want.c's.
 */
#include "saslban/entry.h"

#include <stdio.h>
#include <string.h>

#include "query.h"
#include "saslban/duration.h"
#include "sql.h"

char *entry_set(const char *base, unsigned family, char out[ENTRY_SET])
{
	snprintf(out, ENTRY_SET, "%.*s%c", SETTINGS_SET - 1, base,
		 family == ADDRESS_V6 ? '6' : '4');
	return out;
}

/* ---- reading ---- */

#define SQL_ENTRY                                                          \
	"SELECT set_name, address, wanted, held, strike, since, packets, " \
	"bytes"                                                            \
	" FROM entry WHERE set_name = ?1"

static bool is_of_set(const char *set, const struct address *a)
{
	size_t len = strlen(set);

	return len > 0 && set[len - 1] == (a->family == ADDRESS_V6 ? '6' : '4');
}

/* False when its address is none, is not written as we do, or is of another
 * family than the set: somebody edited it. */
static bool read_entry(struct statement *st, struct entry *e)
{
	column_text(st, 0, e->set, sizeof(e->set));
	e->wanted = column_end(st, 2);
	e->held = column_end(st, 3);
	e->strike = column_strike(st, 4);
	e->since = column_time(st, 5);
	e->counted.packets = column_count(st, 6);
	e->counted.bytes = column_count(st, 7);
	return column_address(st, 1, &e->address) &&
	       is_of_set(e->set, &e->address);
}

/* Rows that are no entries, before the first one that is: so many are asked
 * for and passed over. With more of them nothing seems to be due. */
enum { ODD = 64 };

/* At most limit of the rows of a statement. */
static int read_entries(struct statement *st, struct entry *out, size_t limit,
			size_t *n, struct fault *why)
{
	size_t found = 0;
	int more = 1;

	if (st == NULL)
		return -1;
	while (found < limit && (more = query_next(st, why)) > 0)
		found += read_entry(st, &out[found]);
	if (more < 0)
		return -1;
	if (more > 0)
		query_end(st);
	*n = found;
	return 0;
}

/* ---- what is due ---- */

/* clang-format off */

/* Behind the one that is held until ?2 and has the address ?3, up to those
 * that are held until ?4. */
#define SQL_BY_HELD                                        \
	" AND (held, address) > (?2, ?3) AND held <= ?4"   \
	" ORDER BY held, address LIMIT ?5"

static const struct query excess_query = {
	"look for entries to be removed in", false,
	SQL_ENTRY " AND held > wanted" SQL_BY_HELD};

static const struct query short_query = {
	"look for entries to be renewed in", false,
	SQL_ENTRY " AND held <> 0 AND held < wanted" SQL_BY_HELD};

/* Behind that of strike ?3, since ?4, address ?5; ?2 is now. What has run out
 * before it could be renewed is little, and lies in the index of the others
 * that are short. */
#define SQL_BEHIND_ABSENT \
	" AND wanted > ?2 AND (strike, since, address) < (?3, ?4, ?5)"

static const struct query absent_query = {
	"look for entries to be added in", false,
	SQL_ENTRY " AND held = 0 AND wanted <> 0" SQL_BEHIND_ABSENT
	" UNION ALL "
	SQL_ENTRY " AND held <> 0 AND held < wanted AND held <= ?2"
	SQL_BEHIND_ABSENT
	" ORDER BY strike DESC, since DESC, address DESC LIMIT ?6"};

static const struct query absent_count_query = {
	"count entries to be added in", false,
	"SELECT (SELECT count(*) FROM entry INDEXED BY entry_absent"
	"  WHERE set_name = ?1"
	"  AND held = 0 AND wanted <> 0 AND wanted > ?2) +"
	" (SELECT count(*) FROM entry WHERE set_name = ?1"
	"  AND held <> 0 AND held < wanted AND held <= ?2 AND wanted > ?2)"};

static const struct query weakest_query = {
	"look for the weakest entries in", false,
	SQL_ENTRY " AND held <> 0 AND wanted <> 0"
	" AND held > ?2 AND wanted > ?2"
	" ORDER BY strike, since, address LIMIT ?3"};

static const struct query next_short_query = {
	"look for the next renewal in", false,
	"SELECT coalesce(min(held), " SQL_FOREVER ") FROM entry"
	" WHERE set_name = ?1 AND held <> 0 AND held < wanted AND held > ?2"};

/* clang-format on */

/* Sorts behind the text of every address. */
#define BEHIND_ALL TEXT("~")

/* What has run out by now is no excess, and not short but absent. */
static struct statement *begin_by_held(struct store *s, const struct query *q,
				       const char *set, int64_t now,
				       int64_t last, const struct entry *after,
				       size_t limit, struct fault *why)
{
	bool behind = after != NULL && after->held > now;

	return query_begin(
		s, q, why,
		VALUES(TEXT(set), INT(behind ? after->held : now),
		       behind ? ADDRESS(&after->address) : BEHIND_ALL,
		       INT(last), INT((int64_t)limit + ODD)));
}

static struct statement *begin_absent(struct store *s, const char *set,
				      int64_t now, const struct entry *after,
				      size_t limit, struct fault *why)
{
	return query_begin(s, &absent_query, why,
			   VALUES(TEXT(set), INT(now),
				  INT(after ? after->strike : INT64_MAX),
				  INT(after ? after->since : INT64_MAX),
				  after ? ADDRESS(&after->address) : BEHIND_ALL,
				  INT((int64_t)limit + ODD)));
}

/* NOLINTNEXTLINE(readability-function-size): one question, in its own words */
int entry_due(struct store *s, const char *set, enum entry_due which,
	      int64_t now, int64_t horizon, const struct entry *after,
	      struct entry *out, size_t limit, size_t *n, struct fault *why)
{
	struct statement *st = NULL;

	switch (which) {
	case ENTRY_EXCESS:
		st = begin_by_held(s, &excess_query, set, now, DURATION_FOREVER,
				   after, limit, why);
		break;
	case ENTRY_SHORT:
		st = begin_by_held(s, &short_query, set, now, horizon - 1,
				   after, limit, why);
		break;
	case ENTRY_ABSENT:
		st = begin_absent(s, set, now, after, limit, why);
		break;
	}
	return read_entries(st, out, limit, n, why);
}

int entry_weakest(struct store *s, const char *set, int64_t now,
		  struct entry *out, size_t limit, size_t *n, struct fault *why)
{
	return read_entries(query_begin(s, &weakest_query, why,
					VALUES(TEXT(set), INT(now),
					       INT((int64_t)limit + ODD))),
			    out, limit, n, why);
}

int entry_next_short(struct store *s, const char *set, int64_t now,
		     int64_t *when, struct fault *why)
{
	return query_number(s, &next_short_query, why, when,
			    VALUES(TEXT(set), INT(now)));
}

/* ---- what the kernel holds ---- */

/* ?4: it counts from zero. */
static const struct query held_query = {
	"note what the kernel holds in", true,
	"INSERT INTO entry (set_name, address, held) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (set_name, address) DO UPDATE SET held = ?3,"
	" packets = iif(?4, 0, packets), bytes = iif(?4, 0, bytes)"};

static const struct query tidy_query = {
	"forget an entry in", true,
	"DELETE FROM entry WHERE set_name = ?1 AND address = ?2"
	" AND wanted = 0 AND held = 0"};

static const struct query at_large_query = {
	"note who is at large in", true,
	"UPDATE entry SET since = ?3 WHERE address = ?2"
	" AND wanted > ?3 AND held <= ?3 AND set_name ="
	"  (SELECT value FROM setting WHERE jail = ?1 AND name = 'set')"
	"  || " SQL_FAMILY("?2")};

int entry_held(struct store *s, const char *set, const struct address *a,
	       int64_t until, struct fault *why)
{
	if (query_run(s, &held_query, why,
		      VALUES(TEXT(set), ADDRESS(a), INT(until),
			     INT(until == 0))) < 0)
		return -1;
	if (until != 0)
		return 0;
	return query_run(s, &tidy_query, why, VALUES(TEXT(set), ADDRESS(a)));
}

int entry_added(struct store *s, const char *set, const struct address *a,
		int64_t until, struct fault *why)
{
	return query_run(s, &held_query, why,
			 VALUES(TEXT(set), ADDRESS(a), INT(until), INT(1)));
}

int entry_at_large(struct store *s, int64_t jail, const struct address *a,
		   int64_t now, struct fault *why)
{
	return query_run(s, &at_large_query, why,
			 VALUES(INT(jail), ADDRESS(a), INT(now)));
}

/* ---- rows ---- */

static const struct query get_query = {"read an entry in", false,
				       SQL_ENTRY " AND address = ?2"};

static const struct query each_query = {
	"read the entries in", false,
	SQL_ENTRY " AND address > ?2 ORDER BY address LIMIT ?3"};

static const struct query count_query = {
	"count entries in", false,
	"SELECT count(*) FROM entry WHERE set_name = ?1 AND held > ?2"};

static const struct query prune_query = {
	"forget entries in", true,
	"DELETE FROM entry WHERE set_name = ?1 AND address IN"
	" (SELECT address FROM entry WHERE set_name = ?1"
	"  AND max(wanted, held) <= ?2 LIMIT ?3)"};

int entry_get(struct store *s, const char *set, const struct address *a,
	      struct entry *out, bool *found, struct fault *why)
{
	struct statement *st =
		query_begin(s, &get_query, why, VALUES(TEXT(set), ADDRESS(a)));
	int more;

	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more < 0)
		return -1;
	*found = more > 0 && read_entry(st, out);
	query_end(st);
	return 0;
}

int entry_each(struct store *s, const char *set, const struct address *after,
	       size_t limit, int (*see)(void *context, const struct entry *e),
	       void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why,
			    VALUES(TEXT(set), after ? ADDRESS(after) : TEXT(""),
				   INT(limit == 0 ? -1 : (int64_t)limit)));
	struct entry e;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		if (!read_entry(st, &e))
			continue;
		if ((answer = see(context, &e)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int entry_count(struct store *s, const char *set, int64_t now, int64_t *n,
		struct fault *why)
{
	return query_number(s, &count_query, why, n,
			    VALUES(TEXT(set), INT(now)));
}

int entry_absent(struct store *s, const char *set, int64_t now, int64_t *n,
		 struct fault *why)
{
	return query_number(s, &absent_count_query, why, n,
			    VALUES(TEXT(set), INT(now)));
}

int entry_prune(struct store *s, const char *set, int64_t now, size_t limit,
		size_t *n, struct fault *why)
{
	if (query_run(s, &prune_query, why,
		      VALUES(TEXT(set), INT(now), INT((int64_t)limit))) < 0)
		return -1;
	*n = query_changes(s);
	return 0;
}
