/* storekit: see storekit.h. */
#include "storekit.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"

struct store *kit_open(const char *path, enum store_mode mode)
{
	struct fault why = {FAULT_NONE, ""};
	struct store *s = NULL;

	if (store_open(&s, path, mode, &why) < 0)
		fail_msg("%s", why.text);
	return s;
}

struct store *kit_memory(void)
{
	return kit_open(":memory:", STORE_CREATE);
}

struct address kit_address(const char *text)
{
	struct address a;

	if (address_parse(text, strlen(text), &a) < 0)
		fail_msg("'%s' is no address", text);
	return a;
}

int64_t kit_jail(struct store *s, const char *name, const char *set)
{
	static struct settings settings;
	int64_t id = 0;

	settings_init(&settings);
	assert_int_equal(settings_set(&settings, "name", name, NULL), 0);
	assert_int_equal(settings_set(&settings, "set", set, NULL), 0);
	WRITE(s, jail_put(s, &settings, NOW, &id, &write_why));
	assert_int_not_equal(id, 0);
	return id;
}

int64_t kit_ban(struct store *s, int64_t jail, const char *address, int64_t at,
		int64_t until)
{
	struct offense o = {.jail = jail,
			    .address = kit_address(address),
			    .strike = 1,
			    .at = at,
			    .until = until,
			    .failures = 3,
			    .why = "a test"};

	WRITE(s, offense_add(s, &o, &write_why));
	return o.id;
}

int64_t kit_observed(struct store *s, int64_t jail, const char *address,
		     int64_t at, int64_t until)
{
	struct offense o = {.jail = jail,
			    .address = kit_address(address),
			    .strike = 1,
			    .at = at,
			    .until = until,
			    .observed = true};

	WRITE(s, offense_add(s, &o, &write_why));
	return o.id;
}

void kit_held(struct store *s, const char *set, const char *address,
	      int64_t until)
{
	struct address a = kit_address(address);

	WRITE(s, entry_held(s, set, &a, until, &write_why));
}

size_t kit_lift(struct store *s, int64_t jail, const char *address, int64_t now)
{
	struct address a = kit_address(address);
	size_t n = 99;

	WRITE(s, offense_lift(s, jail, &a, now, "alice", "a mistake", false, &n,
			      &write_why));
	return n;
}

void kit_failure(struct store *s, int64_t jail, const char *host, int64_t at,
		 unsigned count)
{
	struct failure f = {.jail = jail,
			    .host = kit_address(host),
			    .user = "bob",
			    .service = "postfix/smtpd",
			    .mech = "LOGIN",
			    .rule = "postfix:1",
			    .at = at,
			    .count = count};

	f.address =
		address_mask(&f.host, f.host.family == ADDRESS_V4 ? 32 : 64);
	WRITE(s, failure_add(s, &f, &write_why));
}

void kit_stats(struct store *s, int64_t jail, const char *filter, int64_t lines)
{
	struct filter_stats stats = {
		.jail = jail,
		.lines = lines,
		.unmatched = lines,
		.example = "postfix/smtpd: login failed for *"};
	struct rule_stats rule = {
		.jail = jail, .kind = "failure", .regex = "^a$"};

	snprintf(stats.filter, sizeof(stats.filter), "%s", filter);
	snprintf(rule.filter, sizeof(rule.filter), "%s", filter);
	snprintf(rule.name, sizeof(rule.name), "%.60s:1", filter);
	WRITE(s, stats_filter_add(s, &stats, NOW, &write_why));
	WRITE(s, stats_rule_add(s, &rule, NOW, &write_why));
}

struct wanted {
	int64_t id;
	struct offense found;
};

static int find(void *context, const struct offense *o)
{
	struct wanted *w = context;

	if (o->id == w->id)
		w->found = *o;
	return 0;
}

struct offense kit_offense(struct store *s, int64_t id)
{
	struct offense_query all = {.jail = 0};
	struct wanted w = {.id = id};

	assert_int_equal(offense_each(s, &all, find, &w, NULL), 0);
	assert_int_equal(w.found.id, id);
	return w.found;
}

static char *print_offset(int64_t at, char out[32])
{
	if (at == DURATION_FOREVER)
		snprintf(out, 32, "forever");
	else if (at == 0)
		snprintf(out, 32, "-");
	else
		snprintf(out, 32, "%+" PRId64, at - NOW);
	return out;
}

static char *print_entry(const struct entry *e, char out[80])
{
	char wanted[32], held[32];

	snprintf(out, 80, "%s/%s", print_offset(e->wanted, wanted),
		 print_offset(e->held, held));
	return out;
}

const char *kit_entry(struct store *s, const char *set, const char *address,
		      char out[KIT_TEXT])
{
	struct address a = kit_address(address);
	struct entry e;
	bool found;

	assert_int_equal(entry_get(s, set, &a, &e, &found, NULL), 0);
	if (!found)
		return "none";
	assert_string_equal(e.set, set);
	assert_true(address_equal(&e.address, &a));
	return print_entry(&e, out);
}

const char *kit_due(struct store *s, const char *set, enum entry_due which,
		    int64_t horizon, char out[KIT_TEXT])
{
	struct entry due[16];
	char address[ADDRESS_TEXT], times[80];
	size_t n = 99, end = 0;

	assert_int_equal(
		entry_due(s, set, which, NOW, horizon, NULL, due, 16, &n, NULL),
		0);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		end += (size_t)snprintf(out + end, KIT_TEXT - end, "%s%s %s",
					i == 0 ? "" : ", ",
					address_print(&due[i].address, address),
					print_entry(&due[i], times));
	return out;
}

int kit_see_offense(void *context, const struct offense *o)
{
	struct kit_seen *seen = context;
	size_t end = strlen(seen->text);
	char text[ADDRESS_TEXT];

	snprintf(seen->text + end, KIT_TEXT - end, "%s%s", end == 0 ? "" : " ",
		 address_print(&o->address, text));
	return ++seen->n == seen->stop_after ? 42 : 0;
}

char *kit_dir(char out[KIT_DIR])
{
	snprintf(out, KIT_DIR, "/tmp/saslban-store-XXXXXX");
	assert_non_null(mkdtemp(out));
	return out;
}

void kit_remove(const char *dir)
{
	char path[KIT_DIR + 300];
	struct dirent *entry;
	DIR *d;

	(void)chmod(dir, 0700);
	d = opendir(dir);
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			assert_int_equal(remove(path), 0);
	}
	closedir(d);
	assert_int_equal(rmdir(dir), 0);
}

void kit_child_exit(bool fine)
{
	_exit(fine ? 0 : 1);
}

bool kit_child_fine(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
