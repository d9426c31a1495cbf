/* syntax: see syntax.h. */
#include "syntax.h"

#include <stdlib.h>
#include <string.h>

/* Escapes of two bytes that stand for one place in the text, or for none. */
static const char known_escapes[] = "wWsSdDhHvVbBAGzZKRntrfae";

/* The same within a class. */
static const char class_escapes[] = "wWsSdDhHvVbntrfaex0123456789pP";

/* How groups open, but for names, conditions and flags. */
struct opener {
	const char *text;
	bool counts; /* what stands inside is part of every match */
};

static const struct opener openers[] = {
	{"(?:", true},  {"(?>", true},   {"(?=", false},
	{"(?!", false}, {"(?<=", false}, {"(?<!", false},
};

void syntax_give_up(struct syntax *s)
{
	s->unsure = true;
	s->at = s->end;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

char syntax_peek(const struct syntax *s, size_t ahead)
{
	return ahead < (size_t)(s->end - s->at) ? s->at[ahead] : '\0';
}

/* The bytes of {n} {n,} {n,m} at s->at; 0 when there is none, and it is plain
 * text. Newer libraries take blanks and a missing n as well, so braces with
 * such things in them are text to one and a quantifier to the other. */
static size_t braces(struct syntax *s)
{
	size_t n = 1, digits;

	while (is_digit(syntax_peek(s, n)))
		n++;
	digits = n - 1;
	if (syntax_peek(s, n) == ',')
		n++;
	while (is_digit(syntax_peek(s, n)))
		n++;
	if (syntax_peek(s, n) == '}' && digits > 0)
		return n + 1;
	n = 1;
	while (is_digit(syntax_peek(s, n)) || syntax_peek(s, n) == ',' ||
	       syntax_peek(s, n) == ' ' || syntax_peek(s, n) == '\t')
		n++;
	if (syntax_peek(s, n) == '}')
		syntax_give_up(s);
	return 0;
}

/* Step over one quantifier. -1: none, 0: nothing is enough, 1: at least once.
 */
static int quantifier(struct syntax *s)
{
	size_t n = 1;
	int min;

	switch (syntax_peek(s, 0)) {
	case '*':
	case '?':
		min = 0;
		break;
	case '+':
		min = 1;
		break;
	case '{':
		n = braces(s);
		if (n == 0)
			return -1;
		min = strtoul(s->at + 1, NULL, 10) > 0;
		break;
	default:
		return -1;
	}
	s->at += n;
	if (syntax_peek(s, 0) == '?' || syntax_peek(s, 0) == '+')
		s->at++; /* lazy, possessive */
	return min;
}

int syntax_quantifiers(struct syntax *s)
{
	int all = -1, one;

	while ((one = quantifier(s)) >= 0)
		all = all == 0 ? 0 : one;
	return all;
}

void syntax_class(struct syntax *s)
{
	s->at++;
	if (syntax_peek(s, 0) == '^')
		s->at++;
	if (syntax_peek(s, 0) == ']')
		s->at++;
	for (; s->at < s->end && *s->at != ']'; s->at++) {
		char next = syntax_peek(s, 1);

		if (*s->at == '[' && next != '\0' &&
		    strchr(":.=", next) != NULL) {
			syntax_give_up(s); /* [[:alpha:]] ends elsewhere */
			return;
		}
		if (*s->at != '\\')
			continue;
		if (next == '\0' || (unsigned char)next >= 0x80 ||
		    (is_word(next) && strchr(class_escapes, next) == NULL)) {
			syntax_give_up(s);
			return;
		}
		s->at++;
	}
	if (s->at == s->end)
		syntax_give_up(s);
	else
		s->at++;
}

/* Bytes of a word from n places ahead on, and the byte that ends it; 0 when
 * there is no such thing. */
static size_t word(const struct syntax *s, size_t n, char end)
{
	size_t start = n;

	while (is_word(syntax_peek(s, n)))
		n++;
	return n > start && syntax_peek(s, n) == end ? n + 1 - start : 0;
}

bool syntax_group(struct syntax *s)
{
	size_t n, name;

	if (syntax_peek(s, 1) != '?') {
		if (syntax_peek(s, 1) != '*')
			s->at++;
		else
			syntax_give_up(s); /* (*ACCEPT): a match ends here */
		return true;
	}
	for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
		n = strlen(openers[i].text);
		if ((size_t)(s->end - s->at) < n ||
		    memcmp(s->at, openers[i].text, n) != 0)
			continue;
		s->at += n;
		return openers[i].counts;
	}
	n = syntax_peek(s, 2) == 'P' ? 3 : 2;
	if (syntax_peek(s, n) == '<' && (name = word(s, n + 1, '>')) > 0) {
		s->at += n + 1 + name; /* (?P<name> and (?<name> */
		return true;
	}
	if (n == 3 && syntax_peek(s, 3) == '=' &&
	    (name = word(s, 4, ')')) > 0) {
		s->at += 4 + name - 1; /* (?P=name) */
		return false;
	}
	if (syntax_peek(s, 2) == '(' && (name = word(s, 3, ')')) > 0) {
		s->at += 3 + name; /* (?(name)yes|no) */
		return false;
	}
	/* (?i: and others that leave the syntax as it is */
	for (n = 2; syntax_peek(s, n) != '\0' &&
		    strchr("ims-", syntax_peek(s, n)) != NULL;)
		n++;
	if (n > 2 && syntax_peek(s, n) == ':')
		s->at += n + 1;
	else
		syntax_give_up(s);
	return false;
}

/* Bytes of the escape at s->at, which stands for itself, with *byte set, or
 * for something else of one place, with *byte -1. 0: not known. */
static size_t escape(const struct syntax *s, int *byte)
{
	char c = syntax_peek(s, 1);

	*byte = -1;
	if (c == '\0' || (unsigned char)c >= 0x80)
		return 0;
	if (c >= '1' && c <= '9') /* a group met again */
		return is_digit(syntax_peek(s, 2)) ? 0 : 2;
	if (c == '_' || !is_word(c))
		*byte = (unsigned char)c;
	else if (strchr(known_escapes, c) == NULL)
		return 0;
	return 2;
}

size_t syntax_place(struct syntax *s, int *byte)
{
	unsigned char c = (unsigned char)*s->at;
	size_t n = 1;

	*byte = -1;
	if (c == '\\')
		return escape(s, byte);
	if (c == '^' || c == '$' || c == '.')
		return 1;
	/* A quantifier wants all bytes of a character. */
	if (c >= 0x80) {
		while ((unsigned char)syntax_peek(s, n) >= 0x80)
			n++;
		return n;
	}
	if (c == '{' ? braces(s) > 0 || s->unsure
		     : c == '\0' || strchr("*+?|()[", c) != NULL)
		return 0;
	*byte = c;
	return 1;
}
