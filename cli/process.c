/* process: see process.h. */
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "rsyslogd"
#define MODULE "omsaslban.so"
#define CONF "/etc/rsyslog.conf"

enum {
	NET_ADMIN = 12,  /* the number of the capability, capabilities(7) */
	BYTES = 16384,   /* of a file of /proc */
	FILE_PATH = 2048 /* of a path in it */
};

/* ---- pure ---- */

/* What stands behind `Name:` at the start of a line; NULL. */
static const char *field(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = text; at != NULL && *at != '\0';) {
		if (strncmp(at, name, n) == 0)
			return at + n;
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return NULL;
}

static bool has_capability(const char *text, const char *name)
{
	const char *at = field(text, name);

	return at != NULL && (strtoull(at, NULL, 16) >> NET_ADMIN & 1) != 0;
}

static void read_groups(struct process *p, const char *text)
{
	const char *at = field(text, "Groups:");
	char *end;

	while (at != NULL && p->groups < PROCESS_GROUPS) {
		gid_t group = (gid_t)strtoul(at, &end, 10);

		at += strspn(at, " \t");
		if (end == at || *at == '\n' || *at == '\0')
			return;
		p->group[p->groups++] = group;
		at = end;
	}
}

/* `Uid:` and `Gid:` have four numbers; the last is for files. */
static unsigned long fourth(const char *text, const char *name)
{
	const char *at = field(text, name);
	unsigned long number = 0;
	char *end;

	for (int i = 0; at != NULL && i < 4; i++, at = end)
		number = strtoul(at, &end, 10);
	return number;
}

void process_read_status(struct process *p, const char *text)
{
	p->uid = (uid_t)fourth(text, "Uid:");
	p->groups = 1;
	p->group[0] = (gid_t)fourth(text, "Gid:");
	read_groups(p, text);
	p->able = has_capability(text, "CapEff:");
	p->bounded = !has_capability(text, "CapBnd:");
}

void process_read_cgroup(struct process *p, const char *text)
{
	static const char end[] = ".service";
	const char *line = text;

	p->unit[0] = '\0';
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		const char *slash = memrchr(line, '/', len);
		size_t n = slash == NULL ? 0 : (size_t)(line + len - slash) - 1;

		if (n >= sizeof(end) &&
		    memcmp(slash + 1 + n - (sizeof(end) - 1), end,
			   sizeof(end) - 1) == 0) {
			snprintf(p->unit, sizeof(p->unit), "%.*s", (int)n,
				 slash + 1);
			return;
		}
		line += len;
		line += *line == '\n';
	}
}

void process_read_command(struct process *p, const char *words, size_t len)
{
	const char *conf = CONF;

	for (size_t i = 0; i < len; i += strlen(words + i) + 1) {
		const char *word = words + i;
		size_t next = i + strlen(word) + 1;

		if (i == 0 || strncmp(word, "-f", 2) != 0)
			continue;
		if (word[2] != '\0')
			conf = word + 2;
		else if (next < len)
			conf = words + next;
	}
	snprintf(p->conf, sizeof(p->conf), "%s", conf);
}

bool process_may_write(const struct process *p, const struct stat *st)
{
	if (p->uid == 0)
		return true;
	if (st->st_uid == p->uid)
		return (st->st_mode & S_IWUSR) != 0;
	for (size_t i = 0; i < p->groups; i++)
		if (p->group[i] == st->st_gid)
			return (st->st_mode & S_IWGRP) != 0;
	return (st->st_mode & S_IWOTH) != 0;
}

/* ---- /proc ---- */

/* The file as text; its length, 0 when it cannot be read. */
static size_t read_file(const char *path, char buf[BYTES])
{
	FILE *file = fopen(path, "re");
	size_t n;

	buf[0] = '\0';
	if (file == NULL)
		return 0;
	n = fread(buf, 1, BYTES - 1, file);
	buf[n] = '\0';
	fclose(file);
	return n;
}

static size_t read_proc(pid_t pid, const char *name, char buf[BYTES])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return read_file(path, buf);
}

/* Has it this file open? *hidden when that may not be known. */
static bool has_open(pid_t pid, const struct stat *wanted, bool *hidden)
{
	char path[FILE_PATH];
	struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (dir == NULL) {
		*hidden |= errno == EACCES;
		return false;
	}
	while (!found && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid,
			 entry->d_name);
		found = stat(path, &st) == 0 && st.st_dev == wanted->st_dev &&
			st.st_ino == wanted->st_ino;
	}
	closedir(dir);
	return found;
}

/* Has it our module loaded? */
static bool has_module(pid_t pid)
{
	char path[64], line[FILE_PATH];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	while (file != NULL && !found &&
	       fgets(line, sizeof(line), file) != NULL)
		found = strstr(line, "/" MODULE) != NULL;
	if (file != NULL)
		fclose(file);
	return found;
}

/* The rsyslogd that has the file open; without one, one that has the module:
 * the database may refuse it. wanted may be NULL: there is no file. */
static pid_t find(const struct stat *wanted, bool *hidden)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char name[BYTES];
	pid_t best = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || read_proc(pid, "comm", name) == 0 ||
		    strcmp(name, NAME "\n") != 0)
			continue;
		if (wanted != NULL && has_open(pid, wanted, hidden)) {
			best = pid;
			break;
		}
		if (has_module(pid))
			best = pid;
	}
	if (dir != NULL)
		closedir(dir);
	return best;
}

/* rsyslogd may have changed its user; then one thread has kept it. */
static void look_at_threads(struct process *p)
{
	char path[FILE_PATH];
	char text[BYTES];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)p->pid);
	dir = opendir(path);
	while (dir != NULL && !p->able && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status",
			 (int)p->pid, entry->d_name);
		read_file(path, text);
		p->able = has_capability(text, "CapEff:");
	}
	if (dir != NULL)
		closedir(dir);
}

static void read_link(pid_t pid, const char *name, char out[PROCESS_PATH])
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	n = readlink(path, out, PROCESS_PATH - 1);
	out[n < 0 ? 0 : n] = '\0';
}

/* The program may have been replaced since; then the new one is asked. */
static void read_exe(struct process *p)
{
	char *end;

	read_link(p->pid, "exe", p->exe);
	end = strstr(p->exe, " (deleted)");
	if (end != NULL)
		*end = '\0';
}

void process_find(struct process *out, const char *database)
{
	char theirs[PROCESS_PATH], ours[PROCESS_PATH];
	struct stat wanted;
	char text[BYTES];
	size_t n;

	memset(out, 0, sizeof(*out));
	out->pid = find(stat(database, &wanted) == 0 ? &wanted : NULL,
			&out->hidden);
	if (out->pid == 0)
		return;
	read_proc(out->pid, "status", text);
	process_read_status(out, text);
	look_at_threads(out);
	read_proc(out->pid, "cgroup", text);
	process_read_cgroup(out, text);
	n = read_proc(out->pid, "cmdline", text);
	process_read_command(out, text, n);
	read_exe(out);
	read_link(out->pid, "ns/net", theirs);
	read_link(getpid(), "ns/net", ours);
	out->elsewhere = theirs[0] != '\0' && ours[0] != '\0' &&
			 strcmp(theirs, ours) != 0;
}
