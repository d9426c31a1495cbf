/* event: each kind as JSON, byte for byte. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/event.h"

#define V4                                                                    \
	{                                                                     \
		.family = ADDRESS_V4, .prefix = 32, .bytes = { 192, 0, 2, 1 } \
	}
#define NET6                                                   \
	{                                                      \
		.family = ADDRESS_V6, .prefix = 64, .bytes = { \
			0x20,                                  \
			0x01,                                  \
			0x0d,                                  \
			0xb8,                                  \
			0,                                     \
			0,                                     \
			0,                                     \
			7                                      \
		}                                              \
	}
#define HOST6                                                   \
	{                                                       \
		.family = ADDRESS_V6, .prefix = 128, .bytes = { \
			0x20,                                   \
			0x01,                                   \
			0x0d,                                   \
			0xb8,                                   \
			0,                                      \
			0,                                      \
			0,                                      \
			7,                                      \
			[15] = 5                                \
		}                                               \
	}

/* 1800000000 is 2027-01-15T08:00:00Z: date -u -d @1800000000. */
#define WHICH .jail = "sasl", .run = 1799999999, .number = 7, .at = 1800000000
#define WHICH_JSON                                              \
	"\"time\":1800000000,\"utc\":\"2027-01-15T08:00:00Z\"," \
	"\"jail\":\"sasl\",\"run\":1799999999,\"number\":7,"

/* Whose it is and what for; how long it is meant to be. */
#define OFFENDER(id, who, nth, what) \
	.offense = (id), .address = who, .strike = (nth), .ground = (what)
#define LASTS(begin, end, length) \
	.from = (begin), .until = (end), .seconds = (length)

struct json_row {
	const char *title;
	struct event event;
	const char *json;
};

static const struct json_row json_rows[] = {
	{"a ban",
	 {.kind = EVENT_BAN,
	  WHICH,
	  OFFENDER(12, V4, 2, GROUND_COUNT),
	  LASTS(1800000000, 1800172800, 172800),
	  .enforced = true,
	  .failures = 3,
	  .host = V4,
	  .user = "bob@example.org",
	  .service = "postfix/smtpd",
	  .rule = "postfix:1",
	  .late = 5,
	  .dropped = {9, 9},
	  .why = "3 failures"},
	 "{\"event\":\"ban\"," WHICH_JSON
	 "\"address\":\"192.0.2.1\",\"prefix\":32,\"offense\":12,"
	 "\"strike\":2,\"ground\":\"count\",\"host\":\"192.0.2.1\","
	 "\"user\":\"bob@example.org\",\"service\":\"postfix/smtpd\","
	 "\"rule\":\"postfix:1\",\"failures\":3,\"from\":1800000000,"
	 "\"from_utc\":\"2027-01-15T08:00:00Z\",\"until\":1800172800,"
	 "\"until_utc\":\"2027-01-17T08:00:00Z\",\"seconds\":172800,"
	 "\"observed\":false,\"enforced\":true,\"why\":\"3 failures\"}"},
	{"a ban of somebody who is somewhere",
	 {.kind = EVENT_BAN,
	  WHICH,
	  OFFENDER(12, V4, 1, GROUND_COUNT),
	  LASTS(1800000000, 1800003600, 3600),
	  .host = V4,
	  .country = "DE",
	  .asn = 4294967295,
	  .as_name = "a\"b\033",
	  .why = "x"},
	 "{\"event\":\"ban\"," WHICH_JSON
	 "\"address\":\"192.0.2.1\",\"prefix\":32,\"offense\":12,"
	 "\"strike\":1,\"ground\":\"count\",\"host\":\"192.0.2.1\","
	 "\"country\":\"DE\",\"asn\":4294967295,"
	 "\"as_name\":\"a\\\"b\\u001b\",\"failures\":0,"
	 "\"from\":1800000000,\"from_utc\":\"2027-01-15T08:00:00Z\","
	 "\"until\":1800003600,\"until_utc\":\"2027-01-15T09:00:00Z\","
	 "\"seconds\":3600,\"observed\":false,\"enforced\":false,"
	 "\"why\":\"x\"}"},
	{"a ban for ever of a network, by hand, of which no failure is known",
	 {.kind = EVENT_BAN,
	  WHICH,
	  OFFENDER(13, NET6, 1, GROUND_PERSON),
	  LASTS(1800000000, DURATION_FOREVER, DURATION_FOREVER),
	  .observed = true,
	  .why = "by root: spam"},
	 "{\"event\":\"ban\"," WHICH_JSON
	 "\"address\":\"2001:db8:0:7::/64\",\"prefix\":64,\"offense\":13,"
	 "\"strike\":1,\"ground\":\"person\",\"failures\":0,"
	 "\"from\":1800000000,\"from_utc\":\"2027-01-15T08:00:00Z\","
	 "\"until\":null,\"until_utc\":null,\"seconds\":null,"
	 "\"observed\":true,\"enforced\":false,\"why\":\"by root: spam\"}"},
	{"a lift",
	 {.kind = EVENT_LIFT,
	  WHICH,
	  OFFENDER(12, V4, 2, GROUND_TRAP),
	  LASTS(1799999000, 1800171800, 172800),
	  .failures = 1,
	  .late = 4,
	  .dropped = {10, 640},
	  .user = "not told",
	  .by = "alice",
	  .why = "asked \"nicely\""},
	 "{\"event\":\"lift\"," WHICH_JSON
	 "\"address\":\"192.0.2.1\",\"prefix\":32,\"offense\":12,"
	 "\"strike\":2,\"ground\":\"trap\",\"failures\":1,\"late\":4,"
	 "\"from\":1799999000,\"from_utc\":\"2027-01-15T07:43:20Z\","
	 "\"until\":1800171800,\"until_utc\":\"2027-01-17T07:43:20Z\","
	 "\"seconds\":172800,\"observed\":false,\"packets\":10,\"bytes\":640,"
	 "\"by\":\"alice\",\"why\":\"asked \\\"nicely\\\"\"}"},
	{"a ban that ran out",
	 {.kind = EVENT_EXPIRE,
	  WHICH,
	  OFFENDER(12, V4, 1, GROUND_NETWORK),
	  LASTS(1799996400, 1800000000, 3600),
	  .failures = 16,
	  .why = "16 addresses"},
	 "{\"event\":\"expire\"," WHICH_JSON
	 "\"address\":\"192.0.2.1\",\"prefix\":32,\"offense\":12,"
	 "\"strike\":1,\"ground\":\"network\",\"failures\":16,\"late\":0,"
	 "\"from\":1799996400,\"from_utc\":\"2027-01-15T07:00:00Z\","
	 "\"until\":1800000000,\"until_utc\":\"2027-01-15T08:00:00Z\","
	 "\"seconds\":3600,\"observed\":false,\"packets\":0,\"bytes\":0,"
	 "\"why\":\"16 addresses\"}"},
	{"a breach",
	 {.kind = EVENT_BREACH,
	  WHICH,
	  .host = HOST6,
	  .user = "\033[31mb\xc3\xb6"
		  "b\n\xff",
	  .service = "dovecot",
	  .breach = "guessed",
	  .failures = 4,
	  .why = "4 failures before"},
	 "{\"event\":\"breach\"," WHICH_JSON
	 "\"breach\":\"guessed\",\"host\":\"2001:db8:0:7::5\","
	 "\"user\":\"\\u001b[31mb\xc3\xb6"
	 "b\\u000a\\ufffd\","
	 "\"service\":\"dovecot\",\"failures\":4,"
	 "\"why\":\"4 failures before\"}"},
	{"a breach seen later, of which the service is not known",
	 {.kind = EVENT_BREACH,
	  WHICH,
	  .host = V4,
	  .user = "bob",
	  .breach = "hindsight",
	  .why = "went on"},
	 "{\"event\":\"breach\"," WHICH_JSON
	 "\"breach\":\"hindsight\",\"host\":\"192.0.2.1\",\"user\":\"bob\","
	 "\"failures\":0,\"why\":\"went on\"}"},
	{"an account under attack",
	 {.kind = EVENT_ACCOUNT,
	  WHICH,
	  .user = "bob",
	  .hosts = 10,
	  .within = 86400},
	 "{\"event\":\"account\"," WHICH_JSON
	 "\"user\":\"bob\",\"hosts\":10,\"within\":86400}"},
	{"an outage",
	 {.kind = EVENT_OUTAGE,
	  WHICH,
	  .from = 1799999400,
	  .why = "4 customers failed"},
	 "{\"event\":\"outage\"," WHICH_JSON
	 "\"from\":1799999400,\"from_utc\":\"2027-01-15T07:50:00Z\","
	 "\"why\":\"4 customers failed\"}"},
	{"the end of one",
	 {.kind = EVENT_OUTAGE_OVER, WHICH, .why = "users log in again"},
	 "{\"event\":\"outage-over\"," WHICH_JSON
	 "\"why\":\"users log in again\"}"},
};

