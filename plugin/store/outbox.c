/* outbox: see saslban/outbox.h. */
#include "saslban/outbox.h"

#include <string.h>

#include "query.h"
#include "sql.h"

_Static_assert(NOTICE_STRIKE == 3, "as a statement says");

/* clang-format off */

#define SQL_WAITS "sent IS NULL"
#define SQL_LOOSE SQL_WAITS " AND mail = 0 AND kind <> 'digest'"

/* Addresses of which a breach waits. */
#define SQL_BREACHED \
	"(SELECT address FROM outbox WHERE jail = ?1 AND " SQL_LOOSE \
	"  AND kind = 'breach')"

static const struct query add_query = {
	"note what is to be told in", true,
	"INSERT INTO outbox (jail, kind, about, address, at, due)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};

static const struct query next_query = {
	"look for what is to be told in", false,
	"SELECT coalesce(min(due), " SQL_FOREVER ") FROM outbox"
	" WHERE jail = ?1 AND " SQL_WAITS};

/* ?2: breaches; ?3: now. */
static const struct query due_query = {
	"count what is to be told in", false,
	"SELECT count(DISTINCT address) FROM outbox"
	" WHERE jail = ?1 AND " SQL_LOOSE " AND due <= ?3"
	"  AND (address IN " SQL_BREACHED ") = ?2"};

/* ... ?4: since then. */
static const struct query recent_query = {
	"count the mails in", false,
	"SELECT count(*), coalesce(max(iif(several, at, 0)), 0) FROM"
	" (SELECT max(sent) AS at, count(DISTINCT address) > 1 AS several"
	"  FROM outbox WHERE jail = ?1 AND sent > ?4 AND sent <= ?3"
	"   AND kind <> 'digest'"
	"  GROUP BY mail HAVING max(kind = 'breach') = ?2)"};

static const struct query each_put_query = {
	"put notices into mails in", true,
	"UPDATE outbox SET mail = of.first, due = min(due, ?3) FROM"
	" (SELECT address, min(id) AS first FROM outbox"
	"  WHERE jail = ?1 AND " SQL_LOOSE
	"   AND (address IN " SQL_BREACHED ") = ?2"
	"  GROUP BY address HAVING min(due) <= ?3) of"
	" WHERE jail = ?1 AND " SQL_LOOSE " AND outbox.address = of.address"};

static const struct query all_put_query = {
	"put notices into a mail in", true,
	"UPDATE outbox SET mail = all_of.first, due = min(due, ?3) FROM"
	" (SELECT min(id) AS first FROM outbox"
	"  WHERE jail = ?1 AND " SQL_LOOSE
	"   AND (address IN " SQL_BREACHED ") = ?2) all_of"
	" WHERE jail = ?1 AND " SQL_LOOSE
	"  AND (address IN " SQL_BREACHED ") = ?2"};

static const struct query mail_query = {
	"look for a mail in", false,
	"SELECT min(iif(kind = 'digest', id, mail)) FROM outbox"
	" WHERE jail = ?1 AND " SQL_WAITS
	"  AND (mail <> 0 OR (kind = 'digest' AND due <= ?2))"};

#define SQL_IN_MAIL \
	"jail = ?1 AND " SQL_WAITS " AND (mail = ?2 OR" \
	" (id = ?2 AND kind = 'digest'))"

static const struct query each_query = {
	"read the notices in", false,
	"SELECT n.id, n.kind, n.about, n.address, n.at, n.due, n.mail,"
	" coalesce(o.strike, 0), " SQL_UNTIL("o.") ","
	" coalesce(o.observed, 0), o.lifted IS NOT NULL,"
	" b.user, b.service, coalesce(o.why, b.why)"
	" FROM (SELECT * FROM outbox WHERE " SQL_IN_MAIL ") n"
	" LEFT JOIN offense o ON n.kind = 'ban' AND o.id = n.about"
	" LEFT JOIN breach b ON n.kind = 'breach' AND b.id = n.about"
	" ORDER BY n.kind <> 'breach', o.strike DESC, n.id DESC LIMIT ?3"};

static const struct query sum_query = {
	"sum up a mail in", false,
	"SELECT count(*), count(DISTINCT n.address),"
	" coalesce(sum(n.kind = 'breach'), 0), coalesce(sum(o.strike > 2), 0),"
	" coalesce(sum(iif(n.id = ?2, n.at, 0)), 0),"
	" coalesce(sum(n.kind = 'digest'), 0)"
	" FROM (SELECT * FROM outbox WHERE " SQL_IN_MAIL ") n"
	" LEFT JOIN offense o ON n.kind = 'ban' AND o.id = n.about"};

static const struct query sent_query = {
	"note a mail in", true,
	"UPDATE outbox SET sent = ?3, mail = ?2 WHERE " SQL_IN_MAIL};

static const struct query digest_query = {
	"look for the digest in", false,
	"SELECT id, at FROM outbox WHERE jail = ?1 AND " SQL_WAITS
	" AND kind = 'digest' ORDER BY id LIMIT 1"};

static const struct query digest_due_query = {
	"note the digest in", true,
	"UPDATE outbox SET at = ?2, due = ?3 WHERE id = ?1"};

static const struct query delay_query = {
	"look for what was not told in", false,
	"SELECT count(*), coalesce(sum(kind = 'breach'), 0),"
	" coalesce(min(due), 0), coalesce(max(due), 0),"
	" (SELECT coalesce(max(sent), 0) FROM outbox"
	"  WHERE jail = ?1 AND sent IS NOT NULL)"
	" FROM outbox WHERE jail = ?1 AND " SQL_WAITS " AND due < ?2"};

static const struct query drop_query = {
	"forget what was not told in", true,
	"DELETE FROM outbox WHERE jail = ?1 AND " SQL_WAITS
	" AND (?2 OR kind = 'digest')"};

static const struct query breaches_query = {
	"count breaches that were not told in", false,
	"SELECT count(*) FROM outbox WHERE jail = ?1 AND " SQL_WAITS
	" AND kind = 'breach'"};

/* What is in a mail with a breach was put there with it. */
static const struct query pass_query = {
	"take notices as told in", true,
	"DELETE FROM outbox WHERE jail = ?1 AND " SQL_WAITS " AND due <= ?2"
	" AND kind = 'ban' AND address NOT IN"
	"  (SELECT address FROM outbox WHERE jail = ?1 AND " SQL_WAITS
	"   AND kind = 'breach')"};

static const struct query prune_query = {
	"forget mails in", true,
	"DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
	" WHERE jail = ?1 AND sent < ?2 LIMIT ?3)"};

/* A breach stays until somebody has been told of it: there are few. */
static const struct query prune_unsent_query = {
	"forget notices in", true,
	"DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
	" WHERE jail = ?1 AND " SQL_WAITS " AND due < ?2 AND kind = 'ban'"
	" LIMIT ?3)"};

/* clang-format on */

int outbox_add(struct store *s, struct outbox_row *row, struct fault *why)
{
	struct value address =
		row->kind == NOTICE_DIGEST ? TEXT("") : ADDRESS(&row->address);

	if (row->due == NOTICE_NEVER)
		return 0;
	if (query_run(s, &add_query, why,
		      VALUES(INT(row->jail), TEXT(notice_word(row->kind)),
			     INT(row->about), address, INT(row->at),
			     INT(row->due))) < 0)
		return -1;
	row->id = query_added(s);
	return 0;
}

int outbox_next(struct store *s, int64_t jail, int64_t *due, struct fault *why)
{
	return query_number(s, &next_query, why, due, VALUES(INT(jail)));
}

int outbox_load(struct store *s, int64_t jail, bool breach, int64_t wait,
		int64_t now, struct notice_load *out, struct fault *why)
{
	struct statement *st;
	int64_t due;
	int answer;

	if (query_number(s, &due_query, why, &due,
			 VALUES(INT(jail), INT(breach), INT(now))) < 0)
		return -1;
	out->due = (size_t)due;
	st = query_begin(
		s, &recent_query, why,
		VALUES(INT(jail), INT(breach), INT(now), INT(now - wait)));
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	out->sent = answer == 0 ? 0 : (size_t)column_count(st, 0);
	out->gathered = answer == 0 ? 0 : column_time(st, 1);
	query_end(st);
	return 0;
}

int outbox_put(struct store *s, int64_t jail, bool breach, bool together,
	       int64_t now, struct fault *why)
{
	return query_run(s, together ? &all_put_query : &each_put_query, why,
			 VALUES(INT(jail), INT(breach), INT(now)));
}

int outbox_mail(struct store *s, int64_t jail, int64_t digests, int64_t *mail,
		struct fault *why)
{
	return query_number(s, &mail_query, why, mail,
			    VALUES(INT(jail), INT(digests)));
}

static enum notice_kind kind_of(const char *word)
{
	if (strcmp(word, "ban") == 0)
		return NOTICE_BAN;
	return strcmp(word, "breach") == 0 ? NOTICE_BREACH : NOTICE_DIGEST;
}

static void read_row(struct statement *st, struct outbox_row *row)
{
	char word[16];

	row->id = column_int(st, 0);
	column_text(st, 1, word, sizeof(word));
	row->kind = kind_of(word);
	row->about = column_int(st, 2);
	row->at = column_time(st, 4);
	row->due = column_time(st, 5);
	row->mail = column_int(st, 6);
	row->strike = column_strike(st, 7);
	row->until = column_end(st, 8);
	row->observed = column_bool(st, 9);
	row->lifted = column_bool(st, 10);
	column_text(st, 11, row->user, sizeof(row->user));
	column_text(st, 12, row->service, sizeof(row->service));
	column_text(st, 13, row->why, sizeof(row->why));
}

int outbox_each(struct store *s, int64_t jail, int64_t mail, size_t limit,
		int (*see)(void *context, const struct outbox_row *row),
		void *context, struct fault *why)
{
	struct statement *st =
		query_begin(s, &each_query, why,
			    VALUES(INT(jail), INT(mail),
				   INT(limit == 0 ? -1 : (int64_t)limit)));
	struct outbox_row row;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		memset(&row, 0, sizeof(row));
		row.jail = jail;
		read_row(st, &row);
		if (row.kind != NOTICE_DIGEST &&
		    !column_address(st, 3, &row.address))
			continue;
		if ((answer = see(context, &row)) != 0)
			break;
	}
	query_end(st);
	return answer;
}

