/* quote: see quote.h. */
#include "quote.h"

#include <stdio.h>
#include <string.h>

char *quote_shell(const char *text, char out[QUOTE_TEXT])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+:@%,=";
	size_t n = 0;

	if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
		snprintf(out, QUOTE_TEXT, "%s", text);
		return out;
	}
	out[n++] = '\'';
	for (; *text != '\0' && n + 6 < QUOTE_TEXT; text++) {
		if (*text == '\'')
			n += (size_t)snprintf(out + n, 5, "'\\''");
		else
			out[n++] = *text;
	}
	out[n++] = '\'';
	out[n] = '\0';
	return out;
}
