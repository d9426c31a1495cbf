/* placekit: see placekit.h. */
#include "placekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place *place_make(void)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	kit_dir(p->dir);
	snprintf(p->path, sizeof(p->path), "%s/a.db", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/b.db", p->dir);
	return p;
}

void place_fill(struct place *p)
{
	p->store = kit_open(p->path, STORE_CREATE);
	p->jail = kit_jail(p->store, "sasl", "saslban");
	kit_ban(p->store, p->jail, "198.51.100.1", NOW, NOW + 100);
}

int place_setup(void **state)
{
	struct place *p = place_make();

	place_fill(p);
	*state = p;
	return 0;
}

int place_teardown(void **state)
{
	struct place *p = *state;

	store_close(p->store);
	kit_remove(p->dir);
	free(p);
	return 0;
}

bool place_has(const char *path, const char *suffix)
{
	char name[PLACE_PATH + 16];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return access(name, F_OK) == 0;
}

void place_bans(const char *path, enum store_mode mode, const char *expected)
{
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};
	struct store *s = kit_open(path, mode);

	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, expected);
	store_close(s);
}