static void json_test(void **state)
{
	const struct json_row *r = *state;
	char out[EVENT_JSON];

	assert_true(event_json(&r->event, out));
	assert_string_equal(out, r->json);
}

/* Whatever the bytes, it fits, and a log line takes it. */
static void longest_test(void **state)
{
	struct event e = {.kind = EVENT_BREACH, .at = INT64_MAX - 1};
	char out[EVENT_JSON];

	(void)state;
	e.run = e.number = INT64_MIN;
	e.breach = "hindsight";
	for (int kind = EVENT_BAN; kind < EVENT_KINDS; kind++) {
		e.kind = (enum event_kind)kind;
		memset(e.jail, '\001', sizeof(e.jail) - 1);
		memset(e.user, '\377', sizeof(e.user) - 1);
		memset(e.service, '\001', sizeof(e.service) - 1);
		memset(e.rule, '\001', sizeof(e.rule) - 1);
		memset(e.why, '\001', sizeof(e.why) - 1);
		memset(e.as_name, '\001', sizeof(e.as_name) - 1);
		memset(e.by, '\001', sizeof(e.by) - 1);
		assert_true(event_json(&e, out));
		assert_true(strlen(out) > 0);
	}
}

/* `KIND MEMBER` or `KIND MEMBER?` for one that it need not have: for the test
 * that compares manual and schema. */
static void list(void)
{
	const char *name;
	bool always;

	for (int kind = EVENT_BAN; kind < EVENT_KINDS; kind++)
		for (size_t i = 0; (name = event_member((enum event_kind)kind,
							i, &always)) != NULL;
		     i++)
			printf("%s %s%s\n", event_word((enum event_kind)kind),
			       name, always ? "" : "?");
}

static const struct CMUnitTest singles[] = {
	{"the longest texts fit", longest_test, NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	if (argc > 1 && strcmp(argv[1], "members") == 0) {
		list();
		return 0;
	}
	ROWS(tests, n, json_rows, json_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("event", tests, n, NULL, NULL);
}
