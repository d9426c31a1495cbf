/* ipset_refusal: the kernel's codes become sentences. Pure. */
#include "row.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/refusal.h"

struct fault_row {
	const char *title;
	int code;
	bool list;
	enum fault_kind kind;
	const char *text;
};

static const struct fault_row fault_rows[] = {
	{"a missing set is told apart", ENOENT, false, FAULT_SET_GONE,
	 "cannot add to set 's4': there is no such set"},
	{"a full set", 4352, false, FAULT_ENFORCE,
	 "cannot add to set 's4': the set is full"},
	{"the same number of a list is something else", 4352, true,
	 FAULT_SET_GONE,
	 "cannot add to set 's4': a member of the list is gone"},
	{"an error of the system", ENOMEM, false, FAULT_ENFORCE,
	 "cannot add to set 's4': Cannot allocate memory"},
	{"a code of ipset that nobody knows is a number", 4222, false,
	 FAULT_ENFORCE, "cannot add to set 's4': the kernel's ipset says 4222"},
	{"a code of a type that nobody knows is a number", 4360, false,
	 FAULT_ENFORCE, "cannot add to set 's4': the kernel's ipset says 4360"},
};

static void sentence(void **state)
{
	const struct fault_row *r = *state;
	struct fault why = {.kind = FAULT_NONE};

	assert_int_equal(refusal(&why, "add to set", "s4", r->list, r->code),
			 -1);
	assert_int_equal(why.kind, r->kind);
	assert_string_equal(why.text, r->text);
}

static void no_socket(void **state)
{
	struct fault why;

	(void)state;
	assert_int_equal(refusal_no_socket(&why, EAFNOSUPPORT), -1);
	assert_int_equal(why.kind, FAULT_ENFORCE);
	assert_string_equal(
		why.text,
		"cannot open a netlink socket: Address family not supported "
		"by protocol; a systemd unit with RestrictAddressFamilies= "
		"has to list AF_NETLINK");
	assert_int_equal(refusal_no_socket(&why, EMFILE), -1);
	assert_string_equal(why.text, "cannot open a netlink socket: Too many "
				      "open files");
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, fault_rows, sentence);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(no_socket);
	return _cmocka_run_group_tests("ipset_refusal", tests, n, NULL, NULL);
}
