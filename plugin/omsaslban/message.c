/*
 * message: see message.h.
 *
 * What the functions do, as of 8.2302: getTAG, getMSG and getHOSTNAME give
 * pointers into the message, and take no lock if what they give is there.
 */
#include "message.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"

/* It begins with a blank, as the names of rsyslog's own templates do, so that
 * no template of a configuration has the same. */
static const char arrival_name[] = " SaslbanArrival";
static const char arrival_text[] = "\"%timegenerated:::date-unixtimestamp%\"";

struct template *message_arrival(rsconf_t *conf)
{
	char text[sizeof(arrival_text)];
	uchar *at = (uchar *)text;

	memcpy(text, arrival_text, sizeof(text));
	return tplAddLine(conf, arrival_name, &at);
}

/*
 * The tag of an RFC 5424 message is created when it is first asked for, and
 * getTAG checks that without the lock, while the worker of another action's
 * queue may be creating it. getProgramName locks, and creates the tag if need
 * be; after it the tag is there. It costs as much as all the rest here; other
 * messages have their tag from the parser.
 */
static bool tag_may_be_missing(smsg_t *msg)
{
	msgPropDescr_t property = {.id = PROP_PROTOCOL_VERSION};
	unsigned short must_free = 0;
	rs_size_t len = 0;
	const uchar *text =
		MsgGetProp(msg, NULL, &property, &len, &must_free, NULL);

	return *text != '0';
}

static struct slice tag_of(smsg_t *msg)
{
	uchar *at = NULL;
	int len = 0;

	if (tag_may_be_missing(msg))
		(void)getProgramName(msg, LOCK_MUTEX);
	getTAG(msg, &at, &len, LOCK_MUTEX);
	return (struct slice){(const char *)at, len > 0 ? (size_t)len : 0};
}

static struct slice text_of(smsg_t *msg)
{
	int len = getMSGLen(msg);

	return (struct slice){(const char *)getMSG(msg),
			      len > 0 ? (size_t)len : 0};
}

static int64_t seconds(const char *text)
{
	return strtoll(text, NULL, 10);
}

static void fetch_times(struct message *m, struct logline *line)
{
	line->reported = seconds(getTimeReported(m->msg, tplFmtUnixDate));
	line->arrived = line->reported;
	if (tplToString(m->arrival, m->msg, &m->buffer, NULL) == RS_RET_OK)
		line->arrived = seconds((const char *)m->buffer.param);
}

/* Tag and text as they are, or in one piece if the tag has a blank in it. */
static void fetch_msg(struct message *m, struct logline *line)
{
	struct slice tag = line->tag, text = text_of(m->msg);

	if (logline_place(line, tag, text))
		return;
	logline_cut(line, m->text, logline_join(tag, text, m->text));
	line->lacks &= ~(unsigned)LOGLINE_TEXT;
}

static void fetch_text(struct message *m, struct logline *line)
{
	line->text.len = logline_join(line->tag, text_of(m->msg), m->text);
	line->text.at = m->text;
}

static void fetch_host(struct message *m, struct logline *line)
{
	line->host.at = getHOSTNAME(m->msg);
	line->host.len = strlen(line->host.at);
}

/* journald takes the blanks off both ends of what a program logs. */
static void fetch_input(struct message *m, struct logline *line)
{
	msgPropDescr_t property = {.id = PROP_INPUTNAME};
	unsigned short must_free = 0;
	rs_size_t len = 0;
	uchar *name =
		MsgGetProp(m->msg, NULL, &property, &len, &must_free, NULL);

	line->stripped = strcmp((const char *)name, "imjournal") == 0;
	if (must_free)
		free(name);
}

/* Several of the filters' lines may be made of one message. */
static void fetch_origin(struct message *m, struct logline *line)
{
	if (!m->asked)
		m->foreign = origin_foreign(m->origin, m->msg, m->tag);
	m->asked = true;
	line->foreign = m->foreign;
}

static void fetch(void *source, struct logline *line, unsigned fields)
{
	int cancel;

	if ((fields & LOGLINE_MSG) != 0)
		fetch_msg(source, line);
	if ((fields & line->lacks & LOGLINE_TEXT) != 0)
		fetch_text(source, line);
	if ((fields & LOGLINE_INPUT) != 0)
		fetch_input(source, line);
	if ((fields & (LOGLINE_HOST | LOGLINE_TIMES | LOGLINE_ORIGIN)) == 0)
		return;
	/* A name may have to be looked up. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	if ((fields & LOGLINE_HOST) != 0)
		fetch_host(source, line);
	if ((fields & LOGLINE_TIMES) != 0)
		fetch_times(source, line);
	if ((fields & LOGLINE_ORIGIN) != 0)
		fetch_origin(source, line);
	pthread_setcancelstate(cancel, NULL);
}

void message_read(struct message *m, smsg_t *msg, struct logline *line)
{
	m->msg = msg;
	m->tag = line->tag = tag_of(msg);
	m->asked = m->foreign = line->foreign = false;
	line->lacks = LOGLINE_ALL | LOGLINE_INPUT;
	line->stripped = false;
	if (m->origin != NULL)
		line->lacks |= LOGLINE_ORIGIN;
	line->fetch = fetch;
	line->source = m;
}

bool message_own(const struct message *m)
{
	size_t len = sizeof(FEED_TAG) - 1;

	return m->tag.len == len && memcmp(m->tag.at, FEED_TAG, len) == 0;
}

void message_drop(struct message *m)
{
	free(m->buffer.param);
}
