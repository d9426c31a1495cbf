/* resolver: see resolver.h. */
#include "resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the C library's thread reads and writes while a lookup is under way;
 * on the heap of its own, because it may have to outlive us. */
struct question {
	struct question *next; /* of those that nobody waits for any more */
	struct gaicb control;
	struct addrinfo hints;
	char name[256];
};

struct name {
	struct question *question;
	bool asked;  /* a lookup is under way */
	bool listed; /* since resolver_renew */
	int64_t due; /* when to look whether it has come, or to ask again */
	struct known_name known;
};

struct resolver {
	struct name *names;
	size_t n;
	struct question *left; /* under way, of names that are forgotten */
};

struct resolver *resolver_open(void)
{
	return calloc(1, sizeof(struct resolver));
}

static void question_close(struct question *q)
{
	if (q->control.ar_result != NULL)
		freeaddrinfo(q->control.ar_result);
	free(q);
}

/* False: the library's thread still writes to it. */
static bool is_over(struct question *q)
{
	return gai_cancel(&q->control) != EAI_NOTCANCELED ||
	       gai_error(&q->control) != EAI_INPROGRESS;
}

/* Those that are over, of the forgotten ones. */
static void close_left(struct resolver *r)
{
	struct question **at = &r->left;

	while (*at != NULL) {
		struct question *q = *at;

		if (is_over(q)) {
			*at = q->next;
			question_close(q);
		} else {
			at = &q->next;
		}
	}
}

static void forget(struct resolver *r, struct name *name)
{
	struct question *q = name->question;

	if (!name->asked || is_over(q)) {
		question_close(q);
	} else {
		q->next = r->left;
		r->left = q;
	}
}

void resolver_renew(struct resolver *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->names[i].listed = false;
}

void resolver_prune(struct resolver *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->names[i].listed)
			r->names[kept++] = r->names[i];
		else
			forget(r, &r->names[i]);
	}
	r->n = kept;
}

void resolver_close(struct resolver *r)
{
	if (r == NULL)
		return;
	resolver_renew(r);
	resolver_prune(r);
	close_left(r);
	free(r->names);
	free(r);
}

/* Host names are the same in capitals (RFC 4343). NULL: it is not there. */
static struct name *find(const struct resolver *r, const char *text)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcasecmp(r->names[i].known.text, text) == 0)
			return &r->names[i];
	return NULL;
}

int resolver_add(struct resolver *r, const char *text, const char *source)
{
	struct name *known = find(r, text);
	struct question *q;
	struct name *grown;

	if (known != NULL) {
		if (!known->listed)
			known->known.source = source;
		known->listed = true;
		return 0;
	}
	q = calloc(1, sizeof(*q));
	grown = realloc(r->names, (r->n + 1) * sizeof(*r->names));
	if (grown != NULL)
		r->names = grown;
	if (q == NULL || grown == NULL || strlen(text) >= sizeof(q->name)) {
		free(q);
		return -1;
	}
	memcpy(q->name, text, strlen(text) + 1);
	q->hints.ai_socktype = SOCK_STREAM; /* each address once */
	q->control.ar_name = q->name;
	q->control.ar_request = &q->hints;
	r->names[r->n++] =
		(struct name){.question = q,
			      .listed = true,
			      .known = {.text = q->name, .source = source}};
	return 0;
}

static void fail(struct name *name, const char *trouble, int64_t boot)
{
	name->known.trouble = trouble;
	name->due = boot + RESOLVER_RETRY;
}

static void ask(struct name *name, int64_t boot)
{
	struct gaicb *list[1] = {&name->question->control};
	int error = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);

	name->asked = error == 0;
	name->due = boot + 1;
	if (error != 0)
		fail(name, gai_strerror(error), boot);
}

static size_t read_answer(const struct addrinfo *list, struct address *out)
{
	char text[INET6_ADDRSTRLEN];
	size_t n = 0;

	for (; list != NULL && n < RESOLVER_ADDRESSES; list = list->ai_next) {
		const void *bytes;

		if (list->ai_family == AF_INET)
			bytes = &((struct sockaddr_in *)(void *)list->ai_addr)
					 ->sin_addr;
		else if (list->ai_family == AF_INET6)
			bytes = &((struct sockaddr_in6 *)(void *)list->ai_addr)
					 ->sin6_addr;
		else
			continue;
		if (inet_ntop(list->ai_family, bytes, text, sizeof(text)) &&
		    address_parse_host(text, strlen(text), &out[n]) == 0)
			n++;
	}
	return n;
}

static bool has(const struct known_name *k, const struct address *a)
{
	for (size_t i = 0; i < k->n; i++)
		if (address_equal(&k->address[i], a))
			return true;
	return false;
}

/* True when one of the addresses was not known before: name servers like to
 * change the order. */
static bool take(struct known_name *k, const struct address *found, size_t n,
		 int64_t wall)
{
	bool news = false;

	for (size_t i = 0; i < n; i++)
		news = news || !has(k, &found[i]);
	memcpy(k->address, found, n * sizeof(found[0]));
	k->n = n;
	k->at = wall;
	k->answered = true;
	k->unsaved = true;
	k->trouble = NULL;
	return news;
}

/* The answer for one name, if it is there. True when it has new addresses. */
static bool collect(struct name *name, struct moment now)
{
	struct gaicb *control = &name->question->control;
	struct address found[RESOLVER_ADDRESSES];
	int error = gai_error(control);
	size_t n = 0;

	if (error == EAI_INPROGRESS) {
		name->due = now.boot + 1;
		return false;
	}
	name->asked = false;
	if (error == 0) {
		n = read_answer(control->ar_result, found);
		freeaddrinfo(control->ar_result);
	}
	control->ar_result = NULL;
	if (n == 0) {
		fail(name,
		     error == 0 ? "no address in the answer"
				: gai_strerror(error),
		     now.boot);
		return false;
	}
	name->due = now.boot + RESOLVER_AGAIN;
	return take(&name->known, found, n, now.wall);
}

bool resolver_poll(struct resolver *r, struct moment now)
{
	bool news = false;

	close_left(r);
	for (size_t i = 0; i < r->n; i++) {
		if (r->names[i].due > now.boot)
			continue;
		if (!r->names[i].asked)
			ask(&r->names[i], now.boot);
		else if (collect(&r->names[i], now))
			news = true;
	}
	return news;
}

int64_t resolver_due(const struct resolver *r)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < r->n; i++)
		if (r->names[i].due < due)
			due = r->names[i].due;
	return due;
}

size_t resolver_names(const struct resolver *r)
{
	return r->n;
}

const struct known_name *resolver_name(const struct resolver *r, size_t i)
{
	return &r->names[i].known;
}

bool resolver_remember(struct resolver *r, const char *text,
		       const struct address *a, int64_t at)
{
	struct name *name = find(r, text);
	struct known_name *k = name == NULL ? NULL : &name->known;

	if (k == NULL || k->answered || at < k->at)
		return false;
	if (at > k->at)
		k->n = 0;
	k->at = at;
	if (k->n == RESOLVER_ADDRESSES || has(k, a))
		return false;
	k->address[k->n++] = *a;
	return true;
}

void resolver_saved(struct resolver *r, size_t i)
{
	r->names[i].known.unsaved = false;
}

void resolver_warned(struct resolver *r, size_t i, bool warned)
{
	r->names[i].known.warned = warned;
}
