/* telling: see telling.h. */
#include "telling.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/digest.h"
#include "saslban/duration.h"
#include "saslban/plain.h"
#include "saslban/plural.h"
#include "saslban/zone.h"

enum {
	ROWS = 10,  /* of the history of one address */
	NAMES = 5,  /* accounts, and services, of one address */
	LISTED = 60 /* of a mail about many */
};

/* ---- what has happened ---- */

static void tell_breach(struct desk *d, const struct outbox_row *row)
{
	struct paper *p = &d->part[LETTER_NEWS];
	char at[ZONE_TEXT], address[ADDRESS_TEXT];
	char user[SIGHTING_USER], service[SIGHTING_WORD];

	plain_copy(user, sizeof(user), row->user);
	plain_copy(service, sizeof(service), row->service);
	paper_line(p, "%s  %s logged in", zone_time(row->at, at), user);
	paper_line(p, "    from %s%s%s", address_print(&row->address, address),
		   service[0] == '\0' ? "" : ", service ", service);
	paper_wrap(p, 4, row->why);
}

static void tell_ban(struct desk *d, const struct outbox_row *row)
{
	struct paper *p = &d->part[LETTER_NEWS];
	char at[ZONE_TEXT], address[ADDRESS_TEXT], length[DURATION_TEXT];

	paper_line(p, "%s  %s %s for %s (strike %u)%s", zone_time(row->at, at),
		   row->observed ? "would have banned" : "banned",
		   address_print(&row->address, address),
		   duration_length(duration_left(row->until, row->at), length),
		   row->strike, row->lifted ? "; it was lifted" : "");
	paper_wrap(p, 4, row->why);
}

/* What to do about a breach. */
static void advise(struct desk *d, const struct address *a)
{
	struct paper *p = &d->part[LETTER_ADVICE];
	char address[ADDRESS_TEXT];

	paper_line(p, "What to do");
	paper_line(p, "  Whoever has the password can use it from any address; "
		      "a ban does not");
	paper_line(p, "  help. Change the password, end the sessions of the "
		      "user, see what was");
	paper_line(p, "  sent and whether mail is forwarded. If it was the "
		      "user himself:");
	paper_line(p, "    saslbanctl unban %s", address_print(a, address));
	paper_line(p, "    saslbanctl allow add %s", address);
}

/* ---- of one address ---- */

/* The first row of a mail is what its subject is about. */
static void head_one(struct desk *d, const struct outbox_row *row)
{
	char address[ADDRESS_TEXT], length[DURATION_TEXT], user[SIGHTING_USER];

	address_print(&row->address, address);
	if (row->kind == NOTICE_BREACH)
		desk_headline(d, "BREACH: %s from %s",
			      plain_copy(user, sizeof(user), row->user),
			      address);
	else
		desk_headline(
			d, "%s strike %u, %s for %s", address, row->strike,
			row->observed ? "would be banned" : "banned",
			duration_length(duration_left(row->until, row->at),
					length));
}

struct one {
	struct desk *desk;
	int64_t jail;
	int64_t first;          /* the earliest of what is told */
	struct address address; /* of the first row */
	size_t rows;
	size_t breaches;
};

static int see_of_one(void *context, const struct outbox_row *row)
{
	struct one *x = context;

	if (x->rows++ == 0) {
		x->address = row->address;
		head_one(x->desk, row);
	}
	if (row->at < x->first)
		x->first = row->at;
	if (row->kind == NOTICE_BREACH)
		tell_breach(x->desk, row);
	else
		tell_ban(x->desk, row);
	if (row->kind == NOTICE_BREACH && x->breaches++ == 0)
		advise(x->desk, &row->address);
	return 0;
}

/* What was told already is not repeated. */
static int see_past(void *context, const struct offense *o)
{
	const struct one *x = context;
	struct paper *p = &x->desk->part[LETTER_HISTORY];
	char at[ZONE_TEXT], length[DURATION_TEXT];
	bool ours = o->jail == x->jail;

	if (ours && o->at >= x->first)
		return 0;
	paper_line(p, "  %s  strike %u, %s%s%s%s%s", zone_time(o->at, at),
		   o->strike,
		   duration_length(duration_left(o->until, o->at), length),
		   o->observed ? ", observed" : "",
		   o->lifted != 0 ? ", lifted" : "", ours ? "" : ", jail ",
		   ours ? "" : o->jail_name);
	paper_wrap(p, 4, o->why);
	return 0;
}

/* `bob (12), alice (3)`. */
struct names {
	char text[PAPER_LINE];
	size_t used;
	int64_t n;
};

