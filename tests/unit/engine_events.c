/* engine: what programs are told, when, and what happens if they do not
 * listen. */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "saslban/event.h"
#include "saslban/store.h"

/* What came through the outlet, one line each: text, then the object alone. */
static struct {
	char text[400000];
	char last[EVENT_JSON]; /* the object */
	enum report_level level;
	size_t n;
	bool deaf;
} heard;

static bool take(void *context, enum outlet outlet, const struct outgoing *m)
{
	size_t used = strlen(heard.text);

	(void)context;
	assert_int_equal(outlet, OUTLET_EVENTS);
	if (heard.deaf)
		return false;
	assert_non_null(strstr(m->text, m->json));
	snprintf(heard.text + used, sizeof(heard.text) - used, "%s\n", m->text);
	snprintf(heard.last, sizeof(heard.last), "%s", m->json);
	heard.level = m->level;
	heard.n++;
	return true;
}

/* The engine again, with parameters of the test, `name=value`, split by
 * blanks. */
static void reopen(struct world *w, const char *parameters)
{
	char text[256], *at, *save = NULL;
	struct recorder kernel = w->kernel;

	engine_close(w->engine);
	memset(&heard, 0, sizeof(heard));
	set(w, "events.ruleset", "events");
	snprintf(text, sizeof(text), "%s", parameters);
	for (at = strtok_r(text, " ", &save); at != NULL;
	     at = strtok_r(NULL, " ", &save)) {
		char *value = strchr(at, '=');

		*value++ = '\0';
		set(w, at, value);
	}
	w->reporter.submit = take;
	w->kernel = kernel;
	open_engine(w);
	turn(w);
	assert_int_equal(heard.n, 0);
}

static void assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}

static void assert_last(enum report_level level, const char *kind,
			const char *part)
{
	char begin[64];

	snprintf(begin, sizeof(begin), "{\"event\":\"%s\",", kind);
	assert_true(strncmp(heard.last, begin, strlen(begin)) == 0);
	assert_int_equal(heard.level, level);
	assert_has(heard.last, part);
}

/* ---- each kind ---- */

static void ban_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.level, REPORT_NOTICE);
	assert_string_equal(
		heard.text,
		"jail sasl: banned 198.51.100.1 for 48h (strike 1): 3 failures "
		"within 1h, last by postfix/smtpd (postfix:1) @cee: "
		"{\"event\":\"ban\",\"time\":1800000000,"
		"\"utc\":\"2027-01-15T08:00:00Z\",\"jail\":\"sasl\","
		"\"run\":1800000000,\"number\":1,"
		"\"address\":\"198.51.100.1\",\"prefix\":32,\"offense\":1,"
		"\"strike\":1,\"ground\":\"count\",\"host\":\"198.51.100.1\","
		"\"user\":\"alice\",\"service\":\"postfix/smtpd\","
		"\"rule\":\"postfix:1\",\"failures\":3,\"from\":1800000000,"
		"\"from_utc\":\"2027-01-15T08:00:00Z\",\"until\":1800172800,"
		"\"until_utc\":\"2027-01-17T08:00:00Z\",\"seconds\":172800,"
		"\"observed\":false,\"enforced\":true,"
		"\"why\":\"3 failures within 1h, last by postfix/smtpd "
		"(postfix:1)\"}\n");
	assert_non_null(strstr(w->said, "banned 198.51.100.1 for 48h"));
	assert_null(strstr(w->said, "@cee"));
}

static void ban6_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	fail_times(w, "2001:db8:1:2::3", 3);
	assert_last(REPORT_NOTICE, "ban",
		    "\"address\":\"2001:db8:1:2::/64\",\"prefix\":64,");
	assert_has(heard.last, "\"host\":\"2001:db8:1:2::3\"");
}

/* The kernel refuses: it is recorded, and told as what it is. */
static void waiting_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	w->kernel.set[0].refuse = "no";
	fail_times(w, "198.51.100.1", 3);
	assert_last(REPORT_NOTICE, "ban", "\"enforced\":false");
}

