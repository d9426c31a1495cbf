/* flow: see flow.h. */
#include "flow.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { HEADING = 32 }; /* bytes of one, with NUL */

void flow_begin(struct flow *f, const struct output *o, size_t indent,
		const char *heading)
{
	f->output = o;
	f->indent = indent + strlen(heading);
	f->column = f->indent;
	f->blanks = 0;
	fprintf(o->file, "%*s%s", (int)indent, "", heading);
}

void flow_heading(struct flow *f, const struct output *o, size_t indent,
		  int width, const char *word)
{
	char heading[HEADING];

	snprintf(heading, sizeof(heading), "%-*s", width, word);
	flow_begin(f, o, indent, heading);
}

static void put_word(struct flow *f, const char *word, size_t len)
{
	const struct output *o = f->output;
	size_t width;

	text_fit(word, len, SIZE_MAX, &width);
	if (f->blanks > 0 && o->columns > 0 &&
	    f->column + f->blanks + width > o->columns) {
		fprintf(o->file, "\n%*s", (int)f->indent, "");
		f->column = f->indent;
	} else {
		fprintf(o->file, "%*s", (int)f->blanks, "");
		f->column += f->blanks;
	}
	f->blanks = 0;
	fwrite(word, 1, len, o->file);
	f->column += width;
}

void flow_shown(struct flow *f, enum style style, const char *shown)
{
	if (style != PLAIN)
		output_style(f->output, style);
	while (*shown != '\0') {
		size_t blanks = strspn(shown, " ");
		size_t len = strcspn(shown + blanks, " ");

		f->blanks += blanks;
		if (len > 0)
			put_word(f, shown + blanks, len);
		shown += blanks + len;
	}
	if (style != PLAIN)
		output_style(f->output, PLAIN);
}

void flow_put(struct flow *f, enum style style, const char *format, ...)
{
	char raw[FLOW_TEXT];
	char *shown;
	size_t width;
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	shown = text_shown(raw, f->output->utf8, &width);
	if (shown != NULL)
		flow_shown(f, style, shown);
	else /* out of memory: not broken into lines, but all of it */
		text_show(f->output->file, raw, f->output->utf8);
	free(shown);
}

void flow_end(struct flow *f)
{
	fputc('\n', f->output->file);
}
