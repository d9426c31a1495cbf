/* attacks: see attacks.h. */
#include "attacks.h"

#include <ctype.h>
#include <string.h>

#include "flow.h"
#include "keymap.h"
#include "saslban/offense.h"
#include "saslban/plural.h"
#include "saslban/secret.h"

struct looking {
	struct attacks *out;
	const struct inquiry *q;
	struct siphash_key key;
	struct keymap users; /* that were asked about */
	struct keymap networks;
	struct fault *why;
};

/* ---- finding out ---- */

/* Where one with so many goes among the n, of which room is kept; the least is
 * shifted out. */
static void *make_place(void *rows, size_t size, size_t n, size_t place)
{
	char *row = rows;
	size_t last = n < ATTACKS_SHOWN ? n : ATTACKS_SHOWN - 1;

	memmove(row + (place + 1) * size, row + place * size,
		(last - place) * size);
	return row + place * size;
}

static void keep_account(struct attacks *a, const char *user, unsigned hosts)
{
	size_t i = 0;

	while (i < ATTACKS_SHOWN && i < a->accounts &&
	       a->account[i].hosts >= hosts)
		i++;
	if (i < ATTACKS_SHOWN) {
		struct attacked *row = make_place(
			a->account, sizeof(a->account[0]), a->accounts, i);

		row->hosts = hosts;
		snprintf(row->user, sizeof(row->user), "%s", user);
	}
	a->accounts++;
}

static void keep_network(struct attacks *a, const struct attacking *x)
{
	size_t i = 0;

	while (i < ATTACKS_SHOWN && i < a->networks &&
	       a->network[i].hosts >= x->hosts)
		i++;
	if (i < ATTACKS_SHOWN)
		*(struct attacking *)make_place(
			a->network, sizeof(a->network[0]), a->networks, i) = *x;
	a->networks++;
}

/* True once for each of them; *failed: out of memory. */
static bool is_new(struct keymap *m, uint64_t key, bool *failed)
{
	size_t unused;

	if (keymap_get(m, key, &unused))
		return false;
	*failed = keymap_put(m, key, 0) < 0;
	return !*failed;
}

static bool ask_account(struct looking *x, const char *user)
{
	const struct policy *p = inquiry_policy(x->q);
	char lower[SIGHTING_USER];
	size_t n = 0;
	bool failed = false;
	unsigned hosts;

	for (; user[n] != '\0'; n++)
		lower[n] = (char)tolower((unsigned char)user[n]);
	if (n == 0 || !is_new(&x->users, siphash(&x->key, lower, n), &failed))
		return !failed;
	hosts = memory_account_hosts(inquiry_memory(x->q), user, x->q->now);
	if (hosts >= p->account_hosts)
		keep_account(x->out, user, hosts);
	return true;
}

/* Whatever ban it has had: they have failed all the same. */
static bool ask_network(struct looking *x, const struct address *network)
{
	struct attacking seen = {.network = *network};
	struct history h = {.last_end = 0};
	bool failed = false;

	if (!is_new(&x->networks, siphash(&x->key, network, sizeof(*network)),
		    &failed))
		return !failed;
	memory_recall_network(inquiry_memory(x->q), network, x->q->now, &h);
	seen.hosts = h.hosts;
	seen.neighbours = h.neighbours;
	if (h.hosts >= inquiry_policy(x->q)->network_hosts)
		keep_network(x->out, &seen);
	return true;
}

static int see_failure(void *context, const struct failure *f)
{
	struct looking *x = context;
	const struct policy *p = inquiry_policy(x->q);
	struct address level[MEMORY_LEVELS];
	size_t n;
	bool ok = true;

	if (!f->wide)
		return 0;
	if (p->account_hosts > 0)
		ok = ask_account(x, f->user);
	n = p->network_hosts == 0 ? 0 : memory_networks(p, &f->address, level);
	for (size_t i = 0; i < n && ok; i++)
		ok = ask_network(x, &level[i]);
	return ok ? 0 : fault_set(x->why, FAULT_MEMORY, "out of memory");
}

static int look_for_bans(struct attacks *a, const struct inquiry *q,
			 struct fault *why)
{
	struct history h;

