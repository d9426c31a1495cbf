/* store_failure: failed logins, see saslban/store.h. */
#include "saslban/failure.h"

#include "store_impl.h"

static const struct store_query add_query = {
	SLOT_FAILURE_ADD, true, "add a failure in",
	"INSERT INTO failure (jail, host, address, user, service, mech, rule,"
	" at, count, late, lo)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"};

static const struct store_query sum_query = {
	SLOT_FAILURE_SUM, false, "count failures in",
	"SELECT coalesce(sum(count), 0) FROM failure"
	" WHERE address = ?1 AND jail = ?2 AND at >= ?3 AND late = 0"};

static const struct store_query each_query = {
	SLOT_FAILURE_EACH, false, "read failures in",
	"SELECT jail, host, address, user, service, mech, rule, at, count, late"
	" FROM failure WHERE lo BETWEEN ?1 AND ?2"
	" ORDER BY at DESC, id DESC LIMIT ?3"};

static const struct store_query prune_query = {
	SLOT_FAILURE_PRUNE, true, "forget failures in",
	"DELETE FROM failure WHERE id IN"
	" (SELECT id FROM failure WHERE jail = ?1 AND at < ?2"
	"  ORDER BY at LIMIT ?3)"};

/* A page per step; what is left of the list comes with the next prune. */
static const struct store_query shrink_query = {
	SLOT_FAILURE_SHRINK, true, "shrink the file in",
	"PRAGMA incremental_vacuum(100)"};

int failure_add(struct store *s, const struct failure *f, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &add_query, why);
	char host[ADDRESS_TEXT], address[ADDRESS_TEXT];
	struct store_key lo, hi;

	if (q == NULL)
		return -1;
	store_key_range(&f->host, &lo, &hi);
	sqlite3_bind_int64(q, 1, f->jail);
	store_bind_address(q, 2, &f->host, host);
	store_bind_address(q, 3, &f->address, address);
	store_bind_text(q, 4, f->user);
	store_bind_text(q, 5, f->service);
	store_bind_text(q, 6, f->mech);
	store_bind_text(q, 7, f->rule);
	sqlite3_bind_int64(q, 8, f->at);
	sqlite3_bind_int64(q, 9, f->count);
	sqlite3_bind_int(q, 10, f->late);
	store_bind_key(q, 11, &lo);
	return store_run(s, &add_query, why);
}

int failure_sum(struct store *s, int64_t jail, const struct address *a,
		int64_t since, int64_t *sum, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &sum_query, why);
	char address[ADDRESS_TEXT];

	if (q == NULL)
		return -1;
	store_bind_address(q, 1, a, address);
	sqlite3_bind_int64(q, 2, jail);
	sqlite3_bind_int64(q, 3, since);
	if (store_step(s, &sum_query, why) < 0)
		return -1;
	*sum = sqlite3_column_int64(q, 0);
	store_reset(s, &sum_query);
	return 0;
}

/* False when an address is none. */
static bool read_failure(sqlite3_stmt *q, struct failure *f)
{
	f->jail = sqlite3_column_int64(q, 0);
	store_column_text(q, 3, f->user, sizeof(f->user));
	store_column_text(q, 4, f->service, sizeof(f->service));
	store_column_text(q, 5, f->mech, sizeof(f->mech));
	store_column_text(q, 6, f->rule, sizeof(f->rule));
	f->at = sqlite3_column_int64(q, 7);
	f->count = (unsigned)sqlite3_column_int64(q, 8);
	f->late = sqlite3_column_int(q, 9) != 0;
	return store_column_address(q, 1, &f->host) &&
	       store_column_address(q, 2, &f->address);
}

int failure_each(struct store *s, const struct address *a, size_t limit,
		 int (*see)(void *context, const struct failure *f),
		 void *context, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &each_query, why);
	struct store_key lo, hi;
	struct failure f;
	int answer;

	if (q == NULL)
		return -1;
	store_key_range(a, &lo, &hi);
	store_bind_key(q, 1, &lo);
	store_bind_key(q, 2, &hi);
	sqlite3_bind_int64(q, 3, limit == 0 ? -1 : (int64_t)limit);
	while ((answer = store_step(s, &each_query, why)) > 0) {
		if (!read_failure(q, &f))
			continue;
		if ((answer = see(context, &f)) != 0)
			break;
	}
	store_reset(s, &each_query);
	return answer;
}

int failure_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why)
{
	sqlite3_stmt *q = store_prepare(s, &prune_query, why);
	size_t pruned;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, jail);
	sqlite3_bind_int64(q, 2, before);
	sqlite3_bind_int64(q, 3, (int64_t)limit);
	if (store_run(s, &prune_query, why) < 0)
		return -1;
	pruned = (size_t)sqlite3_changes64(s->db);
	if (store_prepare(s, &shrink_query, why) == NULL ||
	    store_run(s, &shrink_query, why) < 0)
		return -1;
	*n = pruned;
	return 0;
}
