/* adopt: see saslban/adopt.h. */
#include "saslban/adopt.h"

#include "query.h"
#include "saslban/duration.h"
#include "sql.h"

/* clang-format off */

static const struct query known_query = {
	"look for an offense in", false,
	"SELECT count(*) FROM offense"
	" WHERE address = ?1 AND jail = ?2 AND at = ?3"
	" AND " SQL_UNTIL("") " = ?4"};

static const struct query open_query = {
	"look for a running ban in", false,
	"SELECT at, " SQL_UNTIL("") " FROM offense"
	" WHERE address = ?1 AND jail = ?2 AND observed = 0"
	" AND " SQL_RUNS("", "?3")};

static const struct query counted_query = {
	"note what was dropped in", true,
	"UPDATE offense SET packets = ?2, bytes = ?3 WHERE id = ?1"};

/* clang-format on */

static int add(struct store *s, struct offense *o, struct fault *why)
{
	if (offense_add(s, o, why) < 0)
		return -1;
	if (dropped_none(&o->dropped))
		return 0;
	return query_run(s, &counted_query, why,
			 VALUES(INT(o->id), INT(o->dropped.packets),
				INT(o->dropped.bytes)));
}

/* The ban of its address that runs at that time: *until, or 0. */
static int find_open(struct store *s, const struct offense *o, int64_t at,
		     int64_t *since, int64_t *until, struct fault *why)
{
	struct statement *st = query_begin(
		s, &open_query, why,
		VALUES(ADDRESS(&o->address), INT(o->jail), INT(at)));
	int found;

	*since = *until = 0;
	if (st == NULL)
		return -1;
	found = query_next(st, why);
	if (found <= 0)
		return found;
	*since = column_time(st, 0);
	*until = column_end(st, 1);
	query_end(st);
	return 0;
}

int offense_adopt(struct store *s, struct offense *o, enum adopted *out,
		  struct fault *why)
{
	int64_t known, since, until;

	*out = ADOPT_KNOWN;
	if (query_number(s, &known_query, why, &known,
			 VALUES(ADDRESS(&o->address), INT(o->jail), INT(o->at),
				INT(o->until))) < 0)
		return -1;
	if (known > 0)
		return 0;
	*out = ADOPT_NEW;
	if (o->ended == 0 && o->lifted == 0 && !o->observed) {
		if (find_open(s, o, o->at, &since, &until, why) < 0)
			return -1;
		if (until >= o->until) {
			*out = ADOPT_SHORTER;
			o->ended = since > o->at ? since : o->at;
		}
	}
	return add(s, o, why);
}

int offense_adopt_now(struct store *s, struct offense *o, enum adopted *out,
		      struct fault *why)
{
	int64_t since, until;

	*out = ADOPT_KNOWN;
	if (find_open(s, o, o->at, &since, &until, why) < 0)
		return -1;
	if (until != 0)
		return 0;
	*out = ADOPT_NEW;
	return add(s, o, why);
}
