/*
 * jailfile: any bytes as a jail.local, and what its jails would be here.
 */
#include "saslban/jailfile.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jailtext.h"
#include "saslban/duration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void see(void *context, const char *option, const char *file,
		unsigned line)
{
	(void)context;
	(void)jailtext_instead(option);
	if (*file == '\0' || line == 0)
		abort();
}

/* The value as everything that it could be. */
static void translate(const char *text)
{
	char name[SETTINGS_ITEM], ours[SETTINGS_ITEM];
	struct jailtext_growth g = {
		.base = 600, .grows = true, .longest = DURATION_FOREVER};
	struct jailtext_ladder ladder;
	int64_t seconds;

	if (jailtext_duration(text, &seconds) == 0 && seconds < 0)
		abort();
	(void)jailtext_filter(text, name, ours);
	(void)jailtext_is_mail(text, text, text);
	g.factor = text;
	for (int i = 0; i < 2; i++) {
		if (jailtext_ladder(&g, &ladder) == 0 &&
		    (ladder.steps == 0 || ladder.steps > POLICY_LADDER))
			abort();
		g.factor = NULL;
		g.multipliers = text;
	}
}

static void look(const struct jailfile *f)
{
	static const char *const options[] = {"enabled",  "filter", "bantime",
					      "ignoreip", "port",   "a"};
	struct jailfile_value v;
	struct fault why;

	for (size_t i = 0; i < jailfile_jails(f); i++) {
		jailfile_each(f, i, false, see, NULL);
		for (size_t k = 0; k < sizeof(options) / sizeof(options[0]);
		     k++) {
			why.text[0] = '\0';
			switch (jailfile_get(f, i, options[k], &v, &why)) {
			case 1:
				translate(v.text);
				free(v.text);
				break;
			case -1:
				if (why.text[0] == '\0')
					abort();
				break;
			default:
				break;
			}
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = memfd_create("jails", MFD_CLOEXEC);
	char path[64];
	const char *paths[] = {path};
	struct jailfile *f;
	struct fault why;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	memset(&why, 0, sizeof(why));
	if (jailfile_open(&f, paths, 1, &why) == 0) {
		look(f);
		jailfile_close(f);
	} else if (why.text[0] == '\0') {
		abort();
	}
	close(fd);
	return 0;
}
