/*
 * echo: records that a server writes twice.
 *
 * Exim logs a refused login for its main log and for its reject log. In syslog
 * the two are the same record but for the severity, which no rule sees, and
 * come one after the other. So a record is remembered for ECHO_AGE seconds,
 * and the next one that is the same in tag and text is its echo; the one after
 * that is a record again. Whoever has switched the doubling off loses one of
 * two attempts of the same process, on the same name, within that time.
 *
 * Workers share the table, because the two may reach different ones.
 */
#include "echo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"

enum {
	ECHO_AGE = 2,    /* seconds by the time of arrival */
	ECHO_SLOTS = 64, /* power of 2; a newer record takes the slot */
	/* Bytes; a longer record has no echo. As much as joined pieces may
	 * have: memory that no record has filled costs nothing. */
	ECHO_TEXT = PIECES_TEXT
};

struct echo {
	int64_t arrived;
	size_t len; /* 0: free */
	char text[ECHO_TEXT];
};

struct echoes {
	pthread_mutex_t lock;
	struct echo slot[ECHO_SLOTS];
};

struct echoes *echoes_open(void)
{
	struct echoes *e = calloc(1, sizeof(*e));

	if (e != NULL && pthread_mutex_init(&e->lock, NULL) != 0) {
		free(e);
		return NULL;
	}
	return e;
}

void echoes_close(struct echoes *e)
{
	if (e == NULL)
		return;
	pthread_mutex_destroy(&e->lock);
	free(e);
}

static struct echo *slot_of(struct echoes *e, struct slice text)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
	return &e->slot[(hash ^ hash >> 16) & (ECHO_SLOTS - 1)];
}

bool echoes_match(struct echoes *e, struct logline *line)
{
	struct slice text;
	struct echo *slot;
	bool echo;

	if (line->text.len == 0 || line->text.len > ECHO_TEXT)
		return false;
	logline_need(line, LOGLINE_TEXT | LOGLINE_TIMES);
	text = line->text;
	slot = slot_of(e, text);
	pthread_mutex_lock(&e->lock);
	echo = slot->len == text.len && line->arrived >= slot->arrived &&
	       line->arrived - slot->arrived <= ECHO_AGE &&
	       memcmp(slot->text, text.at, text.len) == 0;
	slot->len = echo ? 0 : text.len;
	slot->arrived = line->arrived;
	if (!echo)
		memcpy(slot->text, text.at, text.len);
	pthread_mutex_unlock(&e->lock);
	return echo;
}
