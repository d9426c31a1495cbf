/* offender: see offender.h. */
#include "offender.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 2, PAIR = 32 /* tries of a user that make a rhythm */ };

static size_t lent(size_t size)
{
	return size > OFFENDER_OWN ? size - OFFENDER_OWN : 0;
}

void offender_drop(struct node *node)
{
	struct offender *o = (struct offender *)node;

	if (o->spare != NULL)
		*o->spare += lent(o->size);
	free(o->attempt);
}

static bool counts(const struct attempt *a)
{
	return a->standing == VERDICT_COUNT;
}

/* ---- the same wrong password again ---- */

/* A try of the user that is one, and no other line about one. Where a server
 * logs no names, those without one are one user's. */
static bool is_try(const struct attempt *a, const struct name *user)
{
	bool same = user->whole == 0 ? a->user.whole == 0
				     : name_same(&a->user, user);

	return same && (counts(a) || a->standing == VERDICT_REPEAT);
}

static bool same_guess(const struct offender *o, const struct attempt *new,
		       int64_t since)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->attempt[i].guess == new->guess &&
		    o->attempt[i].at >=
			    since &&is_try(&o->attempt[i], &new->user))
			return true;
	return false;
}

/* The latest tries of the user, with the new one. */
static size_t tries(const struct offender *o, const struct attempt *new,
		    int64_t since, int64_t at[PAIR])
{
	size_t n = 0;

	at[n++] = new->at;
	for (size_t i = o->n; i-- > 0 && n < PAIR;)
		if (o->attempt[i].at >= since &&
		    is_try(&o->attempt[i], &new->user))
			at[n++] = o->attempt[i].at;
	return n;
}

static bool is_alone(const struct offender *o, const struct attempt *new,
		     int64_t since)
{
	for (size_t i = 0; i < o->n; i++)
		if (counts(&o->attempt[i]) && o->attempt[i].at >= since &&
		    !is_try(&o->attempt[i], &new->user))
			return false;
	return true;
}

/* A customer's programs with his old password, each with its own rhythm: all
 * but the first, as long as they are not many at once. */
static bool is_customers(const struct policy *p, const int64_t *at, size_t n,
			 int64_t now)
{
	size_t fast = 0;

	for (size_t i = 0; i < n; i++)
		fast += at[i] > now - POLICY_FAST;
	return n > 1 && fast <= p->known_maxretry;
}

static bool is_repeated(const struct offender *o, const struct policy *p,
			const struct attempt *new, int64_t now, bool customer,
			bool crowd)
{
	int64_t since = now - p->repeat_window;
	int64_t at[PAIR];
	size_t n;

	if (p->repeat_window == 0)
		return false;
	if (new->guess != 0)
		return same_guess(o, new, since);
	n = tries(o, new, since, at);
	if (customer)
		return is_customers(p, at, n, now);
	return (crowd || is_alone(o, new, since)) && policy_is_steady(at, n);
}

/* ---- recall ---- */

/* Of the attempts that stand so, is i the first of its user? */
static bool is_new_user(const struct offender *o, size_t i,
			enum verdict_kind standing, int64_t since)
{
	for (size_t k = 0; k < i; k++)
		if (o->attempt[k].standing == standing &&
		    o->attempt[k].at >= since &&
		    o->attempt[k].user.whole == o->attempt[i].user.whole)
			return false;
	return true;
}

int64_t offender_failures(const struct offender *o, int64_t since)
{
	int64_t sum = 0;

	for (size_t i = 0; i < o->n; i++)
		if (counts(&o->attempt[i]) && o->attempt[i].at >= since)
			sum += o->attempt[i].count;
	return sum;
}

static bool has_failed(const struct offender *o, int64_t since)
{
	for (size_t i = 0; i < o->n; i++)
		if (counts(&o->attempt[i]) && !o->attempt[i].doubtful &&
		    o->attempt[i].at >= since)
			return true;
	return false;
}

static bool is_waiting(const struct offender *o, const struct attempt *new,
		       int64_t since)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->attempt[i].grace && counts(&o->attempt[i]) &&
		    o->attempt[i].at > since &&
		    is_try(&o->attempt[i], &new->user))
			return true;
	return false;
}

/* What came while there was an outage. */
static void sum_excused(const struct offender *o, int64_t since,
			struct history *out)
{
	out->excused = 0;
	out->excused_accounts = 0;
	for (size_t i = 0; i < o->n; i++) {
		const struct attempt *a = &o->attempt[i];

		if (a->standing != VERDICT_OUTAGE || a->at < since)
			continue;
		out->excused += a->count;
		out->excused_accounts +=
			is_new_user(o, i, VERDICT_OUTAGE, since);
	}
}

void offender_recall(struct offender *o, const struct policy *p,
		     const struct attempt *a, int64_t now, bool customer,
		     struct history *out)
{
	int64_t own;

	if (o == NULL)
		return;
	out->echoed = attempt_echoes(o->attempt, o->n, a, false);
	out->failures = offender_failures(o, policy_window(p, out, now));
	out->failed = has_failed(o, now - p->findtime);
	out->waiting = is_waiting(o, a, now - p->account_grace);
	out->others = offender_others(o, &a->user, now - p->findtime, &own);
	if (out->outage)
		sum_excused(o, now - p->findtime, out);
	out->repeated = is_repeated(o, p, a, now, customer, out->customers > 1);
}

/* ---- note ---- */

/* The oldest two that count become one: no failure is lost while there is no
 * room, and its time is the later one. Else the oldest that does not count. */
