/* filterfile_odd: names of filters behind which no filter file is. */
#include "row.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "saslban/filterfile.h"
#include "scratchdir.h"

#define D "[Definition]\n"
#define RULE D "failregex = ^a$\n"
#define REGULAR "; allowed: a regular file"

enum odd {
	ODD_FIFO,
	ODD_DIRECTORY,
	ODD_SOCKET,
	ODD_DEVICE, /* a symbolic link to one */
	ODD_ENDLESS,
	ODD_LINK,  /* to nowhere */
	ODD_HUGE,  /* it says so */
	ODD_LONG,  /* a byte too long */
	ODD_LINE,  /* a line a byte too long */
	ODD_WHOLE, /* as long as a line and a file may be */
};

/* What stands where, and what is said when the filter is loaded. `odd` is in
 * the working directory, and so is x.conf when there is one. */
struct odd_row {
	const char *title;
	enum odd kind;
	const char *odd;
	const char *x;
	const char *spec;
	const char *fault; /* NULL: it loads */
};

static const struct odd_row odd_rows[] = {
	{"a FIFO", ODD_FIFO, "odd", NULL, "./odd",
	 "cannot read './odd': it is a FIFO" REGULAR},
	{"a FIFO by its name", ODD_FIFO, "x.conf", NULL, "x",
	 "cannot read './x.conf': it is a FIFO" REGULAR},
	{"a directory", ODD_DIRECTORY, "odd", NULL, "./odd",
	 "cannot read './odd': it is a directory" REGULAR},
	{"a socket", ODD_SOCKET, "odd", NULL, "./odd",
	 "cannot read './odd': it is a socket" REGULAR},
	{"a device that has no end", ODD_ENDLESS, "odd", NULL, "./odd",
	 "cannot read './odd': it is a device" REGULAR},
	{"a device that is empty", ODD_DEVICE, "odd", NULL, "./odd",
	 "cannot read './odd': it is a device" REGULAR},
	{"a link to nowhere", ODD_LINK, "odd.conf", NULL, "./odd.conf",
	 "cannot open './odd.conf': No such file or directory"},
	{"a huge file", ODD_HUGE, "odd", NULL, "./odd",
	 "cannot read './odd': longer than a mebibyte"},
	{"a file a byte too long", ODD_LONG, "odd", NULL, "./odd",
	 "cannot read './odd': longer than a mebibyte"},
	{"a line a byte too long", ODD_LINE, "odd", NULL, "./odd",
	 "./odd:3: line too long; allowed: 32768 bytes"},
	{"a file and a line as long as they may be", ODD_WHOLE, "odd", NULL,
	 "./odd", NULL},

	{"a FIFO that is included before", ODD_FIFO, "y.conf",
	 "[INCLUDES]\nbefore = y.conf\n" RULE, "x",
	 "./x.conf:2: cannot read './y.conf': it is a FIFO" REGULAR},
	{"a FIFO that is included behind", ODD_FIFO, "y.conf",
	 "[INCLUDES]\nafter = y.conf\n" RULE, "x",
	 "./x.conf:2: cannot read './y.conf': it is a FIFO" REGULAR},
	{"an endless include", ODD_ENDLESS, "y.conf",
	 "[INCLUDES]\nbefore = y.conf\n" RULE, "x",
	 "./x.conf:2: cannot read './y.conf': it is a device" REGULAR},
	{"a .local that is a FIFO", ODD_FIFO, "x.local", RULE, "x",
	 "cannot read './x.local': it is a FIFO" REGULAR},
	{"a .local beside a path", ODD_FIFO, "x.local", RULE, "./x.conf",
	 "cannot read './x.local': it is a FIFO" REGULAR},
	{"a .local that has no end", ODD_ENDLESS, "x.local", RULE, "x",
	 "cannot read './x.local': it is a device" REGULAR},
	{"an included .local that is a FIFO", ODD_FIFO, "y.local",
	 "[INCLUDES]\nafter = y.local\n" RULE, "x",
	 "./x.conf:2: cannot read './y.local': it is a FIFO" REGULAR},
	{"a directory of drop-ins that is a FIFO", ODD_FIFO, "x.d", RULE, "x",
	 NULL},
};

static void put_socket(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", name);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	close(fd);
}

/* A filter of that many bytes, in comment lines of at most that length. */
static void put_long(const char *name, size_t size, size_t line)
{
	FILE *f = fopen(name, "w");
	size_t n;

	assert_non_null(f);
	n = (size_t)fprintf(f, "%s", RULE);
	while (n < size) {
		for (size_t i = 0; i < line && n + 1 < size; i++, n++)
			fputc('#', f);
		fputc('\n', f);
		n++;
	}
	assert_int_equal(fclose(f), 0);
}

static void put_odd(const struct odd_row *r)
{
	switch (r->kind) {
	case ODD_FIFO:
		assert_int_equal(mkfifo(r->odd, 0600), 0);
		break;
	case ODD_DIRECTORY:
		assert_int_equal(mkdir(r->odd, 0700), 0);
		break;
	case ODD_SOCKET:
		put_socket(r->odd);
		break;
	case ODD_DEVICE:
		assert_int_equal(symlink("/dev/null", r->odd), 0);
		break;
	case ODD_ENDLESS:
		assert_int_equal(symlink("/dev/zero", r->odd), 0);
		break;
	case ODD_LINK:
		assert_int_equal(symlink("nowhere", r->odd), 0);
		break;
	case ODD_HUGE:
		put_long(r->odd, 100, 50);
		assert_int_equal(truncate(r->odd, (off_t)1 << 36), 0);
		break;
	case ODD_LONG:
		put_long(r->odd, (1 << 20) + 1, 100);
		break;
	case ODD_LINE:
		put_long(r->odd, 1 << 17, (1 << 15) + 1);
		break;
	case ODD_WHOLE:
		put_long(r->odd, 1 << 20, 1 << 15);
		break;
	}
}

static void odd_test(void **state)
{
	static const char *const dirs[] = {"."};
	const struct odd_row *r = *state;
	struct filterfile *f = NULL;
	struct scratchdir d;
	struct fault why = {0};
	int result;

	scratchdir_open(&d);
	put_odd(r);
	if (r->x != NULL)
		scratchdir_put(&d, "x.conf", r->x);
	alarm(20); /* a FIFO that is opened has no other end */
	result = filterfile_open(&f, r->spec, dirs, 1, &why);
	alarm(0);
	assert_int_equal(remove(r->odd), 0);
	scratchdir_close(&d);
	assert_string_equal(why.text, r->fault == NULL ? "" : r->fault);
	assert_int_equal(result, r->fault == NULL ? 0 : -1);
	if (r->fault != NULL)
		assert_int_equal(why.kind, FAULT_FILTER);
	filterfile_close(f);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, odd_rows, odd_test);
	return _cmocka_run_group_tests("filterfile_odd", tests, n, NULL, NULL);
}
