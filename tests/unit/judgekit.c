/* judgekit: see judgekit.h. */
#include "judgekit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/jail.h"
#include "store/connection.h"

static void set_all(struct settings *s, const char *text)
{
	struct fault why = {.text = ""};
	char item[128], *value;
	size_t len;

	settings_init(s);
	for (; *text != '\0'; text += len + (text[len] == ';')) {
		len = strcspn(text, ";");
		assert_true(len < sizeof(item));
		snprintf(item, sizeof(item), "%.*s", (int)len, text);
		value = strchr(item, '=');
		assert_non_null(value);
		*value = '\0';
		if (settings_set(s, item, value + 1, &why) < 0)
			fail_msg("%s", why.text);
	}
	if (settings_check(s, &why) < 0)
		fail_msg("%s", why.text);
}

static void begin(struct trial *c)
{
	struct fault why = {.text = ""};

	c->store = kit_open(c->path, STORE_CREATE);
	sqlite3_exec(c->store->db, "PRAGMA synchronous = OFF", NULL, NULL,
		     NULL); /* no power cut is tried */
	WRITE(c->store, jail_put(c->store, &c->settings, c->now.wall, &c->jail,
				 &write_why));
	if (judge_open(&c->judge, &c->settings, NULL, c->store, c->jail, c->now,
		       &why) < 0)
		fail_msg("%s", why.text);
}

static void end(struct trial *c)
{
	judge_close(c->judge);
	store_close(c->store);
}

void trial_open(struct trial *c, const char *parameters)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->path, sizeof(c->path), "%s/a.db", kit_dir(c->dir));
	set_all(&c->settings, parameters);
	c->now = (struct moment){.wall = NOW, .boot = 1000};
	begin(c);
}

void trial_close(struct trial *c)
{
	end(c);
	kit_remove(c->dir);
}

void trial_restart(struct trial *c)
{
	trial_upkeep(c, true);
	end(c);
	begin(c);
}

struct sighting trial_line(const struct trial *c, enum sighting_kind kind,
			   const char *address, const char *user)
{
	struct sighting s = {
		.kind = kind,
		.arrived = c->now.wall,
		.reported = c->now.wall,
		.count = 1,
		.service = "postfix/smtpd",
		.rule = "postfix:1",
	};

	if (address[0] != '\0')
		s.address = kit_address(address);
	snprintf(s.user, sizeof(s.user), "%s", user);
	return s;
}

static void hear(struct trial *c)
{
	enum report_level level;
	const char *text;
	size_t used = 0;

	c->said[0] = '\0';
	for (size_t i = 0; judge_news(c->judge, i, &level, &text); i++)
		used += (size_t)snprintf(c->said + used, sizeof(c->said) - used,
					 "%s\n", text);
	assert_true(used < sizeof(c->said));
}

size_t trial_judge(struct trial *c, const struct sighting *batch, size_t n,
		   struct offense *fresh)
{
	struct fault why = {.text = ""};
	size_t began;

	if (judge_batch(c->judge, batch, n, c->now, fresh, &began, &why) < 0)
		fail_msg("%s", why.text);
	hear(c);
	return began;
}

bool trial_one(struct trial *c, const struct sighting *s)
{
	return trial_judge(c, s, 1, c->fresh) > 0;
}

bool trial_fail(struct trial *c, const char *address, const char *user)
{
	struct sighting s = trial_line(c, SIGHTING_FAILURE, address, user);

	return trial_one(c, &s);
}

void trial_login(struct trial *c, const char *address, const char *user)
{
	struct sighting s = trial_line(c, SIGHTING_SUCCESS, address, user);

	(void)trial_one(c, &s);
}

void trial_upkeep(struct trial *c, bool all)
{
	struct fault why = {.text = ""};
	size_t began;

	if (judge_upkeep(c->judge, c->now, all, c->fresh, &began, &why) < 0)
		fail_msg("%s", why.text);
	hear(c);
}

void trial_wait(struct trial *c, int64_t seconds)
{
	c->now.wall += seconds;
	c->now.boot += seconds;
	trial_upkeep(c, false);
}

char *trial_ask(struct trial *c, const char *sql)
{
	sqlite3_stmt *q = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (sqlite3_prepare_v2(c->store->db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(c->store->db));
	while (sqlite3_step(q) == SQLITE_ROW)
		for (int i = 0, n = sqlite3_column_count(q); i < n; i++) {
			const unsigned char *value = sqlite3_column_text(q, i);

			fprintf(out, "%s%c",
				value == NULL ? "-" : (const char *)value,
				i + 1 < n ? '|' : '\n');
		}
	sqlite3_finalize(q);
	fclose(out);
	return text;
}
