/* backup: a whole copy of the database, while it is in use. */
#include "saslban/backup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "options.h"
#include "progress.h"
#include "session.h"
#include "verb.h"

struct call {
	const struct cli *cli;
	struct session session;
	char directory[BACKUP_PATH]; /* "": a file was named */
	char path[BACKUP_PATH];
	size_t keep; /* 0: all */
	size_t removed;
	struct progress progress;
};

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The one in which a damaged database looks for backups, and in which its own
 * user has to be able to read. */
static enum status make_directory(const char *path, const char *database)
{
	struct stat st;

	if (mkdir(path, 0750) < 0)
		return errno == EEXIST ? STATUS_OK
				       : edge_end(STATUS_FAILED,
						  "cannot create '%s': %s",
						  path, strerror(errno));
	if (geteuid() == 0 && stat(database, &st) == 0 &&
	    chown(path, st.st_uid, st.st_gid) < 0)
		return edge_end(STATUS_FAILED, "cannot give away '%s': %s",
				path, strerror(errno));
	return STATUS_OK;
}

/* A directory that was named is one that is there: a name that was misspelt is
 * a file's. */
static enum status find_place(struct call *x)
{
	const struct cli *c = x->cli;

	if (c->words < 2) {
		backup_directory(c->database, x->directory);
	} else if (strlen(c->word[1]) >= SETTINGS_PATH) {
		return edge_end(STATUS_USAGE, "'%s' is too long", c->word[1]);
	} else if (is_directory(c->word[1])) {
		snprintf(x->directory, sizeof(x->directory), "%s", c->word[1]);
	} else {
		snprintf(x->path, sizeof(x->path), "%s", c->word[1]);
	}
	if (x->directory[0] != '\0')
		backup_name(x->directory, c->database, c->now, x->path);
	else if (x->keep > 0)
		return edge_end(STATUS_USAGE,
				"--keep is for a directory, and '%s' is none",
				x->path);
	return STATUS_OK;
}

static int see_progress(void *context, size_t done, size_t total)
{
	progress_print(context, 0, done, total);
	return 0;
}

static int write_backup(struct call *x, struct fault *why)
{
	struct backup_progress progress = {see_progress, &x->progress};
	int result;

	progress_begin(&x->progress);
	result = backup_write(x->session.store, x->path, &progress, why);
	progress_end(&x->progress);
	if (result == 0 && x->keep > 0)
		result = backup_keep(x->directory, x->cli->database, x->keep,
				     &x->removed, why);
	return result;
}

static enum status print(const struct call *x)
{
	struct stat st = {.st_size = 0};
	struct json *j;

	(void)stat(x->path, &st);
	if (!x->cli->json) {
		output_print(&x->cli->out, PLAIN, "%s\n", x->path);
		return STATUS_OK;
	}
	j = json_begin(x->cli->out.file);
	json_number(j, "now", x->cli->now);
	json_text(j, "database", x->cli->database);
	json_text(j, "backup", x->path);
	json_number(j, "bytes", (int64_t)st.st_size);
	json_number(j, "removed", (int64_t)x->removed);
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}

static enum status answer(struct call *x)
{
	enum status status = STATUS_OK;
	struct fault why;

	if (x->cli->words < 2)
		status = make_directory(x->directory, x->cli->database);
	if (status != STATUS_OK)
		return status;
	if (write_backup(x, &why) < 0)
		return edge_fail(&why);
	return print(x);
}

/* Nothing is made for a database that cannot be read. */
enum status verb_backup(const struct cli *c)
{
	struct call x = {.cli = c};
	enum status status = options_keep(c, &x.keep);

	if (status == STATUS_OK)
		status = find_place(&x);
	if (status == STATUS_OK)
		status = session_open(&x.session, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	status = answer(&x);
	session_close(&x.session);
	return status;
}
