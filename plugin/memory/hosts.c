/* hosts: see hosts.h. */
#include "hosts.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1 };

void hosts_drop(struct node *node)
{
	free(((struct hosts *)node)->host);
}

unsigned hosts_count(const struct hosts *h, int64_t since, uint64_t without,
		     bool excused)
{
	unsigned n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += h->host[i].at >= since && h->host[i].address != without &&
		     (excused || !h->host[i].excused);
	return n;
}

/* Where it is, or where it may be put; NULL when out of memory. */
static struct host *place_of(struct hosts *h, uint64_t address)
{
	struct host *oldest = h->host, *more;
	size_t size;

	for (size_t i = 0; i < h->n; i++) {
		if (h->host[i].address == address)
			return &h->host[i];
		if (h->host[i].at < oldest->at)
			oldest = &h->host[i];
	}
	if (h->n == MEMORY_HOSTS)
		return oldest;
	if (h->n == h->size) {
		size = h->size == 0 ? FIRST_SIZE : 2 * h->size;
		more = realloc(h->host, size * sizeof(h->host[0]));
		if (more == NULL)
			return NULL;
		h->host = more;
		h->size = size;
	}
	h->host[h->n] = (struct host){0, INT64_MIN, false};
	return &h->host[h->n++];
}

int hosts_note(struct hosts *h, uint64_t address, int64_t at, bool excused)
{
	struct host *host = place_of(h, address);

	if (host == NULL)
		return -1;
	if (host->address != address)
		*host = (struct host){address, at, excused};
	host->excused = host->excused && excused;
	if (at > host->at)
		host->at = at;
	return 0;
}

void hosts_correct(struct hosts *h, uint64_t address, int64_t at, bool excused)
{
	for (size_t i = 0; i < h->n; i++) {
		if (h->host[i].address != address)
			continue;
		if (at == INT64_MIN)
			h->host[i] = h->host[--h->n];
		else
			h->host[i] = (struct host){address, at, excused};
		return;
	}
}