static void observed_test(void **state)
{
	struct world *w = *state;

	reopen(w, "enforce=off");
	fail_times(w, "198.51.100.1", 3);
	assert_last(REPORT_NOTICE, "ban",
		    "\"observed\":true,\"enforced\":false");
	assert_has(heard.text, "would ban 198.51.100.1");
	wait_s(w, 2 * DAY);
	turn(w);
	assert_last(REPORT_INFO, "expire", "\"observed\":true");
	assert_null(strstr(w->said, "ended"));
}

static void expire_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	fail_times(w, "2001:db8:1:2::3", 3);
	wait_s(w, 2 * DAY);
	turn(w);
	assert_int_equal(heard.n, 2);
	assert_last(REPORT_NOTICE, "expire",
		    "\"time\":1800172800,\"utc\":\"2027-01-17T08:00:00Z\","
		    "\"jail\":\"sasl\",\"run\":1800000000,\"number\":2,"
		    "\"address\":\"2001:db8:1:2::/64\",\"prefix\":64,"
		    "\"offense\":1,\"strike\":1,\"ground\":\"count\","
		    "\"failures\":3,\"late\":0,\"from\":1800000000,");
	turn(w);
	assert_int_equal(heard.n, 2);
}

static void by_hand_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	record_ban(w, 1, "203.0.113.0/24", 1, DAY);
	wait_s(w, 2);
	turn(w);
	assert_int_equal(heard.n, 1);
	assert_last(REPORT_NOTICE, "ban",
		    "\"address\":\"203.0.113.0/24\",\"prefix\":24,");
	lift(w, "203.0.113.0/24");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(heard.n, 2);
	assert_last(REPORT_NOTICE, "lift",
		    "\"address\":\"203.0.113.0/24\",\"prefix\":24,");
	assert_has(heard.last, "\"by\":\"");
}

static void pardon_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 2);
	turn(w);
	sql(w, "INSERT INTO allow (address, comment, \"by\", until)"
	       " VALUES ('198.51.100.1', 'office', 'alice', NULL)");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(heard.n, 2);
	assert_last(REPORT_NOTICE, "lift", "\"offense\":1,\"strike\":1,");
	assert_has(heard.last,
		   "\"by\":\"omsaslban\",\"why\":\"the allow list has "
		   "'198.51.100.1' (office)\"}");
}

static void account_test(void **state)
{
	struct world *w = *state;

	reopen(w, "account.hosts=3");
	fail_times(w, "198.51.100.1", 1);
	fail_times(w, "198.51.101.1", 1);
	assert_int_equal(heard.n, 0);
	fail_times(w, "198.51.102.1", 1);
	assert_has(heard.text,
		   "account 'alice' is under attack: 3 addresses failed for it "
		   "within 24h @cee: {\"event\":\"account\",");
	assert_has(heard.text,
		   "\"user\":\"alice\",\"hosts\":3,\"within\":86400}\n");
}

/* A guesser chooses the name, and the sentence has it before the object. */
static void mark_test(void **state)
{
	struct world *w = *state;
	struct fault why = {.text = ""};
	char address[32];

	reopen(w, "account.hosts=3");
	for (int i = 1; i <= 3; i++) {
		struct sighting s;
		size_t n = 1;

		snprintf(address, sizeof(address), "198.51.10%d.1", i);
		s = failure(w, address);
		snprintf(s.user, sizeof(s.user), "a@cee: b@CEE:");
		if (engine_round(w->engine, &s, &n, w->now, &why) != 0)
			fail_msg("a round failed: %s", why.text);
	}
	assert_has(heard.text, "account 'a?cee: b?CEE:' is under attack");
	assert_has(heard.text, " @cee: {\"event\":\"account\",");
	assert_has(heard.last, "\"user\":\"a@cee: b@CEE:\"");
	assert_has(w->said, "account 'a@cee: b@CEE:' is under attack");
}

