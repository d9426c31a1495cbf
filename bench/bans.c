/*
 * bans: a database with many running bans.
 *
 *   bans DATABASE COUNT [held]
 *
 * One jail, sasl, and COUNT bans of 8 days, every fourth of an IPv6 /64. None
 * was ever in the kernel, or, held, all of them were, as before a reboot.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/entry.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/store.h"

enum { DURATION = 8 * 86400 };

static void fill(struct store *s, int64_t jail, unsigned long count, bool held,
		 struct fault *why)
{
	char text[48], set[ENTRY_SET];

	for (unsigned long i = 0; i < count; i++) {
		struct offense o = {.jail = jail,
				    .strike = 1,
				    .at = time(NULL),
				    .failures = 3,
				    .told = true,
				    .why = "3 failures within 1h, last by "
					   "postfix/smtpd (postfix:1)"};

		if (i % 4 == 3)
			snprintf(text, sizeof(text), "2001:db8:%lx:%lx::/64",
				 0x8000 + (i >> 16), i & 0xffff);
		else
			snprintf(text, sizeof(text), "10.%lu.%lu.%lu", i >> 16,
				 i >> 8 & 0xff, i & 0xff);
		o.until = o.at + DURATION;
		if (address_parse(text, strlen(text), &o.address) < 0)
			errx(1, "no address: '%s'", text);
		entry_set("saslban", o.address.family, set);
		if (offense_add(s, &o, why) < 0 ||
		    (held && entry_held(s, set, &o.address, o.until, why) < 0))
			errx(1, "%s", why->text);
	}
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct store *s;
	struct fault why;
	int64_t jail;

	if (argc < 3 || argc > 4)
		errx(2, "usage: bans DATABASE COUNT [held]");
	settings_init(&settings);
	if (settings_check(&settings, &why) < 0 ||
	    store_open(&s, argv[1], STORE_CREATE, &why) < 0 ||
	    store_begin(s, &why) < 0 ||
	    jail_put(s, &settings, time(NULL), &jail, &why) < 0)
		errx(1, "%s", why.text);
	fill(s, jail, strtoul(argv[2], NULL, 10), argc == 4, &why);
	if (store_commit(s, &why) < 0)
		errx(1, "%s", why.text);
	store_close(s);
	return 0;
}
