/* jail_set: see jail_set.h. */
#include "jail_set.h"

#include "query.h"

static const struct query set_query = {
	"read a jail's set in", false,
	"SELECT value, EXISTS (SELECT 1 FROM setting o WHERE o.name = 'set'"
	"  AND o.value = s.value AND o.jail <> ?1)"
	" FROM setting s WHERE jail = ?1 AND name = 'set'"};

int jail_set(struct store *s, int64_t jail, char out[SETTINGS_SET],
	     bool *shared, struct fault *why)
{
	struct statement *st =
		query_begin(s, &set_query, why, VALUES(INT(jail)));
	int more;

	if (st == NULL)
		return -1;
	more = query_next(st, why);
	if (more < 0)
		return -1;
	out[0] = '\0';
	if (more > 0)
		column_text(st, 0, out, SETTINGS_SET);
	if (shared != NULL)
		*shared = more > 0 && column_bool(st, 1);
	query_end(st);
	return 0;
}
