/* injection_write: what servers do to a sender's text before they log it. */
#include "injection.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Keep bytes as they are, control characters replaced, at most max. */
static size_t keep(char *out, size_t size, const char *field, size_t max)
{
	size_t n = 0;

	for (; n < size && n < max && field[n] != '\0'; n++)
		out[n] = iscntrl((unsigned char)field[n]) ? '?' : field[n];
	return n;
}

size_t write_raw(char *out, size_t size, const char *field)
{
	return keep(out, size, field, size);
}

size_t write_31(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 31);
}

size_t write_64(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 64);
}

size_t write_80(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 80);
}

size_t write_128(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 128);
}

size_t write_155(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 155);
}

size_t write_300(char *out, size_t size, const char *field)
{
	return keep(out, size, field, 300);
}

/* One word: a mechanism, a command. */
size_t write_word(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 300);

	for (size_t i = 0; i < n; i++)
		if (out[i] == ' ')
			out[i] = '_';
	return n;
}

size_t write_capitals(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 300);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)toupper((unsigned char)out[i]);
	return n;
}

/* A reverse name: what a resolver lets through, and a little more. */
size_t write_host(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 253);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)out[i]) &&
		    strchr("._-:=/<>,;@", out[i]) == NULL)
			out[i] = '-';
	return n;
}

/* Postfix's HELO. */
size_t write_helo(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 8000);

	for (size_t i = 0; i < n; i++)
		if (strchr(" \"<>;", out[i]) != NULL)
			out[i] = '?';
	return n;
}

/* Exim's HELO: a name, or an address in brackets. */
size_t write_exim_helo(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 8000);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)out[i]) &&
		    strchr(".-:[]", out[i]) == NULL)
			out[i] = '-';
	return n;
}

/* Quotes and backslashes escaped. */
size_t write_quoted(char *out, size_t size, const char *field)
{
	size_t n = 0;

	for (; *field != '\0' && n + 2 < size; field++) {
		if (*field == '"' || *field == '\\')
			out[n++] = '\\';
		out[n++] = *field;
	}
	return n;
}

/* Python: apostrophes and backslashes escaped. */
size_t write_apostrophe(char *out, size_t size, const char *field)
{
	size_t n = 0;

	for (; *field != '\0' && n + 2 < size; field++) {
		if (*field == '\'' || *field == '\\')
			out[n++] = '\\';
		out[n++] = *field;
	}
	return n;
}

/* A name in a filter of LDAP: its signs in hexadecimal. */
size_t write_ldap(char *out, size_t size, const char *field)
{
	size_t n = 0;

	for (; *field != '\0' && n + 4 < size; field++)
		if (strchr("*()\\", *field) != NULL)
			n += (size_t)snprintf(out + n, 4, "\\%02x",
					      (unsigned)*field);
		else
			out[n++] = *field;
	return n;
}

/* OpenSMTPD: blanks and quotes in octal. */
size_t write_octal(char *out, size_t size, const char *field)
{
	size_t n = 0;

	for (; *field != '\0' && n + 4 < size; field++) {
		if (*field == ' ' || *field == '"') {
			memcpy(out + n, *field == ' ' ? "\\040" : "\\042", 4);
			n += 4;
		} else {
			out[n++] = *field;
		}
	}
	return n;
}

/* Zimbra: semicolons doubled, line feeds are blanks. */
size_t write_zimbra(char *out, size_t size, const char *field)
{
	size_t n = 0;

	for (; *field != '\0' && n + 2 < size; field++) {
		if (*field == ';')
			out[n++] = ';';
		out[n++] = *field == '\n' ? ' ' : *field;
	}
	return n;
}

/* vpopmail: a name of which each byte was checked. */
size_t write_address(char *out, size_t size, const char *field)
{
	size_t n = keep(out, size, field, 155);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)out[i]) &&
		    strchr("!#$&'*+-./=?^_`{|}~", out[i]) == NULL)
			out[i] = '_';
	return n;
}

/* DirectAdmin: all but letters and digits as %XX. */
size_t write_percent(char *out, size_t size, const char *field)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	for (; *field != '\0' && n + 3 < size; field++) {
		unsigned char c = (unsigned char)*field;

		if (isalnum(c)) {
			out[n++] = *field;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return n;
}

/* Roundcube: whatever looks like a tag is gone, line feeds stay. */
static size_t untag(char *out, size_t size, const char *field, size_t max)
{
	size_t n = 0;

	while (*field != '\0' && n < size && n < max) {
		const char *end = *field == '<' ? strchr(field, '>') : NULL;

		if (*field == '<' && end == NULL)
			break;
		if (end != NULL)
			field = end + 1;
		else
			out[n++] = *field++;
	}
	return n;
}

size_t write_untagged(char *out, size_t size, const char *field)
{
	return untag(out, size, field, 256);
}

size_t write_untagged_long(char *out, size_t size, const char *field)
{
	return untag(out, size, field, 1024);
}
