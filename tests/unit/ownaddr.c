/* ownaddr: this machine's addresses and its way out, on a machine that we
 * make ourselves. */
#include "row.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "exempt/ownaddr.h"
#include "machine.h"

enum owner { NOBODY, INTERFACE, GATEWAY };

static enum owner owner_of(const char *text)
{
	struct ownaddr own[OWNADDR_MAX];
	struct address a;
	size_t n = ownaddr_read(own, OWNADDR_MAX);

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	for (size_t i = 0; i < n; i++)
		if (address_equal(&own[i].address, &a))
			return own[i].gateway ? GATEWAY : INTERFACE;
	return NOBODY;
}

struct step {
	const char *title;
	const char *command; /* NULL: none */
	const char *address;
	enum owner owner;
};

/* In order: each stands on what those above it have done. */
static const struct step steps[] = {
	{"loopback is ours", NULL, "127.0.0.1", INTERFACE},
	{"IPv6 loopback is ours", NULL, "::1", INTERFACE},
	{"an address that nobody gave us is not", NULL, "192.0.2.10", NOBODY},
	{"an IPv4 address that we are given",
	 "ip addr add 192.0.2.10/24 dev here", "192.0.2.10", INTERFACE},
	{"its network is not ours", NULL, "192.0.2.0/24", NOBODY},
	{"its neighbour is not ours", NULL, "192.0.2.11", NOBODY},
	{"an IPv6 address that we are given",
	 "ip addr add 2001:db8::10/64 dev here nodad", "2001:db8::10",
	 INTERFACE},
	{"a second address on the interface",
	 "ip addr add 198.51.100.7/32 dev here", "198.51.100.7", INTERFACE},
	{"a gateway before there is one", NULL, "192.0.2.1", NOBODY},
	{"the IPv4 gateway", "ip route add default via 192.0.2.1", "192.0.2.1",
	 GATEWAY},
	{"the IPv6 gateway", "ip route add default via 2001:db8::1",
	 "2001:db8::1", GATEWAY},
	{"the gateway of one network is not our way out",
	 "ip route add 203.0.113.0/24 via 192.0.2.66", "192.0.2.66", NOBODY},
	{"... nor in IPv6", "ip route add 2001:db8:9::/48 via 2001:db8::66",
	 "2001:db8::66", NOBODY},
	{"a second way out", "ip route add default via 192.0.2.2 metric 500",
	 "192.0.2.2", GATEWAY},
	{"an address that is taken away",
	 "ip addr del 198.51.100.7/32 dev here", "198.51.100.7", NOBODY},
	{"an address of an interface that is down", "ip link set here down",
	 "192.0.2.10", INTERFACE},
};

static void step_test(void **state)
{
	const struct step *s = *state;

	if (s->command != NULL)
		assert_int_equal(system(s->command), 0);
	assert_int_equal(owner_of(s->address), s->owner);
}

static void each_is_told_once(void **state)
{
	struct ownaddr own[OWNADDR_MAX];
	size_t n = ownaddr_read(own, OWNADDR_MAX);

	(void)state;
	/* Twice in the kernel: once per interface. */
	assert_int_equal(system("ip addr add 192.0.2.10/32 dev there"), 0);
	assert_int_equal(ownaddr_read(own, OWNADDR_MAX), n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(address_equal(&own[i].address,
						   &own[k].address));
}

static void no_more_than_fit(void **state)
{
	struct ownaddr own[3] = {{.gateway = false}};

	(void)state;
	assert_int_equal(ownaddr_read(own, 2), 2);
	assert_int_equal(own[2].address.family, ADDRESS_NONE);
	assert_int_equal(ownaddr_read(own, 0), 0);
}

static void without_descriptors_there_is_no_answer(void **state)
{
	struct ownaddr own[OWNADDR_MAX];
	struct rlimit before, none;
	size_t n;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	n = ownaddr_read(own, OWNADDR_MAX);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(each_is_told_once),
		cmocka_unit_test(no_more_than_fit),
		cmocka_unit_test(without_descriptors_there_is_no_answer),
	};
	struct CMUnitTest tests[32] = {{0}};
	size_t n = 0;
	int status;

	if (!machine_ready(&status))
		return status;
	if (machine_link() != 0)
		return 1;
	ROWS(tests, n, steps, step_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("ownaddr", tests, n, NULL, NULL);
}
