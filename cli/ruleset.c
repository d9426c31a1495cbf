/* ruleset: see ruleset.h. */
#include "ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS = 64, /* of one rule; the rest is not looked at */
	DEPTH = 16, /* chains that call each other */
	NAME = 64
};

struct line {
	const char *at;
	size_t len;
};

struct table_of_rules {
	const char *text; /* behind `*filter`; NULL: there is no such table */
	const char *end;
	const char *const *set;
};

/* ---- lines and words ---- */

static bool next_line(const char **at, const char *end, struct line *out)
{
	const char *stop;

	if (*at >= end)
		return false;
	stop = memchr(*at, '\n', (size_t)(end - *at));
	if (stop == NULL)
		stop = end;
	*out = (struct line){*at, (size_t)(stop - *at)};
	*at = stop + (stop < end);
	return true;
}

static bool line_begins(const struct line *l, const char *text)
{
	size_t n = strlen(text);

	return l->len >= n && memcmp(l->at, text, n) == 0;
}

/* A rule's words, cut apart. */
struct rule {
	char text[1024];
	char *word[WORDS + 1]; /* ends with NULL */
	size_t words;
};

static void split(struct rule *r, const struct line *l)
{
	char *rest = r->text;
	char *word;

	snprintf(r->text, sizeof(r->text), "%.*s", (int)l->len, l->at);
	r->words = 0;
	while (r->words < WORDS && (word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0')
			r->word[r->words++] = word;
	r->word[r->words] = NULL;
}

/* The word behind one of these options; NULL, also when it is negated. */
static const char *value(const struct rule *r, const char *option,
			 const char *other)
{
	for (size_t i = 0; i + 1 < r->words; i++) {
		if (strcmp(r->word[i], option) != 0 &&
		    (other == NULL || strcmp(r->word[i], other) != 0))
			continue;
		if (i > 0 && strcmp(r->word[i - 1], "!") == 0)
			return NULL;
		return r->word[i + 1];
	}
	return NULL;
}

/* ---- what a rule is ---- */

static const char *const mail_ports[] = {"25",  "465", "587", "110",
					 "995", "143", "993", "4190"};

bool ruleset_is_mail_port(unsigned long first, unsigned long last)
{
	for (size_t i = 0; i < sizeof(mail_ports) / sizeof(mail_ports[0]);
	     i++) {
		unsigned long port = strtoul(mail_ports[i], NULL, 10);

		if (port >= first && port <= last)
			return true;
	}
	return false;
}

/* `25`, `25,465,900:1000` */
static bool has_mail_port(const char *ports)
{
	while (ports != NULL && *ports != '\0') {
		char *end;
		unsigned long first = strtoul(ports, &end, 10);
		unsigned long last = first;

		if (*end == ':')
			last = strtoul(end + 1, &end, 10);
		if (ruleset_is_mail_port(first, last))
			return true;
		ports = *end == ',' ? end + 1 : NULL;
	}
	return false;
}

static bool to_mail(const struct rule *r)
{
	return has_mail_port(value(r, "--dport", "--dports"));
}

static bool names_set(const struct rule *r, const char *const *set)
{
	for (size_t i = 0; i + 2 < r->words; i++) {
		if (strcmp(r->word[i], "--match-set") != 0 ||
		    strncmp(r->word[i + 2], "src", 3) != 0 ||
		    (i > 0 && strcmp(r->word[i - 1], "!") == 0))
			continue;
		for (int k = 0; k < RULESET_SETS; k++)
			if (set[k] != NULL &&
			    strcmp(r->word[i + 1], set[k]) == 0)
				return true;
	}
	return false;
}

static bool is_established(const struct rule *r)
{
	const char *state = value(r, "--ctstate", "--state");

	return state != NULL && strstr(state, "ESTABLISHED") != NULL;
}

/* An ACCEPT of all, or of all TCP: nothing is asked. */
static bool is_plain(const struct rule *r)
{
	const char *protocol = value(r, "-p", NULL);

	/* -A CHAIN -j ACCEPT; and -p tcp, with or without its -m tcp */
	return r->words == 4 ||
	       (protocol != NULL && strcmp(protocol, "tcp") == 0 &&
		(r->words == 6 ||
		 (r->words == 8 && value(r, "-m", NULL) != NULL &&
		  strcmp(value(r, "-m", NULL), "tcp") == 0)));
}

/* ---- the way of a packet ---- */

struct walk {
	const struct table_of_rules *table;
	bool established; /* these two: such an accept was passed */
	bool accepted;
	char before[RULESET_RULE];
	enum ruleset_place place; /* RULESET_NONE: not decided */
};

static bool has_chain(const struct table_of_rules *t, const char *name)
{
	char head[NAME + 3];
	struct line l;

	snprintf(head, sizeof(head), ":%.*s ", NAME, name);
	for (const char *at = t->text;
	     at != NULL && next_line(&at, t->end, &l);)
		if (line_begins(&l, head))
			return true;
	return false;
}

static void note_before(struct walk *w, const struct line *l)
{
	snprintf(w->before, sizeof(w->before), "%.*s", (int)l->len, l->at);
}

/* Does the target keep packets away? One's own chain is taken for that, as it
 * is hardly there for anything else. */
static bool is_block(const struct walk *w, const char *target)
{
	return strcmp(target, "DROP") == 0 || strcmp(target, "REJECT") == 0 ||
	       strcmp(target, "TARPIT") == 0 || has_chain(w->table, target);
}

static void walk_chain(struct walk *w, const char *chain, int depth);

static void walk_rule(struct walk *w, const struct line *l, int depth)
{
	const char *target;
	struct rule r = {.words = 0};

	split(&r, l);
	target = value(&r, "-j", "-g");
	if (target == NULL)
		return;
	if (names_set(&r, w->table->set)) {
		if (is_block(w, target))
			w->place = w->accepted      ? RULESET_ACCEPTED
				   : w->established ? RULESET_ESTABLISHED
						    : RULESET_FIRST;
	} else if (strcmp(target, "ACCEPT") != 0) {
		if (has_chain(w->table, target))
			walk_chain(w, target, depth + 1);
	} else if (is_established(&r)) {
		if (!w->established && !w->accepted)
			note_before(w, l);
		w->established = true;
	} else if (!w->accepted && (to_mail(&r) || is_plain(&r))) {
		note_before(w, l);
		w->accepted = true;
	}
}

static void walk_chain(struct walk *w, const char *chain, int depth)
{
	char head[NAME + 5];
	struct line l;

	if (depth > DEPTH)
		return;
	snprintf(head, sizeof(head), "-A %.*s ", NAME, chain);
	for (const char *at = w->table->text;
	     w->place == RULESET_NONE && next_line(&at, w->table->end, &l);)
		if (line_begins(&l, head))
			walk_rule(w, &l, depth);
}

/* ---- tables ---- */

static void find_table(struct table_of_rules *t, const char *text,
		       const char *name)
{
	const char *end = text + strlen(text);
	char head[NAME];
	struct line l;

	t->text = NULL;
	t->end = end;
	snprintf(head, sizeof(head), "*%s", name);
	for (const char *at = text; next_line(&at, end, &l);) {
		if (t->text != NULL && line_begins(&l, "COMMIT")) {
			t->end = l.at;
			return;
		}
		if (t->text == NULL && l.len == strlen(head) &&
		    line_begins(&l, head))
			t->text = at;
	}
}

struct station {
	const char *table;
	const char *chain;
};

static const struct station to_input[] = {{"raw", "PREROUTING"},
					  {"mangle", "PREROUTING"},
					  {"mangle", "INPUT"},
					  {"filter", "INPUT"},
					  {NULL, NULL}};
static const struct station to_forward[] = {{"raw", "PREROUTING"},
					    {"mangle", "PREROUTING"},
					    {"mangle", "FORWARD"},
					    {"filter", "FORWARD"},
					    {NULL, NULL}};

/* An ACCEPT in an early table says nothing about the later ones. */
static enum ruleset_place travel(const char *text,
				 const struct station *station,
				 const char *const *set,
				 char before[RULESET_RULE])
{
	struct walk w = {.place = RULESET_NONE};
	struct table_of_rules t = {.set = set};

	before[0] = '\0';
	for (; station->table != NULL; station++) {
		w = (struct walk){.table = &t};
		find_table(&t, text, station->table);
		if (t.text != NULL)
			walk_chain(&w, station->chain, 0);
		if (w.place != RULESET_NONE)
			break;
	}
	if (w.place != RULESET_NONE && w.place != RULESET_FIRST)
		memcpy(before, w.before, RULESET_RULE);
	return w.place;
}

static void find_forwards(struct ruleset *out, const char *text)
{
	struct table_of_rules t;
	const char *target;
	struct line l;
	struct rule r = {.words = 0};

	find_table(&t, text, "nat");
	for (const char *at = t.text;
	     at != NULL && next_line(&at, t.end, &l);) {
		split(&r, &l);
		target = value(&r, "-j", NULL);
		if (out->forwards || target == NULL ||
		    strcmp(target, "DNAT") != 0 || !to_mail(&r))
			continue;
		out->forwards = true;
		snprintf(out->dnat, sizeof(out->dnat), "%.*s", (int)l.len,
			 l.at);
	}
}

void ruleset_read(struct ruleset *out, const char *text,
		  const char *const set[RULESET_SETS])
{
	struct table_of_rules filter;
	char unused[RULESET_RULE];

	memset(out, 0, sizeof(*out));
	out->input = travel(text, to_input, set, out->before);
	out->forward = travel(text, to_forward, set, unused);
	find_forwards(out, text);
	find_table(&filter, text, "filter");
	out->docker = has_chain(&filter, "DOCKER-USER");
}
