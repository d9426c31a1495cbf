/*
 * json: see json.h.
 *
 * Two levels are streamed, the outermost object (0) and a container in it
 * (1); what is deeper is built with libfastjson and written when it ends.
 */
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FJSON_NATIVE_API_ONLY /* or json_object is a macro of its own */
#include <libfastjson/json.h>

#include "saslban/duration.h"
#include "saslban/utf8.h"

enum { STREAMED = 2, DEEPEST = 6 };

struct level {
	char close;                /* ] or } */
	const char *key;           /* its name in the level above */
	size_t members;            /* streamed levels: written so far */
	struct fjson_object *node; /* built levels */
};

struct json {
	FILE *file;
	bool failed;
	size_t depth; /* of level[] in use */
	struct level level[DEEPEST];
};

/* ---- writing ---- */

static void put_unicode(FILE *file, uint32_t code)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		fprintf(file, "\\u%04" PRIx32, 0xd800 + (code >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	fprintf(file, "\\u%04" PRIx32, code);
}

/* libfastjson's text, with what it leaves raw made safe, and without the
 * escape of the slash, which nobody needs outside of HTML. */
static void put_safe(FILE *file, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		uint32_t code = 0xfffd;
		size_t bytes = utf8_decode(text, len, &code);

		if (bytes == 0)
			bytes = 1;
		if (*text == '\\' && len > 1) {
			bytes = 2;
			if (text[1] == '/')
				fputc('/', file);
			else
				fwrite(text, 1, bytes, file);
		} else if (code == 0xfffd || utf8_is_control(code)) {
			put_unicode(file, code);
		} else {
			fwrite(text, 1, bytes, file);
		}
		text += bytes;
		len -= bytes;
	}
}

/* The comma and the key in front of a streamed value. */
static void put_key(struct json *j, const char *key)
{
	if (j->level[j->depth - 1].members++ > 0)
		fputc(',', j->file);
	if (key != NULL)
		fprintf(j->file, "\"%s\":", key);
}

/* ---- building ---- */

/* Takes node, which may be NULL: null. */
static void add(struct json *j, const char *key, struct fjson_object *node)
{
	struct level *l = &j->level[j->depth - 1];
	const char *text = "null";

	if (l->node != NULL && key != NULL) {
		fjson_object_object_add_ex(
			l->node, key, node,
			FJSON_OBJECT_ADD_KEY_IS_NEW |
				FJSON_OBJECT_KEY_IS_CONSTANT);
		return;
	}
	if (l->node != NULL) {
		if (fjson_object_array_add(l->node, node) < 0)
			j->failed = true;
		return;
	}
	put_key(j, key);
	if (node != NULL)
		text = fjson_object_to_json_string_ext(node,
						       FJSON_TO_STRING_PLAIN);
	if (text == NULL)
		j->failed = true;
	else
		put_safe(j->file, text);
	fjson_object_put(node);
}

/* Takes node, for which memory may have run out. */
static void add_made(struct json *j, const char *key, struct fjson_object *node)
{
	if (node == NULL)
		j->failed = true;
	else
		add(j, key, node);
}

static bool usable(const struct json *j)
{
	return j != NULL && !j->failed;
}

static void open_level(struct json *j, const char *key, char open, char close)
{
	struct level l = {.close = close, .key = key};

	if (!usable(j))
		return;
	if (j->depth >= STREAMED) {
		l.node = close == '}' ? fjson_object_new_object()
				      : fjson_object_new_array();
		j->failed = l.node == NULL;
	}
	if (j->failed || j->depth == DEEPEST) {
		fjson_object_put(l.node);
		j->failed = true;
		return;
	}
	if (j->depth > STREAMED)
		add(j, key, l.node); /* the parent owns it from now on */
	if (j->depth == 1)
		put_key(j, key);
	if (j->depth < STREAMED)
		fputc(open, j->file);
	j->level[j->depth++] = l;
}

static void close_level(struct json *j)
{
	struct level l = j->level[--j->depth];

	if (j->depth < STREAMED)
		fputc(l.close, j->file);
	else if (j->depth == STREAMED)
		add(j, l.key, l.node);
}

struct json *json_begin(FILE *file)
{
	struct json *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->file = file;
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
	if (j->depth > STREAMED) /* given up: the built part is still ours */
		fjson_object_put(j->level[STREAMED].node);
	fputc('\n', j->file);
	free(j);
	return result;
}

/* ---- values ---- */

void json_text(struct json *j, const char *key, const char *text)
{
	if (usable(j))
		add_made(j, key, fjson_object_new_string(text));
}

void json_bytes(struct json *j, const char *key, const char *text, size_t len)
{
	if (usable(j))
		add_made(j, key, fjson_object_new_string_len(text, (int)len));
}

void json_number(struct json *j, const char *key, int64_t number)
{
	if (usable(j))
		add_made(j, key, fjson_object_new_int64(number));
}

void json_bool(struct json *j, const char *key, bool value)
{
	if (usable(j))
		add_made(j, key, fjson_object_new_boolean(value));
}

void json_null(struct json *j, const char *key)
{
	if (usable(j))
		add(j, key, NULL);
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
