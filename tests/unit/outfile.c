/* outfile: a file is the old one or the new one, and never half of it. */
#include "row.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "outfile.h"
#include "scratchdir.h"

static struct scratchdir dir;

static int setup(void **state)
{
	(void)state;
	umask(022);
	scratchdir_open(&dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scratchdir_close(&dir);
	return 0;
}

static void holds(const char *path, const char *text)
{
	char buf[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(buf, text);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void opens(struct outfile *o, const char *path)
{
	struct fault why = {.text = ""};

	assert_int_equal(outfile_open(o, path, 0664, &why), 0);
	assert_string_equal(why.text, "");
	assert_true(fputs("new", o->file) >= 0);
}

/* It is told why, and what is there does not change. */
static void refuses(const char *path, const char *text)
{
	struct outfile o;
	struct fault why = {.text = ""};

	assert_int_equal(outfile_open(&o, path, 0644, &why), -1);
	assert_string_equal(why.text, text);
}

static void fresh_test(void **state)
{
	struct outfile o;

	(void)state;
	opens(&o, "a");
	assert_int_equal(access("a", F_OK), -1);
	assert_int_equal(outfile_commit(&o, NULL), 0);
	holds("a", "new");
	assert_int_equal(mode_of("a"), 0644);
	unlink("a");
}

static void replaced_test(void **state)
{
	struct outfile o;

	(void)state;
	scratchdir_put(&dir, "a", "old");
	assert_int_equal(chmod("a", 0604), 0);
	opens(&o, "a");
	assert_int_equal(fflush(o.file), 0);
	holds("a", "old");
	assert_int_equal(outfile_commit(&o, NULL), 0);
	holds("a", "new");
	assert_int_equal(mode_of("a"), 0604);
}

/* That nothing else is left is seen when the directory is removed. */
static void abandoned_test(void **state)
{
	struct outfile o;

	(void)state;
	scratchdir_put(&dir, "a", "old");
	opens(&o, "a");
	outfile_abandon(&o);
	holds("a", "old");
}

static void link_test(void **state)
{
	struct outfile o;
	struct stat st;

	(void)state;
	scratchdir_put(&dir, "a", "old");
	assert_int_equal(symlink("a", "link"), 0);
	opens(&o, "link");
	assert_int_equal(outfile_commit(&o, NULL), 0);
	holds("a", "new");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	unlink("link");
}

/* In a directory where everybody may create files: what was put there to be
 * followed, read or inherited by us is replaced. */
static void public_test(void **state)
{
	const char *const names[] = {"public/link", "public/dangling",
				     "public/pipe", "public/file"};
	struct outfile o;
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratchdir_put(&dir, "a", "old");
	assert_int_equal(mkdir("public", 0700), 0);
	assert_int_equal(chmod("public", 01777), 0);
	assert_int_equal(symlink("../a", names[0]), 0);
	assert_int_equal(symlink("../b", names[1]), 0);
	assert_int_equal(mkfifo(names[2], 0666), 0);
	scratchdir_put(&dir, names[3], "old");
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(lchown(names[i], 65534, 65534), 0);
		opens(&o, names[i]);
		assert_int_equal(outfile_commit(&o, NULL), 0);
		assert_int_equal(lstat(names[i], &st), 0);
		assert_true(S_ISREG(st.st_mode));
		assert_int_equal(st.st_uid, 0);
		assert_int_equal(st.st_mode & 07777, 0644);
		holds(names[i], "new");
		unlink(names[i]);
	}
	holds("a", "old");
	assert_int_equal(access("b", F_OK), -1);
	assert_int_equal(symlink("../a", names[0]), 0);
	opens(&o, names[0]);
	assert_int_equal(outfile_commit(&o, NULL), 0);
	holds("a", "new");
	unlink(names[0]);
	rmdir("public");
}

static void pipe_test(void **state)
{
	struct outfile o;
	char buf[8] = "";
	int fd;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	opens(&o, "pipe");
	assert_int_equal(outfile_commit(&o, NULL), 0);
	assert_int_equal(read(fd, buf, sizeof(buf)), 3);
	assert_string_equal(buf, "new");
	close(fd);
	unlink("pipe");
}

static void full_test(void **state)
{
	struct outfile o;
	struct fault why = {.text = ""};

	(void)state;
	opens(&o, "/dev/full");
	assert_int_equal(outfile_commit(&o, &why), -1);
	assert_string_equal(why.text, "cannot write '/dev/full': "
				      "No space left on device");
}

/* As another program may have done meanwhile. */
static void lost_test(void **state)
{
	struct outfile o;
	struct fault why = {.text = ""};

	(void)state;
	opens(&o, "a");
	assert_int_equal(unlink(o.beside), 0);
	assert_int_equal(outfile_commit(&o, &why), -1);
	assert_string_equal(why.text,
			    "cannot write 'a': No such file or directory");
}

static void refusal_test(void **state)
{
	char text[128], path[96];

	(void)state;
	refuses("none/a", "cannot write 'none/a': No such file or directory");
	snprintf(path, sizeof(path), "%s/", dir.path);
	snprintf(text, sizeof(text), "cannot write '%s': Is a directory",
		 dir.path);
	refuses(path, text);
}

static void long_test(void **state)
{
	char path[PATH_MAX + 8];
	struct outfile o;
	struct fault why = {.text = ""};

	(void)state;
	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(outfile_open(&o, path, 0644, &why), -1);
	assert_memory_equal(why.text, "cannot write 'aaa", 17);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fresh_test), TEST(replaced_test), TEST(abandoned_test),
		TEST(link_test),  TEST(public_test),   TEST(pipe_test),
		TEST(full_test),  TEST(lost_test),     TEST(refusal_test),
		TEST(long_test),
	};

	return cmocka_run_group_tests_name("outfile", tests, NULL, NULL);
}
