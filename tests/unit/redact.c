/* redact: what stays of a line that is kept as an example. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/redact.h"
#include "saslban/unmatched.h"

struct redact_row {
	const char *title;
	const char *program;
	const char *msg;
	const char *want;
};

static const struct redact_row rows[] = {
	{"Postfix", "postfix/smtpd",
	 "warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x y",
	 "postfix/smtpd: warning: unknown[*]: SASL LOGIN authentication "
	 "failed: *"},
	{"Dovecot", "dovecot",
	 "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): "
	 "user=<hunter2>, method=PLAIN, rip=192.0.2.1, session=<a/b+c>",
	 "dovecot: imap-login: Disconnected (auth failed, * attempts in * "
	 "secs): user=*, method=*, rip=*, session=*"},
	{"Dovecot's pid in brackets", "dovecot",
	 "auth-worker(12): pam(Tr0ub4dor,192.0.2.1): unknown user",
	 "dovecot: auth-worker(*): pam(*,*): unknown user"},
	{"a password as a bare word", "x",
	 "Login failed for correcthorse from 192.0.2.1",
	 "x: Login failed for * from *"},
	{"several words", "x", "login failed for correct horse battery",
	 "x: login failed for *"},
	{"behind =, quoted, with blanks", "x",
	 "user=\"my secret\" rhost=", "x: user=* rhost="},
	{"behind =, not quoted, with blanks", "x",
	 "sasl_username=my secret user", "x: sasl_username=* user"},
	{"between quotes", "x", "user 'invalid user' denied",
	 "x: user '*' denied"},
	{"a quote that does not end", "x", "user 'secret denied",
	 "x: user * denied"},
	{"brackets that do not end", "x", "user <secret denied",
	 "x: user <* denied"},
	{"brackets without anything", "x", "user <> denied",
	 "x: user <*> denied"},
	{"an address with a port", "x", "from 2001:db8::1:25: closed",
	 "x: from *: closed"},
	{"a mail address", "x", "user john.user@mail.host unknown",
	 "x: user * unknown"},
	{"a name of harmless words", "x", "user john.user denied",
	 "x: user * denied"},
	{"numbers", "x", "tried 3 times, 0x1f", "x: tried *, *"},
	{"a word and a digit", "x", "password1 login7", "x: *"},
	{"an apostrophe is no quote", "x", "didn't pass, can't login",
	 "x: * pass, * login"},
	{"control bytes and others", "x", "user \033[2J\xff\x01 failed\n",
	 "x: user *[*"},
	{"tabs and many blanks", "x", "login\t\t  failed   ",
	 "x: login failed"},
	{"a long word", "x",
	 "authenticationauthenticationauthenticationauthentication", "x: *"},
	{"nothing", "x", "", "x:"},
	{"a strange program", "a b\033", "login failed", "*: login failed"},
	{"no program", "", "login failed", "*: login failed"},
};

static struct slice slice(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* In memory of its own length, so that a step too far is found. */
static void redact_test(void **state)
{
	const struct redact_row *r = *state;
	size_t len = strlen(r->msg);
	char *msg = malloc(len + 1), out[REDACT_TEXT];

	assert_non_null(msg);
	memcpy(msg + 1, r->msg, len);
	redact(slice(r->program), (struct slice){msg + 1, len}, out);
	assert_string_equal(out, r->want);
	free(msg);
}

/* The words by which a line is kept can be read in what is kept of it. */
static void unmatched_test(void **state)
{
	char out[REDACT_TEXT];
	const char *word;

	(void)state;
	for (size_t i = 0; (word = unmatched_word(i)) != NULL; i++) {
		if (strpbrk(word, "=]") != NULL)
			continue; /* in what is left out */
		redact(slice("x"), slice(word), out);
		assert_string_equal(out + 3, word);
	}
}

/* Any bytes, of any length: printable, bounded, ended. */
static void bounds_test(void **state)
{
	static const char bytes[] = "auth failed <[(\"'=,:;.user \xff\n{|";
	char msg[600], out[REDACT_TEXT];

	(void)state;
	for (unsigned seed = 1; seed < 3000; seed++) {
		uint32_t x = seed * 2654435761u;
		size_t len = seed % sizeof(msg);

		for (size_t i = 0; i < len; i++) {
			x = x * 1664525u + 1013904223u;
			msg[i] = bytes[(x >> 16) % (sizeof(bytes) - 1)];
		}
		redact(slice("x"), (struct slice){msg, len}, out);
		assert_in_range(strlen(out), 2, REDACT_TEXT - 1);
		for (const char *c = out; *c != '\0'; c++)
			assert_in_range(*c, ' ', '~');
	}
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, redact_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(unmatched_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(bounds_test);
	return _cmocka_run_group_tests("redact", tests, n, NULL, NULL);
}
