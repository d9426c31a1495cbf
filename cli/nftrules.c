/* nftrules: see nftrules.h. */
#include "nftrules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ruleset.h"

enum {
	DEPTH = 16, /* chains that call each other */
	NAME = 128,
	LINE = 1024 /* of one rule; the rest is not looked at */
};

/* Without its indentation. */
static bool next_line(const char **at, const char *end, char line[LINE])
{
	const char *stop, *from;

	if (*at >= end)
		return false;
	stop = memchr(*at, '\n', (size_t)(end - *at));
	if (stop == NULL)
		stop = end;
	for (from = *at; from < stop && isspace((unsigned char)*from);)
		from++;
	snprintf(line, LINE, "%.*s", (int)(stop - from), from);
	*at = stop + (stop < end);
	return true;
}

/* ---- ports ---- */

/* `25`, `{ 25, 140-150 }`, `map { 25 : 10.0.0.2, 80 : 10.0.0.3 }` */
static bool names_mail_port(const char *ports)
{
	if (strncmp(ports, "map ", 4) == 0)
		ports += 4;
	while (ports != NULL) {
		unsigned long first, last;
		char *end;

		ports += strspn(ports, "{, ");
		first = last = strtoul(ports, &end, 10);
		if (end == ports)
			return false;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (ruleset_is_mail_port(first, last))
			return true;
		ports = strchr(end, ',');
	}
	return false;
}

/* Tables and targets of the other family. */
static const char *const others[ENFORCER_SETS][2] = {
	[ENFORCER_V4] = {"table ip6 ", "dnat ip6 "},
	[ENFORCER_V6] = {"table ip ", "dnat ip "},
};

static void find_forwards(struct nftrules *out, const char *text,
			  const char *end, enum enforcer_set which)
{
	const char *table = others[which][0];
	char line[LINE];
	bool other = false;

	while (!out->forwards && next_line(&text, end, line)) {
		const char *port = strstr(line, " dport ");

		if (strncmp(line, "table ", 6) == 0)
			other = strncmp(line, table, strlen(table)) == 0;
		if (other || port == NULL || strstr(line, "dnat ") == NULL ||
		    strstr(line, others[which][1]) != NULL ||
		    !names_mail_port(port + strlen(" dport ")))
			continue;
		out->forwards = true;
		snprintf(out->dnat, sizeof(out->dnat), "%.*s",
			 NFTRULES_RULE - 1, line);
	}
}

/* ---- chains ---- */

struct block {
	const char *at;
	const char *end;
};

/* What stands behind the line `head {`, to the line that closes it, which is
 * indented as deep. */
static bool find_block(struct block *out, const struct block *in,
		       const char *indent, const char *head)
{
	char begin[NAME + 16], close[8];
	const char *at;

	snprintf(begin, sizeof(begin), "\n%s%.*s {\n", indent, NAME, head);
	snprintf(close, sizeof(close), "\n%s}\n", indent);
	at = strstr(in->at, begin);
	if (at == NULL || at >= in->end)
		return false;
	out->at = at + strlen(begin) - 1;
	out->end = strstr(out->at, close);
	return out->end != NULL && out->end <= in->end;
}

static bool asks(const char *line, const char *set)
{
	size_t len = strlen(set);

	for (const char *at = strchr(line, '@'); at != NULL;
	     at = strchr(at + 1, '@'))
		if (strncmp(at + 1, set, len) == 0 &&
		    (at[1 + len] == ' ' || at[1 + len] == '\0'))
			return strstr(at, " drop") != NULL ||
			       strstr(at, " reject") != NULL ||
			       strstr(at, " jump ") != NULL ||
			       strstr(at, " goto ") != NULL;
	return false;
}

static bool chain_asks(const struct block *table, const char *name,
		       const char *set, int depth)
{
	char head[NAME], line[LINE];
	struct block chain;

	snprintf(head, sizeof(head), "chain %s", name);
	if (depth > DEPTH || !find_block(&chain, table, "\t", head))
		return false;
	while (next_line(&chain.at, chain.end, line)) {
		char target[NAME - 8];
		const char *call = strstr(line, "jump ");

		if (call == NULL)
			call = strstr(line, "goto ");
		if (asks(line, set))
			return true;
		if (call != NULL && sscanf(call + 5, "%119s", target) == 1 &&
		    chain_asks(table, target, set, depth + 1))
			return true;
	}
	return false;
}

static bool passes_forwarded(const char *line)
{
	static const char *const hooks[] = {"hook prerouting ", "hook ingress ",
					    "hook forward "};

	if (strncmp(line, "type filter ", 12) != 0)
		return false;
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (strstr(line, hooks[i]) != NULL)
			return true;
	return false;
}

static bool table_asks(const struct block *table, const char *set)
{
	const char *at = table->at;
	char line[LINE], name[NAME - 8] = "";

	while (next_line(&at, table->end, line)) {
		if (sscanf(line, "chain %119s", name) == 1)
			continue;
		if (passes_forwarded(line) && chain_asks(table, name, set, 0))
			return true;
	}
	return false;
}

void nftrules_read(struct nftrules *out, const char *text, const char *set,
		   enum enforcer_set which)
{
	const struct block all = {text, text + strlen(text)};
	struct block table;

	memset(out, 0, sizeof(*out));
	find_forwards(out, all.at, all.end, which);
	if (strncmp(text, "table inet saslban {\n", 21) == 0)
		table = (struct block){text + 20, strstr(text, "\n}\n")};
	else if (!find_block(&table, &all, "", "table inet saslban"))
		return;
	if (table.end != NULL)
		out->asked = table_asks(&table, set);
}
