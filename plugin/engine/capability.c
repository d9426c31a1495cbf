/*
 * capability: see saslban/capability.h.
 *
 * The raw system call, and no libcap: glibc has no wrapper, the structures
 * are the kernel's own (linux/capability.h), and two calls do not earn a
 * dependency.
 */
#include "saslban/capability.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

void capability_keep(void)
{
	(void)prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

void capability_reduce(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (geteuid() == 0)
		return;
	memset(data, 0, sizeof(data));
	data[CAP_TO_INDEX(CAP_NET_ADMIN)].permitted =
		CAP_TO_MASK(CAP_NET_ADMIN);
	data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective =
		CAP_TO_MASK(CAP_NET_ADMIN);
	(void)syscall(SYS_capset, &header, data);
	(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
}
