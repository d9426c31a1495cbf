/* intake: see intake.h. */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "options.h"
#include "saslban/adopt.h"
#include "saslban/duration.h"
#include "saslban/siphash.h"

/* ---- which jail ---- */

/* Parts of the names of jails that are of mail. */
static const char *const mail_words[] = {
	"mail",   "postfix",   "dovecot",  "sasl",       "smtp",
	"imap",   "pop3",      "exim",     "cyrus",      "courier",
	"sieve",  "roundcube", "sogo",     "horde",      "perdition",
	"kerio",  "qmail",     "vpopmail", "submission", "zimbra",
	"kopano", "grommunio", "stalwart", NULL};

static bool is_mail(const char *jail)
{
	for (const char *const *w = mail_words; *w != NULL; w++)
		if (strcasestr(jail, *w) != NULL)
			return true;
	return false;
}

static const struct jail *jail_of(const struct session *s, const char *name)
{
	for (size_t i = 0; i < s->jails; i++)
		if (strcmp(s->jail[i].settings.name, name) == 0)
			return &s->jail[i];
	return NULL;
}

static const struct jail *
find_home(const struct intake *x, const struct arrival *a, enum leaving *reason)
{
	const struct jail *same;

	for (size_t i = 0; i < x->pairs; i++)
		if (strcmp(x->pair[i].there, a->jail) == 0)
			return x->pair[i].here;
	same = jail_of(x->session, a->jail);
	if (same != NULL)
		return same;
	*reason = LEAVE_OTHER;
	if (a->jail[0] != '\0' && !is_mail(a->jail))
		return NULL;
	*reason = LEAVE_HOMELESS;
	return x->home;
}

/* `NAME`, or `THERE=NAME`. */
static enum status read_word(struct intake *x, const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	struct intake_pair *p = &x->pair[x->pairs];
	char name[SETTINGS_NAME + 1];
	size_t head = equals == NULL ? 0 : (size_t)(equals - word) + 1;
	const struct jail *jail;
	struct cli c = *x->cli;
	enum status status;

	snprintf(name, sizeof(name), "%.*s", (int)(len - head), word + head);
	c.jail = name;
	status = session_wanted(x->session, &c, &jail);
	if (status != STATUS_OK)
		return status;
	if (equals == NULL) {
		x->home = jail;
		return STATUS_OK;
	}
	if (x->pairs == INTAKE_JAILS)
		return edge_end(STATUS_USAGE,
				"--jail has too many pairs; allowed: %d",
				INTAKE_JAILS);
	snprintf(p->there, sizeof(p->there), "%.*s", (int)head - 1, word);
	p->here = jail;
	x->pairs++;
	return STATUS_OK;
}

static enum status read_jails(struct intake *x)
{
	const char *at = x->cli->jail;
	enum status status = STATUS_OK;
	size_t len;

	for (; at != NULL && status == STATUS_OK;
	     at = at[len] == ',' ? at + len + 1 : NULL) {
		len = strcspn(at, ",");
		status = read_word(x, at, len);
	}
	return status;
}

/* Without --jail it is the only one, or the only one that enforces. */
static void choose_home(struct intake *x)
{
	const struct session *s = x->session;
	const struct jail *only = NULL;
	size_t enforcing = 0;

	for (size_t i = 0; i < s->jails; i++) {
		if (!s->jail[i].settings.enforce)
			continue;
		only = &s->jail[i];
		enforcing++;
	}
	if (s->jails == 1)
		x->home = &s->jail[0];
	else if (enforcing == 1)
		x->home = only;
}

