/*
 * export_sets: the forms that have each address once.
 */
#include "export.h"

#include <inttypes.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/enforcer.h"
#include "saslban/settings.h"
#include "stamp.h"

enum {
	DEFAULT_TIMEOUT = 172800, /* of a set; each entry has its own */
	HASHSIZE = 65536,
	MAXELEM = 262144,
	ELEMENTS = 500, /* of one command of nft */
	DAY = 86400
};

/* ---- list ---- */

int export_list(struct export_call *e)
{
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < e->offenders.n; i++)
		fprintf(e->file, "%s\n",
			address_print(&e->offenders.at[i].address, text));
	return 0;
}

/* ---- Postfix ---- */

int export_postfix(struct export_call *e)
{
	char text[ADDRESS_TEXT], until[STAMP_TEXT];

	fprintf(e->file, "# For check_client_access cidr:FILE, as of %s\n",
		stamp_print(e->cli->now, until));
	for (size_t i = 0; i < e->offenders.n; i++) {
		const struct offender *o = &e->offenders.at[i];

		fprintf(e->file, "%s REJECT Too many failed logins",
			address_print(&o->address, text));
		if (o->until == DURATION_FOREVER)
			fputc('\n', e->file);
		else
			fprintf(e->file, ", blocked until %s\n",
				stamp_print(o->until, until));
	}
	return 0;
}

/* ---- sets ---- */

/* The set of an offender, by the kernel's name. */
static char *set_name(const struct offender *o, char name[ENFORCER_NAME])
{
	return enforcer_set_name(o->set, enforcer_set_of(&o->address), name);
}

static bool same_set(const struct offender *a, const struct offender *b)
{
	return strcmp(a->set, b->set) == 0 &&
	       a->address.family == b->address.family;
}

/* How many from the first one on are of its set. */
static size_t of_set(const struct offenders *o, size_t first)
{
	size_t n = first;

	while (n < o->n && same_set(&o->at[first], &o->at[n]))
		n++;
	return n - first;
}

/* Room for as many again, as the module makes it. */
static uint32_t room_for(size_t n)
{
	uint32_t room = MAXELEM;

	while (room < 2 * n && room < 1u << 30)
		room *= 2;
	return room;
}

static int64_t timeout(const struct export_call *e, const struct offender *o,
		       int64_t longest)
{
	int64_t left = duration_left(o->until, e->cli->now);

	if (left < 1)
		return 1;
	return left < longest ? left : longest;
}

int export_ipset(struct export_call *e)
{
	const struct offenders *o = &e->offenders;
	char name[ENFORCER_NAME], text[ADDRESS_TEXT];
	size_t n;

	fputs("# For `ipset -exist restore`\n", e->file);
	for (size_t i = 0; i < o->n; i += n) {
		n = of_set(o, i);
		fprintf(e->file,
			"create %s hash:net family %s hashsize %d maxelem "
			"%" PRIu32 " timeout %d counters\n",
			set_name(&o->at[i], name),
			o->at[i].address.family == ADDRESS_V6 ? "inet6"
							      : "inet",
			HASHSIZE, room_for(n), DEFAULT_TIMEOUT);
		for (size_t k = i; k < i + n; k++)
			fprintf(e->file, "add %s %s timeout %" PRId64 "\n",
				name, address_print(&o->at[k].address, text),
				timeout(e, &o->at[k], ENFORCER_LONGEST));
	}
	return 0;
}

/* ---- nft ---- */

/* Each length of prefix has a set of its own, of masked addresses; hosts have
 * the one without a length. */
static void nft_name(FILE *file, const struct offender *o)
{
	char name[ENFORCER_NAME];

	fputs(set_name(o, name), file);
	if (o->address.prefix != address_bits(&o->address))
		fprintf(file, "/%u", o->address.prefix);
}

static void nft_set(struct export_call *e, const struct offender *o, size_t n)
{
	fputs("table inet saslban {\n\tset ", e->file);
	nft_name(e->file, o);
	fprintf(e->file,
		" {\n\t\ttype ipv%d_addr; flags timeout; counter\n"
		"\t\tsize %" PRIu32 "; timeout 1d; gc-interval 30s\n\t}\n}\n",
		o->address.family == ADDRESS_V6 ? 6 : 4, room_for(n));
}

/* nft takes no more than eight digits of seconds. */
static void nft_element(struct export_call *e, const struct offender *o)
{
	int64_t left = timeout(e, o, DURATION_MAX);
	struct address host = o->address;
	char text[ADDRESS_TEXT];

	host.prefix = (uint8_t)address_bits(&host);
	fprintf(e->file, "\t%s timeout %" PRId64 "d%" PRId64 "s",
		address_print(&host, text), left / DAY, left % DAY);
}

/* The offenders that are of one prefix length, among those of one set. */
static void nft_length(struct export_call *e, const struct offender *o,
		       size_t n, unsigned prefix)
{
	const struct offender *first = NULL;
	size_t some = 0;

	for (size_t i = 0; i < n; i++) {
		if (o[i].address.prefix != prefix)
			continue;
		if (first == NULL)
			nft_set(e, first = &o[i], n);
		if (some++ % ELEMENTS == 0) {
			fputs(some == 1 ? "" : "\n}\n", e->file);
			fputs("add element inet saslban ", e->file);
			nft_name(e->file, first);
			fputs(" {\n", e->file);
		} else {
			fputs(",\n", e->file);
		}
		nft_element(e, &o[i]);
	}
	if (first != NULL)
		fputs("\n}\n", e->file);
}

int export_nft(struct export_call *e)
{
	const struct offenders *o = &e->offenders;
	size_t n;

	fputs("# For `nft -f`. Rules are not in here: load saslban.nft "
	      "first.\n",
	      e->file);
	for (size_t i = 0; i < o->n; i += n) {
		n = of_set(o, i);
		if (!settings_is_nft_name(o->at[i].set))
			return fault_set(&e->why, FAULT_STORE,
					 "nft cannot read the name of set '%s'",
					 o->at[i].set);
		for (int prefix = 128; prefix >= 0; prefix--)
			nft_length(e, &o->at[i], n, (unsigned)prefix);
	}
	return 0;
}
