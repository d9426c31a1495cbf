/* judge: what the store is told, and when; and what is remembered after a
 * restart. */
#include "judgekit.h"
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char parameters[] =
	"maxretry=3;findtime=1h;bantime=48h;bantime=8d;forget=32d;"
	"known.maxretry=10;known.window=30d;repeat.window=1d;"
	"account.hosts=4;account.window=1d;account.grace=2m;"
	"network.hosts=0;breaker=3;breach=report";

/* As somebody else sees it: how often it was written to. */
struct watcher {
	struct store *store;
	int64_t version;
	unsigned writes;
};

static void watch(struct watcher *w, const struct trial *t)
{
	*w = (struct watcher){.store = kit_open(t->path, STORE_READ)};
	assert_int_equal(store_version(w->store, &w->version, NULL), 0);
}

/* True when it was written to since. */
static bool look(struct watcher *w)
{
	int64_t now;
	bool changed;

	assert_int_equal(store_version(w->store, &now, NULL), 0);
	changed = now != w->version;
	w->version = now;
	w->writes += changed;
	return changed;
}

/* ---- logins ---- */

/* Somebody new each second. */
static void few_writes_test(void **state)
{
	struct trial t;
	struct watcher w;
	char user[32];

	(void)state;
	trial_open(&t, parameters);
	watch(&w, &t);
	for (int i = 0; i < 60; i++) {
		snprintf(user, sizeof(user), "user%d", i);
		trial_login(&t, "192.0.2.1", user);
		(void)look(&w);
		trial_wait(&t, 1);
		(void)look(&w);
	}
	assert_in_range(w.writes, 60 / 6, 60 / 5);
	trial_upkeep(&t, true);
	TRIAL(&t, "SELECT count(*) FROM login", "60\n");
	store_close(w.store);
	trial_close(&t);
}

static void again_test(void **state)
{
	struct trial t;
	struct watcher w;

	(void)state;
	trial_open(&t, parameters);
	trial_login(&t, "192.0.2.1", "bob");
	trial_wait(&t, 5);
	watch(&w, &t);
	for (int i = 0; i < 3590; i += 10) {
		trial_login(&t, "192.0.2.1", "bob");
		trial_wait(&t, 10);
	}
	assert_false(look(&w));
	trial_wait(&t, 10);
	trial_login(&t, "192.0.2.1", "bob");
	trial_wait(&t, 5);
	assert_true(look(&w));
	TRIAL(&t, "SELECT user, last - first FROM login", "bob|3605\n");
	store_close(w.store);
	trial_close(&t);
}

static void trouble_test(void **state)
{
	const struct sighting x = {.kind = SIGHTING_TROUBLE,
				   .arrived = NOW,
				   .reported = NOW,
				   .count = 1};
	struct trial t;
	struct watcher w;

	(void)state;
	trial_open(&t, parameters);
	watch(&w, &t);
	for (int i = 0; i < 100; i++)
		assert_false(trial_one(&t, &x));
	assert_false(look(&w));
	store_close(w.store);
	trial_close(&t);
}

/* What waits when rsyslogd stops is written. */
static void last_login_test(void **state)
{
	struct trial t;

	(void)state;
	trial_open(&t, parameters);
	trial_login(&t, "192.0.2.1", "bob");
	trial_restart(&t);
	TRIAL(&t, "SELECT user FROM login", "bob\n");
	assert_int_equal(
		memory_customers(
			judge_memory(t.judge),
			&(struct address){ADDRESS_V4, 32, {192, 0, 2, 1}}, NOW),
		1);
	trial_close(&t);
}

static void forgiven_test(void **state)
{
	struct trial t;

	(void)state;
	trial_open(&t, parameters);
	assert_false(trial_fail(&t, "192.0.2.1", "bob"));
	assert_false(trial_fail(&t, "192.0.2.1", "eve"));
	assert_false(trial_fail(&t, "192.0.2.2", "bob"));
	trial_wait(&t, 20);
	trial_login(&t, "192.0.2.1", "Bob");
	TRIAL(&t, "SELECT host, verdict FROM failure",
	      "192.0.2.1|forgiven\n192.0.2.1|counted\n192.0.2.2|counted\n");
	trial_close(&t);
}

/* ---- breaches ---- */

static void break_in(struct trial *t)
{
	trial_wait(t, 60);
	trial_login(t, "198.51.100.1", "eve");
}

static void breach_test(void **state)
{
	struct trial t;

	(void)state;
	trial_open(&t, parameters);
	for (int i = 0; i < 2; i++) {
		trial_fail(&t, "198.51.100.1", i == 0 ? "bob" : "joe");
		trial_wait(&t, 60);
	}
	break_in(&t);
	assert_string_equal(t.said,
			    "BREACH: 'eve' logged in from 198.51.100.1: the "
			    "address failed for 2 other accounts within 1h\n");
	break_in(&t);
	assert_string_equal(t.said, "");
	trial_restart(&t);
	break_in(&t);
	assert_string_equal(t.said, "");
	TRIAL(&t, "SELECT user, host, count, last - at, kind FROM breach",
	      "eve|198.51.100.1|3|120|others\n");
	/* She is no customer by that, and nobody was banned. */
	TRIAL(&t, "SELECT count(*) FROM login", "0\n");
	TRIAL(&t, "SELECT count(*) FROM offense", "0\n");
	trial_close(&t);
}