static void fold_oldest(struct offender *o)
{
	struct attempt *first = NULL, *gone = NULL;

	for (size_t i = 0; i < o->n; i++) {
		struct attempt *a = &o->attempt[i];

		if (!counts(a)) {
			gone = gone == NULL ? a : gone;
			continue;
		}
		if (first == NULL) {
			first = a;
			continue;
		}
		for (size_t w = 0; w < WITNESSES; w++)
			a->seen[w] += a->seen[w] > 0 ? first->count : 0;
		a->count += first->count;
		gone = first;
		break;
	}
	if (gone == NULL)
		return;
	o->n--;
	memmove(gone, gone + 1,
		(size_t)(o->attempt + o->n - gone) * sizeof(*gone));
}

static void forget_old(struct offender *o, int64_t horizon)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->n; i++)
		if (o->attempt[i].at >= horizon)
			o->attempt[kept++] = o->attempt[i];
	o->n = kept;
}

static int resize(struct offender *o, size_t size)
{
	struct attempt *moved =
		realloc(o->attempt, size * sizeof(o->attempt[0]));

	if (moved == NULL)
		return -1;
	o->attempt = moved;
	o->size = size;
	return 0;
}

/* Room for one more: what is too old goes, then there is more room, then some
 * are folded. */
static int make_room(struct offender *o, int64_t horizon, size_t *spare)
{
	size_t size = o->size == 0 ? FIRST_SIZE : 2 * o->size;
	size_t more = lent(size) - lent(o->size);

	forget_old(o, horizon);
	if (o->n < o->size)
		return 0;
	if (size > MEMORY_ATTEMPTS || more > *spare) {
		fold_oldest(o);
		return 0;
	}
	if (resize(o, size) < 0)
		return -1;
	o->spare = spare;
	*spare -= more;
	return 0;
}

void offender_shrink(struct offender *o, int64_t horizon)
{
	size_t given = lent(o->size);

	if (given == 0)
		return;
	forget_old(o, horizon);
	if (o->n <= OFFENDER_OWN && resize(o, OFFENDER_OWN) == 0)
		*o->spare += given;
}

/* It is a rhythm: what came of it before is one try, too. */
static void settle_repeats(struct offender *o, const struct attempt *new,
			   struct memory_rows *repeats)
{
	bool first = true;

	for (size_t i = 0; i < o->n; i++) {
		struct attempt *a = &o->attempt[i];

		if (!counts(a) || a->guess != 0 || !is_try(a, &new->user))
			continue;
		if (!first) {
			a->standing = VERDICT_REPEAT;
			repeats->id[repeats->n++] = a->row;
		}
		first = false;
	}
}

int offender_note(struct offender *o, const struct attempt *new,
		  enum verdict_kind verdict, int64_t horizon, size_t *spare,
		  struct memory_rows *repeats)
{
	unsigned echoed = attempt_echoes(o->attempt, o->n, new, true);
	struct attempt *a;

	repeats->n = 0;
	if (echoed == new->count)
		return 0;
	if (verdict == VERDICT_REPEAT && new->guess == 0)
		settle_repeats(o, new, repeats);
	if (o->n == o->size && make_room(o, horizon, spare) < 0)
		return -1;
	a = &o->attempt[o->n++];
	*a = *new;
	a->count -= echoed;
	for (size_t w = 0; w < WITNESSES; w++)
		if (a->seen[w] > 0)
			a->seen[w] = a->count;
	a->grace = verdict == VERDICT_GRACE;
	a->standing = verdict == VERDICT_BAN || verdict == VERDICT_GRACE
			      ? VERDICT_COUNT
			      : verdict;
	return 0;
}

/* ---- logins ---- */

/* Who logs in without a domain may have written one before. The other way round
 * it may be somebody else, in a domain of his own. */
static bool may_forgive(const struct name *in, const struct name *failed)
{
	return in->whole == failed->whole ||
	       (!in->domain && in->whole == failed->local);
}

void offender_forgive(struct offender *o, const struct name *user,
		      struct memory_rows *forgiven)
{
	for (size_t i = 0; i < o->n; i++) {
		struct attempt *a = &o->attempt[i];

		if (!counts(a) || !may_forgive(user, &a->user))
			continue;
		a->standing = VERDICT_FORGIVEN;
		forgiven->id[forgiven->n++] = a->row;
	}
}

unsigned offender_others(const struct offender *o, const struct name *user,
			 int64_t since, int64_t *guesses)
{
	unsigned others = 0;

	*guesses = 0;
	for (size_t i = 0; i < o->n; i++) {
		const struct attempt *a = &o->attempt[i];

		if (!counts(a) || a->at < since)
			continue;
		if (name_same(&a->user, user))
			*guesses += a->count;
		else if (a->user.whole != 0)
			others += is_new_user(o, i, VERDICT_COUNT, since);
	}
	return others;
}

static bool says_something(const struct attempt *a, uint64_t account)
{
	if (!a->wide || a->standing == VERDICT_FORGIVEN)
		return false;
	return account == 0 ||
	       (a->user.whole == account && a->standing != VERDICT_OUTAGE);
}

int64_t offender_latest(const struct offender *o, uint64_t account,
			bool *excused)
{
	int64_t latest = INT64_MIN;

	*excused = true;
	for (size_t i = 0; i < o->n; i++) {
		const struct attempt *a = &o->attempt[i];

		if (!says_something(a, account))
			continue;
		*excused = *excused && a->standing == VERDICT_OUTAGE;
		latest = a->at > latest ? a->at : latest;
	}
	return latest;
}
