/* unmatched: what looks like a failed login. */
#include "row.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/unmatched.h"

struct find_row {
	const char *title;
	const char *text;
	const char *words; /* NULL: none */
};

static const struct find_row find_rows[] = {
	{"Postfix", "warning: x[192.0.2.1]: SASL LOGIN authentication failed:",
	 "authentication fail"},
	{"Dovecot", "imap-login: Disconnected (auth failed, 1 attempts)",
	 "auth fail"},
	{"Dovecot's backend", "auth: passwd-file(x): Password mismatch",
	 "password mismatch"},
	{"Dovecot without the account", "auth: pam(x): unknown user",
	 "unknown user"},
	{"Cyrus", "badlogin: [192.0.2.1] PLAIN", "badlogin"},
	{"sendmail", "AUTH failure (PLAIN): x", "auth fail"},
	{"Courier", "LOGIN FAILED, user=x, ip=[::1]", "login failed"},
	{"Roundcube", "Failed login for x from 192.0.2.1", "failed login"},
	{"Exim", "login authenticator failed for [192.0.2.1]",
	 "authenticator failed"},
	{"sendmail, who only counts", "possible SMTP attack: command=AUTH",
	 "possible smtp attack"},
	{"OpenSMTPD", "smtp authentication user=x result=permfail",
	 "result=permfail"},
	{"SOGo", "Login from 'x' for user 'y' might not have worked",
	 "might not have worked"},
	{"Haraka", "[auth] fail:auth/flat_file/LOGIN", "auth] fail"},
	{"pam_unix", "authentication failure; logname= uid=0",
	 "authentication fail"},
	{"capitals", "AUTHENTICATION FAILURE", "authentication fail"},
	{"the words alone", "wrong password", "wrong password"},
	{"the first of several", "no such user: login failed", "no such user"},
	{"behind a false start", "auth authauth failed", "auth fail"},
	{"at the very end", "x bad login", "bad login"},
	{"cut before the end", "x bad logi", NULL},
	{"a line break is no blank", "bad\nlogin", NULL},
	{"two blanks are not one", "bad  login", NULL},
	{"a rejected recipient", "450 <x>: User unknown in table", NULL},
	{"attempts in numbers", "disconnect from x ehlo=1 auth=0/1", NULL},
	{"a login that went well", "imap-login: Login: user=<x>", NULL},
	{"nothing", "", NULL},
};

/* In memory of its own length, so that a step too far is found. */
static void find_test(void **state)
{
	const struct find_row *r = *state;
	size_t len = strlen(r->text);
	char *text = malloc(len + 1);
	struct unmatched_index index;
	const char *words;

	assert_non_null(text);
	memcpy(text + 1, r->text, len);
	words = unmatched_find(text + 1, len);
	unmatched_index(&index);
	assert_ptr_equal(unmatched_scan(&index, text + 1, len), words);
	if (r->words == NULL)
		assert_null(words);
	else
		assert_string_equal(words, r->words);
	free(text);
}

/* Any byte may stand before and behind. */
static void bytes_test(void **state)
{
	char text[] = "?auth failed?";

	(void)state;
	for (int c = 0; c < 256; c++) {
		text[0] = text[12] = (char)c;
		assert_non_null(unmatched_find(text, 13));
		text[6] = (char)c; /* instead of the f */
		if (c == 'f' || c == 'F')
			assert_non_null(unmatched_find(text, 13));
		else
			assert_null(unmatched_find(text, 13));
		text[6] = 'f';
	}
}

/* Each word, wherever it stands: the index finds it, and not a cut one. */
static void places_test(void **state)
{
	struct unmatched_index index;
	const char *word;
	char text[64];

	(void)state;
	unmatched_index(&index);
	for (size_t i = 0; (word = unmatched_word(i)) != NULL; i++) {
		size_t len = strlen(word);

		for (size_t at = 0; at < 16; at++) {
			memset(text, 'a', sizeof(text));
			memcpy(text + at, word, len);
			assert_ptr_equal(
				unmatched_scan(&index, text, sizeof(text)),
				word);
			assert_ptr_equal(unmatched_scan(&index, text, at + len),
					 word);
			assert_ptr_equal(
				unmatched_scan(&index, text, at + len - 1),
				unmatched_find(text, at + len - 1));
		}
	}
	assert_null(unmatched_scan(&index, "", 0));
}

static const struct CMUnitTest singles[] = {
	cmocka_unit_test(bytes_test),
	cmocka_unit_test(places_test),
};

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, find_rows, find_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("unmatched", tests, n, NULL, NULL);
}
