/* alive: which jails have an engine, and how that ends. */
#include "storekit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netns.h"
#include "saslban/alive.h"

#define PATH (KIT_DIR + 32)

/* A directory, and the path of a database in it that need not be there. */
struct place {
	char dir[KIT_DIR];
	char database[PATH];
	char engines[PATH];
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	kit_dir(p->dir);
	snprintf(p->database, sizeof(p->database), "%s/a.db", p->dir);
	snprintf(p->engines, sizeof(p->engines), "%s/a.db-engines", p->dir);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	kit_remove(p->dir);
	free(p);
	return 0;
}

static struct alive *claim(const struct place *p, int64_t jail)
{
	struct fault why = {FAULT_NONE, ""};
	struct alive *a = NULL;

	if (alive_claim(&a, p->database, jail, &why) < 0)
		fail_msg("%s", why.text);
	return a;
}

static void claim_test(void **state)
{
	const struct place *p = *state;
	struct alive *a, *b;

	/* To look leaves no trace. */
	assert_int_equal(alive_check(p->database, 1), ALIVE_NOT);
	assert_int_equal(access(p->engines, F_OK), -1);
	a = claim(p, 1);
	assert_int_equal(alive_check(p->database, 1), ALIVE_RUNS);
	/* To look takes nothing away. */
	assert_int_equal(alive_check(p->database, 1), ALIVE_RUNS);
	assert_int_equal(alive_check(p->database, 2), ALIVE_NOT);
	assert_int_equal(alive_check(p->database, 0), ALIVE_NOT);
	b = claim(p, 2);
	alive_release(a);
	assert_int_equal(alive_check(p->database, 1), ALIVE_NOT);
	assert_int_equal(alive_check(p->database, 2), ALIVE_RUNS);
	a = claim(p, 1);
	assert_int_equal(alive_check(p->database, 1), ALIVE_RUNS);
	alive_release(a);
	alive_release(b);
	alive_release(NULL);
}

/* In the same process, too: two actions of one name. */
static void twice_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = claim(p, 7), *b = NULL;
	struct fault why = {FAULT_NONE, ""};

	assert_int_equal(alive_claim(&b, p->database, 7, &why), -1);
	assert_null(b);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "another engine runs this jail"));
	assert_non_null(strstr(why.text, p->engines));
	/* That it was refused takes nothing away. */
	assert_int_equal(alive_check(p->database, 7), ALIVE_RUNS);
	alive_release(a);
	b = claim(p, 7);
	alive_release(b);
}

/* Whoever removes or replaces the file makes the engine invisible. */
static void removed_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = claim(p, 1), *b;

	assert_true(alive_is_seen(a, p->database));
	assert_int_equal(unlink(p->engines), 0);
	assert_false(alive_is_seen(a, p->database));
	b = claim(p, 2);
	assert_false(alive_is_seen(a, p->database));
	assert_true(alive_is_seen(b, p->database));
	alive_release(a);
	assert_true(alive_is_seen(b, p->database));
	alive_release(b);
	assert_false(alive_is_seen(NULL, p->database));
}

/* The process is killed: nobody tidies up. */
static void killed_test(void **state)
{
	const struct place *p = *state;
	int ready[2], status;
	struct alive *a;
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		a = NULL;
		if (alive_claim(&a, p->database, 3, NULL) < 0 ||
		    write(ready[1], "r", 1) != 1)
			kit_child_exit(false);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(alive_check(p->database, 3), ALIVE_RUNS);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(alive_check(p->database, 3), ALIVE_NOT);
	a = claim(p, 3);
	alive_release(a);
	close(ready[0]);
	close(ready[1]);
}

/* ---- who makes a set larger ---- */

static struct alive *claim_set(const struct place *p, const char *set)
{
	struct alive *a = NULL;
	struct fault why = {.text = ""};

	if (alive_claim_set(&a, p->database, set, &why) < 0)
		fail_msg("%s", why.text);
	return a;
}

static void set_test(void **state)
{
	const struct place *p = *state;
	struct alive *jail = claim(p, 1), *a = claim_set(p, "t4"), *b = NULL;
	struct fault why = {.text = ""};

	assert_int_equal(alive_claim_set(&b, p->database, "t4", &why), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(why.text,
			    "somebody else is making set 't4' larger");
	b = claim_set(p, "t6");
	alive_release(a);
	a = claim_set(p, "t4");
	assert_int_equal(alive_check(p->database, 2), ALIVE_NOT);
	alive_release(jail);
	alive_release(b);
	alive_release(a);
}

/* In a child, which says when it is done and waits to be killed; 0: it failed.
 */
static pid_t in_child(const struct place *p, bool (*act)(const struct place *p))
{
	int ready[2];
	pid_t pid;
	char c = 0;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		c = act(p) ? 'y' : 'n';
		if (write(ready[1], &c, 1) != 1)
			kit_child_exit(false);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	if (c != 'y')
		fail_msg("the child could not do it");
	return pid;
}

static void kill_child(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static bool takes_set(const struct place *p)
{
	struct alive *a;

	return alive_claim_set(&a, p->database, "t4", NULL) == 0;
}

static void set_killed_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = NULL;
	pid_t pid = in_child(p, takes_set);

	assert_int_equal(alive_claim_set(&a, p->database, "t4", NULL), -1);
	kill_child(pid);
	alive_release(claim_set(p, "t4"));
}

/* Tries all that he can, and keeps what he gets. */
static bool is_somebody(const struct place *p)
{
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	struct alive *a;
	int fd;

	if (setgid(65534) < 0 || setuid(65534) < 0)
		return false;
	(void)alive_claim_set(&a, p->database, "t4", NULL);
	fd = open(p->engines, O_RDONLY);
	if (fd >= 0)
		(void)fcntl(fd, F_OFD_SETLK, &all);
	return true;
}

static void set_stranger_test(void **state)
{
	const struct place *p = *state;
	pid_t pid;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(p->dir, 0777), 0);
	alive_release(claim(p, 1)); /* the file is there */
	pid = in_child(p, is_somebody);
	alive_release(claim_set(p, "t4"));
	kill_child(pid);
}

