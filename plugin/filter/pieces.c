/*
 * pieces: a line that its server has cut into several records.
 *
 * Exim cuts what it sends to syslog after each 870 bytes and at line feeds, and
 * numbers the pieces. The remote decides how long the text in front of the
 * address is, and so which piece has the address, which the verdict, and with a
 * long login name all that stands in one of them. So no piece but the first is
 * read on its own. What joins is only what must belong together: pieces of one
 * process of one host, in their order, one after the other, with nothing of
 * that process between them, within PIECE_AGE. A client whose pieces get
 * lost on the way could otherwise put one of his own in the place of another.
 *
 * Several workers may take records in any order, so nothing is joined while
 * there is more than one, and nothing that was begun outlives that.
 */
#include "pieces.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE_AGE = 2,     /* seconds between two pieces, by arrival */
	PIECES_SLOTS = 64, /* lines that are begun; the oldest makes room */
	PIECES_KEY = 256 + PIECES_TAG /* host name and tag */
};

struct begun {
	int64_t arrived; /* the last piece */
	unsigned next;   /* the number that is awaited; 0: free */
	unsigned of;
	size_t keylen;
	size_t len;
	char key[PIECES_KEY];
	char text[LOGLINE_MAX];
};

struct pieces {
	pthread_mutex_t lock;
	size_t bytes;
	atomic_uint workers;
	atomic_uint waiting; /* slots in use */
	struct begun slot[PIECES_SLOTS];
};

/* ---- one piece ---- */

static size_t number(struct slice s, size_t at, unsigned *out)
{
	size_t start = at;

	for (*out = 0;
	     at < s.len && at - start < 3 && s.at[at] >= '0' && s.at[at] <= '9';
	     at++)
		*out = *out * 10 + (unsigned)(s.at[at] - '0');
	return at;
}

bool piece_read(struct slice msg, struct piece *out)
{
	size_t at;
	char cut;

	if (msg.len < 6 || msg.at[0] != '[')
		return false;
	at = number(msg, 1, &out->number);
	if (at >= msg.len || (msg.at[at] != '/' && msg.at[at] != '\\'))
		return false;
	cut = msg.at[at];
	at = number(msg, at + 1, &out->of);
	/* The blank may be lost where nothing stands behind it. */
	if (at >= msg.len || msg.at[at] != ']' ||
	    (at + 1 < msg.len && msg.at[at + 1] != ' '))
		return false;
	at += at + 1 < msg.len ? 2 : 1;
	if (out->of < 2 || out->of > PIECES_MAX || out->number < 1 ||
	    out->number > out->of)
		return false;
	out->last = cut == '\\' || out->number == out->of;
	out->text = (struct slice){msg.at + at, msg.len - at};
	return true;
}

/* ---- those that were begun ---- */

struct pieces *pieces_open(size_t bytes)
{
	struct pieces *p = calloc(1, sizeof(*p));

	if (p != NULL && pthread_mutex_init(&p->lock, NULL) != 0) {
		free(p);
		return NULL;
	}
	if (p != NULL)
		p->bytes = bytes;
	return p;
}

