/*
 * pieces: a line that its server has cut into several records.
 *
 * Shared by all workers, behind a lock of its own.
 */
#ifndef SASLBAN_FILTER_PIECES_H
#define SASLBAN_FILTER_PIECES_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/logline.h"

struct pieces;

enum {
	PIECES_MAX = 99,  /* of one line */
	PIECES_TAG = 128, /* bytes of a tag that is joined */
	PIECES_TEXT = LOGLINE_MAX + PIECES_TAG + 1 /* a joined line, with it */
};

/* `[2/3] TEXT`: the second of three. A backslash in the place of the slash
 * says that a line feed stood behind it. */
struct piece {
	unsigned number, of;
	bool last; /* the line ends with it; what follows is another one */
	struct slice text; /* without the mark; borrowed */
};

/* False when the message is no piece. */
bool piece_read(struct slice msg, struct piece *out);

/* bytes: so many has each piece but the last. NULL when out of memory. */
struct pieces *pieces_open(size_t bytes);
void pieces_close(struct pieces *p);

/* A worker comes, or goes. p may be NULL. */
void pieces_enter(struct pieces *p);
void pieces_leave(struct pieces *p);

/* May pieces of the line's program be joined? Not when the tag does not tell
 * one process from another, nor while there are several workers. */
bool pieces_joinable(struct pieces *p, struct logline *line);

/* The first piece of a joinable line that goes on. */
void pieces_begin(struct pieces *p, struct logline *line,
		  const struct piece *piece);

/* Another piece. True when it completes a line: then *whole is that line, its
 * text in buf. */
bool pieces_add(struct pieces *p, struct logline *line,
		const struct piece *piece, char buf[PIECES_TEXT],
		struct logline *whole);

/* The process has begun another line: no more pieces of the last one come. */
void pieces_drop(struct pieces *p, struct logline *line);

#endif
