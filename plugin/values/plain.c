/* plain: see saslban/plain.h. */
#include "saslban/plain.h"

#include <string.h>

char *plain_copy(char *to, size_t size, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-_./:@+= ";
	size_t i;

	for (i = 0; i < size - 1 && text[i] != '\0'; i++)
		to[i] = strchr(plain, text[i]) != NULL ? text[i] : '?';
	to[i] = '\0';
	return to;
}
