/* telltale: see saslban/telltale.h. */
#include "saslban/telltale.h"

enum { LETTERS = 26, WORDS = 12 };

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

const char *telltale_find(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned letter = (unsigned)small(text[i]) - 'a';

		if (letter >= LETTERS)
			continue;
		for (const char *const *w = words[letter]; *w != NULL; w++)
			if (begins(text + i, len - i, *w))
				return *w;
	}
	return NULL;
}
