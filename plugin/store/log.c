/*
 * log: see log.h.
 *
 * The formats are SQLite's: https://www.sqlite.org/walformat.html. They are
 * read through SQLite's own descriptors: closing another one would drop the
 * locks of every connection of the process.
 */
#include "log.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "file.h"

#define LOG_PATH (SETTINGS_PATH + 8)

static bool find_file(const struct store *s, int i, char path[LOG_PATH],
		      struct stat *st)
{
	static const char *const suffix[LOG_FILES] = {"-wal", "-shm"};

	snprintf(path, LOG_PATH, "%s%s", s->path, suffix[i]);
	return stat(path, st) == 0;
}

/* The file of that name is the one that was noted. */
static bool is_noted(const struct store *s, int i, char path[LOG_PATH])
{
	const struct log_file *noted = &s->log[i];
	struct stat st;

	return find_file(s, i, path, &st) && st.st_dev == noted->device &&
	       st.st_ino == noted->inode;
}

void log_note(struct store *s)
{
	char path[LOG_PATH];
	struct stat st;

	/* They are created by the first one who reads. */
	(void)sqlite3_exec(s->db, "PRAGMA schema_version", NULL, NULL, NULL);
	for (int i = 0; i < LOG_FILES; i++) {
		s->log[i].known = find_file(s, i, path, &st);
		s->log[i].device = st.st_dev;
		s->log[i].inode = st.st_ino;
	}
}

bool log_moved(const struct store *s)
{
	char path[LOG_PATH];

	for (int i = 0; i < LOG_FILES; i++)
		if (s->log[i].known && !is_noted(s, i, path))
			return true;
	return false;
}

/* ---- what the index says ---- */

/* The first of the two copies of its header, and what follows them. */
enum {
	INDEX_PAGE_SIZE = 14, /* 2 bytes */
	INDEX_FRAMES = 16,    /* 4: valid frames in the log */
	INDEX_SALT = 32,      /* 8: in each frame of this log, too */
	INDEX_COPIED = 96,    /* 4: frames that are in the database */
	INDEX_REGION = 32768
};

/* Of the log. */
enum { LOG_HEADER = 32, FRAME_HEADER = 24, FRAME_SALT = 8, SALT = 8 };

struct index {
	int64_t frame_size;
	uint32_t frames;
	uint32_t copied;
	unsigned char salt[SALT];
};

/* False when there is no index: the database is in memory. */
static bool read_index(const struct store *s, struct index *out)
{
	void volatile *region = NULL;
	sqlite3_file *file = NULL;
	unsigned char header[INDEX_COPIED + 4];
	uint16_t page_size;

	if (!s->log[0].known ||
	    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER,
				 &file) != SQLITE_OK ||
	    file->pMethods == NULL || file->pMethods->iVersion < 2 ||
	    file->pMethods->xShmMap(file, 0, INDEX_REGION, 0, &region) !=
		    SQLITE_OK ||
	    region == NULL)
		return false;
	for (size_t i = 0; i < sizeof(header); i++)
		header[i] = ((unsigned char volatile *)region)[i];
	/* In the byte order of the machine. */
	memcpy(&page_size, header + INDEX_PAGE_SIZE, sizeof(page_size));
	memcpy(&out->frames, header + INDEX_FRAMES, sizeof(out->frames));
	memcpy(&out->copied, header + INDEX_COPIED, sizeof(out->copied));
	memcpy(out->salt, header + INDEX_SALT, SALT);
	out->frame_size =
		FRAME_HEADER + (page_size == 1 ? 65536 : (int64_t)page_size);
	return true;
}

static sqlite3_file *log_file(const struct store *s)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER,
				 &file) != SQLITE_OK ||
	    file == NULL || file->pMethods == NULL)
		return NULL;
	return file;
}

