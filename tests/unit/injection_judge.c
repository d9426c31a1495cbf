/*
 * injection_judge: a sender's text, logged as its server does, and judged.
 *
 * What the filters may find is the line's true address and the verdict that the
 * line has without all this, or nothing.
 */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "injection.h"

/* ---- one record ---- */

/* What one jail makes of it. A mode other than the usual one may also take a
 * line that is innocent otherwise, but by its own address alone. */
static enum sighting_kind ask(const struct trial *trial,
			      const struct injection_jail *jail,
			      struct logline *line)
{
	const struct injection_template *t = trial->template;
	struct sighting s = {.kind = SIGHTING_NOTHING};
	char shown[ADDRESS_TEXT] = "";
	const char *truth = t->truth == NULL ? "" : t->truth;

	if (filter_match(jail->filter, jail->scratch, line, &s) ==
	    SIGHTING_NOTHING)
		return SIGHTING_NOTHING;
	if (s.address.family != ADDRESS_NONE)
		address_print(&s.address, shown);
	if (s.kind == t->kind && strcmp(shown, truth) == 0 &&
	    (s.sort == t->sort || jail != &trial->j->shipped))
		return s.kind;
	if (jail != &trial->j->shipped && s.kind == SIGHTING_FAILURE &&
	    (strcmp(shown, INJECTION_TRUE4) == 0 ||
	     strcmp(shown, INJECTION_TRUE6) == 0))
		return s.kind;
	fail_msg("%s: %s found '%s' (verdict %d) in: %.*s", t->title, s.rule,
		 shown, (int)s.kind, (int)line->text.len, line->text.at);
	return SIGHTING_NOTHING;
}

/* A filter that is told that a proxy overwrites a header does not judge lines
 * in which the sender wrote it. */
static bool out_of_place(const struct trial *trial,
			 const struct injection_jail *jail)
{
	return jail != &trial->j->shipped &&
	       strcmp(trial->j->spec[jail - trial->j->mode],
		      "sogo[proxy=set]") == 0 &&
	       strncmp(trial->template->title, "sogo: forwarding header", 23) ==
		       0;
}

static enum sighting_kind judge(const struct trial *trial, const char *text,
				size_t len)
{
	struct logline line = {.arrived = 1800000000, .reported = 1800000000};
	char host[32];

	/* Each attack is a host's of its own: none begins in the shadow of the
	 * one before. */
	line.host.at = host;
	line.host.len = (size_t)snprintf(host, sizeof(host), "h%zu",
					 trial->j->combinations);
	logline_cut(&line, text, len);
	for (size_t i = 0; i < trial->j->modes; i++)
		if (!out_of_place(trial, &trial->j->mode[i]))
			(void)ask(trial, &trial->j->mode[i], &line);
	return ask(trial, &trial->j->shipped, &line);
}

static enum sighting_kind record(const struct trial *trial, const char *mark,
				 const char *message, size_t len)
{
	int n = snprintf(trial->j->text, sizeof(trial->j->text), "%s%s%.*s",
			 trial->template->tag, mark, (int)len, message);

	return judge(trial, trial->j->text, (size_t)n);
}

/* ---- a line to records; each gives what the first one gave ---- */

static enum sighting_kind split_courier(const struct trial *trial,
					const char *message, size_t len)
{
	static const char *const severity[] = {
		"ERR:", "WARN:", "ALERT:", "CRIT:", "DEBUG:", "INFO:"};
	size_t n =
		len < INJECTION_COURIER_FIRST ? len : INJECTION_COURIER_FIRST;
	enum sighting_kind kind = record(trial, "", message, n);

	for (message += n, len -= n; len > 0; message += n, len -= n) {
		size_t skip = 0;

		n = len < INJECTION_COURIER ? len : INJECTION_COURIER;
		for (size_t i = 0; i < 6 && skip == 0; i++)
			if (strncmp(message, severity[i],
				    strlen(severity[i])) == 0)
				skip = strlen(severity[i]);
		while (skip < n && message[skip] == ' ')
			skip++;
		(void)record(trial, "", message + skip, n - skip);
	}
	return kind;
}

static enum sighting_kind split_exim(const struct trial *trial,
				     const char *message, size_t len)
{
	size_t parts = (len + INJECTION_EXIM - 1) / INJECTION_EXIM;
	enum sighting_kind all = SIGHTING_NOTHING;

	if (parts < 2)
		return record(trial, "", message, len);
	for (size_t i = 0; i < parts; i++) {
		size_t n = len < INJECTION_EXIM ? len : INJECTION_EXIM;
		enum sighting_kind kind;
		char mark[32];

		snprintf(mark, sizeof(mark), "[%zu/%zu] ", i + 1, parts);
		kind = record(trial, mark, message, n);
		all = kind != SIGHTING_NOTHING ? kind : all;
		message += n;
		len -= n;
	}
	return all;
}

static enum sighting_kind split_lines(const struct trial *trial,
				      const char *message)
{
	size_t n = strcspn(message, "\n");
	enum sighting_kind kind = record(trial, "", message, n);

	while (message[n] != '\0') {
		message += n + 1;
		n = strcspn(message, "\n");
		(void)record(trial, "", message, n);
	}
	return kind;
}

/* ---- one attack ---- */

enum sighting_kind injection_strike(const struct trial *trial,
				    const char *field, size_t limit)
{
	const struct injection_template *t = trial->template;
	const char *mark = strchr(t->message, INJECTION_FIELD[0]);
	size_t n = (size_t)(mark - t->message), rest = strlen(mark + 1);
	char *line = trial->j->line;

	memcpy(line, t->message, n);
	n += t->write(line + n, INJECTION_LONGEST - n - rest - 1, field);
	memcpy(line + n, mark + 1, rest);
	n += rest;
	if (t->cut > 0 && n > t->cut)
		n = t->cut;
	if (limit > 0 && n > limit)
		n = limit;
	line[n] = '\0';
	trial->j->combinations++;
	if (t->before != NULL)
		(void)judge(trial, t->before, strlen(t->before));
	switch (t->split) {
	case SPLIT_COURIER:
		return split_courier(trial, line, n);
	case SPLIT_EXIM:
		return split_exim(trial, line, n);
	case SPLIT_LINES:
		return split_lines(trial, line);
	case SPLIT_NONE:
	case SPLIT_CUT:
		break;
	}
	return record(trial, "", line, n);
}
