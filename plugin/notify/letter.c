/* letter: see saslban/letter.h. */
#include "saslban/letter.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "saslban/utf8.h"

#define SUBJECT "Subject: "

#define LINES LETTER_NEWS /* the first part of several lines */

static const char *const names[LETTER_PARTS] = {
	[LETTER_HOST] = "host",       [LETTER_JAIL] = "jail",
	[LETTER_PLACE] = "place",     [LETTER_DATE] = "date",
	[LETTER_ID] = "id",           [LETTER_HEADLINE] = "headline",
	[LETTER_NEWS] = "news",       [LETTER_ADVICE] = "advice",
	[LETTER_HISTORY] = "history", [LETTER_TOTALS] = "totals",
	[LETTER_THIRD] = "third",     [LETTER_BREACHES] = "breaches",
	[LETTER_DAYS] = "days",       [LETTER_ACCOUNTS] = "accounts",
	[LETTER_ALIVE] = "alive",
};

const char letter_builtin[] = "Subject: [saslban] %place%: %headline%\n"
			      "\n"
			      "%news%\n"
			      "\n"
			      "%advice%\n"
			      "\n"
			      "%totals%\n"
			      "\n"
			      "%history%\n"
			      "\n"
			      "%breaches%\n"
			      "\n"
			      "%third%\n"
			      "\n"
			      "%days%\n"
			      "\n"
			      "%accounts%\n"
			      "\n"
			      "%alive%\n"
			      "\n"
			      "-- \n"
			      "omsaslban on %host%, jail %jail%, mail %id%\n";

/* ---- a line ---- */

/* The part whose name stands in the n bytes; LETTER_PARTS: there is none. */
static enum letter_part part_of(const char *name, size_t n)
{
	enum letter_part i = 0;

	while (i < LETTER_PARTS &&
	       (strlen(names[i]) != n || strncmp(names[i], name, n) != 0))
		i++;
	return i;
}

/* At a percent sign: how long what it begins is, and which part it is;
 * LETTER_PARTS for a percent sign. 0: it begins nothing. */
static size_t token(const char *at, size_t left, enum letter_part *part)
{
	const char *end = left > 1 ? memchr(at + 1, '%', left - 1) : NULL;

	*part = LETTER_PARTS;
	if (end == NULL)
		return 0;
	if (end > at + 1)
		*part = part_of(at + 1, (size_t)(end - at) - 1);
	return end == at + 1 || *part < LETTER_PARTS ? (size_t)(end - at) + 1
						     : 0;
}

/* The part of several lines that the line is. */
static enum letter_part lines_of(const char *line, size_t len)
{
	enum letter_part part = LETTER_PARTS;

	if (len > 0 && line[0] == '%' && token(line, len, &part) == len &&
	    part >= LINES)
		return part;
	return LETTER_PARTS;
}

/* ---- check ---- */

static int refuse(const char *name, unsigned line, const char *what,
		  struct fault *why)
{
	return fault_set(why, FAULT_SETTING, "'%s', line %u: %s", name, line,
			 what);
}

static int refuse_token(const char *at, size_t left, const char *name,
			unsigned line, struct fault *why)
{
	const char *end = memchr(at + 1, '%', left - 1);
	char what[400];
	int n;

	if (end == NULL || end - at > 32)
		return refuse(name, line,
			      "a percent sign begins no part of a mail; "
			      "allowed: %% for a percent sign",
			      why);
	n = snprintf(what, sizeof(what),
		     "there is no part '%.*s'; allowed:", (int)(end - at) + 1,
		     at);
	for (int i = 0; i < LETTER_PARTS; i++)
		n += snprintf(what + n, sizeof(what) - (size_t)n, " %%%s%%",
			      names[i]);
	return refuse(name, line, what, why);
}