int outbox_sum(struct store *s, int64_t jail, int64_t mail,
	       struct outbox_sum *out, struct fault *why)
{
	struct statement *st =
		query_begin(s, &sum_query, why, VALUES(INT(jail), INT(mail)));
	int answer;

	*out = (struct outbox_sum){.notices = 0};
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	if (answer > 0) {
		out->notices = column_count(st, 0);
		out->addresses = column_count(st, 1);
		out->breaches = column_count(st, 2);
		out->worst = column_count(st, 3);
		out->at = column_time(st, 4);
		out->digest = column_bool(st, 5);
	}
	query_end(st);
	return 0;
}

int outbox_sent(struct store *s, int64_t jail, int64_t mail, int64_t now,
		struct fault *why)
{
	return query_run(s, &sent_query, why,
			 VALUES(INT(jail), INT(mail), INT(now)));
}

int outbox_digest(struct store *s, int64_t jail, int64_t *id, int64_t *since,
		  struct fault *why)
{
	struct statement *st =
		query_begin(s, &digest_query, why, VALUES(INT(jail)));
	int answer;

	*id = *since = 0;
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	if (answer > 0) {
		*id = column_int(st, 0);
		*since = column_time(st, 1);
	}
	query_end(st);
	return 0;
}

int outbox_digest_due(struct store *s, int64_t id, int64_t since, int64_t due,
		      struct fault *why)
{
	return query_run(s, &digest_due_query, why,
			 VALUES(INT(id), INT(since), INT(due)));
}

