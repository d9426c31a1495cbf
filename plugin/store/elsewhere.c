/* elsewhere: see saslban/elsewhere.h. */
#include "saslban/elsewhere.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "file.h"
#include "query.h"
#include "saslban/duration.h"

enum {
	TEXT = 256,        /* bytes of a text, with NUL */
	LONGEST = 1 << 24, /* bytes of a value, or of a row, that are read */
	DAYS = 36500       /* that a ban may last; a longer one does for ever */
};

/* clang-format off */

/* `bans` has each ban for as long as dbpurgeage says, `bips` the latest one of
 * each address until it is over: that may be in both. */
static const struct query bans_query = {
	"read the bans in", false,
	"SELECT jail, ip, CAST(timeofban AS INTEGER), CAST(bantime AS INTEGER),"
	" max(CAST(bancount AS INTEGER)), max(failures) FROM"
	" (SELECT substr(jail, 1, 255) AS jail, substr(ip, 1, 255) AS ip,"
	"   timeofban, bantime, bancount,"
	"   CASE WHEN typeof(data) = 'text' AND length(data) < 1000000"
	"    AND json_valid(data)"
	"    THEN CAST(json_extract(data, '$.failures') AS INTEGER) END"
	"   AS failures"
	"  FROM (SELECT jail, ip, timeofban, bantime, bancount, data FROM bans"
	"   UNION ALL"
	"   SELECT jail, ip, timeofban, bantime, bancount, data FROM bips))"
	" GROUP BY jail, ip, timeofban ORDER BY timeofban, jail, ip"};

static const struct query tables_query = {
	"read the tables in", false,
	"SELECT count(*) FROM sqlite_master"
	" WHERE type = 'table' AND name IN ('bans', 'bips')"};

/* clang-format on */

static void read_ban(struct statement *st, struct elsewhere_ban *b,
		     char jail[TEXT], char address[TEXT])
{
	int64_t length = column_int(st, 3);

	column_text(st, 0, jail, TEXT);
	column_text(st, 1, address, TEXT);
	b->jail = jail;
	b->address = address;
	b->at = column_int(st, 2);
	if (b->at < 1 || b->at > STORE_LAST)
		b->at = 0;
	if (length < 0 || length > (int64_t)DAYS * 86400)
		b->until = DURATION_FOREVER;
	else
		b->until = b->at + length;
	b->count = column_count(st, 4);
	if (b->count < 1)
		b->count = 1;
	b->failures = column_count(st, 5);
}

static int read_bans(struct store *s,
		     int (*see)(void *context, const struct elsewhere_ban *b),
		     void *context, struct fault *why)
{
	char jail[TEXT], address[TEXT];
	struct elsewhere_ban b;
	struct statement *st;
	int64_t tables;
	int answer;

	if (query_number(s, &tables_query, why, &tables, NO_VALUES) < 0)
		return -1;
	if (tables < 2)
		return fault_set(why, FAULT_FOREIGN,
				 "'%s' is a database, but not one of fail2ban: "
				 "it has no tables 'bans' and 'bips'",
				 s->path);
	st = query_begin(s, &bans_query, why, NO_VALUES);
	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		read_ban(st, &b, jail, address);
		if ((answer = see(context, &b)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

static int open_it(struct store *s, struct fault *why)
{
	if (file_is_regular(s->path, why) < 0)
		return -1;
	if (sqlite3_open_v2(s->path, &s->db,
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return connection_refused(s, "open", why);
	connection_init(s);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, LONGEST);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return connection_exec(s, "open", "PRAGMA temp_store = MEMORY", why);
}

int elsewhere_each(const char *path,
		   int (*see)(void *context, const struct elsewhere_ban *b),
		   void *context, struct fault *why)
{
	struct store *s;
	int result;

	if (strlen(path) >= sizeof(s->path))
		return fault_set(why, FAULT_STORE,
				 "cannot open '%s': the path is too long",
				 path);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	memcpy(s->path, path, strlen(path) + 1);
	result = open_it(s, why);
	if (result == 0)
		result = read_bans(s, see, context, why);
	for (size_t i = 0; i < s->statements; i++)
		sqlite3_finalize(s->statement[i].prepared);
	sqlite3_close(s->db);
	free(s);
	return result;
}
