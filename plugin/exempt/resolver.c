/* resolver: see saslban/resolver.h. */
#include "saslban/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* What the C library's thread reads and writes while a lookup is under way;
 * on the heap of its own, because it may have to outlive us. */
struct question {
	struct gaicb control;
	struct addrinfo hints;
	char name[256];
};

struct name {
	struct question *question;
	bool asked;  /* a lookup is under way */
	int64_t due; /* when to look again, or to ask again */
	size_t n;
	struct address addresses[RESOLVER_ADDRESSES];
};

struct resolver {
	struct name *names;
	size_t n;
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

void resolver_close(struct resolver *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n; i++) {
		struct question *q = r->names[i].question;

		if (r->names[i].asked &&
		    gai_cancel(&q->control) == EAI_NOTCANCELED &&
		    gai_error(&q->control) == EAI_INPROGRESS)
			continue; /* the library's thread still writes to it */
		question_close(q);
	}
	free(r->names);
	free(r);
}

int resolver_add(struct resolver *r, const char *name)
{
	struct question *q = calloc(1, sizeof(*q));
	struct name *grown = realloc(r->names, (r->n + 1) * sizeof(*r->names));

	if (grown != NULL)
		r->names = grown;
	if (q == NULL || grown == NULL || strlen(name) >= sizeof(q->name)) {
		free(q);
		return -1;
	}
	memcpy(q->name, name, strlen(name) + 1);
	q->hints.ai_socktype = SOCK_STREAM; /* each address once */
	q->control.ar_name = q->name;
	q->control.ar_request = &q->hints;
	memset(&r->names[r->n], 0, sizeof(r->names[r->n]));
	r->names[r->n++].question = q;
	return 0;
}

static void ask(struct name *name, int64_t boot)
{
	struct gaicb *list[1] = {&name->question->control};

	name->asked = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) == 0;
	name->due = boot + (name->asked ? 1 : RESOLVER_RETRY);
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

/* The answer of one name, if it is there. True when it changed anything. */
static bool collect(struct name *name, int64_t boot)
{
	struct gaicb *control = &name->question->control;
	struct address found[RESOLVER_ADDRESSES] = {{0}};
	int error = gai_error(control);
	size_t n = 0;
	bool changed;

	if (error == EAI_INPROGRESS) {
		name->due = boot + 1;
		return false;
	}
	name->asked = false;
	if (error == 0) {
		n = read_answer(control->ar_result, found);
		freeaddrinfo(control->ar_result);
	}
	control->ar_result = NULL;
	name->due = boot + (n > 0 ? RESOLVER_AGAIN : RESOLVER_RETRY);
	if (n == 0)
		return false; /* the last good answer stays */
	changed = n != name->n ||
		  memcmp(found, name->addresses, n * sizeof(found[0])) != 0;
	memcpy(name->addresses, found, sizeof(found));
	name->n = n;
	return changed;
}

bool resolver_turn(struct resolver *r, int64_t boot)
{
	bool changed = false;

	for (size_t i = 0; i < r->n; i++) {
		if (r->names[i].due > boot)
			continue;
		if (!r->names[i].asked)
			ask(&r->names[i], boot);
		else if (collect(&r->names[i], boot))
			changed = true;
	}
	return changed;
}

int64_t resolver_due(const struct resolver *r)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < r->n; i++)
		if (r->names[i].due < due)
			due = r->names[i].due;
	return due;
}

const char *resolver_overlaps(const struct resolver *r,
			      const struct address *inside)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->names[i].n; k++)
			if (address_contains(inside, &r->names[i].addresses[k]))
				return r->names[i].question->name;
	return NULL;
}
