/* offense_row: see offense_row.h. */
#include "offense_row.h"

static void read_ground(struct statement *st, enum ground *out)
{
	const char *word = column_borrow(st, 17);

	*out = GROUND_COUNT;
	if (word != NULL)
		(void)ground_of(word, out);
}

bool offense_row(struct statement *st, struct offense *o)
{
	o->id = column_int(st, 0);
	o->jail = column_int(st, 1);
	column_text(st, 2, o->jail_name, sizeof(o->jail_name));
	o->strike = column_strike(st, 4);
	o->at = column_time(st, 5);
	o->until = column_end(st, 6);
	o->failures = column_count(st, 7);
	o->late = column_count(st, 8);
	column_text(st, 9, o->why, sizeof(o->why));
	o->observed = column_bool(st, 10);
	o->held = column_end(st, 11);
	o->ended = column_time(st, 12);
	o->lifted = column_time(st, 13);
	column_text(st, 14, o->lifted_by, sizeof(o->lifted_by));
	column_text(st, 15, o->lifted_why, sizeof(o->lifted_why));
	o->told = column_bool(st, 16);
	read_ground(st, &o->ground);
	o->dropped.packets = column_count(st, 18);
	o->dropped.bytes = column_count(st, 19);
	return column_address(st, 3, &o->address);
}

int offense_rows(struct statement *st,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why)
{
	struct offense o;
	int answer;

	if (st == NULL)
		return -1;
	while ((answer = query_next(st, why)) > 0) {
		if (!offense_row(st, &o))
			continue;
		if ((answer = see(context, &o)) != 0)
			break;
	}
	query_end(st);
	return answer;
}
