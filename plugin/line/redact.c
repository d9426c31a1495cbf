/* redact: see saslban/redact.h. */
#include "saslban/redact.h"

#include <stdbool.h>
#include <string.h>

enum { LETTERS = 26, WORD_MAX = 16, PROGRAM_MAX = 40 };

/* By first letter, in small letters. Somebody's password may be one of these
 * words; then it cannot be told from the server's own. */
static const char *const vocabulary[LETTERS] = {
	['a' - 'a'] =
		" a aborted account active after all allowed an and attack "
		"attempt "
		"attempts auth authdaemon authenticate authenticated "
		"authenticating authentication authenticator authorization ",
	['b' - 'a'] = " backend bad badlogin be because been before but by ",
	['c' - 'a'] = " cannot certificate check checking client close closed "
		      "code command connect connected connection could "
		      "credentials ",
	['d' - 'a'] =
		" data database denied did directory disabled disallowed "
		"disconnect disconnected disconnecting does domain during ",
	['e' - 'a'] = " error exceeded exist exists expired ",
	['f' - 'a'] =
		" fail failed failure failures fatal file for found from ",
	['g' - 'a'] = " given ",
	['h' - 'a'] = " has have helo host ",
	['i' - 'a'] = " id illegal imap imaps in inactive inactivity incorrect "
		      "info input internal invalid ip is ",
	['l' - 'a'] = " ldap limit lip local locked log logged login logins "
		      "logname lookup lost ",
	['m' - 'a'] =
		" mail mailbox many master match mech mechanism method might "
		"mismatch missing mpid ",
	['n' - 'a'] = " name no not ",
	['o' - 'a'] = " of on or out ",
	['p' - 'a'] = " pam pass passdb passwd password passwords permission "
		      "permitted permfail plain policy pop port possible "
		      "process protocol ",
	['r' - 'a'] = " reason received refused reject rejected relay remote "
		      "reply request required response result retries rhost "
		      "rip ruser ",
	['s' - 'a'] = " said sasl seconds secs secured security sent server "
		      "service session shell sieve smtp smtpd smtps sql ssl "
		      "starttls stopped submission submissions success "
		      "successful such system ",
	['t' - 'a'] =
		" temporary than the there this time timed timeout tls to "
		"too tried tries try tty type ",
	['u' - 'a'] = " uid unable unavailable unix unknown unsuccessful user "
		      "username users using ",
	['v' - 'a'] = " verification verify via virtual ",
	['w' - 'a'] =
		" waiting warning was while with without worked worker wrong ",
	['y' - 'a'] = " your ",
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool among(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool is_harmless(const char *text, size_t len)
{
	char word[WORD_MAX + 3] = " ";
	const char *known;

	if (len == 0 || len > WORD_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_letter(text[i]))
			return false;
		word[i + 1] = (char)(text[i] | 0x20);
	}
	word[len + 1] = ' ';
	known = vocabulary[word[1] - 'a'];
	return known != NULL && strstr(known, word) != NULL;
}

/* Harmless words, joined: imap-login, sasl_username, smtp/submission. All of
 * them or none: `john.user` is a name. */
static bool is_compound(const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && !among(text[i], "-_/:"))
			continue;
		if (!is_harmless(text + from, i - from))
			return false;
		from = i + 1;
	}
	return true;
}

struct writer {
	char *at;
	size_t n;
};

/* One star for however many words, and one blank for however many. */
static void put(struct writer *w, char c)
{
	if (c == '*' && w->n > 1 && w->at[w->n - 1] == ' ' &&
	    w->at[w->n - 2] == '*')
		w->n--;
	if ((c == ' ' || c == '*') && w->n > 0 && w->at[w->n - 1] == c)
		return;
	if (w->n + 1 < REDACT_TEXT)
		w->at[w->n++] = c;
}

static void put_text(struct writer *w, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put(w, text[i]);
}

static bool ends_chunk(char c)
{
	return among(c, " \t,;()[]<>{}=\"|");
}

/* Up to the next blank or bracket: kept as a whole or not at all. */
static size_t put_chunk(struct writer *w, struct slice msg, size_t from)
{
	size_t end = from, core;

	while (end < msg.len && !ends_chunk(msg.at[end]))
		end++;
	core = end;
	while (core > from && among(msg.at[core - 1], ":.!"))
		core--;
	if (is_compound(msg.at + from, core - from))
		put_text(w, msg.at + from, core - from);
	else if (core > from)
		put(w, '*');
	if (core < end)
		put(w, msg.at[core]);
	return end;
}

/* How many bytes from here to the end of what is quoted; 0: none is. */
static size_t quoted(struct slice msg, size_t from)
{
	static const char open[] = "<[\"'`{", close[] = ">]\"''}";
	const char *kind =
		msg.at[from] == '\0' ? NULL : strchr(open, msg.at[from]);
	const char *end;

	if (kind == NULL)
		return 0;
	end = memchr(msg.at + from + 1, close[kind - open], msg.len - from - 1);
	return end == NULL ? 0 : (size_t)(end - msg.at) + 1 - from;
}

/* What stands behind =, with its quotes. */
static size_t put_value(struct writer *w, struct slice msg, size_t from)
{
	size_t n = from < msg.len ? quoted(msg, from) : 0;
	size_t end = from + n;

	while (n == 0 && end < msg.len && !ends_chunk(msg.at[end]))
		end++;
	if (end > from)
		put(w, '*');
	return end;
}

static void put_program(struct writer *w, struct slice program)
{
	bool ordinary = program.len > 0 && program.len <= PROGRAM_MAX;

	for (size_t i = 0; ordinary && i < program.len; i++)
		ordinary = is_letter(program.at[i]) ||
			   (program.at[i] >= '0' && program.at[i] <= '9') ||
			   among(program.at[i], "/-_.");
	if (ordinary)
		put_text(w, program.at, program.len);
	else
		put(w, '*');
	put(w, ':');
	put(w, ' ');
}

char *redact(struct slice program, struct slice msg, char out[REDACT_TEXT])
{
	struct writer w = {.at = out};
	size_t i = 0, n;

	put_program(&w, program);
	while (i < msg.len) {
		char c = msg.at[i];

		if ((n = quoted(msg, i)) > 0) {
			put(&w, c);
			put(&w, '*');
			put(&w, msg.at[i + n - 1]);
			i += n;
		} else if (c == '=') {
			put(&w, c);
			i = put_value(&w, msg, i + 1);
		} else if (ends_chunk(c)) {
			put(&w, c == '\t' ? ' ' : c);
			i++;
		} else {
			i = put_chunk(&w, msg, i);
		}
	}
	while (w.n > 0 && out[w.n - 1] == ' ')
		w.n--;
	out[w.n] = '\0';
	return out;
}
