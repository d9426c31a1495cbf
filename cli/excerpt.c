/* excerpt: see excerpt.h. */
#include "excerpt.h"

#include <string.h>

#include "secret.h"
#include "text.h"

static const char hidden[] = "[hidden]";

void excerpt_take(struct excerpt *e, uint64_t line, const char *text,
		  size_t len)
{
	size_t i = 0;

	e->line = line;
	e->len = 0;
	while (len > 0 && text[len - 1] == '\r')
		len--;
	while (i < len) {
		size_t secret = secret_at(text, len, i);
		const char *from = secret > 0 ? hidden : text + i;
		size_t n = secret > 0 ? sizeof(hidden) - 1 : 1;

		if (e->len + n > EXCERPT_BYTES)
			break;
		memcpy(e->text + e->len, from, n);
		e->len += n;
		i += secret > 0 ? secret : 1;
	}
	e->cut = i < len;
}

void excerpt_print(const struct excerpt *e, const struct output *o)
{
	text_show_bytes(o->file, e->text, e->len, o->utf8);
	if (e->cut)
		fputs("...", o->file);
}