enum status intake_open(struct intake *x, const struct cli *c,
			const struct session *s)
{
	enum status status;

	memset(x, 0, sizeof(*x));
	x->cli = c;
	x->session = s;
	choose_home(x);
	status = options_duration(c, 0, &x->length);
	if (status == STATUS_OK)
		status = read_jails(x);
	if (status != STATUS_OK)
		return status;
	x->exempt = calloc(s->jails + 1, sizeof(x->exempt[0]));
	if (x->exempt == NULL)
		return edge_memory();
	if (getrandom(&x->key, sizeof(x->key), 0) != sizeof(x->key))
		return edge_end(STATUS_FAILED, "no random numbers");
	return STATUS_OK;
}

void intake_close(struct intake *x)
{
	for (size_t i = 0; x->exempt != NULL && i < x->session->jails; i++)
		exempt_close(x->exempt[i]);
	free(x->exempt);
	keymap_close(&x->known);
	free(x->past);
}

static int open_exempt(struct intake *x, const struct jail *jail,
		       struct exempt **out, struct fault *why)
{
	struct exempt **slot = &x->exempt[jail - x->session->jail];

	if (*slot == NULL && (session_exempt(x->session, jail, slot, why) < 0 ||
			      exempt_look(*slot, why) < 0))
		return -1;
	*out = *slot;
	return 0;
}

/* ---- what is left out ---- */

static int leave(struct intake *x, enum leaving reason, const char *example)
{
	if (x->left[reason]++ == 0)
		snprintf(x->example[reason], sizeof(x->example[reason]), "%s",
			 example);
	return 0;
}

struct leaving_row {
	const char *word;
	const char *text;
};

static const struct leaving_row leavings[LEAVINGS] = {
	[LEAVE_OTHER] = {"other", "of a jail that is not of mail; --jail "
				  "THERE=HERE takes them"},
	[LEAVE_HOMELESS] = {"homeless", "for which no jail is chosen; --jail "
					"NAME does"},
	[LEAVE_SPECIAL] = {"special", "of nobody's address"},
	[LEAVE_WIDE] = {"wide", "of a prefix that is too wide"},
	[LEAVE_EXEMPT] = {"exempt", "that would run, of who is exempt"},
	[LEAVE_OBSERVING] =
		{"observing",
		 "that would run: the jail only observes (enforce is "
		 "off); import again when it enforces"},
};

const char *intake_word(enum leaving reason)
{
	return leavings[reason].word;
}

const char *intake_text(enum leaving reason)
{
	return leavings[reason].text;
}

static bool is_wide(const struct address *a)
{
	const struct settings_row *row = settings_find(
		a->family == ADDRESS_V4 ? "prefix.v4" : "prefix.v6");

	return a->prefix < row->min;
}

/* ---- strikes ---- */

/* What has come of the offender before. NULL: out of memory. */
static struct intake_past *past_of(struct intake *x, const struct offense *o)
{
	char address[ADDRESS_TEXT], who[ADDRESS_TEXT + 24];
	uint64_t key;
	size_t i;

	snprintf(who, sizeof(who), "%lld %s", (long long)o->jail,
		 address_print(&o->address, address));
	key = siphash(&x->key, who, strlen(who));
	if (keymap_get(&x->known, key, &i))
		return &x->past[i];
	if (x->pasts == x->room) {
		size_t room = x->room == 0 ? 256 : 2 * x->room;
		struct intake_past *more =
			reallocarray(x->past, room, sizeof(*more));

		if (more == NULL)
			return NULL;
		x->past = more;
		x->room = room;
	}
	if (keymap_put(&x->known, key, x->pasts) < 0)
		return NULL;
	x->past[x->pasts] = (struct intake_past){0, 0};
	return &x->past[x->pasts++];
}

/* Bans come in the order of time. Who counts there has the number; else the
 * policy counts, by which a strike fades. */
static int number(struct intake *x, const struct jail *jail, struct arrival *a,
		  struct fault *why)
{
	struct offense *o = &a->offense;
	struct intake_past *past = past_of(x, o);
	struct history h = {0};
	unsigned next;

