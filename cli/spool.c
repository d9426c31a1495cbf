/* spool: see spool.h. */
#include "spool.h"

#include <string.h>

#include "saslban/decimal.h"

void spool_flush(struct spool *s)
{
	fwrite(s->text, 1, s->used, s->file);
	s->used = 0;
}

void spool_put(struct spool *s, const char *text, size_t len)
{
	if (len > sizeof(s->text) - s->used) {
		spool_flush(s);
		if (len > sizeof(s->text)) {
			fwrite(text, 1, len, s->file);
			return;
		}
	}
	memcpy(s->text + s->used, text, len);
	s->used += len;
}

void spool_text(struct spool *s, const char *text)
{
	spool_put(s, text, strlen(text));
}

void spool_char(struct spool *s, char c)
{
	if (s->used == sizeof(s->text))
		spool_flush(s);
	s->text[s->used++] = c;
}

void spool_number(struct spool *s, int64_t number)
{
	char text[DECIMAL_TEXT];
	size_t len = decimal_print(number, text);

	spool_put(s, text, len);
}

void spool_blanks(struct spool *s, size_t n)
{
	static const char blanks[] = "                                ";
	const size_t most = sizeof(blanks) - 1;

	for (; n > most; n -= most)
		spool_put(s, blanks, most);
	spool_put(s, blanks, n);
}
