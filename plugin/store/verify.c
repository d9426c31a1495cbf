/* verify: is every page of the database whole? See saslban/store.h. */
#include "saslban/store.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "query.h"

/* It tells also of pages that it could not read, for whatever reason. */
static bool is_damage(const struct store *s, const char *answer)
{
	const char *code = strstr(answer, "error code");
	int number = SQLITE_CORRUPT;

	if (code != NULL)
		number = atoi(code + strcspn(code, "0123456789"));
	return (number & 0xff) == SQLITE_CORRUPT &&
	       connection_disk_error(s) == 0;
}

static int verify(struct store *s, const struct query *query, struct fault *why)
{
	char answer[FAULT_TEXT / 2] = "";
	struct statement *st = query_begin(s, query, why, NO_VALUES);

	if (st == NULL)
		return -1;
	switch (query_next(st, why)) {
	case 1:
		column_text(st, 0, answer, sizeof(answer));
		query_end(st);
		break;
	case 0:
		break;
	default:
		return -1;
	}
	if (strcmp(answer, "ok") == 0)
		return 0;
	if (!is_damage(s, answer))
		return fault_set(why, FAULT_STORE, "cannot verify '%s': %s",
				 s->path, answer);
	s->damaged = s->ours;
	return fault_set(why, FAULT_DAMAGED, "'%s' is damaged: %s", s->path,
			 answer);
}

int store_verify(struct store *s, struct fault *why)
{
	static const struct query query = {"verify", false,
					   "PRAGMA quick_check(1)"};

	return verify(s, &query, why);
}

int store_verify_all(struct store *s, struct fault *why)
{
	static const struct query query = {"verify", false,
					   "PRAGMA integrity_check(1)"};

	return verify(s, &query, why);
}
