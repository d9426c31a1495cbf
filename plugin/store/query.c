/* query: see query.h. */
#include "query.h"

#include <string.h>

#include "connection.h"
#include "key.h"
#include "saslban/duration.h"

/* ---- statements ---- */

static struct statement *find(struct store *s, const struct query *q,
			      struct fault *why)
{
	struct statement *st;

	for (size_t i = 0; i < s->statements; i++)
		if (s->statement[i].query == q)
			return &s->statement[i];
	if (s->statements == STATEMENTS) {
		fault_set(why, FAULT_STORE,
			  "cannot %s '%s': more than %d statements", q->task,
			  s->path, STATEMENTS);
		return NULL;
	}
	st = &s->statement[s->statements];
	if (sqlite3_prepare_v3(s->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &st->prepared, NULL) != SQLITE_OK) {
		connection_refused(s, q->task, why);
		return NULL;
	}
	st->store = s;
	st->query = q;
	s->statements++;
	return st;
}

static int bind_address(sqlite3_stmt *q, int i, const struct address *a)
{
	char text[ADDRESS_TEXT];

	return sqlite3_bind_text(q, i, address_print(a, text), -1,
				 SQLITE_TRANSIENT);
}

static int bind_key(sqlite3_stmt *q, int i, struct key key)
{
	return sqlite3_bind_blob(q, i, key.bytes, (int)key.len,
				 SQLITE_TRANSIENT);
}

static int bind(sqlite3_stmt *q, int i, const struct value *v)
{
	switch (v->kind) {
	case VALUE_INT:
		return sqlite3_bind_int64(q, i, v->number);
	case VALUE_TEXT:
		return sqlite3_bind_text(q, i, v->of, -1, SQLITE_STATIC);
	case VALUE_ADDRESS:
		return bind_address(q, i, v->of);
	case VALUE_FIRST:
		return bind_key(q, i, key_first(v->of));
	case VALUE_LAST:
		return bind_key(q, i, key_last(v->of));
	}
	return SQLITE_MISUSE;
}

static int bind_all(sqlite3_stmt *q, struct values values)
{
	int wanted = sqlite3_bind_parameter_count(q);
	int code = SQLITE_OK;

	for (int i = 0; i < wanted && i < (int)values.n && code == SQLITE_OK;
	     i++)
		code = bind(q, i + 1, &values.value[i]);
	return code;
}

struct statement *query_begin(struct store *s, const struct query *q,
			      struct fault *why, struct values values)
{
	struct statement *st;

	if (q->writes && sqlite3_get_autocommit(s->db)) {
		fault_set(why, FAULT_STORE,
			  "cannot %s '%s': no transaction was begun", q->task,
			  s->path);
		return NULL;
	}
	st = find(s, q, why);
	if (st == NULL)
		return NULL;
	sqlite3_reset(st->prepared);
	sqlite3_clear_bindings(st->prepared);
	sqlite3_stmt_status(st->prepared, SQLITE_STMTSTATUS_VM_STEP, 1);
	if (bind_all(st->prepared, values) == SQLITE_OK)
		return st;
	connection_refused(s, q->task, why);
	return NULL;
}

/* An endless answer may come row by row, and each of them soon. */
static bool took_too_long(const struct statement *st)
{
	int steps =
		sqlite3_stmt_status(st->prepared, SQLITE_STMTSTATUS_VM_STEP, 0);

	return (unsigned)steps / CONNECTION_TICK > st->store->budget;
}

int query_next(struct statement *st, struct fault *why)
{
	struct store *s = st->store;
	int code;

	s->ticks = 0;
	code = sqlite3_step(st->prepared);
	if (code == SQLITE_ROW && !took_too_long(st))
		return 1;
	if (code == SQLITE_DONE) {
		sqlite3_reset(st->prepared);
		return 0;
	}
	if (code == SQLITE_ROW)
		fault_set(why, FAULT_STORE, "cannot %s '%s': %s",
			  st->query->task, s->path, CONNECTION_TOO_LONG);
	else
		connection_refused(s, st->query->task, why);
	sqlite3_reset(st->prepared);
	return -1;
}

int query_senseless(struct statement *st, struct fault *why)
{
	query_end(st);
	if (why != NULL)
		why->kind = FAULT_STORE;
	return fault_prefix(why, "cannot %s '%s'", st->query->task,
			    st->store->path);
}

void query_end(struct statement *st)
{
	sqlite3_reset(st->prepared);
}

int query_run(struct store *s, const struct query *q, struct fault *why,
	      struct values values)
{
	struct statement *st = query_begin(s, q, why, values);
	int more;

	if (st == NULL)
		return -1;
	do
		more = query_next(st, why);
	while (more > 0);
	return more;
}

int query_number(struct store *s, const struct query *q, struct fault *why,
		 int64_t *n, struct values values)
{
	struct statement *st = query_begin(s, q, why, values);
	int more;

	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more < 0)
		return -1;
	*n = more == 0 ? 0 : column_int(st, 0);
	query_end(st);
	return 0;
}

size_t query_changes(const struct store *s)
{
	return (size_t)sqlite3_changes64(s->db);
}

int64_t query_added(const struct store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

/* ---- columns ---- */

int64_t column_int(struct statement *st, int i)
{
	return sqlite3_column_int64(st->prepared, i);
}

static int64_t between(int64_t n, int64_t min, int64_t max)
{
	if (n < min)
		return min;
	return n > max ? max : n;
}

int64_t column_count(struct statement *st, int i)
{
	return between(column_int(st, i), 0, COLUMN_COUNT);
}

int64_t column_time(struct statement *st, int i)
{
	return between(column_int(st, i), 0, STORE_LAST);
}

int64_t column_end(struct statement *st, int i)
{
	int64_t n = column_int(st, i);

	return n > STORE_LAST ? DURATION_FOREVER : between(n, 0, STORE_LAST);
}

unsigned column_strike(struct statement *st, int i)
{
	return (unsigned)between(column_int(st, i), 0, STORE_STRIKES);
}

bool column_bool(struct statement *st, int i)
{
	return column_int(st, i) != 0;
}

const char *column_borrow(struct statement *st, int i)
{
	return (const char *)sqlite3_column_text(st->prepared, i);
}

void column_text(struct statement *st, int i, char *buffer, size_t size)
{
	const char *text = column_borrow(st, i);
	size_t len = text == NULL ? 0 : strnlen(text, size - 1);

	if (len > 0)
		memcpy(buffer, text, len);
	buffer[len] = '\0';
}

void column_host(struct statement *st, int i, struct address *out)
{
	const uint8_t *key = sqlite3_column_blob(st->prepared, i);
	int len = sqlite3_column_bytes(st->prepared, i);

	*out = (struct address){.family = ADDRESS_NONE};
	if (key == NULL || !((len == 5 && key[0] == ADDRESS_V4) ||
			     (len == 17 && key[0] == ADDRESS_V6)))
		return;
	out->family = key[0];
	out->prefix = (uint8_t)address_bits(out);
	memcpy(out->bytes, key + 1, (size_t)len - 1);
}

bool column_address(struct statement *st, int i, struct address *out)
{
	const char *text = column_borrow(st, i);
	char own[ADDRESS_TEXT];

	return text != NULL && address_parse(text, strlen(text), out) == 0 &&
	       strcmp(address_print(out, own), text) == 0;
}
