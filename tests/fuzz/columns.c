/*
 * columns: any bytes as the lines of a list, of saslfail's history and of a
 * table, whose first line has the headings; and any bytes as a JSON document.
 *
 * What is taken for a ban has to be one: an address, and times that are some.
 */
#include "columns.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bansjson.h"
#include "saslban/duration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_time(int64_t at)
{
	return at >= 0 && at <= STORE_LAST;
}

static void check(const struct columns_ban *b)
{
	const struct offense *o = &b->offense;

	if (o->address.family == ADDRESS_NONE || !is_time(o->at) ||
	    !is_time(o->ended) || !is_time(o->lifted) ||
	    (o->until != DURATION_FOREVER && !is_time(o->until)) ||
	    o->strike > STORE_STRIKES || o->failures < 0 || o->late < 0 ||
	    (b->begun && o->until < o->at) ||
	    memchr(o->why, '\0', STORE_WHY) == NULL)
		abort();
}

static void see(enum columns what, const struct columns_ban *b, const char *why)
{
	if (what == COLUMNS_BAN)
		check(b);
	else if (what == COLUMNS_BAD && (why == NULL || *why == '\0'))
		abort();
}

static void read_line(const struct columns_table *t, struct slice line)
{
	struct columns_ban b;
	const char *why = NULL;
	enum columns what = columns_list(line, &b, &why);

	see(what, &b, why);
	what = columns_saslfail(line, &b, &why);
	see(what, &b, why);
	what = columns_csv(t, line, &b, &why);
	see(what, &b, why);
}

static int see_json(void *context, struct columns_ban *b, const char *bad,
		    uint64_t number, struct fault *why)
{
	(void)context;
	(void)why;
	if (number == 0)
		abort();
	if (bad == NULL)
		check(b);
	return 0;
}

static void read_json(const uint8_t *data, size_t len)
{
	const struct bansjson_reader r = {see_json, NULL};
	int fd = memfd_create("bans", MFD_CLOEXEC);
	struct source *s;
	struct fault why;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	if (source_open(&s, path, &why) == 0) {
		(void)bansjson_read(s, &r, &why);
		source_close(s);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *at = (const char *)data;
	const char *end = at + len;
	struct columns_table t;
	bool first = true;

	memset(&t, 0, sizeof(t));
	while (at < end) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((nl == NULL ? end : nl) - at);

		if (first)
			(void)columns_headings((struct slice){at, n}, &t);
		first = false;
		read_line(&t, (struct slice){at, n});
		at += n + 1;
	}
	read_json(data, len);
	return 0;
}
