/* backup: whole copies of a database that is in use. */
#include "placekit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "saslban/backup.h"
#include "saslban/jail.h"

static bool copied(const char *path, int64_t jail)
{
	struct store *s = kit_open(path, STORE_READ);
	bool copied;

	assert_int_equal(jail_copied(s, jail, &copied, NULL), 0);
	store_close(s);
	return copied;
}

/* A copy says that it is one, until somebody has seen that. */
static void copied_test(void **state)
{
	struct place *p = *state;
	struct store *s;

	assert_int_equal(backup_write(p->store, p->other, NULL, NULL), 0);
	assert_false(copied(p->path, p->jail));
	assert_true(copied(p->other, p->jail));
	s = kit_open(p->other, STORE_CREATE);
	WRITE(s, jail_seen_copied(s, p->jail, &write_why));
	store_close(s);
	assert_false(copied(p->other, p->jail));
}

static void whole_test(void **state)
{
	struct place *p = *state;
	struct fault why;
	struct stat st;

	if (backup_write(p->store, p->other, NULL, &why) < 0)
		fail_msg("%s", why.text);
	place_bans(p->other, STORE_READ, "198.51.100.1");
	assert_int_equal(stat(p->other, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	/* A single file, and nothing of how it was made. */
	assert_false(place_has(p->other, "-wal") ||
		     place_has(p->other, "-shm") || place_has(p->other, "~") ||
		     place_has(p->other, "-journal"));
}

/* Some steps' worth of bans that are over. */
static void fill(struct place *p)
{
	assert_int_equal(store_begin(p->store, NULL), 0);
	for (int i = 0; i < 60000; i++) {
		struct offense o = {.jail = p->jail,
				    .strike = 1,
				    .at = NOW - 1000,
				    .until = NOW - 500,
				    .ended = NOW - 500};
		char text[32];

		snprintf(text, sizeof(text), "10.%d.%d.%d", i >> 16,
			 i >> 8 & 255, i & 255);
		o.address = kit_address(text);
		assert_int_equal(offense_add(p->store, &o, NULL), 0);
	}
	assert_int_equal(store_commit(p->store, NULL), 0);
}

struct writing {
	struct place *place;
	unsigned n;
};

/* Another connection bans while the copy is made. */
static int write_more(void *context, size_t done, size_t total)
{
	struct writing *w = context;
	struct store *s = kit_open(w->place->path, STORE_WRITE);
	char address[32];

	assert_true(done <= total);
	snprintf(address, sizeof(address), "203.0.113.%u", ++w->n);
	kit_ban(s, w->place->jail, address, NOW, NOW + 100);
	store_close(s);
	return 0;
}

static void busy_test(void **state)
{
	struct place *p = *state;
	struct writing w = {p, 0};
	struct backup_progress progress = {write_more, &w};
	struct fault why;

	fill(p);
	if (backup_write(p->store, p->other, &progress, &why) < 0)
		fail_msg("%s", why.text);
	assert_true(w.n > 2);
	{
		struct offense_query q = {.running = true, .now = NOW};
		struct kit_seen seen = {"", 0, 0};
		struct store *s = kit_open(p->other, STORE_READ);

		assert_int_equal(
			offense_each(s, &q, kit_see_offense, &seen, NULL), 0);
		assert_string_equal(seen.text, "198.51.100.1");
		store_close(s);
	}
}

static int give_up(void *context, size_t done, size_t total)
{
	(void)context;
	(void)done;
	(void)total;
	return 1;
}

/* What was there before stays. */
static void given_up_test(void **state)
{
	struct place *p = *state;
	struct backup_progress progress = {give_up, NULL};

	assert_int_equal(backup_write(p->store, p->other, NULL, NULL), 0);
	kit_ban(p->store, p->jail, "198.51.100.2", NOW, NOW + 100);
	assert_int_equal(backup_write(p->store, "/nowhere/copy", NULL, NULL),
			 -1);
	fill(p);
	assert_int_equal(backup_write(p->store, p->other, &progress, NULL), -1);
	assert_false(place_has(p->other, "~"));
	place_bans(p->other, STORE_READ, "198.51.100.1");
}

static int note(void *context, const char *path)
{
	char *text = context;

	strcat(text, strrchr(path, '/') + 1);
	strcat(text, " ");
	return 0;
}

static void put(const struct place *p, const char *name)
{
	char path[PLACE_PATH + 64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", p->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
}

static void names_test(void **state)
{
	struct place *p = *state;
	char name[BACKUP_PATH], text[512] = "";
	size_t n;

	backup_name(p->dir, p->path, NOW, name);
	assert_string_equal(strrchr(name, '/'), "/a.db-20231114T221320Z");
	assert_string_equal(strrchr(backup_directory(p->path, name), '/'),
			    "/backup");
	assert_string_equal(backup_directory("b.db", name), "backup");
	put(p, "a.db-20231114T221320Z");
	put(p, "a.db-20240101T000000Z");
	put(p, "a.db-20230101T000000Z");
	/* Not ours. */
	put(p, "a.db-20230101T000000Z~");
	put(p, "a.db-yesterday");
	put(p, "b.db-20230101T000000Z");
	backup_name(p->dir, p->path, NOW, name);
	assert_string_equal(strrchr(name, '/'), "/a.db-20231114T221321Z");
	assert_int_equal(backup_each(p->dir, p->path, note, text, NULL), 0);
	assert_string_equal(text, "a.db-20240101T000000Z a.db-20231114T221320Z "
				  "a.db-20230101T000000Z ");
	assert_int_equal(backup_keep(p->dir, p->path, 2, &n, NULL), 0);
	assert_int_equal(n, 1);
	text[0] = '\0';
	assert_int_equal(backup_each(p->dir, p->path, note, text, NULL), 0);
	assert_string_equal(text,
			    "a.db-20240101T000000Z a.db-20231114T221320Z ");
	assert_true(place_has(p->dir, "/a.db-yesterday"));
	assert_int_equal(backup_each("/nowhere", p->path, note, text, NULL), 0);
}

static const struct CMUnitTest tests[] = {
	PLACE_TEST("a copy is whole, and a single file", whole_test),
	PLACE_TEST("a copy says that it is one", copied_test),
	PLACE_TEST("under writers: what was there when it began", busy_test),
	PLACE_TEST("one that fails leaves what was there", given_up_test),
	PLACE_TEST("names", names_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