int outbox_delay(struct store *s, int64_t jail, int64_t before,
		 struct outbox_delay *out, struct fault *why)
{
	struct statement *st = query_begin(s, &delay_query, why,
					   VALUES(INT(jail), INT(before)));
	int answer;

	*out = (struct outbox_delay){.notices = 0};
	if (st == NULL || (answer = query_next(st, why)) < 0)
		return -1;
	if (answer > 0) {
		out->notices = column_count(st, 0);
		out->breaches = column_count(st, 1);
		out->first = column_time(st, 2);
		out->latest = column_time(st, 3);
		out->sent = column_time(st, 4);
	}
	query_end(st);
	return 0;
}

int outbox_drop(struct store *s, int64_t jail, bool all, struct fault *why)
{
	return query_run(s, &drop_query, why, VALUES(INT(jail), INT(all)));
}

int outbox_pass(struct store *s, int64_t jail, int64_t now,
		struct outbox_passed *out, struct fault *why)
{
	if (query_number(s, &breaches_query, why, &out->breaches,
			 VALUES(INT(jail))) < 0 ||
	    query_run(s, &pass_query, why, VALUES(INT(jail), INT(now))) < 0)
		return -1;
	out->bans = (int64_t)query_changes(s);
	return 0;
}

int outbox_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		 size_t *n, struct fault *why)
{
	if (query_run(s, &prune_query, why,
		      VALUES(INT(jail), INT(before), INT((int64_t)limit))) < 0)
		return -1;
	*n = query_changes(s);
	if (query_run(s, &prune_unsent_query, why,
		      VALUES(INT(jail), INT(before), INT((int64_t)limit))) < 0)
		return -1;
	*n += query_changes(s);
	return 0;
}
