/* keymap: see keymap.h. */
#include "keymap.h"

#include <stdlib.h>

enum { FIRST = 256 }; /* slots; power of 2 */

/* 0 is nothing. That two hashes become one by it will not happen. */
static uint64_t real(uint64_t key)
{
	return key == 0 ? 1 : key;
}

void keymap_close(struct keymap *m)
{
	free(m->slot);
	*m = (struct keymap){0};
}

/* Where the key is, or would be. There is always a free slot. */
static struct keymap_slot *find(const struct keymap *m, uint64_t key)
{
	size_t i = key & (m->slots - 1);

	while (m->slot[i].key != 0 && m->slot[i].key != key)
		i = (i + 1) & (m->slots - 1);
	return &m->slot[i];
}

static int grow(struct keymap *m)
{
	struct keymap more = {.slots = m->slots == 0 ? FIRST : m->slots * 2,
			      .n = m->n};

	more.slot = calloc(more.slots, sizeof(*more.slot));
	if (more.slot == NULL)
		return -1;
	for (size_t i = 0; i < m->slots; i++)
		if (m->slot[i].key != 0)
			*find(&more, m->slot[i].key) = m->slot[i];
	free(m->slot);
	*m = more;
	return 0;
}

int keymap_put(struct keymap *m, uint64_t key, size_t value)
{
	struct keymap_slot *slot;

	if (2 * m->n >= m->slots && grow(m) < 0)
		return -1;
	slot = find(m, real(key));
	m->n += slot->key == 0;
	*slot = (struct keymap_slot){real(key), value};
	return 0;
}

bool keymap_get(const struct keymap *m, uint64_t key, size_t *value)
{
	const struct keymap_slot *slot;

	if (m->slots == 0)
		return false;
	slot = find(m, real(key));
	if (slot->key != 0)
		*value = slot->value;
	return slot->key != 0;
}