	for (size_t i = 0; i < a->networks && i < ATTACKS_SHOWN; i++) {
		if (offense_history(q->session->store, q->jail->id,
				    &a->network[i].network,
				    !q->jail->settings.enforce, q->now, &h,
				    why) < 0)
			return -1;
		a->network[i].banned = h.banned;
	}
	return 0;
}

int attacks_take(struct attacks *out, const struct inquiry *q,
		 struct fault *why)
{
	const struct policy *p = inquiry_policy(q);
	struct store *store = q->session->store;
	struct looking x = {.out = out, .q = q, .why = why};
	int64_t span = p->account_window > p->network_window
			       ? p->account_window
			       : p->network_window;
	int result;

	memset(out, 0, sizeof(*out));
	if (secret_get(store, &x.key, why) < 0)
		return -1;
	result = failure_recent(store, q->jail->id, q->now - span, see_failure,
				&x, why);
	keymap_close(&x.users);
	keymap_close(&x.networks);
	return result < 0 ? -1 : look_for_bans(out, q, why);
}

/* ---- for people ---- */

static size_t shown(size_t n)
{
	return n < ATTACKS_SHOWN ? n : ATTACKS_SHOWN;
}

static void print_accounts(const struct attacks *a, struct flow *f)
{
	flow_put(f, BAD, "%zu account%s under attack", a->accounts,
		 plural(a->accounts));
	for (size_t i = 0; i < shown(a->accounts); i++)
		flow_put(f, PLAIN, "%s '%s' by %u address%s",
			 i == 0 ? ":" : ",", a->account[i].user,
			 a->account[i].hosts, plural_es(a->account[i].hosts));
	flow_put(f, PLAIN, "%s", a->accounts > ATTACKS_SHOWN ? ", ..." : "");
	flow_end(f);
}

static void print_networks(const struct attacks *a, struct flow *f)
{
	char text[ADDRESS_TEXT];

	flow_put(f, CARE, "%zu network%s attack%s", a->networks,
		 plural(a->networks), a->networks == 1 ? "s" : "");
	for (size_t i = 0; i < shown(a->networks); i++) {
		const struct attacking *x = &a->network[i];

		flow_put(f, PLAIN, "%s %s with %u address%s, %s",
			 i == 0 ? ":" : ";", address_print(&x->network, text),
			 x->hosts, plural_es(x->hosts),
			 x->banned           ? "banned"
			 : x->neighbours > 0 ? "not banned: customers log in "
					       "from it"
					     : "not banned");
	}
	flow_put(f, PLAIN, "%s", a->networks > ATTACKS_SHOWN ? "; ..." : "");
	flow_end(f);
}

void attacks_print(const struct attacks *a, const struct output *o,
		   size_t indent, int width)
{
	struct flow f;

	if (a->accounts > 0) {
		flow_heading(&f, o, indent, width, "attacks");
		print_accounts(a, &f);
	}
	if (a->networks > 0) {
		flow_heading(&f, o, indent, width,
			     a->accounts > 0 ? "" : "attacks");
		print_networks(a, &f);
	}
}

/* ---- for programs ---- */

void attacks_json(const struct attacks *a, struct json *j)
{
	char text[ADDRESS_TEXT];

	json_number(j, "accounts_attacked", (int64_t)a->accounts);
	json_array(j, "accounts");
	for (size_t i = 0; i < shown(a->accounts); i++) {
		json_object(j, NULL);
		json_text(j, "user", a->account[i].user);
		json_number(j, "hosts", a->account[i].hosts);
		json_end(j);
	}
	json_end(j);
	json_number(j, "networks_attacking", (int64_t)a->networks);
	json_array(j, "networks");
	for (size_t i = 0; i < shown(a->networks); i++) {
		const struct attacking *x = &a->network[i];

		json_object(j, NULL);
		json_text(j, "network", address_print(&x->network, text));
		json_number(j, "hosts", x->hosts);
		json_bool(j, "banned", x->banned);
		json_number(j, "neighbours", x->neighbours);
		json_end(j);
	}
	json_end(j);
}