static int check_tokens(const char *line, size_t len, const char *name,
			unsigned number, struct fault *why)
{
	bool alone = number > 1 && lines_of(line, len) != LETTER_PARTS;
	enum letter_part part;

	for (size_t i = 0; i < len; i++) {
		size_t n;

		if (line[i] != '%')
			continue;
		n = token(line + i, len - i, &part);
		if (n == 0)
			return refuse_token(line + i, len - i, name, number,
					    why);
		if (part < LETTER_PARTS && part >= LINES && !alone)
			return refuse(name, number,
				      "a part of several lines stands alone in "
				      "a line of the body",
				      why);
		i += n - 1;
	}
	return 0;
}

/* How many bytes the character has; 0: it is none, or one of control. */
static size_t character(const char *at, size_t left)
{
	uint32_t code;
	size_t n = utf8_decode(at, left, &code);

	return n > 0 && code != '\t' && utf8_is_control(code) ? 0 : n;
}

static int check_line(const char *line, size_t len, const char *name,
		      unsigned number, struct fault *why)
{
	size_t n;

	if (len > PAPER_LINE - 2)
		return refuse(name, number, "it is longer than 510 bytes", why);
	for (size_t i = 0; i < len; i += n) {
		n = character(line + i, len - i);
		if (n == 0)
			return refuse(name, number,
				      "it has a control character, or what is "
				      "not UTF-8",
				      why);
		if (n > 1 && number == 1)
			return refuse(name, number, "a subject is ASCII alone",
				      why);
	}
	if (number == 1 && (strncmp(line, SUBJECT, strlen(SUBJECT)) != 0 ||
			    len == strlen(SUBJECT)))
		return refuse(
			name, number,
			"a template begins with 'Subject: ' and a subject",
			why);
	if (number == 2 && len > 0)
		return refuse(name, number, "an empty line follows the subject",
			      why);
	return check_tokens(line, len, name, number, why);
}

int letter_check(const char *text, const char *name, struct fault *why)
{
	unsigned number = 0;

	do {
		size_t len = strcspn(text, "\n");

		if (check_line(text, len, name, ++number, why) < 0)
			return -1;
		text += len + (text[len] == '\n');
	} while (*text != '\0');
	return number > 2 ? 0
			  : refuse(name, number,
				   "there is nothing behind the subject", why);
}

/* ---- write ---- */

/* The line with its parts in their places; returns out. */
static char *fill(const char *line, size_t len,
		  const char *const part[LETTER_PARTS], char *out, size_t size)
{
	enum letter_part p;
	size_t end = 0;

	for (size_t i = 0; i < len && end + 1 < size; i++) {
		size_t n = line[i] == '%' ? token(line + i, len - i, &p) : 0;

		if (n == 0 || p == LETTER_PARTS) {
			out[end++] = line[i];
		} else {
			int more =
				snprintf(out + end, size - end, "%s", part[p]);

			end += more < 0 ? 0 : (size_t)more;
		}
		i += n > 0 ? n - 1 : 0;
	}
	out[end < size ? end : size - 1] = '\0';
	return out;
}

static void write_subject(const char *line, size_t len,
			  const char *const part[LETTER_PARTS],
			  char subject[LETTER_SUBJECT])
{
	size_t skip = strlen(SUBJECT);

	fill(line + skip, len - skip, part, subject, LETTER_SUBJECT);
	for (char *c = subject; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static void write_lines(const char *text, struct paper *body)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		paper_line(body, "%.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void letter_write(const char *text, const char *const part[LETTER_PARTS],
		  char subject[LETTER_SUBJECT], struct paper *body)
{
	size_t len = strcspn(text, "\n");
	char line[PAPER_LINE];
	bool dropped = false;

	write_subject(text, len, part, subject);
	text += len + (text[len] == '\n');
	text += *text == '\n';
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		enum letter_part p;

		len = strcspn(text, "\n");
		p = lines_of(text, len);
		if (len == 0 && dropped) {
			dropped = false;
			continue;
		}
		dropped = p < LETTER_PARTS && part[p][0] == '\0';
		if (p < LETTER_PARTS)
			write_lines(part[p], body);
		else
			paper_line(body, "%s",
				   fill(text, len, part, line, sizeof(line)));
	}
}
