/* logs: see logs.h. */
#include "logs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lines.h"
#include "progress.h"
#include "saslban/rawline.h"

struct reading {
	struct logs *logs;
	int64_t now; /* decides the year of a date that has none */
	int (*see)(void *context, struct logline *line, struct fault *why);
	void *context;
	struct progress progress;
	uint64_t done; /* bytes of the files before */
	uint64_t all;  /* bytes of all; 0: not known */
	struct rawline raw;
};

/* Before an hour is spent on the first of them: are all there? */
static enum status look(struct reading *r, const struct cli *c)
{
	bool known = true;
	struct stat st;

	for (size_t i = 1; i < c->words; i++) {
		const char *path = c->word[i];

		if (strcmp(path, "-") == 0) {
			known = false;
			continue;
		}
		if (stat(path, &st) < 0 || access(path, R_OK) < 0)
			return edge_end(STATUS_FAILED, "cannot open '%s': %s",
					path, strerror(errno));
		known = known && S_ISREG(st.st_mode);
		r->all += (uint64_t)st.st_size;
	}
	r->all = known ? r->all : 0;
	return STATUS_OK;
}

static void note_date(struct logs *l, int64_t at)
{
	if (l->first == 0 || at < l->first)
		l->first = at;
	l->behind += at + LOGS_BEHIND < l->last;
	if (at > l->last)
		l->last = at;
}

static int read_line(struct reading *r, struct slice text, struct fault *why)
{
	rawline_parse(text.at, text.len, r->now, &r->raw);
	r->logs->lines++;
	if (!r->raw.dated) {
		r->logs->undated++;
		return 0;
	}
	note_date(r->logs, r->raw.line.reported);
	return r->see(r->context, &r->raw.line, why);
}

/* That it is broken is said, and is no failure. */
static int read_file(struct reading *r, const char *path, struct fault *why)
{
	struct lines lines;
	struct slice text;
	int more;

	if (lines_open(&lines, path, why) < 0)
		return -1;
	while ((more = lines_next(&lines, &text, why)) > 0) {
		if (read_line(r, text, why) < 0) {
			lines_close(&lines);
			return -1;
		}
		progress_print(&r->progress, r->logs->lines,
			       r->done + lines.bytes, r->all);
	}
	r->done += lines.size;
	lines_close(&lines);
	if (more < 0) {
		progress_end(&r->progress);
		(void)edge_fail(why);
		r->logs->broken = true;
	}
	return 0;
}

enum status logs_read(struct logs *l, const struct cli *c,
		      int (*see)(void *context, struct logline *line,
				 struct fault *why),
		      void *context)
{
	struct reading r = {
		.logs = l, .now = c->now, .see = see, .context = context};
	enum status status = look(&r, c);
	struct fault why;

	if (status != STATUS_OK)
		return status;
	*l = (struct logs){0};
	progress_begin(&r.progress);
	for (size_t i = 1; i < c->words; i++) {
		if (read_file(&r, c->word[i], &why) < 0) {
			progress_end(&r.progress);
			return edge_fail(&why);
		}
	}
	progress_end(&r.progress);
	return STATUS_OK;
}