static int64_t size_of(sqlite3_file *file)
{
	sqlite3_int64 size = 0;

	if (file == NULL || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return 0;
	return size;
}

bool log_whole(const struct store *s)
{
	struct index index;

	return !read_index(s, &index) || index.frames == 0 ||
	       size_of(log_file(s)) >=
		       LOG_HEADER + index.frames * index.frame_size;
}

void log_renew(struct store *s)
{
	struct index index;

	if (!log_whole(s) && read_index(s, &index) &&
	    index.frames == index.copied)
		(void)sqlite3_wal_checkpoint_v2(
			s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* Each frame bears the salt. A hole, where another connection has written to
 * another log, does not. */
static bool holds_all(sqlite3_file *file, const struct index *index)
{
	unsigned char salt[SALT];

	for (int64_t i = 0; i < index->frames; i++) {
		int64_t at = LOG_HEADER + i * index->frame_size + FRAME_SALT;

		if (file->pMethods->xRead(file, salt, SALT, at) != SQLITE_OK ||
		    memcmp(salt, index->salt, SALT) != 0)
			return false;
	}
	return true;
}

/* ---- checkpoints ---- */

/* In pages: so few are not worth the while; so many are copied at once, as the
 * log grows while bans come without a pause. */
enum { FEW = 500, TOO_MANY = 8000 };

static int note_pages(void *context, sqlite3 *db, const char *name, int pages)
{
	struct store *s = context;

	s->pages = pages;
	if (pages >= TOO_MANY)
		(void)sqlite3_wal_checkpoint_v2(
			db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

int log_defer(struct store *s, struct fault *why)
{
	if (connection_exec(s, "open", "PRAGMA synchronous = NORMAL", why) < 0)
		return -1;
	sqlite3_wal_hook(s->db, note_pages, s);
	s->deferred = true;
	return 0;
}

/* A database in memory has no log. */
int store_save(struct store *s, struct fault *why)
{
	sqlite3_file *file = s->unsaved ? log_file(s) : NULL;

	if (file != NULL &&
	    file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK)
		return fault_set(why, FAULT_STORE,
				 "cannot write to '%s': the disk does not take "
				 "what is in its log",
				 s->path);
	s->unsaved = false;
	return 0;
}

/* A passive one waits for nobody. What a reader keeps from being copied the
 * next one does. */
void store_checkpoint(struct store *s)
{
	if (s->pages < FEW)
		return;
	s->pages = 0;
	(void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE,
					NULL, NULL);
}

int log_fold(struct store *s, struct fault *why)
{
	if (connection_exec(s, "fold the log into",
			    "PRAGMA synchronous = FULL;"
			    "PRAGMA journal_mode = DELETE",
			    why) < 0)
		return -1;
	log_note(s); /* there is none to be missed */
	return 0;
}

/* ---- rescue ---- */

/* Another log of the same database, that has commits of its own. */
static bool has_rival(const struct store *s)
{
	char path[LOG_PATH];
	struct stat st;

	return s->log[1].known && !is_noted(s, 1, path) &&
	       find_file(s, 0, path, &st) && st.st_size > 0 &&
	       !is_noted(s, 0, path);
}

static int checkpoint(struct store *s, struct fault *why)
{
	int frames = 0, copied = 0;
	int code = sqlite3_wal_checkpoint_v2(
		s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &copied);

	/* Busy, but all of it was copied: a reader only keeps the log from
	 * being cut. */
	if (code == SQLITE_OK || (code == SQLITE_BUSY && frames == copied))
		return 0;
	return connection_refused(s, "save what is in the log of", why);
}

int log_rescue(struct store *s, struct fault *why)
{
	struct index index;
	sqlite3_file *file = log_file(s);

	if (!read_index(s, &index) || index.frames == index.copied)
		return 0;
	/* Another connection has saved it all and cut it. */
	if (size_of(file) == 0)
		return 0;
	if (!holds_all(file, &index) || (!file_moved(s) && has_rival(s)))
		return fault_set(why, FAULT_STORE,
				 "cannot save what is in the log of '%s': the "
				 "log was removed, and another program writes "
				 "to a new one",
				 s->path);
	return checkpoint(s, why);
}

/* SQLite finds the log of a database by its name alone, and would replay the
 * old one's over a new database. Another jail may have been here before us and
 * have the new one open by now: its log is not the one that we had. */
void log_leave(struct store *s)
{
	char path[LOG_PATH];

	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (!file_moved(s))
		return;
	for (int i = 0; i < LOG_FILES; i++)
		if (s->log[i].known && is_noted(s, i, path))
			(void)unlink(path);
}
