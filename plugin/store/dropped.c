/* dropped: see saslban/dropped.h. */
#include "saslban/dropped.h"

#include <inttypes.h>
#include <stdio.h>

#include "query.h"
#include "saslban/enforcer.h"
#include "saslban/plural.h"
#include "saslban/total.h"
#include "sql.h"

/* clang-format off */

static const struct query entry_query = {
	"note what an entry has counted in", true,
	"UPDATE entry SET packets = ?3, bytes = ?4"
	" WHERE set_name = ?1 AND address = ?2"};

/* The last letter of the kernel's name is the family's. */
static const struct query bans_query = {
	"count what was dropped in", true,
	"UPDATE offense SET packets = " SQL_COUNT("packets") " + ?3,"
	" bytes = " SQL_COUNT("bytes") " + ?4"
	" WHERE address = ?2 AND observed = 0 AND " SQL_OPEN("")
	" AND jail IN " SQL_JAILS_OF("substr(?1, 1, length(?1) - 1)")};

/* clang-format on */

static int64_t counted(uint64_t n)
{
	return n < COLUMN_COUNT ? (int64_t)n : COLUMN_COUNT;
}

struct dropped dropped_seen(const struct set_entry *entry)
{
	return (struct dropped){counted(entry->packets), counted(entry->bytes)};
}

bool dropped_none(const struct dropped *d)
{
	return d->packets == 0 && d->bytes == 0;
}

struct dropped dropped_since(const struct dropped *now,
			     const struct dropped *before)
{
	if (now->packets < before->packets || now->bytes < before->bytes)
		return (struct dropped){0, 0};
	return (struct dropped){now->packets - before->packets,
				now->bytes - before->bytes};
}

/* Each is at most COLUMN_COUNT, so that the sum fits. */
void dropped_add(struct dropped *to, const struct dropped *more)
{
	to->packets = counted((uint64_t)(to->packets + more->packets));
	to->bytes = counted((uint64_t)(to->bytes + more->bytes));
}

/* Two digits at least, and no more than are of use. */
static void print_size(int64_t bytes, char *buf, size_t size)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	size_t unit = 0;
	int64_t rest = 0;

	for (; bytes >= 1000 && unit < sizeof(units) / sizeof(units[0]) - 1;
	     unit++) {
		rest = bytes % 1000 / 100;
		bytes /= 1000;
	}
	if (unit > 0 && bytes < 10)
		snprintf(buf, size, "%" PRId64 ".%" PRId64 " %s", bytes, rest,
			 units[unit]);
	else
		snprintf(buf, size, "%" PRId64 " %s", bytes, units[unit]);
}

char *dropped_print(const struct dropped *d, char buf[DROPPED_TEXT])
{
	char bytes[32];

	print_size(d->bytes, bytes, sizeof(bytes));
	snprintf(buf, DROPPED_TEXT, "%" PRId64 " packet%s (%s)", d->packets,
		 plural(d->packets), bytes);
	return buf;
}

int dropped_note(struct store *s, const char *set, const struct address *a,
		 const struct dropped *now, const struct dropped *more,
		 struct fault *why)
{
	if (query_run(s, &entry_query, why,
		      VALUES(TEXT(set), ADDRESS(a), INT(now->packets),
			     INT(now->bytes))) < 0)
		return -1;
	if (dropped_none(more))
		return 0;
	if (total_add(s, 0, TOTAL_PACKETS, set, 0, (uint64_t)more->packets,
		      why) < 0 ||
	    total_add(s, 0, TOTAL_BYTES, set, 0, (uint64_t)more->bytes, why) <
		    0)
		return -1;
	return query_run(s, &bans_query, why,
			 VALUES(TEXT(set), ADDRESS(a), INT(more->packets),
				INT(more->bytes)));
}
