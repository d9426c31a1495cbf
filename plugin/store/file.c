/*
 * file: see file.h.
 *
 * Opening another program's database in the ordinary way can change it: a
 * journal that was left there is rolled back, a log is written into it. So
 * its first page is read before SQLite does, through SQLite's own descriptor.
 */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "saslban/alive.h"
#include "schema.h"

#define FILE_MODE 0640 /* SQLite gives its journals the mode of the file */

/* The file is created without being opened: a descriptor that we would have to
 * close again would take the locks of a jail that opened it meanwhile. */
int file_create(const char *path, struct fault *why)
{
	if (mknod(path, S_IFREG | FILE_MODE, 0) == 0) {
		(void)chmod(path, FILE_MODE); /* whatever the umask is */
		return 0;
	}
	if (errno == EEXIST)
		return 0;
	return fault_set(
		why, FAULT_STORE, "cannot create the database '%s': %s", path,
		errno == ENOENT ? "its directory is missing; create it, "
				  "writable for rsyslogd"
				: strerror(errno));
}

int file_is_regular(const char *path, struct fault *why)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	return fault_set(why, FAULT_STORE, "cannot open the database '%s': %s",
			 path,
			 S_ISDIR(st.st_mode) ? "it is a directory"
					     : "it is not a regular file");
}

/* https://www.sqlite.org/fileformat2.html, 1.3 and 1.6 */
enum {
	AT_VERSION = 60,
	AT_APPLICATION = 68,
	AT_CELLS = 103 /* of the schema's root page: none = no table */
};

static uint32_t number(const unsigned char *head, size_t at, size_t bytes)
{
	uint32_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | head[at + i];
	return n;
}

enum file_whose file_whose(const unsigned char *head, size_t len)
{
	uint32_t application;

	if (len == 0)
		return FILE_BLANK;
	if (len < FILE_HEAD || memcmp(head, "SQLite format 3", 16) != 0)
		return FILE_GARBAGE;
	application = number(head, AT_APPLICATION, 4);
	if (application == SCHEMA_APPLICATION)
		return FILE_OURS;
	/* Nothing in it yet, or nothing but what is still in its log. */
	if (application == 0 && number(head, AT_VERSION, 4) == 0 &&
	    number(head, AT_CELLS, 2) == 0)
		return FILE_BLANK;
	return FILE_OTHERS;
}

int file_judge(const char *path, enum file_whose whose, struct fault *why)
{
	if (whose == FILE_OURS || whose == FILE_BLANK)
		return 0;
	if (whose == FILE_GARBAGE && alive_was_here(path))
		return connection_damaged("open", path, why);
	return fault_set(why, FAULT_FOREIGN,
			 "'%s' is %s; name another file, or move it away", path,
			 whose == FILE_GARBAGE ? "not a SQLite database"
					       : "another program's database");
}

int file_check(struct store *s, struct fault *why)
{
	unsigned char head[FILE_HEAD];
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;
	enum file_whose whose;
	int code;

	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER,
				 &file) != SQLITE_OK ||
	    file == NULL || file->pMethods == NULL)
		return 0; /* in memory */
	if (file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return fault_set(why, FAULT_STORE, "cannot read '%s'", s->path);
	if (size <= 0)
		return 0;
	if (size > FILE_HEAD)
		size = FILE_HEAD;
	code = file->pMethods->xRead(file, head, (int)size, 0);
	if (code == SQLITE_IOERR_SHORT_READ)
		size = 1;
	else if (code != SQLITE_OK)
		return fault_set(why, FAULT_STORE, "cannot read '%s': %s",
				 s->path, strerror(EIO));
	whose = file_whose(head, (size_t)size);
	s->ours = whose == FILE_OURS || alive_was_here(s->path);
	s->damaged = s->ours && whose == FILE_GARBAGE;
	return file_judge(s->path, whose, why);
}

/* The path as SQLite's URI; %3f and the like for what means something. */
static void uri_of(const char *path, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "file:");

	for (; *path != '\0' && n + 4 < size; path++)
		n += (size_t)snprintf(out + n, size - n,
				      strchr("%?#", *path) ? "%%%02x" : "%c",
				      (unsigned char)*path);
	snprintf(out + n, size - n, "?immutable=1");
}

/*
 * A reader of a WAL database needs its -shm, and creates it if it may. When it
 * may not, either another program has the database open and its -shm can be
 * read, and all is well; or nobody has, the log was folded into the file when
 * the last one closed it, and the file alone is the truth. That it stays so
 * while we read is likely, not certain: a writer that starts in this very
 * moment may make us answer wrongly, once. The remedy is in the message of
 * the other cases: read as a user who may write to the directory.
 */
int file_freeze(struct store *s, struct fault *why)
{
	char uri[3 * SETTINGS_PATH + 32];
	char wal[SETTINGS_PATH + 8];
	struct stat log;

	snprintf(wal, sizeof(wal), "%s-wal", s->path);
	if (stat(wal, &log) == 0 && log.st_size > 0)
		return fault_set(why, FAULT_STORE,
				 "cannot read '%s': its log '%s' is in use and "
				 "its directory or '-shm' file is closed to "
				 "us; run as root or as rsyslogd's user",
				 s->path, wal);
	uri_of(s->path, uri, sizeof(uri));
	sqlite3_close(s->db);
	s->db = NULL;
	if (sqlite3_open_v2(uri, &s->db,
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return connection_refused(s, "open", why);
	connection_init(s);
	return 0;
}

bool file_moved(const struct store *s)
{
	int moved = 0;

	/* Not supported in memory: moved stays 0. */
	(void)sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED,
				   &moved);
	return moved != 0;
}