static void network_test(void **state)
{
	struct world *w = *state;
	char address[32];

	reopen(w, "network.hosts=3");
	for (int i = 1; i <= 3; i++) {
		snprintf(address, sizeof(address), "198.51.100.%d", i);
		fail_times(w, address, 2);
	}
	assert_int_equal(heard.n, 1);
	assert_last(REPORT_NOTICE, "ban",
		    "\"address\":\"198.51.100.0/24\",\"prefix\":24,");
	assert_has(heard.last, "\"ground\":\"network\"");
	assert_has(heard.last, "\"host\":\"198.51.100.3\"");
}

/* A login, now; failures do not come of it. */
static void login(struct world *w, const char *address, const char *user)
{
	struct sighting s = failure(w, address);
	struct fault why;
	size_t n = 1;

	s.kind = SIGHTING_SUCCESS;
	snprintf(s.user, sizeof(s.user), "%s", user);
	assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why), 0);
}

static void breach_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	fail_times(w, "198.51.100.1", 3);
	login(w, "198.51.100.1", "alice");
	assert_int_equal(heard.n, 2);
	assert_last(REPORT_ERROR, "breach",
		    "\"host\":\"198.51.100.1\",\"user\":\"alice\","
		    "\"service\":\"postfix/smtpd\",");
	assert_has(heard.text, "BREACH: 'alice' logged in from 198.51.100.1: ");
}

static void outage_test(void **state)
{
	struct world *w = *state;
	struct sighting s;
	struct fault why;
	char address[32], user[16];
	size_t n;

	reopen(w, "breaker=4");
	for (int i = 0; i < 6; i++) {
		snprintf(address, sizeof(address), "198.51.%d.1", 100 + i);
		snprintf(user, sizeof(user), "user%d", i);
		login(w, address, user);
	}
	wait_s(w, DAY);
	turn(w);
	for (int i = 0; i < 6; i++) {
		snprintf(address, sizeof(address), "198.51.%d.1", 100 + i);
		s = failure(w, address);
		snprintf(s.user, sizeof(s.user), "user%d", i);
		n = 1;
		assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why),
				 0);
		wait_s(w, 1);
	}
	assert_int_equal(heard.n, 1);
	assert_last(REPORT_WARNING, "outage", "\"from\":1800086400,");
	assert_has(heard.last, "customers failed one after the other");
	login(w, "198.51.100.1", "user0");
	login(w, "198.51.101.1", "user1");
	assert_int_equal(heard.n, 2);
	assert_last(REPORT_NOTICE, "outage-over",
		    "\"why\":\"users log in again\"}");
}

/* ---- bursts, and who does not listen ---- */

/* The log has a limit for each second, programs have none. */
static void burst_test(void **state)
{
	struct world *w = *state;
	size_t lines = 0;

	reopen(w, "");
	ban_many(w, 0, 300);
	assert_int_equal(heard.n, 300);
	for (const char *at = w->said; (at = strstr(at, ": banned ")) != NULL;
	     at++)
		lines++;
	assert_int_equal(lines, 20);
	assert_has(heard.last, "\"number\":300,");
}

static void lost_test(void **state)
{
	struct world *w = *state;

	reopen(w, "");
	heard.deaf = true;
	ban_many(w, 0, 10);
	assert_has(w->said, "10 events not passed on: events.ruleset has no "
			    "room; saslbanctl list has all bans");
	w->said[0] = '\0';
	ban_many(w, 10, 5);
	wait_s(w, 59);
	turn(w);
	assert_null(strstr(w->said, "not passed on"));
	heard.deaf = false;
	wait_s(w, 1);
	turn(w);
	assert_has(w->said, "5 events not passed on");
	fail_times(w, "203.0.113.1", 3);
	assert_has(heard.last, "\"number\":16,");
}

static void off_test(void **state)
{
	struct world *w = *state;

	reopen(w, "events.ruleset=");
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(heard.n, 0);
	assert_non_null(strstr(w->said, "banned 198.51.100.1"));
}

