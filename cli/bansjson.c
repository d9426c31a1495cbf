/*
 * bansjson: see bansjson.h.
 *
 * Where an object begins and ends is found here; what it says is libfastjson's
 * to read.
 */
#include "bansjson.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FJSON_NATIVE_API_ONLY
#include <libfastjson/json.h>

enum {
	CHUNK = 65536,
	OBJECT = 65536, /* bytes of one; a longer one is no ban */
	KEY = 32,
	DEEPEST = 64
};

struct scan {
	const struct bansjson_reader *reader;
	struct fjson_tokener *tokener;
	unsigned depth;
	bool string, escaped;
	bool bans;     /* inside the array */
	bool seen;     /* there was one */
	char key[KEY]; /* the last string of the outermost object */
	size_t keys;
	char *object; /* the one that is being read */
	size_t len;
	bool capturing, too_long;
	uint64_t number;
};

/* A member of an object; numbers and words as they would stand in a table. */
static bool take(struct columns_ban *b, const char *key,
		 struct fjson_object *value, const char **why)
{
	int heading = columns_heading(key);
	const char *text = "";

	if (heading < 0)
		return true;
	switch (fjson_object_get_type(value)) {
	case fjson_type_object:
	case fjson_type_array:
	case fjson_type_double:
		*why = columns_trouble(heading);
		return false;
	case fjson_type_null:
		break;
	default:
		text = fjson_object_get_string(value);
	}
	if (text == NULL)
		text = "";
	/* null is an end that never comes, and elsewhere nothing. */
	if (strcmp(key, "until") == 0 && *text == '\0')
		text = "never";
	if (columns_put(b, heading, text))
		return true;
	*why = columns_trouble(heading);
	return false;
}

static int give(struct scan *s, struct fault *why)
{
	const struct bansjson_reader *r = s->reader;
	struct fjson_object *o = NULL;
	struct columns_ban b;
	const char *bad = NULL;

	s->number++;
	columns_clear(&b);
	if (!s->too_long) {
		fjson_tokener_reset(s->tokener);
		o = fjson_tokener_parse_ex(s->tokener, s->object, (int)s->len);
	}
	if (o == NULL) {
		bad = s->too_long ? "it is too long" : "it is not well formed";
	} else {
		struct fjson_object_iterator at = fjson_object_iter_begin(o);
		struct fjson_object_iterator end = fjson_object_iter_end(o);

		for (; bad == NULL && !fjson_object_iter_equal(&at, &end);
		     fjson_object_iter_next(&at))
			(void)take(&b, fjson_object_iter_peek_name(&at),
				   fjson_object_iter_peek_value(&at), &bad);
		if (bad == NULL && columns_check(&b, &bad) == COLUMNS_BAN)
			bad = NULL;
	}
	fjson_object_put(o);
	return r->see(r->context, &b, bad, s->number, why);
}

static void keep(struct scan *s, char c)
{
	if (s->len < OBJECT)
		s->object[s->len++] = c;
	else
		s->too_long = true;
}

/* Inside a text: its end, and what it is. */
static void in_string(struct scan *s, char c)
{
	if (s->escaped)
		s->escaped = false;
	else if (c == '\\')
		s->escaped = true;
	else if (c == '"')
		s->string = false;
	if (s->string && s->depth == 1 && s->keys < KEY - 1)
		s->key[s->keys++] = c;
	s->key[s->keys] = '\0';
}

static int open_one(struct scan *s, char c, struct fault *why)
{
	if (s->depth == DEEPEST)
		return fault_set(why, FAULT_SETTING, "it is too deep");
	if (s->depth == 1 && c == '[' && strcmp(s->key, "bans") == 0)
		s->bans = s->seen = true;
	s->depth++;
	return 0;
}

static int step(struct scan *s, char c, struct fault *why)
{
	bool begins = !s->string && s->bans && s->depth == 2 && c == '{';

	if (begins) {
		s->capturing = true;
		s->too_long = false;
		s->len = 0;
	}
	if (s->capturing)
		keep(s, c);
	if (s->string) {
		in_string(s, c);
		return 0;
	}
	if (c == '"') {
		s->string = true;
		s->keys = 0;
		return 0;
	}
	if (c == '{' || c == '[')
		return open_one(s, c, why);
	if (c != '}' && c != ']')
		return 0;
	if (s->depth == 0)
		return fault_set(why, FAULT_SETTING, "it is not well formed");
	s->depth--;
	if (s->depth == 1)
		s->bans = false;
	if (!s->capturing || s->depth != 2)
		return 0;
	s->capturing = false;
	return give(s, why);
}

static int scan_all(struct scan *s, struct source *source, char *chunk,
		    struct fault *why)
{
	ssize_t n;
	int answer;

	while ((n = source_read(source, chunk, CHUNK, why)) > 0)
		for (ssize_t i = 0; i < n; i++)
			if ((answer = step(s, chunk[i], why)) != 0)
				return answer;
	if (n < 0)
		return -1;
	if (s->depth != 0 || s->string)
		return fault_set(why, FAULT_SETTING,
				 "it is not whole: it ends within itself");
	if (!s->seen)
		return fault_set(why, FAULT_SETTING, "it has no array 'bans'");
	return 0;
}

int bansjson_read(struct source *source, const struct bansjson_reader *r,
		  struct fault *why)
{
	struct scan s = {.reader = r};
	char *chunk = malloc(CHUNK);
	int result;

	s.object = malloc(OBJECT);
	s.tokener = fjson_tokener_new();
	if (chunk == NULL || s.object == NULL || s.tokener == NULL)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	else
		result = scan_all(&s, source, chunk, why);
	if (s.tokener != NULL)
		fjson_tokener_free(s.tokener);
	free(s.object);
	free(chunk);
	return result;
}
