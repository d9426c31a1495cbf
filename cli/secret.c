/*
 * secret: see secret.h.
 *
 * Three signs: a word that says so in front (`password=`), the client's
 * command in front (`AUTH PLAIN`), or base64 that decodes to a response of
 * SASL PLAIN or to plain text.
 */
#include "secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { SHORTEST = 8 };

/* What stands right in front of a password, and the bytes that end it. */
struct label {
	const char *words;
	const char *ends;
};

static const struct label labels[] = {
	{"given password: ", ")"}, {"password=", " ,;&)]"},
	{"passwd=", " ,;&)]"},     {"pass=", " ,;&)]"},
	{"pw=", " ,;&)]"},
};

/* How names of SASL mechanisms begin. */
static const char *const mechanisms[] = {
	"PLAIN",  "LOGIN", "CRAM-",  "DIGEST-", "SCRAM-",   "NTLM",
	"XOAUTH", "OAUTH", "GSSAPI", "GSS-",    "EXTERNAL",
};

/* The server's own words to the client, `Username:` and `Password:`, which
 * Postfix logs where a reason should be. */
static const char *const prompts[] = {"VXNlcm5hbWU6", "UGFzc3dvcmQ6"};

static bool is_prompt(const char *text, size_t n)
{
	for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++)
		if (strlen(prompts[i]) == n && memcmp(prompts[i], text, n) == 0)
			return true;
	return false;
}

/* The value of a base64 digit; -1: it is none. */
static int digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static size_t run_of(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && digit(text[n]) >= 0)
		n++;
	return n;
}

static size_t labelled(const char *text, size_t len, size_t at)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		size_t n = strlen(labels[i].words), end = at;
		const char *ends = labels[i].ends;

		if (at < n ||
		    strncasecmp(text + at - n, labels[i].words, n) != 0)
			continue;
		if (text[at] == '"' || text[at] == '\'' || text[at] == '<') {
			ends = text[at] == '<' ? ">" : "\"";
			ends = text[at] == '\'' ? "'" : ends;
			end++;
		}
		while (end < len &&
		       (text[end] == '\0' || strchr(ends, text[end]) == NULL))
			end++;
		return end - at;
	}
	return 0;
}

/* The two words in front are AUTH and a mechanism. */
static bool behind_auth(const char *text, size_t at)
{
	size_t i = at;

	if (i == 0 || text[--i] != ' ')
		return false;
	while (i > 0 && text[i - 1] != ' ')
		i--;
	if (i < 5 || strncasecmp(text + i - 5, "AUTH ", 5) != 0)
		return false;
	for (size_t k = 0; k < sizeof(mechanisms) / sizeof(mechanisms[0]); k++)
		if (at - i > strlen(mechanisms[k]) &&
		    strncasecmp(text + i, mechanisms[k],
				strlen(mechanisms[k])) == 0)
			return true;
	return false;
}

/* Capital and small letters: few words have both. */
static bool is_mixed(const char *text, size_t n)
{
	bool upper = false, lower = false;

	for (size_t i = 0; i < n; i++) {
		upper = upper || (text[i] >= 'A' && text[i] <= 'Z');
		lower = lower || (text[i] >= 'a' && text[i] <= 'z');
	}
	return upper && lower;
}

/* The digits say plain text, or what SASL PLAIN sends: two NULs in it. */
static bool says_text(const char *text, size_t n)
{
	unsigned bits = 0, have = 0, nuls = 0;

	for (size_t i = 0; i < n; i++) {
		bits = (bits << 6 | (unsigned)digit(text[i])) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if ((bits >> have & 0xff) == 0)
			nuls++;
		else if ((bits >> have & 0xff) < 0x20 ||
			 (bits >> have & 0xff) > 0x7e)
			return false;
	}
	return nuls == 2 || (nuls == 0 && is_mixed(text, n));
}

size_t secret_at(const char *text, size_t len, size_t at)
{
	size_t n = labelled(text, len, at), padding = 0;

	if (n > 0)
		return n;
	if (at > 0 && digit(text[at - 1]) >= 0)
		return 0; /* not where it begins */
	n = run_of(text + at, len - at);
	while (at + n + padding < len && padding < 2 &&
	       text[at + n + padding] == '=')
		padding++;
	if (n > 0 && behind_auth(text, at))
		return n + padding;
	if (is_prompt(text + at, n) || n < SHORTEST - 2 ||
	    n + padding < SHORTEST)
		return 0;
	/* key=value is no padding. */
	if (padding > 0 && at + n + padding < len &&
	    strchr(" \t\"'>)],;", text[at + n + padding]) == NULL)
		padding = 0;
	if ((n + padding) % 4 != 0)
		return 0;
	if (says_text(text + at, n) || (padding > 0 && is_mixed(text + at, n)))
		return n + padding;
	return 0;
}