void pieces_close(struct pieces *p)
{
	if (p == NULL)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static void release(struct pieces *p, struct begun *b)
{
	b->next = 0;
	atomic_fetch_sub_explicit(&p->waiting, 1, memory_order_relaxed);
}

static void release_all(struct pieces *p)
{
	for (size_t i = 0; i < PIECES_SLOTS; i++)
		if (p->slot[i].next != 0)
			release(p, &p->slot[i]);
}

void pieces_enter(struct pieces *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	atomic_fetch_add(&p->workers, 1);
	release_all(p);
	pthread_mutex_unlock(&p->lock);
}

void pieces_leave(struct pieces *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	atomic_fetch_sub(&p->workers, 1);
	release_all(p);
	pthread_mutex_unlock(&p->lock);
}

/* `exim[123]`, with or without a colon. */
static bool has_pid(struct slice tag)
{
	size_t end = tag.len, digits;

	if (end > 0 && tag.at[end - 1] == ':')
		end--;
	if (end == 0 || tag.at[--end] != ']')
		return false;
	for (digits = end; digits > 0 && tag.at[digits - 1] >= '0' &&
			   tag.at[digits - 1] <= '9';
	     digits--)
		;
	return digits < end && digits > 1 && tag.at[digits - 1] == '[';
}

bool pieces_joinable(struct pieces *p, struct logline *line)
{
	if (line->tag.len > PIECES_TAG || !has_pid(line->tag) ||
	    atomic_load(&p->workers) > 1)
		return false;
	logline_need(line, LOGLINE_HOST | LOGLINE_TIMES | LOGLINE_ORIGIN);
	return !line->foreign &&
	       line->host.len + 1 + line->tag.len <= PIECES_KEY;
}

/* Host name, a blank and the tag: neither has one in it. */
static size_t make_key(const struct logline *line, char key[PIECES_KEY])
{
	size_t n = line->host.len;

	if (n > 0)
		memcpy(key, line->host.at, n);
	key[n++] = ' ';
	memcpy(key + n, line->tag.at, line->tag.len);
	return n + line->tag.len;
}

/* The slot of the line's process; NULL when it has none. Frees the slots of
 * those that waited for too long. */
static struct begun *find(struct pieces *p, const struct logline *line)
{
	struct begun *found = NULL;
	char key[PIECES_KEY];
	size_t n = make_key(line, key);

	for (size_t i = 0; i < PIECES_SLOTS; i++) {
		struct begun *b = &p->slot[i];

		if (b->next == 0)
			continue;
		if (line->arrived < b->arrived ||
		    line->arrived - b->arrived > PIECE_AGE)
			release(p, b);
		else if (b->keylen == n && memcmp(b->key, key, n) == 0)
			found = b;
	}
	return found;
}

static struct begun *take(struct pieces *p)
{
	struct begun *oldest = p->slot;

	for (size_t i = 0; i < PIECES_SLOTS; i++) {
		if (p->slot[i].next == 0) {
			oldest = &p->slot[i];
			break;
		}
		if (p->slot[i].arrived < oldest->arrived)
			oldest = &p->slot[i];
	}
	if (oldest->next == 0)
		atomic_fetch_add_explicit(&p->waiting, 1, memory_order_relaxed);
	return oldest;
}

/* Blanks at the end of a record may be lost on the way, as in the journal. Of
 * a piece that is not the last, the length is known. */
static void append(const struct pieces *p, struct begun *b,
		   const struct piece *piece)
{
	size_t n = piece->text.len, left = sizeof(b->text) - b->len;

	if (n > left)
		n = left;
	if (n > 0)
		memcpy(b->text + b->len, piece->text.at, n);
	b->len += n;
	for (; !piece->last && n < p->bytes && b->len < sizeof(b->text); n++)
		b->text[b->len++] = ' ';
}

void pieces_begin(struct pieces *p, struct logline *line,
		  const struct piece *piece)
{
	struct begun *b;

	pthread_mutex_lock(&p->lock);
	b = find(p, line);
	if (b == NULL)
		b = take(p);
	b->arrived = line->arrived;
	b->next = 2;
	b->of = piece->of;
	b->keylen = make_key(line, b->key);
	b->len = 0;
	append(p, b, piece);
	pthread_mutex_unlock(&p->lock);
}

/* The line with another text. */
static void replace(const struct begun *b, const struct logline *line,
		    char buf[PIECES_TEXT], struct logline *whole)
{
	size_t tag = line->tag.len;

	memcpy(buf, line->tag.at, tag);
	buf[tag] = ' ';
	memcpy(buf + tag + 1, b->text, b->len);
	*whole = *line;
	whole->tag = (struct slice){buf, tag};
	whole->msg = (struct slice){buf + tag + 1, b->len};
	whole->text = (struct slice){buf, tag + 1 + b->len};
	whole->lacks &= ~(unsigned)(LOGLINE_MSG | LOGLINE_TEXT);
}

bool pieces_add(struct pieces *p, struct logline *line,
		const struct piece *piece, char buf[PIECES_TEXT],
		struct logline *whole)
{
	bool complete = false;
	struct begun *b;

	if (atomic_load_explicit(&p->waiting, memory_order_relaxed) == 0)
		return false;
	pthread_mutex_lock(&p->lock);
	b = find(p, line);
	if (b != NULL && (b->next != piece->number || b->of != piece->of)) {
		release(p, b);
		b = NULL;
	}
	if (b != NULL) {
		append(p, b, piece);
		b->arrived = line->arrived;
		b->next++;
		complete = piece->last;
	}
	if (complete) {
		replace(b, line, buf, whole);
		release(p, b);
	}
	pthread_mutex_unlock(&p->lock);
	return complete;
}

void pieces_drop(struct pieces *p, struct logline *line)
{
	struct begun *b;

	if (atomic_load_explicit(&p->waiting, memory_order_relaxed) == 0 ||
	    !pieces_joinable(p, line))
		return;
	pthread_mutex_lock(&p->lock);
	b = find(p, line);
	if (b != NULL)
		release(p, b);
	pthread_mutex_unlock(&p->lock);
}
