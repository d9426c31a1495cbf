/* hashset: see hashset.h. */
#include "hashset.h"

#include <stdlib.h>

enum { FIRST = 1024 }; /* slots; power of 2 */

void hashset_close(struct hashset *s)
{
	free(s->slot);
	*s = (struct hashset){0};
}

/* Where it is, or would be. There is always a free slot. */
static uint64_t *find(const struct hashset *s, uint64_t hash)
{
	size_t i = hash & (s->slots - 1);

	while (s->slot[i] != 0 && s->slot[i] != hash)
		i = (i + 1) & (s->slots - 1);
	return &s->slot[i];
}

static int grow(struct hashset *s)
{
	struct hashset more = {.slots = s->slots == 0 ? FIRST : s->slots * 2,
			       .n = s->n};

	more.slot = calloc(more.slots, sizeof(*more.slot));
	if (more.slot == NULL)
		return -1;
	for (size_t i = 0; i < s->slots; i++)
		if (s->slot[i] != 0)
			*find(&more, s->slot[i]) = s->slot[i];
	free(s->slot);
	*s = more;
	return 0;
}

int hashset_add(struct hashset *s, uint64_t hash)
{
	uint64_t *slot;

	/* Three quarters are full at most. */
	if (4 * s->n >= 3 * s->slots && grow(s) < 0)
		return -1;
	hash += hash == 0;
	slot = find(s, hash);
	if (*slot == hash)
		return 0;
	*slot = hash;
	s->n++;
	return 1;
}
