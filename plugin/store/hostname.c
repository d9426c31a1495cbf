/* hostname: the last known addresses of names, see saslban/hostname.h. */
#include "saslban/hostname.h"

#include "query.h"

static const struct query forget_query = {
	"forget a host name in", true, "DELETE FROM hostname WHERE name = ?1"};

/* A name server may give the same address twice. */
static const struct query put_query = {
	"keep a host name in", true,
	"INSERT OR IGNORE INTO hostname (name, address, at)"
	" VALUES (?1, ?2, ?3)"};

static const struct query each_query = {
	"read the host names in", false,
	"SELECT name, address, at FROM hostname ORDER BY name, address"};

int hostname_put(struct store *s, const char *name,
		 const struct address *addresses, size_t n, int64_t now,
		 struct fault *why)
{
	if (query_run(s, &forget_query, why, VALUES(TEXT(name))) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (query_run(s, &put_query, why,
			      VALUES(TEXT(name), ADDRESS(&addresses[i]),
				     INT(now))) < 0)
			return -1;
	return 0;
}

int hostname_each(struct store *s,
		  int (*see)(void *context, const char *name,
			     const struct address *address, int64_t at),
		  void *context, struct fault *why)
{
	struct statement *st = query_begin(s, &each_query, why, NO_VALUES);
	struct address address;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		const char *name = column_borrow(st, 0);

		if (name == NULL || !column_address(st, 1, &address))
			continue;
		answer = see(context, name, &address, column_time(st, 2));
		if (answer != 0)
			break;
	}
	query_end(st);
	return answer;
}