static bool takes_set_elsewhere(const struct place *p)
{
	return netns_enter() == 0 && takes_set(p);
}

static void set_namespace_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = claim_set(p, "t4");

	kill_child(in_child(p, takes_set_elsewhere));
	alive_release(a);
}

/* A program that the process runs, and that outlives the engine, does not keep
 * the lock. */
static void exec_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = claim(p, 3);
	int in[2], out[2], status;
	pid_t pid;
	char c = 'x';

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		execl("/bin/cat", "cat", (char *)NULL);
		kit_child_exit(false);
	}
	close(in[0]);
	close(out[1]);
	/* What comes back comes from cat. */
	assert_int_equal(write(in[1], &c, 1), 1);
	assert_int_equal(read(out[0], &c, 1), 1);
	alive_release(a);
	assert_int_equal(alive_check(p->database, 3), ALIVE_NOT);
	close(in[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(out[0]);
}

static void mode_test(void **state)
{
	const struct place *p = *state;
	mode_t old = umask(0);
	struct alive *a = claim(p, 3);
	struct stat st;

	umask(old);
	assert_int_equal(stat(p->engines, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_size, 0);
	alive_release(a);
	/* It stays, with the mode that somebody gave it. */
	assert_int_equal(chmod(p->engines, 0600), 0);
	a = claim(p, 3);
	assert_int_equal(stat(p->engines, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	alive_release(a);
}

/* ---- what may stand in its place ---- */

static void make_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_link(const char *path)
{
	assert_int_equal(symlink("/dev/null", path), 0);
}

static void make_directory(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

struct odd_row {
	const char *title;
	void (*make)(const char *path);
	enum alive_state state;
	const char *text;
};

static const struct odd_row odd_rows[] = {
	{"a FIFO is not waited for", make_fifo, ALIVE_UNKNOWN,
	 "it is not a regular file"},
	{"a symbolic link is not followed", make_link, ALIVE_UNKNOWN,
	 "cannot create"},
	{"a directory is none", make_directory, ALIVE_UNKNOWN, "cannot create"},
};

static void odd_test(void **state)
{
	const struct odd_row *r = *state;
	struct fault why = {FAULT_NONE, ""};
	struct alive *a = NULL;
	struct place *p;

	setup((void **)&p);
	r->make(p->engines);
	assert_int_equal(alive_claim(&a, p->database, 1, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	if (strstr(why.text, r->text) == NULL)
		fail_msg("not helpful: %s", why.text);
	assert_int_equal(alive_check(p->database, 1), r->state);
	teardown((void **)&p);
}

static void no_directory_test(void **state)
{
	struct fault why = {FAULT_NONE, ""};
	struct alive *a = NULL;

	(void)state;
	assert_int_equal(alive_claim(&a, "/nonexistent/a.db", 1, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "No such file or directory"));
	assert_int_equal(alive_check("/nonexistent/a.db", 1), ALIVE_NOT);
}

/* An id from an edited database. */
static void negative_test(void **state)
{
	const struct place *p = *state;
	struct alive *a = NULL;

	assert_int_equal(alive_claim(&a, p->database, -5, NULL), -1);
	assert_int_equal(alive_check(p->database, -5), ALIVE_UNKNOWN);
}

static void memory_test(void **state)
{
	struct alive *a = NULL, *b = NULL;

	(void)state;
	assert_int_equal(alive_claim(&a, ":memory:", 1, NULL), 0);
	assert_int_equal(alive_claim(&b, ":memory:", 1, NULL), 0);
	assert_int_equal(alive_check(":memory:", 1), ALIVE_UNKNOWN);
	assert_int_equal(access(":memory:-engines", F_OK), -1);
	alive_release(a);
	alive_release(b);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test_setup_teardown(claim_test, setup, teardown),
		cmocka_unit_test_setup_teardown(twice_test, setup, teardown),
		cmocka_unit_test_setup_teardown(removed_test, setup, teardown),
		cmocka_unit_test_setup_teardown(killed_test, setup, teardown),
		cmocka_unit_test_setup_teardown(set_test, setup, teardown),
		cmocka_unit_test_setup_teardown(set_killed_test, setup,
						teardown),
		cmocka_unit_test_setup_teardown(set_stranger_test, setup,
						teardown),
		cmocka_unit_test_setup_teardown(set_namespace_test, setup,
						teardown),
		cmocka_unit_test_setup_teardown(exec_test, setup, teardown),
		cmocka_unit_test_setup_teardown(mode_test, setup, teardown),
		cmocka_unit_test_setup_teardown(negative_test, setup, teardown),
		cmocka_unit_test(no_directory_test),
		cmocka_unit_test(memory_test),
	};
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, odd_rows, odd_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("alive", tests, n, NULL, NULL);
}
