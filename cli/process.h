/*
 * process: the rsyslogd that has the database open, by /proc.
 */
#ifndef SASLBAN_CLI_PROCESS_H
#define SASLBAN_CLI_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#define PROCESS_GROUPS 64
#define PROCESS_PATH 1024

struct process {
	pid_t pid;   /* 0: none was found, or one that may not be looked at */
	bool hidden; /* there is an rsyslogd, and this user cannot see whether
		      * it is the one */
	uid_t uid;   /* for files */
	gid_t group[PROCESS_GROUPS];
	size_t groups;
	bool able;              /* a thread has CAP_NET_ADMIN */
	bool bounded;           /* none can: it is not in the bounding set */
	bool elsewhere;         /* it has another network namespace */
	char exe[PROCESS_PATH]; /* these two empty when not known */
	char conf[PROCESS_PATH];
	char unit[PROCESS_PATH]; /* of systemd; empty: it is in none */
};

void process_find(struct process *out, const char *database);

/* May it write to what has that owner and mode? As the mode says; an access
 * control list or a security module may say otherwise. */
bool process_may_write(const struct process *p, const struct stat *st);

/* ---- pure, for the file and for tests ---- */

/* The fields of a /proc/PID/status that are wanted: uid, groups, able and
 * bounded. */
void process_read_status(struct process *p, const char *text);

/* The unit of a /proc/PID/cgroup. */
void process_read_cgroup(struct process *p, const char *text);

/* The configuration of a command line, in which len bytes of words end with
 * NUL: behind -f, or rsyslogd's default. */
void process_read_command(struct process *p, const char *words, size_t len);

#endif
