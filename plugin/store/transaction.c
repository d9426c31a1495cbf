/* transaction: begin, commit, roll back, see saslban/store.h. */
#include "saslban/store.h"

#include "connection.h"
#include "file.h"
#include "log.h"
#include "query.h"
#include "total.h"

/* Whoever has the write lock may write: if it is to the right files. */
static int check_files(struct store *s, struct fault *why)
{
	if (file_moved(s) || log_moved(s))
		return fault_set(why, FAULT_STORE,
				 "cannot write to '%s': it, or its log, was "
				 "removed or replaced while it was open",
				 s->path);
	if (!log_whole(s))
		return fault_set(why, FAULT_STORE,
				 "cannot write to '%s': its log was removed "
				 "while another program had it open; that one "
				 "saves it within seconds: try again",
				 s->path);
	return 0;
}

int store_begin(struct store *s, struct fault *why)
{
	static const struct query query = {"write to", false,
					   "BEGIN IMMEDIATE"};

	log_renew(s);
	if (store_save(s, why) < 0 || query_run(s, &query, why, NO_VALUES) < 0)
		return -1;
	if (check_files(s, why) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

static int commit(struct store *s, struct fault *why)
{
	static const struct query query = {"commit to", true, "COMMIT"};

	if (total_write(s, why) < 0 || query_run(s, &query, why, NO_VALUES) < 0)
		return -1;
	total_commit(s);
	return 0;
}

/* What is committed is committed, also when the disk does not take it: nothing
 * is to be written twice. The next transaction is refused then. */
int store_commit(struct store *s, struct fault *why)
{
	if (commit(s, why) < 0)
		return -1;
	s->unsaved = s->deferred;
	(void)store_save(s, NULL);
	return 0;
}

void store_rollback(struct store *s)
{
	total_forget(s);
	/* A refused write may have rolled back already. */
	if (!sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_end(struct store *s, int result, struct fault *why)
{
	if (result == 0 && store_commit(s, why) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

int store_end_soon(struct store *s, int result, struct fault *why)
{
	if (result == 0 && commit(s, why) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

int store_version(struct store *s, int64_t *version, struct fault *why)
{
	static const struct query query = {"look for changes in", false,
					   "PRAGMA data_version"};

	return query_number(s, &query, why, version, NO_VALUES);
}