static void breach_ban_test(void **state)
{
	struct trial t;

	(void)state;
	trial_open(&t, parameters);
	t.settings.policy.breach_ban = true;
	trial_fail(&t, "198.51.100.1", "bob");
	trial_fail(&t, "198.51.100.1", "joe");
	break_in(&t);
	TRIAL(&t, "SELECT address, ground, why FROM offense",
	      "198.51.100.1|breach|it guessed the password of 'eve'\n");
	break_in(&t); /* he is banned already */
	TRIAL(&t, "SELECT count(*) FROM offense", "1\n");
	trial_close(&t);
}

/* ---- observe ---- */

static void observe_test(void **state)
{
	struct trial t;

	(void)state;
	trial_open(&t, parameters);
	t.settings.enforce = false;
	trial_restart(&t);
	for (int i = 0; i < 3; i++)
		trial_fail(&t, "192.0.2.1", i == 0 ? "a" : i == 1 ? "b" : "c");
	TRIAL(&t, "SELECT strike, observed FROM offense", "1|1\n");
	t.settings.enforce = true;
	trial_wait(&t, 3 * 86400);
	trial_restart(&t);
	for (int i = 0; i < 3; i++)
		trial_fail(&t, "192.0.2.1", i == 0 ? "a" : i == 1 ? "b" : "c");
	TRIAL(&t, "SELECT strike, observed FROM offense", "1|1\n1|0\n");
	trial_close(&t);
}

/* ---- a transaction that fails ---- */

/* Nothing of the batch is there, and a judge that is opened anew knows of
 * none. */
static void failed_test(void **state)
{
	struct sighting batch[3];
	struct offense fresh[3 + JUDGE_FRESH];
	struct fault why;
	struct trial t;
	size_t n;

	(void)state;
	trial_open(&t, parameters);
	for (int i = 0; i < 3; i++)
		batch[i] = trial_line(&t, SIGHTING_FAILURE, "192.0.2.1",
				      i == 0   ? "a"
				      : i == 1 ? "b"
					       : "c");
	free(trial_ask(&t, "ALTER TABLE offense RENAME TO gone"));
	assert_int_equal(judge_batch(t.judge, batch, 3, t.now, fresh, &n, &why),
			 -1);
	assert_int_equal(n, 0);
	free(trial_ask(&t, "ALTER TABLE gone RENAME TO offense"));
	TRIAL(&t, "SELECT count(*) FROM failure", "0\n");
	trial_restart(&t);
	assert_int_equal(trial_judge(&t, batch, 2, fresh), 0);
	assert_int_equal(trial_judge(&t, batch + 2, 1, fresh), 1);
	trial_close(&t);
}

/* ---- after a restart ---- */

enum { LINES = 700 };

/* All that can be asked about the address and the user of a line. */
struct answer {
	struct history history;
	struct entrance entrance;
	unsigned account_hosts, customers, neighbours;
	struct signs signs;
};

static void ask(struct trial *t, const struct sighting *s, struct answer *out)
{
	struct memory *m = judge_memory(t->judge);
	struct address a = settings_offender(&t->settings, &s->address);
	struct trace trace = {.address = a,
			      .user = s->user,
			      .service = s->service,
			      .session = s->session,
			      .count = s->count,
			      .at = t->now.wall};

	memset(out, 0, sizeof(*out));
	memory_recall(m, &trace, t->now.wall, &out->history);
	memory_recall_login(m, &a, s->user, 0, t->now.wall, &out->entrance);
	out->account_hosts = memory_account_hosts(m, s->user, t->now.wall);
	out->customers = memory_customers(m, &a, t->now.wall);
	out->neighbours = memory_neighbours(m, &a, t->now.wall);
	memory_signs(m, t->now.wall, &out->signs);
	if (!out->signs.open)
		out->signs.again = out->signs.opened = 0;
	/* When an outage last was seen matters while there is one. */
	if (!out->signs.open)
		out->signs.last = out->signs.logins = 0;
}

static void remembered_test(void **state)
{
	static struct answer before[LINES];
	struct sighting *line = traffic(5, NOW, LINES);
	struct answer after;
	struct trial t;

	(void)state;
	assert_non_null(line);
	trial_open(&t, parameters);
	for (size_t i = 0; i < LINES; i++) {
		if (line[i].arrived > t.now.wall)
			trial_wait(&t, line[i].arrived - t.now.wall);
		(void)trial_one(&t, &line[i]);
	}
	for (size_t i = 0; i < LINES; i++)
		ask(&t, &line[i], &before[i]);
	trial_restart(&t);
	for (size_t i = 0; i < LINES; i++) {
		ask(&t, &line[i], &after);
		if (memcmp(&after, &before[i], sizeof(after)) != 0)
			fail_msg("line %zu: %d %d %lld %u %u", i,
				 memcmp(&after.history, &before[i].history,
					sizeof(after.history)),
				 memcmp(&after.entrance, &before[i].entrance,
					sizeof(after.entrance)),
				 (long long)(after.history.failures -
					     before[i].history.failures),
				 after.account_hosts, before[i].account_hosts);
	}
	free(line);
	trial_close(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_writes_test),
		cmocka_unit_test(again_test),
		cmocka_unit_test(trouble_test),
		cmocka_unit_test(last_login_test),
		cmocka_unit_test(forgiven_test),
		cmocka_unit_test(breach_test),
		cmocka_unit_test(breach_ban_test),
		cmocka_unit_test(observe_test),
		cmocka_unit_test(failed_test),
		cmocka_unit_test(remembered_test),
	};

	return cmocka_run_group_tests_name("judge_memory", tests, NULL, NULL);
}
