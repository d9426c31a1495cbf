/* paper: see saslban/paper.h. */
#include "saslban/paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct paper paper_new(char *text, size_t size)
{
	text[0] = '\0';
	return (struct paper){text, size, 0, 0};
}

/* A reason may be a person's, or out of a file that was imported: it is one
 * line for a mail program, too. */
static void hide_controls(char *line)
{
	for (; *line != '\0'; line++)
		if (((unsigned char)*line < ' ' && *line != '\t') ||
		    *line == 0x7f)
			*line = '?';
}

static void put_line(struct paper *p, const char *line, size_t len)
{
	if (p->left_out > 0 || len + 2 > p->size - p->len) {
		p->left_out++;
		return;
	}
	memcpy(p->text + p->len, line, len);
	p->len += len;
	p->text[p->len++] = '\n';
	p->text[p->len] = '\0';
}

void paper_line(struct paper *p, const char *format, ...)
{
	char line[PAPER_LINE - 1];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n < 0)
		return;
	hide_controls(line);
	put_line(p, line, strlen(line));
}

/* How much of the text goes into a line of that width: up to the last blank
 * within it, or all of a word that is longer. */
static size_t fitting(const char *text, size_t width)
{
	size_t len = strlen(text), at = width;

	if (len <= width)
		return len;
	while (at > 0 && text[at] != ' ')
		at--;
	return at > 0 ? at : strcspn(text, " ");
}

void paper_wrap(struct paper *p, int indent, const char *text)
{
	size_t width = PAPER_WIDTH - (size_t)indent;

	do {
		size_t n = fitting(text, width);

		paper_line(p, "%*s%.*s", indent, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	} while (*text != '\0');
}
