/* json: see json.h. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/jsontext.h"
#include "spool.h"

enum { DEEPEST = 6 };

struct level {
	char close;     /* ] or } */
	size_t members; /* written so far */
};

struct json {
	bool failed;
	size_t depth; /* of level[] in use */
	struct level level[DEEPEST];
	struct spool out;
};

/* ---- writing ---- */

/* The letter of a short escape (RFC 8259, 7); 0: there is none. */
static char letter_of(char c)
{
	static const char letters[][2] = {{'\b', 'b'},
					  {'\f', 'f'},
					  {'\n', 'n'},
					  {'\r', 'r'},
					  {'\t', 't'}};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i][0] == c)
			return letters[i][1];
	return 0;
}

/* The first character; returns its bytes. */
static size_t put_character(struct spool *out, const char *text, size_t len)
{
	char letter = letter_of(*text);
	char shown[JSONTEXT_CHARACTER];
	size_t bytes;

	if (letter != 0) {
		spool_char(out, '\\');
		spool_char(out, letter);
		return 1;
	}
	bytes = jsontext_character(text, len, shown);
	spool_text(out, shown);
	return bytes;
}

/* How many bytes at its start are written as they are. */
static size_t plain_bytes(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] >= ' ' && text[i] <= '~' && text[i] != '"' &&
	       text[i] != '\\')
		i++;
	return i;
}

static void put_string(struct spool *out, const char *text, size_t len)
{
	spool_char(out, '"');
	while (len > 0) {
		size_t bytes = plain_bytes(text, len);

		if (bytes > 0)
			spool_put(out, text, bytes);
		else
			bytes = put_character(out, text, len);
		text += bytes;
		len -= bytes;
	}
	spool_char(out, '"');
}

static bool usable(const struct json *j)
{
	return j != NULL && !j->failed;
}

/* The comma and the key in front of a value. False: there is to be none. */
static bool begin_value(struct json *j, const char *key)
{
	if (!usable(j))
		return false;
	if (j->depth > 0 && j->level[j->depth - 1].members++ > 0)
		spool_char(&j->out, ',');
	if (key != NULL) {
		spool_char(&j->out, '"');
		spool_text(&j->out, key);
		spool_put(&j->out, "\":", 2);
	}
	return true;
}

/* ---- levels ---- */

static void open_level(struct json *j, const char *key, char open, char close)
{
	if (usable(j) && j->depth == DEEPEST)
		j->failed = true;
	if (!begin_value(j, key))
		return;
	spool_char(&j->out, open);
	j->level[j->depth++] = (struct level){.close = close};
}

static void close_level(struct json *j)
{
	spool_char(&j->out, j->level[--j->depth].close);
}

struct json *json_begin(FILE *file)
{
	struct json *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->out.file = file;
	open_level(j, NULL, '{', '}');
	return j;
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, '{', '}');
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, '[', ']');
}

void json_end(struct json *j)
{
	if (usable(j) && j->depth > 1)
		close_level(j);
}

int json_finish(struct json *j)
{
	int result = usable(j) ? 0 : -1;

	if (j == NULL)
		return -1;
	while (result == 0 && j->depth > 0)
		close_level(j);
	spool_char(&j->out, '\n');
	spool_flush(&j->out);
	free(j);
	return result;
}

/* ---- values ---- */

void json_text(struct json *j, const char *key, const char *text)
{
	json_bytes(j, key, text, strlen(text));
}

void json_bytes(struct json *j, const char *key, const char *text, size_t len)
{
	if (begin_value(j, key))
		put_string(&j->out, text, len);
}

void json_number(struct json *j, const char *key, int64_t number)
{
	if (begin_value(j, key))
		spool_number(&j->out, number);
}

void json_bool(struct json *j, const char *key, bool value)
{
	if (begin_value(j, key))
		spool_text(&j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	if (begin_value(j, key))
		spool_text(&j->out, "null");
}

void json_duration(struct json *j, const char *key, int64_t seconds)
{
	if (seconds == DURATION_FOREVER)
		json_null(j, key);
	else
		json_number(j, key, seconds);
}

void json_time(struct json *j, const char *key, int64_t at)
{
	json_duration(j, key, at == 0 ? DURATION_FOREVER : at);
}