static int see_name(void *context, const struct digest_name *name)
{
	struct names *x = context;
	char text[SIGHTING_USER];
	int n = snprintf(x->text + x->used, sizeof(x->text) - x->used,
			 "%s%s (%" PRId64 ")", x->used == 0 ? "" : ", ",
			 plain_copy(text, 40, name->name), name->failures);

	if (n > 0 && (size_t)n < sizeof(x->text) - x->used)
		x->used += (size_t)n;
	else
		x->text[x->used] = '\0';
	x->n++;
	return 0;
}

static int tell_names(struct desk *d, struct store *s, enum digest_by by,
		      const struct address *a, int64_t all, struct fault *why)
{
	struct names x = {.used = 0};
	char line[PAPER_LINE + 64], more[48] = "";

	if (digest_names_of(s, by, a, NAMES, see_name, &x, why) < 0)
		return -1;
	if (x.n == 0)
		return 0;
	if (all > x.n)
		snprintf(more, sizeof(more), " and %" PRId64 " more",
			 all - x.n);
	snprintf(line, sizeof(line), "%s: %s%s",
		 by == DIGEST_USERS ? "Accounts" : "Services", x.text, more);
	paper_wrap(&d->part[LETTER_HISTORY], 2, line);
	return 0;
}

static int tell_past(struct one *x, struct store *s, struct fault *why)
{
	const struct address *a = &x->address;
	const struct offense_query q = {.at = a, .limit = ROWS};
	struct desk *d = x->desk;
	struct paper *p = &d->part[LETTER_HISTORY];
	char address[ADDRESS_TEXT], first[ZONE_TEXT], last[ZONE_TEXT];
	struct digest_address sum;

	paper_line(p, "What else is known of %s", address_print(a, address));
	if (offense_each(s, &q, see_past, x, why) < 0 ||
	    digest_address(s, a, &sum, why) < 0)
		return -1;
	if (sum.failures > 0)
		paper_line(p, "  %" PRId64 " failed login%s from %s to %s",
			   sum.failures, plural(sum.failures),
			   zone_time(sum.first, first),
			   zone_time(sum.last, last));
	if (tell_names(d, s, DIGEST_USERS, a, sum.users, why) < 0)
		return -1;
	return tell_names(d, s, DIGEST_SERVICES, a, 0, why);
}

static int tell_one(struct desk *d, struct store *s, int64_t jail, int64_t mail,
		    struct fault *why)
{
	struct one x = {.desk = d, .jail = jail, .first = INT64_MAX};

	if (outbox_each(s, jail, mail, ROWS, see_of_one, &x, why) < 0)
		return -1;
	return x.rows == 0 ? 0 : tell_past(&x, s, why);
}

/* ---- of many ---- */

static int see_of_many(void *context, const struct outbox_row *row)
{
	struct desk *d = context;
	struct paper *p = &d->part[LETTER_NEWS];
	char address[ADDRESS_TEXT], length[DURATION_TEXT], user[SIGHTING_USER];

	address_print(&row->address, address);
	if (row->kind == NOTICE_BREACH)
		paper_line(p, "  BREACH: %s from %s",
			   plain_copy(user, sizeof(user), row->user), address);
	else
		paper_line(p, "  strike %u  %-8s  %s%s", row->strike,
			   duration_length(duration_left(row->until, row->at),
					   length),
			   address, row->observed ? " (observed)" : "");
	return 0;
}

static int tell_many(struct desk *d, struct store *s, int64_t jail,
		     int64_t mail, const struct outbox_sum *sum,
		     struct fault *why)
{
	struct paper *p = &d->part[LETTER_NEWS];

	if (sum->breaches > 0)
		desk_headline(d,
			      "%" PRId64 " BREACH%s from %" PRId64 " address%s",
			      sum->breaches, sum->breaches == 1 ? "" : "ES",
			      sum->addresses, plural_es(sum->addresses));
	else
		desk_headline(d,
			      "%" PRId64 " address%s banned, %" PRId64
			      " ban%s of strike %d or more",
			      sum->addresses, plural_es(sum->addresses),
			      sum->worst, plural(sum->worst), NOTICE_STRIKE);
	paper_line(p, "So much at once that it became one mail "
		      "(notify.max):");
	if (outbox_each(s, jail, mail, LISTED, see_of_many, d, why) < 0)
		return -1;
	if (sum->notices > LISTED)
		paper_line(p, "  and %" PRId64 " more, see saslbanctl list",
			   sum->notices - LISTED);
	return 0;
}

int telling_write(struct desk *d, struct store *s, int64_t jail, int64_t mail,
		  const struct outbox_sum *sum, struct fault *why)
{
	if (sum->addresses > 1)
		return tell_many(d, s, jail, mail, sum, why);
	return tell_one(d, s, jail, mail, why);
}
