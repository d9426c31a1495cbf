/* check_database: the file of the database, and the directory it is in. */
#include "exam.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "quote.h"
#include "saslban/plural.h"

#define CHECK "database"
#define MIB ((uint64_t)1048576)

/* The module stops recording when there is none; failures wait in memory. */
enum { SPACE_FAIL = 16, SPACE_WARN = 256, LOG_WARN = 64 }; /* MiB */

/* ---- there, ours, readable ---- */

void check_database(struct exam *x)
{
	const char *path = x->cli->database;
	char quoted[QUOTE_TEXT];
	struct findings *f = &x->findings;

	if (x->open) {
		finding_add(f, FINDING_OK, CHECK, "'%s', %zu jail%s", path,
			    x->session.jails, plural(x->session.jails));
		return;
	}
	finding_add(f, x->unseen ? FINDING_SKIP : FINDING_FAIL, CHECK, "%.*s",
		    (int)strcspn(x->shut.text, "\n"), x->shut.text);
	quote_shell(path, quoted);
	if (x->unseen)
		finding_remedy(f, "sudo saslbanctl doctor -d %s", quoted);
	else if (access(path, F_OK) != 0)
		finding_remedy(f, "install -d -m 0750 /var/lib/saslban\n"
				  "rsyslogd -N1 && systemctl restart rsyslog");
	else
		finding_remedy(f,
			       "systemctl stop rsyslog\n"
			       "mv %s %s.old\n"
			       "systemctl start rsyslog",
			       quoted, quoted);
}

/* ---- owner and mode ---- */

static void directory_of(const char *path, char out[SETTINGS_PATH])
{
	const char *slash = strrchr(path, '/');

	snprintf(out, SETTINGS_PATH, "%.*s",
		 slash == NULL   ? 1
		 : slash == path ? 1
				 : (int)(slash - path),
		 slash == NULL ? "." : path);
}

static const char *user_name(uid_t uid, char out[32])
{
	const struct passwd *user = getpwuid(uid);

	if (user != NULL)
		snprintf(out, 32, "%s", user->pw_name);
	else
		snprintf(out, 32, "%u", (unsigned)uid);
	return out;
}

/* True when it found something. */
static bool judge_owner(struct exam *x, const char *dir, const struct stat *at,
			const struct stat *file)
{
	const struct process *p = &x->process;
	bool in_dir = process_may_write(p, at);
	char user[32], quoted[QUOTE_TEXT];

	if (p->pid == 0 || (in_dir && process_may_write(p, file)))
		return false;
	user_name(p->uid, user);
	finding_add(&x->findings, FINDING_FAIL, "writable",
		    "rsyslogd runs as '%s' and may not write to '%s': nothing "
		    "is recorded and nobody is banned",
		    user, in_dir ? x->cli->database : dir);
	finding_remedy(&x->findings, "chown -R %s %s", user,
		       quote_shell(dir, quoted));
	return true;
}

static void judge_mode(struct exam *x, const struct stat *file)
{
	const char *path = x->cli->database;
	char quoted[QUOTE_TEXT], user[32];

	if ((file->st_mode & S_IRWXO) == 0) {
		finding_add(&x->findings, FINDING_OK, "writable",
			    "belongs to '%s', mode %04o%s",
			    user_name(file->st_uid, user),
			    (unsigned)file->st_mode & 07777,
			    x->process.pid == 0
				    ? ""
				    : ", and rsyslogd may write to it");
		return;
	}
	finding_add(&x->findings, FINDING_WARN, "writable",
		    "mode %04o lets everybody %s: names that were tried, "
		    "mistyped passwords among them",
		    (unsigned)file->st_mode & 07777,
		    (file->st_mode & S_IWOTH) != 0 ? "change it" : "read it");
	finding_remedy(&x->findings, "chmod 0640 %s",
		       quote_shell(path, quoted));
}

void check_directory(struct exam *x)
{
	const char *path = x->cli->database;
	char dir[SETTINGS_PATH], quoted[QUOTE_TEXT];
	struct stat at, file;
	struct statvfs fs;

	directory_of(path, dir);
	if (stat(path, &file) < 0 || stat(dir, &at) < 0 ||
	    !S_ISREG(file.st_mode))
		return; /* check_database has said so */
	if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0) {
		finding_add(&x->findings, FINDING_FAIL, "writable",
			    "'%s' is on a read-only file system: nothing is "
			    "recorded and nobody is banned",
			    path);
		finding_remedy(&x->findings, "mount -o remount,rw --target %s",
			       quote_shell(dir, quoted));
		return;
	}
	if (!judge_owner(x, dir, &at, &file))
		judge_mode(x, &file);
}

/* ---- space ---- */

static void judge_log(struct exam *x)
{
	char path[SETTINGS_PATH + 8], quoted[QUOTE_TEXT];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", x->cli->database);
	if (stat(path, &st) < 0 || (uint64_t)st.st_size < LOG_WARN * MIB)
		return;
	finding_add(&x->findings, FINDING_WARN, "log",
		    "'%s' has grown to %" PRIu64 " MiB: some program reads the "
		    "database and does not end",
		    path, (uint64_t)st.st_size / MIB);
	finding_remedy(&x->findings, "fuser -v %s",
		       quote_shell(x->cli->database, quoted));
}

void check_space(struct exam *x)
{
	char dir[SETTINGS_PATH], quoted[QUOTE_TEXT];
	enum finding_level level;
	struct statvfs fs;
	uint64_t mib;

	directory_of(x->cli->database, dir);
	if (statvfs(dir, &fs) < 0)
		return;
	mib = (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
	level = mib < SPACE_FAIL   ? FINDING_FAIL
		: mib < SPACE_WARN ? FINDING_WARN
				   : FINDING_OK;
	finding_add(&x->findings, level, "space",
		    "%" PRIu64 " MiB free in '%s'", mib, dir);
	if (level != FINDING_OK)
		finding_remedy(&x->findings, "df -h %s",
			       quote_shell(dir, quoted));
	judge_log(x);
}

/* ---- what is in it ---- */

void check_integrity(struct exam *x)
{
	char quoted[QUOTE_TEXT];
	struct fault why;

	if (store_verify(x->session.store, &why) == 0) {
		finding_add(&x->findings, FINDING_OK, "integrity",
			    "every page of it is whole");
		return;
	}
	finding_add(&x->findings, FINDING_FAIL, "integrity", "%s", why.text);
	quote_shell(x->cli->database, quoted);
	/* One that is empty is begun anew with what backup and sets have. */
	finding_remedy(&x->findings,
		       "systemctl stop rsyslog\n"
		       "mv %s %s.damaged\n"
		       "touch %s\n"
		       "systemctl start rsyslog",
		       quoted, quoted, quoted);
}
