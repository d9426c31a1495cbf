/* store_query: prepare, bind, step, see store_impl.h. */
#include "store_impl.h"

#include <stdio.h>
#include <string.h>

/* A text of our own where SQLite's leaves a reader without a next step. */
struct refusal {
	int code;
	enum fault_kind kind;
	const char *text;
};

static const struct refusal refusals[] = {
	{SQLITE_BUSY, FAULT_STORE, "another program is writing"},
	{SQLITE_NOTADB, FAULT_FOREIGN,
	 "it is not a SQLite database; name another file or move it away"},
	{SQLITE_CORRUPT, FAULT_STORE,
	 "it is damaged; stop rsyslog and move it away, a new one is made"},
	{SQLITE_FULL, FAULT_STORE, "the disk is full"},
	{SQLITE_NOMEM, FAULT_MEMORY, "out of memory"},
};

int store_refused(struct store *s, const char *task, struct fault *why)
{
	int code = sqlite3_errcode(s->db) & 0xff;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].code == code)
			return fault_set(why, refusals[i].kind,
					 "cannot %s '%s': %s", task, s->path,
					 refusals[i].text);
	/* Where a system call failed, its reason says more. */
	if ((code == SQLITE_CANTOPEN || code == SQLITE_IOERR) &&
	    sqlite3_system_errno(s->db) != 0)
		return fault_set(why, FAULT_STORE, "cannot %s '%s': %s", task,
				 s->path,
				 strerror(sqlite3_system_errno(s->db)));
	return fault_set(why, FAULT_STORE, "cannot %s '%s': %s", task, s->path,
			 sqlite3_errmsg(s->db));
}

sqlite3_stmt *store_prepare(struct store *s, const struct store_query *q,
			    struct fault *why)
{
	sqlite3_stmt **slot = &s->slot[q->slot];

	if (q->writes && sqlite3_get_autocommit(s->db)) {
		fault_set(why, FAULT_STORE,
			  "cannot %s '%s': no transaction was begun", q->task,
			  s->path);
		return NULL;
	}
	if (*slot == NULL &&
	    sqlite3_prepare_v3(s->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT,
			       slot, NULL) != SQLITE_OK) {
		store_refused(s, q->task, why);
		return NULL;
	}
	sqlite3_reset(*slot);
	sqlite3_clear_bindings(*slot);
	return *slot;
}

int store_step(struct store *s, const struct store_query *q, struct fault *why)
{
	switch (sqlite3_step(s->slot[q->slot])) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		sqlite3_reset(s->slot[q->slot]);
		return 0;
	default:
		store_refused(s, q->task, why);
		sqlite3_reset(s->slot[q->slot]);
		return -1;
	}
}

int store_run(struct store *s, const struct store_query *q, struct fault *why)
{
	int more;

	do
		more = store_step(s, q, why);
	while (more > 0);
	return more;
}

void store_reset(struct store *s, const struct store_query *q)
{
	sqlite3_reset(s->slot[q->slot]);
}

void store_bind_text(sqlite3_stmt *q, int i, const char *text)
{
	sqlite3_bind_text(q, i, text, -1, SQLITE_STATIC);
}

void store_bind_address(sqlite3_stmt *q, int i, const struct address *a,
			char buf[ADDRESS_TEXT])
{
	store_bind_text(q, i, address_print(a, buf));
}

void store_column_text(sqlite3_stmt *q, int i, char *buf, size_t size)
{
	const unsigned char *text = sqlite3_column_text(q, i);

	snprintf(buf, size, "%s", text == NULL ? "" : (const char *)text);
}

bool store_column_address(sqlite3_stmt *q, int i, struct address *out)
{
	const char *text = (const char *)sqlite3_column_text(q, i);

	return text != NULL && address_parse(text, strlen(text), out) == 0;
}
