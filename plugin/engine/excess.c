/* excess: see excess.h. */
#include "excess.h"

void excess_add(struct excess *e, const struct address *who)
{
	int room = -1;

	for (int i = 0; i < EXCESS_ADDRESSES; i++) {
		if (e->number[i] == 0) {
			room = i;
		} else if (address_equal(&e->who[i], who)) {
			e->number[i]++;
			return;
		}
	}
	if (room >= 0) {
		e->who[room] = *who;
		e->number[room] = 1;
		return;
	}
	for (int i = 0; i < EXCESS_ADDRESSES; i++)
		e->number[i]--;
}

uint64_t excess_most(const struct excess *e, struct address *who)
{
	int most = 0;

	for (int i = 1; i < EXCESS_ADDRESSES; i++)
		if (e->number[i] > e->number[most])
			most = i;
	*who = e->who[most];
	return e->number[most];
}
