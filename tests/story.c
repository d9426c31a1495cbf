/*
 * story: a database in which a jail has seen what standard input tells.
 *
 * usage: story DATABASE NOW [PARAMETER=VALUE ...] <LINES
 *
 * A line is `OFFSET WHAT ADDRESS USER SERVICE [GUESS]`, by blanks, in the order
 * of the times, which are NOW and an offset in seconds; WHAT is failure,
 * doubtful, success or trouble, `-` stands for nothing. The verdicts are those
 * of the judge. A database that is there goes on, as after a restart.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/jail.h"
#include "saslban/judge.h"
#include "saslban/store.h"

struct what {
	const char *word;
	enum sighting_kind kind;
	enum sighting_sort sort;
};

static const struct what kinds[] = {
	{"failure", SIGHTING_FAILURE, SIGHTING_CLEAR},
	{"doubtful", SIGHTING_FAILURE, SIGHTING_DOUBTFUL},
	{"success", SIGHTING_SUCCESS, SIGHTING_CLEAR},
	{"trouble", SIGHTING_TROUBLE, SIGHTING_CLEAR},
};

struct story {
	struct settings settings;
	struct store *store;
	struct judge *judge;
	int64_t now;
	int64_t jail;
};

static void die(const char *text)
{
	fprintf(stderr, "story: %s\n", text);
	exit(1);
}

static void take_setting(struct story *s, char *word)
{
	char *value = strchr(word, '=');
	struct fault why;

	if (value == NULL)
		die(word);
	*value++ = '\0';
	if (settings_set(&s->settings, word, value, &why) < 0)
		die(why.text);
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s",
		 from == NULL || strcmp(from, "-") == 0 ? "" : from);
}

static void take_what(struct sighting *s, const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, word) == 0) {
			s->kind = kinds[i].kind;
			s->sort = kinds[i].sort;
			return;
		}
	die(word);
}

static struct sighting take_line(const struct story *story, char *line)
{
	struct sighting s = {.count = 1};
	char *word[6];

	for (size_t i = 0; i < 6; i++)
		word[i] = strtok(i == 0 ? line : NULL, " \n");
	if (word[4] == NULL)
		die("a line is too short");
	s.arrived = s.reported = story->now + strtoll(word[0], NULL, 10);
	take_what(&s, word[1]);
	if (strcmp(word[2], "-") != 0 &&
	    address_parse(word[2], strlen(word[2]), &s.address) < 0)
		die(word[2]);
	copy(s.user, sizeof(s.user), word[3]);
	copy(s.service, sizeof(s.service), word[4]);
	copy(s.guess, sizeof(s.guess), word[5]);
	copy(s.rule, sizeof(s.rule), "story:1");
	return s;
}

static void tell(struct story *s, FILE *file)
{
	static struct offense fresh[1 + JUDGE_FRESH];
	struct fault why;
	char line[512];
	size_t n;

	while (fgets(line, sizeof(line), file) != NULL) {
		struct sighting seen = take_line(s, line);
		struct moment now = {.wall = seen.arrived,
				     .boot = seen.arrived};

		if (judge_batch(s->judge, &seen, 1, now, fresh, &n, &why) < 0)
			die(why.text);
	}
	if (judge_upkeep(s->judge,
			 (struct moment){.wall = s->now, .boot = s->now}, true,
			 fresh, &n, &why) < 0)
		die(why.text);
}

int main(int argc, char **argv)
{
	struct story s = {.store = NULL};
	struct fault why;

	if (argc < 3) {
		fputs("usage: story DATABASE NOW [PARAMETER=VALUE...]\n",
		      stderr);
		return 2;
	}
	settings_init(&s.settings);
	s.now = strtoll(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++)
		take_setting(&s, argv[i]);
	if (settings_check(&s.settings, &why) < 0 ||
	    store_open(&s.store, argv[1], STORE_CREATE, &why) < 0 ||
	    store_begin(s.store, &why) < 0 ||
	    jail_put(s.store, &s.settings, s.now, &s.jail, &why) < 0 ||
	    store_commit(s.store, &why) < 0 ||
	    judge_open(&s.judge, &s.settings, NULL, s.store, s.jail,
		       (struct moment){.wall = s.now}, &why) < 0)
		die(why.text);
	tell(&s, stdin);
	judge_close(s.judge);
	store_close(s.store);
	return 0;
}
