/* counts: see counts.h. */
#include "counts.h"

#include <stdlib.h>

struct counts_moved {
	struct address address;
	struct dropped now, more;
};

int counts_look(struct counts *c, const struct entry *e,
		const struct dropped *now)
{
	const struct dropped more = dropped_since(now, &e->counted);

	if (dropped_none(&more))
		return 0;
	if (c->n == c->capacity) {
		size_t most = c->capacity == 0 ? 256 : 2 * c->capacity;
		void *moved = reallocarray(c->moved, most, sizeof(*c->moved));

		if (moved == NULL)
			return -1;
		c->moved = moved;
		c->capacity = most;
	}
	c->moved[c->n++] = (struct counts_moved){e->address, *now, more};
	return 0;
}

int counts_write(struct counts *c, const char *set, struct store *s,
		 struct fault *why)
{
	size_t n = c->n;

	c->n = 0;
	for (size_t i = 0; i < n; i++)
		if (dropped_note(s, set, &c->moved[i].address, &c->moved[i].now,
				 &c->moved[i].more, why) < 0)
			return -1;
	return 0;
}

void counts_end(struct counts *c)
{
	free(c->moved);
	*c = (struct counts){NULL, 0, 0};
}
