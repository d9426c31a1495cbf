/*
 * filterfile: any bytes as a filter file. What loads is compiled and judges a
 * line, so that the whole way of an admin's file is run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "saslban/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void judge(const struct filter *f)
{
	static const char text[] =
		"d[1]: warning: a[192.0.2.1]: SASL LOGIN failed, user=x";
	struct filter_scratch *scratch = filter_scratch_open(f);
	struct logline line = {.arrived = 1, .reported = 1};
	struct rule_info info;
	struct sighting s;

	if (scratch == NULL)
		return;
	line.host = (struct slice){"h", 1};
	logline_cut(&line, text, sizeof(text) - 1);
	(void)filter_match(f, scratch, &line, &s);
	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &info);
		if (info.file == NULL || info.name[0] == '\0')
			abort();
	}
	filter_scratch_close(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	char path[64], spec[96];
	const char *specs[] = {path, spec};
	struct filter *f = NULL;
	struct fault why;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(spec, sizeof(spec), "%s[mode=b, x=\"<y>%%(z)s\"]", path);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	for (size_t i = 0; i < 2; i++) {
		memset(&why, 0, sizeof(why));
		if (filter_open(&f, &specs[i], 1, NULL, 0, &why) == 0) {
			judge(f);
			filter_close(f);
		} else if (why.text[0] == '\0' ||
			   strchr(why.text, '\n') != NULL) {
			abort(); /* a fault is one line */
		}
	}
	close(fd);
	return 0;
}