	if (past == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (o->strike == 0) {
		h.strikes = past->strike;
		h.last_end = past->end;
		next = policy_next(&jail->settings.policy, &h, o->at)
			       .offense.strike;
		o->strike = next > a->least ? next : a->least;
	}
	past->strike = o->strike;
	past->end = o->ended != 0 ? o->ended : o->until;
	return 0;
}

/* One that begins now is what a ban by hand would be. */
static int begin_now(struct intake *x, const struct jail *jail,
		     struct offense *o, struct fault *why)
{
	struct history h;
	struct verdict v;

	if (offense_history(x->session->store, jail->id, &o->address, false,
			    o->at, &h, why) < 0)
		return -1;
	v = policy_next(&jail->settings.policy, &h, o->at).offense;
	if (o->strike == 0)
		o->strike = v.strike;
	if (o->until == 0)
		o->until = x->length == 0 ? v.until
					  : duration_after(o->at, x->length);
	return 0;
}

/* ---- one ban ---- */

static int count(struct intake *x, enum adopted adopted,
		 const struct offense *o)
{
	if (adopted == ADOPT_KNOWN) {
		x->there++;
		return 0;
	}
	x->added++;
	x->shorter += adopted == ADOPT_SHORTER;
	x->running += o->ended == 0 && o->lifted == 0;
	return 0;
}

static int record(struct intake *x, const struct jail *jail, struct arrival *a,
		  struct fault *why)
{
	struct store *store = x->session->store;
	struct offense *o = &a->offense;
	enum adopted adopted;

	if (a->now) {
		if (begin_now(x, jail, o, why) < 0 ||
		    offense_adopt_now(store, o, &adopted, why) < 0)
			return -1;
	} else if (number(x, jail, a, why) < 0 ||
		   offense_adopt(store, o, &adopted, why) < 0) {
		return -1;
	}
	return count(x, adopted, o);
}

/* It runs: may it? */
static bool may_run(struct intake *x, const struct jail *jail,
		    struct offense *o, const struct exempt *exempt)
{
	struct exempt_reason reason;
	char text[EXEMPT_TEXT], example[EXEMPT_TEXT + ADDRESS_TEXT];
	char address[ADDRESS_TEXT];

	address_print(&o->address, address);
	if (o->observed) {
		if (jail->settings.enforce)
			o->ended =
				o->until < x->cli->now ? o->until : x->cli->now;
		return true;
	}
	if (exempt_find(exempt, &o->address, &reason)) {
		snprintf(example, sizeof(example), "%s: %s", address,
			 exempt_print(&reason, text));
		leave(x, LEAVE_EXEMPT, example);
		return false;
	}
	if (jail->settings.enforce)
		return true;
	leave(x, LEAVE_OBSERVING, jail->settings.name);
	return false;
}

int intake_take(struct intake *x, struct arrival *a, struct fault *why)
{
	struct offense *o = &a->offense;
	enum leaving reason = LEAVE_HOMELESS;
	const struct jail *jail = find_home(x, a, &reason);
	char text[ADDRESS_TEXT];
	struct exempt *exempt;

	if (jail == NULL)
		return leave(x, reason, a->jail);
	if (open_exempt(x, jail, &exempt, why) < 0)
		return -1;
	address_print(&o->address, text);
	if (address_special(&o->address, NULL) != NULL)
		return leave(x, LEAVE_SPECIAL, text);
	if (is_wide(&o->address))
		return leave(x, LEAVE_WIDE, text);
	if (!a->literal && o->address.prefix == address_bits(&o->address)) {
		struct address host = o->address;

		(void)exempt_offender(exempt, &host, &o->address, NULL);
	}
	o->jail = jail->id;
	o->told = true;
	if (a->now)
		o->at = x->cli->now;
	if (!a->now && o->ended == 0 && o->lifted == 0 &&
	    o->until <= x->cli->now)
		o->ended = o->until;
	if (o->ended == 0 && o->lifted == 0 && !may_run(x, jail, o, exempt))
		return 0;
	return record(x, jail, a, why);
}
