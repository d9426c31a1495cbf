/* filter: bounded time, cut lines, no memory for machine code. */
#include "judging.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* A rule that backtracks without end stops at its limit, is counted, and
 * leaves the next rule alone. */
static void limit_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(OWN "failregex = ^(?:.*a){12}$|^b<ADDR>\n"
					"            ^a.* <ADDR>$\n",
				    &why);
	struct filter_scratch *scratch;
	struct rule_info info;
	struct sighting s;
	struct logline line;
	char text[512] = "h|d: ";

	(void)state;
	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	memset(text + 5, 'a', 300);
	strcpy(text + 305, " 192.0.2.1");
	cut(&line, text, 5);
	assert_int_equal(filter_match(f, scratch, &line, &s), SIGHTING_FAILURE);
	assert_string_equal(s.rule, "x:2");
	filter_rule(f, 0, &info);
	assert_int_equal(info.overruns, 1);
	assert_int_equal(info.hits, 0);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* A line that was cut has no end: what stands where it was cut is not what
 * the server wrote last. */
static void cut_test(void **state)
{
	struct fault why = {0};
	struct filter *f = open_one(OWN "failregex = ^x*, ip=<ADDR>$\n", &why);
	struct filter_scratch *scratch = filter_scratch_open(f);
	static char text[2 * LOGLINE_MAX];
	static const char fake[] = ", ip=192.0.2.1";
	size_t end = sizeof("h|") - 1 + LOGLINE_MAX;
	struct sighting s;
	struct logline line;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "h|d: ", 5);
	memcpy(text + end - (sizeof(fake) - 1), fake, sizeof(fake) - 1);
	cut(&line, text, 5);
	assert_int_equal(line.text.len, LOGLINE_MAX);
	assert_int_equal(filter_match(f, scratch, &line, &s), SIGHTING_NOTHING);
	strcpy(text + 1000, fake);
	cut(&line, text, 5);
	assert_int_equal(filter_match(f, scratch, &line, &s), SIGHTING_FAILURE);
	filter_scratch_close(scratch);
	filter_close(f);
}

/* ---- without memory that can be written and run ---- */

/* (valgrind cannot live with this one.)
 * mmap with PROT_EXEC fails in this process from now on, as under systemd's
 * MemoryDenyWriteExecute. */
static void deny_jit(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 6, .filter = code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(3);
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		_exit(4);
}

struct plain_row {
	const char *file;
	const char *line;
	const char *answer;
};

static const struct plain_row plain_rows[] = {
	{OWN "failregex = ^a (?:x+x+)+ <HOST>$\n", "h|d: a xxxx 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:1"},
	{OWN "failregex = <F-USER>\\w+</F-USER> from <HOST>$\n",
	 "h|d: no bob from 2001:db8::1", "fail 2001:db8::1 bob 1 - - - x:1"},
	{OWN "failregex = ^(?:.*a){12}$|^b<ADDR>\n            <ADDR>$\n",
	 "h|d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 192.0.2.1",
	 "fail 192.0.2.1 - 1 - - - x:2"},
	{FOREIGN "prefregex = ^ h d: <F-CONTENT>.+</F-CONTENT>$\n"
		 "failregex = ^no <HOST>\\s*$\n",
	 "h|d: no 192.0.2.1", "fail 192.0.2.1 - 1 - - - x:1"},
	{OWN "failregex = ^no <HOST>$\n", "h|d: yes 192.0.2.1", "none"},
};

static int judge_all(void)
{
	for (size_t i = 0; i < sizeof(plain_rows) / sizeof(plain_rows[0]);
	     i++) {
		const struct plain_row *r = &plain_rows[i];
		struct fault why = {0};
		struct filter *f = open_one(r->file, &why);
		struct filter_scratch *scratch =
			f == NULL ? NULL : filter_scratch_open(f);
		struct logline line;
		struct sighting s;
		char got[512];

		if (scratch == NULL)
			return 5;
		cut(&line, r->line, 1000);
		if (strcmp(answer(filter_match(f, scratch, &line, &s), &s, got,
				  sizeof(got)),
			   r->answer) != 0)
			return 6;
		filter_scratch_close(scratch);
		filter_close(f);
	}
	return 0;
}

static void interpreter_test(void **state)
{
	int status = -1;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		deny_jit();
		_exit(judge_all());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(limit_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(cut_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(interpreter_test);
	return _cmocka_run_group_tests("filter_limit", tests, n, NULL, NULL);
}
