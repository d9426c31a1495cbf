/* secret: see saslban/secret.h. */
#include "saslban/secret.h"

#include "query.h"

static const struct query get_query = {"read the secret of", false,
				       "SELECT a, b FROM secret WHERE id = 1"};

int secret_get(struct store *s, struct siphash_key *out, struct fault *why)
{
	struct statement *st = query_begin(s, &get_query, why, NO_VALUES);
	int more;

	*out = (struct siphash_key){{0, 0}};
	if (st == NULL || (more = query_next(st, why)) < 0)
		return -1;
	if (more == 0)
		return 0;
	out->half[0] = (uint64_t)column_int(st, 0);
	out->half[1] = (uint64_t)column_int(st, 1);
	query_end(st);
	return 0;
}
