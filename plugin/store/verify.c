/* verify: is every page of the database whole? See saslban/store.h. */
#include "saslban/store.h"

#include <string.h>

#include "connection.h"
#include "query.h"

int store_verify(struct store *s, struct fault *why)
{
	static const struct query query = {"verify", false,
					   "PRAGMA quick_check(1)"};
	char answer[FAULT_TEXT / 2] = "";
	struct statement *st = query_begin(s, &query, why, NO_VALUES);

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
	return fault_set(why, FAULT_STORE, "'%s' is damaged: %s", s->path,
			 answer);
}
