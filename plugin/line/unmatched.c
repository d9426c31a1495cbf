/* unmatched: see saslban/unmatched.h. */
#include "saslban/unmatched.h"

#include <string.h>

enum { LETTERS = 26, WORDS = 12 };

/* No word is shorter than SHORTEST, so that of its first bytes four in a row
 * begin at a place that is looked at. */
enum { SHORTEST = 8, WINDOW = 4, STRIDE = SHORTEST - WINDOW + 1 };

/*
 * By first letter; small letters only. What is a beginning of another one is
 * enough: `auth fail` stands for failed and failure. Words that log lines of
 * other matters have as well (`user unknown` of a rejected recipient) are no
 * help to anybody and are left out. saslbanctl(8) has the same list.
 */
static const char *const words[LETTERS][WORDS] = {
	['a' - 'a'] = {"auth error", "auth fail", "auth] fail",
		       "authenticate fail", "authentication error",
		       "authentication fail", "authentication unsuccessful",
		       "authenticator failed"},
	['b' - 'a'] = {"bad login", "bad password", "badlogin"},
	['f' - 'a'] = {"failed authentication", "failed login",
		       "failed password", "failed to authenticate"},
	['i' - 'a'] = {"illegal user", "incorrect authentication",
		       "incorrect password", "invalid credentials",
		       "invalid login", "invalid password", "invalid user"},
	['l' - 'a'] = {"login attempt failed", "login denied", "login error",
		       "login failed", "login failure", "login incorrect",
		       "login unsuccessful"},
	['m' - 'a'] = {"might not have worked"},
	['n' - 'a'] = {"no such user"},
	['p' - 'a'] = {"password check failed", "password incorrect",
		       "password mismatch", "password verification failed",
		       "possible smtp attack"},
	['r' - 'a'] = {"result=permfail"},
	['u' - 'a'] = {"unknown account", "unknown user", "unsuccessful login",
		       "user not found"},
	['w' - 'a'] = {"wrong password", "wrong user"},
};

static unsigned char small(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int begins(const char *text, size_t len, const char *word)
{
	size_t i = 1; /* the first letter is known */

	while (i < len && word[i] != '\0' &&
	       small(text[i]) == (unsigned char)word[i])
		i++;
	return word[i] == '\0';
}

/* The word that begins here, or NULL. */
static const char *word_at(const char *text, size_t len)
{
	unsigned letter = (unsigned)small(text[0]) - 'a';

	if (letter >= LETTERS)
		return NULL;
	for (const char *const *w = words[letter]; *w != NULL; w++)
		if (begins(text, len, *w))
			return *w;
	return NULL;
}

const char *unmatched_find(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *word = word_at(text + i, len - i);

		if (word != NULL)
			return word;
	}
	return NULL;
}

const char *unmatched_word(size_t i)
{
	for (size_t letter = 0; letter < LETTERS; letter++)
		for (const char *const *w = words[letter]; *w != NULL; w++)
			if (i-- == 0)
				return *w;
	return NULL;
}

/* Case does not matter: letters differ in their low five bits. */
static unsigned place(const char *window)
{
	uint32_t v;

	memcpy(&v, window, WINDOW);
	return ((v & 0x1f1f1f1f) * 2654435761u) >> (32 - UNMATCHED_BITS);
}

void unmatched_index(struct unmatched_index *x)
{
	const char *word;

	memset(x, 0, sizeof(*x));
	for (size_t i = 0; (word = unmatched_word(i)) != NULL; i++)
		for (unsigned k = 0; k < STRIDE; k++)
			x->offsets[place(word + k)] |= (uint8_t)(1 << k);
}

/* The first word of those that can have the window at i, or NULL. */
static const char *around(unsigned offsets, const char *text, size_t len,
			  size_t i)
{
	const char *word = NULL;

	for (size_t back = STRIDE; word == NULL && back-- > 0;)
		if ((offsets >> back & 1) != 0)
			word = word_at(text + i - back, len - i + back);
	return word;
}

const char *unmatched_scan(const struct unmatched_index *x, const char *text,
			   size_t len)
{
	for (size_t i = STRIDE - 1; i + WINDOW <= len; i += STRIDE) {
		unsigned offsets = x->offsets[place(text + i)];
		const char *word =
			offsets == 0 ? NULL : around(offsets, text, len, i);

		if (word != NULL)
			return word;
	}
	return NULL;
}
