/* offense_row: an offense as it is read, by offense.c and offense_each.c. */
#ifndef SASLBAN_STORE_OFFENSE_ROW_H
#define SASLBAN_STORE_OFFENSE_ROW_H

#include <stdbool.h>

#include "query.h"
#include "saslban/offense.h"
#include "sql.h"

/* clang-format off */

/* Until when the kernel holds the address of o, in the set of its jail. Of bans
 * that are over nobody asks, once it was reported: a look into the entries for
 * each would take as long as all the rest of it. */
#define SQL_HELD                                                        \
	"iif((" SQL_OPEN("o.") ") OR " SQL_UNTOLD("o.") ","             \
	" coalesce((SELECT e.held FROM setting s JOIN entry e"          \
	" ON e.set_name = s.value || " SQL_FAMILY("o.address")          \
	" AND e.address = o.address"                                    \
	" WHERE s.jail = o.jail AND s.name = 'set' AND o.observed = 0), 0), 0)"

/* What offense_row reads, joined in that way; WHERE follows. */
#define SQL_OFFENSE_BY(join)                                            \
	"SELECT o.id, o.jail, j.name, o.address, o.strike, o.at,"       \
	" " SQL_UNTIL("o.") ", o.failures, o.late, o.why, o.observed,"  \
	" " SQL_HELD ", coalesce(o.ended, 0), coalesce(o.lifted, 0),"   \
	" o.lifted_by, o.lifted_why, NOT " SQL_UNTOLD("o.") ", o.ground," \
	" o.packets, o.bytes"                                           \
	" FROM offense o " join " jail j ON j.id = o.jail"
#define SQL_OFFENSE SQL_OFFENSE_BY("JOIN")

/* clang-format on */

/* False when its address is none: somebody edited it. */
bool offense_row(struct statement *st, struct offense *o);

/* For each row: the rest of offense_each and the like. st may be NULL. */
int offense_rows(struct statement *st,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why);

#endif
