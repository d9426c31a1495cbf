/*
 * geo: where an address is: its country, and the network operator (autonomous
 * system) that announces it, by files in MaxMind's format.
 *
 * libmaxminddb is loaded when the first one wants it; without it, and without
 * a file, everything else works. A file is read into memory of our own: one
 * that is overwritten in place, or cut, changes nothing until it is read
 * again. So each costs its size, 10 MB or so.
 *
 * Not for rsyslogd's worker threads: reading a file takes milliseconds. One
 * thread at a time.
 */
#ifndef SASLBAN_GEO_H
#define SASLBAN_GEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"

#define GEO_FILES 8             /* at once */
#define GEO_FILE_MAX (1L << 30) /* bytes of one */
#define GEO_NAME 128 /* of an operator, with NUL; longer ones are cut */

struct geo;

struct geo_place {
	char country[3]; /* two capital letters (ISO 3166); empty: unknown */
	uint32_t asn;    /* 0: unknown */
	char as_name[GEO_NAME]; /* text from outside; empty: unknown */
};

/* -1: there is no libmaxminddb. */
int geo_open(struct geo **out, struct fault *why);
void geo_close(struct geo *g); /* NULL: nothing */

/* One more file. -1: it cannot be read, is no such file, or there are too many.
 * If it is the first of these, it stays in the list of geo_renew. */
int geo_add(struct geo *g, const char *path, struct fault *why);

/* Has one of the files been replaced or changed since it was read, or come?
 * 0: no. 1: it was read again. -1: it cannot be read; what was read before goes
 * on, and it is tried when it has changed again. i counts from 0. */
size_t geo_files(const struct geo *g);
int geo_renew(struct geo *g, size_t i, struct fault *why);

/* False, and *out empty: no file knows the address, or g is NULL. Each of the
 * two is what the first file says that knows it. Of a network it is where its
 * first address is. */
bool geo_find(const struct geo *g, const struct address *a,
	      struct geo_place *out);

#endif