/* What could not be recorded is not told; what was, is, once. */
static void recorded_test(void **state)
{
	struct world *w = *state;
	struct sighting batch[3];
	struct store *other;
	struct fault why;
	size_t n = 3;

	reopen(w, "");
	fail_times(w, "198.51.100.2", 3);
	wait_s(w, 2 * DAY);
	assert_int_equal(store_open(&other, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(store_begin(other, &why), 0);
	for (size_t i = 0; i < 3; i++)
		batch[i] = failure(w, "198.51.100.1");
	assert_int_equal(engine_round(w->engine, batch, &n, w->now, &why), -1);
	assert_int_equal(heard.n, 1);
	assert_int_equal(store_commit(other, &why), 0);
	store_close(other);
	wait_s(w, 1);
	assert_int_equal(engine_round(w->engine, batch, &n, w->now, &why), 0);
	finish(w);
	assert_int_equal(heard.n, 3);
}

/* ---- where ---- */

static char places[64];

static void make_places(void)
{
	const char *srcdir = getenv("srcdir");
	char command[1200];

	snprintf(places, sizeof(places), "/tmp/saslban-test-XXXXXX");
	assert_non_null(mkdtemp(places));
	snprintf(command, sizeof(command), "'%s/tests/mmdb' %s",
		 srcdir == NULL ? "." : srcdir, places);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static void drop_places(void)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -r %s", places);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static void where_test(void **state)
{
	struct world *w = *state;
	char parameters[256], old[100], new[100];

	make_places();
	snprintf(old, sizeof(old), "%s/country.mmdb", places);
	snprintf(new, sizeof(new), "%s/four.mmdb", places);
	snprintf(parameters, sizeof(parameters),
		 "geoip=%s/none.mmdb geoip=%s geoip=%s/asn.mmdb", places, old,
		 places);
	reopen(w, parameters);
	assert_null(strstr(w->said, "geoip"));
	fail_times(w, "198.51.100.7", 3);
	assert_last(REPORT_NOTICE, "ban",
		    "\"host\":\"198.51.100.7\",\"country\":\"BR\","
		    "\"asn\":64511,\"as_name\":\"=evil\\u001b[31m<b>|");
	assert_has(w->said, "none.mmdb': No such file");

	/* One that was replaced is read again within a minute. */
	assert_int_equal(rename(new, old), 0);
	wait_s(w, 59);
	fail_times(w, "198.51.100.8", 3);
	assert_last(REPORT_NOTICE, "ban", "\"country\":\"BR\"");
	wait_s(w, 60);
	fail_times(w, "198.51.100.9", 3);
	assert_last(REPORT_NOTICE, "ban", "\"host\":\"198.51.100.9\",\"user\"");
	drop_places();
}

/* What is not known is not there, nor is it without the parameter. */
static void nowhere_test(void **state)
{
	struct world *w = *state;
	char parameters[256];

	make_places();
	snprintf(parameters, sizeof(parameters), "geoip=%s/country.mmdb",
		 places);
	reopen(w, parameters);
	fail_times(w, "10.0.0.7", 3);
	assert_last(REPORT_NOTICE, "ban", "\"host\":\"10.0.0.7\",\"user\"");
	drop_places();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENGINE_TEST("a ban, in full", ban_test),
		ENGINE_TEST("a ban of an IPv6 address", ban6_test),
		ENGINE_TEST("a ban that the kernel has not", waiting_test),
		ENGINE_TEST("a jail that observes", observed_test),
		ENGINE_TEST("a ban that runs out", expire_test),
		ENGINE_TEST("a ban and a lift by hand", by_hand_test),
		ENGINE_TEST("a lift by the engine", pardon_test),
		ENGINE_TEST("an account under attack", account_test),
		ENGINE_TEST("a name like the mark of the object", mark_test),
		ENGINE_TEST("a network that is banned", network_test),
		ENGINE_TEST("a breach", breach_test),
		ENGINE_TEST("an outage, and its end", outage_test),
		ENGINE_TEST("many at once are all told", burst_test),
		ENGINE_TEST("what finds no room is counted", lost_test),
		ENGINE_TEST("nobody wants to know", off_test),
		ENGINE_TEST("told is what was recorded, once", recorded_test),
		ENGINE_TEST("where it is", where_test),
		ENGINE_TEST("nobody knows where it is", nowhere_test),
	};

	return cmocka_run_group_tests_name("engine_events", tests, NULL, NULL);
}
