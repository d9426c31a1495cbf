/* lists: see lists.h. */
#include "lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int lists_open(struct lists *l, const struct settings *s)
{
	*l = (struct lists){.settings = s};
	l->file = calloc(s->ignoreds + 1, sizeof(*l->file));
	if (l->file == NULL)
		return -1;
	for (size_t i = 0; i < s->ignoreds; i++) {
		const char *entry = s->ignored[i];
		const char *path = settings_ignored_file(entry);
		struct fixed *f = &l->fixed[l->fixed_n];

		if (path != NULL) {
			listfile_init(&l->file[l->files++], path);
		} else if (address_parse(entry, strlen(entry), &f->address) ==
			   0) {
			f->entry = entry;
			l->fixed_n++;
		}
	}
	return 0;
}

void lists_release(struct lists *l)
{
	for (size_t i = 0; i < l->files; i++)
		listfile_release(&l->file[i]);
	free(l->file);
	allowlist_release(&l->allow);
}

/* ---- is anybody left? ---- */

struct sum {
	struct address *at;
	size_t n;
};

static void add_fixed(struct sum *sum, const struct lists *l)
{
	for (size_t i = 0; i < l->fixed_n; i++)
		sum->at[sum->n++] = l->fixed[i].address;
}

static void add_prefixes(struct sum *sum, const struct prefixes *p)
{
	for (size_t i = 0; i < p->n; i++)
		sum->at[sum->n++] = p->at[i].address;
}

/* The family of which all together would exempt everybody, NULL if none, when
 * `next` takes the place of `now`; in *everybody. -1 when out of memory. */
static int weigh_all(const struct lists *l, const struct prefixes *now,
		     const struct prefixes *next, const char **everybody)
{
	size_t n = l->fixed_n + l->allow.now.prefixes.n + next->n;
	struct sum sum = {NULL, 0};

	*everybody = NULL;
	if (!l->settings->enforce || next->n == 0)
		return 0;
	for (size_t i = 0; i < l->files; i++)
		n += l->file[i].now.prefixes.n;
	sum.at = calloc(n, sizeof(*sum.at));
	if (sum.at == NULL)
		return -1;
	add_fixed(&sum, l);
	add_prefixes(&sum, next);
	for (size_t i = 0; i < l->files; i++)
		if (&l->file[i].now.prefixes != now)
			add_prefixes(&sum, &l->file[i].now.prefixes);
	if (&l->allow.now.prefixes != now)
		add_prefixes(&sum, &l->allow.now.prefixes);
	*everybody = settings_everybody(sum.at, sum.n);
	free(sum.at);
	return 0;
}

/* ---- files ---- */

/* What was read of it is taken, or not. */
static bool decide(struct lists *l, struct listfile *f)
{
	const char *everybody;
	char reason[64];

	if (weigh_all(l, &f->now.prefixes, &f->next.prefixes, &everybody) < 0) {
		listfile_refuse(f, "out of memory");
		return false;
	}
	if (everybody == NULL)
		return listfile_take(f);
	snprintf(reason, sizeof(reason),
		 "with it, every public %s address would be exempt", everybody);
	listfile_refuse(f, reason);
	return false;
}

void lists_forget(struct lists *l)
{
	for (size_t i = 0; i < l->files; i++)
		listfile_forget(&l->file[i]);
}

bool lists_look(struct lists *l, bool *news)
{
	bool read = false;

	for (size_t i = 0; i < l->files; i++) {
		if (!listfile_look(&l->file[i]))
			continue;
		read = true;
		if (decide(l, &l->file[i]))
			*news = true;
	}
	return read;
}

static bool is_name(const char *entry)
{
	struct address a;

	return strcmp(entry, "self") != 0 &&
	       settings_ignored_file(entry) == NULL &&
	       address_parse(entry, strlen(entry), &a) < 0;
}

int lists_add_names(const struct lists *l, struct resolver *r)
{
	const struct settings *s = l->settings;

	for (size_t i = 0; i < s->ignoreds; i++)
		if (is_name(s->ignored[i]) &&
		    resolver_add(r, s->ignored[i], NULL) < 0)
			return -1;
	for (size_t i = 0; i < l->files; i++) {
		const struct listing *now = &l->file[i].now;

		for (size_t k = 0; k < now->names; k++)
			if (resolver_add(r, now->text + now->name[k],
					 l->file[i].path) < 0)
				return -1;
	}
	return 0;
}

/* ---- the allow list ---- */

int lists_allowed(struct lists *l, bool *news)
{
	struct allowlist *a = &l->allow;
	const char *everybody;

	if (allowlist_complete(a) < 0 ||
	    weigh_all(l, &a->now.prefixes, &a->next.prefixes, &everybody) < 0) {
		allowlist_drop(a);
		return -1;
	}
	if (everybody == NULL)
		*news = allowlist_take(a);
	else
		allowlist_drop(a);
	l->untold = everybody != NULL && (l->untold || l->refused == NULL);
	l->refused = everybody;
	return 0;
}

/* ---- the answer ---- */

static bool search_fixed(const struct lists *l, struct reason *r)
{
	for (size_t i = 0; i < l->fixed_n; i++) {
		const struct exempt_reason one = {.kind = EXEMPT_ADDRESS,
						  .entry = l->fixed[i].entry,
						  .address =
							  l->fixed[i].address};

		if (reason_weigh(r, &one))
			return true;
	}
	return false;
}

static bool search_file(const struct listfile *f, struct reason *r)
{
	const struct prefix *found = prefixes_find(&f->now.prefixes, r->about);
	struct exempt_reason one = {.kind = EXEMPT_FILE, .file = f->path};

	if (found == NULL)
		return false;
	one.entry = f->now.text + found->id;
	one.address = found->address;
	return reason_weigh(r, &one);
}

static bool search_allow(const struct allowlist *l, struct reason *r)
{
	const struct prefix *found = prefixes_find(&l->now.prefixes, r->about);
	struct exempt_reason one = {.kind = EXEMPT_ALLOW};

	if (found == NULL)
		return false;
	one.allow = &l->now.entry[found->id];
	one.address = found->address;
	return reason_weigh(r, &one);
}

bool lists_search(const struct lists *l, struct reason *r)
{
	if (search_fixed(l, r))
		return true;
	for (size_t i = 0; i < l->files; i++)
		if (search_file(&l->file[i], r))
			return true;
	return search_allow(&l->allow, r);
}

/* ---- news ---- */

bool lists_news(struct lists *l, struct exempt_news *out)
{
	for (size_t i = 0; i < l->files; i++)
		if (listfile_news(&l->file[i], out))
			return true;
	if (!l->untold)
		return false;
	l->untold = false;
	out->trouble = true;
	snprintf(out->text, sizeof(out->text),
		 "the allow list is not taken: with it, every public %s "
		 "address would be exempt; what it had before stays exempt",
		 l->refused);
	return true;
}
